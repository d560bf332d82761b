"""Events told one after the other: what they make of pairs and people, and which cannot be."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pairmatch.errors import Finding
from pairmatch.programme.events import Event
from pairmatch.programme.lives import PairLife, PersonLife

__all__ = ["Replay", "rounds_of"]

Pair = tuple[str, str]
Who = tuple[str, str]
"""Side and id."""

TOO_EARLY = {
    "declined": "there is no proposal of this pair; add a 'proposed' event before it",
    "withdrawn": "there is no proposal of this pair; add a 'proposed' event before it",
    "met": "the pair had not started, or was over, on this day; add a 'started' event before it",
    "checked_in": "the pair had not started, or was over, on this day; add a 'started' event before it",
    "ended": "the two are no pair on this day; add the event by which they became one",
}

ALREADY = "the two are a pair in this state, or a later one, already; take one of the events out"

GONE = "somebody of the pair had left by this day; add a 'joined' event if they came back"

DURING = "the pair has started: it is not turned down or taken back any more, it 'ended'"


@dataclass
class _Free:
    """How long somebody has been without a pair."""

    joined: datetime.date
    since: datetime.date | None
    rounds: int = 0
    left: datetime.date | None = None
    pairs: int = 0


class Replay:
    """Takes events in and gathers what cannot be.

    Parameters
    ----------
    rounds
        Days of rounds, earliest first: who is without a pair at the end of one has waited for it.
    """

    def __init__(self, rounds: Sequence[datetime.date]) -> None:
        self.found: list[Finding] = []
        self.past: list[PairLife] = []
        self._rounds = rounds
        self._pairs: dict[Pair, PairLife] = {}
        self._meetings: dict[Pair, list[datetime.date]] = {}
        self._check_ins: dict[Pair, list[datetime.date]] = {}
        self._people: dict[Who, _Free] = {}
        self._own: dict[Who, set[Pair]] = {}
        self._of_kind: dict[str, Callable[[Event], str]] = {
            "joined": self._joined,
            "left": self._left,
            "proposed": self._begun,
            "approved": self._begun,
            "started": self._begun,
            "declined": self._undone,
            "withdrawn": self._undone,
            "met": self._during,
            "checked_in": self._during,
            "ended": self._ended,
        }

    def take(self, event: Event, row: int) -> None:
        """One more event; those of earlier days come first."""
        hint = self._of_kind[event.kind](event)
        if hint:
            code = {ALREADY: "already", GONE: "has_left", DURING: "has_started"}.get(hint, "too_early")
            self.found.append(Finding(code, f"'{event.kind}': {hint}", "events", event.id, row, "kind"))

    def pairs(self) -> tuple[PairLife, ...]:
        """Current pairs, sorted."""
        return tuple(self._whole(self._pairs[pair]) for pair in sorted(self._pairs))

    def people(self, on: datetime.date) -> tuple[PersonLife, ...]:
        """Everybody whom an event names, sorted."""
        return tuple(
            PersonLife(*who, free.joined, free.left, free.since, free.rounds + self._waited(free, on))
            for who, free in sorted(self._people.items())
        )

    def _waited(self, free: _Free, on: datetime.date) -> int:
        """Rounds since somebody has been without a pair, that of this day counted."""
        if free.since is None:
            return 0
        return bisect_right(self._rounds, on) - bisect_left(self._rounds, free.since)

    def _joined(self, event: Event) -> str:
        for who in event.people:
            free = self._person(who, event.date)
            if free.left is not None:
                free.left, free.joined, free.since = None, event.date, event.date
        return ""

    def _left(self, event: Event) -> str:
        (who,) = event.people
        free = self._person(who, event.date)
        for pair in sorted(self._own.get(who, ())):
            self._over(pair, f"{who[0][:-1]}_left", event.date)
        if free.left is None:
            self._end_of_wait(free, event.date)
            free.left = event.date
        return ""

    def _begun(self, event: Event) -> str:
        """A pair proposed, approved or started: each may be the first that is told of it."""
        pair = (event.mentor, event.mentee)
        known = self._pairs.get(pair)
        order = ("proposed", "approved", "started")
        if known is not None and order.index(known.state) >= order.index(event.kind):
            return ALREADY
        if self._gone(event):
            return GONE
        if known is None:
            known = PairLife(*pair, event.kind, event.date, event.date)
            for who in event.people:
                free = self._person(who, event.date)
                self._end_of_wait(free, event.date)
                free.pairs += 1
                self._own.setdefault(who, set()).add(pair)
        self._pairs[pair] = known.into(event.kind, event.date)
        if event.kind == "started":
            for who in event.people:
                self._people[who].rounds = 0
        return ""

    def _undone(self, event: Event) -> str:
        known = self._pairs.get((event.mentor, event.mentee))
        if known is None:
            return TOO_EARLY[event.kind]
        if known.state == "started":
            return DURING
        self._over(known.pair, event.kind, event.date)
        return ""

    def _during(self, event: Event) -> str:
        known = self._pairs.get((event.mentor, event.mentee))
        if known is None or known.state != "started":
            return TOO_EARLY[event.kind]
        kept = self._meetings if event.kind == "met" else self._check_ins
        kept.setdefault(known.pair, []).append(event.date)
        return ""

    def _ended(self, event: Event) -> str:
        known = self._pairs.get((event.mentor, event.mentee))
        if known is None:
            return TOO_EARLY[event.kind]
        self._over(known.pair, "ended", event.date, event.reason)
        return ""

    def _over(self, pair: Pair, how: str, day: datetime.date, reason: str = "") -> None:
        self.past.append(self._whole(self._pairs.pop(pair).into(how, day, reason)))
        self._meetings.pop(pair, None)
        self._check_ins.pop(pair, None)
        for who in (("mentors", pair[0]), ("mentees", pair[1])):
            self._own[who].discard(pair)
            free = self._people[who]
            free.pairs -= 1
            if not free.pairs and free.left is None:
                free.since = day

    def _whole(self, life: PairLife) -> PairLife:
        met, asked = self._meetings.get(life.pair, ()), self._check_ins.get(life.pair, ())
        return replace(life, sessions=tuple(met), check_ins=tuple(asked)) if met or asked else life

    def _gone(self, event: Event) -> bool:
        return any(who in self._people and self._people[who].left is not None for who in event.people)

    def _person(self, who: Who, day: datetime.date) -> _Free:
        if who not in self._people:
            self._people[who] = _Free(day, day)
        return self._people[who]

    def _end_of_wait(self, free: _Free, day: datetime.date) -> None:
        """Rounds before this day count; that of this day does not."""
        if free.since is not None:
            free.rounds += bisect_left(self._rounds, day) - bisect_left(self._rounds, free.since)
        free.since = None


def rounds_of(events: Sequence[Event]) -> list[datetime.date]:
    """Days on which pairs were proposed, or were first told of; earliest first."""
    known: set[Pair] = set()
    days = set()
    for event in events:
        pair = (event.mentor, event.mentee)
        if event.kind == "proposed" or (event.kind in ("approved", "started") and pair not in known):
            days.add(event.date)
            known.add(pair)
        elif event.kind in ("ended", "declined", "withdrawn"):
            known.discard(pair)
    return sorted(days)
