"""The state of a programme: pairs, people who wait, rounds, what is due."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.cohort import Cohort
from pairmatch.errors import CallError
from pairmatch.programme import Event, PairPlan, Programme
from pairmatch.programme.replay import Replay, rounds_of

START = datetime.date(2026, 1, 1)

PAIR_KINDS = ("proposed", "approved", "declined", "withdrawn", "started", "met", "checked_in", "ended")


def event(day: str, kind: str, mentor: str = "", mentee: str = "", reason: str = "") -> Event:
    """An event of 2026, by month and day."""
    return Event(f"2026-{day}", kind, mentor, mentee, reason)


def state(*events: Event, on: str = "12-31", **options: Any) -> Programme:
    """A programme on a day of 2026."""
    return Programme.from_events(events, on=f"2026-{on}", **options)


def rows(table: pd.DataFrame) -> list[list[Any]]:
    """A table as lists."""
    return [list(row) for row in table.itertuples(index=False)]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events that can have happened: of any drawn at random, those that the ones before allow."""
    days = sorted(draw(st.lists(st.integers(0, 40), max_size=45)))
    events, replay = [], Replay([])
    for place, day in enumerate(days):
        kind = draw(st.sampled_from((*PAIR_KINDS, "started", "proposed", "ended", "joined", "left")))
        mentor, mentee = draw(st.sampled_from(["m1", "m2", "m3"])), draw(st.sampled_from(["e1", "e2"]))
        if kind in ("joined", "left"):
            mentor, mentee = draw(st.sampled_from([(mentor, ""), ("", mentee)]))
        one = Event(START + datetime.timedelta(days=day), kind, mentor, mentee, id=str(place))
        replay.found.clear()
        replay.take(one, 1)
        if not replay.found:
            events.append(one)
    return events


def test_the_life_of_a_pair() -> None:
    """Proposed, approved, started; sessions are counted; over, it is history and has failed."""
    events = [
        event("01-05", "proposed", "m1", "e1"),
        event("01-06", "approved", "m1", "e1"),
        event("01-10", "started", "m1", "e1"),
        event("02-01", "met", "m1", "e1"),
        event("03-01", "met", "m1", "e1"),
        event("04-01", "ended", "m1", "e1", "no_time"),
    ]
    first = ["m1", "e1"]
    assert rows(state(*events, on="01-05").pairs) == [[*first, "proposed", "2026-01-05", "", 0, ""]]
    assert rows(state(*events, on="01-09").pairs) == [[*first, "approved", "2026-01-06", "", 0, ""]]
    assert rows(state(*events, on="03-31").pairs) == [
        [*first, "started", "2026-01-10", "2026-01-10", 2, "2026-03-01"]
    ]
    assert rows(state(*events, on="01-09").movable) == [first]
    assert rows(state(*events, on="03-31").movable) == []
    over = state(*events)
    assert rows(over.pairs) == []
    assert rows(over.history) == [[*first, "2026-04-01"]]
    assert rows(over.failed) == [first]
    assert over.lives[0].sessions == (datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    assert repr(over) == "<Programme on 2026-12-31: 0 pairs, 0 of them started; 2 people wait>"


def test_history_fits_a_cohort() -> None:
    """The table is what ``Cohort(history=...)`` takes, with ends for a cool-down."""
    programme = state(event("01-10", "started", "m1", "e1"), event("04-01", "ended", "m1", "e1"))
    people = pd.DataFrame({"id": ["m1"]}), pd.DataFrame({"id": ["e1"]})
    cohort = Cohort(*people, history=programme.history)
    assert cohort.ended == {("m1", "e1"): datetime.date(2026, 4, 1)}
    assert Cohort(*people, history=state().history).history == ()


def test_which_pairs_failed() -> None:
    """Ended or declined, whatever the reason; not withdrawn, nor of people who left, nor a pair again."""
    programme = state(
        event("01-05", "proposed", "m1", "e1"),
        event("01-06", "declined", "m1", "e1"),
        event("01-05", "proposed", "m1", "e2"),
        event("01-06", "withdrawn", "m1", "e2"),
        event("01-05", "started", "m2", "e3"),
        event("01-06", "left", "m2"),
        event("01-05", "started", "m3", "e4"),
        event("01-06", "ended", "m3", "e4", "goals_met"),
        event("01-05", "started", "m4", "e5"),
        event("01-06", "ended", "m4", "e5", "no_chemistry"),
        event("02-06", "started", "m4", "e5"),
    )
    assert programme.failed_pairs == (("m1", "e1"), ("m3", "e4"))
    assert [life.state for life in programme.lives] == [
        "declined", "withdrawn", "mentor_left", "ended", "ended", "started"
    ]  # fmt: skip
    assert rows(programme.history) == [["m2", "e3", "2026-01-06"], ["m3", "e4", "2026-01-06"]]
    assert rows(programme.left) == [["mentors", "m2", "2026-01-06"]]


def test_failed_within() -> None:
    """A cool-down ends with the same day of a later month."""
    events = event("01-31", "started", "m1", "e1"), event("01-31", "ended", "m1", "e1")
    assert state(*events, on="02-27").failed_within(1) == (("m1", "e1"),)
    assert state(*events, on="02-28").failed_within(1) == ()
    assert state(*events, on="02-28").failed_within(None) == (("m1", "e1"),)
    for months in (-1, 1.5, "1", 1201):
        with pytest.raises(CallError, match="'months'"):
            state(*events).failed_within(months)


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        (("proposed", "proposed"), "already"),
        (("started", "approved"), "already"),
        (("started", "started"), "already"),
        (("started", "declined"), "has_started"),
        (("started", "withdrawn"), "has_started"),
        (("declined",), "too_early"),
        (("withdrawn",), "too_early"),
        (("proposed", "met"), "too_early"),
        (("approved", "checked_in"), "too_early"),
        (("ended",), "too_early"),
        (("started", "ended", "met"), "too_early"),
    ],
)
def test_what_cannot_be(kinds: tuple[str, ...], code: str) -> None:
    """An event that does not fit those before it is told with its row and id, and how to mend it."""
    events = [event(f"01-{k + 1:02d}", kind, "m1", "e1") for k, kind in enumerate(kinds)]
    with pytest.raises(CallError) as caught:
        state(*events)
    (finding,) = caught.value.findings
    assert (finding.code, finding.row, finding.id) == (code, len(kinds), events[-1].id)
    assert finding.hint.startswith(f"'{kinds[-1]}': ")


