"""A world is scored once, as a match scores it, and refuses what a simulation does not know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.dropping import dropping
from pairmatch.simulate import Plan, World, run
from tests.simulate.worlds import company, grid

COHORT = pm.datasets.synthetic(mentors=12, mentees=8, seed=2)
PLAIN = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.SharedHobbies(weight=1)])


def refused(cohort: pm.Cohort, policy: pm.Policy) -> pm.CallError:
    with pytest.raises(pm.CallError) as caught:
        World.of(cohort, policy)
    assert {finding.code for finding in caught.value.findings} == {"cannot_simulate"}
    return caught.value


def test_it_holds_the_pairs_that_are_scored() -> None:
    """The eligible pairs and their weights are those of `pm.score`."""
    cohort, policy = pm.datasets.synthetic(mentors=40, mentees=30, seed=1), pm.datasets.synthetic_policy()
    scores = pm.score(cohort, policy)
    world = company()
    assert len(world.problem.weight) == scores.n_eligible
    weights = scores.weights.loc[list(world.mentors), list(world.mentees)].fillna(0)
    assert np.allclose(world.table, weights.to_numpy(), atol=1e-9)


def test_promise_is_standardised() -> None:
    """Weights in standard deviations have the average 0 and the deviation 1."""
    promise = company().promise
    assert abs(promise.mean()) < 1e-9
    assert abs(promise.std() - 1) < 1e-9


def test_equal_weights_promise_nothing() -> None:
    """Where all pairs weigh the same, none is better than the average."""
    assert grid([[5, 5], [5, 5]]).promise.tolist() == [0, 0, 0, 0]


def test_ties_are_settled_below_a_unit() -> None:
    """The fine units of a whole matching never make up for a unit of weight."""
    world = company()
    assert world.tie.max() * world.shape[1] < 2**16
    assert (world.fine // 2**16 == world.problem.weight).all()


def test_what_it_is_in_a_line() -> None:
    """The representation counts and names nobody."""
    assert repr(grid([[1, -1], [2, 3]])) == "<World of 2 mentors x 2 mentees: 3 eligible pairs>"


def test_several_mentors_are_refused() -> None:
    """A mentee of capacity two cannot be simulated."""
    frames = pm.datasets.synthetic_frames(mentors=12, mentees=8, seed=2)
    error = refused(pm.Cohort(frames.mentors, frames.mentees.assign(capacity=2)), PLAIN)
    assert "a simulated mentee has one" in str(error)


def test_loads_are_refused() -> None:
    """Hours, minimums and required pairs cannot be simulated."""
    frames = pm.datasets.synthetic_frames(mentors=12, mentees=8, seed=2)
    timed = replace(PLAIN, rules=[*PLAIN.rules, rules.Hours()])
    assert "hours" in str(refused(pm.Cohort(frames.mentors, frames.mentees), timed))


def test_everything_is_refused_at_once() -> None:
    """A cohort goal and a floor tier are told together."""
    both = replace(
        PLAIN,
        goals=[*PLAIN.goals, goals.Spread("region", price=0.5)],
        objective=("mentees", "worst", "total"),
    )
    error = refused(COHORT, both)
    assert len(error.findings) == 2
    assert "cohort goals" in str(error)
    assert "it knows must_match, mentees, mentors, pairs, total" in str(error)


def test_too_few_pairs_are_refused() -> None:
    """Where no two pairs are eligible there is nothing to simulate."""
    frames = pm.datasets.synthetic_frames(mentors=2, mentees=1, seed=2)
    nobody = pm.Policy(rules=[rules.LevelsBelow(at_least=9)], goals=[goals.SharedHobbies(weight=1)])
    assert "nothing to simulate" in str(refused(pm.Cohort(frames.mentors, frames.mentees), nobody))


def test_large_cohorts_are_refused() -> None:
    """More pairs than can be stored cannot be simulated."""
    from pairmatch.simulate import world as room

    with pytest.raises(pm.CallError, match="simulate a part of it"):
        room._refuse(company().problem, swept=True)


def test_some_are_likelier_to_leave() -> None:
    """Probabilities of a cohort's people become rates beside the side's average, in the problem's order."""
    sure = pd.DataFrame({"role": "mentor", "id": COHORT.mentors.ids, "probability": 0.1})
    sure.loc[3, "probability"] = 1.0
    told = dropping(COHORT, sure)
    world = World.of(COHORT, PLAIN, dropping=told)
    risk = dict(zip(world.mentors, np.asarray(world.mentor_risk), strict=True))
    assert np.mean(list(risk.values())) == pytest.approx(1)
    others = {round(value, 9) for who, value in risk.items() if who != COHORT.mentors.ids[3]}
    assert len(others) == 1
    assert risk[COHORT.mentors.ids[3]] / others.pop() == pytest.approx(np.log(0.001) / np.log(0.9))
    plain = World.of(COHORT, PLAIN)
    plans = Plan(name="again")
    assert run(world, plans, runs=5).runs["dropout"].sum() != run(plain, plans, runs=5).runs["dropout"].sum()
    none = dropping(COHORT, pd.DataFrame({"role": "mentor", "id": COHORT.mentors.ids, "probability": 0.0}))
    assert np.asarray(World.of(COHORT, PLAIN, dropping=none).mentor_risk).tolist() == [1.0] * len(
        world.mentors
    )


def test_others_probabilities_are_refused() -> None:
    """Probabilities must be those of the cohort in hand."""
    other = dropping(pm.datasets.synthetic(mentors=12, mentees=9, seed=3))
    for told in (other, 0.1):
        with pytest.raises(pm.CallError, match="of this very cohort"):
            World.of(COHORT, PLAIN, dropping=told)  # type: ignore[arg-type]


def test_wrong_kinds_are_refused() -> None:
    """A cohort must be a cohort, a policy a policy."""
    with pytest.raises(pm.CallError, match="must be a Cohort") as caught:
        World.of("mentors.csv", "policy.toml")  # type: ignore[arg-type]
    assert len(caught.value.findings) == 2
