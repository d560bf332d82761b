"""People have the hours that mentoring takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.errors import amount
from pairmatch.rules.enough import EnoughOf

__all__ = ["EnoughHours"]


@dataclass(frozen=True)
class EnoughHours(EnoughOf):
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

    column: str = field(default="hours", init=False)
    at_least: float = 4.0

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"{self.who} {self.has} at least {amount(self.at_least)} hours per month"
