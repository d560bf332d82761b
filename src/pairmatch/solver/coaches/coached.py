"""The ways of a problem with coaches who are chosen together with the pairs."""

from __future__ import annotations

from pairmatch.problem import Problem, Report, Solution
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.grouped import GroupedJoint
from pairmatch.solver.coaches.jointly import JOINT, solve_jointly
from pairmatch.solver.coaches.mixed import Mixed, Way
from pairmatch.solver.coaches.whole import is_searchable

__all__ = ["solve_coached"]


def solve_coached(problem: Problem, clock: Clock, report: Report | None, way: Way) -> Solution:
    """The best pairs together with their coaches, in the order of the objective.

    Parameters
    ----------
    problem
        With coaches; its pairs are usable.
    clock
        The deadline.
    report
        Told now and then.
    way
        Solves the problem without coaches.

    Raises
    ------
    InfeasibleError
        Minimums and required pairs leave no valid matching.
    NoSolutionError
        The work was ended before a valid matching was found.
    """
    floors = {"worst", "leximin", "spread"} & set(problem.objective)
    whole = problem.groups or problem.evens or problem.loads.mentor_hours is not None
    if _is_priced(problem) and not is_searchable(problem):
        return GroupedJoint(problem, clock, report, way).run()
    if whole or floors:
        return Mixed(problem, clock, report, way).run()
    return solve_jointly(problem, clock, report)


def _is_priced(problem: Problem) -> bool:
    """Whether prices of groups and coaches can tell all that there is to tell."""
    order = problem.objective
    plain = not problem.evens and problem.loads.mentor_hours is None and not {"worst", "leximin"} & set(order)
    first = min((order.index(tier) for tier in JOINT if tier in order), default=len(order))
    return bool(problem.groups) and plain and "spread" not in order[first:]
