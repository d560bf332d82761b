"""A pair of an earlier round rests before it may be one again."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pairmatch.errors import Finding, counted
from pairmatch.forms import Few
from pairmatch.parameters import Checks, absent_table, set_field, told
from pairmatch.rules.few import named
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["CoolDown"]

LONGEST = 1200
"""Months; a century is for ever."""


@dataclass(frozen=True)
class CoolDown:
    """Forbids pairs of the cohort's history until so many months have passed since they ended.

    A pair that did not end, or of which nobody says when, is forbidden. Months are counted on the calendar:
    from the 31st of a month, the rest ends with the last day of a shorter one. No clock is read, so that the
    same files give the same answer on every day.

    Parameters
    ----------
    months
        How long a pair rests, from 1 to 1200 months.
    on
        The day on which it is judged, usually the round's first: a date, or text as ``"2026-11-22"``.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.CoolDown(months=18, on="2026-11-22").description
    'mentor and mentee were no pair within the 18 months before 2026-11-22'
    """

    name: ClassVar[str] = "cool_down"
    tables: ClassVar[tuple[str, ...]] = ("history",)

    months: int
    on: str

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "months", checks.whole("months", self.months, least=1, most=LONGEST))
        set_field(self, "on", _day(checks, self.on))
        checks.done()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"mentor and mentee were no pair within the {counted(self.months, 'month')} before {self.on}"

    def milder(self) -> tuple[CoolDown, ...]:
        """The rule with half the months."""
        return (replace(self, months=self.months // 2),) if self.months > 1 else ()

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        if cohort.history is None:
            return absent_table(self.name, "history", "earlier pairs", "'mentor', 'mentee' and 'ended'")
        if cohort.ended is None:
            hint = (
                f"'{self.name}' needs the days on which earlier pairs ended: add the column 'ended' to the "
                f"history, blank where a pair goes on, or use 'not_paired_before'."
            )
            return [Finding("absent_column", hint, side="history", column="ended")]
        return []

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        return ~block.barred(self._pairs(block.cohort))

    def few(self, cohort: Cohort) -> Few:
        """All that the rule forbids."""
        return named(cohort, self._pairs(cohort))

    def _pairs(self, cohort: Cohort) -> csr_array[Any]:
        key = (self.name, self.months, self.on)
        return cohort.cached(key, lambda: cohort.pairs_matrix(self._resting(cohort)))

    def _resting(self, cohort: Cohort) -> list[tuple[str, str]]:
        """The pairs that may not be again yet: they ended after the last day that is long enough ago."""
        last = self._last_day()
        return [
            pair for pair, ended in _ends(cohort).items() if last is None or ended is None or ended > last
        ]

    def _last_day(self) -> datetime.date | None:
        """The latest end after which a pair has rested long enough; None before there were years."""
        on = datetime.date.fromisoformat(self.on)
        months = on.year * 12 + on.month - 1 - self.months
        if months < 12:
            return None
        return _in_month(months, on.day if on.day < _days(on.year, on.month) else 31)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        ends, pair = _ends(mentor.cohort), (mentor.id, mentee.id)
        if pair not in ends:
            return True
        ended = ends[pair]
        if ended is None:
            return False
        months = ended.year * 12 + ended.month - 1 + self.months
        if months >= 12 * (datetime.MAXYEAR + 1):
            return False
        return _in_month(months, ended.day).isoformat() <= self.on

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """When the pair ended."""
        ended = _ends(mentor.cohort).get((mentor.id, mentee.id))
        return "the pair has not ended" if ended is None else f"the pair ended on {ended.isoformat()}"


def _ends(cohort: Cohort) -> Mapping[tuple[str, str], datetime.date | None]:
    return cohort.ended or {}


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _in_month(months: int, day: int) -> datetime.date:
    """A day of a month that is counted from the year 0, or the last one if the month is shorter."""
    year, month = months // 12, months % 12 + 1
    return datetime.date(year, month, min(day, _days(year, month)))


def _day(checks: Checks, value: object) -> str:
    """A day as text, from a date or from text as ISO 8601 has it."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    try:
        if isinstance(value, str) and datetime.date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    checks.add("bad_date", "on", f"'on' must be a date as 2026-11-22, not {told(value)}.")
    return datetime.date.max.isoformat()
