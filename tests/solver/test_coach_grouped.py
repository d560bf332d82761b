"""Coaches together with groups by prices on both: never a false bound, and a small gap at size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.groups import Cross, Group
from pairmatch.problem import Problem
from pairmatch.solver import solve
from pairmatch.solver.coaches import coached
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.referee import tier_values
from pairmatch.testing.strategies import problems
from tests.coached import instance

ORDERS = st.sampled_from(
    [
        ("must_match", "mentees", "coached", "total"),
        ("mentees", "total"),
        ("coached", "total"),
        ("total", "coached", "pairs"),
        ("pairs", "total", "coached"),
        ("mentees", "spread", "coached", "total"),
        ("spread", "pairs", "total", "coached"),
    ]
)


@pytest.fixture(scope="module", autouse=True)
def never_searched_whole() -> Iterator[None]:
    """So that problems which brute force can try go the way of large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coached, "is_searchable", lambda problem: False)
        yield


@settings(max_examples=150)
@given(problems(max_mentors=3, max_mentees=4, objective=ORDERS, hours=False, groups=True, coaching=True))
def test_bounds_hold_whatever_the_groups(problem: Problem) -> None:
    """The answer is valid, nothing is above its bounds, and most answers are the best."""
    problem = replace(problem, evens=())
    assume(problem.groups)
    best = brute_force_problem(problem)
    try:
        solution = solve(problem)
    except NoSolutionError:
        return
    except InfeasibleError:
        solution = None
    if solution is None:
        assert best is None
        return
    assert best is not None
    pairs, coaches = solution.pairs.tolist(), solution.coached.tolist()
    chosen = [(i, j) for i, j in pairs], [(k, c) for k, c in coaches]
    assert not faults(problem, *chosen)
    told = tier_values(problem, *chosen)
    equal = True
    for proof, value in zip(solution.tiers, best.values, strict=True):
        assert proof.value == told[proof.tier]
        assert proof.value <= proof.bound <= proof.verified_bound
        if equal:
            assert proof.value <= value <= proof.bound
        equal = equal and proof.value == value
    event("the best" if equal else "with a gap")


def grouped() -> tuple[Group, ...]:
    """A target that is hard to meet, a limit on mixed pairs, and a quota."""
    parts = [np.arange(60) % k == 0 for k in (2, 3)]
    half, third = (part.astype(np.int64) for part in parts)
    kinds = half.astype(np.int32), third.astype(np.int32)
    cross = Cross(*kinds, np.array([[0, 1], [1, 0]], np.int64))
    return (
        Group("a", "mentors of the first kind", mentors=half, target=29, price=300_000),
        Group("b", "mixed pairs", pairs=cross, limit=22, price=200_000),
        Group("c", "mentees of the third kind", mentees=third, most=19),
    )


def test_prices_on_both_leave_a_small_gap() -> None:
    """At a size that is searched among few pairs alone; the pairs without coaches are worth less."""
    problem = instance(60, 6, groups=grouped())
    solution = solve(problem)
    total = solution.tiers[-1]
    assert [proof.gap for proof in solution.tiers[:-1]] == [0, 0]
    assert total.gap < 1e-3
    assert total.verified_bound - total.value < 1e-3 * total.value
    assert solution.stats["one_after_the_other_total"] < total.value
    assert len(total.group_prices) == 3
    assert total.group_prices.any()
    assert total.coach_prices.any()


def test_the_same_problem_gives_the_same_answer() -> None:
    """Nothing random, nothing remembered."""
    one, two = (solve(instance(40, 4, groups=tuple(short()))) for _ in range(2))
    assert one.pairs.tolist() == two.pairs.tolist()
    assert [proof.verified_bound for proof in one.tiers] == [proof.verified_bound for proof in two.tiers]


def short() -> Iterator[Group]:
    """Groups of forty."""
    for k in (2, 3):
        own = (np.arange(40) % k == 0).astype(np.int64)
        yield Group("a", f"every {k}th", mentees=own, target=12, limit=12, price=250_000)


def test_a_deadline_leaves_a_valid_answer_and_an_honest_gap() -> None:
    """However short it is."""
    problem = instance(60, 6, groups=grouped())
    whole, cut = solve(problem), solve(problem, time_limit=0.001)
    pairs, coaches = cut.pairs.tolist(), cut.coached.tolist()
    assert not faults(problem, [(i, j) for i, j in pairs], [(k, c) for k, c in coaches])
    assert whole.tiers[0].value <= cut.tiers[0].bound
    assert all(proof.value <= proof.bound <= proof.verified_bound for proof in cut.tiers)
