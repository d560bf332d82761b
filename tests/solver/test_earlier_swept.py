"""Re-matches over pairs that nobody stores: running pairs are in hand, and sweeps know nothing of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError
from pairmatch.problem import COVERAGE_TIERS, REMATCH_TIERS, Problem
from pairmatch.solver import solve
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.strategies import problems
from tests.solver import test_far
from tests.solver.naive import Naive, only_required
from tests.solver.test_beyond import proven, swept
from tests.solver.test_earlier import revised

TIERS = (*REMATCH_TIERS, "must_match", "mentees", "mentors", "pairs", "total")

LINEAR = st.lists(st.sampled_from(TIERS), min_size=1, max_size=6, unique=True).map(tuple)

GROUPED = st.lists(st.sampled_from((*TIERS, "spread")), min_size=1, max_size=5, unique=True).map(tuple)


@st.composite
def with_floors(draw: st.DrawFn) -> tuple[str, ...]:
    """Objectives with "worst" somewhere after a tier that counts people or pairs."""
    before = draw(st.lists(st.sampled_from(COVERAGE_TIERS), min_size=1, max_size=2, unique=True))
    after = [tier for tier in draw(LINEAR) if tier not in before]
    kept = draw(st.sampled_from(((), ("kept",), ("held",), ("waited",))))
    return (*before, *kept, "worst", *(tier for tier in after if tier not in kept))


@settings(max_examples=80)
@given(problems(earlier=True, hours=False, objective=st.one_of(LINEAR, with_floors())))
def test_sweeps_agree_with_brute_force(problem: Problem) -> None:
    """Every mixture of linear tiers and floors: values, bounds, validity, and what prices alone prove."""
    assume(problem.single or "worst" not in problem.objective)
    best, solution = brute_force_problem(problem), swept(problem, Naive(problem))
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        return
    event(f"{int(solution.stats.get('rounds', 0))} rounds")
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values
    assert solution.complete
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    proven(problem, solution)


@settings(max_examples=60)
@given(problems(earlier=True, hours=False, objective=st.one_of(LINEAR, with_floors())), st.integers(0, 6))
def test_a_sweep_cut_short_never_makes_a_false_claim(problem: Problem, patience: int) -> None:
    """Whichever sweep is stopped: valid pairs, true bounds that the prices prove, an honest `complete`."""
    assume(problem.single or "worst" not in problem.objective)
    best, solution = brute_force_problem(problem), swept(problem, Naive(problem, patience))
    if solution is None:
        return
    assert best is not None
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    proven(problem, solution)
    holds(solution.tiers, best.values, complete=solution.complete)


@settings(max_examples=40)
@given(problems(earlier=True, hours=True, objective=LINEAR))
def test_hours_keep_their_bounds(problem: Problem) -> None:
    """With budgets of hours: a valid matching of the pairs in hand, and bounds that hold over all of them."""
    if problem.loads.mentee_hours is None or problem.pair_hours is not None:
        hours = np.full(problem.n_mentees, 100, np.int64)
        problem = replace(problem, pair_hours=None, loads=replace(problem.loads, mentee_hours=hours))
    best, solution = brute_force_problem(problem), swept(problem, Naive(problem))
    if solution is None:
        return
    assert best is not None
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    proven(problem, solution)
    holds(solution.tiers, best.values, complete=False)


@settings(max_examples=40)
@given(problems(earlier=True, groups=True, hours=False, objective=GROUPED))
def test_groups_keep_their_bounds(problem: Problem) -> None:
    """With groups: a valid matching, and bounds that hold over all pairs."""
    best, solution = brute_force_problem(problem), test_far.swept(problem)
    if solution is None:
        return
    assert best is not None
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    holds(solution.tiers, best.values, complete=False)


def holds(tiers: tuple[object, ...], values: tuple[int, ...], *, complete: bool) -> None:
    """No bound is below what can be, as long as the tiers before have their best values."""
    kept = True
    for proof, value in zip(tiers, values, strict=True):
        assert proof.value <= proof.bound <= proof.verified_bound  # type: ignore[attr-defined]
        assert not kept or proof.value <= value <= proof.bound  # type: ignore[attr-defined]
        kept = kept and proof.value == value  # type: ignore[attr-defined]
    assert kept or not complete
    event("the best" if kept else "a gap")


@pytest.mark.parametrize("objective", [("mentees", "kept", "waited", "total"), ("mentees", "total", "kept")])
@pytest.mark.parametrize("bonus", [0, 50_000])
def test_the_same_as_with_all_pairs(objective: tuple[str, ...], bonus: int) -> None:
    """A hundred people: the tiers' values, and the least prices, are those with all pairs at hand."""
    problem = revised(11, objective, bonus=bonus)
    whole, solution = solve(problem), solve(only_required(problem), beyond=Naive(problem))
    assert solution.complete
    proven(problem, solution)
    for one, other in zip(solution.tiers, whole.tiers, strict=True):
        assert one.value == other.value
        assert one.canonical
        if one.multipliers == other.multipliers:
            assert np.array_equal(one.mentor_prices, other.mentor_prices)


def test_a_running_pair_that_no_sweep_brings_is_kept() -> None:
    """As with one below the minimum weight, which ends no running pair."""
    problem = revised(13, ("mentees", "kept", "total"))
    earlier = problem.earlier
    assert earlier is not None
    light = np.flatnonzero(earlier.among(problem.mentor, problem.mentee) >= 0)[:5]
    problem = replace(
        problem, weight=np.where(np.isin(np.arange(len(problem.weight)), light), -9, problem.weight)
    )
    naive = Naive(problem)
    naive._free = [pair for pair in naive._free if pair[2] >= 0]
    solution = solve(only_required(problem), beyond=naive)
    assert solution.proven
    assert solution.tiers[1].value == solve(problem).tiers[1].value


def test_stopped_at_once_the_running_pairs_are_the_matching() -> None:
    """With no time at all, nothing healthy ends."""
    problem = revised(17, ("mentees", "kept", "total"))
    earlier = problem.earlier
    assert earlier is not None
    solution = solve(only_required(problem), beyond=Naive(problem, patience=0))
    assert not solution.complete
    assert solution.tiers[1].value == len(earlier.pairs)
    proven(problem, solution)


def test_required_and_running_pairs_come_in_any_order() -> None:
    """The pool parts them by itself."""
    problem = revised(19, ("mentees", "kept", "total"))
    earlier = problem.earlier
    assert earlier is not None
    asked = earlier.pairs[earlier.held][:10]
    rest = np.array([pair not in asked.tolist() for pair in earlier.pairs.tolist()])
    fewer = replace(earlier, pairs=earlier.pairs[rest], held=earlier.held[rest])
    problem = replace(problem, earlier=fewer, loads=replace(problem.loads, required=asked))
    one, other = solve(problem), solve(only_required(problem), beyond=Naive(problem))
    assert [proof.value for proof in one.tiers] == [proof.value for proof in other.tiers]
    assert other.proven
    none = np.zeros_like(problem.loads.mentor_capacity)
    nobody = replace(problem, loads=replace(problem.loads, mentor_capacity=none))
    with pytest.raises(InfeasibleError, match="more required pairs than places"):
        solve(only_required(nobody), beyond=Naive(nobody))
