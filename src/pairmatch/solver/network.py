"""Solve one mixture of linear tiers over all allowed pairs, with prices that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import Ints, Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.core import first_core, joining, merged
from pairmatch.solver.flow import best_flow
from pairmatch.solver.gains import Gains, combine
from pairmatch.solver.prices import Arcs, least_prices
from pairmatch.solver.revised import running

PATIENCE = 400
"""Price sweeps for a mixture that the flow was not solved for; more means: solve it."""


@dataclass(frozen=True)
class Optimum:
    """Chosen pairs (indices, required ones included), and prices with the bound that they prove.

    The prices are the ``least`` ones of their pairs, or any that prove the bound.
    """

    pairs: NDArray[np.intp]
    mentor_prices: Ints
    mentee_prices: Ints
    bound: int
    least: bool = True


class Solver(Protocol):
    """Who solves mixtures of linear tiers over all pairs, and proves them."""

    @property
    def problem(self) -> Problem:
        """The problem into whose pairs an optimum's indices lead."""
        ...

    @property
    def stopped(self) -> bool:
        """Whether the time is up, so that nothing more is proven."""
        ...

    def solve(self, multipliers: Mapping[str, int]) -> Optimum:
        """The best pairs under a mixture, and its prices."""
        ...

    def prove(self, pairs: NDArray[np.intp], multipliers: Mapping[str, int]) -> Optimum | None:
        """Prices showing that ``pairs`` are best under another mixture, or None where there are none."""
        ...


class Network:
    """The allowed pairs of one problem, with the sparse core that has been needed so far.

    Parameters
    ----------
    problem
        The problem; hours are not looked at. Its pairs must be usable, see
        :func:`~pairmatch.solver.faces.usable`.
    clock
        Its deadline stops the pricing rounds, never a single flow.
    """

    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.required = _positions(problem)
        self.index = np.delete(np.arange(len(problem.mentor)), self.required)
        self.mentor, self.mentee = problem.mentor, problem.mentee
        if len(self.required):
            self.mentor, self.mentee = problem.mentor[self.index], problem.mentee[self.index]
        self.core: NDArray[np.intp] | None = None
        self.rounds = 0
        self.complete = True

    @property
    def stopped(self) -> bool:
        """Whether the time is up."""
        return self.clock.over

    def solve(self, multipliers: Mapping[str, int]) -> Optimum:
        """The best pairs under a mixture, and its prices: exact unless the deadline passes."""
        gains = self._gains(multipliers)
        gain = self._free(gains.pair)
        rounds = 0
        while True:
            core, arcs = self._flow(gains, gain)
            prices = least_prices(arcs, gains)
            if prices is None:
                raise SolverError("an optimal flow has no prices")
            joined = self._join(gain, prices, rounds)
            if not joined or self._stopped():
                return self._optimum(gains, core[arcs.chosen], prices)
            rounds += 1

    def prove(self, pairs: NDArray[np.intp], multipliers: Mapping[str, int]) -> Optimum | None:
        """Prices showing that ``pairs`` are best under another mixture, or None where there are none."""
        gains = self._gains(multipliers)
        gain = self._free(gains.pair)
        taken = np.zeros(len(self.problem.mentor), bool)
        taken[pairs] = True
        chosen = self._free(taken)
        core = merged(self._core(gain, gains), np.flatnonzero(chosen), len(chosen))
        rounds = 0
        while True:
            arcs = Arcs(self.mentor[core], self.mentee[core], gain[core], chosen[core])
            prices = least_prices(arcs, gains, PATIENCE)
            if prices is None:
                return None
            if not self._join(gain, prices, rounds) or self._stopped():
                return self._optimum(gains, np.flatnonzero(chosen), prices)
            core = merged(self._core(gain, gains), np.flatnonzero(chosen), len(chosen))
            rounds += 1

    def _gains(self, multipliers: Mapping[str, int]) -> Gains:
        return combine(self.problem, multipliers)

    def _free(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the pairs that are not required."""
        return values[self.index] if len(self.required) else values

    def _core(self, gain: Ints, gains: Gains) -> NDArray[np.intp]:
        if self.core is None:
            places = (gains.mentors.capacity, gains.mentees.capacity)
            first = first_core(self.mentor, self.mentee, gain, *places)
            self.core = merged(first, np.flatnonzero(self._free(running(self.problem))), len(gain))
        return self.core

    def _flow(self, gains: Gains, gain: Ints) -> tuple[NDArray[np.intp], Arcs]:
        core = self._core(gain, gains)
        self.rounds += 1
        mentor, mentee, of_core = self.mentor[core], self.mentee[core], gain[core]
        chosen = best_flow(mentor, mentee, of_core, gains.mentors, gains.mentees)
        return core, Arcs(mentor, mentee, of_core, chosen)

    def _join(self, gain: Ints, prices: tuple[Ints, Ints], rounds: int) -> bool:
        """Bring in pairs outside the core that beat the prices; False when there are none."""
        core = self.core
        if core is None or len(core) == len(self.index):
            return False
        reduced = gain - prices[0][self.mentor] - prices[1][self.mentee]
        reduced[core] = 0
        beating = np.flatnonzero(reduced > 0)
        if not len(beating):
            return False
        sizes = (self.problem.n_mentors, self.problem.n_mentees)
        best = joining(reduced[beating], self.mentor[beating], self.mentee[beating], sizes, rounds)
        self.core = merged(core, beating[best], len(self.index))
        return True

    def _stopped(self) -> bool:
        if self.clock.over:
            self.complete = False
        return self.clock.over

    def _optimum(self, gains: Gains, chosen: NDArray[np.intp], prices: tuple[Ints, Ints]) -> Optimum:
        pairs = np.sort(np.concatenate([self.index[chosen], self.required]))
        return Optimum(pairs, *prices, bound=self._bound(gains, *prices))

    def _bound(self, gains: Gains, u: Ints, v: Ints) -> int:
        problem = self.problem
        reduced = gains.pair - u[problem.mentor] - v[problem.mentee]
        fixed = int(reduced[self.required].sum())
        reduced[self.required] = 0
        over = int(np.maximum(reduced, 0).sum())
        return fixed + over + int(gains.mentors.best(u).sum()) + int(gains.mentees.best(v).sum())


def _positions(problem: Problem) -> NDArray[np.intp]:
    """Indices of the required pairs among the allowed ones."""
    required = problem.loads.required
    if not len(required):
        return np.empty(0, np.intp)
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    wanted = required[:, 0] * problem.n_mentees + required[:, 1]
    found = np.searchsorted(keys, wanted)
    if (found >= len(keys)).any() or (keys[np.minimum(found, len(keys) - 1)] != wanted).any():
        raise SolverError("a required pair is not among the allowed pairs")
    return found.astype(np.intp)
