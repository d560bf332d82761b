"""Matchings that keep quotas, picked greedily: a start where the time may end before a good one is found.

The flow without groups comes first; where it keeps no quota, persons are picked for whom quotas have room,
one mentor after the other, whoever brings the most, and a flow over the picked ones does the rest.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Group
from pairmatch.problem import MINIMUMS, Ints, Problem, rank_among_equals
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required, restrict, usable
from pairmatch.solver.gains import Gains, combine, first_guess
from pairmatch.solver.groups.counts import is_quota, quotas_hold, ungrouped
from pairmatch.solver.groups.priced import PricedNetwork

__all__ = ["priced_starts", "starts"]

Indices = NDArray[np.intp]
Reals = NDArray[np.float64]

NOTHING = np.empty(0, np.int64)
"""Prices where no group has one."""


def starts(problem: Problem, tiers: Sequence[str], clock: Clock) -> Iterator[Indices]:
    """Matchings that probably keep the quotas, a few flows' worth; some may not.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`, and sorted by mentor.
    tiers
        By which matchings are compared, most important first.
    clock
        Its deadline leaves the flows less sure, and does not stop them.
    """
    if not len(problem.mentor):
        return
    bare = ungrouped(problem)
    plain = _best(bare, tiers, clock, NOTHING)
    yield plain
    if quotas_hold(problem, plain):
        return
    yield from _picked(problem, bare, tiers, clock, NOTHING)


def priced_starts(problem: Problem, tiers: Sequence[str], clock: Clock, prices: Ints) -> Iterator[Indices]:
    """The same with prices for one more in each group, as a mixture of the tiers has them."""
    costly = [place for place, group in enumerate(problem.groups) if group.price]
    if costly and len(problem.mentor):
        wanted = [replace(problem.groups[place], least=None, most=None) for place in costly]
        yield from _picked(problem, replace(problem, groups=tuple(wanted)), tiers, clock, prices[costly])


def _best(soft: Problem, tiers: Sequence[str], clock: Clock, prices: Ints) -> Indices:
    """The best matching at prices of groups, without quotas."""
    network = PricedNetwork(soft, clock)
    network.group_prices = prices
    return network.solve(first_guess(soft, tiers, worth=1)).pairs


def _picked(
    problem: Problem, soft: Problem, tiers: Sequence[str], clock: Clock, prices: Ints
) -> Iterator[Indices]:
    """Who is picked, and the best matching of these; everybody whom quotas need has a pair."""
    picking = _Picking(problem, combine(soft, first_guess(soft, tiers, worth=1), prices))
    picking.run()
    yield np.sort(np.array(picking.claimed, np.intp))
    loads, claimed = problem.loads, np.array(picking.needed_pairs, np.intp)
    asked = np.stack([problem.mentor[claimed], problem.mentee[claimed]], axis=1).astype(np.int64)
    loads = replace(
        loads,
        mentor_minimum=np.maximum(loads.mentor_minimum, picking.needed[0]),
        mentee_minimum=np.maximum(loads.mentee_minimum, picking.needed[1]),
        required=np.unique(np.concatenate([loads.required, asked]), axis=0),
    )
    part = restrict(replace(soft, loads=loads), picking.allowed())
    core = usable(part.problem)
    ordered = tiers if MINIMUMS in tiers else [MINIMUMS, *tiers]
    yield part.index[core.index[_best(core.problem, ordered, clock, prices)]]


@dataclass
class _Quota:
    """A quota's count while persons are picked."""

    group: Group
    count: int = 0

    @property
    def short(self) -> bool:
        """Whether it must be more."""
        return self.group.least is not None and self.count < self.group.least

    @property
    def room(self) -> float:
        """By how much it may grow."""
        return np.inf if self.group.most is None else max(self.group.most - self.count, 0)

    def of_person(self, side: int, person: int) -> int:
        """What a person adds who has had no pair yet."""
        own = (self.group.mentors, self.group.mentees)[side]
        return 0 if own is None else int(own[person])


