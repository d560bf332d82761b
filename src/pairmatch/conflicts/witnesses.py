"""Matchings that break few demands: each shows of many parts of the demands that they leave a matching.

A matching that breaks a single demand shows that this one is needed. One pair more, or one partner handed
on, often makes of it a matching that breaks another single one (model rotation, Belov and Marques-Silva,
"Accelerating MUS extraction with recursive model rotation", FMCAD 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from pairmatch.conflicts.system import Bools, Kind, System
from pairmatch.groups import Group
from pairmatch.problem import Ints

__all__ = ["Witnesses"]

MOST = 4000
"""Matchings near known ones that are looked at."""


class Witnesses:
    """Matchings of one system, each with the demands that it breaks."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._broken: list[Bools] = []
        self._pairs: list[Ints] = []
        self._on = self._shown = np.zeros(len(system.demands), np.bool_)
        self._looked_at = self._tried = 0
        self._allowed = ~system.never
        self._unshown: set[tuple[Kind, int, int]] = set()
        table = system.table
        self._bounds = {
            (kind, side): np.flatnonzero((table[:, 0] == kind) & (table[:, 1] == side))
            for kind in (Kind.MINIMUM, Kind.CAPACITY)
            for side in (0, 1)
        }
        self._hours, self._required = (np.flatnonzero(system.of(k)) for k in (Kind.HOURS, Kind.REQUIRED))
        self._rules, self._quotas = (
            {system.demands[place].label: place for place in np.flatnonzero(system.of(kind)).tolist()}
            for kind in (Kind.RULE, Kind.QUOTA)
        )

    def add(self, pairs: Ints) -> None:
        """Keep a matching in mind."""
        self._broken.append(self.broken(pairs))
        self._pairs.append(pairs)

    def keep(self, on: Bools) -> bool:
        """Whether one of the matchings breaks none of some demands."""
        return any(not (broken & on).any() for broken in self._broken)

    def broken(self, pairs: Ints) -> Bools:
        """The demands that a matching breaks."""
        system, table = self._system, self._system.table
        mentor, mentee = pairs[:, 0], pairs[:, 1]
        loads = [np.bincount(pairs[:, at], minlength=system.shape[at]) for at in (0, 1)]
        broken = np.zeros(len(table), np.bool_)
        for (kind, side), places in self._bounds.items():
            load, value = loads[side][table[places, 2]], table[places, 4]
            broken[places] = load < value if kind == Kind.MINIMUM else load > value
        if system.mentee_hours is not None and len(self._hours):
            spent = np.bincount(mentor, system.mentee_hours[mentee], system.shape[0])
            broken[self._hours] = spent[table[self._hours, 2]] > table[self._hours, 4]
        made = {(a, b) for a, b in pairs.tolist()} if len(self._required) else set()
        for place in self._required.tolist():
            broken[place] = (int(table[place, 2]), int(table[place, 3])) not in made
        for label, place in self._rules.items():
            broken[place] = bool(system.forbidden[label][mentor, mentee].any())
        for label, place in self._quotas.items():
            broken[place] = not all(_holds(group, loads, mentor, mentee) for group in system.quotas[label])
        return broken

    def spread(self, on: Bools, stop: Callable[[], bool]) -> Bools:
        """Demands that are shown to be needed, by matchings that break no other of these demands.

        Parameters
        ----------
        on
            Demands that leave no matching.
        stop
            Asked now and then; True ends the work.
        """
        if (on & ~self._on).any():
            self._shown, self._looked_at = np.zeros_like(on), 0
        self._on, self._shown, self._allowed = on, self._shown & on, self._system.allowed(on)
        while self._looked_at < len(self._pairs) and not (self._shown == on).all() and not stop():
            self._look(self._looked_at)
            self._looked_at += 1
        return self._shown

    def _look(self, at: int) -> None:
        """Note what a matching shows, and keep those near it that show more."""
        broken = self._broken[at] & self._on
        if int(broken.sum()) != 1:
            return
        self._shown = self._shown | broken
        for pairs in self._near(self._pairs[at], int(np.flatnonzero(broken)[0])):
            if self._tried == MOST:
                return
            self._tried += 1
            broken = self.broken(pairs) & self._on
            if int(broken.sum()) == 1 and not (broken & self._shown).any():
                self._shown = self._shown | broken
                self._broken.append(self.broken(pairs))
                self._pairs.append(pairs)

    def _near(self, pairs: Ints, place: int) -> Iterator[Ints]:
        """Matchings like one that breaks this single demand, with that one mended at the cost of another."""
        demand = self._system.demands[place]
        if demand.kind == Kind.MINIMUM:
            yield from self._handed_on(pairs, demand.side, demand.person)
        elif demand.kind == Kind.CAPACITY:
            for at in np.flatnonzero(pairs[:, demand.side] == demand.person).tolist():
                yield np.delete(pairs, at, axis=0)

    def _handed_on(self, pairs: Ints, side: int, who: int) -> Iterator[Ints]:
        """One more pair for somebody: with anybody allowed, or with a partner of somebody else."""
        table = self._system.table
        left = self._on & ~self._shown & self._system.of(Kind.MINIMUM, Kind.CAPACITY)
        self._unshown = {(Kind(kind), side, who) for kind, side, who in table[left][:, :3].tolist()}
        partners = np.flatnonzero(self._allowed[who] if side == 0 else self._allowed[:, who])
        have = pairs[pairs[:, side] == who, 1 - side]
        open_quotas = bool((self._on & self._system.of(Kind.QUOTA) & ~self._shown).any())
        for partner in np.setdiff1d(partners, have).tolist():
            new = np.array([[who, partner] if side == 0 else [partner, who]], np.int64)
            if open_quotas or self._tells(Kind.CAPACITY, 1 - side, partner):
                yield np.concatenate([pairs, new])
            for at in np.flatnonzero(pairs[:, 1 - side] == partner).tolist():
                if self._tells(Kind.MINIMUM, side, int(pairs[at, side])):
                    yield np.concatenate([np.delete(pairs, at, axis=0), new])

    def _tells(self, kind: Kind, side: int, person: int) -> bool:
        """Whether a person's bound is not yet shown to be needed."""
        return (kind, side, person) in self._unshown


def _holds(group: Group, loads: list[Ints], mentor: Ints, mentee: Ints) -> bool:
    return group.holds(group.count(loads[0], loads[1], mentor, mentee))
