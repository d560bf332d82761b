"""First prices on groups, from a softened problem that needs no flow.

Where everybody spreads over their pairs a little, as if gains were known only roughly, the bound by prices is
a smooth function of the prices of mentees and groups alone, whose least value a descent finds in some dozens
of passes over the pairs. The less rough, the nearer are the groups' prices to the best ones; what remains
is for flows and a small linear programme to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Group, span
from pairmatch.problem import Ints, Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.gains import combine
from pairmatch.solver.groups.counts import charged
from pairmatch.solver.groups.slopes import Descent

Reals = NDArray[np.float64]

ROUGHNESS = ((0.05, 80), (0.015, 80), (0.005, 80), (0.0015, 80), (0.0005, 80))
"""How roughly gains are known, in shares of the largest weight, and steps of the descent for each."""


def soft_prices(problem: Problem, times: Mapping[str, int], unit: int, clock: Clock) -> Ints:
    """A price of each group, near the best ones.

    Parameters
    ----------
    problem, times
        The problem and the mixture.
    unit
        What a pair is worth, about, in the mixture's last tier.
    clock
        Once its time is up, what was found so far.
    """
    soft = Softened(problem, times, unit)
    at = np.zeros(problem.n_mentees + len(problem.groups))
    for rough, steps in ROUGHNESS:
        at = Descent(soft.value(rough), steps, lambda: clock.over).run(at)
    prices = soft.prices(at) * unit
    return np.rint(np.clip(prices, *ranges(problem, times))).astype(np.int64)


def ranges(problem: Problem, times: Mapping[str, int]) -> tuple[Reals, Reals]:
    """Between which prices each group's best one lies: one short costs no more, where nothing must be."""
    often = charged(times)
    low = [
        -np.inf if g.least is not None else -often * g.price * (g.target is not None) for g in problem.groups
    ]
    high = [np.inf if g.most is not None else often * g.price * (g.limit is not None) for g in problem.groups]
    return np.array(low, float), np.array(high, float)


@dataclass(frozen=True)
class Corners:
    """Counts at which the cost of a group bends, and the cost there."""

    at: Reals
    cost: Reals
    width: float

    @classmethod
    def of(cls, group: Group, problem: Problem, often: int, unit: int) -> Corners:
        """A group's corners within what its count can be and must be."""
        low, high = span(group, problem.loads)
        low = low if group.least is None else max(low, group.least)
        high = high if group.most is None else min(high, group.most)
        bends = {low, high, *(b for b in (group.target, group.limit) if b is not None and low < b < high)}
        at = sorted(bends)
        cost = [often * group.price * group.short(count) / unit for count in at]
        return cls(np.array(at, float), np.array(cost), max(1.0, float(high - low)))

    def soft(self, price: float, rough: float) -> tuple[float, float]:
        """The largest ``price * count - cost``, softened, and the count that it is at."""
        softness = rough * self.width / 100
        values = (price * self.at - self.cost) / softness
        top = values.max()
        shares = np.exp(values - top)
        total = shares.sum()
        return softness * (top + float(np.log(total))), float((shares * self.at).sum() / total)


