"""Days as arguments of calls."""

from __future__ import annotations

import datetime

from pairmatch.cohort.cells import Bad
from pairmatch.cohort.history import BAD_DATE, date_of
from pairmatch.errors import CallError, Finding

__all__ = ["day_of", "day_or_bad"]


def day_or_bad(value: object) -> datetime.date | Bad:
    """A day, or what is wrong with it; the missing date of a frame is none."""
    day = date_of(value)
    return BAD_DATE if isinstance(day, datetime.datetime) else day


def day_of(value: object, name: str) -> datetime.date:
    """A day that was handed in as a date, or as text.

    Raises
    ------
    CallError
        It is neither.
    """
    day = day_or_bad(value)
    if isinstance(day, Bad):
        hint = "hand in a day: a date, or text as '2026-11-22'"
        raise CallError([Finding("bad_date", hint, column=name)])
    return day
