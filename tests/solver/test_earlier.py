"""Re-matches against trying every matching: running pairs and waiting people in every mixture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings

from pairmatch.earlier import Earlier
from pairmatch.errors import InfeasibleError
from pairmatch.problem import MINIMUMS, REMATCH_TIERS, Problem, Solution
from pairmatch.solver import another_optimum, solve
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.referee import tier_values
from pairmatch.testing.strategies import problems
from tests.solver.plain import bound_by_prices
from tests.solver.test_against_other_solvers import random_problem
from tests.solver.test_groups import plain_bound


def solved(problem: Problem) -> Solution | None:
    """The solution, or None where the solver says that there is none."""
    try:
        return solve(problem)
    except InfeasibleError:
        return None


def agrees(problem: Problem, *, exact: bool = True) -> None:
    """Values, bounds, levels and ties are those of the best of all matchings."""
    best, solution = brute_force_problem(problem), solved(problem)
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        event("no matching")
        return
    chosen, coached = (
        [tuple(pair) for pair in found.tolist()] for found in (solution.pairs, solution.coached)
    )
    assert not faults(problem, chosen, coached)
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert all(proof.levels == best.levels for proof in solution.tiers if proof.tier == "leximin")
    assert another_optimum(problem, solution) in (None, best.optima > 1)
    bounds = tuple(proof.bound for proof in solution.tiers)
    assert bounds == best.values if exact else all(b >= v for b, v in zip(bounds, best.values, strict=True))
    told = tier_values(problem, chosen, coached)
    assert best.values == tuple(told[tier] for tier in problem.objective)


@settings(max_examples=100)
@given(problems(earlier=True, hours=False))
def test_every_tier_agrees_with_brute_force(problem: Problem) -> None:
    """Linear tiers and floors, those of a re-match anywhere among them, bonuses, ties, minimums."""
    agrees(problem)


@settings(max_examples=50)
@given(problems(earlier=True, hours=True))
def test_hours_agree_with_brute_force(problem: Problem) -> None:
    """The same within budgets of hours."""
    agrees(problem)


@settings(max_examples=50)
@given(problems(earlier=True, hours=False, groups=True))
def test_groups_agree_with_brute_force(problem: Problem) -> None:
    """The same with goals and quotas over groups, and even loads."""
    agrees(problem)


@settings(max_examples=50)
@given(problems(3, 3, earlier=True, hours=False, coaching=True))
def test_coaches_agree_with_brute_force(problem: Problem) -> None:
    """The same with coaches who are chosen together with the pairs."""
    agrees(problem)


@settings(max_examples=40)
@given(problems(3, 3, earlier=True, hours=None, groups=None, coaching=None))
def test_everything_agrees_with_brute_force(problem: Problem) -> None:
    """Groups, hours, coaches and floors, alone and together."""
    agrees(problem, exact=False)


@settings(max_examples=50)
@given(problems(earlier=True))
def test_prices_alone_prove_the_verified_bound(problem: Problem) -> None:
    """Weak duality, recomputed pair by pair, gives exactly the bound that each tier claims."""
    solution = solved(problem)
    if solution is None or not problem.single:
        return
    values = told(problem, solution)
    floor = None
    for proof in solution.tiers:
        if proof.tier in ("worst", "leximin"):
            floor = proof.value
            continue
        event(f"{proof.kind} {proof.tier}")
        assert bound_by_prices(problem, proof, values, floor) == proof.verified_bound


@settings(max_examples=50)
@given(problems(earlier=True, groups=True, hours=False))
def test_prices_of_groups_prove_it_too(problem: Problem) -> None:
    """The same where groups have prices."""
    solution = None if {"worst", "leximin"} & {*problem.objective} else solved(problem)
    if solution is None:
        return
    for proof in solution.tiers:
        assert plain_bound(problem, proof, told(problem, solution)) == proof.verified_bound


def told(problem: Problem, solution: Solution) -> dict[str, int]:
    """Values of all tiers, the minimums and the mentees among them."""
    loads = problem.loads
    values = {proof.tier: proof.value for proof in solution.tiers}
    values[MINIMUMS] = int(loads.mentor_minimum.sum() + loads.mentee_minimum.sum())
    values.setdefault("mentees", len(np.unique(solution.pairs[:, 1])))
    return values


def revised(seed: int, objective: tuple[str, ...], **more: object) -> Problem:
    """A few hundred people of whom most have a pair already."""
    draw = np.random.default_rng(seed)
    problem = random_problem(seed, 60, 45, share=0.5)
    first = solve(replace(problem, objective=("mentees", "total")))
    running = first.pairs[draw.random(len(first.pairs)) < 0.8]
    waits = draw.integers(0, 3, 60), draw.integers(0, 3, 45)
    earlier = Earlier(running, draw.random(len(running)) < 0.7, *waits, **more)
    pairs = problem.mentor.astype(np.int64) * 45 + problem.mentee
    failed = np.isin(pairs, first.pairs[:, 0] * 45 + first.pairs[:, 1])
    failed &= ~np.isin(pairs, running[:, 0] * 45 + running[:, 1])
    arcs = {name: getattr(problem, name)[~failed] for name in ("mentor", "mentee", "weight")}
    return replace(problem, **arcs, objective=objective, earlier=earlier)


@pytest.mark.parametrize("objective", [("mentees", "kept", "waited", "total"), ("mentees", "total", "kept")])
@pytest.mark.parametrize("bonus", [0, 50_000])
def test_larger_ones_are_proven_by_prices(objective: tuple[str, ...], bonus: int) -> None:
    """Every tier, those of a re-match too, with least prices and no search."""
    problem = revised(5, objective, bonus=bonus)
    solution = solve(problem)
    assert solution.proven
    assert all(proof.kind == "prices" and proof.canonical for proof in solution.tiers)
    for proof in solution.tiers:
        assert bound_by_prices(problem, proof, told(problem, solution), None) == proof.verified_bound


def test_an_earlier_matching_that_nothing_asks_for_changes_nothing() -> None:
    """Without a bonus, and with the policy's own tiers, it is another problem's answer."""
    problem = revised(7, ("mentees", "total"))
    one, other = solve(problem), solve(replace(problem, earlier=None))
    assert np.array_equal(one.pairs, other.pairs)
    assert [proof.mentor_prices.tolist() for proof in one.tiers] == [
        proof.mentor_prices.tolist() for proof in other.tiers
    ]


def test_tiers_of_a_re_match_without_one_are_worth_nothing() -> None:
    """Nobody runs, nobody has waited."""
    problem = replace(revised(7, (*REMATCH_TIERS, "mentees", "total")), earlier=None)
    solution = solve(problem)
    assert [proof.value for proof in solution.tiers[:3]] == [0, 0, 0]
    assert solution.proven


@pytest.mark.proof
@settings(max_examples=10_000)
@given(problems(earlier=True, hours=None, groups=None))
def test_every_tier_agrees_with_brute_force_at_length(problem: Problem) -> None:
    """The same as above, with more time."""
    agrees(problem, exact=False)
