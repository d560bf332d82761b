"""Groups over pairs that nobody stores: valid, proven over all pairs, and the best where no gap is left."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.groups import Cross, Group
from pairmatch.problem import Loads, Problem, Solution
from pairmatch.solver import rounds, solve
from pairmatch.solver.groups import far
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.referee import tier_values
from pairmatch.testing.strategies import problems
from tests.solver.naive import Naive, only_required

TIERS = ("must_match", "mentees", "mentors", "pairs", "spread", "total")

LINEAR = st.lists(st.sampled_from(TIERS), min_size=1, max_size=4, unique=True).map(tuple)


def swept(problem: Problem, patience: int | None = None) -> Solution | None:
    """What is found by sweeps, with as few pairs in hand as can be; None where there is nothing."""
    few = [
        mock.patch.object(room, name, 1) for room, name in ((rounds, "EACH"), (far, "EACH"), (far, "JOINING"))
    ]
    with few[0], few[1], few[2]:
        try:
            return solve(only_required(problem), beyond=Naive(problem, patience))
        except (InfeasibleError, NoSolutionError):
            return None


@given(problem=problems(groups=True, hours=False, objective=LINEAR))
def test_agrees_with_brute_force(problem: Problem) -> None:
    """A valid matching, bounds that hold, and the optimum wherever no gap is told."""
    best, solution = brute_force_problem(problem), swept(problem)
    if best is None:
        assert solution is None
        return
    if solution is None:
        event("nothing found")
        return
    pairs = [(int(i), int(j)) for i, j in solution.pairs]
    assert not faults(problem, pairs)
    values = tier_values(problem, pairs)
    for tier, proof in zip(problem.objective, solution.tiers, strict=True):
        assert proof.tier == tier
        assert proof.value == values[tier]
        assert proof.value <= proof.bound <= proof.verified_bound
        if proof.value != best.by_tier[tier]:
            assert proof.value < best.by_tier[tier] <= proof.bound
            event("a gap")
            return
    event("the optimum")


@given(problem=problems(groups=True, hours=False, objective=st.just(("mentees", "total"))))
def test_a_stopped_sweep_leaves_bounds_that_hold(problem: Problem) -> None:
    """Once the sweeps are stopped, the loosest prices are told, and they hold."""
    best = brute_force_problem(problem)
    solution = swept(problem, patience=2)
    if solution is None:
        return
    assert best is not None
    assert solution.tiers[0].bound >= best.values[0]
    if solution.tiers[0].value == best.values[0]:
        assert solution.tiers[1].bound >= best.values[1]
    assert np.array_equal(solution.pairs, np.unique(solution.pairs, axis=0))


def test_stopped_while_looking_for_pairs_that_keep_a_quota() -> None:
    """No time is told as no time: neither as a contradiction nor as a sweep's own error."""
    one, none = np.ones(1, np.int64), np.zeros(1, np.int64)
    # The class that would count is nobody's; capacities alone do not tell.
    cross = Cross(np.zeros(1, np.int32), np.zeros(1, np.int32), np.array([[0, 1]]))
    never = Group("quota", "pairs of a class that nobody has", pairs=cross, least=1)
    problem = Problem(
        np.zeros(1, np.int32),
        np.zeros(1, np.int32),
        np.array([80]),
        Loads(one, one, none, none),
        np.ones(1, bool),
        objective=("mentees", "total"),
        groups=(never,),
    )
    with pytest.raises(NoSolutionError):
        solve(only_required(problem), beyond=Naive(problem, patience=2))
    with pytest.raises(InfeasibleError):
        solve(only_required(problem), beyond=Naive(problem))
