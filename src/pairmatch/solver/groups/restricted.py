"""A mixture with groups over few pairs, the others fixed: as a linear programme, and in whole numbers.

The linear programme tells better prices of the groups, the other one better pairs. Neither proves anything
by itself: prices are held against all pairs, and pairs are counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, Problem
from pairmatch.solver.gains import combine
from pairmatch.solver.groups.counts import charged
from pairmatch.solver.groups.softened import coefficients

Reals = NDArray[np.float64]

EXTRA = 8
"""What one place short of a quota or a minimum costs, in shares of the largest gain: more than it brings."""

BROKEN = 1e-6
"""Shares so near 0 or 1 are none, or whole."""

SIMPLEX = 1500
"""Pairs up to which the simplex method is quicker than the interior point method."""


@dataclass(frozen=True)
class Relaxed:
    """The linear programme's answer: its value, shares of the free pairs, and the groups' prices.

    ``broken`` are pairs that it did not decide, by themselves or by who has a pair at all; ``boxed`` says
    whether better prices may lie outside the box. ``held`` is what each free pair's mentee costs it.
    """

    value: float

    pairs: NDArray[np.intp]
    shares: Reals
    broken: NDArray[np.intp]
    group_prices: Ints
    boxed: bool
    held: Reals


class Restricted:
    """A mixture in which only some pairs are free.

    Parameters
    ----------
    problem, times
        The problem and the mixture.
    free
        bool ``(n_pairs,)``: the pairs to decide about.
    taken
        bool ``(n_pairs,)``: which of the others are chosen.
    known
        The problem's :func:`~pairmatch.solver.groups.softened.coefficients`, where they are at hand.
    box
        Between which prices of the groups the linear programme looks for better ones.
    strong
        Whether each pair by itself says that its mentor has one: more rows, and a much better bound where
        mentors who may have several pairs cost something.
    """

    def __init__(
        self,
        problem: Problem,
        times: Mapping[str, int],
        free: NDArray[np.bool_],
        taken: NDArray[np.bool_],
        known: tuple[Any, Any, Any] | None = None,
        box: tuple[Reals, Reals] | None = None,
        strong: bool = False,
    ) -> None:
        self._side_rows: list[int] = []
        self.problem, self.times = problem, times
        self.pairs, self.fixed = np.flatnonzero(free), np.flatnonzero(taken & ~free)
        gains = combine(problem, times)
        self._settled = 0
        self._told: list[int] = []
        self._switches: list[tuple[NDArray[Any], NDArray[Any]]] = []
        self._unit = float(max(np.abs(gains.pair[self.pairs]).max(initial=1), 1))
        self._columns: list[Reals] = [gains.pair[self.pairs] / self._unit]
        self._upper: list[Reals] = [np.ones(len(self.pairs))]
        self._blocks: list[tuple[Any, Any, Any]] = []
        self._right: list[Reals] = []
        self._rows, self._size = 0, len(self.pairs)
        self._whole: list[NDArray[np.bool_]] = [np.ones(len(self.pairs), bool)]
        of = coefficients(problem) if known is None else known
        counts = of[2][self.pairs].tocoo()
        self._counts = [(counts.row, counts.col, counts.data.astype(float))]
        self._base = np.asarray(of[2][self.fixed].sum(axis=0), float).ravel()
        self._strong = strong
        for side in (0, 1):
            self._side_rows.append(self._rows)
            self._add_side(side, (gains.mentors, gains.mentees)[side], of[side])
        self._side_rows.append(self._rows)
        self._group_rows: list[tuple[int, int]] = []
        self._add_groups(box)

    # -- what is in the model ------------------------------------------------------------------

    def _add_side(self, side: int, gains: Any, of: Any) -> None:
        problem = self.problem
        person = (problem.mentor, problem.mentee)[side]
        load = np.bincount(person[self.fixed], minlength=len(gains.capacity))
        here, row = np.unique(person[self.pairs], return_inverse=True)
        left, on = (gains.capacity - load)[here], load[here] > 0
        self._base += np.asarray(of[np.flatnonzero(load)].sum(axis=0), float).ravel()
        one = np.ones(len(self.pairs))
        self._add_rows(row, np.arange(len(self.pairs)), one, left.astype(float))
        self._add_minimums(here, row, (gains.minimum - load)[here])
        single = ~on & (gains.capacity[here] <= 1)
        of_person = of[here].tocoo()
        self._settled += int(gains.first[load > 0].sum()) + gains.filled * int(gains.minimum.sum())
        self._count_first(row, single, gains.first[here], of_person)
        several = np.flatnonzero(~on & (gains.capacity[here] > 1))
        several = several[(gains.first[here][several] != 0) | (np.diff(of[here].indptr)[several] > 0)]
        self._add_switches(row, several, gains.first[here], left, of_person)
        for even, price in gains.beyond:
            elsewhere = np.maximum(load - even, 0)
            elsewhere[here] = 0
            self._settled -= price * int(elsewhere.sum())
            self._add_beyond(
                row, here, (even - load)[here], np.minimum(even[here], gains.capacity[here]), price
            )

    def _count_first(self, row: NDArray[Any], single: NDArray[Any], first: Ints, of: Any) -> None:
        """Who has one place has all of the first gain, and of the counts, in each of their pairs."""
        self._columns[0] = self._columns[0] + np.where(single[row], first[row], 0) / self._unit
        table = of.tocsr()
        wide = table[row[single[row]]].tocoo()
        places = np.flatnonzero(single[row])
        self._counts.append((places[wide.row], wide.col, wide.data.astype(float)))

    def _add_switches(
        self, row: NDArray[Any], several: NDArray[Any], first: Ints, left: Ints, of: Any
    ) -> None:
        """A variable for each who may have several pairs: has one at all."""
        if not len(several):
            return
        column = np.full(len(left), -1)
        column[several] = self._add_columns(first[several] / self._unit, np.ones(len(several)), whole=True)
        self._switches.append((column, row))
        at = np.flatnonzero(column[row] >= 0)
        place = np.full(len(left), -1)
        place[several] = np.arange(len(several))
        # load - capacity * on <= 0, and on - load <= 0
        rows = np.concatenate([place[row[at]], np.arange(len(several))])
        columns = np.concatenate([at, column[several]])
        self._add_rows(
            rows, columns, np.r_[np.ones(len(at)), -left[several].astype(float)], np.zeros(len(several))
        )
        self._add_rows(rows, columns, np.r_[-np.ones(len(at)), np.ones(len(several))], np.zeros(len(several)))
        if self._strong and len(self._side_rows) == 1:
            count = np.arange(len(at))
            ends = np.r_[np.ones(len(at)), -np.ones(len(at))]
            self._add_rows(np.r_[count, count], np.r_[at, column[row[at]]], ends, np.zeros(len(at)))
        mine = column[of.row] >= 0
        self._counts.append((column[of.row[mine]], of.col[mine], of.data[mine].astype(float)))

    def _add_minimums(self, here: NDArray[Any], row: NDArray[Any], missing: Ints) -> None:
        needy = np.flatnonzero(missing > 0)
        if not len(needy):
            return
        place = np.full(len(here), -1)
        place[needy] = np.arange(len(needy))
        at = np.flatnonzero(place[row] >= 0)
        short = self._add_columns(np.full(len(needy), -self._dear()), missing[needy].astype(float))
        rows = np.concatenate([place[row[at]], np.arange(len(needy))])
        self._add_rows(rows, np.concatenate([at, short]), -np.ones(len(rows)), -missing[needy].astype(float))

    def _add_beyond(self, row: NDArray[Any], here: NDArray[Any], left: Ints, even: Ints, price: int) -> None:
        """What loads cost beyond an even one: ``left`` more pairs are free of cost."""
        over = self._add_columns(np.full(len(here), -price / self._unit), np.full(len(here), np.inf))
        rows = np.concatenate([row, np.arange(len(here))])
        columns = np.concatenate([np.arange(len(self.pairs)), over])
        self._add_rows(rows, columns, np.r_[np.ones(len(row)), -np.ones(len(here))], left.astype(float))

    def _add_groups(self, box: tuple[Reals, Reals] | None) -> None:
        often = charged(self.times)
        rows, columns, values = (np.concatenate([part[k] for part in self._counts]) for k in (0, 1, 2))
        for place, group in enumerate(self.problem.groups):
            mine = columns == place
            at, value, base = rows[mine], values[mine], float(self._base[place])
            if box is not None:
                # A count may be told higher or lower, at the prices where the box ends.
                ends = np.array([box[0][place], -box[1][place]]) / self._unit
                told = self._add_columns(ends, np.array([np.inf, np.inf]))
                self._told.extend(told.tolist())
                at, value = np.r_[at, told], np.r_[value, 1.0, -1.0]
            soft = often * group.price / self._unit
            dear = self._dear()
            bounds = [(group.target, -1, soft), (group.limit, 1, soft)]
            bounds += [(group.least, -1, dear), (group.most, 1, dear)]
            for bound, sign, price in bounds:
                if bound is None or not price:
                    continue
                short = self._add_columns(np.array([-price]), np.array([np.inf]))
                self._group_rows.append((self._rows, sign * (place + 1)))
                self._add_rows(
                    np.zeros(len(at) + 1, int),
                    np.r_[at, short],
                    np.r_[sign * value, -1.0],
                    np.array([sign * (bound - base)]),
                )

    def _dear(self) -> float:
        return EXTRA * max(float(np.abs(self._columns[0]).max(initial=1)), 1.0)

    def _add_columns(self, gain: Reals, upper: Reals, whole: bool = False) -> NDArray[np.intp]:
        self._columns.append(gain)
        self._upper.append(upper)
        self._whole.append(np.full(len(gain), whole))
        self._size += len(gain)
        return np.arange(self._size - len(gain), self._size)

    def _add_rows(self, row: NDArray[Any], column: NDArray[Any], value: Reals, right: Reals) -> None:
        self._blocks.append((row + self._rows, column, value))
        self._right.append(right)
        self._rows += len(right)

    # -- answers -------------------------------------------------------------------------------

    def relaxed(self, seconds: float = np.inf) -> Relaxed | None:
        """The best shares of the free pairs; None where there are none, or no answer was found in time."""
        from scipy.optimize import linprog

        if not self._size:
            return None
        method: Any = "highs-ds" if len(self.pairs) <= SIMPLEX else "highs-ipm"
        bounds = np.column_stack([np.zeros(self._size), np.concatenate(self._upper)])
        limit: Any = {"time_limit": seconds} if np.isfinite(seconds) else {}
        gain, right = np.concatenate(self._columns), np.concatenate(self._right)
        solve: Any = linprog
        found = solve(-gain, self._table, right, bounds=bounds, method=method, options=limit)
        if found.status != 0:
            return None
        prices = np.zeros(len(self.problem.groups))
        for row, signed in self._group_rows:
            prices[abs(signed) - 1] -= np.sign(signed) * found.ineqlin.marginals[row]
        whole = np.rint(prices * self._unit).astype(np.int64)
        gains = combine(self.problem, self.times)
        base = int(gains.pair[self.fixed].sum()) + self._settled
        told = bool((found.x[self._told] > 1e-6).any())
        shares = found.x[: len(self.pairs)]
        value = base - found.fun * self._unit
        broken = self.pairs[self._broken(found.x)]
        return Relaxed(value, self.pairs, shares, broken, whole, told, self._held(found.ineqlin.marginals))

    def _held(self, marginals: Reals) -> Reals:
        """What the rows of each free pair's mentee hold against it."""
        first, last = self._side_rows[1:]
        if not self._strong:
            return np.zeros(len(self.pairs))
        rows = self._table[first:last, : len(self.pairs)]
        return np.asarray(rows.T @ -marginals[first:last]) * self._unit

    def _broken(self, found: Reals) -> NDArray[np.bool_]:
        between = (found > BROKEN) & (found < 1 - BROKEN)
        broken = between[: len(self.pairs)].copy()
        for column, row in self._switches:
            broken |= (between[np.maximum(column, 0)] & (column >= 0))[row]
        return broken

    def whole(self, nodes: int, seconds: float) -> NDArray[np.intp] | None:
        """Good pairs, the fixed ones included, sorted; None where none were found.

        Parameters
        ----------
        nodes
            Most branches looked at.
        seconds
            A deadline, which may be infinite.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        options: Any = {"node_limit": nodes, "mip_rel_gap": 0.0}
        if np.isfinite(seconds):
            options["time_limit"] = seconds
        upper = np.concatenate(self._upper)
        upper[self._told] = 0
        found = milp(
            -np.concatenate(self._columns),
            integrality=np.concatenate(self._whole).astype(int),
            bounds=Bounds(np.zeros(self._size), upper),
            constraints=LinearConstraint(self._table, -np.inf, np.concatenate(self._right)),
            options=options,
        )
        if found.x is None:
            return None
        return np.sort(np.concatenate([self.fixed, self.pairs[found.x[: len(self.pairs)] > 0.5]]))

    @cached_property
    def _table(self) -> Any:
        from scipy.sparse import csr_array

        rows, columns, values = (np.concatenate([block[k] for block in self._blocks]) for k in (0, 1, 2))
        return csr_array((values, (rows, columns)), shape=(self._rows, self._size))
