"""What happens in a programme, as a list to which events are only ever added."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pairmatch.cohort.cells import LONGEST_ID, Bad, identifier
from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.matching.revision import END_REASONS
from pairmatch.programme.days import day_or_bad

__all__ = ["COLUMNS", "KINDS", "OF_ONE", "Event", "flaws"]

KINDS = {
    "joined": "somebody takes part from this day on",
    "left": "somebody takes part no longer; the pairs of theirs end",
    "proposed": "a pair was proposed to those who decide",
    "approved": "the proposal was approved, and may be told to the two",
    "declined": "the proposal was turned down; the pair is not to be proposed again",
    "withdrawn": "the proposal was taken back, and may be made again",
    "started": "the pair began",
    "met": "the two held a session",
    "checked_in": "somebody asked the pair how it goes",
    "ended": "the pair ended, for whatever reason",
}
"""Kinds of events and what they mean."""

OF_ONE = ("joined", "left")
"""Kinds that are about one person; the others are about a pair."""

_OF_TWO = frozenset(KINDS) - {*OF_ONE}

COLUMNS = ("id", "date", "kind", "mentor", "mentee", "reason")
"""Columns of a table of events; ``id`` and ``reason`` may be absent."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on one day.

    Parameters
    ----------
    date
        The day: a date, or text as ``"2026-11-22"``.
    kind
        One of :data:`KINDS`.
    mentor, mentee
        Ids. Events about one person name that one alone: ``mentor`` for who takes part as a mentor.
    reason
        Why a pair ended, one of :data:`pairmatch.matching.END_REASONS`, or empty. Confidential: no text that
        shows an event shows it.
    id
        Names the event, so that one told twice counts once. Made from the day, the kind and the people where
        it is empty: name two sessions of a pair on one day yourself.

    Raises
    ------
    CallError
        If something about it is wrong; all of it at once.

    Examples
    --------
    >>> import pairmatch as pm
    >>> pm.Event("2026-11-22", "ended", "m3", "e17", reason="no_time")
    Event(date=datetime.date(2026, 11, 22), kind='ended', mentor='m3', mentee='e17', id='6f0640d85d45e5eb')
    """

    date: datetime.date
    kind: str
    mentor: str = ""
    mentee: str = ""
    reason: str = field(default="", repr=False)
    id: str = ""

    if TYPE_CHECKING:

        def __init__(
            self,
            date: datetime.date | str,
            kind: str,
            mentor: str = "",
            mentee: str = "",
            reason: str = "",
            id: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        if not self._sound():
            found = [Finding(code, hint, "events", column=column) for column, code, hint in self._checked()]
            if found:
                raise CallError(found)
        if not self.id:
            object.__setattr__(self, "id", own_id(self.date, self.kind, self.mentor, self.mentee))

    def _sound(self) -> bool:
        """Whether nothing is wrong, told at one glance; there are hundreds of thousands of events."""
        mentor, mentee = self.mentor, self.mentee
        if type(self.date) is not datetime.date or not type(mentor) is type(mentee) is type(self.id) is str:
            return False
        if self.kind not in _OF_TWO or self.reason or not mentor or not mentee or mentor == mentee:
            return False
        text = f"{mentor}{mentee}{self.id}"
        return text.isprintable() and len(text) <= LONGEST_ID

    def _checked(self) -> Iterator[tuple[str, str, str]]:
        day = day_or_bad(self.date)
        if isinstance(day, Bad):
            yield "date", day.code, day.hint
        else:
            object.__setattr__(self, "date", day)
        for name in ("mentor", "mentee", "id"):
            value = getattr(self, name)
            bad = identifier(value) if isinstance(value, str) else Bad("bad_id", "an id is a text")
            if isinstance(bad, Bad):
                yield name, bad.code, bad.hint
        yield from flaws(self.kind, self.mentor, self.mentee, self.reason)

    @property
    def people(self) -> tuple[tuple[str, str], ...]:
        """Side and id of everybody whom the event names."""
        both = (("mentors", self.mentor), ("mentees", self.mentee))
        return tuple((side, who) for side, who in both if who)


def own_id(date: datetime.date, kind: str, mentor: str, mentee: str) -> str:
    """A name for an event that has none, from its content; the reason is no part of it."""
    text = "\x1f".join((date.isoformat(), kind, mentor, mentee))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def flaws(kind: Any, mentor: Any, mentee: Any, reason: Any) -> Iterator[tuple[str, str, str]]:
    """What does not go together in an event: column, code and hint.

    Parameters
    ----------
    kind, mentor, mentee, reason
        As the event has them; empty or None for none.
    """
    if not isinstance(kind, str) or kind not in KINDS:
        near = did_you_mean(kind, KINDS) if isinstance(kind, str) else ""
        yield "kind", "unknown_kind", f"a kind of event is {_either(KINDS)}.{near}"
        return
    if kind in OF_ONE and bool(mentor) == bool(mentee):
        hint = f"'{kind}' is about one person: fill in the mentor or the mentee, and leave the other blank"
        yield "mentor", "one_person", hint
    if kind not in OF_ONE and not (mentor and mentee):
        yield "mentor" if not mentor else "mentee", "no_pair", f"'{kind}' is about a pair: fill in both ids"
    if kind not in OF_ONE and mentor and mentor == mentee:
        yield "mentee", "same_person", "nobody is paired with themself"
    # Whatever stands there is not shown, and nothing near it is guessed.
    if reason and kind != "ended":
        yield "reason", "unexpected_reason", "only a pair that 'ended' has a reason; leave the cell blank"
    elif reason and (not isinstance(reason, str) or reason not in END_REASONS):
        yield "reason", "unknown_reason", f"a reason is {_either(END_REASONS)}, or blank"


def _either(words: Any) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"
