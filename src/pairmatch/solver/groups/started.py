"""A course from a valid matching on: the search begins there, and nothing worse comes out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import MINIMUMS, Problem, Report, Solution, TierProof
from pairmatch.solver.bundled.quick import half_of, positions
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.gains import tier_value
from pairmatch.solver.groups.counts import has_quotas
from pairmatch.solver.groups.grouped import Grouped
from pairmatch.solver.restated import restated
from pairmatch.solver.search import Search

__all__ = ["Started", "is_quoted", "solve_quoted", "values_of"]

FLOORS = {"worst", "leximin"}


class Started(Course):
    """A course that begins with a valid matching; its searches may end after so much work each."""

    def __init__(
        self,
        problem: Problem,
        start: NDArray[np.intp] | None,
        clock: Clock,
        report: Report | None = None,
        effort: float | None = None,
    ) -> None:
        super().__init__(problem, clock, report)
        self._start, self._effort = start, effort

    def _minimums(self) -> None:
        super()._minimums()
        self.pairs = self.pairs if self._start is None else self._start

    def _take_what_fits(self, pairs: NDArray[np.intp]) -> None:
        if self._start is None:
            super()._take_what_fits(pairs)

    def _searching(self) -> Search:
        search = super()._searching()
        search.effort = self._effort
        return search


def is_quoted(problem: Problem) -> bool:
    """Whether quotas stand beside a floor, with tiers before it."""
    plain = problem.loads.mentor_hours is None and problem.coaching is None
    return plain and has_quotas(problem) and bool(FLOORS & {*problem.objective}) and bool(_before(problem))


def solve_quoted(problem: Problem, clock: Clock, report: Report | None) -> Solution:
    """The tiers before the floor by prices of groups, then all of them by search from there on.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`.
    clock, report
        The deadline, and who is told.
    """
    part = replace(problem, objective=_before(problem))
    try:
        grouped = Grouped(part, half_of(clock), report).run()
    except NoSolutionError:
        return Course(problem, clock, report).run()
    start = positions(problem, grouped.pairs)
    found = Started(problem, start, clock, report).run()
    values = values_of(problem, positions(problem, found.pairs))
    told = {proof.tier: restated(problem, proof, values) for proof in grouped.tiers}
    tiers = tuple(_sharper(proof, told.get(proof.tier)) for proof in found.tiers)
    complete = found.complete or all(proof.value == proof.bound for proof in tiers)
    return replace(found, tiers=tiers, complete=complete)


def values_of(problem: Problem, pairs: NDArray[np.intp]) -> dict[str, int]:
    """Values of the linear tiers, the minimums among them."""
    tiers = [tier for tier in problem.objective if tier not in FLOORS]
    return {tier: tier_value(problem, tier, pairs) for tier in (MINIMUMS, *tiers)}


def _sharper(proof: TierProof, other: TierProof | None) -> TierProof:
    """The one whose prices prove more, with the bound that is the best of both."""
    if other is None or other.verified_bound >= proof.verified_bound:
        return proof
    return replace(other, bound=min(proof.bound, other.bound))


def _before(problem: Problem) -> tuple[str, ...]:
    first = min(problem.objective.index(tier) for tier in FLOORS & {*problem.objective})
    return problem.objective[:first]
