"""The naive matching that users know, and what makes a problem worth testing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from pairmatch.problem import Problem
from pairmatch.testing.oracle import Best, brute_force_problem
from pairmatch.testing.referee import faults, pair_need, tier_values, totals

__all__ = ["classify", "greedy_problem"]


def greedy_problem(problem: Problem) -> tuple[tuple[int, int], ...] | None:
    """The best-weight-first matching: required pairs, then the best pair that still fits, and so on.

    Pairs of negative weight are taken only where something else than ``"total"`` comes first.

    Returns
    -------
    tuple or None
        Sorted pairs of positions, mentor first; None where the result is not valid.
    """
    weights = dict(zip(_places(problem), problem.weight.tolist(), strict=True))
    required = [(int(mentor), int(mentee)) for mentor, mentee in problem.loads.required.tolist()]
    best_first = sorted(weights, key=lambda pair: (-weights[pair], pair))
    if problem.objective[:1] == ("total",):
        best_first = [pair for pair in best_first if weights[pair] >= 0]
    taken = _fill(problem, [*required, *best_first])
    return None if faults(problem, taken) else tuple(sorted(taken))


def classify(problem: Problem, best: Best[int] | None) -> tuple[str, ...]:
    """What is interesting about a problem, as labels for ``hypothesis.event``.

    ``"infeasible"``
        No matching is valid.
    ``"greedy below the optimum"``
        The best-weight-first matching is worse, or not valid.
    ``"binding capacity"``
        With mentors of unlimited capacity the optimum would be better.
    ``"ties"``
        Several matchings are optimal.
    ``"hours"``, ``"minimums"``, ``"required"``
        These act at all.
    """
    labels = _acting(problem)
    if best is None:
        return ("infeasible", *labels)
    if _below(problem, best):
        labels.append("greedy below the optimum")
    if _binding(problem, best):
        labels.append("binding capacity")
    if best.optima > 1:
        labels.append("ties")
    return tuple(labels)


def _fill(problem: Problem, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    mentor_room = Counter(dict(enumerate(problem.loads.mentor_capacity.tolist())))
    mentee_room = Counter(dict(enumerate(problem.loads.mentee_capacity.tolist())))
    need, hours = pair_need(problem), problem.loads.mentor_hours
    left = None if hours is None else hours.tolist()
    taken: list[tuple[int, int]] = []
    for pair in pairs:
        mentor, mentee = pair
        fits = mentor_room[mentor] > 0 and mentee_room[mentee] > 0 and pair in need and pair not in taken
        if not fits or (left is not None and left[mentor] < need[pair]):
            continue
        taken.append(pair)
        mentor_room[mentor] -= 1
        mentee_room[mentee] -= 1
        if left is not None:
            left[mentor] -= need[pair]
    return taken


def _acting(problem: Problem) -> list[str]:
    loads = problem.loads
    acting = {
        "hours": loads.mentor_hours is not None,
        "minimums": bool(loads.mentor_minimum.any() or loads.mentee_minimum.any()),
        "required": len(loads.required) > 0,
    }
    return [label for label, acts in acting.items() if acts]


def _below(problem: Problem, best: Best[int]) -> bool:
    """Whether greedy misses the optimum in any tier."""
    greedy = greedy_problem(problem)
    if greedy is None:
        return True
    values = tier_values(problem, greedy)
    if "leximin" in problem.objective and tuple(sorted(totals(problem, greedy).values())) != best.levels:
        return True
    return tuple(values[tier] for tier in problem.objective) != best.values


def _binding(problem: Problem, best: Best[int]) -> bool:
    unlimited = np.full(problem.n_mentors, problem.n_mentees, np.int64)
    freed = brute_force_problem(replace(problem, loads=replace(problem.loads, mentor_capacity=unlimited)))
    return freed is None or (freed.values, freed.levels) != (best.values, best.levels)


def _places(problem: Problem) -> list[tuple[int, int]]:
    return list(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
