"""Tiny problems with groups: the generator, the recount, and the monolithic models agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks import monolith, spread
from pairmatch.problem import Problem


def test_as_many_arcs_as_said_and_the_same_each_time() -> None:
    one, again, other = spread.instance(100), spread.instance(100), spread.instance(100, seed=2)
    assert 10 <= len(one.weight) / 100 <= 19
    assert np.array_equal(one.weight, again.weight)
    assert not np.array_equal(one.weight[:50], other.weight[:50])
    keys = one.mentor.astype(np.int64) * 100 + one.mentee
    assert (np.diff(keys) > 0).all()


def test_28_groups_of_persons_two_of_pairs_and_the_places() -> None:
    groups = spread.instance(60).groups
    assert sum(g.pairs is None and g.target is not None for g in groups) == 28
    assert sum(g.pairs is not None for g in groups) == 2
    assert [g.most for g in groups if g.most is not None] == [36]


def test_targets_of_a_trait_share_out_all_places() -> None:
    for part in {g.part for g in spread.instance(60).groups if "of" in g.part}:
        assert sum(g.target or 0 for g in spread.instance(60).groups if g.part == part) == 36


@pytest.mark.parametrize("name", monolith.PEERS)
@pytest.mark.parametrize(
    ("problem", "mentees"),
    [
        (spread.instance(20), 12),
        (spread.selection(applicants=12, executives=8, most=5, capacity=2), 8),
    ],
)
def test_both_models_find_the_proven_optimum(name: str, problem: Problem, mentees: int) -> None:
    answer = monolith.PEERS[name](problem, mentees, 20.0)
    assert answer.gap == 0
    assert answer.mentees == mentees
    assert answer.value == monolith.cp_sat(problem, mentees, 20.0).value


def test_good_pairs_pull_against_the_targets() -> None:
    problem = spread.instance(40)
    answer = monolith.cp_sat(problem, 24, 20.0)
    best = monolith.cp_sat(_without_prices(problem), 24, 20.0)
    assert answer.value is not None
    assert monolith.worth(problem, best.pairs) < answer.value < (best.value or 0)


def _without_prices(problem: Problem) -> Problem:
    from dataclasses import replace

    return replace(problem, groups=tuple(replace(group, price=0) for group in problem.groups))


@pytest.mark.parametrize("size", [1000], indirect=True)
def test_spread_with_three_overlapping_attributes(benchmark: Any, size: int) -> None:
    """The answer of pairmatch, proven."""
    answer = benchmark.pedantic(spread.answered, args=("pairmatch", size, 1, 60.0, 0))
    assert answer.gap is not None
    assert answer.gap <= 1e-4
    assert answer.mentees == round(0.6 * size)
