"""Where nothing is asked for, the required pairs alone stay, if they are as good as any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairmatch.problem import Loads, Problem
from pairmatch.solver import solve, staying


def problem(weights: list[int], objective: tuple[str, ...] = ("total",)) -> Problem:
    """Two mentors, two mentees, whose pairs weigh so much; the first of both are a required pair."""
    ones, none = np.ones(2, np.int64), np.zeros(2, np.int64)
    return Problem(
        mentor=np.array([0, 0, 1, 1], np.int32),
        mentee=np.array([0, 1, 0, 1], np.int32),
        weight=np.array(weights, np.int64),
        loads=Loads(ones, ones, none, none, np.array([[0, 0]])),
        must_match=np.zeros(2, np.bool_),
        objective=objective,
    )


@pytest.mark.parametrize("objective", [("total",), ("worst", "total"), ("must_match", "total")])
def test_pairs_that_bring_nothing_are_not_added(objective: tuple[str, ...]) -> None:
    """Whatever the solver took: a second pair of no weight changes no tier."""
    asked = problem([5, 0, 0, 0], objective)
    solution = replace(solve(asked), pairs=np.array([[0, 0], [1, 1]]))
    assert staying(asked, solution).pairs.tolist() == [[0, 0]]


def test_pairs_that_bring_something_are() -> None:
    asked = problem([5, 0, 0, 3])
    assert staying(asked, solve(asked)).pairs.tolist() == [[0, 0], [1, 1]]


def test_tiers_that_are_no_sums_are_left_alone() -> None:
    """Then the solution stays as it is."""
    asked = problem([5, 0, 0, 3], ("mentees", "leximin"))
    solution = solve(asked)
    assert staying(asked, solution) is solution
