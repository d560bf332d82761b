"""Search over pairs with only so much work, in a measure that is the same on every machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import Problem, Report, Solution
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.search import LARGEST, Search

__all__ = ["half_of", "limited", "positions", "searchable"]

LITTLE = 0.02
"""Work of a search after one that was not brought to an end."""


class _Limited(Course):
    """A course whose searches end after so much work each."""

    def __init__(self, problem: Problem, clock: Clock, report: Report | None, effort: float) -> None:
        super().__init__(problem, clock, report)
        self._effort = effort

    def _searching(self) -> Search:
        search = super()._searching()
        search.effort = self._effort if self.complete else LITTLE
        return search


def limited(problem: Problem, clock: Clock, report: Report | None, effort: float) -> Solution | None:
    """What a search of each tier finds with so much work; None where it found nothing or may not search."""
    if not searchable(problem):
        return None
    try:
        return _Limited(problem, clock, report, effort).run()
    except NoSolutionError:
        return None


def positions(problem: Problem, pairs: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where a solution's pairs stand in a problem, whose pairs are sorted."""
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    return np.searchsorted(keys, pairs[:, 0] * problem.n_mentees + pairs[:, 1])


def searchable(problem: Problem) -> bool:
    """Whether no weight is beyond the search's exact range."""
    return int(np.abs(problem.weight).max(initial=0)) <= LARGEST


def half_of(clock: Clock) -> Clock:
    """A clock that leaves half of the time to others."""
    return Clock(None if clock.limit is None else clock.left / 2, lambda: clock.over)
