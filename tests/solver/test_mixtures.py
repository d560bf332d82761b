"""Groups beside hours, levels and floors: nothing is lost that the policy without the goal has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.groups import Even, Group
from pairmatch.problem import MINIMUMS, Loads, Problem, Solution
from pairmatch.solver import solve
from pairmatch.solver.groups import costed
from tests.solver.test_groups import plain_bound

pytestmark = pytest.mark.untraced


def drawn(n: int, m: int, seed: int, *, capacity: int = 1, price: int = 300, share: float = 1.0) -> Problem:
    """Mentors of four regions, which should all be taken alike."""
    draw = np.random.default_rng(seed)
    mentor, mentee = np.nonzero(draw.random((n, m)) < share)
    region = draw.integers(0, 4, n)
    groups = tuple(
        Group("spread", f"region {k}", mentors=(region == k).astype(np.int64), target=m // 5, price=price)
        for k in range(4)
    )
    loads = Loads(np.full(n, capacity), np.ones(m, np.int64), np.zeros(n, np.int64), np.zeros(m, np.int64))
    weight = draw.integers(0, 1000, len(mentor)) + 200 * region[mentor]
    arcs = mentor.astype(np.int32), mentee.astype(np.int32), weight
    return Problem(*arcs, loads, np.zeros(m, bool), ("mentees", "total"), 1000, groups=groups)


def with_hours(problem: Problem, seed: int) -> Problem:
    """The same with budgets that hold a pair or two."""
    draw = np.random.default_rng(seed)
    budget, need = draw.integers(2, 9, problem.n_mentors) * 100, draw.integers(1, 4, problem.n_mentees) * 100
    return replace(problem, loads=replace(problem.loads, mentor_hours=budget, mentee_hours=need))


def values(solution: Solution) -> dict[str, int]:
    """The tiers' values."""
    return {proof.tier: proof.value for proof in solution.tiers}


def in_order(solution: Solution) -> None:
    """No value above its bound, no bound above what the prices prove."""
    for proof in solution.tiers:
        assert proof.value <= proof.bound <= proof.verified_bound


@pytest.mark.parametrize("objective", [("mentees", "total"), ("mentees", "spread", "total")])
def test_a_goal_beside_hours_costs_no_mentee(objective: tuple[str, ...]) -> None:
    """A matching without the goal is one with it: who had a place keeps it."""
    problem = replace(with_hours(drawn(30, 60, 1, capacity=3), 2), objective=objective)
    found, plain = solve(problem, time_limit=6), solve(replace(problem, groups=()), time_limit=6)
    assert values(found)["mentees"] == values(plain)["mentees"]
    in_order(found)
    for proof in found.tiers:
        told = values(found) | {MINIMUMS: 0}
        assert proof.tier == "mentees" or proof.group_prices.shape == (4,) or not len(proof.group_prices)
        if not proof.bundles:
            assert plain_bound(problem, proof, told) == proof.verified_bound


def test_a_small_one_beside_hours_is_exact() -> None:
    """Loads that should be even, and a goal, beside hours: proven best."""
    problem = with_hours(drawn(4, 6, 3, capacity=2), 4)
    even = Even("even", "mentors", np.ones(4, np.int64), 150)
    found = solve(replace(problem, evens=(even,)))
    assert found.proven


def test_levels_before_a_goal_are_exact() -> None:
    """A goal that only a later tier counts leaves leximin as it is."""
    problem = replace(drawn(50, 45, 5, share=0.3), objective=("mentees", "leximin", "total"))
    found, plain = solve(problem, time_limit=20), solve(replace(problem, groups=()), time_limit=20)
    assert [proof.levels for proof in found.tiers] == [proof.levels for proof in plain.tiers]
    assert found.tiers[1].gap == 0
    in_order(found)
    told = values(found) | {MINIMUMS: 0}
    floor = found.tiers[1].value
    part = replace(problem, **{name: getattr(problem, name)[problem.weight >= floor] for name in _ARCS})
    assert plain_bound(part, found.tiers[2], told) == found.tiers[2].verified_bound


_ARCS = ("mentor", "mentee", "weight")


def test_a_quota_before_a_floor_is_proven_by_prices() -> None:
    """At most five of twelve mentors: prices prove that five mentees are all."""
    problem = replace(drawn(12, 6, 7, price=0), objective=("mentees", "worst", "total"))
    quota = Group("chosen", "mentors", mentors=np.ones(12, np.int64), most=5)
    found = solve(replace(problem, groups=(quota,)))
    assert [found.tiers[0].value, found.tiers[0].verified_bound, found.tiers[0].kind] == [5, 5, "prices"]
    in_order(found)
    assert plain_bound(replace(problem, groups=(quota,)), found.tiers[0], values(found)) == 5


def starved(objective: tuple[str, ...]) -> Problem:
    """A mentor must have a pair, and has no hours for it; a goal that only costs stands beside."""
    problem = with_hours(replace(drawn(4, 4, 3), objective=objective), 4)
    least, hours = np.array([1, 0, 0, 0]), np.array([0, 500, 500, 500])
    return replace(problem, loads=replace(problem.loads, mentor_minimum=least, mentor_hours=hours))


@pytest.mark.parametrize("objective", [("mentees",), ("mentees", "total")])
def test_what_no_hours_allow_is_said_beside_a_goal(objective: tuple[str, ...]) -> None:
    """Whether or not a tier counts what the goal costs."""
    with pytest.raises(InfeasibleError, match="contradict each other"):
        solve(starved(objective))


def test_a_minimum_that_bundles_miss_makes_no_matching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many pairs to search, nothing that leaves a minimum unfilled is told."""
    monkeypatch.setattr(costed, "SEARCHABLE", 0)
    monkeypatch.setattr(costed._Costed, "_from_nothing", lambda _: None)
    with pytest.raises(NoSolutionError, match="no valid matching"):
        solve(starved(("mentees", "total")))
