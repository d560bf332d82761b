"""The linear tiers as integer gains: on pairs, on a person's first pair, on filled minimum places.

Any weighted mixture of must_match, mentees, mentors, pairs and total, and of the hard minimums
as the tier before all others, is a concave gain per person plus a gain per pair. That is what a
min-cost flow can maximise, and what prices can prove.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pairmatch.earlier import Earlier
from pairmatch.errors import CallError, Finding, SolverError
from pairmatch.groups import Cross
from pairmatch.problem import MINIMUMS, REMATCH_TIERS, Ints, Problem
from pairmatch.solver.groups.counts import charged, charges, grain, swing

LIMIT = 2**60
"""Products of gains and people stay below this, so that int64 sums never overflow."""


@dataclass(frozen=True)
class SideGains:
    """The gain of a load per person: ``first`` for the first pair, ``filled`` per minimum place.

    ``used`` counts a person's required pairs: their load never falls below it. ``beyond`` holds loads
    and what each pair beyond them costs.
    """

    capacity: Ints
    minimum: Ints
    first: Ints
    filled: int
    used: Ints
    beyond: tuple[tuple[Ints, int], ...] = ()

    def marginal(self, load: Ints) -> Ints:
        """Gain of each person's ``load``-th pair (loads count from 1), never more than of the one before.

        Where the first pair costs more than the next ones bring, gains that no load's exceed stand in.
        """
        gain = np.asarray(self.first * (load == 1) + self.filled * (load <= self.minimum))
        for even, price in self.beyond:
            gain = gain - price * (load > even)
        hull, slope = self.hull
        return np.where(load <= hull, slope, gain) if hull.any() else gain

    def total(self, load: Ints) -> Ints:
        """Gain of carrying ``load`` pairs."""
        gain = np.asarray(self.first * (load >= 1) + self.filled * np.minimum(load, self.minimum))
        for even, price in self.beyond:
            gain = gain - price * np.maximum(load - even, 0)
        return gain

    @cached_property
    def hull(self) -> tuple[Ints, Ints]:
        """Up to which load, and how steeply, the least concave gain above a person's rises from nothing.

        The load is 0 for everybody whose gains are concave as they are.
        """
        bent = (self.first < 0) & (self.used == 0) & (self.capacity > 1)
        load, slope = np.zeros_like(self.used), np.full_like(self.used, -(2**62))
        for corner in self._corners() if bent.any() else []:
            at = np.maximum(corner, 1)
            steep = -(-self.total(at) // at)
            better = bent & ((steep > slope) | ((steep == slope) & (at > load)))
            load, slope = np.where(better, at, load), np.where(better, steep, slope)
        return load, slope

    def breaks(self) -> list[Ints]:
        """Loads after which the gain of a pair may change, ascending for everybody."""
        hull, _ = self.hull
        return list(np.sort([*self._corners(), np.clip(hull, self.used, self.capacity)], axis=0))

    def best(self, price: Ints) -> Ints:
        """``max_L total(L) + price * L`` over the loads a person may carry."""
        values = [self.total(load) + price * load for load in self._corners()]
        return np.asarray(np.maximum.reduce(values))

    def best_loads(self, price: Ints) -> tuple[Ints, Ints]:
        """Least and largest load that attain :meth:`best`."""
        best = self.best(price)
        least, most = self.capacity.copy(), self.used.copy()
        for load in self._corners():
            hit = self.total(load) + price * load == best
            least = np.where(hit, np.minimum(least, load), least)
            most = np.where(hit, np.maximum(most, load), most)
        return least, most

    def _corners(self) -> list[Ints]:
        corners = [self.used, np.ones_like(self.used), self.minimum, self.capacity]
        corners += [even for even, _ in self.beyond]
        return [np.clip(corner, self.used, self.capacity) for corner in corners]


@dataclass(frozen=True)
class Gains:
    """A mixture of tiers, ready for the flow and for the prices."""

    pair: Ints
    mentors: SideGains
    mentees: SideGains


def combine(problem: Problem, multipliers: Mapping[str, int], group_prices: Ints | None = None) -> Gains:
    """Gains of the mixture that counts each tier with its multiplier.

    Parameters
    ----------
    problem, multipliers
        The problem and the mixture.
    group_prices
        What one more in the count of each of the problem's groups costs; None for nothing.
    """
    times = {name: multipliers.get(name, 0) for name in (*_LINEAR, MINIMUMS)}
    _refuse_overflow(problem, times, group_prices)
    first_mentee = times["mentees"] + times["must_match"] * problem.must_match.astype(np.int64)
    first_mentor = np.full(problem.n_mentors, times["mentors"], np.int64)
    pair = pair_gains(problem.weight, times)
    if problem.earlier is not None:
        earlier, waited = problem.earlier, times["waited"]
        pair = pair + earlier.gains(problem.mentor, problem.mentee, times)
        first_mentor = first_mentor + waited * earlier.mentors_waited
        first_mentee = first_mentee + waited * earlier.mentees_waited
    for group, price in zip(problem.groups, [] if group_prices is None else group_prices, strict=False):
        if price and group.mentors is not None:
            first_mentor = first_mentor - price * group.mentors
        if price and group.mentees is not None:
            first_mentee = first_mentee - price * group.mentees
        if price and group.pairs is not None:
            pair = pair - price * _cells(group.pairs, problem)
    firsts = (first_mentor, first_mentee)
    return Gains(pair, *(_side(problem, side, firsts[side], times) for side in (0, 1)))


def _cells(cross: Cross, problem: Problem) -> Ints:
    return cross.of(problem.mentor, problem.mentee)


def _side(problem: Problem, side: int, first: Ints, times: Mapping[str, int]) -> SideGains:
    loads, name = problem.loads, ("mentors", "mentees")[side]
    capacity, minimum = (
        (loads.mentor_capacity, loads.mentor_minimum),
        (loads.mentee_capacity, loads.mentee_minimum),
    )[side]
    often = charged(times)
    beyond = tuple((even.load, often * even.price) for even in problem.evens if often and even.side == name)
    return SideGains(capacity, minimum, first, times[MINIMUMS], used(problem)[side], beyond)


_LINEAR = (*REMATCH_TIERS, "must_match", "mentees", "mentors", "pairs", "spread", "total")


def pair_gains(weight: Ints, times: Mapping[str, int]) -> Ints:
    """Gain of each pair under the mixture."""
    total, pairs = times.get("total", 0), times.get("pairs", 0)
    if total == 1 and pairs == 0:
        return weight
    return weight * np.int64(total) + np.int64(pairs)


def used(problem: Problem) -> tuple[Ints, Ints]:
    """How many required pairs each mentor and each mentee has."""
    required = problem.loads.required
    return (
        np.bincount(required[:, 0], minlength=problem.n_mentors).astype(np.int64),
        np.bincount(required[:, 1], minlength=problem.n_mentees).astype(np.int64),
    )


def tier_value(problem: Problem, tier: str, pairs: NDArray[np.intp]) -> int:
    """Value of a linear tier for the chosen pairs (indices into the problem's pairs)."""
    if problem.earlier is not None and tier in (*REMATCH_TIERS, "total"):
        return _revised_value(problem, problem.earlier, tier, pairs)
    if tier in REMATCH_TIERS:
        return 0
    mentee_load = np.bincount(problem.mentee[pairs], minlength=problem.n_mentees)
    mentor_load = np.bincount(problem.mentor[pairs], minlength=problem.n_mentors)
    if tier == "total":
        return int(problem.weight[pairs].sum()) - charges(problem, pairs)
    if tier == "spread":
        return -charges(problem, pairs)
    if tier == "pairs":
        return len(pairs)
    if tier == "mentees":
        return int((mentee_load > 0).sum())
    if tier == "must_match":
        return int(((mentee_load > 0) & problem.must_match).sum())
    if tier == "mentors":
        return int((mentor_load > 0).sum())
    if tier == MINIMUMS:
        loads = problem.loads
        filled = (
            np.minimum(mentor_load, loads.mentor_minimum).sum()
            + np.minimum(mentee_load, loads.mentee_minimum).sum()
        )
        return int(filled)
    raise SolverError(f"'{tier}' is not a linear tier")


def _revised_value(problem: Problem, earlier: Earlier, tier: str, pairs: NDArray[np.intp]) -> int:
    """Value of a tier that knows of an earlier matching."""
    chosen = problem.mentor[pairs], problem.mentee[pairs]
    if tier in REMATCH_TIERS:
        return earlier.value(tier, *chosen)
    bonus = earlier.bonus * earlier.kept(*chosen) if earlier.bonus else 0
    return int(problem.weight[pairs].sum()) + bonus - charges(problem, pairs)


def mixed_value(problem: Problem, multipliers: Mapping[str, int], pairs: NDArray[np.intp]) -> int:
    """Value of a mixture for the chosen pairs."""
    return sum(times * tier_value(problem, tier, pairs) for tier, times in multipliers.items() if times)


def places(problem: Problem) -> int:
    """Places of the hard minimums, on both sides."""
    return int(problem.loads.mentor_minimum.sum() + problem.loads.mentee_minimum.sum())


def first_guess(problem: Problem, tiers: Sequence[str], worth: int = 4) -> dict[str, int]:
    """Multipliers that usually separate the tiers; the proofs, not this guess, decide.

    One unit of a tier counts ``worth`` times the largest single step of all tiers after it.
    """
    cost = swing(problem)
    steps = {"total": int(np.abs(problem.weight).max(initial=1)) + cost, "spread": max(cost, 1)}
    if problem.earlier is not None:
        steps["total"] += problem.earlier.bonus
        steps["waited"] = longest_wait(problem.earlier)
    grains = {"spread": grain(problem)}
    multipliers: dict[str, int] = {}
    below = 0
    for tier in reversed(tiers):
        multipliers[tier] = -(-worth * below // grains.get(tier, 1)) if below else 1
        below += multipliers[tier] * steps.get(tier, 1)
    return multipliers


def longest_wait(earlier: Earlier) -> int:
    """The most that one pair can add to the rounds waited; at least 1."""
    waits = earlier.mentors_waited.max(initial=0), earlier.mentees_waited.max(initial=0)
    return max(1, int(sum(waits)))


def _refuse_overflow(problem: Problem, times: Mapping[str, int], prices: Ints | None) -> None:
    largest = int(np.abs(problem.weight).max(initial=0)) * times["total"] + times["pairs"]
    largest += times["mentees"] + times["must_match"] + times["mentors"] + 2 * times[MINIMUMS]
    if problem.earlier is not None:
        largest += times["held"] + times["kept"] + times["waited"] * longest_wait(problem.earlier)
        largest += times["total"] * problem.earlier.bonus
    largest += charged(times) * swing(problem) + (0 if prices is None else int(np.abs(prices).sum()))
    people = problem.n_mentors + problem.n_mentees + 2
    if largest * people >= LIMIT:
        hint = "need numbers beyond 64 bits for these tiers; use a coarser resolution or fewer tiers"
        raise CallError([Finding("bad_argument", hint, column="weights")])
