"""Re-proving one tier: the bound that the data and the prices alone prove (law §9).

Written apart from the solver, from the formula in :class:`pairmatch.problem.TierProof`: weak duality needs
nobody's word, only a sum over all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.bundling import Sets, best_sets
from pairmatch.checking.case import LARGEST, LOWEST, Case, Strip, exact_sum
from pairmatch.checking.gains import Gains
from pairmatch.problem import RESOLUTION, Found, Ints, Priced, TierProof

__all__ = ["Ledger"]


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
        self._gains = Gains(proof, case)
        # For a floor: above the bound, and above one unit less, which must not be provable.
        self._limits = (proof.verified_bound, proof.verified_bound - 1) if self.is_floor else (0,)
        # What pairs beat the prices by; with bundles, what the mentors' best sets are worth.
        self._over = [0] * len(self._limits)
        self._any = [False] * len(self._limits)
        self._raised = np.full(len(case.mentor_load), LOWEST)

    def add(self, strip: Strip) -> None:
        """Add a strip's pairs."""
        rows = slice(strip.start, strip.start + len(strip.weight))
        beyond = self._gains.of_strip(strip) - self.proof.mentee_prices
        reduced = beyond - self.proof.mentor_prices[rows, None]
        for k, limit in enumerate(self._limits):
            here = self._domain(strip, strip.usable, limit)
            if self.proof.bundles:
                self._over[k] += self._bundled(rows, beyond, here)
            else:
                self._over[k] += exact_sum(reduced[here & (reduced > 0)])
            self._any[k] = self._any[k] or bool(here.any())
        if self.proof.canonical:
            outside = np.where(self._domain(strip, strip.free, self._limits[0]), beyond, LOWEST)
            self._raised[rows] = outside.max(axis=1, initial=LOWEST)

    def _bundled(
        self, rows: slice, value: Ints, usable: NDArray[np.bool_], mentees: NDArray[Any] | slice = slice(None)
    ) -> int:
        """The best that some mentors can do, each alone."""
        loads, used = self.case.loads, self.case.used()[0][rows]
        places = np.maximum(loads.mentor_capacity[rows] - used, 0)
        load = used[:, None] + np.arange(int(places.max(initial=0)) + 1)
        gain = self._gains.of_load("mentors", load, rows)
        if loads.mentor_hours is None or loads.mentee_hours is None:
            return best_sets(Sets(value, usable, places, gain))
        left = loads.mentor_hours[rows] - self._required_hours()[rows]
        return best_sets(Sets(value, usable, places, gain, loads.mentee_hours[mentees], left))

    def _required_hours(self) -> Ints:
        """Hours that each mentor's required pairs take."""
        loads, spent = self.case.loads, np.zeros(len(self.case.mentor_load), np.int64)
        if loads.mentee_hours is not None:
            np.add.at(spent, loads.required[:, 0], loads.mentee_hours[loads.required[:, 1]])
        return spent

    @property
    def floors(self) -> list[int | None]:
        """For each limit, the least weight of the pairs that count; None for all."""
        return [limit + 1 for limit in self._limits] if self.is_floor else [self.floor]

    def priced(self, floor: int | None) -> Priced:
        """The proof's prices, as a sweep asks for them; without those of groups on pairs."""
        prices = self.proof.mentor_prices, self.proof.mentee_prices
        return Priced(*prices, self._gains.total, self._gains.pair, floor)

    def asked(self, floor: int | None) -> Iterator[tuple[Priced, Ints | None]]:
        """What to ask a sweep for, so that together all pairs that count are found: prices, and of whom.

        Prices of groups on pairs go to the mentees, for one kind of mentor after the other. For bundles
        every pair that could be of use beats the prices, and mentees of one length of pairs after the other
        are left at their prices, all others being out of reach.
        """
        plain, kinds = self.priced(floor), self._gains.mentor_classes()
        mentor_prices = -self._gains.steepest() if self.proof.bundles else plain.mentor_prices
        for kind in np.unique(kinds).tolist():
            among = np.flatnonzero(kinds == kind)
            mentee_prices = plain.mentee_prices + self._gains.taken_from(int(among[0]))
            barrier = self._out_of_reach(mentor_prices, mentee_prices)
            for reachable in self._lengths():
                prices = mentee_prices + np.where(reachable, 0, barrier)
                whole = len(among) == len(kinds)
                yield (
                    Priced(mentor_prices, prices, plain.total, plain.pair, floor),
                    None if whole else among,
                )

    def _out_of_reach(self, mentor_prices: Ints, mentee_prices: Ints) -> int:
        """What nobody's pair is worth beyond the prices."""
        worth = abs(self._gains.total) * RESOLUTION + abs(self._gains.pair)
        return worth - int(mentor_prices.min(initial=0)) - int(mentee_prices.min(initial=0))

    def _lengths(self) -> Iterator[NDArray[np.bool_]]:
        """Mentees by the hours of their pairs, where bundles within hours count; else all at once."""
        need = self.case.loads.mentee_hours
        if need is None or not self.proof.bundles:
            yield np.ones(len(self.case.mentee_load), bool)
            return
        for length in np.unique(need).tolist():
            yield need == length

    @property
    def most(self) -> int | None:
        """Pairs of each mentor that are enough for each question to a sweep; None where all count."""
        return max(1, int(self.case.loads.mentor_capacity.max(initial=1))) if self.proof.bundles else None

    def add_pairs(self, k: int, found: Found, *, some: bool) -> None:
        """Add all pairs that beat the prices, as a sweep listed them; ``some``: whether any pair counts."""
        if self.proof.bundles:
            self._over[k] += self._bundled_of(found)
        else:
            over = self._beyond(found) - self.proof.mentor_prices[found.mentor]
            self._over[k] += exact_sum(over[over > 0])
        self._any[k] = self._any[k] or some

    def _bundled_of(self, found: Found) -> int:
        """The best that all mentors can do with the pairs that were listed, strip by strip."""
        n, step, total = len(self.case.mentor_load), 256, 0
        value = self._beyond(found)
        for start in range(0, n, step):
            rows = slice(start, min(n, start + step))
            here = np.flatnonzero((found.mentor >= rows.start) & (found.mentor < rows.stop))
            columns, place = np.unique(found.mentee[here], return_inverse=True)
            shown = np.zeros((rows.stop - start, len(columns)), np.int64)
            usable = np.zeros(shown.shape, bool)
            shown[found.mentor[here] - start, place] = value[here]
            usable[found.mentor[here] - start, place] = True
            total += self._bundled(rows, shown, usable, columns)
        return total

    def hold_up(self, found: Found, free: NDArray[np.bool_]) -> None:
        """Take note of listed pairs that hold mentors' prices up: those that the matching does not hold."""
        np.maximum.at(self._raised, found.mentor[free], self._beyond(found)[free])

    def wanting(self) -> Ints:
        """Mentors whose price neither their load nor a pair that was listed explains."""
        p = self.proof.mentor_prices
        low = self._low_mentor()
        return np.flatnonzero((low != LOWEST) & (p > np.maximum(low, self._raised)))

    def _beyond(self, found: Found) -> Ints:
        gain = self._gains.of_pairs(found.weight, found.mentor, found.mentee)
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
        return (self._dual(0) - self._target()) // self.proof.scale == self.proof.verified_bound

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
        gain = self._gains.of_pairs(case.weights, case.chosen[:, 0], case.chosen[:, 1])
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
        mentors = 0 if self.proof.bundles else self._gains.best_loads("mentors", self.proof.mentor_prices)
        mentees = self._gains.best_loads("mentees", self.proof.mentee_prices)
        return self._over[k] + self._required() + mentors + mentees + self._gains.of_groups()

    def _required(self) -> int:
        """Required pairs are in every matching, whatever they are worth."""
        weight_of = dict(zip(map(tuple, self.case.chosen.tolist()), self.case.weights.tolist(), strict=True))
        mentor, mentee = self.case.loads.required.T
        pairs = zip(mentor.tolist(), mentee.tolist(), strict=True)
        weight = np.array([weight_of.get(pair, 0) for pair in pairs], np.int64)
        gain = self._gains.of_pairs(weight, mentor, mentee)
        return exact_sum(gain - self.proof.mentor_prices[mentor] - self.proof.mentee_prices[mentee])

    def _first_mentor(self) -> Ints:
        return self._gains.first("mentors")

    def _first_mentee(self) -> Ints:
        return self._gains.first("mentees")

    def _marginal(self, load: Ints, first: Ints, minimum: Ints) -> Ints:
        """Gain of a person's ``load``-th pair."""
        return np.where(load == 1, first, 0) + np.where(load <= minimum, self._gains.filled, 0)

    def _low(self, load: Ints, used: Ints, first: Ints, minimum: Ints) -> Ints:
        return np.where(load > used, -self._marginal(load, first, minimum), LOWEST)
