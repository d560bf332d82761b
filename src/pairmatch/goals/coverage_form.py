"""The form of a goal that measures what one side covers of the other's wishes.

Whoever offers few topics has a product: each wish has its part of the units, and each offer its worth.
Those who may have more unwanted topics than the goal's focus are a curve: their products divided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Curve, Form, Positions, Whole, Work
from pairmatch.goals.forming import ADDED, dense, divisor, instead_of, on_both_sides, slack, stacked
from pairmatch.terms import THOUSAND

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.goals.coverage import Sides

__all__ = ["coverage_form"]

S = TypeVar("S", bound=np.generic)
Whole16 = NDArray[np.int16]

FEW = 4
"""Broad mentees are taken one by one where they are less than this part of a block's."""

COARSER = (1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 50, 100, 200, 500, 1000)
"""Multiples of the finest grid on which the worth of offers may be told."""


def coverage_form(sides: Sides, focus: int, share: tuple[float, int, int], *, mentors_offer: bool) -> Form:
    """The form, from the matrices of the goal.

    Parameters
    ----------
    sides
        Who offers and who wants.
    focus
        The goal's focus.
    share
        Units of a score of 1 before rounding, the most units, units where data lack.
    mentors_offer
        Which side offers.

    Notes
    -----
    Worths are multiples of a grid of ``q`` thousandths, and so whole numbers up to ``1000 / q``; a wish's
    part of the units is rounded to a whole number for each step of the grid. A pair's sum is then wrong by
    half a unit for each step that the offers are worth together, and on a grid that is coarser than the
    worths themselves by half a step of every wish besides: ``q / 2000`` of all units. The grid with the
    least bound is taken.
    """
    scale, most, instead = share
    terms = on_both_sides(sides.able, sides.wanted)
    able, wanted = dense(sides.able, terms, np.int16), dense(sides.wanted, terms, np.float64)
    grid, error = _grid(able, wanted, divisor(sides.able.data), scale)
    worth = np.rint(able / grid).astype(np.int16)
    shares = wanted * (scale * grid / THOUSAND) / np.maximum(sides.wishes, 1.0)[:, None]
    parts: Whole = np.rint(shares).astype(np.float32)
    # Of one topic more than the focus, too many are unwanted only where nothing is covered.
    broad = sides.offered > focus + 1
    # A broad person's product comes from the curve alone.
    given: Whole = np.where(broad[:, None], 0, worth).astype(np.float32)
    known = sides.offered > 0, sides.wishes > 0
    left, right = stacked(
        [
            (given, parts) if mentors_offer else (parts, given),
            instead_of(*(known if mentors_offer else known[::-1]), instead),
        ]
    )
    curves: tuple[Curve, ...] = ()
    if broad.any():
        curves = (_broad(sides, broad, focus, worth, parts, mentors_offer=mentors_offer),)
        error += ADDED + scale * 1e-6
    return Form(left, right, error + slack(scale, most), curves)


def _grid(able: Whole16, wanted: NDArray[np.float64], finest: int, scale: float) -> tuple[int, float]:
    """The grid with the least error, in thousandths, and that error in units."""
    wishes = int(np.count_nonzero(wanted, axis=1).max(initial=0))
    tried = []
    for times in COARSER:
        grid = finest * times
        worth = np.rint(able / grid)
        steps = min(float(worth.sum(axis=1).max(initial=0.0)), wishes * float(worth.max(initial=0.0)))
        coarse = scale * grid / (2 * THOUSAND) if times > 1 else 0.0
        tried.append((coarse + steps / 2, grid))
    error, grid = min(tried)
    return grid, error


def _broad(
    sides: Sides, broad: NDArray[np.bool_], focus: int, worth: Whole16, parts: Whole, *, mentors_offer: bool
) -> Broad:
    who = np.flatnonzero(broad)
    terms = on_both_sides(sides.offers, sides.near)
    place = np.full(len(broad), -1, np.int32)
    place[who] = np.arange(len(who))
    return Broad(
        mentors_offer=mentors_offer,
        focus=np.float32(focus),
        place=place,
        worth=_and_nobody(worth[who]),
        offers=_and_nobody(dense(_rows(sides.offers, who), terms, np.int8)),
        offered=_and_nobody(sides.offered[who].astype(np.float32)),
        parts=parts,
        near=dense(sides.near, terms, np.int8),
    )


def _rows(matrix: csr_array[Any], who: NDArray[np.intp]) -> csr_array[Any]:
    rows: csr_array[Any] = matrix[who]
    return rows


def _and_nobody(numbers: NDArray[S]) -> NDArray[S]:
    """The same numbers with zeros in a further row."""
    return np.concatenate([numbers, np.zeros_like(numbers, shape=(1, *numbers.shape[1:]))])


class Broad(NamedTuple):
    """The pairs of those who may have more unwanted topics than the focus.

    Attributes
    ----------
    mentors_offer
        Which side offers.
    focus
        The goal's focus.
    place
        Each offering person's row in the next three, -1 for those who are not broad.
    worth, offers, offered
        What a broad person's offers are worth for each wish, which topics they offer, and how many; a last
        row of zeros for the others.
    parts, near
        The other side: units of each wish, and the topics that are near to one.
    """

    mentors_offer: bool
    focus: np.float32
    place: NDArray[np.int32]
    worth: Whole16
    offers: NDArray[np.int8]
    offered: Whole
    parts: Whole
    near: NDArray[np.int8]

    def taken(self, mentors: Positions, mentees: Positions) -> Broad:
        """The same for these people."""
        givers, takers = (mentors, mentees) if self.mentors_offer else (mentees, mentors)
        return self._replace(place=self.place[givers], parts=self.parts[takers], near=self.near[takers])

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the products, divided where more is unwanted than the focus."""
        givers, takers = (rows, columns) if self.mentors_offer else (columns, rows)
        place = self.place[givers]
        there = np.flatnonzero(place >= 0)
        if not len(there):
            return
        # Many broad mentees are taken with all others, to whom the zeros in the last row add nothing.
        some = self.mentors_offer or FEW * len(there) < len(place)
        who = place[there] if some else place
        shape = (len(who), takers.stop - takers.start)
        units, spread = work.array("broad units", shape), work.array("broad spread", shape)
        np.matmul(self.worth[who].astype(np.float32), self.parts[takers].T, out=units)
        np.matmul(self.offers[who].astype(np.float32), self.near[takers].astype(np.float32).T, out=spread)
        np.subtract(self.offered[who][:, None], spread, out=spread)
        np.maximum(spread, self.focus, out=spread)
        units *= self.focus
        units /= spread
        if self.mentors_offer:
            out[there] += units
        elif some:
            out[:, there] += units.T
        else:
            out += units.T
