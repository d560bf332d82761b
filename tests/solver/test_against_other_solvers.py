"""The solver against other solvers, on problems too large to try everything."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array, vstack

from pairmatch.problem import Loads, Problem
from pairmatch.solver import core, solve
from pairmatch.solver.clock import Clock
from pairmatch.solver.search import Search


def random_problem(
    seed: int, n: int, m: int, share: float = 0.5, most: int = 1, values: int = 1_000_000, **more: object
) -> Problem:
    """A seeded problem: ``share`` of the pairs, capacities up to ``most``, ``values`` distinct weights."""
    rng = np.random.default_rng(seed)
    mentor, mentee = np.nonzero(rng.random((n, m)) < share)
    loads = Loads(
        rng.integers(1, most + 1, n),
        rng.integers(1, most + 1, m),
        np.zeros(n, np.int64),
        np.zeros(m, np.int64),
    )
    weight = rng.integers(0, values, len(mentor)) * (1_000_000 // values)
    return Problem(
        mentor.astype(np.int32), mentee.astype(np.int32), weight, loads, rng.random(m) < 0.1, **more
    )  # type: ignore[arg-type]


def by_milp(problem: Problem) -> int:
    """Largest total by HiGHS."""
    a = np.arange(len(problem.mentor))
    rows = vstack(
        [
            coo_array((np.ones(len(a)), (problem.mentor, a)), shape=(problem.n_mentors, len(a))),
            coo_array((np.ones(len(a)), (problem.mentee, a)), shape=(problem.n_mentees, len(a))),
        ]
    )
    most = np.concatenate([problem.loads.mentor_capacity, problem.loads.mentee_capacity])
    answer = milp(
        -problem.weight.astype(float), constraints=LinearConstraint(rows, ub=most), bounds=Bounds(0, 1)
    )
    return round(-answer.fun)


@pytest.mark.parametrize("seed", range(6))
def test_total_agrees_with_scipy(seed: int) -> None:
    """One to one, all pairs allowed: the Hungarian algorithm finds the same total."""
    problem = random_problem(seed, 60 + seed, 70, share=1.0, objective=("total",))
    matrix = problem.weight.reshape(60 + seed, 70)
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    assert solve(problem).tiers[0].value == matrix[rows, columns].sum()


@pytest.mark.parametrize("seed", range(6))
def test_total_with_capacities_agrees_with_highs(seed: int) -> None:
    """Capacities on both sides: the linear programme, which is integral, finds the same total."""
    problem = random_problem(
        seed, 40, 50, share=0.3, most=3, values=(5, 1_000_000)[seed % 2], objective=("total",)
    )
    assert solve(problem).tiers[0].value == by_milp(problem)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "objective", [("mentees", "mentors", "total"), ("mentees", "worst", "total"), ("total", "mentees")]
)
def test_tiers_agree_with_search(seed: int, objective: tuple[str, ...]) -> None:
    """CP-SAT, tier after tier with each value kept, reaches the same values."""
    problem = random_problem(seed, 12, 14, share=0.25, most=1 + seed % 2, values=20, objective=objective)
    search = Search(problem, Clock())
    for proof in solve(problem).tiers:
        expression = search.worst() if proof.tier == "worst" else search.linear(proof.tier)
        found = search.maximise(expression)
        assert (found.value, found.bound) == (proof.value, proof.value)
        search.keep(expression, found.value)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("most", [1, 3])
def test_a_small_core_finds_the_same(seed: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting from one pair per person, pricing brings in what the optimum needs."""
    problem = random_problem(seed, 60, 50, share=0.9, most=most, values=(8, 1_000_000)[seed % 2])
    whole = solve(problem)
    monkeypatch.setattr(core, "WORTH_IT", 0)
    monkeypatch.setattr(core, "BEST", 0)
    monkeypatch.setattr(core, "JOINING", 1)
    part = solve(problem)
    assert [proof.value for proof in part.tiers] == [proof.value for proof in whole.tiers]
    assert [proof.bound for proof in part.tiers] == [proof.value for proof in whole.tiers]
    assert part.stats["flow_rounds"] >= whole.stats["flow_rounds"]


def test_a_planted_optimum_outside_every_list_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's best partners are the same few; the optimum needs pairs that nobody lists."""
    n, stars = 120, 15
    weight = np.full((n, n), 500_000, np.int64)
    weight[:stars] = weight[:, :stars] = 900_000
    weight[np.arange(n), np.arange(n)] = 499_000
    weight += np.random.default_rng(3).integers(0, 300, (n, n))
    ones, none = np.ones(n, np.int64), np.zeros(n, np.int64)
    mentor, mentee = (side.ravel().astype(np.int32) for side in np.indices((n, n)))
    loads = Loads(ones, ones, none, none)
    problem = Problem(mentor, mentee, weight.ravel(), loads, np.zeros(n, bool), ("mentees", "total"))
    rows, columns = linear_sum_assignment(weight, maximize=True)
    solution = solve(problem)
    assert solution.tiers[1].value == weight[rows, columns].sum()
    assert solution.tiers[1].bound == solution.tiers[1].value
    assert solution.stats["flow_rounds"] > 1


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(20))
def test_large_totals_agree(seed: int) -> None:
    """Up to 1,500 people a side against the Hungarian algorithm."""
    n = 300 + 60 * seed
    problem = random_problem(
        seed, n, n, share=1.0, values=(3, 100, 1_000_000)[seed % 3], objective=("total",)
    )
    matrix = problem.weight.reshape(n, n)
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    solution = solve(problem)
    assert solution.tiers[0].value == solution.tiers[0].bound == matrix[rows, columns].sum()
