"""Solve, price, sweep, repeat: a mixture of linear tiers over more pairs than anybody can store.

The flow runs on the pairs in hand; its prices are held against all pairs; those that beat them join, and
the flow runs again. When none does, the answer is optimal over all pairs. At any time before, the prices,
raised by what the sweep found, prove a bound (Lee and Orlin 1993, "On very large scale assignment problems").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import Beyond, Found, Ints, Priced, Problem, Progress, Report, Stopped
from pairmatch.solver.bounds import Dual, dual_bound, excess_beyond, loosest
from pairmatch.solver.clock import Clock
from pairmatch.solver.flow import best_flow
from pairmatch.solver.gains import Gains, combine, mixed_value, pair_gains
from pairmatch.solver.hand import Hand
from pairmatch.solver.network import Optimum
from pairmatch.solver.pool import Pool, few_of_each
from pairmatch.solver.prices import Arcs, least_prices
from pairmatch.solver.revised import within_places
from pairmatch.solver.spent import Spent

__all__ = ["Rounds"]

PATIENCE = 4000
"""Price sweeps for a mixture that the flow was not solved for; more means: solve it."""

EACH = 12
"""Pairs of each person in hand before the first flow, beside two for each further place."""

JOINING = 24
"""Pairs of each mentor that a sweep brings."""

NEAR = 100
"""Pairs come in too that miss the prices by less than one part in so many of the unit."""

LEAST_NEAR = 100
"""Units that a pair may always miss the prices by, so that ties at the prices stay above a sweep's limit."""

CROWDED = 16
"""By how much less that is after a sweep, not the first, that could not bring them all."""

MOST = 4_000_000
"""After such a sweep the next one brings four times as many, up to so many in all."""

Bools = NDArray[np.bool_]
Prices = tuple[Ints, Ints]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class View:
    """The pairs in hand as a mixture sees them: the required ones first, none below the floor."""

    times: Mapping[str, int]
    gains: Gains
    index: slice | NDArray[np.intp]
    mentor: NDArray[np.int32]
    mentee: NDArray[np.int32]
    gain: Ints


