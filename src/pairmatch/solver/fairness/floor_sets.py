"""The best total above a floor, by the best set of mentors that each mentee has on it.

Prices on the mentors part the mentees: each takes the set that is best for it and on the floor, and what
they would have together, the mentors paid, no matching above the floor exceeds. Good prices come from a
linear programme over sets, which grows by the sets that its prices ask for. Sets are needed only where the
best pairs alone would be below the floor; everybody else keeps single pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, Problem, TierProof
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required
from pairmatch.solver.fairness.mentee_sets import NEVER, Choice, Menu, TooMany, best_choice, choices_within
from pairmatch.solver.fairness.set_programme import COUNTED, Sets, solve_sets
from pairmatch.solver.floors import totals

__all__ = ["FINE", "Held", "Holder", "Rates"]

FINE = 2**10
"""Steps in a price of one unit."""

ROUNDS = 200
"""Times that the linear programme is asked again, at most."""

PENALTY = 32.0
"""What a mentee without a set costs at first, in floors."""

DEARER, DEAREST = 8.0, 10_000.0
"""How much more where somebody still has none, and at most."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Prices of mentors, and multipliers of the tiers before, in parts of ``FINE``."""

    mentors: Ints
    times: dict[str, int]


@dataclass(frozen=True, eq=False)
class Held:
    """A bound, and how it is made.

    Attributes
    ----------
    bound
        No total above the floor is larger, in parts of ``FINE``; None where there is no matching.
    rates
        The prices.
    worth
        What each mentee's best set is worth.
    pairs
        Pairs on the floor that the programme took, where it took each or left it.
    """

    bound: int | None
    rates: Rates
    worth: Ints
    pairs: NDArray[np.intp] | None = None


