"""A number is at least so large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pairmatch.errors import amount
from pairmatch.parameters import Checks, set_field
from pairmatch.rules.enough import Enough

__all__ = ["NumberAtLeast"]


@dataclass(frozen=True)
class NumberAtLeast(Enough):
    """Allows only people whose number in a field is at least ``value``.

    Parameters
    ----------
    column
        A number field, canonical or declared.
    value
        The least number that is enough, in the field's units.
    of
        ``"both"``, ``"mentors"`` or ``"mentees"``: whose number must be enough.
    missing
        ``"forbid"`` or ``"allow"`` a person whose field is blank.
    purpose
        Why the rule may use the field; needed where the field is sensitive or special.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.NumberAtLeast("tenure", 2, of="mentors").description
    "the mentor has at least 2 in 'tenure'"
    >>> rules.NumberAtLeast("tenure", 2, of="mentors").label
    'number_at_least(tenure, 2, mentors)'
    """

    name: ClassVar[str] = "number_at_least"

    value: float

    def _check(self, checks: Checks) -> None:
        set_field(self, "value", checks.number("value", self.value))

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self._labelled(self.column, repr(self.value).removesuffix(".0"))

    @property
    def bar(self) -> float:
        """The least number that is enough."""
        return self.value

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"{self.who} {self.has} at least {amount(self.value)} in '{self.column}'"
