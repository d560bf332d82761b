"""Repairs agree with solving the changed problem anew, tier by tier, and their prices prove it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.earlier import Earlier
from pairmatch.errors import InfeasibleError, SolverError
from pairmatch.problem import MINIMUMS, Ints, Loads, Problem, Solution
from pairmatch.solver import solve
from pairmatch.solver.gains import combine, places, tier_value
from pairmatch.solver.repair import Events, Repaired, Standing, is_repairable
from pairmatch.testing.problem_strategies import problems
from tests.solver.repair.changed import Listed, after, any_events, contested, in_hand

OBJECTIVES = st.sampled_from(
    [
        ("must_match", "mentees", "total"),
        ("total",),
        ("mentees", "mentors", "total"),
        ("pairs", "total"),
        ("mentors", "pairs", "must_match"),
        ("total", "mentees"),
    ]
)
REVISED = st.sampled_from(
    [
        ("must_match", "mentees", "kept", "total"),
        ("mentees", "waited", "total", "kept"),
        ("held", "mentees", "kept", "waited", "total"),
    ]
)
SMALL: dict[str, Any] = {"max_mentors": 5, "max_mentees": 5, "hours": False}


@settings(max_examples=60)
@given(
    problem=st.one_of(
        problems(objective=OBJECTIVES, **SMALL), problems(objective=REVISED, earlier=True, **SMALL)
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_repairs_agree_with_solving_anew(problem: Problem, seed: int) -> None:
    draw = np.random.default_rng(seed)
    try:
        standing = Standing(problem, solve(problem))
    except InfeasibleError:
        return
    for _ in range(3):
        events = any_events(draw, problem, standing.pairs)
        changed, before = after(problem, events), standing.pairs
        repaired = standing.repair(events)
        agrees(changed, standing, repaired)
        told(before, standing.pairs, repaired)
        if repaired.proven and draw.random() < 0.5:
            standing.keep()
            problem = changed
        else:
            standing.undo()
            np.testing.assert_array_equal(before, standing.pairs)


def agrees(problem: Problem, standing: Standing, repaired: Repaired) -> None:
    """A proven repair has the values of a new solution; its prices prove the bounds in any case."""
    try:
        wanted = {proof.tier: proof.value for proof in solve(problem).tiers}
    except InfeasibleError:
        assert not repaired.full
        return
    if not repaired.full:
        assert not repaired.proven
        return
    pairs = standing.pairs
    key = problem.mentor * np.int64(problem.n_mentees) + problem.mentee
    index = np.searchsorted(key, pairs[:, 0] * problem.n_mentees + pairs[:, 1])
    values = {tier: tier_value(problem, tier, index) for tier in problem.objective}
    assert values == repaired.values
    if repaired.proven:
        assert wanted == values
    for proof in standing.proofs:
        assert (values[proof.tier], repaired.bounds[proof.tier]) == (proof.value, proof.bound)
        bound = recounted(problem, standing, proof.tier, values | {MINIMUMS: places(problem)})
        assert bound == proof.verified_bound


def recounted(problem: Problem, standing: Standing, tier: str, values: dict[str, int]) -> int:
    """The bound of weak duality over all pairs of people with a place left beside required pairs."""
    proof = next(proof for proof in standing.proofs if proof.tier == tier)
    gains = combine(problem, {**proof.multipliers, tier: proof.scale})
    u, v = proof.mentor_prices, proof.mentee_prices
    reduced = gains.pair - u[problem.mentor] - v[problem.mentee]
    width, required = np.int64(problem.n_mentees), problem.loads.required
    fixed = np.isin(problem.mentor * width + problem.mentee, required[:, 0] * width + required[:, 1])
    usable = (gains.mentors.capacity > gains.mentors.used)[problem.mentor]
    usable &= (gains.mentees.capacity > gains.mentees.used)[problem.mentee]
    bound = reduced[fixed].sum() + np.maximum(reduced[~fixed & usable], 0).sum()
    bound += gains.mentors.best(u).sum() + gains.mentees.best(v).sum()
    known = sum(times * values[name] for name, times in proof.multipliers.items())
    return int(bound - known) // proof.scale


def told(before: Ints, now: Ints, repaired: Repaired) -> None:
    """What ended and what began is what changed."""
    old, new = ({*map(tuple, pairs.tolist())} for pairs in (before, now))
    assert {*map(tuple, repaired.ended.tolist())} == old - new
    assert {*map(tuple, repaired.begun.tolist())} == new - old


def test_nothing_happens() -> None:
    problem = contested(20, 40, seed=3)
    standing = Standing(problem, solution := solve(problem))
    repaired = standing.repair(Events())
    assert (repaired.proven, repaired.searches, len(repaired.ended), len(repaired.begun)) == (True, 0, 0, 0)
    np.testing.assert_array_equal(solution.pairs, standing.pairs)


@pytest.mark.parametrize("share", [0.002, 0.05])
def test_larger_programmes(share: float) -> None:
    problem = contested(200, 300, seed=1)
    standing = Standing(problem, solution := solve(problem))
    draw = np.random.default_rng(4)
    for _ in range(4):
        several = max(1, round(share * len(solution.pairs)))
        failed = standing.pairs[draw.choice(len(standing.pairs), several, replace=False)]
        gone = draw.choice(200, 1), draw.choice(300, 1)
        sizes = {int(who): int(draw.integers(1, 4)) for who in draw.choice(200, several)}
        sizes.pop(int(gone[0][0]), None)
        events = Events(failed, *gone, mentor_capacity=sizes)
        problem = after(problem, events)
        repaired = standing.repair(events)
        assert repaired.proven
        assert repaired.values == {proof.tier: proof.value for proof in solve(problem).tiers}
        standing.keep()


def test_required_pairs_stay_until_they_fail() -> None:
    problem = contested(30, 60, seed=5)
    free = solve(problem)
    held = replace(problem, loads=replace(problem.loads, required=free.pairs))
    standing = Standing(held, replace(free, tiers=solve(held).tiers))
    events = Events(failed=free.pairs[:3])
    repaired = standing.repair(events)
    assert repaired.proven
    np.testing.assert_array_equal(free.pairs[:3], repaired.ended)
    assert repaired.values == {proof.tier: proof.value for proof in solve(after(held, events)).tiers}


def test_pairs_out_of_hand_come_in() -> None:
    problem = contested(40, 80, seed=2)
    solution = solve(problem)
    few, reach = in_hand(problem, solution, slack=2)
    standing, whole = Standing(few, solution, reach), Standing(problem, solution)
    joined, draw = 0, np.random.default_rng(1)
    for k in range(40):
        # Ties may be parted otherwise, so that the two need not have all pairs in common.
        both = {*map(tuple, standing.pairs.tolist())} & {*map(tuple, whole.pairs.tolist())}
        pick = draw.choice(np.array(sorted(both)), 4, replace=False)
        repaired, wanted = standing.repair(Events(failed=pick)), whole.repair(Events(failed=pick))
        assert (repaired.values, repaired.bounds) == (wanted.values, wanted.bounds)
        assert repaired.proven
        joined += repaired.joined
        for each in (standing, whole):
            each.keep() if k % 2 else each.undo()
    assert joined > 0


def test_what_cannot_be_repaired() -> None:
    problem = contested(6, 9, seed=1)
    solution = solve(problem)
    loose = replace(solution.tiers[-1], verified_bound=solution.tiers[-1].value + 1)
    assert not is_repairable(problem, Solution(solution.pairs, (*solution.tiers[:-1], loose)))
    assert not is_repairable(replace(problem, objective=("mentees", "worst", "total")), solution)
    with pytest.raises(SolverError, match="only what prices prove"):
        Standing(replace(problem, objective=("mentees", "worst", "total")), solution)
    without = replace(
        problem, mentor=problem.mentor[1:], mentee=problem.mentee[1:], weight=problem.weight[1:]
    )
    chosen = np.stack([problem.mentor[:1], problem.mentee[:1]], axis=1).astype(np.int64)
    with pytest.raises(SolverError, match="not in hand"):
        Standing(without, replace(solution, pairs=chosen))


def test_fewer_places_than_fixed_pairs() -> None:
    problem = contested(6, 9, seed=1)
    pairs = solve(problem).pairs
    held = replace(problem, loads=replace(problem.loads, required=pairs))
    standing = Standing(held, solve(held))
    with pytest.raises(SolverError, match="fewer places"):
        standing.repair(Events(mentor_capacity={int(pairs[0, 0]): 0}))


def test_a_failed_pair_that_is_not_in_hand() -> None:
    problem = contested(12, 20, seed=2)
    solution = solve(problem)
    few, reach = in_hand(problem, solution, slack=0)
    known = {*map(tuple, np.stack([few.mentor, few.mentee], axis=1).tolist())}
    every = {*zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True)}
    failed = np.array([min(every - known)])
    with pytest.raises(SolverError, match="not in hand"):
        Standing(few, solution, reach).repair(Events(failed=failed))
    assert Standing(problem, solution).repair(Events(failed=failed)).proven


@pytest.mark.parametrize("at_hand", [True, False])
def test_a_solution_of_an_earlier_round_is_mended_first(at_hand: bool) -> None:
    """The second mentor waits now, and nobody did when it was solved: what stands is counted anew."""
    only, nobody = np.zeros(2, np.int64), np.zeros(1, np.int64)
    one, none = np.ones(1, np.int64), np.empty((0, 2), np.int64)
    before = Problem(
        np.array([0, 1], np.int32),
        np.zeros(2, np.int32),
        np.array([9, 5]),
        Loads(np.ones(2, np.int64), one, only, nobody),
        np.zeros(1, np.bool_),
        objective=("mentees", "waited", "total"),
        earlier=Earlier(none, np.empty(0, np.bool_), only, nobody),
    )
    solution = solve(before)
    earlier = Earlier(none, np.empty(0, np.bool_), np.array([0, 3]), nobody)
    now = replace(before, earlier=earlier)
    few = replace(now, mentor=now.mentor[:1], mentee=now.mentee[:1], weight=now.weight[:1])
    standing = Standing(now, solution) if at_hand else Standing(few, solution, Listed(now))
    repaired = standing.repair(Events())
    assert standing.pairs.tolist() == [[1, 0]]
    assert repaired.values == repaired.bounds == {"mentees": 1, "waited": 3, "total": 5}
