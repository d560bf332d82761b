"""Matchings to begin with: required and running pairs, and of others what hours and quotas have room for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Problem
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import places
from pairmatch.solver.groups.counts import counts, is_quota
from pairmatch.solver.revised import running, within_places
from pairmatch.solver.search import fits, hours_of_pairs

__all__ = ["filled", "least"]


def least(problem: Problem) -> NDArray[np.intp] | None:
    """The required pairs, with the running ones or alone; None where neither is a valid matching."""
    if places(problem):
        return None
    required = is_required(problem)
    several = [np.flatnonzero(some) for some in (required | running(problem), required)]
    valid = [some for some in several if within_places(problem, some) and fits(problem, some)]
    return valid[0] if valid else None


def filled(problem: Problem, taken: NDArray[np.intp], pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """What was taken, and of the other pairs as many as fit: the running ones first, then the heaviest."""
    others = pairs[~np.isin(pairs, taken)]
    order = others[np.lexsort((-problem.weight[others], ~running(problem)[others]))]
    left, quotas = _hours_left(problem, taken), _Quotas(problem, taken, order)
    cost = None if left is None else hours_of_pairs(problem)[order].tolist()
    more = []
    who = zip(problem.mentor[order].tolist(), problem.mentee[order].tolist(), strict=True)
    for k, (i, j) in enumerate(who):
        if left is not None and cost is not None and cost[k] > left[i]:
            continue
        if not quotas.take(k, i, j):
            continue
        more.append(order[k])
        if left is not None and cost is not None:
            left[i] -= cost[k]
    return np.sort(np.concatenate([taken, np.array(more, np.intp)]))


def _hours_left(problem: Problem, taken: NDArray[np.intp]) -> list[int] | None:
    budgets = problem.loads.mentor_hours
    if budgets is None:
        return None
    spent = np.zeros(problem.n_mentors, np.int64)
    np.add.at(spent, problem.mentor[taken], hours_of_pairs(problem)[taken])
    return [int(hours) for hours in budgets - spent]


class _Quotas:
    """Counts of the groups with quotas, as pairs join one by one."""

    def __init__(self, problem: Problem, taken: NDArray[np.intp], pairs: NDArray[np.intp]) -> None:
        counted = zip(problem.groups, counts(problem, taken), strict=True)
        self._groups = [(group, count) for group, count in counted if is_quota(group)]
        self._counts = [count for _, count in self._groups]
        mentor, mentee = problem.mentor[pairs], problem.mentee[pairs]
        self._cells = [
            None if group.pairs is None else group.pairs.of(mentor, mentee).tolist()
            for group, _ in self._groups
        ]
        self._used = {*problem.mentor[taken].tolist()}, {*problem.mentee[taken].tolist()}

    def take(self, pair: int, mentor: int, mentee: int) -> bool:
        """Count a pair in; False, and nothing changes, where that breaks a quota."""
        told = []
        for (group, _), before, cells in zip(self._groups, self._counts, self._cells, strict=True):
            count = before + (0 if cells is None else cells[pair])
            if group.mentors is not None and mentor not in self._used[0]:
                count += int(group.mentors[mentor])
            if group.mentees is not None and mentee not in self._used[1]:
                count += int(group.mentees[mentee])
            if not group.holds(count):
                return False
            told.append(count)
        self._counts = told
        self._used[0].add(mentor)
        self._used[1].add(mentee)
        return True
