"""Hours in every mixture of linear tiers: against all matchings, other solvers, plain proofs and time."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError
from pairmatch.problem import MINIMUMS, Loads, Problem, Progress, Solution
from pairmatch.solver import solve
from pairmatch.solver.bundled.budgets import tightened
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.strategies import problems
from tests.solver.plain import bound_by_prices

LINEAR = ("must_match", "mentees", "mentors", "pairs", "total")
objectives = st.lists(st.sampled_from(LINEAR), min_size=1, max_size=4, unique=True).map(tuple)
with_hours = problems(objective=objectives, hours=True)


def programme(mentees: int, seed: int = 0, objective: tuple[str, ...] = ("total",)) -> Problem:
    """A programme with needs of 1 to 3 hours, too many for the budgets of some mentors."""
    random = np.random.default_rng(seed)
    mentors, each = mentees // 2, 14
    mentee = np.sort(random.permuted(np.tile(np.arange(mentees), (mentors, 1)), axis=1)[:, :each], axis=1)
    return Problem(
        mentor=np.repeat(np.arange(mentors), each).astype(np.int32),
        mentee=mentee.ravel().astype(np.int32),
        weight=random.integers(0, 1_000_000, mentors * each),
        loads=Loads(
            mentor_capacity=random.integers(1, 5, mentors),
            mentee_capacity=np.ones(mentees, np.int64),
            mentor_minimum=np.zeros(mentors, np.int64),
            mentee_minimum=np.zeros(mentees, np.int64),
            mentee_hours=random.integers(1, 4, mentees) * 100,
            mentor_hours=random.integers(2, 8, mentors) * 100,
        ),
        must_match=np.zeros(mentees, bool),
        objective=objective,
    )


def proven(problem: Problem, solution: Solution) -> None:
    """The pairs obey the rules, and each tier's bound is what its prices prove."""
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    values = {proof.tier: proof.value for proof in solution.tiers}
    values[MINIMUMS] = int(problem.loads.mentor_minimum.sum() + problem.loads.mentee_minimum.sum())
    for proof in solution.tiers:
        assert bound_by_prices(problem, proof, values, None) == proof.verified_bound
        assert proof.value <= proof.bound <= proof.verified_bound
        assert (proof.kind == "prices") == (proof.value == proof.verified_bound)


@settings(max_examples=250)
@given(with_hours)
def test_every_mixture_agrees_with_brute_force(problem: Problem) -> None:
    """Values and bounds are those of the best of all matchings, and prices prove what they claim."""
    best = brute_force_problem(problem)
    try:
        solution = solve(problem)
    except InfeasibleError:
        assert best is None
        return
    assert best is not None
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values
    for proof in solution.tiers:
        event(f"{proof.kind}{' by bundles' * proof.bundles} {proof.tier}")
    proven(problem, solution)


def by_highs(problem: Problem) -> int:
    """The best total, by one model of all pairs."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    loads, count = problem.loads, len(problem.mentor)
    assert loads.mentee_hours is not None
    assert loads.mentor_hours is not None
    hours = loads.mentee_hours[problem.mentee]
    n, at = problem.n_mentors, np.arange(count)
    rows = np.concatenate([problem.mentor, n + problem.mentor, 2 * n + problem.mentee])
    entries = np.concatenate([hours, np.ones(2 * count)])
    table = csr_array((entries, (rows, np.tile(at, 3))), shape=(2 * n + problem.n_mentees, count))
    limit = np.concatenate([loads.mentor_hours, loads.mentor_capacity, loads.mentee_capacity])
    told = milp(
        -problem.weight / 1e6,
        constraints=LinearConstraint(table, -np.inf, limit),
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 1e-9},
    )
    return int(problem.weight[told.x > 0.5].sum())


@pytest.mark.parametrize("seed", range(3))
def test_one_model_of_all_pairs_finds_the_same(seed: int) -> None:
    """A size that nobody can try out: the value is another solver's, and a plain twin proves the bound."""
    problem = programme(60, seed)
    solution = solve(problem)
    assert solution.tiers[0].value == solution.tiers[0].bound == by_highs(problem)
    proven(problem, solution)


def test_a_large_programme_is_proven_within_a_hundredth_of_a_per_cent() -> None:
    """Nobody cuts the work short, so that it is complete, gap or not; done again it is the same."""
    problem = programme(300, 1, ("mentees", "total"))
    told: list[Progress] = []
    solution = solve(problem, progress=told.append)
    assert all(proof.gap <= 1e-4 for proof in solution.tiers)
    assert solution.complete
    assert any(each.gap is not None for each in told)
    assert solve(problem).pairs.tolist() == solution.pairs.tolist()
    proven(problem, solution)


def test_equal_hours_are_places() -> None:
    """Where pairs cost the same the flow is exact, and prices prove it."""
    problem = programme(300, 2)
    hours = np.full(300, 50)
    problem = replace(problem, loads=replace(problem.loads, mentee_hours=hours))
    solution = solve(problem)
    assert [(proof.kind, proof.bundles) for proof in solution.tiers] == [("prices", False)]
    fewer = replace(problem, loads=replace(problem.loads, mentee_hours=4 * hours))
    assert (tightened(fewer).loads.mentor_capacity < problem.loads.mentor_capacity).any()
    assert [(proof.kind, proof.bundles) for proof in solve(fewer).tiers] == [("prices", True)]


@pytest.mark.parametrize("limit", [0.05, 0.5])
def test_a_time_limit_is_kept(limit: float) -> None:
    """What there was time for, with its gap, and no long after."""
    problem = programme(4000, 3, ("mentees", "total"))
    start = time.monotonic()
    solution = solve(problem, time_limit=limit)
    assert time.monotonic() - start < limit + 4
    assert not solution.complete
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    assert all(proof.value <= proof.bound <= proof.verified_bound for proof in solution.tiers)


def test_cancelling_ends_the_work() -> None:
    """As a time limit does."""
    problem = programme(3000, 3, ("mentees", "total"))
    asked = iter([False] * 20)
    solution = solve(problem, cancelled=lambda: next(asked, True))
    assert not solution.complete
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    assert all(proof.value <= proof.bound <= proof.verified_bound for proof in solution.tiers)
