"""The bundles that have been seen, and the best choice of one for each mentor: relaxed, and in whole bundles.

A set-packing problem: no mentor has two bundles, no mentee more pairs than places. What HiGHS answers is a
proposal; its worth is counted anew, and bounds come from prices only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.solver.bundled.bundles import Bundling, Mixture
from pairmatch.solver.clock import Clock

__all__ = ["Pool", "Relaxed"]

WHOLE = 1e-6
"""How far from a whole number a share may be."""

FEW = 700
"""Bundles up to which CP-SAT searches among them, and HiGHS above."""

NODES = 100
"""Nodes of a search by HiGHS for each measure of work."""

PIVOTS = 4
"""Steps of a linear programme for each row and column, after which it is given up."""

LONGEST = 3_600
"""Seconds after which a search is given up that nobody limits."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The best mixture of bundles.

    Attributes
    ----------
    value
        Its value: no choice of the bundles seen has more.
    prices
        Mentee prices that explain it.
    shares
        Share of each bundle.
    """

    value: float
    prices: Floats
    shares: Floats

    @property
    def is_whole(self) -> bool:
        """Whether it takes each bundle or leaves it."""
        return bool((np.abs(self.shares - np.rint(self.shares)) < WHOLE).all())


class Pool:
    """Bundles, each once, in the order of their coming.

    Parameters
    ----------
    bundling, mixture
        What they are bundles of, and what they are worth.
    """

    def __init__(self, bundling: Bundling, mixture: Mixture) -> None:
        self.bundling, self.mixture = bundling, mixture
        self._noise = _noise(len(bundling.mentor))
        self._seen = np.empty(0, np.uint64)
        self.owner, self.start = np.empty(0, np.int64), np.zeros(1, np.int64)
        self.pair = np.empty(0, np.int64)
        self._columns = _Steps(mixture)

    def __len__(self) -> int:
        return len(self.owner)

    def add(self, pairs: NDArray[np.intp]) -> int:
        """Take in the bundles of some pairs, sorted by mentor, at most one of each; how many are new."""
        if not len(pairs):
            return 0
        mentor = self.bundling.mentor[pairs]
        start = np.flatnonzero(np.diff(mentor, prepend=-1))
        marks = np.add.reduceat(self._noise[pairs], start)
        new = ~np.isin(marks, self._seen)
        sizes = np.diff(np.append(start, len(pairs)))
        self._seen = np.concatenate([self._seen, marks[new]])
        self.owner = np.concatenate([self.owner, mentor[start][new]])
        self.start = np.concatenate([self.start, self.start[-1] + np.cumsum(sizes[new])])
        self.pair = np.concatenate([self.pair, pairs[np.repeat(new, sizes)]])
        return int(new.sum())

    def worth(self, value: Ints) -> Ints:
        """What each bundle adds, given the values of pairs."""
        sums = np.add.reduceat(value[self.pair], self.start[:-1]) if len(self) else self.owner
        sizes, none = np.diff(self.start), self.mixture.load_gain[:, 0]
        return np.asarray(sums + self.mixture.load_gain[self.owner, sizes] - none[self.owner])

    def short(self, prices: Ints, best: Ints) -> Ints:
        """By how much each bundle misses its mentor's best one, against mentee prices."""
        value = self.mixture.gain - prices[self.bundling.mentee]
        return np.asarray((best - self.mixture.load_gain[:, 0])[self.owner] - self.worth(value))

    def take(self, owner: Ints, start: Ints, pair: Ints) -> None:
        """Take in bundles that are all new, to an empty pool; empty ones are left out."""
        sizes = np.diff(start)
        self.owner, self.pair = owner[sizes > 0], pair
        self.start = np.concatenate([[0], np.cumsum(sizes[sizes > 0])])
        self._seen = np.add.reduceat(self._noise[pair], self.start[:-1]) if len(pair) else self._seen

    def within(self, prices: Ints, best: Ints, slack: int) -> Pool:
        """Another pool, with the bundles that miss their mentor's best one by no more than a slack."""
        pool = Pool(self.bundling, self.mixture)
        pool.take(self.owner, self.start, self.pair)
        pool._leave(self.short(prices, best) <= slack)
        return pool

    def nearest(self, prices: Ints, best: Ints, count: int) -> None:
        """Forget all bundles but so many that come nearest to their mentor's best one, the latest first."""
        if len(self) > count:
            keep = np.zeros(len(self), bool)
            keep[np.lexsort((-np.arange(len(self)), self.short(prices, best)))[:count]] = True
            self._leave(keep)

    def _leave(self, keep: NDArray[np.bool_]) -> None:
        """Forget the other bundles."""
        sizes = np.diff(self.start)
        self.pair = self.pair[np.repeat(keep, sizes)]
        self.start = np.concatenate([[0], np.cumsum(sizes[keep])])
        self.owner, self._seen = self.owner[keep], self._seen[keep]

    def relaxed(self, clock: Clock) -> Relaxed | None:
        """The best mixture of the bundles; None where time did not suffice."""
        from scipy.optimize import linprog

        table, worth, limit, unit = self._program()
        upper = np.concatenate([np.full(len(self), np.inf), self._columns.most])
        options: Any = {"maxiter": PIVOTS * sum(table.shape)}
        if clock.limit is not None:
            options["time_limit"] = max(clock.left, 0.01)
        bounds: Any = np.column_stack([np.zeros(len(upper)), upper])
        more = {} if (kinds := self._kinds()) is None else {"A_eq": kinds, "b_eq": self._counts}
        told: Any = linprog(
            -worth, A_ub=table, b_ub=limit, **more, bounds=bounds, method="highs", options=options
        )
        if told.status != 0:
            return None
        prices = -told.ineqlin.marginals[self.bundling.problem.n_mentors :] * unit - self.mixture.first
        for own, dual in zip(self._members, -told.eqlin.marginals * unit, strict=True):
            prices[own] += dual
        return Relaxed(-told.fun * unit, prices, told.x[: len(self)])

    def chosen(self, shares: Floats) -> NDArray[np.intp]:
        """The pairs of the bundles that are taken."""
        return np.sort(self.pair[np.repeat(shares > 0.5, np.diff(self.start))])

    def packed(self, clock: Clock, nodes: int) -> NDArray[np.intp] | None:
        """Pairs of a good choice of whole bundles, after so many nodes of a search; None if none is found."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        table, worth, limit, _ = self._program()
        upper = np.concatenate([np.ones(len(self)), self._columns.most])
        options: Any = {"node_limit": nodes, "mip_rel_gap": 1e-6}
        if clock.limit is not None:
            options["time_limit"] = max(clock.left, 0.01)
        told: Any = milp(
            -worth,
            constraints=[LinearConstraint(table, -np.inf, limit), *self._held()],
            integrality=np.repeat([1, 0], [len(self), len(upper) - len(self)]),
            bounds=Bounds(0, upper),
            options=options,
        )
        return None if told.x is None else self.chosen(told.x[: len(self)])

    def searched(self, least: int, clock: Clock, effort: float) -> tuple[NDArray[np.intp] | None, bool]:
        """The best choice of whole bundles that adds at least so much, and whether that is settled."""
        few = len(self) <= FEW or not self._fine_enough()
        return self._by_cp_sat(least, clock, effort) if few else self._by_highs(least, clock, effort)

    def _by_highs(self, least: int, clock: Clock, effort: float) -> tuple[NDArray[np.intp] | None, bool]:
        from scipy.optimize import Bounds, LinearConstraint, milp

        table, worth, limit, unit = self._program()
        upper = np.concatenate([np.ones(len(self)), self._columns.most])
        enough = LinearConstraint(worth[None, :], least / unit - WHOLE, np.inf)
        told: Any = milp(
            -worth,
            constraints=[LinearConstraint(table, -np.inf, limit), enough, *self._held()],
            integrality=np.repeat([1, 0], [len(self), len(upper) - len(self)]),
            bounds=Bounds(0, upper),
            options={
                "time_limit": max(min(clock.left, LONGEST), 0.01),
                "mip_rel_gap": 0,
                "node_limit": max(1, round(NODES * effort)),
            },
        )
        return None if told.x is None else self.chosen(told.x[: len(self)]), told.status in (0, 2)

    def _by_cp_sat(self, least: int, clock: Clock, effort: float) -> tuple[NDArray[np.intp] | None, bool]:
        from ortools.sat.python import cp_model

        table, _, limit, _ = self._program()
        rows, model = table.tocsr(), cp_model.CpModel()
        x = [model.new_bool_var("") for _ in range(table.shape[1])]
        for k in np.flatnonzero(np.diff(rows.indptr) > 1).tolist():
            part = slice(rows.indptr[k], rows.indptr[k + 1])
            signs = rows.data[part].astype(np.int64).tolist()
            terms = cp_model.LinearExpr.weighted_sum([x[c] for c in rows.indices[part]], signs)
            model.add(terms <= int(limit[k]))
        if (kinds := self._kinds()) is not None:
            for k, count in enumerate(self._counts):
                part = slice(kinds.indptr[k], kinds.indptr[k + 1])
                times = kinds.data[part].astype(np.int64).tolist()
                model.add(
                    cp_model.LinearExpr.weighted_sum([x[c] for c in kinds.indices[part]], times) == count
                )
        grain = self.mixture.grain
        worth = cp_model.LinearExpr.weighted_sum(x, (self._worths() // grain).tolist())
        model.add(worth >= -(-least // grain))
        model.maximize(worth)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.random_seed = 1, 0
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = effort
        if clock.limit is not None:
            solver.parameters.max_time_in_seconds = max(clock.left, 0.01)
        status = solver.solve(model)
        settled = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, settled
        return self.chosen(np.array([float(solver.boolean_value(v)) for v in x[: len(self)]])), settled

    def _fine_enough(self) -> bool:
        """Whether the least step of a value is far more than the errors of floating point."""
        return self.mixture.grain * 1000 >= 10 * WHOLE * float(np.abs(self._worths()).max(initial=1))

    def _worths(self) -> Ints:
        value = self.mixture.gain + self.mixture.first[self.bundling.mentee]
        return np.concatenate([self.worth(value), self._columns.cost])

    def _program(self) -> tuple[Any, Floats, Floats, float]:
        """Rows of mentors and mentees, worth of the columns, limits of the rows, and the unit of worth."""
        from scipy.sparse import csc_array

        bundling, steps = self.bundling, self._columns
        n, m = bundling.problem.n_mentors, bundling.problem.n_mentees
        worth = self._worths().astype(float)
        unit = max(1.0, float(np.abs(worth).max(initial=0)) / 1000)
        of_pair = np.repeat(np.arange(len(self)), np.diff(self.start))
        rows = np.concatenate([self.owner, n + bundling.mentee[self.pair], n + steps.mentee])
        columns = np.concatenate([np.arange(len(self)), of_pair, len(self) + np.arange(len(steps.mentee))])
        entries = np.ones(len(rows))
        entries[len(rows) - len(steps.mentee) :] = -1
        table = csc_array((entries, (rows, columns)), shape=(n + m, len(worth)))
        limit = np.concatenate([np.ones(n), np.minimum(1, steps.places)])
        return table, worth / unit, limit, unit

    @property
    def _members(self) -> tuple[NDArray[np.intp], ...]:
        return () if self.mixture.held is None else self.mixture.held.members

    @property
    def _counts(self) -> tuple[int, ...]:
        return () if self.mixture.held is None else self.mixture.held.counts

    def _held(self) -> list[Any]:
        from scipy.optimize import LinearConstraint

        kinds = self._kinds()
        return [] if kinds is None else [LinearConstraint(kinds, self._counts, self._counts)]

    def _kinds(self) -> Any:
        """How many mentees of each kind the columns cover, where that is settled."""
        from scipy.sparse import csr_array

        if not self._members:
            return None
        steps, width = self._columns, len(self) + len(self._columns.mentee)
        of_pair = np.repeat(np.arange(len(self)), np.diff(self.start))
        columns = np.concatenate([of_pair, len(self) + np.arange(len(steps.mentee))])
        mentee = np.concatenate([self.bundling.mentee[self.pair], steps.mentee])
        kind = np.full(self.bundling.problem.n_mentees, -1)
        for k, own in enumerate(self._members):
            kind[own] = k
        signs = np.repeat([1.0, -1.0], [len(of_pair), len(steps.mentee)])
        there = kind[mentee] >= 0
        entries = signs[there], (kind[mentee][there], columns[there])
        table = csr_array(entries, shape=(len(self._members), width))
        table.sum_duplicates()
        return table


class _Steps:
    """Places of mentees beyond the next one: a column for all that add the same."""

    def __init__(self, mixture: Mixture) -> None:
        side = mixture.gains.mentees
        self.places = side.capacity - side.used
        first = mixture.first
        mentee, cost, most = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
        for place in range(2, int(self.places.max(initial=0)) + 1):
            has = np.flatnonzero(self.places >= place)
            mentee.append(has)
            cost.append((side.marginal(side.used + place) - first)[has])
            most.append(np.ones(len(has)))
        self.mentee, self.cost = np.concatenate(mentee), np.concatenate(cost)
        self.most = np.concatenate(most)


def _noise(count: int) -> NDArray[np.uint64]:
    """A fixed mark for each pair, so that sums of marks tell sets of pairs apart."""
    x = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, times in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(times)
    return np.asarray(x ^ (x >> np.uint64(31)))