class Holder:
    """Sets of mentors on one floor.

    Parameters
    ----------
    problem
        Its pairs can be above the floor; no hours, groups or coaches.
    known
        Tiers that keep their values.
    floor
        The floor, in units.
    clock
        The deadline.
    """

    def __init__(self, problem: Problem, known: Sequence[TierProof], floor: int, clock: Clock) -> None:
        self.problem, self.floor, self.clock = problem, floor, clock
        self.known = {proof.tier: proof.value for proof in known if proof.tier in COUNTED}
        order = np.lexsort((problem.mentor, problem.mentee))
        ends = np.searchsorted(problem.mentee[order], np.arange(1, problem.n_mentees + 1))
        self._own = np.split(order, ends[:-1])
        self._required = is_required(problem)
        self.sets = Sets(problem)

    # -- one bound -----------------------------------------------------------------------------

    def bound(self, rates: Rates) -> tuple[Held, int]:
        """What prices prove, and how many sets and pairs they asked for that were not in hand."""
        values = self._values(rates)
        worth, new = np.zeros(self.problem.n_mentees, np.int64), 0
        for mentee in range(self.problem.n_mentees):
            worth[mentee], more = self._best(mentee, self._menu(mentee, values, rates))
            new += more
        if (worth <= NEVER).any():
            return Held(None, rates, worth), new
        u, loads = rates.mentors, self.problem.loads
        paid = int((u * np.where(u > 0, loads.mentor_capacity, loads.mentor_minimum)).sum())
        kept = sum(times * self.known[tier] for tier, times in rates.times.items())
        return Held(int(worth.sum()) + paid - kept, rates, worth), new

    def _best(self, mentee: int, menu: Menu) -> tuple[int, int]:
        """The worth of a mentee's best set, and whether it was new."""
        free = menu.free_best()
        try:
            best = free if menu.holds(free) else best_choice(menu)
        except TooMany:
            return free.worth, 0
        if best is not free:
            self.sets.needs(mentee)
        return best.worth, self.sets.add(mentee, self._pairs(mentee, best))

    def _pairs(self, mentee: int, choice: Choice) -> NDArray[np.intp]:
        return np.sort(self._own[mentee][list(choice.pairs)])

    def _values(self, rates: Rates) -> Ints:
        values = FINE * self.problem.weight + rates.times.get("pairs", 0)
        return np.asarray(values - rates.mentors[self.problem.mentor])

    def _menu(self, mentee: int, values: Ints, rates: Rates) -> Menu:
        own, loads = self._own[mentee], self.problem.loads
        must = bool(self.problem.must_match[mentee])
        return Menu(
            values[own],
            self.problem.weight[own],
            int(loads.mentee_minimum[mentee]),
            int(loads.mentee_capacity[mentee]),
            self.floor,
            rates.times.get("mentees", 0) + must * rates.times.get("must_match", 0),
            np.flatnonzero(self._required[own]),
        )

    # -- better prices -------------------------------------------------------------------------

    def run(self, pairs: NDArray[np.intp], rates: Rates, enough: int) -> Held:
        """The best bound found, from pairs and prices to start with.

        Parameters
        ----------
        pairs
            The programme sees these, and those that its prices ask for.
        rates
            Any prices.
        enough
            A bound below this is as good as any, in parts of ``FINE``.
        """
        self.sets.start(pairs)
        penalty = PENALTY * max(1.0, self.floor / self.problem.unit)
        best, new = self.bound(rates)
        for _ in range(ROUNDS):
            if best.bound is None or best.bound < enough or self.clock.over:
                break
            told = solve_sets(self.sets, self.known, penalty, self.clock)
            if told is None:
                break
            whole = self._on_floor(told.pairs)
            here, new = self.bound(self._rates(told.mentors, told.times))
            if here.bound is None:
                return here
            new += whole is None and told.pairs is not None
            whole = best.pairs if whole is None else whole
            best = here if here.bound < best.bound else best
            best = Held(best.bound, best.rates, best.worth, whole)
            if not new and told.lacking and penalty < DEAREST:
                penalty *= DEARER
            elif not new or self._reached(best):
                break
        return best

    def _on_floor(self, pairs: NDArray[np.intp] | None) -> NDArray[np.intp] | None:
        """The pairs, or None where there are none or somebody is below the floor, who then needs sets."""
        has = {} if pairs is None else totals(self.problem, pairs)
        below = [mentee for mentee in has if has[mentee] < self.floor]
        for mentee in below:
            self.sets.needs(mentee)
        return None if below else pairs

    def _rates(self, mentors: NDArray[np.float64], times: dict[str, float]) -> Rates:
        scale = FINE * self.problem.unit
        return Rates(
            np.rint(mentors * scale).astype(np.int64),
            {tier: round(value * scale) for tier, value in times.items()},
        )

    def _reached(self, held: Held) -> bool:
        """Whether the pairs have all that the bound allows."""
        if held.pairs is None or held.bound is None:
            return False
        return int(self.problem.weight[held.pairs].sum()) == held.bound // FINE

    # -- what is near --------------------------------------------------------------------------

    def behind(self, held: Held) -> Ints:
        """How far at least a matching with a pair is below the bound."""
        values = self._values(held.rates)
        behind = np.zeros(len(values), np.int64)
        for mentee, own in enumerate(self._own):
            menu = self._menu(mentee, values, held.rates)
            least = max(menu.least, 1) - 1
            top = -np.sort(-values[own])[: max(0, menu.most - 1)]
            sums = np.concatenate([[0], np.cumsum(top)])
            most = int(sums[min(least, len(sums) - 1) :].max())
            behind[own] = np.maximum(0, held.worth[mentee] - values[own] - most - menu.first)
        behind[self._required] = 0
        return behind

    def near(self, held: Held, slack: int) -> dict[int, list[NDArray[np.intp]]]:
        """For mentees who need sets: all that are no further below their best, unless they are many."""
        values, found = self._values(held.rates), {}
        for mentee in self.sets.needing:
            menu = self._menu(mentee, values, held.rates)
            try:
                near = choices_within(menu, int(held.worth[mentee]) - slack)
            except TooMany:
                continue
            found[mentee] = [self._pairs(mentee, choice) for choice in near]
        return found
