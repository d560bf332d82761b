"""Floors where mentees have several mentors: prices on floors against trying every matching."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.errors import InfeasibleError
from pairmatch.problem import Loads, Problem, Solution
from pairmatch.solver import solve
from pairmatch.solver.fairness import floor_sets, raised
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.strategies import problems

ORDERS = (
    ("mentees", "worst", "total"),
    ("must_match", "mentees", "worst", "total"),
    ("pairs", "worst", "total"),
    ("must_match", "worst", "total"),
    ("mentees", "worst", "pairs", "total", "mentors"),
    ("mentors", "mentees", "worst"),
    ("mentees", "leximin", "total"),
)


def solved(problem: Problem) -> Solution | None:
    """The solution, or None where the solver says that there is none."""
    try:
        return solve(problem)
    except InfeasibleError:
        return None


@pytest.fixture(autouse=True, scope="module")
def always_climbing() -> Iterator[None]:
    """Small problems take the way of the large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raised, "SMALL", 0)
        yield


@settings(max_examples=80)
@given(problems(max_mentors=4, max_mentees=4, hours=False, objective=st.sampled_from(ORDERS)))
def test_floors_agree_with_brute_force(problem: Problem) -> None:
    """Every tier's value and bound is that of the best of all matchings."""
    several = np.maximum(problem.loads.mentee_capacity, 2)
    problem = replace(problem, loads=replace(problem.loads, mentee_capacity=several))
    assume(not problem.groups and not problem.evens and problem.coaching is None)
    best, solution = brute_force_problem(problem), solved(problem)
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        return
    event(solution.tiers[problem.objective.index("worst") if "worst" in problem.objective else 0].kind)
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])


def papers(n_papers: int, reviewers: int, seed: int = 0) -> np.ndarray:
    """Weights of reviewers (rows) and papers that share a few topics."""
    draw = np.random.default_rng(seed)
    one, other = (draw.dirichlet(np.full(12, 0.3), size) for size in (reviewers, n_papers))
    noise = 0.1 * draw.random((reviewers, n_papers))
    return np.asarray(np.rint(1e6 * np.clip(1.2 * one @ other.T + noise, 0, 1)) / 1e6)


def test_papers_with_three_reviewers_each() -> None:
    """Exact and the same each time where a search of all pairs is slow; nobody is below the floor."""
    weights = papers(90, 60)
    call: Any = {"mentee_minimum": 3, "objective": ("worst", "total")}
    found = pm.assign(weights, 5, 3, **call)
    sums = np.bincount(found.pairs[:, 1], weights[tuple(found.pairs.T)])
    assert found.complete
    assert found.gap == 0
    assert np.isclose(sums.min(), found.values[0])
    assert np.isclose(sums.sum(), found.values[1])
    assert found.values[0] == round(np.sort(weights, axis=0)[-3:].sum(axis=0).min(), 6)
    assert found.pairs.tolist() == pm.assign(weights, 5, 3, **call).pairs.tolist()
    free = pm.assign(weights, 5, 3, mentee_minimum=3, objective=("total",))
    assert free.values[0] > found.values[1]


def several(n_papers: int, reviewers: int, each: int, most: int, seed: int) -> Problem:
    """Papers that need so many reviewers each."""
    weights = np.rint(papers(n_papers, reviewers, seed) * 1e6).astype(np.int64)
    places = [np.full(reviewers, most), np.full(n_papers, each), np.zeros(reviewers, int)]
    i, j = (side.ravel().astype(np.int32) for side in np.indices(weights.shape))
    loads = Loads(*places, np.full(n_papers, each))
    return Problem(i, j, weights.ravel(), loads, np.zeros(n_papers, bool), ("mentees", "worst", "total"))


def test_sets_prove_what_prices_on_floors_leave_open() -> None:
    """A hundred papers and reviewers without a place to spare: proven, where floors bind for many."""
    solution = solve(several(100, 100, 4, 4, 3))
    assert solution.complete
    assert [proof.gap for proof in solution.tiers] == [0, 0, 0]


@pytest.mark.parametrize("seed", [8, 20])
def test_sets_in_shares_are_searched(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the programme takes sets in parts, or nothing at all, a search finds the same."""
    problem = several(40, 40, 4, 4, seed)
    best = solve(problem)
    monkeypatch.setattr(floor_sets, "ROUNDS", 4)
    monkeypatch.setattr(raised.Climb, "_proven", lambda *_: None)
    searched = solve(problem)
    assert [proof.value for proof in searched.tiers] == [proof.value for proof in best.tiers]
    assert best.complete
    assert searched.complete


@pytest.mark.parametrize("asked", [2, 4, 6, 8, 10, 12, 15, 20, 30])
def test_whenever_it_is_ended_the_pairs_are_good(asked: int) -> None:
    """Never a lower floor than the best total alone has, nor a bound that the best one breaks."""
    problem = several(60, 40, 3, 5, 0)
    best = solve(problem)
    alone = solve(replace(problem, objective=("mentees", "total")))
    index = np.ravel_multi_index(tuple(alone.pairs.T), (40, 60))
    calls = iter(range(1000))
    cut = solve(problem, cancelled=lambda: next(calls) >= asked)
    assert not faults(problem, [tuple(pair) for pair in cut.pairs.tolist()])
    assert cut.tiers[1].value >= raised.worst_of(problem, index)
    for here, there in zip(cut.tiers[:2], best.tiers[:2], strict=True):
        assert here.value <= there.value <= here.bound <= here.verified_bound
    assert cut.tiers[2].value <= cut.tiers[2].bound


def test_a_deadline_leaves_an_honest_gap() -> None:
    """What was found by then, with bounds that hold."""
    weights = papers(90, 60)
    best = pm.assign(weights, 5, 3, mentee_minimum=3, objective=("worst", "total"))
    cut = pm.assign(weights, 5, 3, mentee_minimum=3, objective=("worst", "total"), time_limit=0.3)
    assert cut.values <= best.values
    assert cut.bounds[0] >= best.values[0]
