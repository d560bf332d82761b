"""Whenever the deadline passes, what is told stays true: valid pairs, true bounds, an honest `complete`."""

from __future__ import annotations

from unittest import mock

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.problem import Problem, Solution
from pairmatch.solver import core, solve
from pairmatch.solver.clock import Clock
from pairmatch.testing import Best, brute_force_problem, faults
from pairmatch.testing.strategies import problems


def cut_short(problem: Problem, looks: int) -> Solution | None:
    """Solve from the smallest core; the clock says that time is up from its ``looks``-th look on."""
    seen = 0

    def over(_: Clock) -> bool:
        nonlocal seen
        seen += 1
        return seen > looks

    with (
        mock.patch.object(Clock, "over", property(over)),
        mock.patch.object(core, "WORTH_IT", 0),
        mock.patch.object(core, "BEST", 0),
        mock.patch.object(core, "JOINING", 1),
    ):
        try:
            return solve(problem, time_limit=5)
        except NoSolutionError:
            return None


@settings(max_examples=max(400, settings.default.max_examples if settings.default else 0))
@given(problems(), st.integers(0, 12))
def test_a_deadline_never_makes_a_false_claim(problem: Problem, looks: int) -> None:
    """Against brute force, with the deadline at any moment."""
    best = brute_force_problem(problem)
    try:
        solution = cut_short(problem, looks)
    except InfeasibleError:
        assert best is None
        return
    if solution is None:
        event("no solution in time")
        return
    assert best is not None
    event("complete" if solution.complete else "cut short")
    holds(problem, solution, best)


def holds(problem: Problem, solution: Solution, best: Best[int]) -> None:
    """Valid pairs, bounds that hold while the earlier values are kept, no false claim of optimality."""
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    kept = True
    for proof, value in zip(solution.tiers, best.values, strict=True):
        assert proof.value <= proof.bound <= proof.verified_bound
        assert not kept or proof.value <= value <= proof.bound
        kept = kept and proof.value == value and (not proof.levels or proof.levels == best.levels)
    assert kept or not solution.complete
    assert not solution.complete or all(proof.gap == 0 for proof in solution.tiers)
