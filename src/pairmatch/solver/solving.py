"""The solver's verb: a problem in, a solution with its proofs out."""

from __future__ import annotations

import numpy as np

from pairmatch.errors import Finding, InfeasibleError
from pairmatch.problem import Problem, Report, Solution
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.faces import usable
from pairmatch.solver.search import Infeasible


def solve(problem: Problem, *, time_limit: float | None = None, progress: Report | None = None) -> Solution:
    """Best matching of a problem, tier by tier, with its proofs.

    Parameters
    ----------
    problem
        Allowed pairs, loads and objective.
    time_limit
        Seconds, > 0; None for no limit. A limit may leave a gap, which is then reported.
    progress
        Called with a :class:`~pairmatch.problem.Progress` now and then.

    Raises
    ------
    InfeasibleError
        Minimums, required pairs and hours leave no valid matching.
    NoSolutionError
        The time limit ended before a valid matching was found.
    """
    _check_required(problem)
    try:
        return Course(usable(problem).problem, Clock(time_limit), progress).run()
    except Infeasible:
        hint = "minimums, required pairs and hour budgets contradict each other; relax one of them"
        raise InfeasibleError([Finding("contradiction", hint)]) from None


def _check_required(problem: Problem) -> None:
    loads = problem.loads
    found = []
    for side, column, capacity in (
        ("mentors", 0, loads.mentor_capacity),
        ("mentees", 1, loads.mentee_capacity),
    ):
        needed = np.bincount(loads.required[:, column], minlength=len(capacity))
        hint = "more required pairs than places; raise the capacity or drop a required pair"
        found += [
            Finding("required_over_capacity", hint, side, str(i)) for i in np.flatnonzero(needed > capacity)
        ]
    if found:
        raise InfeasibleError(found)
