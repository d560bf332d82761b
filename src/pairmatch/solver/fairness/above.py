"""The best total above a floor that somebody chose, with the coverage tiers kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import CallError, Finding, InfeasibleError, NoSolutionError
from pairmatch.problem import MINIMUMS, Problem, Report, Solution
from pairmatch.solver.clock import Clock, TimeUp
from pairmatch.solver.faces import restrict, usable
from pairmatch.solver.fairness.raised import Climb, Raised, worst_of
from pairmatch.solver.gains import places
from pairmatch.solver.lexicographic import solve_chain
from pairmatch.solver.network import Network
from pairmatch.solver.solving import solve

__all__ = ["Above", "best_above", "point_of", "refuse_together"]

SEVERAL = (
    "floors over mentees with several mentors do not go with hours, group goals or coaches; "
    "give each mentee one mentor, or match with 'worst' before 'total'"
)

UNKNOWN = "the work was ended before it was known whether this floor can be kept"


@dataclass(frozen=True)
class Above:
    """The best total above a floor.

    Attributes
    ----------
    pairs
        int64 ``(n, 2)``: positions, mentor first.
    worst
        What the worst-off mentee has, in units; 0 where nobody is matched.
    total, bound
        The total, and what no matching above the floor exceeds; they differ only after a deadline.
    """

    pairs: NDArray[np.int64]
    worst: int
    total: int
    bound: int


def best_above(
    problem: Problem,
    floor: int,
    kept: tuple[int, ...],
    *,
    time_limit: float | None = None,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Above | None:
    """The best total of the matchings in which no matched mentee has less than a floor.

    Parameters
    ----------
    problem
        Its objective ends with ``"total"``, and counts people or pairs before.
    floor
        In units.
    kept
        Values of the tiers before ``"total"`` that must be kept.
    time_limit, progress, cancelled
        As for :func:`~pairmatch.solver.solve`.

    Returns
    -------
    None where no such matching exists.

    Raises
    ------
    CallError
        Mentees have several mentors, and something counts that no floor goes with.
    NoSolutionError
        The work was ended before that was known.
    """
    if not problem.single:
        return _climbed(problem, floor, kept, Clock(time_limit, cancelled))
    part = restrict(problem, problem.weight >= floor).problem
    try:
        solution = solve(part, time_limit=time_limit, progress=progress, cancelled=cancelled)
    except InfeasibleError:
        return None
    before = solution.tiers[:-1]
    if tuple(proof.value for proof in before) != kept[: len(before)]:
        if not solution.complete and all(p.bound >= least for p, least in zip(before, kept, strict=False)):
            raise NoSolutionError(UNKNOWN)
        return None
    found = point_of(problem, solution)
    return found if found.worst >= floor else None


def refuse_together(problem: Problem) -> None:
    """Refuse floors over mentees with several mentors where something else counts that they do not go with.

    Raises
    ------
    CallError
        There are hours, groups or coaches beside.
    """
    more = problem.groups or problem.evens or problem.coaching or problem.loads.mentor_hours is not None
    if more and not problem.single:
        raise CallError([Finding("bad_argument", SEVERAL, column="policy")])


def point_of(problem: Problem, solution: Solution) -> Above:
    """A solution whose last tier is ``"total"``, as a point."""
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    taken = np.searchsorted(keys, solution.pairs[:, 0] * problem.n_mentees + solution.pairs[:, 1])
    total = solution.tiers[-1]
    return Above(solution.pairs, worst_of(problem, taken), total.value, total.bound)


def _climbed(problem: Problem, floor: int, kept: tuple[int, ...], clock: Clock) -> Above | None:
    refuse_together(problem)
    part = usable(problem)
    tiers = [*([MINIMUMS] if places(problem) else []), *problem.objective[:-1]]
    network = Network(part.problem, clock)
    proofs = solve_chain(network, tiers).proofs if tiers else ()
    if tuple(proof.value for proof in proofs if proof.tier != MINIMUMS) != kept:
        return None
    try:
        found = Climb(part.problem, proofs, clock).above(floor)
    except TimeUp:
        raise NoSolutionError(UNKNOWN) from None
    if not isinstance(found, Raised):
        return None
    pairs = part.index[found.pairs]
    chosen = np.stack([problem.mentor[pairs], problem.mentee[pairs]], axis=1).astype(np.int64)
    return Above(chosen, worst_of(problem, pairs), found.value, found.bound)