class Softened:
    """The bound by prices of mentees and groups, softened, with its slopes.

    Parameters
    ----------
    problem, times, unit
        As for :func:`soft_prices`.
    """

    def __init__(self, problem: Problem, times: Mapping[str, int], unit: int) -> None:
        gains = combine(problem, times)
        # Of who may have several pairs, each pair counts for a part of the person.
        parts = [1 / np.maximum(side.capacity, 1) for side in (gains.mentors, gains.mentees)]
        first = (gains.mentors.first * parts[0])[problem.mentor] + (gains.mentees.first * parts[1])[
            problem.mentee
        ]
        self._gain = ((gains.pair + first) / unit).astype(np.float32)
        self._mentor, self._mentee = problem.mentor, problem.mentee
        self._places = problem.loads.mentor_capacity.astype(float)
        self._wanted = problem.loads.mentee_capacity.astype(float)
        rows = np.searchsorted(problem.mentor, np.arange(problem.n_mentors + 1))
        self._has = np.flatnonzero(np.diff(rows))
        self._starts = rows[self._has]
        self._of_mentor, self._of_mentee, self._of_pair = coefficients(problem)
        self._of_mentor = self._of_mentor.multiply(parts[0][:, None]).tocsr()
        self._of_mentee = self._of_mentee.multiply(parts[1][:, None]).tocsr()
        often = charged(times)
        self._corners = [Corners.of(group, problem, often, unit) for group in problem.groups]
        self._scale = np.array([1 / np.sqrt(max(1.0, np.abs(c.at).max())) for c in self._corners])

    def prices(self, at: Reals) -> Reals:
        """The groups' prices at a point of the descent, in units of its gains."""
        return np.asarray(at[len(self._wanted) :] * self._scale)

    def value(self, rough: float) -> Callable[[Reals], tuple[float, Reals]]:
        """The softened bound and its slopes, as a function of all prices."""
        return lambda at: self._value(at, rough)

    def _value(self, at: Reals, rough: float) -> tuple[float, Reals]:
        of_mentees, of_groups = at[: len(self._wanted)], self.prices(at)
        taken, mentors_on, mentors_worth = self._shares(of_mentees, of_groups, rough)
        load = np.bincount(self._mentee, taken, minlength=len(of_mentees))
        free, mentees_worth = _softly_above_zero(of_mentees, rough)
        value = float(mentors_worth.sum() + (self._wanted * mentees_worth).sum())
        slope_mentees = self._wanted * free - load
        counts = self._of_mentor.T @ mentors_on + self._of_mentee.T @ load
        if self._of_pair.nnz:
            counts += self._of_pair.T @ taken
        softened = [corner.soft(price, rough) for corner, price in zip(self._corners, of_groups, strict=True)]
        value += sum(worth for worth, _ in softened)
        slopes = (np.array([count for _, count in softened]) - counts) * self._scale
        return value, np.concatenate([slope_mentees, slopes])

    def _shares(self, of_mentees: Reals, of_groups: Reals, rough: float) -> tuple[Reals, Reals, Reals]:
        """How much of each pair is taken; each mentor's load, and what it is worth."""
        of_mentee = (of_mentees + self._of_mentee @ of_groups).astype(np.float32)
        gain = self._gain - of_mentee[self._mentee]
        gain -= (self._of_mentor @ of_groups).astype(np.float32)[self._mentor]
        if self._of_pair.nnz:
            gain -= (self._of_pair @ of_groups).astype(np.float32)
        top = np.zeros(len(self._places), np.float32)
        top[self._has] = np.maximum(np.maximum.reduceat(gain, self._starts), 0) if len(gain) else 0
        gain -= top[self._mentor]
        gain *= np.float32(1 / rough)
        share = np.exp(gain, out=gain)
        none = np.exp(-top.astype(float) / rough)
        total = none.copy()
        if len(share):
            total[self._has] += np.add.reduceat(share, self._starts)
        worth = self._places * (top + rough * np.log(total))
        share *= (self._places / total).astype(np.float32)[self._mentor]
        return share, self._places * (1 - none / total), worth


def coefficients(problem: Problem) -> tuple[Any, Any, Any]:
    """What mentors, mentees and pairs add to each group's count: sparse, a column for each group."""
    from scipy.sparse import csr_array

    parts: list[list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]] = [[], [], []]
    for place, group in enumerate(problem.groups):
        values = (
            group.mentors,
            group.mentees,
            None if group.pairs is None else group.pairs.of(problem.mentor, problem.mentee),
        )
        for part, own in zip(parts, values, strict=True):
            if own is not None:
                rows = np.flatnonzero(own)
                part.append((rows, np.full(len(rows), place), own[rows].astype(np.float32)))
    sizes = (problem.n_mentors, problem.n_mentees, len(problem.mentor))
    built: list[Any] = []
    for part, size in zip(parts, sizes, strict=True):
        row, column, value = (
            (np.concatenate([piece[k] for piece in part]) if part else np.empty(0, int)) for k in (0, 1, 2)
        )
        table: Any = (value.astype(np.float32), (row, column))
        built.append(csr_array(table, shape=(size, len(problem.groups))))
    return built[0], built[1], built[2]


def _softly_above_zero(price: Reals, rough: float) -> tuple[Reals, Reals]:
    """The softened larger of a price and 0, after its slope."""
    scaled = np.clip(price / rough, -60, 60)
    return 1 / (1 + np.exp(-scaled)), np.maximum(price, 0) + rough * np.log1p(np.exp(-np.abs(scaled)))
