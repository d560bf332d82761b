"""Goals that come as factors: two matrices whose product is the score (design, part 6).

The last bits of a matrix product depend on the machine and its number of threads. The product is therefore a
filter: it comes with a proven bound of its error, and the exactly rounded sum of one pair's terms is
the definition.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["Factors"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]

EPSILON = float(np.finfo(np.float64).eps)


class Factors:
    """The factors of one goal over one cohort.

    Parameters
    ----------
    goal
        A goal with ``factors(cohort)``: dense or sparse matrices with one row per mentor and one per
        mentee, in the order of the tables. A row that holds NaN belongs to a person who lacks data.
    cohort
        The cohort.
    """

    def __init__(self, goal: Any, cohort: Cohort) -> None:
        left, right = goal.factors(cohort)
        self._left, self._left_lacks = _known(left)
        self._right, self._right_lacks = _known(right)

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentors and mentees the factors describe."""
        return self._left.shape[0], self._right.shape[0]

    @property
    def width(self) -> int:
        """Columns of both matrices."""
        return int(self._left.shape[1])

    @property
    def known(self) -> tuple[Floats, Floats]:
        """Both matrices, dense, with 0 for whoever lacks data."""
        sides = []
        for matrix, lacks in ((self._left, self._left_lacks), (self._right, self._right_lacks)):
            dense = matrix.toarray() if hasattr(matrix, "toarray") else matrix
            sides.append(np.where(lacks[:, None], 0.0, dense))
        return sides[0], sides[1]

    @property
    def lacking(self) -> tuple[Bools, Bools]:
        """Who lacks data."""
        return self._left_lacks, self._right_lacks

    def product(self, mentors: Rows, mentees: Rows) -> tuple[Floats, float]:
        """Scores of a rectangle of pairs, NaN where data lack, and the most that any can be wrong by."""
        left, right = self._left[mentors], self._right[mentees]
        product = left @ right.T
        scores: Floats = product.toarray() if hasattr(product, "toarray") else np.asarray(product)
        # |fl(x·y) - x·y| <= k eps |x||y| for a sum of k terms in any order, fused or not.
        error = (left.shape[1] + 1) * EPSILON * _longest(left) * _longest(right)
        scores[self._left_lacks[mentors], :] = np.nan
        scores[:, self._right_lacks[mentees]] = np.nan
        return scores, error

    def products(self, mentors: Rows, mentees: Rows) -> tuple[Floats, float]:
        """The same of a list of pairs, as a column."""
        left, right = self._left[mentors], self._right[mentees]
        sparse, other = (left, right) if hasattr(left, "tocsr") else (right, left)
        products = sparse.multiply(other) if hasattr(sparse, "tocsr") else sparse * other
        scores: Floats = np.asarray(products.sum(axis=1), np.float64).reshape(-1, 1)
        error = (left.shape[1] + 1) * EPSILON * _longest(left) * _longest(right)
        scores[self._left_lacks[mentors] | self._right_lacks[mentees]] = np.nan
        return scores, error

    def pair(self, mentor: int, mentee: int) -> float | None:
        """The score of one pair: the exactly rounded sum of its terms, or None where data lack."""
        if self._left_lacks[mentor] or self._right_lacks[mentee]:
            return None
        factors = zip(_row(self._left, mentor), _row(self._right, mentee), strict=True)
        terms = [a * b for a, b in factors]
        score = math.fsum(terms)
        # Each term was rounded: that alone may lift a perfect score above 1, or a zero below 0.
        error = EPSILON * math.fsum(map(abs, terms))
        nearest = min(1.0, max(0.0, score))
        return nearest if abs(score - nearest) <= error else score


def _known(matrix: Any) -> tuple[Any, Bools]:
    """A matrix in float64 with NaN replaced by 0, and which of its rows held NaN."""
    if hasattr(matrix, "tocsr"):
        known = matrix.tocsr().astype(np.float64, copy=True)
        lacks = np.zeros(known.shape[0], np.bool_)
        lacks[np.repeat(np.arange(len(lacks)), np.diff(known.indptr))[np.isnan(known.data)]] = True
        known.data[np.isnan(known.data)] = 0.0
        return known, lacks
    dense = np.array(matrix, dtype=np.float64)
    lacks = np.asarray(np.isnan(dense).any(axis=1))
    dense[np.isnan(dense)] = 0.0
    return dense, lacks


def _longest(matrix: Any) -> float:
    """The length of a matrix's longest row."""
    squares = matrix.multiply(matrix) if hasattr(matrix, "tocsr") else matrix * matrix
    sums = np.asarray(squares.sum(axis=1))
    return math.sqrt(float(sums.max())) if sums.size else 0.0


def _row(matrix: Any, row: int) -> list[float]:
    line = matrix[[row]]
    dense = line.toarray() if hasattr(line, "toarray") else line
    values: list[float] = dense[0].tolist()
    return values
