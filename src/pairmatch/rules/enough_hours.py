"""People have the hours that mentoring takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.errors import amount
from pairmatch.parameters import Checks, set_field
from pairmatch.rules.about_people import Of
from pairmatch.rules.enough import Enough

__all__ = ["EnoughHours"]


@dataclass(frozen=True)
class EnoughHours(Enough):
    """Allows only people who have so many hours per month: a bar on ``hours``.

    It looks at each person alone. That a mentor's pairs together stay within the mentor's budget is
    :class:`~pairmatch.rules.hours.Hours`.

    Parameters
    ----------
    at_least
        The fewest hours per month that are enough.
    of
        ``"mentors"``, ``"mentees"`` or ``"both"``: whose hours are looked at.
    missing
        ``"forbid"`` or ``"allow"`` a person whose hours are blank.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.EnoughHours(at_least=6).description
    'the mentor has at least 6 hours per month'
    """

    name: ClassVar[str] = "enough_hours"
    usually_of: ClassVar[str] = "mentors"

    column: str = field(default="hours", init=False)
    at_least: float = 4.0
    of: Of = field(default="mentors", kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "at_least", checks.number("at_least", self.at_least))

    @property
    def bar(self) -> float:
        """The least number that is enough."""
        return self.at_least

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"{self.who} {self.has} at least {amount(self.at_least)} hours per month"
