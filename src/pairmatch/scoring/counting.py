"""Why somebody has no partner, in numbers: whom each rule forbids them, and who would be left.

All pairs need not be looked at. Rules that forbid few pairs, or that are small tables, are counted by groups
of like people; only what else there is (a rule of one's own, a bar on the weight) is counted over pairs, and
for the people asked about alone. The numbers are exact either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.problem import Ints, never
from pairmatch.scoring.above import Above
from pairmatch.scoring.blocks import BLOCK_PAIRS, Positions, strip_height
from pairmatch.scoring.scorer import MINIMUM_WEIGHT, Scorer
from pairmatch.scoring.sieves import Product, Sieve, hours_grid, sieve, weighed
from pairmatch.scoring.workers import Workers

__all__ = ["Counts", "Room", "counted"]

Bools = NDArray[np.bool_]

MOST_WEIGHED = 1 << 23
"""Pairs that are weighed by blocks where there is a bar; more are told by a sketch."""


@dataclass(frozen=True)
class Room:
    """Who has room for one more pair; people in the problem's positions.

    Attributes
    ----------
    mentors, mentees
        bool: has a free place.
    hours_left
        Hours of each mentor that no pair uses; None where hours are not counted.
    hours_needed
        Hours that a pair with each mentee needs; None likewise.
    """

    mentors: Bools
    mentees: Bools
    hours_left: Ints | None = None
    hours_needed: Ints | None = None


@dataclass(frozen=True)
class Counts:
    """Partners of some people of one side: a number for each, in the order in which they were asked about.

    Attributes
    ----------
    forbidden
        For each rule, by label, how many partners it forbids by itself. ``"same_person"`` comes first;
        ``"minimum_weight"``, where the policy sets a bar, last: partners whom every rule allows and who
        weigh too little.
    eligible
        Partners whom every rule and the bar allow.
    open
        Eligible partners with a free place.
    affordable
        Eligible partners with a free place and the hours for this pair.
    """

    forbidden: Mapping[str, Ints]
    eligible: Ints
    open: Ints
    affordable: Ints


def counted(
    scorer: Scorer,
    people: tuple[Positions, Positions],
    asked: tuple[Ints, Ints],
    room: Room,
    workers: Workers,
    *,
    block_pairs: int = BLOCK_PAIRS,
) -> tuple[Counts, Counts]:
    """The counts of some mentors and of some mentees.

    Parameters
    ----------
    scorer
        Rules, goals and the bar.
    people
        For each position of the problem, the row of the table: of the mentors, of the mentees.
    asked
        Positions in the problem of the mentors and of the mentees who are asked about.
    room
        Who has room left.
    workers
        Who looks at pairs, where pairs must be looked at.
    block_pairs
        Most pairs of one block.
    """
    mentors = _Side(scorer, sieve(scorer, *people), *people, room.mentees, room.hours_left, room.hours_needed)
    mentees = mentors.turned(room.mentors)
    over = _Over(mentors, (room.mentors, room.mentees), workers)
    how = workers, over, block_pairs
    return _counts(mentors, asked[0], *how), _counts(mentees, asked[1], *how)


@dataclass(frozen=True)
class _Side:
    """A problem as one side sees it.

    Attributes
    ----------
    scorer
        Rules, goals and the bar.
    sieve
        The rules, this side's people first.
    own, partners
        Rows of the tables.
    open
        Partners with a free place.
    spare, wanted
        Hours: a pair is affordable where the partner's ``wanted`` is at most the person's ``spare``.
    is_mentees
        Whether this side is the mentees'.
    weighing
        Whether blocks are held against the bar.
    """

    scorer: Scorer
    sieve: Sieve
    own: Positions
    partners: Positions
    open: Bools
    spare: Ints | None
    wanted: Ints | None
    is_mentees: bool = False
    weighing: bool = False

    def turned(self, open_mentors: Bools) -> _Side:
        """The same problem as the mentees see it."""
        return replace(
            self,
            sieve=self.sieve.turned(),
            own=self.partners,
            partners=self.own,
            open=open_mentors,
            spare=None if self.wanted is None else -self.wanted,
            wanted=None if self.spare is None else -self.spare,
            is_mentees=True,
        )

    def affordable(self, own: Any, partners: Any) -> Any:
        """Which partners are open and fit into the hours; places broadcast against each other."""
        if self.spare is None or self.wanted is None:
            return self.open[partners]
        return self.open[partners] & (self.wanted[partners] <= self.spare[own])

    def block(self, own: Ints, partners: Ints) -> Block:
        """The pairs of some people with some partners."""
        pair = self.own[own], self.partners[partners]
        return Block(self.scorer.cohort, *(reversed(pair) if self.is_mentees else pair))

    def seen(self, array: Any, shape: tuple[int, int]) -> NDArray[Any]:
        """A block's array as this side sees it, own × partners."""
        if self.is_mentees:
            return np.broadcast_to(array, shape[::-1]).T
        return np.broadcast_to(array, shape)


