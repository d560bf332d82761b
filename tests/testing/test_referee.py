"""The plain referee finds each kind of fault."""

from __future__ import annotations

import numpy as np
import pytest

from pairmatch.problem import Loads, Problem
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


def test_values_of_nothing() -> None:
    """Nobody matched: all tiers are 0."""
    assert set(tier_values(problem(), []).values()) == {0}
