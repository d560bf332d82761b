"""Which figures about groups are withheld, so that nobody can be told from them (law §12).

A figure under five is withheld, and so is one that leaves fewer than five out. Of those that are told, as
many more are withheld as it takes that no withheld one can be worked out by adding and subtracting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.grouping import FEWEST
from pairmatch.problem import Ints

__all__ = ["FEWEST", "Figure", "is_small", "withheld"]

CLOSE = 1e-7
"""Relative distance below which a figure counts as worked out; others are further apart."""


@dataclass(frozen=True)
class Figure:
    """Who is counted in one group.

    Attributes
    ----------
    applicants, count
        What each mentor, then each mentee, then each pair adds to the figure; 0 for who is not counted.
        All figures of one matching have the same people and pairs.
    """

    applicants: Ints
    count: Ints


def withheld(
    figures: Sequence[Figure],
    wholes: Sequence[Figure],
    protected: NDArray[np.bool_],
    untold: Sequence[Figure] = (),
    out: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Which figures are withheld.

    Parameters
    ----------
    figures
        All that would be told.
    wholes
        For each of them, all who could be counted in it: these numbers are known.
    protected
        Which of them may be withheld: those about sensitive, special or confidential fields.
    untold
        Figures about such fields that stand nowhere, and that nobody should be able to work out either.
    out
        Which of them are withheld in any case, for another reason; None for none.
    """
    hidden = np.zeros(len(figures), bool) if out is None else out.copy()
    if not protected.any():
        return hidden
    small = [one for one in untold if is_small(one)]
    for name in ("applicants", "count"):
        sizes, most = (
            np.array([int(getattr(one, name).sum()) for one in some]) for some in (figures, wholes)
        )
        hidden |= protected & (most > 0) & ((sizes < FEWEST) | (most - sizes < FEWEST))
    sums = _Sums(figures, wholes, small)
    while (more := _revealing(sums, hidden, protected)) is not None:
        hidden[more] = True
    return hidden


def is_small(figure: Figure) -> bool:
    """Whether there is somebody of a group, and fewer than five who applied, or who have a pair."""
    if not figure.applicants.any():
        return 0 < int(figure.count.sum()) < FEWEST
    return min(int(figure.applicants.sum()), int(figure.count.sum())) < FEWEST


def _sizes(name: str, figures: Sequence[Figure]) -> Ints:
    return np.array([int(getattr(one, name).sum()) for one in figures], np.int64)


class _Sums:
    """Which figures are sums and differences of others, told by who belongs to the groups."""

    def __init__(self, figures: Sequence[Figure], wholes: Sequence[Figure], untold: Sequence[Figure]) -> None:
        # Those without a pair belong to groups too: that nobody of a group has one is not to be told.
        groups, most = (
            np.stack([np.maximum(one.applicants, one.count) for one in some]).astype(np.float64)
            for some in ((*figures, *untold), wholes)
        )
        self.size = groups.sum(axis=1)
        self.untold = np.arange(len(figures), len(groups))
        known = np.unique(most, axis=0)
        self._known = np.arange(len(groups), len(groups) + len(known))
        both = np.concatenate([groups, known])
        self._products = both @ both.T

    def helping(self, hidden: NDArray[np.bool_]) -> Iterator[list[int]]:
        """For each figure that can be worked out though it should not be, the told ones that it takes."""
        n = len(hidden)
        secret = np.concatenate([np.flatnonzero(hidden), self.untold])
        basis = np.concatenate([np.flatnonzero(~hidden), self._known])
        products, own = self._products[np.ix_(basis, basis)], self._products[np.ix_(basis, secret)]
        times = _times(products, own)
        size = self._products[secret, secret]
        distance = size - 2 * (times * own).sum(axis=0) + (times * (products @ times)).sum(axis=0)
        for place in np.flatnonzero(distance <= CLOSE * np.maximum(1.0, size)).tolist():
            used = zip(basis.tolist(), times[:, place].tolist(), strict=True)
            yield [place for place, many in used if place < n and abs(many) > CLOSE]


def _times(products: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    """How often each told figure is taken to come nearest to each secret one, by least squares."""
    values, vectors = np.linalg.eigh(products)
    kept = values > np.finfo(np.float64).eps * len(values) * values.max(initial=0.0)
    vectors = vectors[:, kept]
    times: NDArray[np.float64] = vectors @ ((vectors.T @ own) / values[kept, None])
    return times


def _revealing(sums: _Sums, hidden: NDArray[np.bool_], protected: NDArray[np.bool_]) -> int | None:
    """The smallest told figure that helps to work out a withheld one; None where none can be."""
    for helping in sums.helping(hidden):
        # What is told of ordinary fields stays told.
        able = [place for place in helping if protected[place]]
        if able:
            return min(able, key=lambda place: (float(sums.size[place]), place))
    return None
