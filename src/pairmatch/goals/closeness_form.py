"""The form of a goal over two numbers that lie close together, where there are many different ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import EXACT, Form, Positions, Whole, Work
from pairmatch.goals.forming import in_strips, instead_of, slack

__all__ = ["closeness_form"]

FAR = np.float32(4 * EXACT)
"""Where people without a number stand: nobody is close to them."""


def closeness_form(
    mentors: NDArray[np.float64], mentees: NDArray[np.float64], scale: float, share: tuple[float, int, int]
) -> Form | None:
    """The form, from both sides' numbers, NaN where missing; None where they lie too far apart for it.

    Numbers are told in units, so that two of one distance of ``scale`` lie a perfect score apart. Each is
    rounded to a whole number: a distance is wrong by one unit at most.
    """
    whole, most, instead = share
    known = ~np.isnan(mentors), ~np.isnan(mentees)
    numbers = np.concatenate([mentors[known[0]], mentees[known[1]]])
    if not len(numbers):
        return None
    least, greatest = float(numbers.min()), float(numbers.max())
    with np.errstate(over="ignore"):
        span = (greatest - least) / scale * whole
    if not span < EXACT:
        return None
    ours, theirs = (
        np.where(there, np.rint((np.where(there, side, least) - least) / scale * whole), far)
        for side, there, far in zip((mentors, mentees), known, (-FAR, FAR), strict=True)
    )
    curve = Close(ours.astype(np.float32), theirs.astype(np.float32), np.float32(np.ceil(whole)))
    left, right = instead_of(*known, instead)
    return Form(left, right, 2.0 + slack(whole, most), (curve,))


class Close(NamedTuple):
    """Units less the distance, but at least 0.

    Attributes
    ----------
    ours, theirs
        Each person's number, counted in units.
    whole
        Units of a perfect score.
    """

    ours: Whole
    theirs: Whole
    whole: np.float32

    def taken(self, mentors: Positions, mentees: Positions) -> Close:
        """The same for these people."""
        return Close(self.ours[mentors], self.theirs[mentees], self.whole)

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the units."""
        theirs = self.theirs[columns][None, :]
        for at, part in in_strips(rows, out):
            units = work.array("apart", part.shape)
            np.subtract(self.ours[at][:, None], theirs, out=units)
            np.abs(units, out=units)
            np.subtract(self.whole, units, out=units)
            np.maximum(units, 0.0, out=units)
            np.add(part, units, out=part)
