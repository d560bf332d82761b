"""Nobody has more pairs than this."""

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

__all__ = ["Capacity"]


@dataclass(frozen=True)
class Capacity(Sides):
    """Caps the pairs per person, whatever the person's own capacity says.

    The default where a person says nothing is the policy's ``mentors`` and ``mentees``; this rule lowers
    what they say and never raises it.

    Parameters
    ----------
    mentors, mentees
        Most pairs per person, at least 0; None leaves the side alone.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Capacity(mentors=2).description
    'a mentor has at most 2 pairs'
    """

    name: ClassVar[str] = "capacity"

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return self.told("at most")

    def bound(self, loads: Loads, cohort: Cohort) -> Loads:
        """The loads with no capacity above the cap."""
        return replace(
            loads,
            mentor_capacity=_capped(loads.mentor_capacity, self.mentors),
            mentee_capacity=_capped(loads.mentee_capacity, self.mentees),
        )

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """People who have more pairs than the cap."""
        mentors, mentees = counted(pairs)
        sides = (("mentors", mentors, self.mentors), ("mentees", mentees, self.mentees))
        return [
            Finding("over_capacity", f"the rule 'capacity' allows {cap} at most", side=side, id=i)
            for side, counts, cap in sides
            for i, count in sorted(counts.items())
            if cap is not None and count > cap
        ]


def _capped(capacity: Ints, cap: int | None) -> Ints:
    return capacity if cap is None else np.minimum(capacity, cap)
