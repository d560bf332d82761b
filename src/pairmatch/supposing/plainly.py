"""Matchings as people make them without a solver: the heaviest pair that still fits first, or any that fits.

Both keep the pair rules, the bar, everybody's places and hours, and take the required pairs first. What
minimums, quotas and goals over groups ask for is not looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Found, Ints, Priced, Problem, never
from pairmatch.scoring import blocks
from pairmatch.scoring.listed import exact
from pairmatch.scoring.sweep import Sweep

if TYPE_CHECKING:
    from pairmatch.scoring.workers import Workers
    from pairmatch.supposing.standing import Made

__all__ = ["Taken", "greedy", "random"]
MANY = 1024
"""Pairs of each mentor from which on those that are left out may be as heavy as those that are taken."""

Some = NDArray[np.integer[Any]]

FEW = 1 << 20
"""Pairs of people with a free place up to which all of them are looked at together."""

TRIES = 4
"""Pairs that are drawn at a time where there are more, for each person with a free place."""

SELDOM = 100
"""Where fewer than one drawn pair in so many is taken, all that are left are looked at."""

AT_ONCE = 2048
"""Pairs of one slice of a long list."""

EACH = 16
"""Pairs of each mentor that are looked at before anybody's next ones are."""


@dataclass(frozen=True)
class Taken:
    """Pairs that were taken: positions, mentor first, and weights in units."""

    pairs: Ints
    weight: Ints


class _Unseen:
    """What pairs that were not found can weigh at most: the limits of the mentors with a free place."""

    def __init__(self, limits: Ints, places: Ints) -> None:
        self._limits, self._places = limits, places
        self._order = iter(np.argsort(-limits, kind="stable").tolist())
        self._who = next(self._order, None)

    @property
    def limit(self) -> int:
        """The largest limit now; below 0 where nobody has a pair that was not found."""
        while self._who is not None and self._places[self._who] <= 0:
            self._who = next(self._order, None)
        return -1 if self._who is None else int(self._limits[self._who])


class _Room:
    """Places and hours that are left; what fits is taken."""

    def __init__(self, problem: Problem) -> None:
        loads = problem.loads
        self.places = loads.mentor_capacity.copy(), loads.mentee_capacity.copy()
        self.hours = None if loads.mentor_hours is None else loads.mentor_hours.copy()
        self._need = loads.mentee_hours
        self._width = problem.n_mentees
        self._known: set[int] = set()
        self._pairs: list[tuple[int, int]] = []
        self._weight: list[int] = []

    def take(self, mentors: Some, mentees: Some, weight: Ints) -> None:
        """Take the pairs in this order, each if it fits."""
        for start in range(0, len(weight), AT_ONCE):
            at = slice(start, start + AT_ONCE)
            # Most pairs are those of people whose places are taken long since.
            open_ = (self.places[0][mentors[at]] > 0) & (self.places[1][mentees[at]] > 0)
            parts = (part[at][open_].tolist() for part in (mentors, mentees, weight))
            for pair in zip(*parts, strict=True):
                self.take_one(*pair)

    def take_one(self, mentor: int, mentee: int, worth: int) -> None:
        """Take one pair if it fits."""
        key = mentor * self._width + mentee
        if self.places[0][mentor] <= 0 or self.places[1][mentee] <= 0 or key in self._known:
            return
        if self.hours is not None and self._need is not None:
            if self.hours[mentor] < self._need[mentee]:
                return
            self.hours[mentor] -= self._need[mentee]
        self.places[0][mentor] -= 1
        self.places[1][mentee] -= 1
        self._known.add(key)
        self._pairs.append((mentor, mentee))
        self._weight.append(worth)

    def take_heaviest(self, found: Found, limits: Ints) -> bool:
        """Take pairs, the heaviest first, for as long as none can be as heavy that was not found.

        Parameters
        ----------
        found
            Pairs of mentors with a free place.
        limits
            For each mentor what none weighs more than that was not found; below 0 where all were.

        Returns
        -------
        bool
            Whether there are no others.
        """
        unseen = _Unseen(limits, self.places[0])
        order = np.lexsort((found.mentee, found.mentor, -found.weight))
        pairs = zip(
            *(part[order].tolist() for part in (found.mentor, found.mentee, found.weight)), strict=True
        )
        for mentor, mentee, weight in pairs:
            if weight <= unseen.limit:
                return False
            self.take_one(mentor, mentee, weight)
        return unseen.limit < 0

    def __len__(self) -> int:
        return len(self._pairs)

    @property
    def free(self) -> tuple[Ints, Ints]:
        """Who has a place left; no mentor without hours for the mentee who needs the fewest."""
        ours, theirs = (np.flatnonzero(places > 0) for places in self.places)
        if self.hours is not None and self._need is not None and len(theirs):
            ours = ours[self.hours[ours] >= self._need[theirs].min()]
        return ours, theirs

    @property
    def taken(self) -> Taken:
        """What was taken, sorted."""
        pairs = np.array(self._pairs, np.int64).reshape(-1, 2)
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        return Taken(pairs[order], np.array(self._weight, np.int64)[order])


