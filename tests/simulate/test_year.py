"""A simulated year keeps the rules of a programme, and what happens is as likely as is assumed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.simulate import Life, Plan, Simulation, run
from pairmatch.simulate.fate import draw
from pairmatch.simulate.pairing import Remembered
from pairmatch.simulate.plan import MATCHINGS
from pairmatch.simulate.surveys import corrected
from pairmatch.simulate.year import Year
from tests.simulate.worlds import alone, company, grid

QUIET = Life(mentor_leaving=0, mentee_leaving=0, failing=0, drifting=0, effect=0)
"""Nobody leaves and no pair fails."""

PLANS = st.builds(
    Plan,
    name=st.just("plan"),
    matching=st.sampled_from(MATCHINGS),
    rematch=st.booleans(),
    reserve=st.integers(0, 6),
    waves=st.sampled_from([(0,), (0, 2), (0, 1, 4)]),
    threshold=st.sampled_from([0.0, 0.5, 0.7]),
    patience=st.integers(0, 3),
    every=st.integers(1, 3),
    feedback=st.booleans(),
)
LIVES = st.builds(
    Life,
    months=st.integers(1, 14),
    sessions=st.integers(1, 8),
    insight=st.floats(0, 0.8),
    mentor_leaving=st.floats(0, 0.9),
    mentee_leaving=st.floats(0, 0.9),
    drifting=st.floats(0, 0.9),
    failing=st.floats(0, 0.5),
    joining=st.floats(0, 1),
    joined_by=st.integers(1, 12),
)


def lived(life: Life, plan: Plan, *, runs: int = 20, seed: int = 0, world: Any = None) -> Year:
    """One plan under some fates."""
    world = world or company()
    return Year(world, life, plan, draw(world, life, range(runs), seed), Remembered()).live()


def of_pairs(year: Year) -> pd.DataFrame:
    """All pairs of a year, in positions."""
    names = ["run", "pair", "first", "last", "sessions", "ended"]
    pairs = pd.DataFrame(year.pairs, columns=names)
    pairs["mentor"] = year.world.problem.mentor[pairs["pair"]]
    pairs["mentee"] = year.world.problem.mentee[pairs["pair"]]
    return pairs


@settings(max_examples=25)
@given(LIVES, PLANS, st.integers(0, 1000))
def test_a_year_keeps_the_rules(life: Life, plan: Plan, seed: int) -> None:
    """Places and sessions are kept, no pair comes twice, nobody is in two places, and counts add up."""
    year = lived(life, plan, runs=4, seed=seed)
    pairs = of_pairs(year)
    assert not pairs.duplicated(["run", "pair"]).any()
    busy = pairs.loc[pairs.index.repeat(pairs["last"] - pairs["first"] + 1)]
    busy["month"] = busy["first"] + busy.groupby(level=0).cumcount()
    assert not busy.duplicated(["run", "mentee", "month"]).any()
    load = busy.groupby(["run", "mentor", "month"]).size().reset_index()
    capacity = year.world.problem.loads.mentor_capacity
    assert (load[0] <= capacity[load["mentor"]]).all()
    assert (pairs["sessions"] <= pairs["last"] - pairs["first"] + 1).all()
    assert (pairs.groupby(["run", "mentee"])["sessions"].sum() <= life.sessions).all()
    assert (pairs["first"] % plan.every == 0).all()
    assert plan.rematch or not pairs.duplicated(["run", "mentee"]).any()
    joins = year.mentees.joins[pairs["run"], pairs["mentee"]]
    assert (pairs["first"] >= joins).all()
    running, waiting, _, lost = year.counts
    still = busy[(busy["month"] < busy["last"]) | (busy["ended"] == 4)]
    counted = still.groupby(["run", "month"]).size()
    assert running.sum() == counted.sum()
    assert waiting.sum() == year.idle.sum()
    assert (np.diff(lost, axis=1) >= 0).all()
    assert (year.load == np.zeros_like(year.load)).all()


@settings(max_examples=12)
@given(LIVES, st.floats(0.3, 0.9), st.integers(0, 3), st.integers(0, 1000))
def test_newcomers_wait_for_a_good_pair(life: Life, threshold: float, patience: int, seed: int) -> None:
    """A first pair weighs enough, or its mentee's patience was at an end, or the mentee must be matched."""
    year = lived(life, Plan(name="choosy", threshold=threshold, patience=patience), runs=3, seed=seed)
    pairs = of_pairs(year).sort_values("first").drop_duplicates(["run", "mentee"])
    waited = pairs["first"] - year.mentees.joins[pairs["run"], pairs["mentee"]]
    heavy = year.world.problem.weight[pairs["pair"]] >= threshold * year.world.problem.unit
    must = year.world.problem.must_match[pairs["mentee"]]
    assert (heavy | (waited >= patience) | must).all()


