"""Sweeps in the large and at the edges: what is found, what is told, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings

from pairmatch.errors import CallError, InfeasibleError, NoSolutionError
from pairmatch.problem import Loads, Problem, Progress
from pairmatch.solver import solve
from pairmatch.solver.clock import Clock
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.strategies import problems
from tests.solver.naive import Naive, only_required
from tests.solver.test_against_other_solvers import random_problem
from tests.solver.test_beyond import LINEAR, proven, small_hands, swept

HUBS, PEOPLE = 5, 60


def full(weight: np.ndarray, **loads: np.ndarray) -> Problem:
    """All pairs allowed, one place each."""
    n, m = weight.shape
    mentor, mentee = np.divmod(np.arange(n * m), m)
    ones = (np.ones(n, np.int64), np.ones(m, np.int64))
    given = Loads(*ones, np.zeros(n, np.int64), np.zeros(m, np.int64))
    return Problem(
        mentor.astype(np.int32),
        mentee.astype(np.int32),
        weight.astype(np.int64).ravel(),
        replace(given, **loads),
        np.zeros(m, bool),
        ("mentees", "total"),
    )


def planted() -> Problem:
    """Everybody's best partners are the same few; each has one other good one, who is on no list."""
    weight = np.full((PEOPLE, PEOPLE), 100_000)
    np.fill_diagonal(weight, 600_000)
    weight[:HUBS] = weight[:, :HUBS] = 700_000
    return full(weight)


def test_an_optimum_on_nobodys_list_is_found() -> None:
    """Fifty of the sixty best pairs are among nobody's best four."""
    problem = planted()
    naive = Naive(problem)
    listed = naive.best(4, 4, lambda: False)
    assert not (listed.mentor == listed.mentee)[listed.mentor >= HUBS].any()
    with small_hands(4):
        solution = solve(only_required(problem), beyond=naive)
    good = (solution.pairs[:, 0] == solution.pairs[:, 1]).sum()
    assert good == PEOPLE - 2 * HUBS
    assert solution.tiers[1].value == 2 * HUBS * 700_000 + (PEOPLE - 2 * HUBS) * 600_000
    assert solution.complete
    assert solution.stats["pairs_core"] < PEOPLE * PEOPLE


@pytest.mark.parametrize("seed", range(3))
def test_the_same_as_with_all_pairs(seed: int) -> None:
    """A few hundred people, capacities, two thirds of all pairs: the dense optimum, with its prices."""
    problem = random_problem(seed, 120, 90, share=0.6, objective=("mentees", "mentors", "total"))
    whole = solve(problem)
    solution = solve(only_required(problem), beyond=Naive(problem))
    assert [proof.value for proof in solution.tiers] == [proof.value for proof in whole.tiers]
    assert solution.complete
    proven(problem, solution)


def test_rounds_are_told() -> None:
    """Progress names the round and the gap; stats have both, and where the time went."""
    told: list[Progress] = []
    with small_hands(2):
        solution = solve(only_required(planted()), beyond=Naive(planted()), progress=told.append)
    rounds = [step for step in told if step.round]
    assert [step.round for step in rounds] == list(range(1, len(rounds) + 1))
    assert len(rounds) > 1
    assert rounds[-1].gap == 0
    gaps = [solution.stats[f"gap_round_{step.round}"] for step in rounds]
    assert gaps == [step.gap for step in rounds]
    assert gaps == sorted(gaps, reverse=True)
    assert {"seconds_best", "seconds_flow", "seconds_prices", "seconds_sweeps"} <= set(solution.stats)
    assert solution.stats["pairs_possible"] == PEOPLE * PEOPLE


def test_tiers_that_need_no_weight_cost_no_sweep() -> None:
    """Where everybody is matched, no pair can beat prices of nothing: it is not looked for one."""
    naive = Naive(planted())
    solve(only_required(planted()), beyond=naive)
    assert {priced.total for priced in naive.asked} == {1}


