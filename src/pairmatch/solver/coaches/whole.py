"""All pairs with all coaches in one CP-SAT model, for what prices and flows cannot say."""

from __future__ import annotations

from typing import Any

import numpy as np

from pairmatch.errors import SolverError
from pairmatch.problem import Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.coaching import suited
from pairmatch.solver.search import Search

__all__ = ["CoachSearch", "is_searchable"]

SEARCHABLE = 8_000
"""Pairs, and pairs with coaches, that are searched all together."""


def is_searchable(problem: Problem) -> bool:
    """Whether a problem with coaches is so small that all of it can be searched."""
    if problem.coaching is None or len(problem.mentor) > SEARCHABLE:
        return False
    allowed, _ = suited(problem.coaching, problem.mentor, problem.mentee)
    return int(allowed.sum()) + len(allowed) <= SEARCHABLE


class CoachSearch(Search):
    """The search, with a variable for every pair with every coach who suits it."""

    def __init__(self, problem: Problem, clock: Clock) -> None:
        super().__init__(problem, clock)
        if problem.coaching is None:
            raise SolverError("a problem without coaches")
        allowed, score = suited(problem.coaching, problem.mentor, problem.mentee)
        pair, coach = np.nonzero(allowed)
        self._score = score[allowed].tolist()
        self._with = [self.model.new_bool_var("") for _ in self._score]
        for k, place in enumerate(pair.tolist()):
            self.model.add_implication(self._with[k], self.pairs[place])
        for who, most in ((pair, np.ones(len(allowed), np.int64)), (coach, problem.coaching.capacity)):
            for one in np.unique(who).tolist():
                self.model.add(
                    sum(self._with[k] for k in np.flatnonzero(who == one).tolist()) <= int(most[one])
                )

    def linear(self, tier: str) -> Any:
        """The tier's value as an expression."""
        if tier == "coached":
            return self.linear_sum(self._with, [1] * len(self._with))
        if tier == "total":
            return super().linear(tier) + self.linear_sum(self._with, self._score)
        return super().linear(tier)
