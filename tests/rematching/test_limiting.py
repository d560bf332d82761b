"""The limit of changes: beside those that must end for want of room."""

from __future__ import annotations

import numpy as np

from pairmatch.earlier import Earlier
from pairmatch.problem import Loads, Problem
from pairmatch.rematching.limiting import Limited


def problem(objective: tuple[str, ...], capacity: int = 1) -> Problem:
    """Two pairs run, and both people of each would suit the others of the other pair far better."""
    places, ones, none = np.array([capacity, 1]), np.ones(2, np.int64), np.zeros(2, np.int64)
    return Problem(
        mentor=np.array([0, 0, 1, 1], np.int32),
        mentee=np.array([0, 1, 0, 1], np.int32),
        weight=np.array([1, 90, 90, 1], np.int64),
        loads=Loads(places, ones, none, none),
        must_match=np.zeros(2, np.bool_),
        objective=objective,
        earlier=Earlier(np.array([[0, 0], [1, 1]]), np.zeros(2, np.bool_), none, none),
    )


def kept(problem: Problem, most: int) -> tuple[int, int]:
    """How many running pairs are kept under a limit, and how many had to end."""
    limited = Limited(most)
    solution = limited(problem)
    assert problem.earlier is not None
    return problem.earlier.kept(*solution.pairs.T), limited.without_room


def test_the_limit_holds() -> None:
    """None, one or both may end; one alone brings nothing here."""
    asked = problem(("total",))
    assert [kept(asked, most) for most in (0, 1, 2)] == [(2, 0), (2, 0), (0, 0)]


def test_what_must_end_does_not_count() -> None:
    """One pair has no place any more: a limit of none then lets one end."""
    assert kept(problem(("held", "total"), capacity=0), 0) == (1, 1)
    assert kept(problem(("held", "total"), capacity=0), 1) == (0, 1)


def test_what_must_end_does_not_count_where_all_may_move() -> None:
    """The same where no pair is held: the limit is never one that nothing can keep."""
    assert kept(problem(("kept", "total"), capacity=0), 0) == (1, 1)
    assert kept(problem(("total", "kept"), capacity=0), 0) == (1, 1)
    assert kept(problem(("total", "kept"), capacity=0), 1)[0] == 0
