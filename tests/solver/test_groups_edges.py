"""Groups in problems where next to nothing is left to choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairmatch.groups import Cross, Group
from pairmatch.problem import RESOLUTION, Loads, Problem
from pairmatch.solver import solve
from pairmatch.testing import brute_force_problem

ONE, NONE = np.ones(1, np.int64), np.zeros(1, np.int64)


def one_pair(objective: tuple[str, ...], groups: tuple[Group, ...]) -> Problem:
    """One mentor, one mentee, and capacities of two on the mentor's side."""
    loads = Loads(2 * ONE, ONE, NONE, NONE)
    only = np.zeros(1, np.int32)
    return Problem(
        only, only, np.array([605_924]), loads, np.zeros(1, bool), objective=objective, groups=groups
    )


def solved(problem: Problem) -> list[int]:
    """The values, which are those of brute force, with no gap."""
    best, solution = brute_force_problem(problem), solve(problem)
    assert best is not None
    values = [proof.value for proof in solution.tiers]
    assert values == list(best.values)
    assert all(proof.gap == 0 for proof in solution.tiers)
    return values


def test_nothing_is_left_to_choose() -> None:
    """The only pair is required: there is no pair for a programme to look at."""
    cross = Cross(np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones((1, 1), np.int64))
    problem = one_pair(("total",), (Group("goal", "group", pairs=cross, price=RESOLUTION // 2),))
    required = replace(problem.loads, required=np.zeros((1, 2), np.int64))
    assert solved(replace(problem, loads=required)) == [605_924]


def test_dear_groups_need_no_larger_numbers() -> None:
    """Prices of many perfect pairs, and a mentor with several places: prices are told less finely."""
    groups = (
        Group("dear", "nobody", mentors=ONE, limit=0, price=10 * RESOLUTION),
        Group("cheap", "both", mentees=ONE, target=2, price=RESOLUTION // 2),
    )
    assert solved(one_pair(("spread", "total"), groups)) == [-RESOLUTION, -RESOLUTION]


@pytest.mark.parametrize(("mentors", "mentees"), [(1, 0), (0, 1), (0, 0)])
def test_hours_and_a_quota_where_a_side_has_nobody(mentors: int, mentees: int) -> None:
    """Everybody of a side may have left: then no price says where others begin."""
    ours, theirs, none = np.ones(mentors, np.int64), np.ones(mentees, np.int64), np.empty(0, np.int32)
    loads = Loads(ours, theirs, 0 * ours, 0 * theirs, mentor_hours=ours, mentee_hours=theirs)
    quota = Group("at_most", "region", mentors=ours, most=1)
    tiers = ("mentees", "total")
    problem = Problem(none, none, np.empty(0, np.int64), loads, theirs > 1, objective=tiers, groups=(quota,))
    assert solved(problem) == [0, 0]
