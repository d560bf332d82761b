"""Nobody has fewer pairs than this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding
from pairmatch.rules.sides import Sides, counted

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.problem import Ints, Loads

__all__ = ["Minimum"]


@dataclass(frozen=True)
class Minimum(Sides):
    """Gives every active person at least so many pairs, whatever the person's own minimum says. Hard.

    Where not everybody can have that many, there is no matching: prefer the objective's coverage tiers
    unless the minimum is really meant.

    Parameters
    ----------
    mentors, mentees
        Fewest pairs per person, at least 0; None leaves the side alone.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Minimum(mentees=1).description
    'a mentee has at least 1 pair'
    """

    name: ClassVar[str] = "minimum"

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return self.told("at least")

    def bound(self, loads: Loads, cohort: Cohort) -> Loads:
        """The loads with no minimum below this one."""
        return replace(
            loads,
            mentor_minimum=_raised(loads.mentor_minimum, self.mentors),
            mentee_minimum=_raised(loads.mentee_minimum, self.mentees),
        )

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """Active people who have fewer pairs than the minimum."""
        mentors, mentees = counted(pairs)
        sides = ((cohort.mentors, mentors, self.mentors), (cohort.mentees, mentees, self.mentees))
        return [
            Finding("below_minimum", f"the rule 'minimum' asks for {least}", side=people.side, id=person.id)
            for people, counts, least in sides
            for person in people
            if least is not None and person.active and counts[person.id] < least
        ]


def _raised(minimum: Ints, least: int | None) -> Ints:
    return minimum if least is None else np.maximum(minimum, least)
