"""Leximin where everybody has one mentor: many levels in one flow, against trying every matching."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.errors import InfeasibleError
from pairmatch.problem import Problem
from pairmatch.solver import solve
from pairmatch.solver.fairness import levels
from pairmatch.testing import brute_force_problem
from pairmatch.testing.strategies import problems

ORDERS = (
    ("mentees", "leximin", "total"),
    ("mentees", "leximin", "mentors", "total"),
    ("must_match", "leximin", "total"),
    ("pairs", "leximin", "mentors"),
)


@pytest.mark.parametrize("room", [levels.ROOM, 64, 2**62], ids=["as it is", "one level", "too much"])
def test_every_level_agrees_with_brute_force(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many levels there is room for in one flow, and where numbers get too large for the solver."""
    monkeypatch.setattr(levels, "ROOM", room)

    @settings(max_examples=100)
    @given(problems(max_mentors=4, max_mentees=4, hours=False, objective=st.sampled_from(ORDERS)))
    def agrees(problem: Problem) -> None:
        best = brute_force_problem(problem)
        try:
            solution = solve(problem)
        except InfeasibleError:
            assert best is None
            return
        assert best is not None
        assert tuple(proof.value for proof in solution.tiers) == best.values
        assert tuple(proof.bound for proof in solution.tiers) == best.values
        told = next(proof for proof in solution.tiers if proof.tier == "leximin")
        assert told.levels == best.levels

    agrees()


def swaps(weights: np.ndarray, mentor: dict[int, int]) -> bool:
    """Whether two mentees could swap mentors so that the worse off of them would have more."""
    people = sorted(mentor)
    for a in people:
        for b in people:
            before = sorted([weights[mentor[a], a], weights[mentor[b], b]])
            after = sorted([weights[mentor[b], a], weights[mentor[a], b]])
            if a < b and after > before:
                return True
    return False


@pytest.mark.parametrize("kind", ["any", "contested", "few values"])
def test_a_hundred_people(kind: str) -> None:
    """No swap of two lifts the worse off; the levels are told; the same again gives the same."""
    draw = np.random.default_rng(7)
    weights = {
        "any": draw.integers(0, 10**6, (100, 100)) / 10**6,
        "contested": np.round(1 - 0.9 * np.outer(draw.random(100), draw.random(100)), 6),
        "few values": draw.integers(0, 8, (100, 100)) / 8,
    }[kind]
    found = pm.assign(weights, objective=("mentees", "leximin"))
    assert found.complete
    assert found.values[1] == min(found.levels)
    assert not swaps(weights, {int(j): int(i) for i, j in found.pairs})
    assert found.pairs.tolist() == pm.assign(weights, objective=("mentees", "leximin")).pairs.tolist()


def test_a_deadline_leaves_the_floor() -> None:
    """Where no time is left for the levels, there are pairs and an honest gap."""
    weights = np.random.default_rng(1).random((150, 150))
    found = pm.assign(weights, objective=("mentees", "leximin"), time_limit=0.05)
    assert found.values[1] <= found.bounds[1]
