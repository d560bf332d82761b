"""Who could take over: free places beside a matching's pairs, and the mentees whom they could serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.groups import Group
from pairmatch.problem import Ints
from pairmatch.scoring import Fit, Scorer, canonical_order, loads, wholes

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["Offers", "Spare", "spare_of"]

AT_ONCE = 1 << 21
"""Pairs that are scored together."""

Bools = NDArray[np.bool_]


class Offers(NamedTuple):
    """Possible new pairs, by mentee, the heaviest first: places in :class:`Spare`, and weights in units."""

    mentee: Ints
    mentor: Ints
    weight: Ints


class _Room(NamedTuple):
    """One rule about groups, once a mentee's pair has ended: how much may be added, and what each adds.

    Attributes
    ----------
    most, least
        By mentee, the largest and smallest sum that may be added, whichever pair of theirs has ended.
    mentor
        What each mentor with a free place adds.
    group
        The group, for what the pair adds.
    """

    most: Ints | None
    least: Ints | None
    mentor: Ints
    group: Group

    def added(self, columns: Ints) -> Ints:
        """What each mentor adds with each of these mentees."""
        cross, ours = self.group.pairs, np.arange(len(self.mentor))[:, None]
        return self.mentor[:, None] + (0 if cross is None else cross.of(ours, columns[None, :]))


@dataclass(frozen=True, eq=False)
class Spare:
    """Free places beside the pairs of a matching.

    Attributes
    ----------
    scorer
        Rules and goals, with the matching's fitted values.
    mentors, places
        Rows of the mentors with a free place, in canonical order, and how many each has.
    loads
        How many pairs each of them has.
    mentees, needs
        Rows of the mentees with a pair, in canonical order, and how many pairs each has.
    pairs
        The pairs, rows of mentors and mentees ``(n, 2)``.
    hours_left, hours
        What is left of each such mentor's hours, and what a pair with each such mentee costs, in units of
        1/100 hour; None where hours do not act.
    rooms
        Rules about groups.
    """

    scorer: Scorer
    mentors: Ints
    places: Ints
    loads: Ints
    mentees: Ints
    needs: Ints
    pairs: Ints
    hours_left: Ints | None
    hours: Ints | None
    rooms: tuple[_Room, ...]

    @property
    def possible(self) -> int:
        """Mentors with a free place times mentees with a pair."""
        return len(self.mentors) * len(self.mentees)

    def offers(self, most: int | None) -> Offers:
        """New pairs that are possible if the mentee's present one ends, and nobody else's.

        Every rule allows them, they weigh enough, the mentor has a free place and the hours, no rule about
        groups is broken, and they are no pairs already.

        Parameters
        ----------
        most
            For each mentee so many, the heaviest; None for all.
        """
        found = [Offers(*(np.empty(0, np.int64) for _ in range(3))), *self._in_parts(most)]
        return Offers(*(np.concatenate(part) for part in zip(*found, strict=True)))

    def _in_parts(self, most: int | None) -> Iterator[Offers]:
        n = len(self.mentors)
        if not n:
            return
        width = max(1, AT_ONCE // n)
        for start in range(0, len(self.mentees), width):
            columns = np.arange(start, min(start + width, len(self.mentees)))
            # Mentors stand in canonical order: of equally heavy ones the first is the better.
            block = Block(self.scorer.cohort, self.mentors, self.mentees[columns])
            weight = self.scorer.weight(block).astype(np.int64)
            weight[~self._able(block, columns) | self.scorer.light(block, weight)] = -1
            weight = weight.T
            order = _best(weight, most)
            heavy = np.take_along_axis(weight, order, axis=1)
            at, place = np.nonzero(heavy >= 0)
            yield Offers(columns[at], order[at, place], heavy[at, place])

    def _able(self, block: Block, columns: Ints) -> Bools:
        """Which mentors could take over which of these mentees."""
        able = self.scorer.eligible(block)
        if self.hours_left is not None and self.hours is not None:
            able &= self.hours_left[:, None] >= self.hours[columns][None, :]
        for room in self.rooms:
            added = room.added(columns)
            if room.most is not None:
                able &= added <= room.most[columns]
            if room.least is not None:
                able &= added >= room.least[columns]
        able[self._paired(columns)] = False
        return able

    def _paired(self, columns: Ints) -> tuple[Ints, Ints]:
        """Which of these are pairs already."""
        mentor_place = _places(self.mentors, len(self.scorer.cohort.mentors))
        column_place = _places(self.mentees[columns], len(self.scorer.cohort.mentees))
        ours, theirs = mentor_place[self.pairs[:, 0]], column_place[self.pairs[:, 1]]
        both = (ours >= 0) & (theirs >= 0)
        return ours[both], theirs[both]


def _best(weight: Ints, most: int | None) -> Ints:
    """For each row the columns of its largest numbers, the largest first, of equal ones the first."""
    n = weight.shape[1]
    if most is None or most >= n:
        return np.argsort(-weight, axis=1, kind="stable")
    rank = weight * n + np.arange(n - 1, -1, -1)
    some = np.argpartition(-rank, most - 1, axis=1)[:, :most]
    return np.take_along_axis(some, np.argsort(-np.take_along_axis(rank, some, axis=1), axis=1), axis=1)


def spare_of(matching: Matching) -> Spare:
    """The free places of a matching, and the mentees whom they could serve."""
    cohort, policy = matching.cohort, matching.policy
    mentors, mentees = (
        canonical_order(cohort.mentors, policy.seed),
        canonical_order(cohort.mentees, policy.seed),
    )
    bounds = loads(cohort, policy, mentors, mentees)
    pairs = np.array(
        [(cohort.mentors.position(p.mentor), cohort.mentees.position(p.mentee)) for p in matching.made],
        np.int64,
    ).reshape(-1, 2)
    ours = np.bincount(pairs[:, 0], minlength=len(cohort.mentors))[mentors].astype(np.int64)
    theirs = np.bincount(pairs[:, 1], minlength=len(cohort.mentees))[mentees].astype(np.int64)
    free, paired = np.flatnonzero(bounds.mentor_capacity > ours), np.flatnonzero(theirs > 0)
    places = (
        _places(mentors, len(cohort.mentors))[pairs[:, 0]],
        _places(mentees, len(cohort.mentees))[pairs[:, 1]],
    )
    left = None
    if bounds.mentor_hours is not None and bounds.mentee_hours is not None:
        spent = np.bincount(places[0], bounds.mentee_hours[places[1]], len(mentors)).astype(np.int64)
        left = (bounds.mentor_hours - spent)[free]
    groups = wholes(cohort, policy, bounds, mentors, mentees).groups
    rooms = _rooms(groups, (ours, theirs), np.stack(places, axis=1), free, paired)
    return Spare(
        scorer=Scorer(cohort, policy, Fit.from_dict(matching.fitted)),
        mentors=mentors[free],
        places=(bounds.mentor_capacity - ours)[free],
        loads=ours[free],
        mentees=mentees[paired],
        needs=theirs[paired],
        pairs=pairs,
        hours_left=left,
        hours=None if bounds.mentee_hours is None else bounds.mentee_hours[paired],
        rooms=rooms,
    )


def _rooms(
    groups: Sequence[Group], held: tuple[Ints, Ints], pairs: Ints, free: Ints, paired: Ints
) -> tuple[_Room, ...]:
    """What each rule about groups leaves, once one pair of a mentee has ended."""
    rooms = []
    for group in groups:
        if group.most is None and group.least is None:
            continue
        count = group.count(*held, pairs[:, 0], pairs[:, 1])
        fewest, most = _freed(group, held, pairs)
        own = np.zeros(len(held[0]), np.int64) if group.mentors is None else group.mentors
        rooms.append(
            _Room(
                most=None if group.most is None else (group.most - count + fewest)[paired],
                least=None if group.least is None else (group.least - count + most)[paired],
                mentor=np.where(held[0] == 0, own, 0)[free],
                group=_of(group, free, paired),
            )
        )
    return tuple(rooms)


def _freed(group: Group, held: tuple[Ints, Ints], pairs: Ints) -> tuple[Ints, Ints]:
    """By mentee, how much of a count ends with one of their pairs: at least and at most."""
    freed = np.zeros(len(pairs), np.int64)
    if group.mentors is not None:
        freed += np.where(held[0][pairs[:, 0]] == 1, group.mentors[pairs[:, 0]], 0)
    if group.pairs is not None:
        freed += group.pairs.of(pairs[:, 0], pairs[:, 1])
    n = len(held[1])
    fewest, most = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(fewest, pairs[:, 1], freed)
    np.maximum.at(most, pairs[:, 1], freed)
    alone = held[1] == 0
    return np.where(alone, 0, fewest), np.where(alone, 0, most)


def _of(group: Group, free: Ints, paired: Ints) -> Group:
    """The group with the classes of these people."""
    cross = group.pairs
    if cross is None:
        return group
    return replace(group, pairs=replace(cross, mentor=cross.mentor[free], mentee=cross.mentee[paired]))


def _places(rows: Ints, n: int) -> Ints:
    """Where each row of a table stands among these; -1 where it does not."""
    place = np.full(n, -1, np.int64)
    place[rows] = np.arange(len(rows))
    return place
