"""What rules about single people have in common: who must keep them, and what a blank cell does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from pairmatch.comparing import in_words
from pairmatch.errors import Finding
from pairmatch.forms import Few
from pairmatch.parameters import Checks, absent_fields, wrong_kinds
from pairmatch.rules.few import people_only
from pairmatch.rules.protocol import MISSING, Bools, Missing

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["AboutPeople", "Of"]

Of = Literal["both", "mentors", "mentees"]
"""Whom a rule about people asks."""

SIDES: dict[str, tuple[str, ...]] = {
    "both": ("mentors", "mentees"),
    "mentors": ("mentors",),
    "mentees": ("mentees",),
}
WHO = {"both": "mentor and mentee", "mentors": "the mentor", "mentees": "the mentee"}


@dataclass(frozen=True)
class AboutPeople:
    """A rule over one field of one person at a time: who breaks it is not eligible.

    Parameters
    ----------
    of
        ``"both"``, ``"mentors"`` or ``"mentees"``: who must keep the rule.
    missing
        ``"forbid"`` or ``"allow"`` a person whose field is blank.
    purpose
        Why the rule may use the field; needed where the field is sensitive or special.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    usually_of: ClassVar[str] = "both"
    """Whom the rule asks where nothing is said; the label then does not say it either."""

    column: str
    of: Of = field(default="both", kw_only=True)
    missing: Missing = field(default="forbid", kw_only=True)
    purpose: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        checks.text("column", self.column)
        checks.choice("of", self.of, tuple(SIDES))
        checks.choice("missing", self.missing, MISSING)
        checks.optional_text("purpose", self.purpose)
        self._check(checks)
        checks.done()

    def _check(self, checks: Checks) -> None:
        """Check the rule's own parameters."""

    def good(self, values: NDArray[Any]) -> Bools:
        """Which known values keep the rule."""
        raise NotImplementedError

    def is_good(self, value: Any) -> bool:
        """Whether one known value keeps the rule, in plain Python."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self._labelled()

    def _labelled(self, *parts: str) -> str:
        """The name with what tells this rule from others of its kind."""
        told = [*parts, *([self.of] if self.of != self.usually_of else [])]
        return f"{self.name}({', '.join(told)})" if told else self.name

    @property
    def who(self) -> str:
        """Whom the rule asks, in words."""
        return WHO[self.of]

    @property
    def has(self) -> str:
        """The verb that goes with them."""
        return "have" if self.of == "both" else "has"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the rule uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        asked = [(side, self.column) for side in SIDES[self.of]]
        wanted = {side: [self.column] for side in SIDES[self.of]}
        return [
            *absent_fields(cohort, self.label, **wanted),
            *wrong_kinds(cohort, self.label, asked, self.kinds),
        ]

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees whose field is blank, of those whom the rule asks."""
        return self._each(cohort, "mentors")[1], self._each(cohort, "mentees")[1]

    def barring(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees who are not eligible: the field is filled in, and breaks the rule."""
        return self._each(cohort, "mentors")[0], self._each(cohort, "mentees")[0]

    def bars(self, person: Person) -> bool:
        """Whether one person is not eligible, in plain Python."""
        if person.side not in SIDES[self.of]:
            return False
        value = person[self.column]
        return value is not None and not self.is_good(value)

    def _each(self, cohort: Cohort, side: str) -> tuple[Bools, Bools]:
        """Who of one side is barred, and who is blank; nobody of a side that is not asked."""
        return cohort.cached((self.name, self, side), lambda: self._judged(cohort, side))

    def _judged(self, cohort: Cohort, side: str) -> tuple[Bools, Bools]:
        if side not in SIDES[self.of]:
            nobody = np.zeros(len(cohort.side(side)), np.bool_)
            return nobody, nobody
        known = cohort.present(side, self.column)
        return known & ~self.good(cohort.comparable(side, self.column)), ~known

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed; a column or a row where one side is asked."""
        mentors = block.of_mentors(self._passing(block.cohort, "mentors"))
        mentees = block.of_mentees(self._passing(block.cohort, "mentees"))
        if self.of == "mentors":
            return mentors
        return mentees if self.of == "mentees" else mentors & mentees

    def few(self, cohort: Cohort) -> Few:
        """Who may have no pair; nobody of a side that is not asked."""
        return people_only(cohort, ~self._passing(cohort, "mentors"), ~self._passing(cohort, "mentees"))

    def _passing(self, cohort: Cohort, side: str) -> Bools:
        barred, blank = self._each(cohort, side)
        return ~barred if self.missing == "allow" else ~(barred | blank)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        asked = [person for person in (mentor, mentee) if person.side in SIDES[self.of]]
        blank = any(person[self.column] is None for person in asked)
        return not any(self.bars(person) for person in asked) and (not blank or self.missing == "allow")

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """The number of whoever does not keep the rule; that a no stands there goes without saying."""
        barred = [(person, person[self.column]) for person in (mentor, mentee) if self.bars(person)]
        told = [(person.side, value) for person, value in barred if not isinstance(value, bool)]
        return "; ".join(f"{side.removesuffix('s')}: {in_words(value)}" for side, value in told)
