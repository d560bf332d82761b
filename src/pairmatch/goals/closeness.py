"""Two numbers lie close together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding, amount
from pairmatch.goals.closeness_form import closeness_form
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_fields, set_field, wrong_kinds

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.forms import Form

__all__ = ["Closeness"]

FEW = 64
"""Different numbers on one side that are better told by a table."""


@dataclass(frozen=True)
class Closeness(Weighted):
    """Scores 1 for the same number in a field, falling evenly to 0 at a distance of ``scale``.

    Parameters
    ----------
    column
        A number field, as ``utc_offset`` in hours.
    scale
        Distance, in the field's units, from which on the score is 0; above 0.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Closeness("utc_offset", scale=6, weight=0.1).label
    'closeness(utc_offset)'
    """

    name: ClassVar[str] = "closeness"

    column: str
    scale: float

    def _check(self, checks: Checks) -> None:
        checks.text("column", self.column)
        set_field(self, "scale", checks.positive("scale", self.scale))

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"mentor and mentee are close in '{self.column}'"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return [
            *absent_fields(cohort, self.label, [self.column], [self.column]),
            *wrong_kinds(
                cohort, self.label, [("mentors", self.column), ("mentees", self.column)], ("number",)
            ),
        ]

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        mentors, mentees = block.numbers(self.column)
        with np.errstate(over="ignore"):  # two huge numbers may lie infinitely far apart: the score is 0
            distances = np.abs(mentors - mentees) / self.scale
        return np.maximum(0.0, 1.0 - distances)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as a curve (see :mod:`pairmatch.forms`); None where a table of few numbers is better."""
        mentors, mentees = cohort.mentors.number(self.column), cohort.mentees.number(self.column)
        if min(len(np.unique(mentors)), len(np.unique(mentees))) <= FEW:
            return None
        return closeness_form(mentors, mentees, self.scale, (share_scale, most, instead))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        ours, theirs = mentor[self.column], mentee[self.column]
        if ours is None or theirs is None:
            return None
        distance: float = abs(ours - theirs)
        return 1.0 - distance / self.scale if distance < self.scale else 0.0

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """Both numbers, and how far they lie apart."""
        ours, theirs = mentor[self.column], mentee[self.column]
        gap = amount(abs(ours - theirs))
        first, second = amount(ours), amount(theirs)
        if self.column == "utc_offset":
            first, second = (f"UTC{'' if value.startswith('-') else '+'}{value}" for value in (first, second))
            gap += " hour" if gap == "1" else " hours"
        return f"both: {first}" if ours == theirs else f"mentor: {first}; mentee: {second}; {gap} apart"
