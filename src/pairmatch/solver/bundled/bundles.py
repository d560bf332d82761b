"""Hours, by bundles: prices on mentees alone, and against them the best set of pairs of each mentor.

Prices on both sides see only what a budget allows on average; a bundle sees which pairs really fit together.
The bound that mentee prices prove so is that of :class:`~pairmatch.problem.TierProof` with ``bundles``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, Problem
from pairmatch.solver.bundled.covered import Held
from pairmatch.solver.bundled.sacks import Picked, Room, best_sets
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import LIMIT, Gains, combine, longest_wait
from pairmatch.solver.groups.counts import charged, swing
from pairmatch.solver.search import hours_of_pairs

__all__ = ["Bundling", "Mixture", "Priced", "finer"]

FINER = 1000
"""Parts of a unit in which prices are told."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """One mixture of tiers, as bundles see it.

    Attributes
    ----------
    gains
        The mixture.
    gain
        Gain of each free pair.
    load_gain
        Gain of so many free pairs of each mentor, ``(n_mentors, most + 1)``.
    fixed
        Gain of the required pairs.
    held
        How many mentees are covered, where that is settled; all that is told is told of such matchings.
    """

    gains: Gains
    gain: Ints
    load_gain: Ints
    fixed: int
    held: Held | None = None

    @property
    def floor(self) -> Ints | None:
        """Prices below which nothing changes; None where there are no such."""
        return -self.first if self.held is None else None

    def people(self, prices: Ints) -> int:
        """The most that mentees' loads add at prices."""
        side = self.gains.mentees
        return int(side.best(prices).sum()) if self.held is None else self.held.best(side, prices)

    def loads(self, prices: Ints) -> tuple[Ints, Ints]:
        """Least and largest load of each mentee that attain it."""
        side = self.gains.mentees
        return side.best_loads(prices) if self.held is None else self.held.loads(side, prices)

    @property
    def grain(self) -> int:
        """A whole number of which every matching's value is a multiple."""
        steps = [self.gains.pair, self.gains.mentors.first, self.gains.mentees.first]
        filled = np.array([self.gains.mentors.filled, self.gains.mentees.filled])
        return max(1, int(np.gcd.reduce(np.concatenate([*steps, filled]))))

    @property
    def first(self) -> Ints:
        """What each mentee's next pair adds."""
        return self.gains.mentees.marginal(self.gains.mentees.used + 1)


@dataclass(frozen=True, eq=False)
class Priced:
    """What mentee prices prove, and each mentor's best bundle against them."""

    prices: Ints
    bound: int
    picked: Picked


class Bundling:
    """The free pairs of a problem with budgets of hours.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`, and the required ones within
        the hours.

    Attributes
    ----------
    free
        Which pairs are not required.
    mentor, mentee, hours
        Of the free pairs; hours in the largest unit that makes them whole.
    places, budget
        What each mentor has left beside the required pairs.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        required = is_required(problem)
        order = np.lexsort((problem.mentee, problem.mentor))
        self.free: NDArray[np.intp] = order[~required[order]]
        self.required: NDArray[np.intp] = np.flatnonzero(required)
        self.mentor = problem.mentor[self.free].astype(np.int64)
        self.mentee = problem.mentee[self.free].astype(np.int64)
        cost = hours_of_pairs(problem)
        spent = np.bincount(problem.mentor[required], cost[required], problem.n_mentors).astype(np.int64)
        budgets = problem.loads.mentor_hours
        left = (spent if budgets is None else budgets) - spent
        unit = max(1, int(np.gcd.reduce(cost[self.free], initial=0)))
        self.hours, self.budget = cost[self.free] // unit, np.maximum(left // unit, -1)
        carried = np.bincount(problem.mentor[required], minlength=problem.n_mentors)
        self.places = np.minimum(
            problem.loads.mentor_capacity - carried, np.bincount(self.mentor, minlength=problem.n_mentors)
        )

    def mixture(self, multipliers: Mapping[str, int], held: Held | None = None) -> Mixture:
        """A mixture of tiers."""
        gains = combine(self.problem, multipliers)
        loads = np.arange(int(self.places.max(initial=0)) + 1)
        side = gains.mentors
        columns = [side.total(np.minimum(side.used + load, side.capacity)) for load in loads.tolist()]
        fixed = int(gains.pair[self.required].sum())
        return Mixture(gains, gains.pair[self.free], np.column_stack(columns), fixed, held)

    def priced(self, mixture: Mixture, prices: Ints) -> Priced:
        """What mentee prices prove about a mixture."""
        room = Room(self.places, self.budget, mixture.load_gain)
        picked = best_sets(self.mentor, mixture.gain - prices[self.mentee], self.hours, room)
        needed = int(prices[self.problem.mentee[self.required]].sum())
        own = mixture.fixed - needed + int(picked.worth.sum())
        return Priced(prices, own + mixture.people(prices), picked)

    def worth(self, mixture: Mixture, taken: NDArray[np.intp]) -> int:
        """Value of free pairs and the required ones."""
        gains = mixture.gains
        loads = gains.mentors.used + np.bincount(self.mentor[taken], minlength=self.problem.n_mentors)
        met = gains.mentees.used + np.bincount(self.mentee[taken], minlength=self.problem.n_mentees)
        people = int(gains.mentors.total(loads).sum()) + int(gains.mentees.total(met).sum())
        return mixture.fixed + int(mixture.gain[taken].sum()) + people

    def taken(self, pairs: NDArray[np.intp]) -> NDArray[np.intp]:
        """The free ones among some of the problem's pairs."""
        chosen = np.zeros(len(self.problem.mentor), bool)
        chosen[pairs] = True
        return np.flatnonzero(chosen[self.free])

    def pairs(self, taken: NDArray[np.intp]) -> NDArray[np.intp]:
        """Indices among the problem's pairs, the required ones with them."""
        return np.sort(np.concatenate([self.free[taken], self.required]))


def finer(problem: Problem, times: Mapping[str, int]) -> int:
    """How finely prices of a mixture can be told without numbers that are too large."""
    largest = max(int(np.abs(problem.weight).max(initial=1)), problem.unit) * times.get("total", 0)
    largest += 2 * sum(count for name, count in times.items() if name != "total")
    if problem.earlier is not None:
        largest += 2 * times.get("waited", 0) * longest_wait(problem.earlier)
        largest += times.get("total", 0) * problem.earlier.bonus
    # Prices of groups are no larger than what one pair can cost in charges, but for quotas.
    largest += 4 * charged(times) * swing(problem)
    people = problem.n_mentors + problem.n_mentees + 2
    return FINER if FINER * largest * people < LIMIT >> 3 else 1
