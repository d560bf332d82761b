"""The curve's corners are best matchings within their limit, and its bounds hold between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairmatch.earlier import Earlier
from pairmatch.errors import SolverError
from pairmatch.problem import Problem
from pairmatch.solver import solve
from pairmatch.solver.limited import limited
from pairmatch.solver.repair import Curve, Standing
from tests.solver.repair.changed import contested, in_hand


def disturbed(mentors: int, mentees: int, seed: int, failed: int) -> Problem:
    """A programme in which some pairs of its best matching have failed, and the others run."""
    problem = contested(mentors, mentees, seed)
    draw, pairs = np.random.default_rng(seed), solve(problem).pairs
    pick = draw.choice(len(pairs), failed, replace=False)
    width = np.int64(mentees)
    gone = np.isin(problem.mentor * width + problem.mentee, pairs[pick, 0] * width + pairs[pick, 1])
    nobody = np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
    running = np.delete(pairs, pick, axis=0)
    return replace(
        problem,
        mentor=problem.mentor[~gone],
        mentee=problem.mentee[~gone],
        weight=problem.weight[~gone],
        objective=("must_match", "mentees", "kept", "total"),
        earlier=Earlier(running, np.zeros(len(running), bool), *nobody),
    )


@pytest.mark.parametrize("seed", range(6))
def test_against_the_exact_best_within_each_limit(seed: int) -> None:
    problem = disturbed(14, 26, seed, failed=4)
    curve = Curve(Standing(problem, solve(problem)))
    curve.look(9)
    running = 0 if problem.earlier is None else len(problem.earlier.pairs)
    plain = replace(problem, objective=("must_match", "mentees", "total"))
    for ended in range(10):
        total, bound = curve.best(ended)
        exact = limited(plain, running - curve.most + ended).tiers[-1].value
        assert total <= exact <= bound
        corner = curve.corners.get(curve.most - ended)
        if corner is not None and corner.total == total:
            assert total == exact
    assert sorted(curve.best(k)[0] for k in range(10)) == [curve.best(k)[0] for k in range(10)]


def test_all_running_pairs_may_end() -> None:
    problem = disturbed(30, 60, 7, failed=6)
    curve = Curve(Standing(problem, solve(problem)))
    curve.look(60)
    best = solve(replace(problem, objective=("must_match", "mentees", "total")))
    assert curve.best(60) == (best.tiers[-1].value, best.tiers[-1].value)
    first = solve(problem)
    assert curve.best(0)[0] == first.tiers[-1].value
    assert len(curve.corners) > 2


def test_the_way_back() -> None:
    problem = disturbed(20, 40, 3, failed=4)
    standing = Standing(problem, solution := solve(problem))
    Curve(standing).look(20)
    assert standing.kept_and_total() == tuple(proof.value for proof in solution.tiers[-2:])


def test_with_few_pairs_in_hand() -> None:
    problem = disturbed(30, 60, 9, failed=6)
    solution = solve(problem)
    whole = Curve(Standing(problem, solution))
    few, reach = in_hand(problem, solution, slack=1)
    found = Curve(Standing(few, solution, reach))
    for curve in (whole, found):
        curve.look(30)
    assert [whole.best(k) for k in range(30)] == [found.best(k) for k in range(30)]


def test_tiers_without_a_curve() -> None:
    problem = contested(6, 9, seed=1)
    with pytest.raises(SolverError, match="'kept' and 'total'"):
        Curve(Standing(problem, solve(problem)))
