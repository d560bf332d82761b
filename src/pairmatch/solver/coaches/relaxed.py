"""Some pairs with some coaches as a linear programme: its duals are the prices to try next.

It sees few columns and works in floating point, so that nothing of it is believed: prices are rounded to
whole numbers, and a flow over all pairs tells what they prove.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Group
from pairmatch.problem import MINIMUMS, Ints
from pairmatch.solver.coaches.gains import PAIR_TIERS, CoachGains, Columns, person_gains
from pairmatch.solver.faces import is_required

__all__ = ["Relaxed", "relaxed"]

Floats = NDArray[np.float64]

EXTRA = 8
"""What one short of a quota costs here, in shares of the largest gain: more than it brings."""


@dataclass(frozen=True)
class Relaxed:
    """What the linear programme says.

    Attributes
    ----------
    times
        For each earlier tier, and for the minimums, what one more of it costs: units of the tier's gain.
    prices
        Of each coach, in the same units.
    used
        Which columns it takes, wholly or in part.
    value
        The tier's value, ``scale`` times.
    groups
        Price of each group, in the units of the prices of coaches.
    """

    times: Mapping[str, int]
    prices: Ints
    used: NDArray[np.bool_]
    value: float
    groups: Ints


def relaxed(
    gains: CoachGains, columns: Columns, tier: str, scale: int, targets: Mapping[str, int]
) -> Relaxed | None:
    """Duals of the best fractional choice of columns; None where there is none.

    Parameters
    ----------
    gains
        The problem.
    columns
        What may be chosen.
    tier, scale
        What is maximised, and how often its gains count in the answer.
    targets
        Values of the earlier tiers, which it keeps.
    """
    from scipy.optimize import linprog

    if not len(columns.pair):
        return None
    earlier = {name: value for name, value in targets.items() if name != MINIMUMS}
    rows = _Rows(gains, columns, [tier, *earlier])
    unit = {name: gains.largest if name in ("total", "spread") else 1 for name in (tier, *earlier)}
    kept = [rows.add(-rows.value(name) / unit[name], -value / unit[name]) for name, value in earlier.items()]
    value = rows.value(tier) / unit[tier]
    value[rows.places_short] = -EXTRA
    matrix, limits = rows.joined()
    upper = np.where(rows.is_share(), 1.0, np.inf)
    bounds = np.stack([np.zeros(rows.width), upper], axis=1)
    solve: Any = linprog  # its stubs know no array of bounds
    found = solve(-value, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs-ds")
    if found.status != 0:
        return None
    duals = np.maximum(-np.asarray(found.ineqlin.marginals), 0.0) * scale * unit[tier]
    times = {name: round(duals[row] / unit[name]) for name, row in zip(earlier, kept, strict=True)}
    if "spread" in times:
        # More never harms, and a fraction lost would.
        times["spread"] += 2
    if rows.minimums:
        times[MINIMUMS] = int(np.ceil(duals[rows.minimums].max())) + 1
    prices = np.rint(duals[rows.of_coaches]).astype(np.int64)
    used = np.asarray(found.x[: len(columns.pair)] > 1e-9)
    groups = np.zeros(len(gains.problem.groups))
    for row, place, sign in rows.of_groups:
        groups[place] += sign * duals[row]
    return Relaxed(times, prices, used, -found.fun * scale * unit[tier], np.rint(groups).astype(np.int64))


class _Rows:
    """Rows of the programme: everybody's capacity, first pairs, minimums, required pairs."""

    def __init__(self, gains: CoachGains, columns: Columns, tiers: list[str]) -> None:
        self.gains, self.columns = gains, columns
        problem = gains.problem
        self.mentor, self.mentee = problem.mentor[columns.pair], problem.mentee[columns.pair]
        self.width = len(columns.pair)
        self._matrices: list[Any] = []
        self._limits: list[Floats] = []
        self.height = 0
        self.firsts = self._firsts(tiers)
        loads = problem.loads
        self._capacities()
        self.minimums = [
            *self._least(self.mentor, loads.mentor_minimum),
            *self._least(self.mentee, loads.mentee_minimum),
        ]
        self._required()
        self.of_groups: list[tuple[int, int, int]] = []
        self.places_short: list[int] = []
        self._costs: dict[int, int] = {}
        self._groups()

    def value(self, tier: str) -> Floats:
        """What each variable adds to a tier."""
        found = np.zeros(self.width)
        if tier in PAIR_TIERS:
            found[: len(self.columns.pair)] = self.gains.of(self.columns, tier)
            if tier == "total":
                found[list(self._costs)] = -np.array(list(self._costs.values()), float)
            return found
        if tier == "spread":
            found[list(self._costs)] = -np.array(list(self._costs.values()), float)
            return found
        for side, times in zip(("mentors", "mentees"), person_gains(self.gains.problem, tier), strict=True):
            if side in self.firsts:
                start, size = self.firsts[side]
                found[start : start + size] = times
        return found

    def is_share(self) -> NDArray[np.bool_]:
        """Which variables are at most 1 by themselves: who has a pair at all."""
        told = np.zeros(self.width, bool)
        for start, size in self.firsts.values():
            told[start : start + size] = True
        return told

    def add(self, row: Floats, limit: float) -> int:
        """One more row; where it stands."""
        return self._put(np.zeros(self.width, np.int64), np.arange(self.width), row, np.array([limit]))

    def joined(self) -> tuple[Any, Floats]:
        """All rows as a sparse matrix, and their limits."""
        from scipy.sparse import csr_array

        data, row, column = (np.concatenate(part) for part in zip(*self._matrices, strict=True))
        limits = np.concatenate(self._limits)
        return csr_array((data, (row, column)), shape=(len(limits), self.width)), limits

    def _put(self, row: Any, column: Any, data: Any, limits: NDArray[Any]) -> int:
        start = self.height
        self._matrices.append((np.asarray(data, float), np.asarray(row) + start, np.asarray(column)))
        self._limits.append(np.asarray(limits, float))
        self.height += len(limits)
        return start

    def _firsts(self, tiers: list[str]) -> dict[str, tuple[int, int]]:
        """A variable for whoever has a pair, where a tier counts them."""
        problem, found = self.gains.problem, {}
        sides = (
            ("mentors", {"mentors", "waited"}, self.mentor, problem.n_mentors),
            ("mentees", {"mentees", "must_match", "waited"}, self.mentee, problem.n_mentees),
        )
        for side, counted, person, size in sides:
            if counted & set(tiers):
                found[side] = (self.width, size)
                pairs = np.arange(len(person))
                row, column = (
                    np.concatenate([person, np.arange(size)]),
                    np.concatenate([pairs, self.width + np.arange(size)]),
                )
                self._put(row, column, np.concatenate([-np.ones(len(person)), np.ones(size)]), np.zeros(size))
                self.width += size
        return found

    def _capacities(self) -> None:
        loads = self.gains.problem.loads
        pairs = np.arange(len(self.columns.pair))
        self._put(self.mentor, pairs, np.ones(len(pairs)), loads.mentor_capacity)
        self._put(self.mentee, pairs, np.ones(len(pairs)), loads.mentee_capacity)
        has = np.flatnonzero(self.columns.coach < self.gains.size)
        start = self._put(self.columns.coach[has], has, np.ones(len(has)), self.gains.coaching.capacity)
        self.of_coaches = slice(start, start + self.gains.size)
        several = (loads.mentor_capacity[self.mentor] > 1) & (loads.mentee_capacity[self.mentee] > 1)
        again = np.flatnonzero(several)
        which, row = np.unique(self.columns.pair[again], return_inverse=True)
        if len(which):
            self._put(row, again, np.ones(len(again)), np.ones(len(which)))

    def _least(self, person: NDArray[np.int32], minimum: Ints) -> range:
        """Rows that fill everybody's minimum."""
        if not minimum.any():
            return range(0)
        start = self._put(person, np.arange(len(person)), -np.ones(len(person)), -minimum)
        return range(start, self.height)

    def _required(self) -> None:
        required = np.flatnonzero(is_required(self.gains.problem))
        if len(required):
            at = np.flatnonzero(np.isin(self.columns.pair, required))
            row = np.searchsorted(required, self.columns.pair[at])
            self._put(row, at, -np.ones(len(at)), -np.ones(len(required)))

    def _groups(self) -> None:
        """Rows that tell how many are short in each group, at its cost, or dearly where none may be."""
        problem = self.gains.problem
        for place, group in enumerate(problem.groups):
            of = self._of_group(group)
            soft = [(group.target, -1, group.price), (group.limit, 1, group.price)]
            for bound, sign, price in (*soft, (group.least, -1, None), (group.most, 1, None)):
                if bound is None or price == 0:
                    continue
                mine = np.flatnonzero(of)
                row = np.append(sign * of[mine], -1.0)
                here = np.append(mine, self.width)
                start = self._put(np.zeros(len(row), np.int64), here, row, np.array([sign * bound]))
                self.of_groups.append((start, place, sign))
                if price is None:
                    self.places_short.append(self.width)
                else:
                    self._costs[self.width] = price
                self.width += 1

    def _of_group(self, group: Group) -> Floats:
        """What each column adds to a group's count: a part of it, where a person may have several pairs."""
        loads = self.gains.problem.loads
        of = np.zeros(len(self.columns.pair))
        if group.mentors is not None:
            of += (group.mentors / np.maximum(loads.mentor_capacity, 1))[self.mentor]
        if group.mentees is not None:
            of += (group.mentees / np.maximum(loads.mentee_capacity, 1))[self.mentee]
        if group.pairs is not None:
            of += group.pairs.of(self.mentor, self.mentee)
        return of
