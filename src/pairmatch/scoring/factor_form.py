"""The form of a goal that comes as factors: both matrices in whole numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Form, Whole
from pairmatch.goals.forming import instead_of, slack, stacked
from pairmatch.scoring.factors import Factors
from pairmatch.scoring.shares import Share

__all__ = ["factor_form"]

WIDEST = 1024
"""Factors with more columns are scored block by block: features would take too much memory."""

COUNTS = 100
"""A column whose numbers are so few times the smallest one is told exactly."""

LARGEST = 2
"""Products whose terms grow to more than so many times the share, and cancel out, leave too few digits."""

Floats = NDArray[np.float64]


def factor_form(factors: Factors, share: Share, instead: int) -> Form | None:
    """The form; None where the factors are too wide, or too large beside their products.

    Notes
    -----
    Each column ``k`` has two scales whose product is the share's: ``l = rint(a_k x)`` and
    ``r = rint(b_k y)`` with ``a_k b_k = scale``. Then ``|l r - scale x y|`` is at most
    ``|l - a_k x| |b_k y| + |l| |r - b_k y|``, and the sums of both over the columns are bounded by the
    largest of any mentee and of any mentor. Where one side's numbers are small multiples of one number, they
    become these multiples, and only the other side rounds; else both sides get equally large numbers.
    """
    if factors.width > WIDEST:
        return None
    left, right = factors.known
    ours, theirs = _scales(left, right, share.scale)
    exact = left * ours, right * theirs
    whole: tuple[Whole, Whole] = np.rint(exact[0]).astype(np.float32), np.rint(exact[1]).astype(np.float32)
    sizes = [np.abs(side).max(axis=0, initial=0.0).astype(np.float64) for side in whole]
    if min(_longest(whole[0], sizes[1]), _longest(whole[1], sizes[0]), _norms(*whole)) > LARGEST * share.most:
        return None
    off = [np.abs(side - made).max(axis=0, initial=0.0) for side, made in zip(exact, whole, strict=True)]
    error = _longest(exact[1], off[0]) + _longest(whole[0], off[1]) + slack(share.scale, share.most)
    lacks = factors.lacking
    features = stacked([whole, instead_of(~lacks[0], ~lacks[1], instead)])
    return Form(*features, error + 0.01)


def _longest(people: NDArray[Any], columns: Floats) -> float:
    """The largest sum of a row's sizes, each times its column's number."""
    return float((np.abs(people) @ columns).max(initial=0.0))


def _norms(left: Whole, right: Whole) -> float:
    """No sum of a pair's sizes is larger than the product of the longest rows."""
    squares = ((side.astype(np.float64) ** 2).sum(axis=1).max(initial=0.0) for side in (left, right))
    return math.sqrt(math.prod(squares))


def _scales(left: Floats, right: Floats, scale: float) -> tuple[Floats, Floats]:
    """What each column of both sides is multiplied by."""
    ours = np.array([_scale(left[:, k], right[:, k], scale) for k in range(left.shape[1])], np.float64)
    return ours, scale / ours


def _scale(left: Floats, right: Floats, scale: float) -> float:
    mine, other = _unit(left), _unit(right)
    if mine:
        return 1.0 / mine
    if other:
        return scale * other
    largest = np.abs(left).max(initial=0.0), np.abs(right).max(initial=0.0)
    return math.sqrt(scale * largest[1] / largest[0])


def _unit(column: Floats) -> float | None:
    """The smallest number of a column, if all are small multiples of it; 1 where there is none."""
    numbers = np.unique(np.abs(column[column != 0]))
    if not len(numbers):
        return 1.0
    times = numbers / numbers[0]
    few = times[-1] <= COUNTS and np.abs(times - np.rint(times)).max() < 1e-9
    return float(numbers[0]) if few else None
