"""The solver's verb: a problem in, a solution with its proofs out."""

from __future__ import annotations

from collections.abc import Callable

from pairmatch.errors import Finding, InfeasibleError
from pairmatch.problem import Beyond, Problem, Report, Solution
from pairmatch.solver.beyond import Expedition, refuse_unsweepable
from pairmatch.solver.clock import Clock
from pairmatch.solver.contradictions import check_required
from pairmatch.solver.course import Course
from pairmatch.solver.faces import usable
from pairmatch.solver.hours import solve_with_hours
from pairmatch.solver.search import Infeasible


def solve(
    problem: Problem,
    *,
    beyond: Beyond | None = None,
    time_limit: float | None = None,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """Best matching of a problem, tier by tier, with its proofs.

    Parameters
    ----------
    problem
        Allowed pairs, loads and objective.
    beyond
        Where there are more pairs than can be stored: the way to all but the required ones, which are
        then the only pairs of ``problem``. No pair weighs more than ``problem.unit``.
    time_limit
        Seconds, > 0; None for no limit. A limit may leave a gap, which is then reported.
    progress
        Called with a :class:`~pairmatch.problem.Progress` now and then.
    cancelled
        Asked now and then; True ends the work as a time limit does.

    Raises
    ------
    CallError
        The objective has a tier that sweeps cannot serve.
    InfeasibleError
        Minimums, required pairs and hours leave no valid matching.
    NoSolutionError
        The work was ended, by a time limit or a cancellation, before a valid matching was found.
    """
    check_required(problem)
    clock = Clock(time_limit, cancelled)
    try:
        if beyond is not None:
            refuse_unsweepable(problem)
            way = _plain if problem.loads.mentor_hours is None else solve_with_hours
            return way(problem, beyond, clock, progress)
        return Course(usable(problem).problem, clock, progress).run()
    except Infeasible:
        hint = "minimums, required pairs and hour budgets contradict each other; relax one of them"
        raise InfeasibleError([Finding("contradiction", hint)]) from None


def _plain(problem: Problem, beyond: Beyond, clock: Clock, report: Report | None) -> Solution:
    return Expedition(problem, beyond, clock, report).run()
