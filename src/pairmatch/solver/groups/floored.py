"""Groups after a floor: the floor as if there were no groups, then the groups on the pairs that keep it.

Groups that only cost something change no tier before the first one that counts what they cost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pairmatch.problem import Problem, Report, Solution, TierProof
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.faces import restrict
from pairmatch.solver.floors import reach, revalued
from pairmatch.solver.groups.counts import has_charges, has_quotas
from pairmatch.solver.groups.grouped import Grouped
from pairmatch.solver.search import Infeasible

__all__ = ["is_floored", "solve_floored"]

FLOOR = "worst"


def is_floored(problem: Problem) -> bool:
    """Whether this way serves: one mentor each, no quotas, and nothing that groups cost before the floor."""
    tiers = problem.objective
    if FLOOR not in tiers or "leximin" in tiers or problem.coaching is not None:
        return False
    before, after = tiers[: tiers.index(FLOOR)], tiers[tiers.index(FLOOR) + 1 :]
    charged = {"spread", "total"}
    plain = problem.single and problem.loads.mentor_hours is None and not has_quotas(problem)
    return plain and has_charges(problem) and bool(charged & set(after)) and not charged & set(before)


def solve_floored(problem: Problem, clock: Clock, report: Report | None) -> Solution:
    """The tiers up to the floor by flows, the others by prices of groups.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`.
    clock, report
        The deadline, and who is told.
    """
    number = problem.objective.index(FLOOR) + 1
    tiers = problem.objective
    first = Course(replace(problem, objective=tiers[:number], groups=(), evens=()), clock, report).run()
    if not first.proven or clock.over:
        return Course(problem, clock, report).run()
    floor = first.tiers[-1]
    part = restrict(problem, reach(problem) >= floor.value)
    rest = replace(part.problem, objective=tuple(tier for tier in tiers if tier != FLOOR))
    grouped = Grouped(rest, clock, report)
    grouped.directed.offer(_places(rest, first))
    try:
        second = grouped.run()
    except Infeasible:
        return Course(problem, clock, report).run()
    return _joined(problem, first, second, number)


def _joined(problem: Problem, first: Solution, second: Solution, number: int) -> Solution:
    pairs = _places(problem, second)
    proofs: list[TierProof] = [*first.tiers, *second.tiers[number - 1 :]]
    before = [revalued(problem, replace(proof, canonical=False), pairs, complete=False) for proof in proofs]
    return replace(second, tiers=tuple(before))


def _places(problem: Problem, solution: Solution) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Where a solution's pairs stand in a problem."""
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    return np.flatnonzero(np.isin(keys, solution.pairs[:, 0] * problem.n_mentees + solution.pairs[:, 1]))
