"""What pairs and loads are worth in one tier's proof: the tier's own gains, and the earlier ones' multiplied.

The letters are those of :class:`pairmatch.problem.TierProof`: ``c`` of pairs, ``g`` and ``h`` of loads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.case import Case, Strip, dearest
from pairmatch.groups import Cross, Group, Some
from pairmatch.problem import MINIMUMS, Ints, TierProof

__all__ = ["Gains", "Side"]

Side = Literal["mentors", "mentees"]

Objects = NDArray[Any]


class Gains:
    """The gains of one proof.

    Parameters
    ----------
    proof
        The claim.
    case
        What the tiers share.

    Attributes
    ----------
    total, pair
        Worth of a unit of weight, and of any pair.
    filled
        Worth of one place of a hard minimum.
    """

    def __init__(self, proof: TierProof, case: Case) -> None:
        own = {} if proof.tier in ("worst", "leximin") else {proof.tier: proof.scale}
        times = {**proof.multipliers, **own}
        self._case, self._times = case, times
        self.total, self.pair = times.get("total", 0), times.get("pairs", 0)
        self.filled = times.get(MINIMUMS, 0)
        self._charged = self.total + times.get("spread", 0)
        # No prices at all means that all of them are 0.
        self._mu: list[int] = proof.group_prices.tolist() or [0] * len(case.groups)
        self._coach_prices = proof.coach_prices
        self._crosses = _priced_crosses(self._mu, case.groups)

    # -- pairs -------------------------------------------------------------------------------

    def of_pairs(self, weight: Ints, mentor: Some, mentee: Some) -> Ints:
        """What listed pairs are worth."""
        gain, running = self._fresh(weight, mentor, mentee), self._case.running
        if running is not None:
            row = running.rows(mentor, mentee)
            there = np.flatnonzero(row >= 0)
            gain[there] += self.of_running()[row[there]]
        return gain

    def of_strip(self, strip: Strip) -> Ints:
        """What the pairs of a strip are worth."""
        start, (height, width) = strip.start, strip.weight.shape
        places = np.arange(start, start + height)[:, None], np.arange(width)[None]
        gain, running = self._fresh(strip.weight, *places), self._case.running
        if running is not None:
            first, last = np.searchsorted(running.pairs[:, 0], (start, start + height))
            mentor, mentee = running.pairs[first:last].T
            gain[mentor - start, mentee] += self.of_running()[first:last]
        return gain

    def of_running(self) -> Ints:
        """What each running pair is worth beside what any pair like it would be."""
        running = self._case.running
        if running is None:
            return np.empty(0, np.int64)
        kept = self._times.get("kept", 0) + self.total * running.bonus
        return np.int64(kept) + np.int64(self._times.get("held", 0)) * running.held

    def _fresh(self, weight: Ints, mentor: Some, mentee: Some) -> Ints:
        """What pairs are worth that do not run yet; positions spread over the weights."""
        gain = weight * np.int64(self.total) + np.int64(self.pair)
        gain = gain - self._crossed(mentor, mentee)
        return np.array(gain + self._coached(mentor, mentee), np.int64)

    def _crossed(self, mentor: Some, mentee: Some) -> Any:
        """What the prices of groups take from pairs."""
        taken: Any = np.int64(0)
        for cross in self._crosses:
            taken = taken + cross.of(mentor, mentee)
        return taken

    def _coached(self, mentor: Some, mentee: Some) -> Any:
        """What the best coach of each pair adds beyond the coach's price; 0 where none does."""
        coaching = self._case.coaching
        best: Any = np.int64(0)
        if coaching is None:
            return best
        prices = self._coach_prices.tolist() or [0] * len(coaching.capacity)
        for coach, price in enumerate(prices):
            suits = coaching.mentor_allowed[mentor, coach] & coaching.mentee_allowed[mentee, coach]
            score = coaching.mentor_score[mentor, coach] + coaching.mentee_score[mentee, coach]
            gain = np.int64(self._times.get("coached", 0) - price) + np.int64(self.total) * score
            best = np.maximum(best, np.where(suits, gain, 0))
        return best

    def mentor_classes(self) -> NDArray[np.intp]:
        """A number for each mentor; those of one number are alike for all prices on pairs."""
        if not self._crosses:
            return np.zeros(len(self._case.mentor_load), np.intp)
        classes = np.stack([cross.mentor for cross in self._crosses], axis=1)
        return np.unique(classes, axis=0, return_inverse=True)[1].ravel()

    def taken_from(self, mentor: int) -> Ints:
        """What the prices of groups take from a mentor's pair with each mentee."""
        n = len(self._case.mentee_load)
        return np.broadcast_to(self._crossed(np.full(n, mentor), np.arange(n)), n).astype(np.int64)

    # -- loads -------------------------------------------------------------------------------

    def first(self, side: Side) -> Ints:
        """What each person's first pair is worth, less what it adds to the priced groups."""
        if side == "mentors":
            first = np.full(len(self._case.mentor_load), self._times.get("mentors", 0), np.int64)
        else:
            mandated = self._case.must_match.astype(np.int64)
            first = self._times.get("mentees", 0) + self._times.get("must_match", 0) * mandated
        if self._case.running is not None:
            waited = self._case.running.waited[0 if side == "mentors" else 1]
            first = first + np.int64(self._times.get("waited", 0)) * waited
        for price, group in zip(self._mu, self._case.groups, strict=True):
            own = group.mentors if side == "mentors" else group.mentees
            if price and own is not None:
                first = first - np.int64(price) * own
        return first

    def of_load(self, side: Side, load: Any, rows: Any = slice(None)) -> Objects:
        """What people's loads are worth, in Python's integers: a load each, or a row of loads each."""
        wide = (slice(None), None) if np.ndim(load) == 2 else slice(None)
        minimum = self._side(side)[2][rows][wide]
        first = self.first(side)[rows][wide].astype(object)
        worth = np.where(load >= 1, first, 0) + self.filled * np.minimum(load, minimum).astype(object)
        for even in self._case.evens:
            if even.side == side and self._charged:
                beyond = np.maximum(load - even.load[rows][wide], 0).astype(object)
                worth = worth - self._charged * even.price * beyond
        return np.asarray(worth)

    def best_loads(self, side: Side, price: Ints) -> int:
        """Sum over people of the best ``gain(load) + price * load``."""
        least, most, minimum = self._side(side)
        bends = [even.load for even in self._case.evens if even.side == side]
        best = None
        for corner in (least, np.ones_like(least), minimum, *bends, most):
            load = np.clip(corner, least, most)
            value = self.of_load(side, load) + price.astype(object) * load
            best = value if best is None else np.maximum(best, value)
        return int(sum(best)) if best is not None else 0

    def steepest(self) -> Ints:
        """The most that one more pair can be worth to each mentor, beside the pair itself."""
        evens = [even for even in self._case.evens if even.side == "mentors"]
        bend = sum(abs(self._charged) * even.price for even in evens)
        return np.maximum(self.first("mentors"), 0) + abs(self.filled) + bend

    def _side(self, side: Side) -> tuple[Ints, Ints, Ints]:
        """Required pairs, capacity and minimum of each person of a side."""
        loads, used = self._case.loads, self._case.used()
        if side == "mentors":
            return used[0], loads.mentor_capacity, loads.mentor_minimum
        return used[1], loads.mentee_capacity, loads.mentee_minimum

    # -- groups and coaches ------------------------------------------------------------------

    def of_groups(self) -> int:
        """The largest worth of all counts, and the places of all coaches at their prices."""
        loads = self._case.loads
        priced = zip(self._mu, self._case.groups, strict=True)
        worth = 0
        for price, group in priced:
            worth += dearest(group, price, self._charged, loads)
        coaching = self._case.coaching
        if coaching is None:
            return worth
        places = zip(coaching.capacity.tolist(), self._coach_prices.tolist(), strict=False)
        return worth + int(sum(capacity * price for capacity, price in places))


def _priced_crosses(prices: Sequence[int], groups: Sequence[Group]) -> list[Cross]:
    """What groups take from pairs; groups over the same classes, as those of one goal, in one table."""
    tables: dict[tuple[bytes, bytes, tuple[int, ...]], Cross] = {}
    for price, group in zip(prices, groups, strict=True):
        cross = group.pairs
        if price and cross is not None:
            key = cross.mentor.tobytes(), cross.mentee.tobytes(), cross.cells.shape
            worth = np.int64(price) * cross.cells
            before = tables.get(key)
            tables[key] = replace(cross, cells=worth if before is None else before.cells + worth)
    return list(tables.values())
