"""Programme: the state of a programme on a day, from its events."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted, findings_table
from pairmatch.parameters import is_whole
from pairmatch.programme import due
from pairmatch.programme.audience import check_audience
from pairmatch.programme.days import day_of
from pairmatch.programme.events import Event
from pairmatch.programme.handing_on import proposals, rematch_arguments
from pairmatch.programme.lives import PairLife, PersonLife
from pairmatch.programme.plan import PairPlan, months_after
from pairmatch.programme.reading import read_events
from pairmatch.programme.replay import Replay, rounds_of
from pairmatch.programme.store import EventStore

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching

__all__ = ["Programme"]

FAILED = ("ended", "declined")
"""How pairs go that are not to be proposed again."""

LONGEST = 1200
"""Months; a century is for ever."""


@dataclass(frozen=True, eq=False, repr=False)
class Programme:
    """A programme as it stands on a day: pairs, people who wait, and what is due.

    Made by :meth:`from_events`; frozen. Tables are new copies each time, days in them are texts as
    ``"2026-11-22"``. Why pairs ended is told by :meth:`end_reasons` alone.

    Attributes
    ----------
    on
        The day.
    events
        Everything up to that day, in order.
    lives
        Every pair that was ever proposed: those that are over in order of their ends, then the current ones.
    people
        Everybody whom an event names.
    plan
        What was planned for every pair.
    cohort
        Whose people they are; None where no cohort was handed in.
    remarks
        What is worth knowing though nothing is wrong.
    """

    on: datetime.date
    events: tuple[Event, ...]
    lives: tuple[PairLife, ...]
    people: tuple[PersonLife, ...]
    plan: PairPlan = field(default_factory=PairPlan)
    cohort: Cohort | None = None
    remarks: tuple[Finding, ...] = ()

    @classmethod
    def from_events(
        cls,
        events: pd.DataFrame | str | PathLike[str] | Iterable[Event] | EventStore,
        cohort: Cohort | None = None,
        *,
        on: datetime.date | str,
        plan: PairPlan | None = None,
        rounds: Iterable[datetime.date | str] | None = None,
    ) -> Programme:
        """The state of a programme after its events.

        Parameters
        ----------
        events
            A frame, the path of a CSV file, events or an :class:`EventStore`. Events count in order of their
            days, those of one day in the order of the table.
        cohort
            The people of the coming round. Those among them who take part and are in no event wait too;
            nobody else waits.
        on
            The day that is asked about: a date, or text as ``"2026-11-22"``. Later events do not count.
        plan
            What was planned for every pair; None for :class:`PairPlan` as it comes.
        rounds
            Days on which a matching was made; None for all days on which pairs were proposed, or told of for
            the first time.

        Raises
        ------
        CallError
            The events cannot be used or cannot have happened in this order; all problems at once.
        FileError
            The file is missing or cannot be opened.

        Examples
        --------
        >>> import pairmatch as pm
        >>> events = [pm.Event("2026-03-02", "started", "m1", "e1"), pm.Event("2026-03-09", "joined", "m2")]
        >>> pm.Programme.from_events(events, on="2026-04-07")
        <Programme on 2026-04-07: 1 pair, 1 of them started; 1 person waits>
        """
        _check_nouns(cohort, plan)
        last = day_of(on, "on")
        read = read_events(events.events if isinstance(events, EventStore) else events)
        told = [entry for entry in zip(read.events, read.rows, strict=True) if entry[0].date <= last]
        told.sort(key=lambda entry: entry[0].date)
        happened = tuple(event for event, _ in told)
        days = rounds_of(happened) if rounds is None else _rounds(rounds)
        replay = Replay(days)
        for event, row in told:
            replay.take(event, row)
        if replay.found:
            raise CallError(replay.found)
        lives, people = (*replay.past, *replay.pairs()), replay.people(last)
        later = _later(len(read.events) - len(happened))
        remarks = (*read.notes, *later, *_strangers(lives, people, cohort))
        return cls(last, happened, lives, people, plan or PairPlan(), cohort, remarks)

    @property
    def pairs(self) -> pd.DataFrame:
        """One row per current pair: mentor, mentee, state, since, started, sessions, last_session.

        The state is ``"proposed"``, ``"approved"`` or ``"started"``; days that are not known are empty.
        """
        rows = [
            [*life.pair, life.state, *_days(life.since, life.started), len(life.sessions), *_days(life.last)]
            for life in self.lives
            if life.current
        ]
        return _table(rows, "mentor", "mentee", "state", "since", "started", "sessions", "last_session")

    @property
    def history(self) -> pd.DataFrame:
        """Pairs that began and are over, as ``Cohort(history=...)`` takes them: mentor, mentee, ended.

        A pair that is one again is not among them.
        """
        again = {life.pair for life in self.lives if life.current}
        rows = [
            [*life.pair, life.since.isoformat()]
            for life in self.lives
            if life.started is not None and life.pair not in again
        ]
        return _table(sorted(rows), "mentor", "mentee", "ended")

    @property
    def failed_pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs that ended or were turned down, whatever the reason, each once, sorted.

        Neither pairs that ended because somebody left the programme, nor those that are a pair again.
        """
        return self.failed_within(None)

    def failed_within(self, months: int | None) -> tuple[tuple[str, str], ...]:
        """Pairs that failed within so many months before this day, each once, sorted.

        Parameters
        ----------
        months
            How long a pair that failed is not to be proposed again; None for ever.
        """
        if months is not None and not (is_whole(months) and 0 <= months <= LONGEST):
            hint = f"'months' is to be a whole number from 0 to {LONGEST}, or None for ever"
            raise CallError([Finding("out_of_range", hint, column="months")])
        failed = [life for life in self.lives if life.state in FAILED]
        recent = {
            life.pair for life in failed if months is None or months_after(life.since, months) > self.on
        }
        return tuple(sorted(recent - {life.pair for life in self.lives if life.current}))

    @property
    def failed(self) -> pd.DataFrame:
        """One row per pair that failed: mentor, mentee."""
        return _table([list(pair) for pair in self.failed_pairs], "mentor", "mentee")

    @property
    def left(self) -> pd.DataFrame:
        """One row per person who takes part no longer: side, id, since."""
        rows = [[one.side, one.id, *_days(one.left)] for one in self.people if one.left is not None]
        return _table(rows, "side", "id", "since")

    @property
    def movable_pairs(self) -> tuple[tuple[str, str], ...]:
        """Current pairs that have not started: a re-match may move them."""
        return tuple(life.pair for life in self.lives if life.state in ("proposed", "approved"))

    @property
    def movable(self) -> pd.DataFrame:
        """One row per pair that has not started: mentor, mentee."""
        return _table([list(pair) for pair in self.movable_pairs], "mentor", "mentee")

    @property
    def waiting_people(self) -> tuple[PersonLife, ...]:
        """Who takes part and has no pair; of a cohort, also those whom no event names."""
        free = [one for one in self.people if one.left is None and one.free_since is not None]
        if self.cohort is None:
            return tuple(free)
        active = _active(self.cohort)
        named = {(one.side, one.id) for one in self.people}
        known = [one for one in free if (one.side, one.id) in active]
        return tuple(sorted([*known, *(_unnamed(who, self.on) for who in active - named)], key=_by_id))

    @property
    def waiting(self) -> pd.DataFrame:
        """One row per person who takes part and has no pair: side, id, since, rounds.

        ``rounds`` counts the rounds in which they had none, since a pair of theirs last started. Whom no
        event names has waited since a day that nobody knows, and for no round.
        """
        named = {(one.side, one.id) for one in self.people}
        rows = [
            [one.side, one.id, *_days(one.free_since if (one.side, one.id) in named else None), one.rounds]
            for one in self.waiting_people
        ]
        return _table(rows, "side", "id", "since", "rounds")

    @property
    def due(self) -> pd.DataFrame:
        """One row per thing to do, longest overdue first: what, mentor, mentee, since, days.

        ``what`` is ``"approval"``, ``"start"``, a check-in (``"first_month"``, ``"mid_point"``, ``"end"``) or
        ``"session"`` for pairs that have not met for long.
        """
        rows = [
            [what, mentor, mentee, since.isoformat(), (self.on - since).days]
            for what, mentor, mentee, since in due.due_of(self.lives, self.plan, self.on)
        ]
        return _table(rows, "what", "mentor", "mentee", "since", "days")

    @property
    def check_ins(self) -> pd.DataFrame:
        """One row per check-in of a pair that has started: mentor, mentee, check_in, day, state.

        The state is ``"done"``, ``"due"``, ``"missed"`` (the next one's turn has come) or ``"to_come"``.
        """
        rows = [
            [mentor, mentee, name, day.isoformat(), state]
            for mentor, mentee, name, day, state in due.check_ins_of(self.lives, self.plan, self.on)
        ]
        return _table(rows, "mentor", "mentee", "check_in", "day", "state")

    @property
    def notes(self) -> pd.DataFrame:
        """What is worth knowing though nothing is wrong, with reason codes."""
        return findings_table(self.remarks)

    def end_reasons(self, *, audience: str) -> pd.DataFrame:
        """Why pairs ended: mentor, mentee, ended, reason. Confidential (law §12).

        Parameters
        ----------
        audience
            ``"lead"``; nobody else is shown the reasons.

        Raises
        ------
        CallError
            The audience is another one.
        """
        check_audience(audience, needed=True)
        rows = [
            [*life.pair, life.since.isoformat(), life.reason] for life in self.lives if life.state == "ended"
        ]
        return _table(rows, "mentor", "mentee", "ended", "reason")

    def rematch(
        self,
        matching: Matching,
        cohort: Cohort | None = None,
        *,
        cool_down: int | None = None,
        **options: Any,
    ) -> Matching:
        """:func:`pairmatch.rematch` with all that the events say: who failed, left and waited, who may move.

        Parameters
        ----------
        matching
            The matching by which the programme was run until now.
        cohort
            The people of the coming round; None for the programme's own, else the matching's.
        cool_down
            Months after which a pair that failed may be proposed again; None for never.
        options
            Further arguments of :func:`pairmatch.rematch`; they go before what the events say.

        Raises
        ------
        CallError
            Pairs have started that the matching does not have; or what ``pairmatch.rematch`` refuses.
        """
        from pairmatch.explain import check_matching
        from pairmatch.rematch import rematch

        check_matching(matching)
        _check_nouns(cohort)
        people = cohort or self.cohort or matching.cohort
        told = rematch_arguments(self, matching, people, cool_down)
        return rematch(matching, cohort or self.cohort, **{**told, **options})

    def taking_up(self, matching: Matching, on: datetime.date | str) -> tuple[Event, ...]:
        """The events by which the programme takes up a matching: to be approved, and stored, by its owner.

        Pairs that are new are proposed. Pairs that the matching does not have are withdrawn, or ended where
        they had started; no reason is told.

        Parameters
        ----------
        matching
            The new matching.
        on
            The day of the events.
        """
        return proposals(self, matching, day_of(on, "on"))

    def __repr__(self) -> str:
        current = [life for life in self.lives if life.current]
        started = sum(life.state == "started" for life in current)
        waiting = len(self.waiting_people)
        told = f"{counted(len(current), 'pair')}, {started:,} of them started"
        return f"<Programme on {self.on}: {told}; {counted(waiting, 'person waits', 'people wait')}>"


