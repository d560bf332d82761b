"""Coaches chosen together with the pairs: prices on coaches, a flow, and a search for what prices leave open.

Prices on coaches turn the problem into a plain matching, whose flow bounds what is possible; a small linear
programme over the columns near those prices tells better ones. Where the last flow's pairs with their best
coaches reach the bound, they are optimal. Else a search looks at the few columns that could still be in a
better answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import MINIMUMS, Ints, Problem, Progress, Report, Solution, TierProof
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.coaching import assign_coaches, coach_places, coach_values
from pairmatch.solver.coaches.gains import CoachGains, Columns, bare
from pairmatch.solver.coaches.relaxed import Relaxed, relaxed
from pairmatch.solver.coaches.search import searched
from pairmatch.solver.course import Course
from pairmatch.solver.gains import longest_wait, places, tier_value
from pairmatch.solver.groups.counts import swing
from pairmatch.solver.network import Network, Optimum

__all__ = ["JOINT", "Hand", "Joint", "Point", "Proven", "solve_jointly"]

JOINT = ("coached", "total")
"""Tiers that coaches have a part in."""

ROUNDS = 12
"""Flows at most, each at better prices, for one tier."""

EACH = 6
"""Columns of the linear programme for each pair that there can be."""

SCALES = (10**9, 10**6, 10**3)
"""How often a person or pair counts, so that prices may be fractions of one: the finest that 64 bits hold.

The first is for tiers that weight stands before in the objective.
"""

LARGEST = 2**57
"""Gains of all people together stay below this."""

BELOW = "below"
"""Stands among first multipliers for the largest step of all tiers together."""

WORTH = 4
"""An earlier tier's first multiplier: so often the largest step of all later ones."""

NEARLY = 1e-7
"""How far a bound may be above the linear programme's value, as a share of it, and still count as reached."""

FEW = 1_000
"""Columns that a search looks at in any case, if there are so many."""

STAGES = (2, 3, 6, 20)
"""Columns for each pair that one search after the other looks at."""

EFFORT = 4.0
"""Work of one search, after which there is no further one: of the order of seconds, the same everywhere."""


@dataclass(frozen=True)
class Point:
    """A mixture with prices of coaches, and what a flow proves with them.

    ``raw`` bounds the mixture: the tier's own value ``scale`` times, and the earlier tiers' as often as
    ``times`` says. ``groups`` are prices of the problem's groups; none where all are 0.
    """

    times: Mapping[str, int]
    prices: Ints
    optimum: Optimum
    raw: int
    groups: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def over(self, targets: Mapping[str, int]) -> int:
        """What is left for the tier itself where the earlier ones have these values, ``scale`` times."""
        return self.raw - sum(self.times.get(name, 0) * value for name, value in targets.items())


@dataclass(frozen=True)
class Proven:
    """A tier's best point, and the value that a search showed to be the best, if one did."""

    tier: str
    scale: int
    point: Point
    searched: tuple[int, Mapping[str, int]] | None


@dataclass(frozen=True)
class Hand:
    """Pairs with coaches, and what they are worth tier by tier."""

    pairs: NDArray[np.intp]
    coached: Ints
    values: tuple[tuple[int, ...], ...]


def solve_jointly(problem: Problem, clock: Clock, report: Report | None = None) -> Solution:
    """The best pairs together with their coaches.

    Parameters
    ----------
    problem
        With coaches; no groups, even loads, hours, ``worst`` or ``leximin``. Its pairs are usable.
    clock
        The deadline.
    report
        Told now and then.

    Raises
    ------
    InfeasibleError
        Minimums and required pairs leave no valid matching.
    NoSolutionError
        The work was ended before a valid matching was found.
    """
    return Joint(problem, clock, report).run()


