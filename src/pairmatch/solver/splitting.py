"""Things of several kinds split into parts of given sizes, each part as mixed as the whole. By CP-SAT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError, SolverError
from pairmatch.problem import Ints
from pairmatch.solver.clock import NO_TIME, Clock
from pairmatch.solver.search import Infeasible

__all__ = ["Division", "Split", "even_range", "missed", "split"]

EFFORT = 30.0
"""Most work of one search, in the search's own measure, which is the same on every machine."""


@dataclass(frozen=True, eq=False)
class Split:
    """What is to be split.

    Attributes
    ----------
    count
        How many things there are of each kind, int64 ``(n_kinds,)``.
    sizes
        How many each part holds, int64 ``(n_parts,)``; together as many as there are things.
    first
        For each kind the first part that may hold it, from 0 on.
    groups
        bool ``(n_groups, n_kinds)``: which kinds are of each group. Each part should hold its share of
        each group: the share of the whole, rounded down or up.
    bundle
        For each kind the bundle that it is of, -1 for none.
    most
        Most things of each bundle in one part, int64 ``(n_bundles,)``.
    """

    count: Ints
    sizes: Ints
    first: Ints
    groups: NDArray[np.bool_]
    bundle: Ints
    most: Ints


@dataclass(frozen=True, eq=False)
class Division:
    """How it was split.

    Attributes
    ----------
    held
        Things of each kind in each part, int64 ``(n_kinds, n_parts)``.
    values, bounds
        By how many the groups miss their shares, in the first part and in all parts together, and the
        least that both can be: of the second, among the splits that do not worsen the first.
    complete
        Whether both are proven to be the least.
    """

    held: Ints
    values: tuple[int, int]
    bounds: tuple[int, int]
    complete: bool


def even_range(problem: Split) -> tuple[Ints, Ints]:
    """For each group and part the share of the whole, rounded down and up: ``(n_groups, n_parts)`` each."""
    of_group = problem.groups.astype(np.int64) @ problem.count
    product, total = np.multiply.outer(of_group, problem.sizes), max(1, int(problem.count.sum()))
    return product // total, -(-product // total)


def missed(problem: Split, held: Ints) -> Ints:
    """By how many the groups of each part miss their shares, int64 ``(n_parts,)``."""
    low, high = even_range(problem)
    counts = problem.groups.astype(np.int64) @ held
    found: Ints = np.maximum(np.maximum(low - counts, counts - high), 0).sum(axis=0)
    return found


def split(problem: Split, *, time_limit: float | None = None) -> Division:
    """Split so that the first part is as mixed as the whole, as nearly as can be; then all parts.

    Parameters
    ----------
    problem
        What is to be split.
    time_limit
        Seconds; None for no limit but the search's own.

    Raises
    ------
    Infeasible
        Sizes, first parts and bundles contradict each other.
    NoSolutionError
        The time limit ended before any split was found.
    """
    model = _Model(problem, Clock(time_limit))
    pilot = model.least(model.misses[0])
    model.keep(model.misses[0])
    whole = model.least([miss for part in model.misses for miss in part])
    found = missed(problem, model.held)
    values = int(found[0]), int(found.sum())
    return Division(model.held, values, (pilot, whole), values == (pilot, whole))


class _Model:
    """The CP-SAT model and the best split so far."""

    def __init__(self, problem: Split, clock: Clock) -> None:
        from ortools.sat.python import cp_model

        self._cp, self._clock, self._problem = cp_model, clock, problem
        self.model = cp_model.CpModel()
        self._parts = range(len(problem.sizes))
        kinds = zip(problem.count.tolist(), problem.first.tolist(), strict=True)
        self._held = [self._kind(number, first) for number, first in kinds]
        self.held: Ints | Any = None
        for part, size in enumerate(problem.sizes.tolist()):
            self.model.add(sum(held[part] for held in self._held) == size)
        self._limit()
        low, high = even_range(problem)
        self.misses = [self._missing(part, low[:, part], high[:, part]) for part in self._parts]

    def _kind(self, number: int, first: int) -> list[Any]:
        """How many things of a kind each part holds."""
        held = [self.model.new_int_var(0, number if part >= first else 0, "") for part in self._parts]
        self.model.add(sum(held) == number)
        return held

    def _limit(self) -> None:
        for bundle, most in enumerate(self._problem.most.tolist()):
            kinds = np.flatnonzero(self._problem.bundle == bundle).tolist()
            for part in self._parts if kinds else ():
                self.model.add(sum(self._held[kind][part] for kind in kinds) <= most)

    def _missing(self, part: int, low: Ints, high: Ints) -> list[Any]:
        """For each group a variable that is no less than what a part misses of its share."""
        misses = []
        for members, least, most in zip(self._problem.groups, low.tolist(), high.tolist(), strict=True):
            count = sum(self._held[kind][part] for kind in np.flatnonzero(members).tolist())
            miss = self.model.new_int_var(0, int(self._problem.count.sum()), "")
            self.model.add(miss >= least - count)
            self.model.add(miss >= count - most)
            misses.append(miss)
        return misses

    def keep(self, misses: list[Any]) -> None:
        """From now on, only splits whose first part misses no more than that of the best one."""
        self.model.add(sum(misses) <= int(missed(self._problem, self.held)[0]))

    def least(self, misses: list[Any]) -> int:
        """Look for the least sum of misses, and keep the split; what is proven to be no more than it."""
        self.model.minimize(sum(misses))
        self._hint()
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = EFFORT
        if self._clock.limit is not None:
            solver.parameters.max_time_in_seconds = max(self._clock.left, 0.01)
        status = solver.solve(self.model)
        if status == self._cp.INFEASIBLE:
            raise Infeasible
        if status == self._cp.UNKNOWN:
            return self._undecided()
        if status not in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            raise SolverError(f"CP-SAT ended with status {solver.status_name(status)}")
        held = [[solver.value(one) for one in kind] for kind in self._held]
        self.held = np.array(held, np.int64).reshape(len(held), len(self._parts))
        return max(0, int(np.ceil(solver.best_objective_bound - 1e-6)))

    def _hint(self) -> None:
        self.model.clear_hints()
        if self.held is not None:
            for kind, values in zip(self._held, self.held.tolist(), strict=True):
                for variable, value in zip(kind, values, strict=True):
                    self.model.add_hint(variable, value)

    def _undecided(self) -> int:
        """Without a better split the one in hand stays, and nothing is proven of it."""
        if self.held is None:
            raise NoSolutionError(NO_TIME)
        return 0
