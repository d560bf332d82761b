"""Mentors who cost something once they have a pair: what prices of mentees and groups prove, by bundles.

Where a mentor may have several pairs and the first one costs, gains are not concave, and prices on both
sides prove too little. Against prices of mentees and groups alone, each mentor's best set of pairs is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, Problem, rank_among_equals
from pairmatch.solver.bundled.bundles import FINER, finer
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import LIMIT, combine, mixed_value
from pairmatch.solver.groups.counts import constant
from pairmatch.solver.groups.restricted import BROKEN, EXTRA, Relaxed, Restricted

__all__ = ["Opened", "Opening", "Sets"]

NEVER = -(2**61)
"""Worth of what cannot be."""

BEST_OF_MENTEE, BEST_OF_MENTOR = 12, 4
"""Pairs of each person that the first linear programme holds."""

CANDIDATES = 20_000
"""Fewer for each where there would be more than that."""

ROUNDS = 8
"""Most linear programmes."""

NEAR = 0.002
"""How little a pair may lose to join the next one, in shares of the largest gain; so many for each mentee."""

JOINING = 10

WIDER = 3
"""By how much more they may lose with each round."""

SETTLED = 1e-6
"""A bound so near what the linear programme reaches, in shares of a hundred pairs, is the best one."""

LIKELY, NODES = 1_000, 300
"""Pairs that are decided in whole numbers, and most branches looked at."""


@dataclass(frozen=True, eq=False)
class Sets:
    """What prices of mentees and groups prove.

    Attributes
    ----------
    mentee_prices, group_prices
        The prices.
    bound
        The bound on the mixture.
    loss
        For each of the problem's pairs, by how much the bound falls for matchings that hold it.
    """

    mentee_prices: Ints
    group_prices: Ints
    bound: int
    loss: Ints


class Opened:
    """The mentors' best sets of pairs in a problem without hours.

    Parameters
    ----------
    problem
        Its pairs must be usable and sorted by mentor.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._required = is_required(problem)
        self._free = np.flatnonzero(~self._required)
        self._mentor = problem.mentor[self._free]
        self._number = np.bincount(self._mentor, minlength=problem.n_mentors)

    def priced(self, times: Mapping[str, int], mentee_prices: Ints, group_prices: Ints) -> Sets:
        """What prices prove about a mixture."""
        problem = self.problem
        gains = combine(problem, times, group_prices)
        side, value = gains.mentors, gains.pair - mentee_prices[problem.mentee]
        places = np.minimum(side.capacity - side.used, self._number)
        most = int(places.max(initial=0))
        loads = np.arange(most + 1)
        gain = np.column_stack([side.total(np.minimum(side.used + k, side.capacity)) for k in loads.tolist()])
        gain[loads > places[:, None]] = NEVER
        best, loss = self._best(value[self._free], gain)
        whole = np.zeros(len(value), np.int64)
        whole[self._free] = loss
        fixed = int(value[self._required].sum()) + int(gains.mentees.best(mentee_prices).sum())
        bound = int(best.sum()) + fixed + constant(problem, times, group_prices)
        return Sets(mentee_prices, group_prices, bound, whole)

    def _best(self, value: Ints, gain: Ints) -> tuple[Ints, Ints]:
        """What each mentor's best set is worth, and what it loses by each free pair."""
        order = np.lexsort((-value, self._mentor))
        rank = np.empty(len(value), np.int64)
        rank[order] = rank_among_equals(self._mentor[order])
        most = gain.shape[1] - 1
        sums = np.zeros(gain.shape, np.int64)
        kept = rank < most
        sums[self._mentor[kept], rank[kept] + 1] = value[kept]
        np.cumsum(sums, axis=1, out=sums)
        there = gain > NEVER
        worth = np.where(there, sums + gain, NEVER)
        # With one pair more in place of the last one: the best over loads up to each.
        one_less = np.where(there[:, 1:], sums[:, :-1] + gain[:, 1:], NEVER)
        replaced = np.maximum.accumulate(one_less, axis=1) if most else one_less
        # The best load from each on holds the pairs of all ranks before.
        onward = np.maximum.accumulate(worth[:, ::-1], axis=1)[:, ::-1]
        if not most:
            return onward[:, 0], np.zeros(len(value), np.int64)
        at = np.minimum(rank, most)
        forced = np.full(len(value), NEVER)
        late = at > 0
        forced[late] = replaced[self._mentor[late], at[late] - 1] + value[late]
        early = at < most
        forced[early] = np.maximum(forced[early], onward[self._mentor[early], at[early] + 1])
        return onward[:, 0], onward[self._mentor, 0] - forced


