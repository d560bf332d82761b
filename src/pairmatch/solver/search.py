"""Tiers that a flow cannot say, by CP-SAT: hours, and floors where a mentee has several mentors.

One worker, a fixed seed: the same problem gives the same answer. Every bound that comes from here is
a branch-and-bound's word; what prices alone prove is stated beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import CallError, Finding, NoSolutionError, SolverError
from pairmatch.problem import Problem
from pairmatch.solver.clock import NO_TIME, Clock
from pairmatch.solver.groups.counts import quotas_hold
from pairmatch.solver.modelled import charges, limit_counts


@dataclass(frozen=True)
class Found:
    """Chosen pairs (indices), the value reached and the search's bound on it."""

    pairs: NDArray[np.intp]
    value: int
    bound: int


NO_BOUND = 2**62

LARGEST = 2**31
"""Largest weight that the search takes, in units; a weight of 1 has 10**6."""

LARGEST_TOTALS = 2**27
"""From totals of some 2**30 units on, presolve was seen to miss the best floor; none up to 2**29."""

TOO_LARGE = "are too large for hours or floors over several mentors; pass a coarser resolution"


class Infeasible(Exception):
    """No choice satisfies the model; told to the caller, who knows the words for it."""


class Search:
    """One CP-SAT model, to which each solved tier adds a constraint that keeps its value.

    Attributes
    ----------
    effort
        Most work of one search, in the search's own measure, which is the same on every machine; None for
        no limit.
    """

    def __init__(self, problem: Problem, clock: Clock) -> None:
        from ortools.sat.python import cp_model

        if int(np.abs(problem.weight).max(initial=0)) > LARGEST:
            raise CallError([Finding("bad_argument", TOO_LARGE, column="weights")])
        self._cp = cp_model
        self.problem, self.clock = problem, clock
        self.model = cp_model.CpModel()
        self.pairs = [self.model.new_bool_var("") for _ in range(len(problem.mentor))]
        self._by_mentor = _grouped(problem.mentor, problem.n_mentors)
        self._by_mentee = _grouped(problem.mentee, problem.n_mentees)
        self._limit_loads()
        self._limit_hours()
        self._require()
        self._mentee_on: list[Any] = []
        self._mentor_on: list[Any] = []
        self._charges: Any = None
        self.effort: float | None = None
        self._hint: NDArray[np.intp] | None = None
        limit_counts(self)

    def linear(self, tier: str) -> Any:
        """The tier's value as an expression."""
        if tier == "total":
            weights = self.linear_sum(self.pairs, self._pair_sums({"total": 1}))
            return weights - self.charges() if self._charged() else weights
        if tier in ("held", "kept"):
            return self.linear_sum(self.pairs, self._pair_sums({tier: 1}))
        if tier == "waited":
            return self._waited()
        if tier == "spread":
            return -self.charges()
        if tier == "pairs":
            return sum(self.pairs)
        if tier == "mentors":
            return sum(self.mentors_on())
        on = self.mentees_on()
        return sum(on[j] for j in range(len(on)) if tier == "mentees" or self.problem.must_match[j])

    def _pair_sums(self, times: Mapping[str, int]) -> list[int]:
        """What each pair adds to a mixture of total, held and kept."""
        problem, gain = self.problem, self.problem.weight * times.get("total", 0)
        if problem.earlier is not None:
            gain = gain + problem.earlier.gains(problem.mentor, problem.mentee, times)
        return [int(each) for each in gain]

    def _waited(self) -> Any:
        earlier = self.problem.earlier
        if earlier is None:
            return self.linear_sum([], [])
        sides = ((earlier.mentors_waited, self.mentors_on), (earlier.mentees_waited, self.mentees_on))
        counted = [(on(), waited.tolist()) for waited, on in sides if waited.any()]
        return sum((self.linear_sum(*side) for side in counted), start=self.linear_sum([], []))

    def linear_sum(self, variables: Sequence[Any], times: Sequence[int]) -> Any:
        """So many times each variable; an expression also where there is none."""
        return self._cp.LinearExpr.weighted_sum(list(variables), list(times))

    def charges(self) -> Any:
        """What groups and loads cost, at the least."""
        if self._charges is None:
            self._charges = charges(self)
        return self._charges

    def load_of(self, side: str, person: int) -> Any:
        """How many pairs a person has."""
        own = (self._by_mentor if side == "mentors" else self._by_mentee)[person]
        return self.linear_sum([self.pairs[a] for a in own], [1] * len(own))

    def _charged(self) -> bool:
        return bool(self.problem.evens) or any(group.price for group in self.problem.groups)

    def mentees_on(self) -> list[Any]:
        """One variable per mentee: has a mentor."""
        if not self._mentee_on:
            self._mentee_on = self._indicators(self._by_mentee)
        return self._mentee_on

    def mentors_on(self) -> list[Any]:
        """One variable per mentor: has a mentee."""
        if not self._mentor_on:
            self._mentor_on = self._indicators(self._by_mentor)
        return self._mentor_on

    def total_of(self, mentee: int) -> Any:
        """Total weight of one mentee's pairs."""
        return sum(int(self.problem.weight[a]) * self.pairs[a] for a in self._by_mentee[mentee])

    def range_of_totals(self) -> tuple[int, int]:
        """Bounds that hold for every mentee's total."""
        weights = self.problem.weight
        most = max((len(group) for group in self._by_mentee), default=0)
        most = min(most, int(self.problem.loads.mentee_capacity.max(initial=1)))
        return min(0, most * int(weights.min(initial=0))), max(0, most * int(weights.max(initial=0)))

    def worst(self) -> Any:
        """A variable that no matched mentee's total is below; at most 0 when nobody is matched."""
        floor = self.model.new_int_var(*self._totals_in_range(), "floor")
        on = self.mentees_on()
        for mentee, matched in enumerate(on):
            self.model.add(self.total_of(mentee) >= floor).only_enforce_if(matched)
        somebody = self.model.new_bool_var("somebody")
        self.model.add(sum(on) >= 1).only_enforce_if(somebody)
        self.model.add(floor <= 0).only_enforce_if(~somebody)
        return floor

    def keep_floor(self, floor: int) -> None:
        """From now on, only matchings in which no matched mentee has less."""
        self._totals_in_range()
        on = self.mentees_on()
        for mentee, matched in enumerate(on):
            self.model.add(self.total_of(mentee) >= floor).only_enforce_if(matched)
        if floor > 0:
            self.model.add(sum(on) >= 1)

    def choose(self, mentee: int, sets: Sequence[NDArray[np.intp]]) -> None:
        """From now on, a mentee has the pairs of one of these sets, or none."""
        flags = [self.model.new_bool_var("") for _ in sets]
        self.model.add_at_most_one(flags)
        own: dict[int, list[Any]] = {pair: [] for pair in self._by_mentee[mentee]}
        for flag, pairs in zip(flags, sets, strict=True):
            for pair in pairs.tolist():
                own[pair].append(flag)
        for pair, among in own.items():
            self.model.add(self.pairs[pair] == sum(among))

    def _totals_in_range(self) -> tuple[int, int]:
        low, high = self.range_of_totals()
        if high - low > LARGEST_TOTALS:
            raise CallError([Finding("bad_argument", TOO_LARGE, column="weights")])
        return low, high

    def sum_of_smallest(self, count: int) -> Any:
        """An expression at most the sum of the ``count`` smallest totals of matched mentees.

        Its maximum is that sum (Ogryczak and Śliwiński 2003, doi:10.1016/S0377-2217(02)00399-X):
        ``count * r - sum_j max(0, r - total_j)`` is largest with ``r`` the ``count``-th smallest total.
        """
        low, high = self.range_of_totals()
        reference = self.model.new_int_var(low, high, "")
        below = []
        for mentee, matched in enumerate(self.mentees_on()):
            short = self.model.new_int_var(0, high - low, "")
            self.model.add(short >= reference - self.total_of(mentee)).only_enforce_if(matched)
            below.append(short)
        return count * reference - sum(below)

    def keep(self, expression: Any, value: int) -> None:
        """From now on, only matchings that give the expression at least this value."""
        self.model.add(expression >= value)

    def at_most(self, expression: Any, bound: int) -> None:
        """Tell the search a bound that is proven otherwise."""
        self.model.add(expression <= bound)

    def hint(self, pairs: NDArray[np.intp]) -> None:
        """Start the next search from these pairs."""
        self._hint = pairs

    def maximise(self, expression: Any) -> Found:
        """Best value of an expression.

        Raises
        ------
        Infeasible
            No matching satisfies the constraints.
        NoSolutionError
            The work was ended before any was found.
        """
        self.model.maximize(expression)
        solver, status = self._run()
        if status == self._cp.INFEASIBLE:
            raise Infeasible
        if status == self._cp.UNKNOWN:
            raise NoSolutionError(NO_TIME)
        if status not in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            raise SolverError(f"CP-SAT ended with status {solver.status_name(status)}")
        found = self._chosen(solver)
        value = round(solver.objective_value)
        bound = value if status == self._cp.OPTIMAL else self._bound(solver, value)
        self._hint = found
        return Found(found, value, bound)

    def _bound(self, solver: Any, value: int) -> int:
        """The bound of a search cut short; before the first branch it may be a mere 0."""
        bound = int(np.floor(solver.best_objective_bound + 1e-6))
        return bound if bound >= value and solver.num_branches > 0 else NO_BOUND

    def differs(self, pairs: NDArray[np.intp]) -> bool | None:
        """Whether a matching other than ``pairs`` satisfies all that was kept; None if undecided."""
        taken = set(pairs.tolist())
        changed = [~x if a in taken else x for a, x in enumerate(self.pairs)]
        self.model.add_bool_or(changed)
        self.model.clear_objective()
        self._hint = None
        _, status = self._run()
        if status in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            return True
        return False if status == self._cp.INFEASIBLE else None

    def _run(self) -> tuple[Any, Any]:
        self.model.clear_hints()
        if self._hint is not None:
            chosen = set(self._hint.tolist())
            for a, x in enumerate(self.pairs):
                self.model.add_hint(x, a in chosen)
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        # Without the relaxation a floor is raised unit by unit, which can take minutes over a dozen pairs.
        solver.parameters.linearization_level = 2
        if self.effort is not None:
            solver.parameters.max_deterministic_time = self.effort
        if self.clock.limit is not None:
            solver.parameters.max_time_in_seconds = max(self.clock.left, 0.01)
        return solver, solver.solve(self.model)

    def _chosen(self, solver: Any) -> NDArray[np.intp]:
        return np.array([a for a, x in enumerate(self.pairs) if solver.boolean_value(x)], np.intp)

    def _limit_loads(self) -> None:
        loads = self.problem.loads
        sides = (
            (self._by_mentor, loads.mentor_minimum, loads.mentor_capacity),
            (self._by_mentee, loads.mentee_minimum, loads.mentee_capacity),
        )
        for groups, minimum, capacity in sides:
            for group, least, most in zip(groups, minimum.tolist(), capacity.tolist(), strict=True):
                load = sum(self.pairs[a] for a in group)
                if least > len(group):
                    raise Infeasible
                if group and least > 0:
                    self.model.add(load >= least)
                if len(group) > most:
                    self.model.add(load <= most)

    def _limit_hours(self) -> None:
        budgets = self.problem.loads.mentor_hours
        if budgets is None:
            return
        cost = hours_of_pairs(self.problem)
        for group, budget in zip(self._by_mentor, budgets.tolist(), strict=True):
            if sum(int(cost[a]) for a in group) > budget:
                self.model.add(sum(int(cost[a]) * self.pairs[a] for a in group) <= budget)

    def _require(self) -> None:
        required = {(int(i), int(j)) for i, j in self.problem.loads.required}
        where = zip(self.problem.mentor.tolist(), self.problem.mentee.tolist(), strict=True)
        for a, pair in enumerate(where):
            if pair in required:
                self.model.add(self.pairs[a] == 1)

    def _indicators(self, groups: Sequence[Sequence[int]]) -> list[Any]:
        flags = []
        for group in groups:
            flag = self.model.new_bool_var("")
            self.model.add_max_equality(flag, [self.pairs[a] for a in group] or [0])
            flags.append(flag)
        return flags


def hours_of_pairs(problem: Problem) -> NDArray[np.int64]:
    """Hours that each pair costs its mentor, in units of 1/100 hour."""
    if problem.pair_hours is not None:
        return problem.pair_hours
    if problem.loads.mentee_hours is None:
        raise SolverError("hour budgets without hours per pair")
    return problem.loads.mentee_hours[problem.mentee]


def within_hours(problem: Problem, pairs: NDArray[np.intp]) -> bool:
    """Whether the chosen pairs respect every mentor's hours."""
    budgets = problem.loads.mentor_hours
    if budgets is None:
        return True
    spent = np.zeros(problem.n_mentors, np.int64)
    np.add.at(spent, problem.mentor[pairs], hours_of_pairs(problem)[pairs])
    return bool((spent <= budgets).all())


def fits(problem: Problem, pairs: NDArray[np.intp]) -> bool:
    """Whether the chosen pairs respect every mentor's hours and every quota."""
    return within_hours(problem, pairs) and quotas_hold(problem, pairs)


def _grouped(person: Iterable[int], people: int) -> list[list[int]]:
    groups: list[list[int]] = [[] for _ in range(people)]
    for a, who in enumerate(person):
        groups[who].append(a)
    return groups
