"""The problems drawn are well formed, and interesting often enough."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import event, given, settings

from pairmatch.problem import REMATCH_TIERS, Problem
from pairmatch.testing import brute_force_problem, classify, faults, greedy_problem
from pairmatch.testing.problem_strategies import is_valid_objective
from pairmatch.testing.strategies import problems

pytestmark = pytest.mark.untraced


@settings(deadline=None)
@given(problems(5, 4))
def test_problems_are_well_formed(problem: Problem) -> None:
    """Pairs are sorted and unique, arrays have the promised types, the objective is lawful."""
    places = list(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
    assert places == sorted(set(places))
    assert problem.mentor.dtype == problem.mentee.dtype == np.int32
    assert problem.weight.dtype == np.int64
    assert 1 <= problem.n_mentors <= 5
    assert 1 <= problem.n_mentees == len(problem.must_match) <= 4
    assert set(map(tuple, problem.loads.required.tolist())) <= set(places)
    assert is_valid_objective(problem.objective, bool(problem.loads.mentee_minimum.any()))


def test_interesting_problems_are_common() -> None:
    """A matcher that takes the best pair first, or forgets capacities or ties, is found out quickly."""
    seen: Counter[str] = Counter()
    drawn: list[Problem] = []

    @settings(max_examples=600, deadline=None, derandomize=True, database=None)
    @given(problems())
    def draw(problem: Problem) -> None:
        labels = classify(problem, brute_force_problem(problem))
        for label in labels:
            event(label)
        seen.update(labels)
        drawn.append(problem)

    draw()
    share = {label: count / len(drawn) for label, count in seen.items()}
    assert share["greedy below the optimum"] >= 0.30
    assert share["binding capacity"] >= 0.30
    assert share["ties"] >= 0.20
    assert 0.02 <= share["infeasible"] <= 0.20
    assert min(share["hours"], share["minimums"], share["required"]) >= 0.05


def test_groups_and_coaches_matter_often() -> None:
    """Goals, quotas, even loads and coaches change the best matching, and some leave none."""
    seen: Counter[str] = Counter()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(problems(3, 4, groups=True, coaching=None))
    def draw(problem: Problem) -> None:
        best = brute_force_problem(problem)
        bare = brute_force_problem(replace(problem, groups=(), evens=(), coaching=None))
        seen["drawn"] += 1
        seen["coaches"] += problem.coaching is not None
        seen["evens"] += bool(problem.evens)
        seen["quotas"] += any(group.part == "quota" for group in problem.groups)
        seen["cross"] += any(group.pairs is not None for group in problem.groups)
        seen["impossible quotas"] += best is None and bare is not None
        seen["other pairs"] += best is not None and bare is not None and best.pairs != bare.pairs

    draw()
    share = {label: count / seen["drawn"] for label, count in seen.items()}
    assert min(share["coaches"], share["evens"], share["quotas"], share["cross"]) >= 0.10
    assert 0.01 <= share["impossible quotas"] <= 0.15
    assert share["other pairs"] >= 0.20


def test_an_earlier_matching_matters_often() -> None:
    """Running pairs, waiting people and bonuses change the best matching; running pairs are well formed."""
    seen: Counter[str] = Counter()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(problems(3, 4, earlier=True))
    def draw(problem: Problem) -> None:
        earlier, best = problem.earlier, brute_force_problem(problem)
        assert earlier is not None
        running = [(i, j) for i, j in earlier.pairs.tolist()]
        allowed = set(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
        assert running == sorted(set(running))
        assert set(running) <= allowed
        assert not set(running) & {(i, j) for i, j in problem.loads.required.tolist()}
        plain = tuple(tier for tier in problem.objective if tier not in REMATCH_TIERS) or ("pairs",)
        bare = brute_force_problem(replace(problem, earlier=None, objective=plain))
        seen["drawn"] += 1
        seen["waiting"] += bool(earlier.mentees_waited.any())
        seen["bonus"] += earlier.bonus > 0
        seen["ending"] += best is not None and not set(running) <= set(best.pairs)
        seen["other pairs"] += best is not None and bare is not None and best.pairs != bare.pairs

    draw()
    share = {label: count / seen["drawn"] for label, count in seen.items()}
    assert min(share["waiting"], share["bonus"], share["ending"], share["other pairs"]) >= 0.2


@settings(deadline=None)
@given(problems())
def test_greedy_is_valid_or_none(problem: Problem) -> None:
    """The baseline never returns an invalid matching."""
    greedy = greedy_problem(problem)
    assert greedy is None or not faults(problem, greedy)


@pytest.mark.parametrize(
    ("tiers", "minimum", "lawful"),
    [
        (("total",), False, True),
        (("worst", "total"), False, False),
        (("worst", "total"), True, True),
        (("total", "leximin", "mentees"), False, False),
        (("pairs", "leximin"), False, True),
        ((), False, False),
    ],
)
def test_lawful_objectives(tiers: tuple[str, ...], minimum: bool, lawful: bool) -> None:
    """The fairness tiers need coverage before them, or a mentee minimum (law §6)."""
    assert is_valid_objective(tiers, minimum) is lawful
