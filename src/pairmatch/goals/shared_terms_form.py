"""The form of a goal over shared terms: two products, and what the score makes of them.

With what the shared and near terms are worth in all, ``c``, and what the side with more left over has
left, ``u``, the score is ``sqrt(c / (c + 2 u))``. Let A be what the other side covers of ours, B what we
cover of theirs, and O and T what both lists are worth. Then ``c = A + B`` and ``c + 2 u`` is the larger of
``2 O - (A - B)`` and ``2 T + (A - B)``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import EXACT, Curve, Form, Positions, Whole, Work
from pairmatch.goals.forming import ADDED, dense, divisor, in_strips, instead_of, on_both_sides, slack

if TYPE_CHECKING:
    from pairmatch.goals.shared_terms import Sums

__all__ = ["shared_terms_form"]

Whole16 = NDArray[np.int16]

HIGHEST = 32767
"""The largest whole number that a rarity is rounded to."""

STEEPEST = 1 / math.sqrt(27)
"""The steepest that the score is over the logarithm of ``c / (2 u)``."""

TOO_FAR = 0.25
"""Rounded rarities that are further from the true ones, relatively, are of no use."""

ROUNDING = 8 * float(np.finfo(np.float32).eps)
"""What the elementwise steps can do to a score in [0, 1]."""


def shared_terms_form(sums: Sums, scale: float, most: int, instead: int) -> Form | None:
    """The form, from the goal's matrices; None where its learnt rarities cannot be told in so few digits.

    Notes
    -----
    Rarities become whole numbers of at most 15 bits, each within a relative ``r`` of the true one; nearness
    is divided by what divides it everywhere. ``c`` and ``u`` are sums of rarities times something that is
    not negative, so each is within ``r`` too, and ``t = c / (2 u)`` within a factor of
    ``(1 + r) / (1 - r)``. The score is ``sqrt(t / (1 + t))``, whose derivative by ``log t`` is
    ``sqrt(q) (1 - q) / 2`` with ``q`` the squared score: at most ``1 / sqrt(27)``, where ``q`` is a third.
    """
    if min(sums.mentors_weighed.data.min(initial=0.0), sums.mentees_weighed.data.min(initial=0.0)) < 0:
        return None
    grid = divisor(sums.mentors.data, sums.mentees.data)
    step = _step(sums, grid)
    ours, theirs = (_rounded(side.data, step) for side in (sums.mentors_weighed, sums.mentees_weighed))
    apart = max(
        _apart(sums.mentors_weighed.data, ours, step), _apart(sums.mentees_weighed.data, theirs, step)
    )
    if apart >= TOO_FAR:
        return None
    bound = STEEPEST * math.log((1 + apart) / (1 - apart))
    left, right = instead_of(sums.ours > 0, sums.theirs > 0, instead)
    curve = _curve(sums, ours, theirs, grid, scale)
    return Form(left, right, (bound + ROUNDING) * scale + ADDED + slack(scale, most), (curve,))


def _step(sums: Sums, grid: int) -> float:
    """Rarity that counts 1: as little as whole numbers of 15 bits and exact products allow, at least 1."""
    rarest = max(sums.mentors_weighed.data.max(initial=0.0), sums.mentees_weighed.data.max(initial=0.0))
    heaviest = max(sums.ours.max(initial=0.0), sums.theirs.max(initial=0.0)) * sums.scale / grid
    # A sum may be rounded up by half a step for each term: twice as much is left.
    return max(1.0, float(rarest) / HIGHEST, float(heaviest) / (EXACT / 4))


def _rounded(rarity: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Whole numbers, at least 1 for what is above 0."""
    return np.where(rarity > 0, np.maximum(np.rint(rarity / step), 1.0), 0.0)


def _apart(rarity: NDArray[np.float64], rounded: NDArray[np.float64], step: float) -> float:
    """The largest relative difference, well below 1."""
    known = rarity > 0
    return float(np.abs(rounded[known] * step / rarity[known] - 1.0).max(initial=0.0))