def greedy(made: Made, workers: Workers) -> Taken:
    """The heaviest pair that still fits first; among equals any order."""
    room, problem = _begun(made), made.problem
    if made.beyond is None:
        order = np.argsort(-problem.weight, kind="stable")
        room.take(problem.mentor[order], problem.mentee[order], problem.weight[order])
        return room.taken
    each = EACH
    while min(map(len, room.free)):
        before = len(room)
        found, limits = _best(made, room, workers, each)
        if room.take_heaviest(found, limits):
            break
        each *= 1 if len(room) > before else 4
    return room.taken


def random(made: Made, generator: np.random.Generator) -> Taken:
    """Any pair that still fits, one after the other, all with the same chance."""
    room, problem = _begun(made), made.problem
    if made.beyond is None:
        order = generator.permutation(len(problem.mentor))
        room.take(problem.mentor[order], problem.mentee[order], problem.weight[order])
        return room.taken
    while True:
        ours, theirs = room.free
        tries = TRIES * (len(ours) + len(theirs))
        if len(ours) * len(theirs) <= FEW:
            break
        # A drawn pair that is forbidden, or does not fit, is passed over: the others keep the same chance.
        before = len(room)
        drawn = (side[generator.integers(len(side), size=tries)] for side in (ours, theirs))
        room.take(*_allowed(made, *drawn))
        if (len(room) - before) * SELDOM < tries:
            break
    rest = _all_of(made, *room.free)
    order = generator.permutation(len(rest[2]))
    room.take(*(each[order] for each in rest))
    return room.taken


def _begun(made: Made) -> _Room:
    """Nothing but the required pairs."""
    problem, built = made.problem, made.built
    room, (ours, theirs) = _Room(problem), problem.loads.required.T
    room.take(ours, theirs, exact(built.scorer, built.mentors[ours], built.mentees[theirs])[0])
    return room


def _best(made: Made, room: _Room, workers: Workers, each: int) -> tuple[Found, Ints]:
    """The heaviest pairs of every mentor with a free place, and what no other one weighs more than."""
    loads, built, taken = made.problem.loads, made.built, room.taken.pairs
    ours, _ = room.free
    shut = np.bincount(taken[:, 0], minlength=made.problem.n_mentors)
    capacity = np.where(np.isin(np.arange(len(shut)), ours), loads.mentor_capacity, shut)
    loads = replace(loads, mentor_capacity=capacity, required=taken)
    sweep = Sweep(built.scorer, built.mentors, built.mentees, loads, workers)
    free = np.zeros(made.problem.n_mentors, np.int64), np.zeros(made.problem.n_mentees, np.int64)
    found = sweep.beating(Priced(*free, total=1, pair=1), each, never)
    limit = np.full(made.problem.n_mentors, -1, np.int64)
    limit[found.mentor] = 2**62
    np.minimum.at(limit, found.mentor, found.weight)
    if each < MANY:
        # What was left out was told apart by the filter, which is wrong by so much; equals wait for the rest.
        limit += 2 * math.ceil(sweep.error) + 1
    cut = np.full(len(limit), not found.complete) if found.cut is None else found.cut
    return found, np.where(cut, limit, -1)


def _allowed(made: Made, mentors: Ints, mentees: Ints) -> tuple[Ints, Ints, Ints]:
    """Those of some pairs that are allowed, with their weights."""
    built = made.built
    weight, allowed = exact(built.scorer, built.mentors[mentors], built.mentees[mentees])
    kept = allowed & (weight >= built.scorer.bar)
    return mentors[kept], mentees[kept], weight[kept]


def _all_of(made: Made, mentors: Ints, mentees: Ints) -> tuple[Ints, Ints, Ints]:
    """All allowed pairs between some people."""
    built, found = made.built, [np.empty((3, 0), np.int64)]
    for start, block in blocks(built.scorer.cohort, built.mentors[mentors], built.mentees[mentees]):
        weight = built.scorer.weight(block)
        rows, columns = np.nonzero(built.scorer.eligible(block) & (weight >= built.scorer.bar))
        found.append(np.stack([mentors[start + rows], mentees[columns], weight[rows, columns]]))
    ours, theirs, weight = np.concatenate(found, axis=1)
    return ours, theirs, weight