class Opening:
    """Finds prices of mentees and groups, and pairs, for mixtures in which mentors cost something.

    Parameters
    ----------
    problem
        As for :class:`Opened`.
    known
        Its :func:`~pairmatch.solver.groups.softened.coefficients`.
    clock
        Its deadline ends the work.
    offer
        Called with each matching that is found; returns the best one of all, if there is any.
    """

    def __init__(
        self,
        problem: Problem,
        known: tuple[Any, Any, Any],
        clock: Clock,
        offer: Callable[[NDArray[np.intp]], NDArray[np.intp] | None],
    ) -> None:
        self.problem, self._known, self._clock, self._offer = problem, known, clock, offer
        self._opened = Opened(problem)
        self._required = is_required(problem)

    def maximise(
        self, times: Mapping[str, int], mentee_prices: Ints, group_prices: Ints, hand: NDArray[np.intp]
    ) -> tuple[Sets, int]:
        """The best bound that was found, and how often its mixture counts everything.

        Parameters
        ----------
        times
            The mixture.
        mentee_prices, group_prices
            To begin with.
        hand
            Pairs near the best ones, valid or not.
        """
        scale = self._scale(times)
        times = {tier: often * scale for tier, often in times.items()}
        best = self._opened.priced(times, mentee_prices * scale, group_prices * scale)
        free = self._first(times, best)
        free[hand] = True
        unit = float(np.abs(combine(self.problem, times).pair).max(initial=1))
        many = max(1.0, self.problem.n_mentees / 100)
        for number in range(ROUNDS):
            if self._clock.over:
                return best, scale
            model = Restricted(
                self.problem, times, free & ~self._required, self._required, self._known, strong=True
            )
            relaxed = model.relaxed(self._clock.left)
            if relaxed is None:
                break
            self._offer(np.union1d(model.fixed, relaxed.pairs[relaxed.shares >= 1 - BROKEN]))
            found = self._at(times, relaxed, best.mentee_prices)
            best = found if found.bound < best.bound else best
            joining = self._joining(found, free, NEAR * unit * WIDER**number)
            if found.bound - relaxed.value <= SETTLED * unit * many or not joining.any():
                break
            free |= joining
        self._whole(times, best)
        return best, scale

    def _scale(self, times: Mapping[str, int]) -> int:
        """How finely prices can be told: group prices are no larger than what the linear programme pays."""
        most = float(np.abs(combine(self.problem, times).pair).max(initial=1)) * (
            len(self.problem.groups) + 2
        )
        people = self.problem.n_mentors + self.problem.n_mentees + 2
        return finer(self.problem, times) if FINER * EXTRA * most * people < LIMIT else 1

    def _first(self, times: Mapping[str, int], sets: Sets) -> NDArray[np.bool_]:
        problem = self.problem
        gain = combine(problem, times, sets.group_prices).pair
        each = np.clip(CANDIDATES // max(problem.n_mentees, 1), BEST_OF_MENTEE // 3, BEST_OF_MENTEE)
        mine = _best_of(problem.mentee, gain, int(each))
        each = -(-each * BEST_OF_MENTOR // BEST_OF_MENTEE)
        return mine | _best_of(problem.mentor, gain - sets.mentee_prices[problem.mentee], int(each))

    def _at(self, times: Mapping[str, int], relaxed: Relaxed, prices: Ints) -> Sets:
        """What the linear programme's prices prove; a mentee it does not know keeps the own one."""
        problem = self.problem
        side = combine(problem, times, relaxed.group_prices).mentees
        single = (side.capacity <= 1) & (side.used == 0)
        at, prices = problem.mentee[relaxed.pairs], prices.copy()
        prices[at] = np.rint(relaxed.held).astype(np.int64) - np.where(single, side.first, 0)[at]
        return self._opened.priced(times, prices, relaxed.group_prices)

    def _joining(self, sets: Sets, free: NDArray[np.bool_], width: float) -> NDArray[np.bool_]:
        """Pairs outside the linear programme that lose least: of each mentee, and all in best sets."""
        near = np.flatnonzero(~free & (sets.loss <= width))
        chosen = np.zeros(len(free), bool)
        chosen[near] = _best_of(self.problem.mentee[near], -sets.loss[near], JOINING) | (sets.loss[near] == 0)
        return chosen

    def _whole(self, times: Mapping[str, int], sets: Sets) -> None:
        """Offer the best matching among the likeliest pairs; again where fewer matter then."""
        tried = len(sets.loss) + 1
        for _ in range(2):
            hand = self._offer(self._required.nonzero()[0])
            left = 2**62 if hand is None else sets.bound - mixed_value(self.problem, times, hand)
            near = sets.loss <= left
            if left <= 0 or self._clock.over or int(near.sum()) > tried // 2:
                return
            tried = int(near.sum())
            if int(near.sum()) > LIKELY:
                near &= sets.loss <= np.partition(sets.loss, LIKELY)[LIKELY]
            model = Restricted(
                self.problem, times, near & ~self._required, self._required, self._known, strong=True
            )
            found = model.whole(NODES, self._clock.left)
            if found is None:
                return
            self._offer(found)


def _best_of(person: NDArray[Any], value: Ints, most: int) -> NDArray[np.bool_]:
    order = np.lexsort((-value, person))
    best = np.zeros(len(value), bool)
    best[order[rank_among_equals(person[order]) < most]] = True
    return best