def _curve(
    sums: Sums, ours: NDArray[np.float64], theirs: NDArray[np.float64], grid: int, scale: float
) -> Curve:
    mentors, mentees = _with(sums.mentors_weighed, ours), _with(sums.mentees_weighed, theirs)
    near_mentors, near_mentees = (_with(side, side.data / grid) for side in (sums.mentors, sums.mentees))
    whole = np.float64(sums.scale / grid)
    totals = [np.maximum(np.asarray(side.sum(axis=1)) * whole, 1.0) for side in (mentors, mentees)]
    if not sums.near:
        terms = on_both_sides(mentors, near_mentees)
        most = [(scale / np.sqrt(total)).astype(np.float32) for total in totals]
        return Shared(_across(mentors, terms), _across(near_mentees, terms), most[0], most[1])
    first, second = on_both_sides(mentors, near_mentees), on_both_sides(near_mentors, mentees)
    return Near(
        ours=_across(mentors, first),
        near_theirs=_across(near_mentees, first),
        near_ours=_across(near_mentors, second),
        theirs=_across(mentees, second),
        twice_ours=(2 * totals[0]).astype(np.float32),
        twice_theirs=(2 * totals[1]).astype(np.float32),
        scale=np.float32(scale),
    )


def _across(matrix: Any, terms: NDArray[np.intp]) -> Whole16:
    """Terms × people."""
    return np.ascontiguousarray(dense(matrix, terms, np.int16).T)


def _with(matrix: Any, data: NDArray[np.float64]) -> Any:
    """The same entries with other numbers."""
    changed = matrix.copy()
    changed.data = data
    return changed


class Shared(NamedTuple):
    """The score where terms are only near themselves: ``sqrt(A / max(O, T))``.

    Attributes
    ----------
    ours, theirs
        Rarities of the mentors' terms and 1 for each of the mentees', terms × people.
    most_ours, most_theirs
        Units times one over the square root of the whole list.
    """

    ours: Whole16
    theirs: Whole16
    most_ours: Whole
    most_theirs: Whole

    def taken(self, mentors: Positions, mentees: Positions) -> Shared:
        """The same for these people."""
        return Shared(
            self.ours[:, mentors], self.theirs[:, mentees], self.most_ours[mentors], self.most_theirs[mentees]
        )

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the units."""
        theirs, most = self.theirs[:, columns].astype(np.float32), self.most_theirs[columns][None, :]
        for at, part in in_strips(rows, out):
            both, units = work.array("shared", part.shape), work.array("most", part.shape)
            np.matmul(self.ours[:, at].astype(np.float32).T, theirs, out=both)
            np.sqrt(both, out=both)
            np.minimum(self.most_ours[at][:, None], most, out=units)
            units *= both
            np.add(part, units, out=part)


class Near(NamedTuple):
    """The score where terms may be near to others.

    Attributes
    ----------
    ours, theirs
        Rarities of each person's own terms, terms × people.
    near_ours, near_theirs
        How near each person's list comes to the other side's terms, terms × people.
    twice_ours, twice_theirs
        Twice the worth of the whole list.
    scale
        Units of a score of 1.
    """

    ours: Whole16
    near_theirs: Whole16
    near_ours: Whole16
    theirs: Whole16
    twice_ours: Whole
    twice_theirs: Whole
    scale: np.float32

    def taken(self, mentors: Positions, mentees: Positions) -> Near:
        """The same for these people."""
        return Near(
            self.ours[:, mentors],
            self.near_theirs[:, mentees],
            self.near_ours[:, mentors],
            self.theirs[:, mentees],
            self.twice_ours[mentors],
            self.twice_theirs[mentees],
            self.scale,
        )

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the units."""
        near, theirs = (side[:, columns].astype(np.float32) for side in (self.near_theirs, self.theirs))
        twice = self.twice_theirs[columns][None, :]
        for at, part in in_strips(rows, out):
            a, b, c = (work.array(name, part.shape) for name in ("covered", "covers", "both"))
            np.matmul(self.ours[:, at].astype(np.float32).T, near, out=a)
            np.matmul(self.near_ours[:, at].astype(np.float32).T, theirs, out=b)
            np.add(a, b, out=c)
            a -= b
            np.subtract(self.twice_ours[at][:, None], a, out=b)
            a += twice
            np.maximum(a, b, out=a)
            c /= a
            np.sqrt(c, out=c)
            c *= self.scale
            np.add(part, c, out=part)
