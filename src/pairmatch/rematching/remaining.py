"""Who has no partner after a repair: only those whom it concerns are counted again.

Of everybody without a partner the numbers are known from when the matching was loaded. A repair changes them
where somebody leaves, where somebody's places fill up or free up, and for the two of a failed pair.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.checking import counts_left, loads_of
from pairmatch.cohort import Block
from pairmatch.matching import Left, Standing, left_of
from pairmatch.problem import Ints
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Scorer, barred, lacks

if TYPE_CHECKING:
    from pairmatch.scoring import Built
    from pairmatch.scoring.workers import Workers

__all__ = ["Now", "Remaining", "labels_of"]

ROLES = ("mentor", "mentee")

MOST = 1 << 25
"""Pairs that are looked at for a repair; where there are more, everybody is counted again."""

AT_ONCE = 1 << 20
"""Pairs of a block."""

FIRST = 2
"""Columns of numbers before those of the rules: eligible partners, and who of them has a free place."""


@dataclass(frozen=True)
class Now:
    """What a repair has changed; sides are mentors, mentees.

    Attributes
    ----------
    scorer
        The rules now, over the people as they were.
    loads, capacity
        Pairs and places of everybody, by position.
    left
        Positions of those who no longer take part.
    recounted
        Positions of those about whom there is a new rule.
    """

    scorer: Scorer
    loads: tuple[Ints, Ints]
    capacity: tuple[Ints, Ints]
    left: tuple[Ints, Ints]
    recounted: tuple[Ints, Ints]


@dataclass(frozen=True)
class _Told:
    """Everybody without a partner as told under some rules.

    Attributes
    ----------
    numbers
        Of each side, people × counts.
    people
        All of them, in order.
    places
        Of each side: where a person, by position, stands among the people.
    """

    numbers: tuple[Ints, Ints]
    people: tuple[Left, ...]
    places: tuple[dict[int, int], dict[int, int]]


class Remaining:
    """Those whom a matching leaves without a partner.

    Parameters
    ----------
    built
        The problem; hours, groups and coaches do not act.
    pairs
        The matching, ``(n, 2)`` positions.
    labels
        Labels of the rules under which people will be told.
    workers
        Who counts.
    """

    def __init__(self, built: Built, pairs: Ints, labels: Sequence[str], workers: Workers) -> None:
        self._built, loads = built, built.problem.loads
        cohort, policy = built.scorer.cohort, built.scorer.policy
        self._loads = loads_of(built.problem, pairs)
        self._capacity = loads.mentor_capacity, loads.mentee_capacity
        self._rows = built.mentors, built.mentees
        counts = counts_left(built, pairs, workers)
        self._who = counts[0][0], counts[1][0]
        self._counts = counts[0][1], counts[1][1]
        lacking, barring = lacks(cohort, policy), barred(cohort, policy)
        people = cohort.mentors, cohort.mentees
        self._ids = people[0].ids, people[1].ids
        self._lacks = tuple(lacking[role] for role in ROLES)
        self._barred = tuple(barring[role] for role in ROLES)
        self._absent = [
            left_of(role, side.ids[row], _ABSENT)
            for role, side in zip(ROLES, people, strict=True)
            for row in np.flatnonzero(~side.active).tolist()
        ]
        self._known: dict[tuple[str, ...], _Told] = {}
        self._told_under(tuple(labels))

    def after(self, now: Now) -> tuple[Left, ...] | None:
        """Everybody without a partner after a repair; None where so much changed that all are to be counted.

        Parameters
        ----------
        now
            What the repair has changed; the matching is proven.
        """
        labels = labels_of(now.scorer)
        told = self._told_under(labels)
        fresh, work = [], 0
        for side in (0, 1):
            alone = np.setdiff1d(np.flatnonzero(now.loads[side] == 0), now.left[side])
            new = np.union1d(np.setdiff1d(alone, self._who[side]), np.intersect1d(alone, now.recounted[side]))
            fresh.append(new)
            work += len(new) * len(self._rows[1 - side]) + len(self._who[side]) * len(self._moved(now, side))
        if work > MOST:
            return None
        people: list[Left | None] = [*told.people]
        more = []
        for side in (0, 1):
            numbers, changed = self._changed(now, side, told, labels)
            who = self._who[side]
            stays = (now.loads[side][who] == 0) & ~np.isin(who, now.left[side]) & ~np.isin(who, fresh[side])
            changed |= now.capacity[side][who] != self._capacity[side][who]
            for k in np.flatnonzero(~stays).tolist():
                people[told.places[side][int(who[k])]] = None
            at = np.flatnonzero(stays & changed)
            for place, person in zip(
                who[at].tolist(), self._tell(now, side, who[at], numbers[at], labels), strict=True
            ):
                people[told.places[side][place]] = person
            more += self._tell(now, side, fresh[side], self._count(now, side, fresh[side], labels), labels)
            gone = self._rows[side][now.left[side]].tolist()
            more += [left_of(ROLES[side], self._ids[side][row], _ABSENT) for row in gone]
        return _merged(people, more)

    # -- numbers -----------------------------------------------------------------------------

    def _moved(self, now: Now, side: int) -> Ints:
        """People of the other side who left, or whose places filled up or freed up."""
        other = 1 - side
        before = self._loads[other] < self._capacity[other]
        free = now.loads[other] < now.capacity[other]
        return np.union1d(np.flatnonzero(before != free), now.left[other])

    def _changed(
        self, now: Now, side: int, told: _Told, labels: Sequence[str]
    ) -> tuple[Ints, np.typing.NDArray[np.bool_]]:
        """The numbers of those who had no partner before, and whose are others now."""
        other, who, before = 1 - side, self._who[side], told.numbers[side]
        moved = self._moved(now, side)
        if not len(moved) or not len(who):
            return before, np.zeros(len(who), np.bool_)
        numbers = before.copy()
        left = np.isin(moved, now.left[other])
        was = (self._loads[other] < self._capacity[other])[moved]
        free = (now.loads[other] < now.capacity[other])[moved] & ~left
        for at, flags, eligible in _looked(self._built.scorer, self._rows, side, who, moved):
            numbers[at, 0] -= eligible[:, left].sum(axis=1)
            numbers[at, 1] += eligible[:, free & ~was].sum(axis=1) - eligible[:, was & ~free].sum(axis=1)
            for label, forbidden in flags.items():
                numbers[at, FIRST + labels.index(label)] -= forbidden[:, left].sum(axis=1)
        return numbers, (numbers != before).any(axis=1)

    def _count(self, now: Now, side: int, who: Ints, labels: Sequence[str]) -> Ints:
        """The numbers of some people, counted anew."""
        other = 1 - side
        numbers = np.zeros((len(who), FIRST + len(labels)), np.int64)
        here = np.setdiff1d(np.arange(len(self._rows[other])), now.left[other])
        free = (now.loads[other] < now.capacity[other])[here]
        for at, flags, eligible in _looked(now.scorer, self._rows, side, who, here):
            numbers[at, 0] = eligible.sum(axis=1)
            numbers[at, 1] = eligible[:, free].sum(axis=1)
            for label, forbidden in flags.items():
                numbers[at, FIRST + labels.index(label)] = forbidden.sum(axis=1)
        return numbers

    # -- telling -----------------------------------------------------------------------------

    def _told_under(self, labels: tuple[str, ...]) -> _Told:
        """Everybody as told under some rules: they differ from those counted by one that forbids nothing."""
        if labels not in self._known:
            before = Now(self._built.scorer, self._loads, self._capacity, _NOBODY, _NOBODY)
            sides = [self._numbers(side, labels) for side in (0, 1)]
            people = [
                (person, side, int(place))
                for side in (1, 0)
                for place, person in zip(
                    self._who[side],
                    self._tell(before, side, self._who[side], sides[side], labels),
                    strict=True,
                )
            ]
            people += [(person, 0, -1) for person in self._absent]
            people.sort(key=lambda entry: _order(entry[0]))
            places: tuple[dict[int, int], dict[int, int]] = ({}, {})
            for at, (_, side, place) in enumerate(people):
                if place >= 0:
                    places[side][place] = at
            told = _Told((sides[0], sides[1]), tuple(person for person, _, _ in people), places)
            self._known[labels] = told
        return self._known[labels]

    def _numbers(self, side: int, labels: Sequence[str]) -> Ints:
        counts, none = self._counts[side], np.zeros(len(self._who[side]), np.int64)
        rules = [counts.forbidden.get(label, none) for label in labels]
        return np.stack([counts.eligible, counts.open, *rules], axis=1)

    def _tell(self, now: Now, side: int, who: Ints, numbers: Ints, labels: Sequence[str]) -> list[Left]:
        """Some people with their reasons."""
        other, role, ids = 1 - side, ROLES[side], self._ids[side]
        partners = len(self._rows[other]) - len(now.left[other])
        known: dict[tuple[int, ...], dict[str, int]] = {}
        reasons: dict[tuple[object, ...], str] = {}
        rows, places = self._rows[side][who].tolist(), now.capacity[side][who].tolist()
        told = []
        for row, capacity, (eligible, open_, *forbidden) in zip(rows, places, numbers.tolist(), strict=True):
            # Many are in the same case: one mapping, and one reason, serves them all.
            taken = known.get(key := tuple(forbidden))
            if taken is None:
                taken = known[key] = dict(zip(labels, forbidden, strict=True))
            short, bars, light = self._lacks[side][row], self._barred[side][row], taken.get(MINIMUM_WEIGHT, 0)
            alone = partners - taken[SAME_PERSON]
            case = (capacity == 0, eligible == 0, light == 0, open_ == 0, alone == 0, not short, not bars)
            if case not in reasons:
                standing = Standing(True, capacity, eligible, light, open_, open_, taken, alone, short, bars)
                reasons[case] = left_of(role, ids[row], standing).reason
            told.append(Left(role, ids[row], reasons[case], eligible, taken, short, bars))
        return told


_ABSENT = Standing(False, 0, 0, 0, 0, 0, {})
_NOBODY = np.empty(0, np.int64), np.empty(0, np.int64)


def labels_of(scorer: Scorer) -> tuple[str, ...]:
    """Labels of all that can forbid a pair, in order."""
    return (*scorer.rule_labels, *((MINIMUM_WEIGHT,) if scorer.bar else ()))


def _looked(
    scorer: Scorer, rows: tuple[Ints, Ints], side: int, who: Ints, partners: Ints
) -> Iterator[tuple[slice, dict[str, np.typing.NDArray[np.bool_]], np.typing.NDArray[np.bool_]]]:
    """What each rule forbids between some people and some partners, and what is eligible; strip by strip."""
    height = max(1, AT_ONCE // max(1, len(partners)))
    for start in range(0, len(who), height):
        at = slice(start, min(start + height, len(who)))
        pair = rows[side][who[at]], rows[1 - side][partners]
        block = Block(scorer.cohort, *(pair[::-1] if side else pair))
        flags = scorer.forbidden(block)
        eligible = ~np.logical_or.reduce([np.broadcast_to(flag, block.shape) for flag in flags.values()])
        if scorer.bar:
            flags[MINIMUM_WEIGHT] = eligible & scorer.light(block, scorer.weight(block))
            eligible &= ~flags[MINIMUM_WEIGHT]
        if side:
            yield at, {label: flag.T for label, flag in flags.items()}, eligible.T
        else:
            yield at, flags, eligible


def _order(person: Left) -> tuple[bool, str]:
    return person.role != "mentee", person.id


def _merged(people: Sequence[Left | None], more: Iterable[Left]) -> tuple[Left, ...]:
    merged = [person for person in people if person is not None]
    for person in more:
        insort(merged, person, key=_order)
    return tuple(merged)
