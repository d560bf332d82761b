"""The solver's verb: a problem in, a solution with its proofs out."""

from __future__ import annotations

from collections.abc import Callable

from pairmatch.problem import Beyond, Ints, Problem, Report, Solution
from pairmatch.solver.beyond import Expedition, refuse_unsweepable
from pairmatch.solver.bundled.budgets import is_budgeted, solve_budgeted
from pairmatch.solver.bundled.hours import solve_with_hours
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.coached import solve_coached
from pairmatch.solver.contradictions import check_required
from pairmatch.solver.course import Course
from pairmatch.solver.faces import usable
from pairmatch.solver.groups.costed import is_costed, solve_costed
from pairmatch.solver.groups.far import Far
from pairmatch.solver.groups.floored import is_floored, solve_floored
from pairmatch.solver.groups.grouped import Grouped, is_grouped
from pairmatch.solver.groups.levelled import is_levelled, solve_levelled
from pairmatch.solver.groups.quotas import check_quotas, contradiction
from pairmatch.solver.groups.started import is_quoted, solve_quoted
from pairmatch.solver.revised import folded
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
        Where there are more pairs than can be stored: the way to all but the required ones. The pairs of
        ``problem`` are then the required ones and, in a re-match, the running ones, which sweeps may bring
        too, as if they were like others. No pair weighs more than ``problem.unit``.
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
    problem = folded(problem)
    check_required(problem)
    check_quotas(problem, all_pairs=beyond is None)
    clock = Clock(time_limit, cancelled)
    try:
        if beyond is None:
            return _at_hand(problem, clock, progress)
        refuse_unsweepable(problem)
        return _swept(usable(problem).problem, beyond, clock, progress)
    except Infeasible:
        raise contradiction(problem) from None


def _at_hand(
    problem: Problem, clock: Clock, report: Report | None = None, *, start: Ints | None = None
) -> Solution:
    """The way where all pairs that count are at hand; ``start`` are prices of groups near the best ones."""
    part = usable(problem).problem
    if problem.coaching is not None:
        return solve_coached(part, clock, report, _at_hand)
    if is_budgeted(part):
        return solve_budgeted(part, clock, report)
    if is_grouped(part):
        return Grouped(part, clock, report, start).run()
    if is_floored(part):
        return solve_floored(part, clock, report)
    if is_levelled(part):
        return solve_levelled(part, clock, report)
    if is_costed(part):
        return solve_costed(part, clock, report)
    if is_quoted(part):
        return solve_quoted(part, clock, report)
    return Course(part, clock, report).run()


def _swept(problem: Problem, beyond: Beyond, clock: Clock, report: Report | None) -> Solution:
    """The way where nobody stores all pairs."""
    if problem.groups or problem.evens:
        return Far(problem, beyond, clock, report, _at_hand).run()
    if problem.loads.mentor_hours is not None:
        return solve_with_hours(problem, beyond, clock, report)
    return Expedition(problem, beyond, clock, report).run()