class Joint:
    """Goes from tier to tier with the best pairs and coaches in hand."""

    def __init__(self, problem: Problem, clock: Clock, report: Report | None) -> None:
        self.problem, self.clock = problem, clock
        self._report = report or (lambda _: None)
        self.gains = CoachGains(problem)
        self.plain = bare(problem)
        self.network = Network(self.plain, clock)
        self.coaching = self.gains.coaching
        self._keys = np.empty(0, np.int64)
        self._rounds = 0

    def run(self) -> Solution:
        """Solve every tier of the objective."""
        objective = self.problem.objective
        first = min((objective.index(tier) for tier in JOINT if tier in objective), default=len(objective))
        alone = self._without_coaches()
        pairs = self._index(alone.pairs)
        self.hand = self.alone = self._valued(pairs)
        self._assigned = assign_coaches(self.coaching, self._places(pairs)).tiers
        self._keys = self._taken(pairs, self.hand.coached)
        proven = []
        for place in range(first, len(objective)):
            self._report(Progress(f"solving {objective[place]}", place, len(objective)))
            proven.append(self._tier(objective[place], objective[:place]))
        return self._solution(alone, first, proven)

    def _without_coaches(self) -> Solution:
        return Course(self.plain, self.clock, self._report).run()

    # -- one tier ----------------------------------------------------------------------------

    def _tier(self, tier: str, earlier: Sequence[str]) -> Proven:
        """Better and better prices, until the pairs in hand reach their bound or nothing changes."""
        scale, times, prices = self._start(tier, earlier)
        best: Point | None = None
        for _ in range(ROUNDS):
            point = self._point({**times, tier: scale}, prices)
            self._offer(point.optimum.pairs)
            targets = self._targets(earlier)
            best = point if best is None or point.over(targets) < best.over(targets) else best
            if best.over(targets) // scale <= self._value(tier) or self.clock.over:
                break
            found = self._better(tier, scale, targets, point)
            if found is None:
                break
            near = best.over(targets) <= found.value * (1 + NEARLY) + scale / 2
            if near and point is not best:
                break
            times, prices = dict(found.times), found.prices
        if best is None:
            raise SolverError("no prices were tried")
        return self._closed(Proven(tier, scale, best, None), earlier)

    def _start(self, tier: str, earlier: Sequence[str]) -> tuple[int, dict[str, int], Ints]:
        """How often the tier counts, first multipliers, and first prices: of coaches for the pairs alone."""
        scales = (1,) if tier == "total" else SCALES if "total" in earlier else SCALES[1:]
        people = self.problem.n_mentors + self.problem.n_mentees + 2
        guesses = ((scale, self._guess(tier, earlier, scale)) for scale in scales)
        scale, times = next(
            (found for found in guesses if found[1][BELOW] * people < LARGEST),
            (1, self._guess(tier, earlier, 1)),
        )
        del times[BELOW]
        counted, weighed = self._assigned
        if tier not in JOINT:
            return scale, times, np.zeros(self.gains.size, np.int64)
        if tier == "coached":
            return scale, times, np.maximum(counted.mentee_prices, 0) * scale
        if "coached" in earlier:
            times["coached"] = weighed.multipliers["coached"]
        return scale, times, np.maximum(weighed.mentee_prices, 0)

    def _guess(self, tier: str, earlier: Sequence[str], scale: int) -> dict[str, int]:
        """Multipliers large enough as a rule, and the largest step of all tiers together."""
        steps = {"total": self.gains.largest + swing(self.problem), "waited": self._longest_wait}
        below = scale * steps.get(tier, 1)
        times: dict[str, int] = {}
        for name in [*reversed(earlier), *([MINIMUMS] if places(self.plain) else [])]:
            times[name] = WORTH * below
            below += times[name] * steps.get(name, 1)
        return {**times, BELOW: below}

    @property
    def _longest_wait(self) -> int:
        return 1 if self.problem.earlier is None else longest_wait(self.problem.earlier)

    def _point(self, times: Mapping[str, int], prices: Ints) -> Point:
        self._rounds += 1
        optimum = self.gains.solve(self.network, times, prices)
        return Point(times, prices, optimum, optimum.bound + int((self.coaching.capacity * prices).sum()))

    def _better(self, tier: str, scale: int, targets: Mapping[str, int], point: Point) -> Relaxed | None:
        """Prices at which a linear programme over columns near the last prices is best."""
        found = point.optimum
        most = EACH * self._most_pairs() + len(self.coaching.capacity)
        near, _ = self.gains.near(point.times, point.prices, (found.mentor_prices, found.mentee_prices), most)
        keys = [self._keys, near.keys(self.gains.size), self._taken(self.hand.pairs, self.hand.coached)]
        columns = Columns.of(np.unique(np.concatenate(keys)), self.gains.size)
        told = relaxed(self.gains, columns, tier, scale, targets)
        if told is not None:
            self._keys = columns.keys(self.gains.size)[told.used]
        return told

    def _closed(self, proven: Proven, earlier: Sequence[str]) -> Proven:
        """What prices leave open, searched among few columns, then among more, at last all that matter."""
        for each in STAGES:
            targets = self._targets(earlier)
            slack = proven.point.over(targets) - proven.scale * (self._value(proven.tier) + 1)
            if slack < 0 or self.clock.over:
                return proven
            best, whole = self._look(proven, targets, slack, each * self._most_pairs())
            if best and whole:
                return replace(proven, searched=(self._value(proven.tier), self._targets(earlier)))
            if whole or not best:
                return proven
        return proven

    def _look(self, proven: Proven, targets: Mapping[str, int], slack: int, most: int) -> tuple[bool, bool]:
        """Search the nearest columns: whether the search came to its end, and these were all."""
        tier, point = proven.tier, proven.point
        people = point.optimum.mentor_prices, point.optimum.mentee_prices
        near, whole = self.gains.near(point.times, point.prices, people, max(most, FEW), slack)
        mine = self._taken(self.hand.pairs, self.hand.coached)
        columns = Columns.of(np.unique(np.concatenate([near.keys(self.gains.size), mine])), self.gains.size)
        hint = np.isin(columns.keys(self.gains.size), mine)
        found = searched(self.gains, columns, tier, targets, hint, EFFORT, self.clock)
        if found is None:
            return False, whole
        self._offer(columns.pair[found.chosen])
        return found.best, whole

    # -- what is in hand ---------------------------------------------------------------------

    def _offer(self, pairs: NDArray[np.intp]) -> None:
        offered = self._valued(np.sort(pairs))
        if offered.values > self.hand.values:
            self.hand = offered

    def _valued(self, pairs: NDArray[np.intp]) -> Hand:
        problem = self.problem
        mentor, mentee = problem.mentor[pairs], problem.mentee[pairs]
        coached = coach_places(self.coaching, mentor, mentee, problem.objective)
        number, score = coach_values(self.coaching, mentor, mentee, coached)
        more = {"coached": number, "total": score}
        values: list[tuple[int, ...]] = [(tier_value(self.plain, MINIMUMS, pairs),)]
        for tier in problem.objective:
            first, *rest = (0,) if tier == "coached" else self._plain_value(tier, pairs)
            values.append((first + more.get(tier, 0), *rest))
        return Hand(pairs, coached, tuple(values))

    def _plain_value(self, tier: str, pairs: NDArray[np.intp]) -> tuple[int, ...]:
        return (tier_value(self.plain, tier, pairs),)

    def _value(self, tier: str) -> int:
        return self.hand.values[1 + self.problem.objective.index(tier)][0]

    def _targets(self, earlier: Sequence[str]) -> dict[str, int]:
        least = {MINIMUMS: places(self.plain)} if places(self.plain) else {}
        return least | {tier: self._value(tier) for tier in earlier}

    def _taken(self, pairs: NDArray[np.intp], coached: Ints) -> Ints:
        """The columns of pairs with their coaches."""
        coach = np.full(len(pairs), self.gains.size)
        coach[coached[:, 0]] = coached[:, 1]
        return Columns(pairs, coach).keys(self.gains.size)

    def _most_pairs(self) -> int:
        loads = self.problem.loads
        return int(min(loads.mentor_capacity.sum(), loads.mentee_capacity.sum()))

    def _index(self, pairs: Ints) -> NDArray[np.intp]:
        keys = self.problem.mentor.astype(np.int64) * self.problem.n_mentees + self.problem.mentee
        return np.searchsorted(keys, pairs[:, 0] * self.problem.n_mentees + pairs[:, 1])

    def _places(self, pairs: NDArray[np.intp]) -> Ints:
        chosen = np.stack([self.problem.mentor[pairs], self.problem.mentee[pairs]], axis=1)
        return chosen.astype(np.int64)

    # -- the answer --------------------------------------------------------------------------

    def _solution(self, alone: Solution, first: int, proven: Sequence[Proven]) -> Solution:
        before = {proof.tier: proof.value for proof in alone.tiers}
        tiers = [self._kept(proof, before) for proof in alone.tiers[:first]]
        for place, one in enumerate(proven, start=first):
            tiers.append(self._proof(one, self.problem.objective[:place]))
        complete = alone.complete and all(proof.value == proof.bound for proof in tiers)
        return self._answer(alone, tiers, complete=complete)

    def _answer(self, alone: Solution, tiers: Sequence[TierProof], *, complete: bool) -> Solution:
        stats = {**alone.stats, "flow_rounds": alone.stats.get("flow_rounds", 0) + self._rounds}
        for tier, value in zip(self.problem.objective, self.alone.values[1:], strict=True):
            stats[f"one_after_the_other_{tier}"] = value[0]
        stats["seconds"] = self.clock.elapsed
        return Solution(self._places(self.hand.pairs), tuple(tiers), complete, stats, self.hand.coached)

    def _kept(self, proof: TierProof, before: Mapping[str, int]) -> TierProof:
        """A tier in which coaches have no part, as it holds for the pairs in hand."""
        lost = sum(
            times * (before[name] - self._value(name))
            for name, times in proof.multipliers.items()
            if name in before  # not the minimums, and not the mentees, whom leximin settles
        )
        verified, value = proof.verified_bound + lost, self._value(proof.tier)
        if value == proof.value and not lost:
            return replace(proof, canonical=False)
        kind = "prices" if value == verified else "search"
        return replace(
            proof, value=value, bound=verified, verified_bound=verified, kind=kind, canonical=False
        )

    def _proof(self, proven: Proven, earlier: Sequence[str]) -> TierProof:
        targets, value = self._targets(earlier), self._value(proven.tier)
        verified = proven.point.over(targets) // proven.scale
        bound = verified
        if proven.searched is not None and proven.searched[1] == targets:
            bound = min(bound, max(proven.searched[0], value))
        optimum = proven.point.optimum
        times = {name: often for name, often in proven.point.times.items() if name != proven.tier}
        return TierProof(
            proven.tier,
            value,
            bound,
            verified,
            "prices" if value == verified else "search",
            times,
            optimum.mentor_prices,
            optimum.mentee_prices,
            group_prices=proven.point.groups,
            coach_prices=proven.point.prices,
            scale=proven.scale,
        )
