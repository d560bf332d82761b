"""Whether another matching is as good in every tier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Problem, Solution
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.whole import CoachSearch, is_searchable
from pairmatch.solver.faces import face, is_required, restrict, usable
from pairmatch.solver.floors import reach
from pairmatch.solver.gains import places
from pairmatch.solver.search import Search

SEARCHABLE = 20_000
"""Pairs up to which a search may be asked."""


def another_optimum(problem: Problem, solution: Solution, *, time_limit: float | None = None) -> bool | None:
    """Whether a different set of pairs gives every tier the same value.

    Returns
    -------
    True or False where decided; None where the proofs have gaps, or the search was too large or ran
    out of time.
    """
    if not solution.complete or any(proof.gap > 0 for proof in solution.tiers):
        return None
    problem = usable(problem).problem
    pairs = _indices(problem, solution)
    by_prices = all(proof.canonical or _plain_floor(problem, proof.kind) for proof in solution.tiers)
    plain = not problem.groups and problem.loads.mentor_hours is None
    if by_prices and plain and not _may_be_empty(problem, solution):
        return _cycle(problem, solution, pairs)
    return _searched(problem, solution, pairs, Clock(time_limit))


def _plain_floor(problem: Problem, kind: str) -> bool:
    return kind == "cut" and problem.single


def _may_be_empty(problem: Problem, solution: Solution) -> bool:
    """Whether a floor stands that a matching of nobody would slip under: nothing forces a pair."""
    names = [proof.tier for proof in solution.tiers]
    if "worst" not in names:
        return False
    before = solution.tiers[: names.index("worst")]
    forced = places(problem) > 0 or len(problem.loads.required) > 0
    return not forced and all(proof.value <= 0 for proof in before)


def _indices(problem: Problem, solution: Solution) -> NDArray[np.intp]:
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    return np.searchsorted(keys, solution.pairs[:, 0] * problem.n_mentees + solution.pairs[:, 1])


def _cycle(problem: Problem, solution: Solution, pairs: NDArray[np.intp]) -> bool:
    """Another optimum exists exactly when the residual graph of the optimal face has a cycle.

    A pair's edge lies on a cycle when both its ends are in one strongly connected component.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    chosen = np.zeros(len(problem.mentor), bool)
    chosen[pairs] = True
    for proof in solution.tiers:
        if proof.kind == "cut":
            part = restrict(problem, reach(problem) >= proof.value)
        else:
            part = face(problem, [proof])
        problem, chosen = part.problem, chosen[part.index]
    free = ~is_required(problem)
    n, m = problem.n_mentors, problem.n_mentees
    tails = np.where(chosen, problem.mentee + n, problem.mentor)[free]
    heads = np.where(chosen, problem.mentor, problem.mentee + n)[free]
    slack = _load_edges(problem, chosen)
    rows, columns = np.concatenate([tails, slack[0]]), np.concatenate([heads, slack[1]])
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(n + m + 1, n + m + 1))
    component = connected_components(graph.tocsr(), directed=True, connection="strong")[1]
    return bool((component[tails] == component[heads]).any())


def _load_edges(problem: Problem, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Edges from and to the ground: loads that can grow or shrink."""
    n, m = problem.n_mentors, problem.n_mentees
    ground, loads = n + m, problem.loads
    mentor_load = np.bincount(problem.mentor[chosen], minlength=n)
    mentee_load = np.bincount(problem.mentee[chosen], minlength=m)
    more = np.flatnonzero(mentor_load < loads.mentor_capacity)
    less = np.flatnonzero(mentor_load > loads.mentor_minimum)
    more_mentee = np.flatnonzero(mentee_load < loads.mentee_capacity) + n
    less_mentee = np.flatnonzero(mentee_load > loads.mentee_minimum) + n

    def to(count: int) -> NDArray[np.intp]:
        return np.full(count, ground)

    tails = np.concatenate([to(len(more)), less, more_mentee, to(len(less_mentee))])
    heads = np.concatenate([more, to(len(less)), to(len(more_mentee)), less_mentee])
    return tails, heads


def _searched(problem: Problem, solution: Solution, pairs: NDArray[np.intp], clock: Clock) -> bool | None:
    coached = problem.coaching is not None
    if len(problem.mentor) > SEARCHABLE or (coached and not is_searchable(problem)):
        return None
    search = (CoachSearch if coached else Search)(replace(problem), clock)
    for proof in solution.tiers:
        if proof.tier == "worst":
            search.keep(search.worst(), proof.value)
        elif proof.tier == "leximin":
            search.keep(search.worst(), proof.value)
            search.keep(search.linear("mentees"), len(proof.levels))
            for count in range(1, len(proof.levels) + 1):
                search.keep(search.sum_of_smallest(count), sum(proof.levels[:count]))
        else:
            search.keep(search.linear(proof.tier), proof.value)
    return search.differs(pairs)