def test_reserves_are_for_those_who_lost_a_mentor() -> None:
    """No newcomer gets a mentor of the reserve, and no such mentor drifts away."""
    life = Life(joining=0.5, drifting=0.9, failing=0.1)
    world = alone(60, 30)
    year = Year(world, life, Plan(name="kept", reserve=8), draw(world, life, range(20), 0), Remembered())
    real, kept = year._match, []

    def match(month: int) -> None:
        real(month)
        kept.append(year.reserve.copy())

    year._match = match  # type: ignore[method-assign]
    year.live()
    assert (kept[0].sum(axis=1) == 8).all()
    assert not (year.drifted & kept[0] & ~year.mentors.ever).any()
    pairs = of_pairs(year).sort_values("first")
    firsts = pairs[~pairs.duplicated(["run", "mentee"])]
    later = firsts[firsts["first"] > 0]
    assert len(later)
    before = np.stack(kept)[later["first"] - 1, later["run"], later["mentor"]]
    assert not before.any()
    again = pairs[pairs.duplicated(["run", "mentee"])]
    assert np.stack(kept)[again["first"] - 1, again["run"], again["mentor"]].any()


def test_a_quiet_year_is_done() -> None:
    """Where nobody leaves and nothing fails, every pair is done after its sessions, and no one is lost."""
    year = lived(replace(QUIET, attending=0.999), Plan(name="quiet"))
    pairs = of_pairs(year)
    assert (pairs["ended"] == 0).all()
    assert (pairs["last"] == 6).all()
    assert not year.mentors.lost.any()
    assert year.done[year.mentees.ever].all()
    assert (year.held[year.mentees.ever] >= 6).all()


def test_leaving_is_as_likely_as_assumed() -> None:
    """Of people who have a pair to the end, the assumed shares leave within twelve months."""
    life = replace(QUIET, sessions=13, mentor_leaving=0.25, mentee_leaving=0.1, waiting=1)
    year = lived(life, Plan(name="once", rematch=False), runs=400, world=alone())
    both = [year.mentors.lost, year.mentors.ever], [year.mentees.lost, year.mentees.ever]
    for (lost, ever), share in zip(both, (0.25, 0.1), strict=True):
        reach = 4 * np.sqrt(share * (1 - share) / ever.sum())
        assert abs(lost.sum() / ever.sum() - share) < reach


def test_failing_is_as_likely_as_assumed() -> None:
    """Where chemistry has no effect, each month the assumed share of the running pairs fails."""
    life = replace(QUIET, months=1, failing=0.2)
    year = lived(life, Plan(name="once"), runs=400)
    failed = year.pairs[:, 5] == 3
    assert abs(failed.mean() - 0.2) < 4 * np.sqrt(0.16 / len(failed))


def test_attending_and_satisfaction_are_as_likely_as_assumed() -> None:
    """With average chemistry everywhere, sessions are held and matches liked as often as assumed."""
    flat = replace(QUIET, attending=0.7, insight=0, mentors_part=0, satisfied=0.65, noise=50)
    year = lived(flat, Plan(name="once"), runs=300)
    ever = year.mentees.ever
    held = year.held[ever].sum() / year.planned[ever].sum()
    assert abs(held - 0.7) < 0.01
    assert abs(year.satisfied[ever].mean() - 0.65) < 0.02


def test_chemistry_is_what_the_assumptions_say() -> None:
    """Its variance is 1, and it goes with the weight, and with the mentor, as far as assumed."""
    world, life = company(), Life(insight=0.5, mentors_part=0.3)
    chemistry = draw(world, life, range(300), 0).chemistry
    assert abs(chemistry.std() - 1) < 0.02
    promise = np.broadcast_to(world.promise, chemistry.shape)
    assert abs(np.corrcoef(promise.ravel(), chemistry.ravel())[0, 1] - 0.5) < 0.02
    own = chemistry - 0.5 * world.promise
    first, second = own[:, world.problem.mentor == 0][:, :2].T
    assert abs(np.cov(first, second)[0, 1] - 0.3) < 0.12
    known = draw(world, Life(insight=1, mentors_part=0), range(2), 0).chemistry
    assert np.allclose(known, world.promise, atol=1e-5)


