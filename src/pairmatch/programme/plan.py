"""What was planned for every pair: how long, how many sessions, when somebody asks how it goes."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from pairmatch.errors import CallError, Finding
from pairmatch.parameters import is_whole

__all__ = ["CHECK_INS", "PairPlan", "months_after"]

CHECK_INS = {
    "first_month": "a month after the start",
    "mid_point": "halfway",
    "end": "at the planned end",
}
"""Check-ins of a pair, in their order."""

LIMITS = {"months": 60, "sessions": 1000, "enough": 1000, "early_days": 60, "quiet_days": 1000}


@dataclass(frozen=True)
class PairPlan:
    """What was planned for every pair.

    Parameters
    ----------
    months
        How long a pair is to last, from 1 to 60 months.
    sessions
        How many sessions it is to hold.
    enough
        How many of these are enough to count as completed, at most ``sessions``.
    early_days
        Days before its day from which on a check-in counts for it, from 0.
    quiet_days
        Days without a session after which a pair is due for one.

    Raises
    ------
    CallError
        If a number is out of range; all of them at once.
    """

    months: int = 6
    sessions: int = 7
    enough: int = 5
    early_days: int = 14
    quiet_days: int = 45

    def __post_init__(self) -> None:
        found = []
        for name, most in LIMITS.items():
            value, least = getattr(self, name), int(name != "early_days")
            if not is_whole(value) or not least <= value <= most:
                hint = f"'{name}' is to be a whole number from {least} to {most}"
                found.append(Finding("out_of_range", hint, "plan", column=name))
            else:
                object.__setattr__(self, name, int(value))
        if not found and self.enough > self.sessions:
            hint = "'enough' is to be no more than 'sessions'"
            found.append(Finding("out_of_range", hint, "plan", column="enough"))
        if found:
            raise CallError(found)

    def end(self, started: datetime.date) -> datetime.date:
        """The planned last day of a pair."""
        return months_after(started, self.months)

    def check_ins(self, started: datetime.date) -> tuple[tuple[str, datetime.date], ...]:
        """The check-ins of a pair and their days, each later than the one before."""
        first, end = months_after(started, 1), self.end(started)
        half = started + (end - started) // 2
        kept = [("first_month", first), ("mid_point", half)] if half > first else [("first_month", first)]
        if first >= end:
            kept = []
        return (*kept, ("end", end))


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last of a shorter month.

    Examples
    --------
    >>> import datetime
    >>> months_after(datetime.date(2026, 8, 31), 6).isoformat()
    '2027-02-28'
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if year > datetime.MAXYEAR:
        return datetime.date.max
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