def _check_nouns(cohort: object, plan: object = None) -> None:
    from pairmatch.cohort import Cohort

    found = []
    if cohort is not None and not isinstance(cohort, Cohort):
        found.append(Finding("bad_argument", "'cohort' must be a Cohort, or None", column="cohort"))
    if plan is not None and not isinstance(plan, PairPlan):
        found.append(Finding("bad_argument", "'plan' must be a PairPlan, or None", column="plan"))
    if found:
        raise CallError(found)


def _rounds(days: object) -> list[datetime.date]:
    if isinstance(days, str) or not isinstance(days, Iterable):
        hint = "'rounds' must be a list of days, or None"
        raise CallError([Finding("bad_argument", hint, column="rounds")])
    return sorted({day_of(day, "rounds") for day in days})


def _table(rows: Sequence[Sequence[Any]], *columns: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))


def _days(*days: datetime.date | None) -> list[str]:
    return ["" if day is None else day.isoformat() for day in days]


def _by_id(one: PersonLife) -> tuple[str, str]:
    return one.side, one.id


def _unnamed(who: tuple[str, str], on: datetime.date) -> PersonLife:
    return PersonLife(*who, joined=on, free_since=on)


def _active(cohort: Cohort) -> set[tuple[str, str]]:
    """Side and id of everybody who takes part."""
    return {
        (side, who)
        for side in ("mentors", "mentees")
        for who, active in zip(cohort.side(side).ids, cohort.side(side).active, strict=True)
        if active
    }


def _later(count: int) -> list[Finding]:
    hint = f"{counted(count, 'event')} of later days did not count"
    return [Finding("later_events", hint, "events")] if count else []


def _strangers(
    lives: Sequence[PairLife], people: Sequence[PersonLife], cohort: Cohort | None
) -> list[Finding]:
    """People with a pair who are not in the cohort or rest there."""
    if cohort is None:
        return []
    active = _active(cohort)
    busy = {
        who for life in lives if life.current for who in (("mentors", life.mentor), ("mentees", life.mentee))
    }
    hint = "the person has a pair and does not take part in the cohort; add a 'left' event if they are gone"
    return [Finding("not_in_cohort", hint, *who) for who in sorted(busy - active)]
