"""Problems of re-matches: running pairs among the others, and what their bonus does to weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.earlier import REMATCH_TIERS
from pairmatch.problem import Problem

__all__ = ["folded", "in_weights", "running", "within_places"]

FLOORS = {"worst", "leximin"}


def folded(problem: Problem) -> Problem:
    """The problem with bonuses in weights, and without an earlier matching that no tier asks for."""
    problem = in_weights(problem)
    bonus = 0 if problem.earlier is None else problem.earlier.bonus
    told = bonus or {*REMATCH_TIERS} & {*problem.objective}
    return problem if told else replace(problem, earlier=None)


def in_weights(problem: Problem) -> Problem:
    """The problem with bonuses in the weights, where that changes no other tier."""
    earlier = problem.earlier
    if earlier is None or not earlier.bonus or FLOORS & {*problem.objective}:
        return problem
    weight = problem.weight + earlier.bonus * running(problem)
    return replace(problem, weight=weight, earlier=replace(earlier, bonus=0))


def running(problem: Problem) -> NDArray[np.bool_]:
    """Which of the problem's pairs run already."""
    if problem.earlier is None:
        return np.zeros(len(problem.mentor), bool)
    return np.asarray(problem.earlier.among(problem.mentor, problem.mentee) >= 0)


def within_places(problem: Problem, pairs: NDArray[np.intp]) -> bool:
    """Whether nobody has more of these pairs than places."""
    loads = problem.loads
    mentor_load = np.bincount(problem.mentor[pairs], minlength=problem.n_mentors)
    mentee_load = np.bincount(problem.mentee[pairs], minlength=problem.n_mentees)
    return bool((mentor_load <= loads.mentor_capacity).all() and (mentee_load <= loads.mentee_capacity).all())
