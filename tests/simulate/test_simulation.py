"""The tables of a simulation say what happened, and what a plan is worth, with intervals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.simulate import MEASURES, Life, Plan, Simulation, World, calibrated, run
from pairmatch.simulate.intervals import interval
from pairmatch.simulate.reserves import kept_back
from pairmatch.simulate.running import _lot
from tests.simulate.worlds import alone, company, grid

ONCE = Plan(name="once", rematch=False)
AGAIN = Plan(name="again")


@cache
def compared() -> Simulation:
    """What the tests below look at: a programme of 90 mentors with one place each for 80 mentees."""
    plans = [
        ONCE,
        AGAIN,
        Plan(name="reserve", reserve=12),
        Plan(name="random", matching="random"),
        Plan(name="greedy", matching="greedy"),
    ]
    return run(alone(90, 80), plans, Life(months=8), runs=200, seed=3)


def figures(plan: str, measure: str) -> Any:
    runs = compared().runs
    return runs.loc[runs["plan"] == plan, measure].to_numpy()


def test_every_measure_is_there_and_a_share() -> None:
    """Each run of each plan has every measure; shares are shares."""
    runs = compared().runs
    assert list(runs) == ["plan", "run", *MEASURES]
    assert len(runs) == 5 * 200
    shares = [name for name, told in MEASURES.items() if told.startswith(("share", "the same"))]
    assert len(shares) == 11
    assert runs[shares].min().min() >= 0
    assert runs[shares].max().max() <= 1
    assert runs["sessions"].between(0, 7).all()


def test_measures_are_those_of_the_pairs() -> None:
    """Counted again from the table of pairs, in plain pandas, the figures are the same."""
    year = compared()
    mentees = alone(90, 80).shape[1]
    by_run = year.pairs.groupby(["plan", "run"])
    told = year.runs.set_index(["plan", "run"]).sort_index()
    failed = by_run["ended"].agg(lambda ended: (ended == "failed").mean())
    assert np.allclose(told["failed"], failed)
    early = by_run["ended"].agg(lambda ended: (~ended.isin(["done", "running"])).mean())
    assert np.allclose(told["ended_early"], early)
    assert np.allclose(told["sessions"], by_run["sessions"].sum() / mentees)
    had = year.pairs.groupby(["plan", "run", "mentee"]).agg(n=("mentor", "size"), held=("sessions", "sum"))
    each = had.groupby(["plan", "run"])
    assert np.allclose(told["rematched"], each["n"].agg(lambda n: (n > 1).mean()))
    assert np.allclose(told["completing"], each["held"].agg(lambda held: (held >= 5).mean()))
    assert np.allclose(told["matched"], each.size() / mentees)


def test_months_and_pairs_agree() -> None:
    """At a month's end as many pairs run as have begun and not ended."""
    year = compared()
    pairs = year.pairs.query("first <= 4 < last")
    counted = pairs.groupby(["plan", "run"]).size()
    told = year.months.query("month == 4").set_index(["plan", "run"])["running"].sort_index()
    assert (counted.sort_index() == told).all()


def test_re_matching_and_reserves_are_worth_something() -> None:
    """Re-matching brings more mentees to five sessions, and a reserve shortens the wait: with intervals."""
    gain = compared().differences(against="once").set_index(["plan", "measure"])
    assert gain.loc[("again", "served"), "low"] > 0.05
    kept = compared().differences(against="again").set_index(["plan", "measure"])
    assert kept.loc[("reserve", "between"), "high"] < -0.2
    assert kept.loc[("reserve", "served"), "low"] > 0
    assert kept.loc[("random", "served"), "high"] < -0.05
    assert kept.loc[("random", "weight"), "high"] < -0.1
    assert kept.loc[("greedy", "weight"), "high"] < 0


def test_differences_are_run_by_run() -> None:
    """A difference is the average of the runs' differences, with Student's interval of those."""
    told = compared().differences(against="once", confidence=0.9).set_index(["plan", "measure"])
    each = figures("again", "sessions") - figures("once", "sessions")
    assert tuple(told.loc[("again", "sessions")]) == pytest.approx(interval(each, 0.9))
    assert set(told.index.get_level_values(0)) == {"again", "reserve", "random", "greedy"}


def test_the_same_fates_make_differences_sharp() -> None:
    """Intervals of differences are far narrower than if each plan had its own luck."""
    told = compared().differences(against="again").set_index(["plan", "measure"]).loc[("reserve", "served")]
    apart = np.sqrt(figures("again", "served").var() + figures("reserve", "served").var())
    assert told["high"] - told["low"] < 0.7 * 2 * 1.96 * apart / np.sqrt(200)


def test_the_table_has_every_plan() -> None:
    """Averages and intervals, plan by plan; a higher confidence is wider."""
    table = compared().table()
    assert len(table) == 5 * len(MEASURES)
    assert ((table["low"] <= table["mean"]) & (table["mean"] <= table["high"])).all()
    wide = compared().table(0.99)
    assert ((wide["high"] - wide["low"]) >= (table["high"] - table["low"])).all()


def test_it_tells_itself_in_a_line() -> None:
    """The representation names the plans; the table for a notebook has a column for each."""
    year = run(company(), [ONCE, AGAIN], runs=2)
    assert repr(year) == "<Simulation of 12 months, 2 runs each: once, again>"
    shown = year._repr_html_()
    assert all(name in shown for name in ("once", "again", "completing"))


