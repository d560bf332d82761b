"""No mentor gives more hours per month than they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding
from pairmatch.parameters import Checks, absent_fields
from pairmatch.rules.protocol import MISSING, Bools, Missing

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person, Profiles
    from pairmatch.problem import Ints, Loads

__all__ = ["Hours"]

PARTS = 100
"""Hours are counted in hundredths."""

MOST = 10**6
"""More hours per month than this count as this many: nobody has them, and sums stay small."""


@dataclass(frozen=True)
class Hours:
    """Keeps the hours that a mentor's pairs need within the mentor's budget (law §7).

    The field ``hours`` holds hours per month: a mentor's budget for all their pairs, and what one pair
    with this mentee needs. They are counted to 1/100 hour.

    Parameters
    ----------
    missing
        ``"forbid"``: a person whose hours are blank gets no pair; ``"allow"``: such a mentor's budget is
        not bounded, and such a mentee needs no hours.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Hours().description
    'the hours that a mentor gives per month stay within their budget'
    """

    name: ClassVar[str] = "hours"
    fields: ClassVar[tuple[str, ...]] = ("hours",)

    missing: Missing = field(default="forbid", kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        checks.choice("missing", self.missing, MISSING)
        checks.done()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "the hours that a mentor gives per month stay within their budget"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        return absent_fields(cohort, self.name, ["hours"], ["hours"])

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees whose hours are blank."""
        return ~cohort.mentors.has("hours"), ~cohort.mentees.has("hours")

    def bound(self, loads: Loads, cohort: Cohort) -> Loads:
        """The loads with hours; who must not be judged has room for no pair."""
        budget, need = _hundredths(cohort.mentors), _hundredths(cohort.mentees)
        no_mentor, no_mentee = self.lacking(cohort)
        if self.missing == "allow":
            budget[no_mentor] = need.sum()
            return replace(loads, mentor_hours=budget, mentee_hours=need)
        return replace(
            loads,
            mentor_hours=budget,
            mentee_hours=need,
            mentor_capacity=np.where(no_mentor, 0, loads.mentor_capacity),
            mentee_capacity=np.where(no_mentee, 0, loads.mentee_capacity),
        )

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """Mentors over their budget, and people with pairs whose hours are blank."""
        mentors = {person.id: person for person in cohort.mentors}
        mentees = {person.id: person for person in cohort.mentees}
        partners: dict[str, list[str]] = {}
        for mentor, mentee in pairs:
            partners.setdefault(mentor, []).append(mentee)
        hint = "the mentor's pairs need more hours than the budget holds"
        findings = [
            Finding("over_hours", hint, side="mentors", id=mentor)
            for mentor, theirs in sorted(partners.items())
            if (budget := _budget(mentors[mentor])) is not None
            and sum(_budget(mentees[mentee]) or 0 for mentee in theirs) > budget
        ]
        return findings + (self._unjudged(pairs, mentors, mentees) if self.missing == "forbid" else [])

    def _unjudged(
        self, pairs: Sequence[tuple[str, str]], mentors: dict[str, Person], mentees: dict[str, Person]
    ) -> list[Finding]:
        hint = "whose hours are blank cannot be paired under the rule 'hours'"
        paired = (("mentors", mentors, {m for m, _ in pairs}), ("mentees", mentees, {e for _, e in pairs}))
        return [
            Finding("hours_missing", hint, side=side, id=i)
            for side, people, ids in paired
            for i in sorted(ids)
            if _budget(people[i]) is None
        ]


def _hundredths(profiles: Profiles) -> Ints:
    """Everybody's hours in hundredths; 0 where blank."""
    hours = np.minimum(np.nan_to_num(profiles.number("hours"), nan=0.0), MOST)
    counted: Ints = np.rint(hours * PARTS).astype(np.int64)
    return counted


def _budget(person: Person) -> int | None:
    """One person's hours in hundredths, in plain Python; None where blank."""
    hours = person["hours"]
    return None if hours is None else round(min(hours, float(MOST)) * PARTS)
