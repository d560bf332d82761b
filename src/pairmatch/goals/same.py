"""Mentor and mentee share a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.comparing import LISTS, alike, alike_pair, alike_words
from pairmatch.errors import Finding
from pairmatch.forms import Curve, Form, Positions, Whole, Work
from pairmatch.goals.forming import dense, in_strips, instead_of, on_both_sides
from pairmatch.goals.protocol import Floats
from pairmatch.goals.steps import stepping
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_fields

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["Same"]

FEW = 64
"""Different values on one side that are better told by a table."""


@dataclass(frozen=True)
class Same(Weighted):
    """Scores 1 for the same value in a field, or an entry of a list field in common, else 0.

    Text is compared after normalisation: case, spaces and accents make no difference.

    Parameters
    ----------
    column
        The field, canonical or declared.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Same("profession", weight=10).label
    'same(profession)'
    """

    name: ClassVar[str] = "same"

    column: str

    def _check(self, checks: Checks) -> None:
        checks.text("column", self.column)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"mentor and mentee have something in common in '{self.column}'"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return absent_fields(cohort, self.label, [self.column], [self.column])

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        same, judged = alike(block, self.column)
        return np.where(judged, same.astype(np.float64), np.nan)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as a curve, exactly (see :mod:`pairmatch.forms`); None where a table does more."""
        values = [cohort.comparable(side, self.column).tolist() for side in ("mentors", "mentees")]
        if min(len(set(side)) for side in values) <= FEW:
            return None
        known = cohort.present("mentors", self.column), cohort.present("mentees", self.column)
        units = min(round(share_scale), most)
        curve: Curve
        if cohort.mentors.kind(self.column) in LISTS:
            index = cohort.term_index(self.column, self.column)
            terms = on_both_sides(index.mentors, index.mentees)
            left, right = dense(index.mentors, terms, np.int16), dense(index.mentees, terms, np.int16)
            curve, _ = stepping(left, right, ((1, units),))
        else:
            ours, theirs = cohort.codes(self.column)
            curve = Equal(ours, np.where(theirs < 0, -2, theirs), np.float32(units))
        return Form(*instead_of(*known, instead), 0.0, (curve,))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        same = alike_pair(mentor, mentee, self.column)
        return None if same is None else float(same)

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """What the two have in common, or what each has."""
        return alike_words(mentor, mentee, self.column)


class Equal(NamedTuple):
    """Units for people with the same code.

    Attributes
    ----------
    ours, theirs
        Each person's code; who has none has another one on each side.
    units
        What the same code earns.
    """

    ours: NDArray[np.int32]
    theirs: NDArray[np.int32]
    units: np.float32

    def taken(self, mentors: Positions, mentees: Positions) -> Equal:
        """The same for these people."""
        return Equal(self.ours[mentors], self.theirs[mentees], self.units)

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the units."""
        theirs = self.theirs[columns][None, :]
        for at, part in in_strips(rows, out):
            same = work.array("same", part.shape, np.bool_)
            units = work.array("of the same", part.shape)
            np.equal(self.ours[at][:, None], theirs, out=same)
            np.multiply(same, self.units, out=units)
            np.add(part, units, out=part)