def test_who_left_starts_nothing() -> None:
    """Unless they joined again; all problems are told at once."""
    events = [event("01-01", "left", "m1"), event("01-02", "started", "m1", "e1")]
    with pytest.raises(CallError) as caught:
        state(*events, event("01-03", "declined", "m2", "e1"))
    assert [finding.code for finding in caught.value.findings] == ["has_left", "too_early"]
    back = state(events[0], event("01-01", "joined", "m1"), events[1])
    assert [life.state for life in back.lives] == ["started"]
    assert rows(back.left) == []


def test_waiting_and_rounds() -> None:
    """Everybody without a pair at the end of a round has waited for it; a start wipes that out."""
    events = [
        event("01-01", "joined", "m1"),
        event("01-01", "joined", "", "e1"),
        event("01-01", "joined", "", "e2"),
        event("02-01", "proposed", "m1", "e1"),
        event("02-02", "declined", "m1", "e1"),
        event("03-01", "proposed", "m1", "e2"),
        event("03-05", "started", "m1", "e2"),
        event("04-01", "ended", "m1", "e2"),
        event("05-01", "started", "m2", "e3"),
    ]
    assert rows(state(*events, on="02-28").waiting) == [
        ["mentees", "e1", "2026-02-02", 0],
        ["mentees", "e2", "2026-01-01", 1],
        ["mentors", "m1", "2026-02-02", 0],
    ]
    assert rows(state(*events).waiting) == [
        ["mentees", "e1", "2026-02-02", 2],
        ["mentees", "e2", "2026-04-01", 1],
        ["mentors", "m1", "2026-04-01", 1],
    ]
    assert rows(state(*events, rounds=["2026-04-01", START]).waiting) == [
        ["mentees", "e1", "2026-02-02", 2],
        ["mentees", "e2", "2026-04-01", 1],
        ["mentors", "m1", "2026-04-01", 1],
    ]


def test_a_reserve_that_comes_back() -> None:
    """Keeps the rounds for which they waited before they left."""
    events = [
        event("01-01", "joined", "m1"),
        event("01-02", "proposed", "m2", "e2"),
        event("01-03", "left", "m1"),
        event("01-04", "proposed", "m3", "e3"),
    ]
    assert rows(state(*events).waiting) == []
    back = state(*events, event("01-05", "joined", "m1"))
    assert rows(back.waiting) == [["mentors", "m1", "2026-01-05", 1]]


