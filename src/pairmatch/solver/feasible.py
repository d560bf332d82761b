"""Any valid matching at all, whatever it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import InfeasibleError, SolverError
from pairmatch.problem import Ints, Problem, rank_among_equals
from pairmatch.solver.clock import Clock
from pairmatch.solver.contradictions import check_required
from pairmatch.solver.groups.counts import varied
from pairmatch.solver.groups.quotas import check_quotas
from pairmatch.solver.hand import places_of
from pairmatch.solver.search import Infeasible, Search

__all__ = ["Answer", "any_matching"]

FEW = 8
"""Partners of each person among whom a valid matching is looked for first; then so often more."""

EFFORT, LITTLE = 2.0, 0.1
"""Most work of one search, in its own measure, which is the same on every machine; and of a quick one."""


@dataclass(frozen=True)
class Answer:
    """What a search for any valid matching ended with.

    Attributes
    ----------
    feasible
        Whether there is one; None where that could not be told.
    pairs
        One, where there is: int64 ``(n, 2)``, positions of mentors and mentees; else nothing.
    searched
        How many pairs the searches held.
    """

    feasible: bool | None
    pairs: Ints
    searched: int = 0


NONE = np.empty((0, 2), np.int64)


def any_matching(problem: Problem, *, time_limit: float | None = None, quick: bool = False) -> Answer:
    """Any valid matching, or that there is none; neither where that could not be told within the limit.

    Parameters
    ----------
    problem
        Its weights and its objective do not matter.
    time_limit
        Seconds, > 0; None for no limit.
    quick
        Whether to give up soon: only few partners of each person are looked at.
    """
    try:
        check_required(problem)
        check_quotas(problem, all_pairs=True)
    except InfeasibleError:
        return Answer(False, NONE)
    clock, searched = Clock(time_limit), 0
    for part in _parts(problem)[: 1 if quick else None]:
        answer, searched = _answer(part, clock, LITTLE if quick else EFFORT), searched + len(part.mentor)
        # What some of the pairs allow, all of them do; what they do not allow, more of them may.
        if answer.feasible or len(part.mentor) == len(problem.mentor):
            return replace(answer, searched=searched)
    return Answer(None, NONE, searched)


def _parts(problem: Problem) -> list[Problem]:
    """The problem with few partners each, with some more, and with all."""
    parts = []
    for each in (FEW, FEW * FEW):
        chosen = _some(problem, each)
        if int(chosen.sum()) * 2 < len(problem.mentor):
            places = np.flatnonzero(chosen)
            mentor, mentee = problem.mentor[places], problem.mentee[places]
            parts.append(replace(problem, mentor=mentor, mentee=mentee, weight=problem.weight[places]))
    return [*parts, problem]


def _some(problem: Problem, each: int) -> NDArray[np.bool_]:
    """Of each person the partners with most places, and others, different ones for each; required pairs."""
    n, m, loads = problem.n_mentors, problem.n_mentees, problem.loads
    mentor, mentee = problem.mentor.astype(np.int64), problem.mentee.astype(np.int64)
    sides = (
        (mentor, (mentee - mentor * m // max(n, 1)) % max(m, 1), -loads.mentee_capacity[mentee]),
        (mentee, (mentor - mentee * n // max(m, 1)) % max(n, 1), -loads.mentor_capacity[mentor]),
    )
    chosen = varied(replace(problem, weight=-sides[0][1]), 2)
    for person, ahead, places in sides:
        chosen |= _first(each, ahead, person) | _first(each, ahead, places, person)
    required = loads.required
    return np.asarray(chosen | np.isin(mentor * m + mentee, required[:, 0] * m + required[:, 1]))


def _first(each: int, *keys: Ints) -> NDArray[np.bool_]:
    """The first few entries of each person, the last key, by the keys before, the first one last."""
    by = np.lexsort(keys)
    chosen = np.zeros(len(by), np.bool_)
    chosen[by[rank_among_equals(keys[-1][by]) < each]] = True
    return chosen


def _answer(problem: Problem, clock: Clock, effort: float) -> Answer:
    if clock.over:
        return Answer(None, NONE)
    try:
        return _Any(problem, clock).answer(effort)
    except Infeasible:
        return Answer(False, NONE)


class _Any(Search):
    """A search for any valid matching."""

    def answer(self, effort: float) -> Answer:
        """One, or that there is none."""
        self.effort = effort
        solver, status = self._run()
        if status in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            return Answer(True, places_of(self.problem, self._chosen(solver)))
        if status == self._cp.UNKNOWN:
            return Answer(None, NONE)
        if status != self._cp.INFEASIBLE:
            raise SolverError(f"CP-SAT ended with status {solver.status_name(status)}")
        return Answer(False, NONE)
