"""What the goals' forms have in common (see :mod:`pairmatch.forms`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Whole

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Cohort

__all__ = [
    "ADDED",
    "Features",
    "constant",
    "dense",
    "divisor",
    "exceptions",
    "in_strips",
    "instead_of",
    "instead_of_neither",
    "nothing",
    "on_both_sides",
    "slack",
    "stacked",
]

Features = tuple[Whole, Whole]
"""Mentors' and mentees' whole numbers, whose products are units."""

ADDED = 0.1
"""Units that adding a curve's fractions to a weight can round away: half a step of float32 below 2**20."""

MOST_LISTED = 50
"""Pairs that are told one by one, for each person of both sides."""

STRIP = 1 << 18
"""Pairs that a curve works on at a time: a megabyte for each array, near the processor."""


def slack(scale: float, most: int) -> float:
    """Most units between a contribution and the score times ``scale``: it was rounded once, and capped."""
    return max(0.5, scale - most) + 1e-3


def nothing(cohort: Cohort) -> Features:
    """No features."""
    return np.empty((len(cohort.mentors), 0), np.float32), np.empty((len(cohort.mentees), 0), np.float32)


def stacked(parts: Sequence[Features]) -> Features:
    """Features side by side: their products add up."""
    return np.hstack([part[0] for part in parts]), np.hstack([part[1] for part in parts])


def constant(cohort: Cohort, units: float) -> Features:
    """The same units for every pair; no feature for 0."""
    if not units:
        return nothing(cohort)
    return (
        np.ones((len(cohort.mentors), 1), np.float32),
        np.full((len(cohort.mentees), 1), units, np.float32),
    )


def instead_of(mentors: NDArray[np.bool_], mentees: NDArray[np.bool_], instead: int) -> Features:
    """What counts unless mentor and mentee both have data; no feature where that is nothing."""
    ours, theirs = mentors.astype(np.float32)[:, None], mentees.astype(np.float32)[:, None]
    units = np.float32(instead)
    if not instead or (mentors.all() and mentees.all()):
        return ours[:, :0], theirs[:, :0]
    if mentors.all():
        return ours, units * (1 - theirs)
    if mentees.all():
        return 1 - ours, units * theirs
    one = np.ones_like(ours), np.full_like(theirs, units)
    return stacked([one, (-ours, units * theirs)])


def instead_of_neither(mentors: NDArray[np.bool_], mentees: NDArray[np.bool_], instead: int) -> Features:
    """What counts where neither has data; no feature where that is nothing."""
    ours, theirs = (~side.astype(np.bool_)[:, None] for side in (mentors, mentees))
    if not (instead and ours.any() and theirs.any()):
        return np.empty((len(ours), 0), np.float32), np.empty((len(theirs), 0), np.float32)
    return ours.astype(np.float32), theirs.astype(np.float32) * np.float32(instead)


def exceptions(cohort: Cohort, pairs: csr_array[Any]) -> NDArray[np.int64] | None:
    """The pairs of a sparse matrix, as rows of the tables; None where they are too many for a list."""
    if pairs.nnz > MOST_LISTED * sum(cohort.shape):
        return None
    found = pairs.tocoo()
    return np.stack([found.row, found.col], axis=1).astype(np.int64)


def on_both_sides(mentors: csr_array[Any], mentees: csr_array[Any]) -> NDArray[np.intp]:
    """Columns in which both matrices have something."""
    width = mentors.shape[1]
    there = [np.bincount(side.indices, minlength=width) > 0 for side in (mentors, mentees)]
    return np.flatnonzero(there[0] & there[1])


def dense(matrix: csr_array[Any], columns: NDArray[np.intp], kind: type[np.number[Any]]) -> NDArray[Any]:
    """Some columns of a sparse matrix of whole numbers."""
    part = matrix[:, columns]
    found: NDArray[Any] = part.astype(kind).toarray()
    return found


def divisor(*numbers: NDArray[np.float64]) -> int:
    """The largest whole number that divides all of these whole numbers."""
    common = 0
    for some in numbers:
        common = int(np.gcd.reduce(np.unique(some).astype(np.int64), initial=common))
    return max(1, common)


def in_strips(rows: slice, out: Whole) -> Iterator[tuple[slice, Whole]]:
    """A block cut into strips of rows that stay near the processor."""
    height = max(1, STRIP // max(1, out.shape[1]))
    for start in range(rows.start, rows.stop, height):
        stop = min(start + height, rows.stop)
        yield slice(start, stop), out[start - rows.start : stop - rows.start]
