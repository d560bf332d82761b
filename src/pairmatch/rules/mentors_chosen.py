"""No more mentors are chosen than this: selection and matching in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding, counted
from pairmatch.groups import Group
from pairmatch.parameters import Checks, set_field

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.groups import Places

__all__ = ["MentorsChosen"]


@dataclass(frozen=True)
class MentorsChosen:
    """At most so many mentors have a pair: who is chosen, and for whom, is settled together.

    To choose on merit too, give the goals a :class:`~pairmatch.goals.PersonScore`.

    Parameters
    ----------
    at_most
        Most mentors, at least 1.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.MentorsChosen(at_most=50).description
    'at most 50 mentors are chosen'
    """

    name: ClassVar[str] = "mentors_chosen"

    at_most: int

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "at_most", checks.whole("at_most", self.at_most, least=1))
        checks.done()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        verb = "is" if self.at_most == 1 else "are"
        return f"at most {counted(self.at_most, 'mentor')} {verb} chosen"

    def milder(self) -> tuple[MentorsChosen, ...]:
        """The rule with room for one more."""
        return (replace(self, at_most=self.at_most + 1),)

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """One group: all mentors."""
        everybody = np.ones(len(cohort.mentors), np.int64)
        return [Group(self.name, "mentors chosen", mentors=everybody, most=self.at_most)]

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """The count, where more mentors have a pair."""
        chosen = len({mentor for mentor, _ in pairs})
        if chosen <= self.at_most:
            return []
        most = counted(self.at_most, "mentor")
        hint = f"the rule 'mentors_chosen' allows {most} at most, {chosen} have a pair"
        return [Finding("too_many", hint, side="mentors")]