class _Over:
    """The sketch of a problem whose policy sets a bar, made when it is needed and for both sides."""

    def __init__(self, mentors: _Side, open_: tuple[Bools, Bools], workers: Workers) -> None:
        self._mentors, self._open, self._workers = mentors, open_, workers

    def counts(self, side: _Side, asked: Ints) -> Ints:
        """Partners whom all rules and the bar allow, those who are open, and again those."""
        sums = self._above.counts(int(side.is_mentees), asked)
        return sums[[0, 1, 1]]

    @cached_property
    def _above(self) -> Above:
        ours = self._mentors
        few = np.stack(ours.sieve.joint.pairs.nonzero(), axis=1).astype(np.int64)
        return Above(ours.scorer, (ours.own, ours.partners), self._open, few, self._workers)


def _counts(side: _Side, asked: Ints, workers: Workers, over: _Over, block_pairs: int) -> Counts:
    scorer, slow = side.scorer, side.sieve.slow
    forbidden = side.sieve.forbidden(asked)
    sums = _by_groups(side, asked)
    sketchy = bool(scorer.bar) and side.spare is None and len(asked) * len(side.partners) > MOST_WEIGHED
    weighing = bool(scorer.bar) and not sketchy
    if slow or weighing:
        # A bar alone concerns only those who have partners left.
        looked = np.arange(len(asked)) if slow else np.flatnonzero(sums[0])
        seen = _by_blocks(replace(side, weighing=weighing), asked[looked], workers, block_pairs)
        labels = [*slow, *([MINIMUM_WEIGHT] if weighing else [])]
        spread = np.zeros((len(seen), len(asked)), np.int64)
        spread[:, looked] = seen
        sums, forbidden = spread[:3], forbidden | dict(zip(labels, spread[3:], strict=True))
    if sketchy:
        above = over.counts(side, asked)
        sums, forbidden = above, forbidden | {MINIMUM_WEIGHT: sums[0] - above[0]}
    order = [*scorer.rule_labels, *([MINIMUM_WEIGHT] if scorer.bar else [])]
    return Counts({label: forbidden[label] for label in order}, *sums)


def _by_groups(side: _Side, asked: Ints) -> Ints:
    """Partners whom all rules but the slow ones allow; who of them are open; who of these are affordable."""
    grids, bar = [*side.sieve.grids.values()], side.sieve.joint
    usable = np.stack([~bar.partners, ~bar.partners & side.open], axis=1).astype(np.float64)
    sums = weighed(grids, asked, usable).T
    fitting = sums[1]
    if side.spare is not None and side.wanted is not None:
        fitting = weighed([*grids, hours_grid(side.spare, side.wanted)], asked, usable[:, 1:])[:, 0]
    who, partner = bar.listed(asked)
    there = ~bar.partners[partner] & side.sieve.passes(asked[who], partner)
    who, partner = who[there], partner[there]
    parts = np.ones(len(who), np.bool_), side.open[partner], side.affordable(asked[who], partner)
    less = np.stack([np.bincount(who[part], minlength=len(asked)) for part in parts])
    return np.where(bar.own[asked], 0, np.stack([*sums, fitting]) - less)


# -- block by block ------------------------------------------------------------------------------


def _by_blocks(side: _Side, asked: Ints, workers: Workers, block_pairs: int) -> Ints:
    """The same three with the slow rules and the bar too, then what each of these forbids."""
    height = strip_height(len(side.partners), block_pairs)
    tasks = [(asked[start : start + height],) for start in range(0, len(asked), height)]
    handle = workers.shipped(side)
    parts = [np.zeros((3 + len(side.sieve.slow) + int(side.weighing), 0), np.int64)]
    parts += workers.map(counts_of_strip, handle, tasks, never)
    workers.forget(handle)
    return np.concatenate(parts, axis=1)


def counts_of_strip(side: _Side, asked: Ints) -> Ints:
    """The counts of some people against all partners: ``(counts, people)``."""
    everybody = np.arange(len(side.partners))
    allowed = _sifted(side, asked, everybody)
    counts = []
    block = side.block(asked, everybody)
    for rule in side.sieve.slow.values():
        passing = (
            rule.allowed(asked)
            if isinstance(rule, Product)
            else side.seen(rule.allowed(block), allowed.shape)
        )
        counts.append(len(everybody) - np.count_nonzero(passing, axis=1))
        allowed &= passing
    if side.weighing:
        counts.append(_drop_light(side, asked, allowed))
    fitting = allowed & side.affordable(asked[:, None], everybody[None, :])
    sums = [np.count_nonzero(pairs, axis=1) for pairs in (allowed, allowed & side.open, fitting)]
    return np.stack([*sums, *counts]).astype(np.int64)


def _sifted(side: _Side, asked: Ints, everybody: Ints) -> Bools:
    """Pairs that all rules but the slow ones allow."""
    bar = side.sieve.joint
    allowed = side.sieve.passes(asked[:, None], everybody[None, :])
    allowed &= ~bar.own[asked][:, None] & ~bar.partners
    allowed[bar.listed(asked)] = False
    return allowed


def _drop_light(side: _Side, asked: Ints, allowed: Bools) -> Ints:
    """Take away the pairs that weigh too little, and count them; only people with any are weighed."""
    rows, columns = np.flatnonzero(allowed.any(axis=1)), np.flatnonzero(allowed.any(axis=0))
    block = side.block(asked[rows], columns)
    light_shape = len(rows), len(columns)
    light = np.zeros_like(allowed)
    light[np.ix_(rows, columns)] = side.seen(side.scorer.light(block, side.scorer.weight(block)), light_shape)
    light &= allowed
    allowed &= ~light
    return np.asarray(np.count_nonzero(light, axis=1))
