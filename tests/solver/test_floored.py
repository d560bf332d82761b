"""Groups after a floor: exact where few people are, and quick where many are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.problem import Problem
from pairmatch.solver import solve
from pairmatch.solver.clock import Clock
from pairmatch.solver.groups.floored import is_floored
from pairmatch.solver.search import Search
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.strategies import problems
from tests.solver.test_groups_larger import mixed

OBJECTIVES = [
    ("mentees", "worst", "total"),
    ("worst", "mentors", "spread", "total"),
    ("must_match", "pairs", "worst", "mentees", "total"),
]


@given(problems(groups=True, hours=False, objective=st.sampled_from(OBJECTIVES)))
def test_agrees_with_brute_force(problem: Problem) -> None:
    """With minimums, required pairs and even loads."""
    best = brute_force_problem(problem)
    try:
        solution = solve(problem)
    except InfeasibleError:
        assert best is None
        return
    assert best is not None
    event(f"this way: {is_floored(problem)}")
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])


def floored(n: int, seed: int) -> Problem:
    """Soft groups, and the worst pair before the total."""
    return replace(mixed(n, seed, share=0.3, quota=False), objective=("mentees", "worst", "total"))


def test_hundreds_of_people_need_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The floor is that without groups; the total's gap is small by prices alone."""

    def refuse(*_: object) -> None:
        raise AssertionError("a search was started")

    monkeypatch.setattr("pairmatch.solver.groups.grouped.CLOSABLE", 0)
    monkeypatch.setattr(Search, "maximise", refuse)
    problem = floored(250, 1)
    solution = solve(problem)
    plain = solve(replace(problem, groups=()))
    assert [proof.value for proof in solution.tiers[:2]] == [proof.value for proof in plain.tiers[:2]]
    assert [proof.gap for proof in solution.tiers[:2]] == [0, 0]
    assert solution.tiers[2].gap <= 1e-3
    weight = {
        (int(i), int(j)): int(w)
        for i, j, w in zip(problem.mentor, problem.mentee, problem.weight, strict=True)
    }
    chosen = [weight[int(i), int(j)] for i, j in solution.pairs]
    assert min(chosen) == solution.tiers[1].value


def test_a_deadline_leaves_a_gap_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something valid, or words."""
    monkeypatch.setattr(Clock, "over", property(lambda _: True))
    try:
        solution = solve(floored(30, 2), time_limit=1)
    except NoSolutionError:
        return
    assert not solution.complete
    assert len(np.unique(solution.pairs[:, 1])) == len(solution.pairs)
