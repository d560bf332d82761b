"""The plain referee finds each kind of fault."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairmatch.earlier import Earlier
from pairmatch.groups import Coaching, Cross, Even, Group
from pairmatch.problem import REMATCH_TIERS, Loads, Problem
from pairmatch.testing import faults, tier_values


def problem() -> Problem:
    """Two mentors and two mentees; mentor 1 may not have mentee 0."""
    loads = Loads(
        mentor_capacity=np.array([2, 2]),
        mentee_capacity=np.array([1, 1]),
        mentor_minimum=np.array([0, 0]),
        mentee_minimum=np.array([0, 1]),
        required=np.array([[0, 1]]),
        mentee_hours=np.array([100, 200]),
        mentor_hours=np.array([250, 0]),
    )
    mentor, mentee = np.array([0, 0, 1], np.int32), np.array([0, 1, 1], np.int32)
    return Problem(mentor, mentee, np.array([3, -1, 4]), loads, np.array([True, False]))


def test_a_valid_matching_has_no_fault() -> None:
    """The required pair alone is valid."""
    assert faults(problem(), np.array([[0, 1]])) == []


@pytest.mark.parametrize(
    ("pairs", "fault"),
    [
        ([(0, 1), (0, 1)], "pair (0, 1) stands twice"),
        ([(0, 1), (1, 0)], "pair (1, 0) is not allowed"),
        ([(1, 1)], "required pair (0, 1) is absent"),
        ([(0, 1), (1, 1)], "mentee 1 has 2 pairs, not 1 to 1"),
        ([], "mentee 1 has 0 pairs, not 1 to 1"),
        ([(0, 0), (0, 1)], "mentor 0 spends 300 of 250 hundredths of an hour"),
        ([(1, 1)], "mentor 1 spends 200 of 0 hundredths of an hour"),
    ],
)
def test_each_fault_is_told(pairs: list[tuple[int, int]], fault: str) -> None:
    """Every way to be invalid has its sentence."""
    assert fault in faults(problem(), pairs)


def test_values_of_every_tier() -> None:
    """All tiers of one matching, by hand."""
    values = tier_values(problem(), [(0, 0), (0, 1)])
    assert [values[tier] for tier in ("must_match", "mentees", "mentors", "pairs")] == [1, 2, 1, 2]
    assert [values[tier] for tier in ("worst", "leximin", "total")] == [-1, -1, 2]


def grouped() -> Problem:
    """The same with two coaches, a quota, and goals over one group and over loads."""
    coaching = Coaching(
        capacity=np.array([1, 2]),
        mentor_allowed=np.array([[True, True], [True, True]]),
        mentee_allowed=np.array([[True, True], [False, True]]),
        mentor_score=np.array([[1, 2], [3, 4]]),
        mentee_score=np.array([[10, 20], [30, 40]]),
    )
    cross = Cross(np.array([0, 1], np.int32), np.array([0, 0], np.int32), np.array([[1], [-1]]))
    groups = (
        Group("quota", "both sides", np.array([1, 0]), np.array([1, 1]), least=2, most=2),
        Group("links", "pairs", pairs=cross, target=5, limit=1, price=7),
    )
    evens = (Even("even", "mentors", np.array([1, 1]), 100), Even("even", "mentees", np.array([1, 1]), 1000))
    return replace(problem(), groups=groups, evens=evens, coaching=coaching)


@pytest.mark.parametrize(
    ("pairs", "coached", "fault"),
    [
        ([(0, 0), (0, 1)], [], "both sides: 3, more than 2"),
        ([(1, 1)], [], "both sides: 1, fewer than 2"),
        ([(0, 1)], [(0, 0)], "coach 0 does not suit pair (0, 1)"),
        ([(0, 1)], [(0, 1), (0, 0)], "pair 0 has 2 coaches"),
        ([(0, 0), (0, 1)], [(0, 0), (1, 0)], "coach 0 has 2 pairs, more than 1"),
    ],
)
def test_each_fault_of_groups_and_coaches_is_told(
    pairs: list[tuple[int, int]], coached: list[tuple[int, int]], fault: str
) -> None:
    """Quotas, and coaches who do not suit, carry too much or come twice."""
    assert fault in faults(grouped(), pairs, coached)
    assert faults(grouped(), [(0, 1)], [(0, 1)]) == []


def test_a_coach_where_there_are_none() -> None:
    """Nobody can be coached without coaches."""
    assert faults(problem(), [(0, 1)], [(0, 0)]) == ["pair 0 has a coach, and there are none"]


def test_values_of_groups_and_coaches() -> None:
    """Charges and coaches' scores, by hand."""
    values = tier_values(grouped(), [(0, 0), (0, 1)], [(1, 1)])
    # The links count 2: three below the target and one above the limit; one pair beyond the even load.
    assert [values[tier] for tier in ("spread", "coached", "total")] == [-128, 1, 2 - 128 + 42]


def test_values_of_nothing() -> None:
    """Nobody matched: all tiers are 0."""
    assert set(tier_values(problem(), []).values()) == {0}


def test_values_of_an_earlier_matching() -> None:
    """Two pairs run already, one of which may not end; those who have a pair have waited, by hand."""
    running = np.array([[0, 0], [1, 1]])
    earlier = Earlier(running, np.array([False, True]), np.array([1, 2]), np.array([4, 8]), bonus=100)
    revised = replace(problem(), earlier=earlier)
    values, bare = tier_values(revised, [(0, 0), (0, 1)]), tier_values(problem(), [(0, 0), (0, 1)])
    assert [values[tier] for tier in REMATCH_TIERS] == [0, 1, 1 + 4 + 8]
    assert values["total"] == bare["total"] + 100
    assert [tier_values(revised, [(1, 1)])[tier] for tier in REMATCH_TIERS] == [1, 1, 2 + 8]
