"""Mentor and mentee share so many entries of a list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from pairmatch.comparing import LISTS, entries, in_words
from pairmatch.errors import Finding, counted
from pairmatch.parameters import Checks, absent_fields, set_field, wrong_kinds
from pairmatch.rules.protocol import MISSING, Bools, Missing

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["InCommon"]


@dataclass(frozen=True)
class InCommon:
    """Allows only pairs who share so many entries of a list field.

    Parameters
    ----------
    column
        A list or topics field, canonical or declared.
    at_least
        Fewest entries in common, at least 1.
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's field is blank.
    purpose
        Why the rule may use the field; needed where the field is sensitive or special.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.InCommon("languages", at_least=2).description
    "mentor and mentee have at least 2 entries of 'languages' in common"
    """

    name: ClassVar[str] = "in_common"

    column: str
    at_least: int = 1
    missing: Missing = field(default="forbid", kw_only=True)
    purpose: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        checks.text("column", self.column)
        set_field(self, "at_least", checks.whole("at_least", self.at_least, least=1))
        checks.choice("missing", self.missing, MISSING)
        checks.optional_text("purpose", self.purpose)
        checks.done()

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        shared = counted(self.at_least, "entry", "entries")
        return f"mentor and mentee have at least {shared} of '{self.column}' in common"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the rule uses."""
        return (self.column,)

    def milder(self) -> tuple[InCommon, ...]:
        """The rule with one entry fewer, where that still asks for any."""
        return (replace(self, at_least=self.at_least - 1),) if self.at_least > 1 else ()

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        sides = [("mentors", self.column), ("mentees", self.column)]
        return [
            *absent_fields(cohort, self.label, [self.column], [self.column]),
            *wrong_kinds(cohort, self.label, sides, LISTS),
        ]

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees whose field is blank."""
        return ~cohort.present("mentors", self.column), ~cohort.present("mentees", self.column)

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        enough: Bools = block.shared(self.column, self.column) >= self.at_least
        if self.missing == "forbid":
            return enough
        return enough | ~block.has(self.column, "mentors") | ~block.has(self.column, "mentees")

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        ours, theirs = entries(mentor, self.column), entries(mentee, self.column)
        if not ours or not theirs:
            return self.missing == "allow"
        return len(ours & theirs) >= self.at_least

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """What the two have in common; empty where a field is blank."""
        ours, theirs = entries(mentor, self.column), entries(mentee, self.column)
        if not ours or not theirs:
            return ""
        shared = tuple(term for term in mentor[self.column] if term.key in theirs)
        return f"only {len(ours & theirs)}: {in_words(shared)}" if shared else "none"
