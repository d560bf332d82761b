"""Mentor and mentee share a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.comparing import alike, alike_pair
from pairmatch.errors import Finding
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_fields

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["Same"]


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

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        same = alike_pair(mentor, mentee, self.column)
        return None if same is None else float(same)