class Rounds:
    """All allowed pairs of a problem: some in hand, the others reached by sweeps.

    Parameters
    ----------
    problem
        Its pairs are the required ones and, in a re-match, the running ones.
    beyond
        All other pairs.
    clock
        Its end stops sweeps, and rounds between them; never a single flow.
    report
        Told about each round.

    Attributes
    ----------
    floor
        Only pairs of at least this weight count; None for all.
    stopped
        Whether the time is up: from then on nothing more is solved, and bounds stay as they are.
    hand
        The best matching so far.
    spent
        Where the time went.
    """

    def __init__(self, problem: Problem, beyond: Beyond, clock: Clock, report: Report) -> None:
        self._pool, self._beyond, self._clock, self._report = Pool(problem), beyond, clock, report
        self.floor: int | None = None
        self.stopped = False
        self.hand = Hand(self.problem)
        self.spent = Spent()
        self._flow_seconds = 0.0
        self._near, self._most = problem.unit // NEAR, JOINING

    @property
    def problem(self) -> Problem:
        """All pairs in hand; none ever leaves or moves."""
        return self._pool.problem

    @property
    def required(self) -> int:
        """How many pairs are required; they come first."""
        return self._pool.required

    @property
    def stats(self) -> dict[str, float]:
        """Counts and seconds of each kind of step."""
        counts = {"pairs_core": len(self._pool), "pairs_possible": self._beyond.n_pairs}
        return {**counts, **self.spent.told, "seconds": self._clock.elapsed}

    def start(self) -> None:
        """Take in each person's best pairs; running pairs are in hand already, and a first matching."""
        begun = np.arange(len(self._pool))
        if within_places(self.problem, begun):
            self.hand.offer(self.problem, begun)
        loads = self.problem.loads
        mentors, mentees = _each(loads.mentor_capacity), _each(loads.mentee_capacity)
        best = self._asked("best", lambda stop: self._beyond.best(mentors, mentees, stop))
        if best is not None:
            self._pool.join(best, self._pool.unknown(best))

    # -- what a chain of tiers asks ----------------------------------------------------------

    def solve(self, multipliers: Mapping[str, int]) -> Optimum:
        """The best pairs under a mixture, with prices that prove it over all pairs.

        When the time is up: the best pairs so far, with the best bound so far.
        """
        best = self._without_sweep(multipliers)
        while not self.stopped:
            view, chosen, prices = self._flow(multipliers)
            pairs = self._taken(view, chosen)
            self.hand.offer(self.problem, pairs)
            found = self._look(multipliers, prices)
            if found is None:
                break
            unknown, dual = self._held(view, prices, found)
            best = min(best, dual, key=lambda known: known.bound)
            self._tell(multipliers, best)
            if not unknown.any():
                return Optimum(pairs, dual.mentor_prices, dual.mentee_prices, dual.bound)
            self._join(view, prices, found)
        return Optimum(self.hand.pairs, best.mentor_prices, best.mentee_prices, best.bound, least=False)

    def prove(self, pairs: NDArray[np.intp], multipliers: Mapping[str, int]) -> Optimum | None:
        """Prices showing that ``pairs`` are best under another mixture, or None where there are none."""
        best = self._without_sweep(multipliers)
        while not self.stopped:
            view = self._view(multipliers)
            taken = np.zeros(len(self._pool), bool)
            taken[pairs] = True
            prices = self._prices(view, taken[view.index][self._pool.required :], PATIENCE)
            if prices is None:
                return None
            found = self._look(multipliers, prices)
            if found is None:
                break
            unknown, dual = self._held(view, prices, found)
            best = min(best, dual, key=lambda known: known.bound)
            if not unknown.any():
                return Optimum(pairs, dual.mentor_prices, dual.mentee_prices, dual.bound)
            self._join(view, prices, found)
        return Optimum(pairs, best.mentor_prices, best.mentee_prices, best.bound, least=False)

    # -- what a floor asks -------------------------------------------------------------------

    def reaches(self, multipliers: Mapping[str, int], target: int) -> bool:
        """Whether the pairs in hand above the floor reach a target; if so, they are offered."""
        view = self._view(multipliers)
        pairs = self._taken(view, self._chosen(view))
        if mixed_value(self.problem, multipliers, pairs) < target:
            return False
        self.hand.offer(self.problem, pairs)
        return True

    def capped(self, multipliers: Mapping[str, int], target: int) -> Dual | None:
        """Prices showing that no pairs above the floor reach a target.

        None where some do, which are then in hand, or the time is up.
        """
        while not self.stopped:
            view, chosen, prices = self._flow(multipliers)
            pairs = self._taken(view, chosen)
            if mixed_value(self.problem, multipliers, pairs) >= target:
                self.hand.offer(self.problem, pairs)
                return None
            found = self._look(multipliers, prices)
            if found is None:
                return None
            _, dual = self._held(view, prices, found)
            if dual.bound < target:
                return dual
            self._join(view, prices, found)
        return None

    # -- flows and prices --------------------------------------------------------------------

    def _view(self, multipliers: Mapping[str, int]) -> View:
        problem, index = self.problem, self._pool.above(self.floor)
        gains = combine(problem, multipliers)
        return View(
            multipliers, gains, index, problem.mentor[index], problem.mentee[index], gains.pair[index]
        )

    def _flow(self, multipliers: Mapping[str, int]) -> tuple[View, Bools, Prices]:
        view = self._view(multipliers)
        chosen = self._chosen(view)
        prices = self._prices(view, chosen)
        if prices is None:
            raise SolverError("an optimal flow has no prices")
        return view, chosen, prices

    def _chosen(self, view: View) -> Bools:
        """Which of the free pairs a flow chooses."""
        free = slice(self._pool.required, None)
        start = self._clock.elapsed
        with self.spent.on("flow"):
            chosen = best_flow(
                view.mentor[free], view.mentee[free], view.gain[free], view.gains.mentors, view.gains.mentees
            )
        self._flow_seconds = self._clock.elapsed - start
        self.spent.count("flow_rounds")
        return chosen

    def _prices(self, view: View, chosen: Bools, patience: int = 1_000_000) -> Prices | None:
        free = slice(self._pool.required, None)
        arcs = Arcs(view.mentor[free], view.mentee[free], view.gain[free], chosen)
        with self.spent.on("prices"):
            return least_prices(arcs, view.gains, patience)

    def _taken(self, view: View, chosen: Bools) -> NDArray[np.intp]:
        """Indices of the chosen pairs and the required ones."""
        required = self._pool.required
        free = np.arange(len(self._pool))[view.index][required:]
        return np.concatenate([np.arange(required), free[chosen]])

    # -- sweeps ------------------------------------------------------------------------------

    def _look(self, multipliers: Mapping[str, int], prices: Prices) -> Found | None:
        """All pairs that beat the prices, or the best of them; None where the time was up before.

        Pairs that come near the prices are looked for too: they would beat the next ones.
        """
        priced = Priced(*prices, multipliers.get("total", 0), multipliers.get("pairs", 0), self.floor)
        if self._unbeatable(priced):
            none, nothing = np.empty(0, np.int32), np.empty(0, np.int64)
            return Found(none, none, nothing, np.zeros(self.problem.n_mentors, np.int64), complete=True)
        slack, most = self._near * priced.total, self._most
        while True:
            found = self._swept(priced, slack, most)
            if found is None or found.complete:
                return found
            beats = self._beats(found, priced)
            if self.spent.told.get("rounds"):
                self._crowded(bool(2 * np.count_nonzero(beats) > len(beats)))
            # A sweep may have seen nothing but the best of those already in hand.
            if beats.any():
                return found
            slack, most = 0, 4 * most

    def _crowded(self, by_beating: bool) -> None:
        """After a sweep that could not bring all: the next time fewer near ones, or more of each mentor."""
        self._near = max(self._near // CROWDED, min(self._near, LEAST_NEAR))
        if by_beating:
            self._most = max(self._most, min(4 * self._most, MOST // self.problem.n_mentors))

    def _beats(self, found: Found, priced: Priced) -> Bools:
        """Which of the pairs found beat the prices and are not in hand."""
        reduced = priced.total * found.weight + priced.pair
        reduced -= priced.mentor_prices[found.mentor] + priced.mentee_prices[found.mentee]
        return self._pool.unknown(found) & (reduced > 0)

    def _swept(self, priced: Priced, slack: int, most: int) -> Found | None:
        self.spent.count("sweeps")
        lower = replace(priced, mentor_prices=priced.mentor_prices - slack)
        found = self._asked("sweeps", lambda stop: self._beyond.beating(lower, most, stop))
        return found and replace(found, excess=np.maximum(found.excess - slack, 0))

    def _unbeatable(self, priced: Priced) -> bool:
        """Whether even the heaviest pair of the two cheapest people would not beat the prices."""
        u, v = priced.mentor_prices, priced.mentee_prices
        if not len(u) or not len(v):
            return True
        return priced.total * self.problem.unit + priced.pair <= int(u.min()) + int(v.min())

    def _asked(self, name: str, ask: Callable[[Callable[[], bool]], Answer]) -> Answer | None:
        """What a sweep answers; None where the time is up."""
        try:
            with self.spent.on(name):
                return ask(lambda: self._clock.over)
        except Stopped:
            self.stopped = True
            return None

    def _held(self, view: View, prices: Prices, found: Found) -> tuple[Bools, Dual]:
        """Which pairs found are not in hand, and what the prices prove once raised for them."""
        u, v = prices
        gain = pair_gains(found.weight, view.times)
        unknown = self._pool.unknown(found)
        reduced = gain - u[found.mentor] - v[found.mentee]
        beats = unknown & (reduced > 0)
        u = u + excess_beyond(found, reduced, beats)
        in_hand = view.gain - u[view.mentor] - v[view.mentee]
        return beats, dual_bound(view.gains, in_hand, self._pool.required, u, v)

    def _without_sweep(self, multipliers: Mapping[str, int]) -> Dual:
        """The best of the bounds that need no sweep."""
        problem, begun = self.problem, np.arange(len(self._pool))[self._pool.above(self.floor)]
        begun = begun[begun < self._pool.begun]
        gains = combine(problem, multipliers)
        largest = multipliers.get("total", 0) * problem.unit + multipliers.get("pairs", 0)
        duals = []
        for u, v in loosest(gains, largest):
            reduced = gains.pair[begun] - u[problem.mentor[begun]] - v[problem.mentee[begun]]
            duals.append(dual_bound(gains, reduced, self._pool.required, u, v))
        return min(duals, key=lambda dual: dual.bound)

    def _join(self, view: View, prices: Prices, found: Found) -> None:
        """Take in the best of what a sweep found, unless there is no time for another flow."""
        reduced = pair_gains(found.weight, view.times)
        reduced = reduced - prices[0][found.mentor] - prices[1][found.mentee]
        few = few_of_each(found, reduced, self._pool.unknown(found), EACH)
        self.spent.count("pairs_joined", self._pool.join(found, few))
        self.stopped = self.stopped or self._clock.over or self._clock.left < self._flow_seconds

    def _tell(self, multipliers: Mapping[str, int], best: Dual) -> None:
        """Report a round, with the gap of the mixture's last tier."""
        short = best.bound - mixed_value(self.problem, multipliers, self.hand.pairs)
        last = {tier: times for tier, times in multipliers.items() if times == 1}
        gap = short / max(abs(mixed_value(self.problem, last, self.hand.pairs) + short), 1)
        self.spent.count("rounds")
        done = int(self.spent.told["rounds"])
        self.spent.told[f"gap_round_{done}"] = gap
        self._report(Progress("solving", round=done, gap=gap))


def _each(capacity: Ints) -> int:
    """How many pairs of each person of a side to begin with."""
    return EACH + 2 * min(round(capacity.mean()) - 1, EACH) if len(capacity) else EACH
