"""A simulated year written down as events is read and evaluated as a real programme's."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.evaluate import evaluate
from pairmatch.programme import PairPlan, Programme
from pairmatch.simulate import Diary, Life, Plan, diary, run
from tests.simulate.worlds import company

PLAN = Plan(name="again", reserve=3)
LIFE = Life(joining=0.3, failing=0.06)


def kept(number: int = 0, plan: Plan = PLAN) -> Diary:
    return diary(company(60, 45), plan, LIFE, run=number, seed=4, start="2026-03-10")


def read(number: int = 0, on: str = "2027-03-31") -> Programme:
    return Programme.from_events(kept(number).events, on=on, plan=PairPlan(months=7))


@pytest.mark.parametrize("number", range(6))
def test_events_could_have_happened(number: int) -> None:
    """The programme reads every event of a year, and has the pairs and sessions that the simulation had."""
    programme = read(number)
    year = run(company(60, 45), PLAN, LIFE, runs=number + 1, seed=4)
    pairs = year.pairs.query("run == @number").sort_values(["mentor", "mentee"])
    lives = sorted((life.mentor, life.mentee, len(life.sessions)) for life in programme.lives)
    assert lives == list(pairs[["mentor", "mentee", "sessions"]].itertuples(index=False, name=None))
    running = set(pairs.query("ended == 'running'")[["mentor", "mentee"]].itertuples(index=False, name=None))
    assert {life.pair for life in programme.lives if life.current} == running


@pytest.mark.parametrize("number", range(3))
def test_the_evaluation_is_that_of_the_simulation(number: int) -> None:
    """`pm.evaluate` finds the drop-out and the re-match rate that the simulation counted."""
    written = kept(number)
    programme = read(number)
    found = evaluate(programme, written.outcomes)
    pairs = run(company(60, 45), PLAN, LIFE, runs=number + 1, seed=4).pairs.query("run == @number")
    early = pairs[~pairs["ended"].isin(["done", "running"])]
    told = found["ended_early"][0]
    assert (told.count, told.base) == (len(early), len(pairs))
    again = pairs.groupby("mentee").size()
    assert found["rematch_rate"][0].count == int((again > 1).sum())
    liked = found["match_satisfaction"][0]
    assert liked.count == int((written.outcomes["match_satisfaction"] >= 4).sum())


def test_days_go_on_into_the_next_year() -> None:
    """Months are counted from the month of the first day, and events are in order."""
    events = kept().events
    assert events["date"].is_monotonic_increasing
    assert events["date"].iloc[0] == datetime.date(2026, 3, 1)
    assert events["date"].max() <= datetime.date(2027, 2, 27)
    assert set(events["kind"]) == {"joined", "left", "proposed", "started", "met", "ended"}


def test_satisfaction_is_that_of_the_measure() -> None:
    """In a year of one pair each, as many mentees answer 4 or 5 as the simulation counts as satisfied."""
    once = replace(PLAN, rematch=False)
    answers = kept(plan=once).outcomes["match_satisfaction"]
    told = run(company(60, 45), once, LIFE, runs=1, seed=4).runs["satisfied"][0]
    assert (answers >= 4).mean() == pytest.approx(told)
    assert answers.between(1, 5).all()


def test_the_same_run_is_the_same_diary() -> None:
    """A diary is a function of its arguments; a day may come as a date."""
    days = "2026-05-01", datetime.date(2026, 5, 9), datetime.datetime(2026, 5, 31, 9)
    first, *others = (diary(company(), PLAN, start=day) for day in days)
    for other in others:
        pd.testing.assert_frame_equal(first.events, other.events)
        pd.testing.assert_frame_equal(first.outcomes, other.outcomes)


def test_arguments_are_checked() -> None:
    """All at once, by name."""
    with pytest.raises(pm.CallError) as caught:
        diary("world", "plan", "life", run=-1, seed=None, start="soon")  # type: ignore[arg-type]
    hints = {finding.column: finding.hint for finding in caught.value.findings}
    assert set(hints) == {"world", "plan", "life", "run", "seed", "start"}
    assert hints["start"] == "diary: 'start' must be a date, or text as '2026-01-01'."
    with pytest.raises(pm.CallError, match="must be a date"):
        diary(company(), PLAN, start=20260101)  # type: ignore[arg-type]
    with pytest.raises(pm.CallError, match="'start' must be a date"):
        diary(company(), PLAN, start=pd.NaT)  # type: ignore[arg-type]
    assert repr(kept()).startswith("<Diary of a simulated year: ")
