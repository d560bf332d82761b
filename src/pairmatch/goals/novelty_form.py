"""The form of a goal over distances in the organisation.

Two people are their two depths apart, less twice the levels that both lines share below the top. Levels at
which few people stand are features; at the others it is compared who stands above the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Form, Positions, Whole, Work
from pairmatch.goals.forming import ADDED, in_strips, instead_of, slack, stacked

if TYPE_CHECKING:
    from pairmatch.goals.novelty import Lines

__all__ = ["DEEPEST", "novelty_form"]

DEEPEST = 30
"""Lines from the top down that are compared one by one; deeper organisations take too long."""

FEW = 8
"""People at one level that still are features."""

BEYOND = 1000
"""How far apart people of different tops are: farther than any scale."""

Codes = NDArray[np.int32]


def novelty_form(mentors: Lines, mentees: Lines, scale: float, share: tuple[float, int, int]) -> Form | None:
    """The form, from both sides' whole lines; None where there are more than a few tops."""
    whole, most, instead = share
    known = mentors.depths >= 0, mentees.depths >= 0
    features = [
        (_column(known[0], mentors.depths + BEYOND + 2), _column(known[1], 1)),
        (_column(known[0], 1), _column(known[1], mentees.depths)),
    ]
    deeper = []
    for level in range(len(mentors.above)):
        ours, theirs = (
            np.where(known[0], mentors.above[level], -1),
            np.where(known[1], mentees.above[level], -2),
        )
        both = np.intersect1d(ours, theirs)
        worth = np.float32(-2 if level else -BEYOND - 2)
        if len(both) <= FEW:
            features.append((_one_hot(ours, both), worth * _one_hot(theirs, both)))
        elif level:
            deeper.append((ours, theirs))
        else:
            return None
    left, right = stacked(features)
    curve = Distant(
        np.ascontiguousarray(left.T),
        np.ascontiguousarray(right.T),
        *_coded(deeper, known),
        np.float32(scale),
        np.float32(whole / scale),
    )
    error = whole * 1e-6 + ADDED + slack(whole, most)
    return Form(*instead_of(*known, instead), error, (curve,))


def _column(known: NDArray[np.bool_], numbers: Any) -> Whole:
    """Numbers of those who are known, 0 for the others."""
    column: Whole = np.where(known, numbers, 0).astype(np.float32)[:, None]
    return column


def _one_hot(people: Codes, among: Codes) -> Whole:
    return np.asarray(people[:, None] == among[None, :], np.float32)


def _coded(
    levels: list[tuple[Codes, Codes]], known: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The same people by small numbers, levels × people: numbers of 16 bits are compared more quickly."""
    ours, theirs = (np.empty((len(levels), len(side)), np.int32) for side in known)
    for at, (left, right) in enumerate(levels):
        both = np.intersect1d(left, right)
        for side, coded, nobody in ((left, ours, -1), (right, theirs, -2)):
            places = np.minimum(np.searchsorted(both, side), len(both) - 1)
            coded[at] = np.where(both[places] == side, places, nobody)
    small = max(int(side.max(initial=0)) for side in (ours, theirs)) < np.iinfo(np.int16).max
    return (ours.astype(np.int16), theirs.astype(np.int16)) if small else (ours, theirs)


class Distant(NamedTuple):
    """Units by distance, up to a scale.

    Attributes
    ----------
    left, right
        Features × people: distances but for what the deeper levels share.
    ours, theirs
        Who stands above each person at these levels, levels × people; nobody differs between the sides.
    scale
        Distance from which on the score is 1.
    unit
        Units of one line.
    """

    left: Whole
    right: Whole
    ours: NDArray[Any]
    theirs: NDArray[Any]
    scale: np.float32
    unit: np.float32

    def taken(self, mentors: Positions, mentees: Positions) -> Distant:
        """The same for these people."""
        return self._replace(
            left=self.left[:, mentors],
            right=self.right[:, mentees],
            ours=self.ours[:, mentors],
            theirs=self.theirs[:, mentees],
        )

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the units."""
        for at, part in in_strips(rows, out):
            apart, twice = work.array("apart", part.shape), work.array("shared twice", part.shape)
            np.matmul(self.left[:, at].T, self.right[:, columns], out=apart)
            if len(self.ours):
                np.multiply(self._shared(at, columns, part.shape, work), np.float32(2), out=twice)
                apart -= twice
            np.clip(apart, 0.0, self.scale, out=apart)
            apart *= self.unit
            np.add(part, apart, out=part)

    def _shared(self, rows: slice, columns: slice, shape: tuple[int, ...], work: Work) -> NDArray[np.int8]:
        """How many of the deeper levels both lines share."""
        same, shared = work.array("same", shape, np.bool_), work.array("shared levels", shape, np.int8)
        for level, (ours, theirs) in enumerate(zip(self.ours[:, rows], self.theirs[:, columns], strict=True)):
            first = level == 0
            np.equal(ours[:, None], theirs[None, :], out=shared.view(np.bool_) if first else same)
            if not first:
                shared += same.view(np.int8)
        return shared
