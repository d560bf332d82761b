"""Solving by sweeps over pairs that nobody stores: the same answers, proven over all pairs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.problem import COVERAGE_TIERS, MINIMUMS, Problem, Solution
from pairmatch.solver import rounds, solve
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.strategies import problems
from tests.solver.naive import Naive, only_required
from tests.solver.plain import bound_by_prices

TIERS = ("must_match", "mentees", "mentors", "pairs", "total")

LINEAR = st.lists(st.sampled_from(TIERS), min_size=1, max_size=5, unique=True).map(tuple)


@st.composite
def with_floors(draw: st.DrawFn) -> tuple[str, ...]:
    """Objectives with "worst" somewhere after a tier that counts people or pairs."""
    before = draw(st.lists(st.sampled_from(COVERAGE_TIERS), min_size=1, max_size=2, unique=True))
    after = [tier for tier in draw(LINEAR) if tier not in before]
    return (*before, "worst", *after)


@contextmanager
def small_hands(each: int = 1, near: int = 10**9) -> Iterator[None]:
    """As little as can be in hand at first, and as few as can be joining after a sweep."""
    with (
        mock.patch.object(rounds, "EACH", each),
        mock.patch.object(rounds, "JOINING", each),
        mock.patch.object(rounds, "NEAR", near),
    ):
        yield


def swept(problem: Problem, naive: Naive, time_limit: float | None = None) -> Solution | None:
    """What the solver finds by sweeps; None where it says that there is nothing."""
    with small_hands():
        try:
            return solve(only_required(problem), beyond=naive, time_limit=time_limit)
        except (InfeasibleError, NoSolutionError):
            return None


def proven(problem: Problem, solution: Solution) -> None:
    """Every bound by prices, evaluated over all pairs; canonical prices where it is claimed."""
    loads = problem.loads
    values = {proof.tier: proof.value for proof in solution.tiers}
    values[MINIMUMS] = int(loads.mentor_minimum.sum() + loads.mentee_minimum.sum())
    floor = None
    for proof in solution.tiers:
        if proof.tier == "worst":
            floor = proof.value
        else:
            assert bound_by_prices(problem, proof, values, floor) == proof.verified_bound


@settings(max_examples=400)
@given(problems(objective=LINEAR, hours=False))
def test_sweeps_agree_with_brute_force(problem: Problem) -> None:
    """Every mixture of linear tiers, with capacities, minimums, required pairs, ties, sparse pairs."""
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


@settings(max_examples=150)
@given(problems(objective=LINEAR, hours=False), st.integers(0, 3))
def test_the_prices_are_those_of_the_whole_problem(problem: Problem, each: int) -> None:
    """However few pairs are in hand, the least prices are the same; so `verify` finds one altered."""
    try:
        whole = solve(problem)
    except InfeasibleError:
        return
    with small_hands(each + 1, near=1 + each * 1000):
        solution = solve(only_required(problem), beyond=Naive(problem))
    for one, other in zip(solution.tiers, whole.tiers, strict=True):
        assert one.canonical
        assert one.kind == other.kind == "prices"
        if one.multipliers == other.multipliers:
            assert one.mentor_prices.tolist() == other.mentor_prices.tolist()
            assert one.mentee_prices.tolist() == other.mentee_prices.tolist()


@settings(max_examples=250)
@given(problems(objective=with_floors(), hours=False))
def test_floors_agree_with_brute_force(problem: Problem) -> None:
    """The worst-off tier among linear ones, where nobody has two mentors."""
    assume(problem.single)
    best, solution = brute_force_problem(problem), swept(problem, Naive(problem))
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        return
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values
    proven(problem, solution)
    worst = next(proof for proof in solution.tiers if proof.tier == "worst")
    assert worst.kind == "cut"


@settings(max_examples=300)
@given(problems(objective=st.one_of(LINEAR, with_floors()), hours=False), st.integers(0, 7))
def test_a_sweep_cut_short_never_makes_a_false_claim(problem: Problem, patience: int) -> None:
    """Whichever sweep is stopped: valid pairs, true bounds that the prices prove, an honest `complete`."""
    assume(problem.single or "worst" not in problem.objective)
    best, solution = brute_force_problem(problem), swept(problem, Naive(problem, patience))
    if solution is None:
        event("no solution in time")
        return
    assert best is not None
    event("complete" if solution.complete else "cut short")
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    proven(problem, solution)
    kept = True
    for proof, value in zip(solution.tiers, best.values, strict=True):
        assert proof.value <= proof.bound <= proof.verified_bound
        assert not kept or proof.value <= value <= proof.bound
        kept = kept and proof.value == value
    assert kept or not solution.complete
