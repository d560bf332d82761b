"""At most so many running pairs end: exact where small, bounds that hold where not."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pairmatch.earlier import Earlier
from pairmatch.errors import CallError, InfeasibleError, NoSolutionError
from pairmatch.groups import Cross, Group
from pairmatch.problem import MINIMUMS, Loads, Problem, Solution
from pairmatch.solver import limited as room
from pairmatch.solver import solve
from pairmatch.solver.limited import limited
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.oracle import Best
from pairmatch.testing.strategies import problems
from tests.solver.naive import Naive, only_required
from tests.solver.plain import bound_by_prices
from tests.solver.test_beyond import small_hands
from tests.solver.test_earlier import revised, told
from tests.solver.test_groups import plain_bound

LINEAR = st.sampled_from(
    (
        ("must_match", "mentees", "kept", "total"),
        ("mentees", "total"),
        ("held", "mentees", "kept", "waited", "total"),
        ("mentees", "waited", "total", "kept"),
        ("total",),
        ("pairs", "mentors", "total"),
    )
)


def least(problem: Problem, most: int) -> int:
    """How many running pairs must stay."""
    assert problem.earlier is not None
    return max(0, len(problem.earlier.pairs) - most)


def by_brute_force(problem: Problem, most: int) -> Best[int] | None:
    """The best of all matchings within the limit, which is one more quota for the oracle."""
    n, m = problem.n_mentors, problem.n_mentees
    assert problem.earlier is not None
    cells = np.zeros((n, m), np.int64)
    cells[problem.earlier.pairs[:, 0], problem.earlier.pairs[:, 1]] = 1
    cross = Cross(np.arange(n, dtype=np.int32), np.arange(m, dtype=np.int32), cells)
    row = Group("limit", "running pairs", pairs=cross, least=least(problem, most))
    return brute_force_problem(replace(problem, groups=(*problem.groups, row)))


def solved(problem: Problem, most: int) -> Solution | None:
    """The solution, or None where the solver says that there is none."""
    try:
        return limited(problem, most)
    except InfeasibleError:
        return None


def agrees(problem: Problem, most: int, *, exact: bool = True) -> None:
    """Values and bounds are those of the best of all matchings within the limit."""
    best, solution = by_brute_force(problem, most), solved(problem, most)
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        event("no matching")
        return
    chosen, coached = ([tuple(p) for p in found.tolist()] for found in (solution.pairs, solution.coached))
    assert not faults(problem, chosen, coached)
    assert problem.earlier is not None
    assert problem.earlier.kept(*solution.pairs.T) >= least(problem, most)
    assert tuple(proof.value for proof in solution.tiers) == best.values
    bounds = tuple(proof.bound for proof in solution.tiers)
    assert bounds == best.values if exact else all(b >= v for b, v in zip(bounds, best.values, strict=True))
    assert all(proof.bound <= proof.verified_bound for proof in solution.tiers)


@settings(max_examples=60)
@given(problems(earlier=True, hours=False, objective=LINEAR), st.integers(0, 3))
def test_linear_tiers_agree_with_brute_force(problem: Problem, most: int) -> None:
    """Flows and a price on kept pairs, and a search where these leave a gap."""
    agrees(problem, most)


@settings(max_examples=30)
@given(problems(3, 4, earlier=True, hours=None, groups=None), st.integers(0, 3))
def test_everything_else_agrees_with_brute_force(problem: Problem, most: int) -> None:
    """Floors, hours, groups: the limit is one more quota."""
    agrees(problem, most, exact=False)


@settings(max_examples=12)
@given(problems(3, 3, earlier=True, hours=None, groups=None, coaching=True), st.integers(0, 2))
def test_coaches_agree_with_brute_force(problem: Problem, most: int) -> None:
    """Coaches beside."""
    agrees(problem, most, exact=False)


@settings(max_examples=35)
@given(problems(earlier=True, hours=False, objective=LINEAR), st.integers(0, 3))
def test_prices_alone_hold_and_bounds_too(problem: Problem, most: int) -> None:
    """By prices only: values that are reached, bounds above the best, and what prices prove without limit."""
    with mock.patch.object(room, "CLOSABLE", 0):
        solution = solved(problem, most)
    bracketed(problem, most, solution)


@settings(max_examples=35)
@given(problems(earlier=True, hours=False, objective=LINEAR), st.integers(0, 3))
def test_sweeps_keep_the_limit(problem: Problem, most: int) -> None:
    """The same over pairs that nobody stores."""
    with small_hands():
        try:
            solution = limited(only_required(problem), most, beyond=Naive(problem))
        except (InfeasibleError, NoSolutionError):
            solution = None
    bracketed(problem, most, solution)


def bracketed(problem: Problem, most: int, solution: Solution | None) -> None:
    """A valid matching within the limit, with bounds that hold."""
    best = by_brute_force(problem, most)
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        return
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    assert problem.earlier is not None
    assert problem.earlier.kept(*solution.pairs.T) >= least(problem, most)
    same = True
    for proof, value in zip(solution.tiers, best.values, strict=True):
        assert proof.value <= proof.bound <= proof.verified_bound
        assert not same or proof.value <= value <= proof.bound
        assert bound_by_prices(problem, proof, told(problem, solution), None) == proof.verified_bound
        same = same and proof.value == value
    event("exact" if solution.proven else "a gap")


@settings(max_examples=25)
@given(problems(3, 4, earlier=True, hours=False, groups=True, objective=LINEAR), st.integers(0, 2))
def test_prices_of_groups_are_told_without_the_limit(problem: Problem, most: int) -> None:
    """What is verified knows nothing of the quota that stood for the limit."""
    solution = solved(problem, most)
    if solution is None:
        return
    for proof in solution.tiers:
        assert len(proof.group_prices) in (0, len(problem.groups))
        assert plain_bound(problem, proof, told(problem, solution)) == proof.verified_bound


@pytest.mark.parametrize("most", [0, 1, 2])
@pytest.mark.parametrize("objective", [("mentees", "total"), ("must_match", "mentees", "kept", "total")])
def test_larger_ones_are_told_by_prices(most: int, objective: tuple[str, ...]) -> None:
    """A hundred people, no search: what the limit costs, to within a small part."""
    problem = crowded(objective)
    free = solve(problem)
    with mock.patch.object(room, "CLOSABLE", 0):
        found = limited(problem, most)
    assert problem.earlier is not None
    assert len(problem.earlier.pairs) - problem.earlier.kept(*found.pairs.T) <= most
    assert [proof.value for proof in found.tiers] <= [proof.value for proof in free.tiers]
    assert max(proof.gap for proof in found.tiers) < 0.001
    swept = limited(only_required(problem), most, beyond=Naive(problem))
    assert [proof.value for proof in swept.tiers] == [proof.value for proof in found.tiers]
    assert [proof.bound for proof in swept.tiers] == [proof.bound for proof in found.tiers]


def crowded(objective: tuple[str, ...]) -> Problem:
    """As many mentors as mentees, few pairs allowed: who is new is served by moving others."""
    problem = revised(23, objective)
    draw = np.random.default_rng(5)
    assert problem.earlier is not None
    runs = problem.earlier.among(problem.mentor, problem.mentee) >= 0
    keep = (runs | (draw.random(len(runs)) < 0.12)) & (problem.mentor < 50)
    arcs = {name: getattr(problem, name)[keep] for name in ("mentor", "mentee", "weight")}
    stay = problem.earlier.pairs[:, 0] < 50
    earlier = replace(problem.earlier, pairs=problem.earlier.pairs[stay], held=problem.earlier.held[stay])
    one = np.ones(60, np.int64)
    return replace(problem, **arcs, earlier=earlier, loads=replace(problem.loads, mentor_capacity=one))


def test_where_no_price_keeps_enough() -> None:
    """As many are kept as can be, however little they seem to be worth."""
    problem = crowded(("mentees", "total"))
    with mock.patch.object(room, "WORTH", 0), mock.patch.object(room, "CLOSABLE", 0):
        found = limited(problem, 0)
    assert problem.earlier is not None
    assert len(problem.earlier.pairs) - problem.earlier.kept(*found.pairs.T) == 0
    assert not found.complete


def test_a_limit_that_does_not_bind_is_none() -> None:
    """As many may end as there are, or as would anyway."""
    problem = revised(29, ("mentees", "total"))
    assert problem.earlier is not None
    free = solve(problem)
    ended = len(problem.earlier.pairs) - problem.earlier.kept(*free.pairs.T)
    for most in (ended, len(problem.earlier.pairs)):
        found = limited(problem, most)
        assert [proof.value for proof in found.tiers] == [proof.value for proof in free.tiers]
        assert found.proven
    assert np.array_equal(limited(replace(problem, earlier=None), 0).pairs, free.pairs)


def one_mentor(**loads: object) -> Problem:
    """One mentor, two mentees, both pairs running."""
    none, one = np.zeros(2, np.int64), np.ones(2, np.int64)
    given = replace(Loads(np.ones(1, np.int64), one, none[:1], none), **loads)
    earlier = Earlier(np.array([[0, 0], [0, 1]]), np.zeros(2, bool), none[:1], none)
    arcs = np.zeros(2, np.int32), np.arange(2, dtype=np.int32), np.array([5, 7])
    return Problem(*arcs, given, np.zeros(2, bool), ("mentees", "total"), earlier=earlier)


def test_what_cannot_be_kept_is_said() -> None:
    """One place for two running pairs; and a minimum that nobody can meet."""
    with pytest.raises(InfeasibleError, match="running pairs that stay"):
        limited(one_mentor(), 0)
    assert limited(one_mentor(), 1).pairs.tolist() == [[0, 1]]
    with pytest.raises(InfeasibleError, match="minimums cannot all be met"):
        limited(one_mentor(mentee_minimum=np.ones(2, np.int64)), 1)


def test_no_time_is_told() -> None:
    """Cancelled before anything was found."""
    problem = one_mentor(mentee_minimum=np.array([1, 0]))
    with pytest.raises(NoSolutionError, match="time limit or a cancellation"):
        limited(only_required(problem), 1, beyond=Naive(problem, patience=0), cancelled=lambda: True)


def test_what_is_too_large_is_refused() -> None:
    """With floors over pairs that nobody stores, or as a quota over too many."""
    problem = replace(one_mentor(), objective=("mentees", "worst"))
    with pytest.raises(CallError, match="mark few pairs as movable"):
        limited(only_required(problem), 1, beyond=Naive(problem))
    with mock.patch.object(room, "CELLS", 5), pytest.raises(CallError, match="too much for so many pairs"):
        limited(problem, 1)
    assert limited(problem, 1).tiers[1].value == 7
    assert MINIMUMS not in [proof.tier for proof in limited(problem, 1).tiers]
