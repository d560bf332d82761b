"""Whenever the deadline passes, what is told stays true: valid pairs, true bounds, an honest `complete`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.problem import Problem, Solution
from pairmatch.solver import core, solve
from pairmatch.solver.clock import Clock
from pairmatch.testing import Best, brute_force_problem, faults
from pairmatch.testing.strategies import Case, cases, problems


@contextmanager
def deadline(looks: int) -> Iterator[None]:
    """The smallest core, and a clock that says from its ``looks``-th look on that time is up."""
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
        yield


def cut_short(problem: Problem, looks: int) -> Solution | None:
    """The solution that a deadline leaves; None where it leaves none."""
    with deadline(looks):
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


@settings(max_examples=150)
@given(cases(), st.integers(0, 8))
def test_a_matching_cut_short_verifies(case: Case, looks: int) -> None:
    """Whatever the deadline leaves, `verify` finds nothing false in it."""
    try:
        with deadline(looks):
            matching = pm.match(case.cohort, case.policy, time_limit=5)
    except (InfeasibleError, NoSolutionError):
        event("no matching")
        return
    event("complete" if matching.certificate.complete else "cut short")
    pm.verify(matching, case.cohort, case.policy)