class _Picking:
    """Picks mentors one by one, with mentees for them, as long as quotas have room.

    A mentor is worth what the best mentees bring who have no partner yet, or a worse one. That only falls
    while others are picked, so most mentors need not be looked at again.
    """

    def __init__(self, problem: Problem, gains: Gains) -> None:
        self.problem = problem
        self.quotas = [_Quota(group) for group in problem.groups if is_quota(group)]
        sides = (gains.mentors, gains.mentees)
        self._first = [(side.first + side.filled * (side.minimum > 0)).astype(float) for side in sides]
        self._gain = gains.pair.astype(float)
        self._begin = np.searchsorted(problem.mentor, np.arange(problem.n_mentors + 1))
        self.picked = [np.zeros(len(side.capacity), bool) for side in sides]
        self.needed = [np.zeros(len(side.capacity), np.int64) for side in sides]
        self._left = [side.capacity.copy() for side in sides]
        self._has = np.full(problem.n_mentees, np.inf)
        self.claimed: list[int] = []
        self.needed_pairs: list[int] = []
        largest = sum(float(np.abs(part).max(initial=0)) for part in (self._gain, *self._first))
        most = int(np.minimum(self._left[0], problem.n_mentees).max(initial=0))
        self._before_all = 1 + largest * (1 + most)
        required = np.flatnonzero(is_required(problem))
        for pair in required:
            self._claim(int(pair))
        self._gain[required] = -np.inf

    def run(self) -> None:
        """Pick until nobody brings more, or quotas have no room."""
        heap = [(-worth, mentor) for mentor, worth in enumerate(self._at_most()) if worth > 0]
        heapq.heapify(heap)
        while heap:
            _, mentor = heapq.heappop(heap)
            worth, best = self._worth(mentor)
            if worth <= 0:
                continue
            if heap and worth < -heap[0][0]:
                heapq.heappush(heap, (-worth, mentor))
            else:
                self._pick(mentor, best)

    def allowed(self) -> NDArray[np.bool_]:
        """Pairs that add to no count that has a most, beside those of whoever was picked."""
        problem = self.problem
        keep = np.ones(len(problem.mentor), bool)
        claimed = np.zeros(len(keep), bool)
        claimed[self.claimed] = True
        for group in (quota.group for quota in self.quotas if quota.group.most is not None):
            for side, own in enumerate((group.mentors, group.mentees)):
                if own is not None:
                    of = (problem.mentor, problem.mentee)[side]
                    keep &= (self.picked[side] | (own <= 0))[of]
            if group.pairs is not None:
                keep &= claimed | (group.pairs.of(problem.mentor, problem.mentee) <= 0)
        return keep

    # -- what a mentor is worth ----------------------------------------------------------------

    def _at_most(self) -> list[float]:
        """What each mentor can bring at most."""
        mentor = self.problem.mentor
        gain = np.maximum(self._gains(np.arange(len(mentor))), 0)
        order = np.lexsort((-gain, mentor))
        order = order[rank_among_equals(mentor[order]) < self._left[0][mentor[order]]]
        brought = np.bincount(mentor[order], gain[order], self.problem.n_mentors)
        own = [self._own(each) if brought[each] > 0 else 0.0 for each in range(len(brought))]
        return [float(worth) for worth in brought + np.maximum(own, 0)]

    def _worth(self, mentor: int) -> tuple[float, Indices]:
        """What a mentor brings, and with which pairs."""
        nothing = np.empty(0, np.intp)
        if self._left[0][mentor] <= 0 or not self._fits(0, mentor):
            return 0.0, nothing
        arcs = np.arange(self._begin[mentor], self._begin[mentor + 1])
        gain = self._gains(arcs)
        best = np.argsort(-gain, kind="stable")[: self._left[0][mentor]]
        best = best[gain[best] > 0]
        if not len(best):
            return 0.0, nothing
        return float(gain[best].sum()) + self._own(mentor), arcs[best]

    def _own(self, mentor: int) -> float:
        """What a mentor brings who had no pair yet, beside the pairs."""
        if self.picked[0][mentor]:
            return 0.0
        wanted = any(quota.short and quota.of_person(0, mentor) > 0 for quota in self.quotas)
        return float(self._first[0][mentor]) + self._before_all * wanted

    def _gains(self, arcs: Indices) -> Reals:
        """What each pair brings: a mentee's next partner, or a better one."""
        mentor, mentee = self.problem.mentor[arcs], self.problem.mentee[arcs]
        fresh, full = ~self.picked[1][mentee], self._left[1][mentee] <= 0
        gain = self._gain[arcs] + np.where(fresh, self._first[1][mentee], 0.0)
        for quota in self.quotas:
            own, cross = quota.group.mentees, quota.group.pairs
            adds = np.zeros(len(arcs), np.int64)
            if own is not None:
                adds += np.where(fresh, own[mentee], 0)
            if cross is not None:
                adds += cross.of(mentor, mentee)
            gain += self._before_all * (quota.short & (adds > 0))
            gain[adds > quota.room] = -np.inf
        gain[full] = self._gain[arcs[full]] - self._has[mentee[full]]
        return gain

    def _fits(self, side: int, person: int) -> bool:
        """Whether the quotas have room for one more person."""
        fresh = not self.picked[side][person]
        return not fresh or all(quota.of_person(side, person) <= quota.room for quota in self.quotas)

    # -- picking -------------------------------------------------------------------------------

    def _pick(self, mentor: int, best: Indices) -> None:
        self._use(0, mentor)
        for pair in best:
            mentee = int(self.problem.mentee[pair])
            if self._left[1][mentee] <= 0:
                self._has[mentee] = max(self._has[mentee], self._gain[pair])
            elif self._has_room(int(pair)):
                self._claim(int(pair))

    def _has_room(self, pair: int) -> bool:
        mentee = int(self.problem.mentee[pair])
        fresh = not self.picked[1][mentee]
        return all(
            self._crossed(quota, pair) + fresh * quota.of_person(1, mentee) <= quota.room
            for quota in self.quotas
        )

    def _crossed(self, quota: _Quota, pair: int) -> int:
        """What a pair adds to a count, beside its persons."""
        at, cross = np.array([pair]), quota.group.pairs
        return 0 if cross is None else int(cross.of(self.problem.mentor[at], self.problem.mentee[at])[0])

    def _claim(self, pair: int) -> None:
        mentor, mentee = int(self.problem.mentor[pair]), int(self.problem.mentee[pair])
        for side, person in enumerate((mentor, mentee)):
            self._use(side, person)
            self._left[side][person] -= 1
        for quota in self.quotas:
            adds = self._crossed(quota, pair)
            if adds > 0 and quota.short:
                self.needed_pairs.append(pair)
            quota.count += adds
        self._has[mentee] = min(self._has[mentee], self._gain[pair])
        self.claimed.append(pair)

    def _use(self, side: int, person: int) -> None:
        if self.picked[side][person]:
            return
        self.picked[side][person] = True
        for quota in self.quotas:
            adds = quota.of_person(side, person)
            if adds > 0 and quota.short:
                self.needed[side][person] = 1
            quota.count += adds