def test_a_share_joins_later() -> None:
    """The assumed share joins evenly from month 1 on; at 1 everybody does, and at 0 nobody."""
    joins = lived(Life(joining=0.5, joined_by=5), Plan(name="rolling"), runs=100).mentees.joins
    counts = np.bincount(joins.ravel()) / joins.size
    assert len(counts) == 6
    assert abs(counts[0] - 0.5) < 0.03
    assert (abs(counts[1:] - 0.1) < 0.03).all()
    assert lived(Life(joining=1), Plan(name="rolling")).mentees.joins.min() == 1
    assert lived(Life(), Plan(name="rolling")).mentees.joins.max() == 0


def test_waves_start_one_after_the_other() -> None:
    """Mentees are spread evenly over the waves, and no mentor drifts before the last one has started."""
    year = lived(replace(QUIET, drifting=0.9), Plan(name="waves", waves=(0, 3)), runs=30)
    share = (year.mentees.joins == 3).mean()
    assert abs(share - 0.5) < 0.02
    assert set(of_pairs(year)["first"]) == {0, 3}
    assert year.mentees.ever.mean() > 0.95


def test_surveys_tell_of_mentors() -> None:
    """A correction goes the way of the mentor's own part; mentors without a survey keep their weights."""
    world, life = company(), Life(insight=0.4, mentors_part=0.5, noise=0.5)
    fates = draw(world, life, range(30), 0)
    asked = np.random.default_rng(1).random(fates.chemistry.shape) < 0.02
    weight = corrected(world, life, fates, asked)
    change = weight - world.problem.weight
    surveyed = np.zeros((30, world.shape[0]), bool)
    run_, pair = np.nonzero(asked)
    surveyed[run_, world.problem.mentor[pair]] = True
    known = surveyed[:, world.problem.mentor]
    assert not change[~known].any()
    other = fates.chemistry - life.insight * world.promise
    assert np.corrcoef(change[known & ~asked], other[known & ~asked])[0, 1] > 0.3
    assert weight.min() >= 0
    assert weight.max() <= world.problem.unit


def test_feedback_finds_better_mentors() -> None:
    """Under the same fates, corrected weights make pairs of better chemistry where mentors differ much."""
    life = Life(insight=0.3, mentors_part=0.6, noise=0.5, failing=0.08)
    plans = [Plan(name=str(told), matching="greedy", feedback=told) for told in (False, True)]
    year = run(company(), plans, life, runs=100)
    gain = year.differences(against="False").set_index("measure")
    assert gain.loc["chemistry", "low"] > 0


def test_who_waited_comes_first() -> None:
    """Of two mentees who want the one free mentor, the one who waited gets the place."""
    world = grid([[900_000, 100_000]])
    life = replace(QUIET, months=3, sessions=1, staying=1)
    year = lived(life, Plan(name="one place"), runs=1, world=world)
    assert of_pairs(year)["mentee"].tolist() == [0, 1]


def simulated(runs: int, **given_: Any) -> Simulation:
    plans = [Plan(name=way, matching=way, reserve=2) for way in MATCHINGS]
    return run(company(), plans, Life(joining=0.4), runs=runs, seed=5, **given_)


def test_a_run_is_the_same_among_few_or_many() -> None:
    """Neither how many runs there are, nor how they are parcelled, nor the other plans change a run."""
    many, few = simulated(60), simulated(7)
    pd.testing.assert_frame_equal(many.runs.query("run < 7").reset_index(drop=True), few.runs)
    pd.testing.assert_frame_equal(many.pairs.query("run < 7").reset_index(drop=True), few.pairs)
    alone_ = run(company(), Plan(name="best", reserve=2), Life(joining=0.4), runs=7, seed=5)
    pd.testing.assert_frame_equal(few.runs.query("plan == 'best'").reset_index(drop=True), alone_.runs)


def test_another_seed_is_another_fate() -> None:
    """Fates come from the seed alone."""
    fates = [draw(company(), Life(), range(1), seed).strength for seed in (1, 1, 2)]
    assert (fates[0] == fates[1]).all()
    assert (fates[0] != fates[2]).any()
