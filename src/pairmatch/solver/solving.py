"""The solver's verb: a problem in, a solution with its proofs out."""

from __future__ import annotations

from pairmatch.errors import Finding, InfeasibleError
from pairmatch.problem import Problem, Report, Solution
from pairmatch.solver.clock import Clock
from pairmatch.solver.contradictions import check_required
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
    check_required(problem)
    try:
        return Course(usable(problem).problem, Clock(time_limit), progress).run()
    except Infeasible:
        hint = "minimums, required pairs and hour budgets contradict each other; relax one of them"
        raise InfeasibleError([Finding("contradiction", hint)]) from None
