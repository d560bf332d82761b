"""What rules over one column have in common: their parameters and what they need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from pairmatch.errors import Finding
from pairmatch.parameters import Checks, absent_fields
from pairmatch.rules.protocol import MISSING, Bools, Missing

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["OnColumn"]


@dataclass(frozen=True)
class OnColumn:
    """A rule over one field of both sides.

    Parameters
    ----------
    column
        The field, canonical or declared.
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's field is blank.
    purpose
        Why the rule may use the field; needed where the field is sensitive or special.
    """

    name: ClassVar[str]

    column: str
    missing: Missing = field(default="forbid", kw_only=True)
    purpose: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        checks.text("column", self.column)
        checks.choice("missing", self.missing, MISSING)
        checks.optional_text("purpose", self.purpose)
        checks.done()

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return f"{self.name}({self.column})"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the rule uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        return absent_fields(cohort, self.label, [self.column], [self.column])

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees whose field is blank."""
        return ~cohort.mentors.has(self.column), ~cohort.mentees.has(self.column)