def test_an_executor_changes_nothing() -> None:
    """Lots of runs may be simulated anywhere; progress is told lot by lot."""
    told: list[pm.Progress] = []
    with ThreadPoolExecutor(2) as executor:
        there = run(company(), [ONCE, AGAIN], runs=120, executor=executor, progress=told.append)
    here = run(company(), [ONCE, AGAIN], runs=120)
    pd.testing.assert_frame_equal(there.runs, here.runs)
    pd.testing.assert_frame_equal(there.months, here.months)
    pd.testing.assert_frame_equal(there.pairs, here.pairs)
    assert [(step.stage, step.done, step.total) for step in told] == [
        ("simulating", done, 3) for done in (1, 2, 3)
    ]


def test_lots_may_have_any_size() -> None:
    """One run at a time gives the same as all together: no solver's choice among equals shows."""
    world, plans, life = company(), [AGAIN, Plan(name="greedy", matching="greedy")], Life(joining=0.3)
    whole = _lot(world, plans, life, range(6), seed=1)
    single = [_lot(world, plans, life, range(place, place + 1), seed=1) for place in range(6)]
    for place, tables in enumerate(whole):
        parts = pd.concat([lot[place]["pairs"] for lot in single], ignore_index=True)
        pd.testing.assert_frame_equal(tables["pairs"], parts)


def test_interval_is_students() -> None:
    """Known values give the known interval; NaN is left out; one value has no interval."""
    mean, low, high = interval(np.array([1.0, 2.0, 3.0, np.nan]), 0.95)
    assert (mean, round(low, 3), round(high, 3)) == (2, -0.484, 4.484)
    assert interval(np.array([4.0]), 0.95)[0] == 4
    assert np.isnan(interval(np.array([4.0]), 0.95)[1])
    assert np.isnan(interval(np.array([np.nan]), 0.95)).all()


def test_intervals_cover() -> None:
    """Over many small simulations, about 95 % of the intervals hold the average of a large one."""
    world, life = company(), Life(months=8)
    truth = run(world, ONCE, life, runs=2000, seed=9).runs["sessions"].mean()
    tables = [run(world, ONCE, life, runs=20, seed=seed).table() for seed in range(100, 160)]
    rows = pd.concat([table[table["measure"] == "sessions"] for table in tables])
    hits = ((rows["low"] <= truth) & (truth <= rows["high"])).mean()
    assert 0.87 <= hits <= 1


def brute(world: World, free: Any, most: int) -> float:
    """The most that any choice of free mentors has for the mentees."""
    choices = combinations(np.flatnonzero(free), min(most, int(free.sum())))
    return max(float(world.table[list(choice)].max(axis=0, initial=0).sum()) for choice in choices)


@pytest.mark.parametrize("seed", range(12))
def test_the_reserve_is_chosen_well(seed: int) -> None:
    """What is kept is free, as many as asked for, and at least 63 % of the best choice."""
    random = np.random.default_rng(seed)
    world = grid(random.integers(-400_000, 1_000_000, (7, 6)).clip(-1))
    free = random.random((5, 7)) < 0.6
    kept = kept_back(world, free, 3)
    assert not (kept & ~free).any()
    assert (kept.sum(axis=1) == np.minimum(free.sum(axis=1), 3)).all()
    for chosen, could in zip(kept, free, strict=True):
        has = world.table[chosen].max(axis=0, initial=0).sum()
        assert has >= (1 - 1 / np.e) * brute(world, could, 3) - 1e-9


def test_known_figures_are_reached() -> None:
    """Told to, years show 10 to 15 % drop-out, 70 % with five of seven sessions, 80 % satisfied."""
    found = calibrated(company(60, 45), dropout=0.125, failed=0.1, completing=0.7, satisfied=0.8, runs=200)
    assert list(found.table["measure"]) == ["dropout", "failed", "completing", "satisfied"]
    assert (abs(found.table["mean"] - found.table["target"]) < 0.015).all()
    assert (found.table["low"] < found.table["mean"]).all()
    assert 0.1 < found.table.loc[0, "mean"] < 0.15
    year = run(company(60, 45), found.plan, found.life, runs=200, seed=77)
    fresh = year.table().set_index("measure")["mean"]
    for row in found.table.itertuples():
        assert abs(fresh[row.measure] - row.target) < 0.015


def test_the_defaults_give_the_known_figures() -> None:
    """Without any search, a company of the size that the defaults were found on is near them."""
    year = run(company(150, 100), Plan(name="reported", matching="greedy", rematch=False), runs=200)
    mean = year.table().set_index("measure")["mean"]
    assert 0.10 <= mean["dropout"] <= 0.15
    assert abs(mean["completing"] - 0.7) < 0.02
    assert abs(mean["satisfied"] - 0.8) < 0.02
    assert mean["dropout_mentors"] > mean["dropout_mentees"]


def test_only_what_is_asked_for_is_changed() -> None:
    """A figure that is not given leaves its assumption alone, and sides leave in their proportion."""
    life = Life(mentor_leaving=0.3, mentee_leaving=0.1)
    found = calibrated(company(), life, dropout=0.1, completing=None, satisfied=None, runs=50).life
    assert (found.attending, found.satisfied, found.failing) == (life.attending, life.satisfied, life.failing)
    before, after = life.hazards(), found.hazards()
    assert after[0] / after[1] == pytest.approx(before[0] / before[1])
    again = calibrated(company(), runs=20)
    assert repr(again).startswith("<Calibration: dropout 0.1")
    assert "completing" in again._repr_html_()


def test_what_cannot_be_reached_is_refused() -> None:
    """Where too many leave, no attendance helps nearly everybody; the nearest figure is told."""
    life = Life(mentor_leaving=0.9, mentee_leaving=0.9)
    with pytest.raises(pm.CallError, match=r"no assumption reaches 0\.95 .* the nearest is 0\.") as caught:
        calibrated(company(), life, dropout=None, completing=0.95, satisfied=None, runs=20)
    assert [finding.code for finding in caught.value.findings] == ["out_of_reach"]
    assert "completing" in {finding.column for finding in caught.value.findings}
