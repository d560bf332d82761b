"""The assignment step of the main job beside one bare min-cost flow on the same arcs and gains."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from pairmatch import datasets
from pairmatch.problem import Problem
from pairmatch.scoring import build, fit
from pairmatch.solver import solve
from pairmatch.solver.flow import best_flow
from pairmatch.solver.gains import combine, first_guess


@cache
def problem(size: int) -> Problem:
    """All eligible pairs of a synthetic cohort under its full policy."""
    cohort, policy = datasets.synthetic(mentors=size, mentees=size, seed=1), datasets.synthetic_policy()
    return build(cohort, policy, fit(cohort, policy)).problem


@pytest.mark.parametrize("size", [500, 1000, 2000], indirect=True)
def test_solve_with_proofs(benchmark: Any, size: int) -> None:
    """All tiers, with prices that prove each of them over all arcs."""
    solution = benchmark.pedantic(solve, (problem(size),), rounds=3)
    assert all(proof.value == proof.verified_bound for proof in solution.tiers)


@pytest.mark.parametrize("size", [500, 1000, 2000], indirect=True)
def test_bare_min_cost_flow(benchmark: Any, size: int) -> None:
    """One OR-Tools call, by its bulk interface: a matching without any proof."""
    chosen = benchmark.pedantic(bare, (problem(size),), rounds=3)
    assert problem(size).weight[chosen].sum() == solve(problem(size)).tiers[-1].value


def bare(stated: Problem) -> Any:
    """The pairs of one flow."""
    gains = combine(stated, first_guess(stated, stated.objective))
    return best_flow(stated.mentor, stated.mentee, gains.pair, gains.mentors, gains.mentees)