def test_a_cohort_says_who_waits() -> None:
    """Those who take part there, also if no event names them; people with a pair who do not are told."""
    mentors = pd.DataFrame({"id": ["m1", "m2", "m3"], "active": ["yes", "yes", "no"]})
    cohort = Cohort(mentors, pd.DataFrame({"id": ["e1"]}))
    programme = state(
        event("01-01", "joined", "m1"),
        event("01-01", "joined", "m9"),
        event("01-02", "proposed", "m3", "e8"),
        event("01-03", "left", "", "e7"),
        cohort=cohort,
    )
    assert rows(programme.waiting) == [
        ["mentees", "e1", "", 0],
        ["mentors", "m1", "2026-01-01", 1],
        ["mentors", "m2", "", 0],
    ]
    notes = [(note.code, note.side, note.id) for note in programme.remarks]
    assert notes == [("not_in_cohort", "mentees", "e8"), ("not_in_cohort", "mentors", "m3")]


def test_later_events_do_not_count() -> None:
    """They are told of."""
    programme = state(event("03-01", "started", "m1", "e1"), on="02-01")
    assert programme.lives == ()
    assert programme.notes["code"].tolist() == ["later_events"]


@pytest.mark.parametrize("day", ["2026-02-30", "", None, 20260101, pd.NaT])
def test_no_day(day: Any) -> None:
    """A day is a date, or text."""
    with pytest.raises(CallError, match="bad_date"):
        Programme.from_events([], on=day)


@pytest.mark.parametrize("rounds", [5, "2026-01-05"])
def test_no_rounds(rounds: Any) -> None:
    """A list of days."""
    with pytest.raises(CallError, match="'rounds' must be a list of days"):
        Programme.from_events([], on="2026-02-01", rounds=rounds)


def test_nouns() -> None:
    """What is no cohort and no plan is refused, both at once."""
    with pytest.raises(CallError) as caught:
        state(cohort=pd.DataFrame(), plan=6)
    assert [finding.column for finding in caught.value.findings] == ["cohort", "plan"]


@given(histories(), st.integers(0, 41), st.randoms(use_true_random=False))
def test_any_history(events: list[Event], days: int, shuffle: random.Random) -> None:
    """Row order of different days, events told twice and those of later days make no difference."""
    on = START + datetime.timedelta(days=days)
    programme = Programme.from_events(events, on=on)
    shuffled = sorted({one.date for one in events}, key=lambda _: shuffle.random())
    mixed = [one for day in shuffled for one in events if one.date == day]
    for others in (mixed, [*events, *mixed], [one for one in events if one.date <= on]):
        again = Programme.from_events(others, on=on)
        assert (again.lives, again.people, again.events) == (
            programme.lives,
            programme.people,
            programme.events,
        )


@given(histories(), st.integers(0, 41))
def test_people_of_any_history(events: list[Event], days: int) -> None:
    """Whoever takes part has a pair or waits; rounds are those whose end they saw without a pair."""
    on = START + datetime.timedelta(days=days)
    programme = Programme.from_events(events, on=on)
    current = [life for life in programme.lives if life.current]
    assert len({life.pair for life in current}) == len(current)
    busy = {(s, who) for life in current for s, who in zip(("mentors", "mentees"), life.pair, strict=True)}
    gone = {(one.side, one.id) for one in programme.people if one.left is not None}
    waiting = {(one.side, one.id) for one in programme.waiting_people}
    assert len(waiting) + len(busy) + len(gone) == len(waiting | busy | gone)
    assert waiting | busy | gone == {(one.side, one.id) for one in programme.people}
    for one in programme.people:
        assert one.rounds == waited(programme, (one.side, one.id))


def waited(programme: Programme, who: tuple[str, str]) -> int:
    """Rounds that somebody waited, from the programme as it stood on the day of each."""
    at = 0 if who[0] == "mentors" else 1
    starts = [life.started for life in programme.lives if life.pair[at] == who[1] and life.started]
    rounds = [day for day in rounds_of(programme.events) if not starts or day >= max(starts)]
    told = [Programme.from_events(programme.events, on=day).waiting_people for day in rounds]
    return sum(who in {(one.side, one.id) for one in waiting} for waiting in told)


@given(histories(), st.integers(0, 41), st.integers(1, 3), st.integers(0, 30))
def test_check_ins_of_any_history(events: list[Event], days: int, months: int, early: int) -> None:
    """Of each running pair one check-in at most is due, and whatever is due has come."""
    plan = PairPlan(months=months, early_days=early)
    programme = Programme.from_events(events, on=START + datetime.timedelta(days=days), plan=plan)
    due = programme.due
    asked = due[due["what"].isin(["first_month", "mid_point", "end"])]
    assert not asked.duplicated(["mentor", "mentee"]).any()
    assert (due["days"] >= 0).all()
    assert due["days"].is_monotonic_decreasing
    states = programme.check_ins
    assert len(asked) == (states["state"] == "due").sum()
