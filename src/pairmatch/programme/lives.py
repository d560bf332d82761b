"""What events say of one pair and of one person."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace

__all__ = ["CURRENT", "PairLife", "PersonLife"]

CURRENT = ("proposed", "approved", "started")
"""States of pairs that hold their places."""


@dataclass(frozen=True, slots=True)
class PairLife:
    """One pair from its proposal to its end.

    Attributes
    ----------
    mentor, mentee
        Ids.
    state
        One of :data:`CURRENT`; or how the pair went: ``"ended"``, ``"declined"``, ``"withdrawn"``,
        ``"mentor_left"`` or ``"mentee_left"``.
    since
        The day on which it came into this state.
    first
        The day of its first event.
    started
        The day on which it began; None where it has not, or never did.
    sessions, check_ins
        Days of sessions and check-ins, earliest first.
    reason
        Why it ended, or empty. Confidential: no text that shows a pair shows it.
    """

    mentor: str
    mentee: str
    state: str
    since: datetime.date
    first: datetime.date
    started: datetime.date | None = None
    sessions: tuple[datetime.date, ...] = ()
    check_ins: tuple[datetime.date, ...] = ()
    reason: str = field(default="", repr=False)

    @property
    def pair(self) -> tuple[str, str]:
        """Mentor id, mentee id."""
        return self.mentor, self.mentee

    @property
    def current(self) -> bool:
        """Whether the pair holds its places."""
        return self.state in CURRENT

    @property
    def last(self) -> datetime.date | None:
        """The day of the last session; None where there was none."""
        return self.sessions[-1] if self.sessions else None

    def into(self, state: str, day: datetime.date, reason: str = "") -> PairLife:
        """The pair in another state."""
        started = day if state == "started" else self.started
        return replace(self, state=state, since=day, started=started, reason=reason)


@dataclass(frozen=True, slots=True)
class PersonLife:
    """One person on one side.

    Attributes
    ----------
    side
        ``"mentors"`` or ``"mentees"``.
    id
        The person.
    joined
        The day of the first event that names them, or of their return.
    left
        The day on which they left; None for who takes part.
    free_since
        The day since which they have been without a pair; None for who has one, or has left.
    rounds
        Rounds in which they took part and had no pair, since a pair of theirs last started.
    """

    side: str
    id: str
    joined: datetime.date
    left: datetime.date | None = None
    free_since: datetime.date | None = None
    rounds: int = 0
