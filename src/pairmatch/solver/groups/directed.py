"""Mixtures with groups, directed by prices: what groups want moves pairs' gains, and a flow does the rest.

Prices of the groups come from a softened problem or a linear programme over few pairs; at these prices a flow
over all pairs gives a bound that holds and pairs near it. Pairs that are nearly as good as the chosen ones go
into the linear programme, whose prices are better, and so on. Of its answer few pairs are broken; a small
search in whole numbers around them makes it a matching.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import combine, mixed_value, tier_value, used
from pairmatch.solver.groups.counts import constant, quotas_hold
from pairmatch.solver.groups.opened import Opening
from pairmatch.solver.groups.priced import PricedNetwork
from pairmatch.solver.groups.restricted import BROKEN, Relaxed, Restricted
from pairmatch.solver.groups.softened import Reals, coefficients, ranges, soft_prices

FEW = 8_000
"""Pairs up to which the linear programme holds them all."""

NEAR = 0.001
"""How far below the prices pairs may be to go into it at first, in shares of the largest weight."""

USUAL = 200_000
"""Pairs for which that holds; where there are more, prices are surer, and fewer need to be near."""

LOOSER = 8
"""By how much more the prices of groups may move, each time that better ones seemed to lie farther off."""

WIDER = 3
"""By how much that grows with each round."""

ROUNDS = 5

AROUND = 600
"""Pairs around broken ones that are decided in whole numbers."""

NODES = 300
"""Most branches looked at for that."""

MOST_BROKEN = 6_000
"""More pairs than that are not decided in whole numbers at all."""

SETTLED = 0.002
"""A bound so near what the linear programme reaches, in shares of the largest weight, is good enough."""

GOAL = 1e-6
"""A gap at which flows have done enough."""


@dataclass(frozen=True)
class Standing:
    """The best bound of a mixture so far, and its prices.

    The prices are of the mixture ``scale`` times; with ``bundles`` each mentor's best set of pairs counts.
    """

    bound: int
    mentor_prices: Ints
    mentee_prices: Ints
    group_prices: Ints
    scale: int = 1
    bundles: bool = False


class Directed:
    """Maximises mixtures of linear tiers over a problem with groups.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`; hours are not looked at.
    tiers
        By which matchings are compared, most important first.
    clock
        Its deadline stops everything but a flow.
    tell
        Called with the gap of the mixture's last tier now and then.
    """

    def __init__(
        self, problem: Problem, tiers: Sequence[str], clock: Clock, tell: Callable[[float], None]
    ) -> None:
        self.problem, self.tiers, self.clock = problem, tiers, clock
        self.network = PricedNetwork(problem, clock)
        self.pairs: NDArray[np.intp] | None = None
        self.complete = True
        self.loose = False
        self._worth: tuple[int, ...] = ()
        self._taken: NDArray[np.intp] | None = None
        self._tell = tell
        self._known = coefficients(problem)
        several = (problem.loads.mentor_capacity > 1) & (used(problem)[0] == 0)
        self._bendable = bool(several.any()) and any(group.mentors is not None for group in problem.groups)

    def offer(self, pairs: NDArray[np.intp]) -> NDArray[np.intp] | None:
        """Keep pairs that are valid and better, tier by tier, than those in hand; those that are kept."""
        if not is_valid(self.problem, pairs):
            return self.pairs
        worth = tuple(tier_value(self.problem, tier, pairs) for tier in self.tiers)
        if self.pairs is None or worth > self._worth:
            self.pairs, self._worth = np.sort(pairs), worth
        return self.pairs

    def bound(self, times: Mapping[str, int], prices: Ints) -> Standing:
        """What prices of the groups prove about a mixture; its best pairs at these prices are offered."""
        return self._flow(times, prices)[0]

    def maximise(self, times: Mapping[str, int], tier: str, start: Ints | None = None) -> Standing:
        """The best bound of a mixture that was found; the best pairs are in hand.

        Parameters
        ----------
        times
            The mixture: the tiers before with their multipliers, and this one.
        tier
            The tier whose gap is looked at.
        start
            Prices of the groups to begin with.
        """
        standing = self._by_flows(times, tier, start)
        if not self._bendable or self._done(standing, times, tier) or self._taken is None:
            return standing
        opening = Opening(self.problem, self._known, self.clock, self.offer)
        found, scale = opening.maximise(times, standing.mentee_prices, standing.group_prices, self._taken)
        if found.bound // scale >= standing.bound:
            return standing
        nothing = np.zeros(self.problem.n_mentors, np.int64)
        return Standing(
            found.bound // scale, nothing, found.mentee_prices, found.group_prices, scale, bundles=True
        )

    def _bent(self, times: Mapping[str, int], standing: Standing) -> bool:
        """Whether some mentor's gains are not concave, so that flows prove too little."""
        return bool(combine(self.problem, times, standing.group_prices).mentors.hull[0].any())

    def _by_flows(self, times: Mapping[str, int], tier: str, start: Ints | None) -> Standing:
        unit = max(int(np.abs(combine(self.problem, {tier: times[tier]}).pair).max(initial=0)), times[tier])
        whole = len(self.problem.mentor) <= FEW
        best: Standing | None = None
        free = np.full(len(self.problem.mentor), whole)
        prices, reached, box, loosened = start, -np.inf, None, 1
        width = NEAR * unit * (USUAL / max(len(self.problem.mentor), 1)) ** 0.5
        if prices is None and not whole:
            prices = soft_prices(self.problem, times, unit, self.clock)
        for _ in range(ROUNDS):
            if prices is not None or (best is None and self.clock.over):
                prices = np.zeros(len(self.problem.groups), np.int64) if prices is None else prices
                standing, taken = self._flow(times, prices)
                still = best is not None and abs(standing.bound - best.bound) <= SETTLED * unit
                best = standing if best is None or standing.bound < best.bound else best
                if self._done(best, times, tier) or best.bound <= reached or still or self._bent(times, best):
                    return best
                if not whole:
                    free |= self._near(taken, times, int(width))
                    box = self._box(best.group_prices, times, width * loosened)
                    width *= WIDER
            relaxed = self._improved(times, free, box)
            if relaxed is None:
                break
            prices = relaxed.group_prices
            loosened *= LOOSER if relaxed.boxed else 1
            reached = -np.inf if relaxed.boxed else relaxed.value + SETTLED * unit
        return (
            best if best is not None else self._flow(times, np.zeros(len(self.problem.groups), np.int64))[0]
        )

    def mend(self, times: Mapping[str, int], free: NDArray[np.bool_]) -> None:
        """Offer the best matching of these pairs that a small search in whole numbers finds."""
        required = is_required(self.problem)
        whole = Restricted(self.problem, times, free & ~required, required, self._known)
        found = whole.whole(NODES, self.clock.left)
        if found is not None:
            self.offer(found)

    def _flow(self, times: Mapping[str, int], prices: Ints) -> tuple[Standing, NDArray[np.intp]]:
        self.network.group_prices = prices
        found = self.network.solve(times)
        self.complete = self.complete and self.network.complete
        self.offer(found.pairs)
        bound = found.bound + constant(self.problem, times, prices)
        self._taken = found.pairs
        return Standing(bound, found.mentor_prices, found.mentee_prices, prices), found.pairs

    def _done(self, best: Standing, times: Mapping[str, int], tier: str) -> bool:
        """Whether the gap is small enough, or the time is up."""
        if self.clock.over:
            self.complete = False
            return True
        if self.pairs is None:
            return False
        left = best.bound - mixed_value(self.problem, times, self.pairs)
        size = max(abs(tier_value(self.problem, tier, self.pairs)) * times[tier], 1)
        self._tell(left / size)
        return left <= GOAL * size

    def _near(self, taken: NDArray[np.intp], times: Mapping[str, int], width: int) -> NDArray[np.bool_]:
        """Pairs that are nearly as good as the chosen ones, and the chosen ones of the same people."""
        problem = self.problem
        middle = self.network.middle(taken, times)
        chosen = _marked(problem, taken)
        if middle is None:
            return chosen
        gain = combine(problem, times, self.network.group_prices).pair
        near = gain - middle[0][problem.mentor] - middle[1][problem.mentee] >= -width
        near &= ~chosen
        return near | (chosen & _touching(problem, near))

    def _box(self, prices: Ints, times: Mapping[str, int], width: float) -> tuple[Reals, Reals]:
        """Prices so near to these that no pair outside the linear programme should matter."""
        low, high = ranges(self.problem, times)
        return np.clip(prices - width, low, high), np.clip(prices + width, low, high)

    def _improved(
        self, times: Mapping[str, int], free: NDArray[np.bool_], box: tuple[Reals, Reals] | None
    ) -> Relaxed | None:
        """What the linear programme over the free pairs says; its answer, made whole, is offered."""
        if self.clock.over:
            self.complete = False
            return None
        required = is_required(self.problem)
        chosen = required if self._taken is None else required | _marked(self.problem, self._taken)
        free = free & ~required
        model = Restricted(self.problem, times, free, chosen, self._known, box)
        relaxed = model.relaxed(self.clock.left)
        if relaxed is None:
            return None
        self.loose = self._loosened(model, relaxed)
        self._make_whole(times, model, relaxed)
        return relaxed

    def _loosened(self, model: Restricted, relaxed: Relaxed) -> bool:
        """Whether the linear programme gave up people or pairs: too small multipliers."""
        if self.pairs is None:
            return False
        load = np.bincount(self.problem.mentee[relaxed.pairs], relaxed.shares, self.problem.n_mentees)
        load += np.bincount(self.problem.mentee[model.fixed], minlength=self.problem.n_mentees)
        matched = np.minimum(load, 1)
        reached = {
            "must_match": float(matched[self.problem.must_match].sum()),
            "mentees": float(matched.sum()),
            "pairs": float(load.sum()),
            **{tier: self._kept(tier, model.fixed, relaxed) for tier in ("held", "kept")},
        }
        earlier = zip(self.tiers[:-1], self._worth, strict=False)
        return any(tier in reached and reached[tier] < value - 0.01 for tier, value in earlier)

    def _kept(self, tier: str, fixed: NDArray[np.intp], relaxed: Relaxed) -> float:
        """How many running pairs the linear programme keeps."""
        problem, earlier = self.problem, self.problem.earlier
        if earlier is None or tier not in self.tiers:
            return 0.0
        gain = earlier.gains(problem.mentor, problem.mentee, {tier: 1})
        return float((gain[relaxed.pairs] * relaxed.shares).sum()) + float(gain[fixed].sum())

    def _make_whole(self, times: Mapping[str, int], model: Restricted, relaxed: Relaxed) -> None:
        problem = self.problem
        full = relaxed.pairs[relaxed.shares >= 1 - BROKEN]
        taken = np.concatenate([model.fixed, full])
        broken = relaxed.broken
        self.offer(np.sort(taken))
        if not len(broken) or len(broken) > MOST_BROKEN or self.clock.over:
            return
        if len(relaxed.pairs) > AROUND:
            around = _around(problem, broken, _marked(problem, relaxed.pairs))
            model = Restricted(problem, times, around, _marked(problem, taken), self._known)
        whole = model.whole(NODES, self.clock.left)
        if whole is not None:
            self.offer(whole)


def is_valid(problem: Problem, pairs: NDArray[np.intp]) -> bool:
    """Whether the chosen pairs respect loads, required pairs and quotas."""
    loads = problem.loads
    mentor_load = np.bincount(problem.mentor[pairs], minlength=problem.n_mentors)
    mentee_load = np.bincount(problem.mentee[pairs], minlength=problem.n_mentees)
    within = (mentor_load <= loads.mentor_capacity).all() and (mentee_load <= loads.mentee_capacity).all()
    enough = (mentor_load >= loads.mentor_minimum).all() and (mentee_load >= loads.mentee_minimum).all()
    required = np.isin(np.flatnonzero(is_required(problem)), pairs).all()
    return bool(within and enough and required) and quotas_hold(problem, pairs)


def _marked(problem: Problem, pairs: NDArray[np.intp]) -> NDArray[np.bool_]:
    marked = np.zeros(len(problem.mentor), bool)
    marked[pairs] = True
    return marked


def _touching(problem: Problem, pairs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pairs of anybody who has one of these pairs."""
    mentors, mentees = np.zeros(problem.n_mentors, bool), np.zeros(problem.n_mentees, bool)
    mentors[problem.mentor[pairs]] = True
    mentees[problem.mentee[pairs]] = True
    return mentors[problem.mentor] | mentees[problem.mentee]


def _around(problem: Problem, broken: NDArray[np.intp], free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Free pairs within a few steps of the broken ones: as many steps as keep them few."""
    around = _marked(problem, broken)
    while True:
        wider = free & _touching(problem, around)
        if int(wider.sum()) > AROUND or int(wider.sum()) == int(around.sum()):
            return around
        around = wider