def test_the_caller_may_cancel() -> None:
    """As when the time is up: the best so far, a true gap, and no claim to be complete."""
    problem = planted()
    looks = iter([False] * 2 + [True] * 100)
    with small_hands(2):
        solution = solve(only_required(problem), beyond=Naive(problem), cancelled=lambda: next(looks))
    assert not solution.complete
    assert solution.tiers[1].bound >= solution.tiers[1].value
    proven(problem, solution)


def test_what_is_cancelled_stays_cancelled() -> None:
    """The caller is not asked again."""
    looks = iter([False, True])
    clock = Clock(cancelled=lambda: next(looks))
    assert [clock.over for _ in range(4)] == [False, True, True, True]


@pytest.mark.parametrize(
    ("objective", "capacity", "words"),
    [
        (("mentees", "leximin"), 1, "'leximin' asks for all pairs at once"),
        (("mentees", "worst"), 2, "'worst' over mentees with several mentors"),
    ],
)
def test_what_sweeps_cannot_serve_is_refused(objective: tuple[str, ...], capacity: int, words: str) -> None:
    """Said before any work, with a way out."""
    problem = replace(full(np.ones((2, 2))), objective=objective)
    problem = replace(problem, loads=replace(problem.loads, mentee_capacity=np.full(2, capacity)))
    with pytest.raises(CallError, match=words) as caught:
        solve(only_required(problem), beyond=Naive(problem))
    assert "region by region" in str(caught.value)


def test_minimums_that_cannot_be_met() -> None:
    """Only a proof over all pairs says who stays below; a stop before that says that time was short."""
    problem = full(np.ones((1, 2)), mentee_minimum=np.ones(2, np.int64))
    with pytest.raises(InfeasibleError) as caught:
        solve(only_required(problem), beyond=Naive(problem))
    assert {finding.code for finding in caught.value.findings} == {"below_minimum"}
    problem = full(np.ones((2, 2)), mentee_minimum=np.ones(2, np.int64))
    with pytest.raises(NoSolutionError, match="by a time limit or a cancellation"):
        solve(only_required(problem), beyond=Naive(problem, patience=0))


@settings(max_examples=150)
@given(problems(objective=LINEAR, hours=True))
def test_hours_keep_their_bounds(problem: Problem) -> None:
    """With budgets of hours: a valid matching of the pairs in hand, and bounds that hold over all of them."""
    if problem.pair_hours is not None:
        problem = replace(problem, pair_hours=None)
    if problem.loads.mentee_hours is None:
        hours = np.full(problem.n_mentees, 100, np.int64)
        problem = replace(problem, loads=replace(problem.loads, mentee_hours=hours))
    best = brute_force_problem(problem)
    solution = swept(problem, Naive(problem))
    if solution is None:
        event("nothing found")
        return
    assert best is not None
    event("a gap" if any(proof.gap for proof in solution.tiers) else "proven")
    assert solution.complete
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    proven(problem, solution)
    kept = True
    for proof, value in zip(solution.tiers, best.values, strict=True):
        assert proof.value <= proof.bound == proof.verified_bound
        assert not kept or proof.value <= value <= proof.bound
        kept = kept and proof.value == value
    assert kept or any(proof.gap for proof in solution.tiers)


def test_hours_that_nothing_fits() -> None:
    """A minimum that the hours forbid: said in words, not claimed to be proven."""
    spent = {"mentee_hours": np.full(1, 300, np.int64), "mentor_hours": np.full(1, 100, np.int64)}
    problem = full(np.ones((1, 1)), mentee_minimum=np.ones(1, np.int64), **spent)
    with pytest.raises(NoSolutionError, match="no valid matching was found among each person's best pairs"):
        solve(only_required(problem), beyond=Naive(problem))
    problem = full(np.ones((1, 1)), required=np.zeros((1, 2), np.int64), **spent)
    with pytest.raises(InfeasibleError, match="contradict each other"):
        solve(only_required(problem), beyond=Naive(problem))
