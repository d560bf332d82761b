"""The solver against trying every matching: every tier, every objective order, ties, and the proofs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import event, given, settings

from pairmatch.errors import InfeasibleError
from pairmatch.problem import MINIMUMS, Loads, Problem, Solution
from pairmatch.solver import another_optimum, solve
from pairmatch.testing import brute_force_problem, classify, faults
from pairmatch.testing.strategies import problems
from tests.solver.plain import bound_by_prices

pytestmark = pytest.mark.untraced

MANY = max(1500, settings.default.max_examples if settings.default else 0)


def solved(problem: Problem) -> Solution | None:
    """The solution, or None where the solver says that there is none."""
    try:
        return solve(problem)
    except InfeasibleError:
        return None


@settings(max_examples=MANY)
@given(problems())
def test_every_tier_agrees_with_brute_force(problem: Problem) -> None:
    """Values, bounds, feasibility, leximin levels and ties are those of the best of all matchings."""
    best, solution = brute_force_problem(problem), solved(problem)
    for label in classify(problem, best):
        event(label)
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        return
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values
    assert all(proof.levels == best.levels for proof in solution.tiers if proof.tier == "leximin")
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    assert another_optimum(problem, solution) in (None, best.optima > 1)


@settings(max_examples=MANY // 3)
@given(problems())
def test_prices_alone_prove_the_verified_bound(problem: Problem) -> None:
    """Weak duality, recomputed pair by pair, gives exactly the bound that each tier claims."""
    solution = solved(problem)
    if solution is None or not problem.single:
        return
    loads = problem.loads
    values = {proof.tier: proof.value for proof in solution.tiers}
    values[MINIMUMS] = int(loads.mentor_minimum.sum() + loads.mentee_minimum.sum())
    values.setdefault("mentees", len(np.unique(solution.pairs[:, 1])))
    floor = None
    for proof in solution.tiers:
        if proof.tier in ("worst", "leximin"):
            floor = proof.value
            continue
        event(f"{proof.kind} {proof.tier}")
        assert bound_by_prices(problem, proof, values, floor) == proof.verified_bound


@settings(max_examples=MANY // 5)
@given(problems())
def test_the_same_problem_gives_the_same_pairs(problem: Problem) -> None:
    """Nothing random, nothing remembered."""
    one, two = solved(problem), solved(problem)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert one.pairs.tolist() == two.pairs.tolist()


@pytest.mark.proof
@settings(max_examples=20_000)
@given(problems())
def test_every_tier_agrees_with_brute_force_at_length(problem: Problem) -> None:
    """The same as above, with more time."""
    best, solution = brute_force_problem(problem), solved(problem)
    assert (best is None) == (solution is None)
    if best is not None and solution is not None:
        assert tuple(proof.value for proof in solution.tiers) == best.values
        assert tuple(proof.bound for proof in solution.tiers) == best.values
        assert another_optimum(problem, solution) in (None, best.optima > 1)


def test_a_search_knows_of_a_floor_that_was_found_without_it() -> None:
    """The only matching above the floor leaves the mandated mentee out; the search must not undo that."""
    none = np.zeros(2, np.int64)
    loads = Loads(
        np.ones(2, np.int64),
        np.ones(4, np.int64),
        none,
        np.zeros(4, np.int64),
        mentee_hours=np.array([300, 0, 300, 200]),
        mentor_hours=np.array([600, 200]),
    )
    problem = Problem(
        np.array([0, 0, 1, 1], np.int32),
        np.array([0, 3, 0, 2], np.int32),
        np.array([0, 200_000, 200_000, 200_000]),
        loads,
        np.array([True, False, False, False]),
        ("mentees", "worst", "must_match", "pairs", "mentors", "leximin"),
    )
    best = brute_force_problem(problem)
    assert best is not None
    assert [proof.value for proof in solve(problem).tiers] == list(best.values)
