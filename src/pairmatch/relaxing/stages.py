"""How far each rule must give way: solved for one rule after another, the last one named first.

Every pair that only the named rules forbid is at hand beside the allowed ones, and costs one for each of
these rules that it breaks. What a rule costs outweighs all that rules named before it can cost, so that one
optimum tells the fewest exceptions of each. Coverage comes before all costs, weight after them. What was
found is then laid on the policy, and it is matched as any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import InfeasibleError
from pairmatch.parameters import label_of
from pairmatch.policy import BAR, Exempt
from pairmatch.problem import COVERAGE_TIERS, Ints, Problem, Solution
from pairmatch.relaxing.asking import Asked, furthest, milder
from pairmatch.relaxing.candidates import some_pairs
from pairmatch.relaxing.forbidding import breaking
from pairmatch.rules import Required
from pairmatch.scoring import build, loads, wholes
from pairmatch.scoring.order import active_positions
from pairmatch.scoring.size import is_swept
from pairmatch.solver import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring import Fit

__all__ = ["Relaxed", "relaxed"]

ROOM = 2**56
"""Costs and weights of all people together stay below this."""


@dataclass(frozen=True)
class Relaxed:
    """A policy relaxed as far as needed.

    Attributes
    ----------
    policy
        With exceptions, and with milder numbers.
    counts
        By label, in the order asked: exceptions, required pairs given up, or by how much a number is milder.
    proven
        Whether fewer are proven not to do.
    """

    policy: Policy
    counts: Mapping[str, int] = field(default_factory=dict)
    proven: bool = True

    @property
    def stats(self) -> dict[str, float]:
        """What a matching tells of it."""
        if not self.counts:
            return {}
        return {"relaxed": float(sum(self.counts.values())), "relaxed_proven": float(self.proven)}


def relaxed(
    cohort: Cohort,
    policy: Policy,
    fitted: Fit,
    asked: tuple[Asked, ...],
    left: Callable[[], float | None],
    cancelled: Callable[[], bool] | None = None,
) -> Relaxed:
    """The policy with the fewest exceptions that coverage and validity need.

    As good in the coverage tiers that come first in the objective as if none of the rules held; among these
    matchings the fewest exceptions of the last rule, then of the one before, and so on; among these the
    largest total weight.

    Parameters
    ----------
    cohort, policy, fitted
        A policy that fits the cohort, and its fitted values.
    asked
        The rules that may be relaxed; the first is relaxed before the others.
    left, cancelled
        Tell the seconds left, None for no limit, and whether the work is to end.

    Raises
    ------
    NoSolutionError
        The time ended before any matching was found.
    """
    stages = _Stages(cohort, policy, fitted, asked, left, cancelled)
    try:
        return stages.done() if stages.begun() else Relaxed(policy, {one.label: 0 for one in asked})
    except InfeasibleError:
        # Rules that nobody named leave no matching, and the match will say which.
        return Relaxed(policy)


@dataclass
class _Costs:
    """What pairs cost so far: the most important first.

    Attributes
    ----------
    each
        For each rule that needs exceptions, what each pair costs: 1 where it breaks the rule.
    """

    each: list[Ints] = field(default_factory=list)

    def joined(self, most: int) -> Ints | None:
        """One number for each pair; None if there is no room for it.

        Of ``most`` pairs at most, no sum of later costs is as much as one of an earlier one.
        """
        total, worth = np.zeros(1, np.int64), 1
        for cost in reversed(self.each):
            total = total + cost * worth
            worth *= 2 * most + 1
            if worth >= ROOM:
                return None
        return total


class _Stages:
    """Relaxes one rule after another, from the last on."""

    def __init__(
        self,
        cohort: Cohort,
        policy: Policy,
        fitted: Fit,
        asked: tuple[Asked, ...],
        left: Callable[[], float | None],
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._cohort, self._policy, self._asked, self._left = cohort, policy, asked, left
        self._fitted, self._cancelled = fitted, cancelled
        self._rules: dict[str, Any] = {}
        self._coverage = _leading(policy.objective)
        self._costs, self._counts = _Costs(), dict[str, int]()
        self._proven = True

    def begun(self) -> bool:
        """Whether there is anything to do: in a large cohort, whether anybody is left out."""
        cohort, policy, fitted = self._cohort, self._policy, self._fitted
        if _is_large(cohort, policy):
            built = some_pairs(cohort, policy, self._stated(), fitted, self._left)
            self._proven = False
            if built is None:
                return False
            self._built = built
        else:
            self._built = build(cohort, self._stated(), fitted)
        _check_required(self._built.problem)
        self._cost = {one.label: self._cost_of(one) for one in self._asked if one.kind != "number"}
        self._kept: NDArray[np.bool_] = np.ones(len(self._built.problem.mentor), np.bool_)
        return True

    def done(self) -> Relaxed:
        """The relaxed policy."""
        for one in reversed(self._asked):
            if one.kind == "number":
                self._by_number(one)
            else:
                self._by_pairs(one)
        pairs = self._solved(self._final_weight()).pairs
        counts = {one.label: self._counts[one.label] for one in self._asked}
        return Relaxed(self._with(pairs), counts, self._proven)

    # -- what is stated ----------------------------------------------------------------------

    def _stated(self) -> Policy:
        """The policy with the rules as far as they are settled, the others off."""
        off = {one.label for one in self._asked} - set(self._rules)
        rules = [
            self._rules.get(label_of(rule), rule) for rule in self._policy.rules if label_of(rule) not in off
        ]
        bar = None if BAR in off else self._policy.minimum_weight
        exceptions = tuple(one for one in self._policy.exceptions if one.rule not in off)
        return replace(
            self._policy,
            rules=tuple(rule for rule in rules if rule is not None),
            minimum_weight=bar,
            exceptions=exceptions,
            objective=self._coverage or ("pairs",),
            coaches=None,
        )

    def _problem(self, weight: Ints) -> Problem:
        """The problem over the pairs still at hand; what goals over groups ask for is left to the match."""
        stated, built = self._stated(), self._built
        bounds = loads(self._cohort, stated, built.mentors, built.mentees)
        groups = wholes(self._cohort, stated, bounds, built.mentors, built.mentees).groups
        return replace(
            built.problem,
            mentor=built.problem.mentor[self._kept],
            mentee=built.problem.mentee[self._kept],
            weight=weight[self._kept],
            loads=bounds,
            objective=(*self._coverage, "total"),
            groups=tuple(group for group in groups if (group.least, group.most) != (None, None)),
            evens=(),
        )

    def _cost_of(self, one: Asked) -> Ints:
        """What each pair at hand costs: 1 where it breaks the rule; -1 where it keeps a required pair."""
        if one.kind == "required":
            return -self._required(one.rule).astype(np.int64)
        return breaking(self._cohort, self._policy, self._fitted, one.label, self._built).astype(np.int64)

    def _required(self, rule: Required) -> NDArray[np.bool_]:
        wanted, built = set(rule.pairs), self._built
        ours, theirs = self._cohort.mentors.ids, self._cohort.mentees.ids
        rows = zip(
            built.mentors[built.problem.mentor].tolist(),
            built.mentees[built.problem.mentee].tolist(),
            strict=True,
        )
        return np.array([(ours[i], theirs[j]) in wanted for i, j in rows], np.bool_)

    # -- one rule ----------------------------------------------------------------------------

    def _by_pairs(self, one: Asked) -> None:
        """The fewest exceptions of a rule, or required pairs given up; pairs that need none are let go."""
        cost = self._cost[one.label]
        chosen = self._solved(self._weight(cost)).pairs
        count = int(cost[self._places(chosen)].sum())
        least = 0 if one.kind == "pairs" else -len(one.rule.pairs)
        self._counts[one.label] = count - least
        if one.kind == "pairs" and not count:
            self._kept &= cost == 0
        else:
            self._costs.each.append(cost)

    def _by_number(self, one: Asked) -> None:
        """The least by which a number must give way, so that all is as good as without the rule."""
        wanted = self._reached()

        def does(by: int) -> bool:
            self._rules[one.label] = milder(one.rule, by)
            return self._reached() == wanted

        most = 0 if does(0) else furthest(one.rule, self._cohort)
        least = min(1, most)
        while least < most:
            middle = (least + most) // 2
            least, most = (least, middle) if does(middle) else (middle + 1, most)
        self._rules[one.label] = milder(one.rule, most)
        self._counts[one.label] = most

    def _reached(self) -> tuple[int, ...] | None:
        """The values of coverage and costs; None where nothing is valid."""
        try:
            return tuple(proof.value for proof in self._solved(self._weight()).tiers)
        except InfeasibleError:
            if not self._rules:
                raise
            return None

    # -- solving -----------------------------------------------------------------------------

    def _weight(self, *more: Ints) -> Ints:
        """Weights that count costs alone, as far as there is room; those of before are settled else."""
        joined = _Costs([*self._costs.each, *more]).joined(self._most)
        if joined is None:
            self._settle()
            self._proven = False
            joined = _Costs([*more]).joined(self._most)
        costs = np.zeros(1, np.int64) if joined is None else joined
        return np.broadcast_to(-costs, self._kept.shape)

    def _final_weight(self) -> Ints:
        """The pairs' own weights, which all together count less than any cost."""
        own, cost = self._built.problem.weight, -self._weight()
        top = self._most * int(own.max(initial=0)) + 1
        people = sum(self._cohort.shape) + 2
        # The solver multiplies by up to five for each tier, and adds over all people.
        if int(np.abs(cost).max(initial=0)) * top * people * 5 ** (1 + len(self._coverage)) >= ROOM:
            self._settle()
            return own
        return np.asarray(own - top * cost)

    def _settle(self) -> None:
        """Keep those exceptions alone that an optimum for the costs so far rests on."""
        chosen = self._places(self._solved(self._weight()).pairs)
        taken = np.zeros(len(self._kept), np.bool_)
        taken[chosen] = True
        for cost in self._costs.each:
            self._kept &= taken | (cost <= 0)
        self._costs = _Costs([cost for cost in self._costs.each if (cost < 0).any()])

    @property
    def _most(self) -> int:
        """The most pairs that a matching can have."""
        bounds = self._built.problem.loads
        sides = (bounds.mentor_capacity, bounds.mentee_capacity)
        return max(1, min(len(self._kept), *(int(side.sum()) for side in sides)))

    def _solved(self, weight: Ints) -> Solution:
        solution = solve(self._problem(weight), time_limit=self._left(), cancelled=self._cancelled)
        self._proven = self._proven and solution.proven
        return solution

    def _places(self, chosen: Ints) -> NDArray[np.int64]:
        """Where chosen pairs stand among all pairs at hand."""
        problem = self._built.problem
        keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
        return np.searchsorted(keys, chosen[:, 0] * problem.n_mentees + chosen[:, 1])

    # -- the answer --------------------------------------------------------------------------

    def _with(self, pairs: Ints) -> Policy:
        """The policy with the exceptions on which chosen pairs rest, and with what the rules came to."""
        at = self._places(pairs)
        exceptions: list[Exempt] = []
        for one in self._asked:
            if one.kind == "pairs":
                exceptions += [
                    Exempt(one.label, *self._ids(place))
                    for place in at[self._cost[one.label][at] > 0].tolist()
                ]
            elif one.kind == "required":
                kept = {self._ids(place) for place in at[self._cost[one.label][at] < 0].tolist()}
                self._rules[one.label] = Required(tuple(sorted(kept))) if kept else None
        rules = [self._rules.get(label_of(rule), rule) for rule in self._policy.rules]
        return replace(
            self._policy,
            rules=tuple(rule for rule in rules if rule is not None),
            exceptions=(*self._policy.exceptions, *exceptions),
        )

    def _ids(self, place: int) -> tuple[str, str]:
        problem, built = self._built.problem, self._built
        mentor, mentee = built.mentors[problem.mentor[place]], built.mentees[problem.mentee[place]]
        return self._cohort.mentors.ids[int(mentor)], self._cohort.mentees.ids[int(mentee)]


def _check_required(problem: Problem) -> None:
    """A required pair that a rule forbids which nobody named leaves no matching."""
    required, width = problem.loads.required, problem.n_mentees
    keys = problem.mentor.astype(np.int64) * width + problem.mentee
    if not np.isin(required[:, 0] * width + required[:, 1], keys).all():
        raise InfeasibleError([])


def _leading(objective: Sequence[str]) -> tuple[str, ...]:
    """The coverage tiers that come before all others."""
    found: list[str] = []
    for tier in objective:
        if tier not in COVERAGE_TIERS:
            break
        found.append(tier)
    return tuple(found)


def _is_large(cohort: Cohort, policy: Policy) -> bool:
    """Whether the pairs are swept, and never all at hand."""
    bounds = loads(cohort, policy, active_positions(cohort.mentors), active_positions(cohort.mentees))
    return is_swept(bounds, policy.objective, groups=bool(policy.cohort_goals or policy.group_rules))
