"""Re-proving one tier: the bound that the data and the prices alone prove (law §9).

Written apart from the solver, from the formula in :class:`pairmatch.problem.TierProof`: weak duality needs
nobody's word, only a sum over all pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import MINIMUMS, RESOLUTION, Found, Ints, Loads, Priced, TierProof

__all__ = ["Case", "Ledger", "Strip", "exact_sum", "sound"]

LARGEST = 2**60
"""Prices and gains beyond this could overflow the sums; no honest certificate comes near."""

LOWEST = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Case:
    """What all tiers of one matching share, in the certificate's order of people.

    Attributes
    ----------
    loads
        Capacities, minimums, required pairs.
    must_match
        Mentees whom the tier must_match counts.
    mentor_load, mentee_load
        Pairs of each person in the matching.
    chosen
        The matching's pairs, ``(n, 2)`` places.
    weights
        Their weights in units.
    values
        Value of each tier; the minimums' is their number of places.
    """

    loads: Loads
    must_match: NDArray[np.bool_]
    mentor_load: Ints
    mentee_load: Ints
    chosen: Ints
    weights: Ints
    values: Mapping[str, int]

    def used(self) -> tuple[Ints, Ints]:
        """Required pairs of each person."""
        required = self.loads.required
        return (
            np.bincount(required[:, 0], minlength=len(self.mentor_load)).astype(np.int64),
            np.bincount(required[:, 1], minlength=len(self.mentee_load)).astype(np.int64),
        )


@dataclass(frozen=True)
class Strip:
    """Some mentors against all mentees.

    Attributes
    ----------
    start
        First mentor.
    weight
        int64, in units.
    usable
        Pairs that are allowed, with a place left beside the required pairs, and not required themselves.
    free
        The usable pairs that the matching does not hold.
    reach
        The largest total that the mentee can have with the pair.
    """

    start: int
    weight: Ints
    usable: NDArray[np.bool_]
    free: NDArray[np.bool_]
    reach: Ints


def sound(proof: TierProof, case: Case, earlier: Sequence[str]) -> bool:
    """Whether a proof has the right shape, speaks of earlier tiers only, and cannot overflow."""
    shapes = (proof.mentor_prices.shape, proof.mentee_prices.shape)
    if shapes != ((len(case.mentor_load),), (len(case.mentee_load),)):
        return False
    if not set(proof.multipliers) <= {*earlier, MINIMUMS} - {proof.tier}:
        return False
    sizes = [abs(times) * RESOLUTION for times in proof.multipliers.values()]
    sizes += [
        int(np.abs(prices.astype(object)).max(initial=0))
        for prices in (proof.mentor_prices, proof.mentee_prices)
    ]
    return max(sizes, default=0) < LARGEST


class Ledger:
    """Adds up one tier's bound strip by strip.

    Parameters
    ----------
    proof
        The claim.
    case
        What the tiers share.
    floor
        Pairs whose reach is below it were taken away by an earlier tier; None where none were.
    """

    def __init__(self, proof: TierProof, case: Case, floor: int | None) -> None:
        self.proof, self.case, self.floor = proof, case, floor
        self.is_floor = proof.tier in ("worst", "leximin")
        times = {**proof.multipliers} if self.is_floor else {**proof.multipliers, proof.tier: 1}
        self._times = {
            tier: times.get(tier, 0) for tier in ("total", "pairs", "mentors", "mentees", "must_match")
        }
        self._filled = times.get(MINIMUMS, 0)
        # For a floor: above the bound, and above one unit less, which must not be provable.
        self._limits = (proof.verified_bound, proof.verified_bound - 1) if self.is_floor else (0,)
        self._over = [0] * len(self._limits)
        self._any = [False] * len(self._limits)
        self._raised = np.full(len(case.mentor_load), LOWEST)

    def add(self, strip: Strip) -> None:
        """Add a strip's pairs."""
        gain = strip.weight * np.int64(self._times["total"]) + np.int64(self._times["pairs"])
        rows = slice(strip.start, strip.start + len(gain))
        beyond = gain - self.proof.mentee_prices
        reduced = beyond - self.proof.mentor_prices[rows, None]
        for k, limit in enumerate(self._limits):
            here = self._domain(strip, strip.usable, limit)
            self._over[k] += exact_sum(reduced[here & (reduced > 0)])
            self._any[k] = self._any[k] or bool(here.any())
        if self.proof.canonical:
            outside = np.where(self._domain(strip, strip.free, self._limits[0]), beyond, LOWEST)
            self._raised[rows] = outside.max(axis=1, initial=LOWEST)

    @property
    def floors(self) -> list[int | None]:
        """For each limit, the least weight of the pairs that count; None for all."""
        return [limit + 1 for limit in self._limits] if self.is_floor else [self.floor]

    def priced(self, floor: int | None) -> Priced:
        """The proof's prices, as a sweep asks for them."""
        prices = self.proof.mentor_prices, self.proof.mentee_prices
        return Priced(*prices, self._times["total"], self._times["pairs"], floor)

    def add_pairs(self, k: int, found: Found, *, some: bool) -> None:
        """Add all pairs that beat the prices, as a sweep listed them; ``some``: whether any pair counts."""
        self._over[k] += exact_sum(self._beyond(found) - self.proof.mentor_prices[found.mentor])
        self._any[k] = self._any[k] or some

    def hold_up(self, found: Found, free: NDArray[np.bool_]) -> None:
        """Take note of listed pairs that hold mentors' prices up: those that the matching does not hold."""
        np.maximum.at(self._raised, found.mentor[free], self._beyond(found)[free])

    def wanting(self) -> Ints:
        """Mentors whose price neither their load nor a pair that was listed explains."""
        p = self.proof.mentor_prices
        low = self._low_mentor()
        return np.flatnonzero((low != LOWEST) & (p > np.maximum(low, self._raised)))

    def _beyond(self, found: Found) -> Ints:
        gain = found.weight * np.int64(self._times["total"]) + np.int64(self._times["pairs"])
        return np.asarray(gain - self.proof.mentee_prices[found.mentee])

    def _low_mentor(self) -> Ints:
        """The price below which each mentor would carry fewer pairs."""
        used, minimum = self.case.used()[0], self.case.loads.mentor_minimum
        return self._low(self.case.mentor_load, used, self._first_mentor(), minimum)

    def holds(self, required_reach: int) -> bool:
        """Whether the prices prove what is claimed: this bound, and no other.

        Parameters
        ----------
        required_reach
            Smallest reach of a required pair; a number above all where none is required.
        """
        if self.is_floor:
            proven = [self._capped(k, limit, required_reach) for k, limit in enumerate(self._limits)]
            return proven == [True, False] or (proven[0] and self._is_loose())
        return self._dual(0) - self._target() == self.proof.verified_bound

    def _is_loose(self) -> bool:
        """Whether this is a floor for which no time was left: no prices, and no claim to be tight."""
        proof = self.proof
        silent = not proof.multipliers and not proof.mentor_prices.any() and not proof.mentee_prices.any()
        return proof.kind == "search" and silent

    def _capped(self, k: int, limit: int, required_reach: int) -> bool:
        """Whether no matching that keeps the earlier tiers can have everybody above a limit."""
        # Where nothing may be chosen and nothing is required nobody is matched, and the worst is 0.
        empty = not self._any[k] and limit >= 0 and required_reach > LARGEST
        return required_reach <= limit or empty or self._dual(k) < self._target()

    def is_least(self) -> bool:
        """Whether the prices are the least ones, so that none can be altered unseen."""
        p, q = self.proof.mentor_prices, -self.proof.mentee_prices
        loads, case = self.case.loads, self.case
        low_p = self._low_mentor()
        high_p = -self._marginal(case.mentor_load + 1, self._first_mentor(), loads.mentor_minimum)
        unbound = np.where(case.mentor_load < loads.mentor_capacity, high_p, 0)
        # Nothing holds a price from below where no free pair was chosen: it is the highest one then.
        expected_p = np.where(low_p == LOWEST, unbound, np.maximum(low_p, self._raised))
        can_grow = case.mentee_load < loads.mentee_capacity
        grown = self._marginal(case.mentee_load + 1, self._first_mentee(), loads.mentee_minimum)
        expected_q = np.where(can_grow, grown, LOWEST)
        np.maximum.at(expected_q, case.chosen[:, 1], self._from_chosen(p))
        expected_q = np.where(expected_q == LOWEST, 0, expected_q)
        return bool((p == expected_p).all() and (q == expected_q).all())

    def _from_chosen(self, p: Ints) -> Ints:
        """Limit that each chosen pair puts on its mentee; none where the pair is required."""
        case = self.case
        gain = case.weights * np.int64(self._times["total"]) + np.int64(self._times["pairs"])
        required = {(int(i), int(j)) for i, j in case.loads.required}
        fixed = np.array([(int(i), int(j)) in required for i, j in case.chosen], bool)
        return np.where(fixed, LOWEST, p[case.chosen[:, 0]] - gain)

    def _domain(self, strip: Strip, pairs: NDArray[np.bool_], limit: int) -> NDArray[np.bool_]:
        if self.is_floor:
            return pairs & (strip.reach > limit)
        return pairs if self.floor is None else pairs & (strip.reach >= self.floor)

    def _target(self) -> int:
        return sum(times * self.case.values[tier] for tier, times in self.proof.multipliers.items())

    def _dual(self, k: int) -> int:
        """The bound of weak duality, in Python's integers."""
        case, loads = self.case, self.case.loads
        used_mentor, used_mentee = case.used()
        mentors = self._best(
            self.proof.mentor_prices,
            self._first_mentor(),
            loads.mentor_minimum,
            used_mentor,
            loads.mentor_capacity,
        )
        mentees = self._best(
            self.proof.mentee_prices,
            self._first_mentee(),
            loads.mentee_minimum,
            used_mentee,
            loads.mentee_capacity,
        )
        return self._over[k] + self._required() + mentors + mentees

    def _required(self) -> int:
        weight_of = {
            (int(i), int(j)): int(w) for (i, j), w in zip(self.case.chosen, self.case.weights, strict=True)
        }
        u, v = self.proof.mentor_prices, self.proof.mentee_prices
        return sum(
            self._times["total"] * weight_of.get((i, j), 0) + self._times["pairs"] - int(u[i]) - int(v[j])
            for i, j in self.case.loads.required.tolist()
        )

    def _best(self, price: Ints, first: Ints, minimum: Ints, least: Ints, most: Ints) -> int:
        """Sum over people of the best ``gain(load) + price * load``."""
        exact = price.astype(object)
        best = None
        for corner in (least, np.ones_like(least), minimum, most):
            load = np.clip(corner, least, most)
            value = (
                np.where(load >= 1, first, 0)
                + self._filled * np.minimum(load, minimum).astype(object)
                + exact * load
            )
            best = value if best is None else np.maximum(best, value)
        return int(sum(best)) if best is not None else 0

    def _first_mentor(self) -> Ints:
        return np.full(len(self.case.mentor_load), self._times["mentors"], np.int64)

    def _first_mentee(self) -> Ints:
        return self._times["mentees"] + self._times["must_match"] * self.case.must_match.astype(np.int64)

    def _marginal(self, load: Ints, first: Ints, minimum: Ints) -> Ints:
        """Gain of a person's ``load``-th pair."""
        return np.where(load == 1, first, 0) + np.where(load <= minimum, self._filled, 0)

    def _low(self, load: Ints, used: Ints, first: Ints, minimum: Ints) -> Ints:
        return np.where(load > used, -self._marginal(load, first, minimum), LOWEST)


def exact_sum(values: Ints) -> int:
    """Sum of int64 values that may overflow int64 together."""
    return (int((values >> 31).sum()) << 31) + int((values & 0x7FFFFFFF).sum())
