"""A programme's life as events: who is a pair, who waits, what is due; and a file to keep them in."""

from __future__ import annotations

from pairmatch.programme.due import DUE
from pairmatch.programme.events import KINDS, Event
from pairmatch.programme.lives import PairLife, PersonLife
from pairmatch.programme.plan import PairPlan
from pairmatch.programme.programme import Programme
from pairmatch.programme.store import EventStore

__all__ = [
    "DUE",
    "KINDS",
    "Event",
    "EventStore",
    "PairLife",
    "PairPlan",
    "PersonLife",
    "Programme",
]
