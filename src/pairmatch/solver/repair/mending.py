"""Events on one mixture, and the paths that make it the best again.

An event leaves somebody with a unit too many, or one too few: a mentee whose pair is gone has one too many,
its mentor one too few. Each is brought away, or brought in, along a shortest path (successive shortest
paths).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pairmatch.errors import SolverError
from pairmatch.solver.repair.paths import apply, shortest
from pairmatch.solver.repair.residual import FIXED, GONE, OPEN, SHUT, TAKEN, Person, Residual

__all__ = ["Mending"]

FAR = 2**61


class Mending:
    """What is still to be made good in a residual.

    Attributes
    ----------
    residual
        The mixture.
    unheld
        Whose prices are held against no pair that is not in hand, beside those whose levels have moved: who
        was shut and is not any more, and who beat a price with a pair that has not come in hand.
    joins
        How often pairs came in hand since the residual last began.
    searches
        Paths looked for so far.
    """

    def __init__(self, residual: Residual) -> None:
        self.residual, self._links = residual, residual.links
        self._balance: dict[int, int] = {}
        self.unheld: set[int] = set()
        self.searches = self.joins = 0

    # -- events ------------------------------------------------------------------------------

    def check_all(self) -> int:
        """Find everything that the prices speak against, as after a change of the gains; how much it was."""
        pairs, people = self.residual.wrong_pairs(), self.residual.wrong_people()
        for pair in pairs:
            self.check_pair(pair)
        for who in people:
            self._check_load(who)
        return len(pairs) + len(people)

    def check_pair(self, pair: int) -> None:
        """Take a pair, or give it up, if the prices speak for that."""
        if not self.residual.is_wrong(pair):
            return
        mentor, mentee = self._links.ends_of(pair)
        more = 1 if self.residual.state_of(pair) == OPEN else -1
        self.residual.put(pair, TAKEN if more == 1 else OPEN)
        self._unbalance(mentor, more)
        self._unbalance(mentee, -more)

    def forbid(self, pair: int) -> None:
        """A pair is not allowed any more."""
        before = self.residual.state_of(pair)
        self.residual.put(pair, GONE)
        mentor, mentee = self._links.ends_of(pair)
        if before == TAKEN:
            self._unbalance(mentor, -1)
            self._unbalance(mentee, 1)
        elif before == FIXED:
            self._lose_fixed(mentor)
            self._lose_fixed(mentee)

    def leave(self, who: int) -> None:
        """A person no longer takes part."""
        residual, sign = self.residual, 1 if who < self._links.n_mentors else -1
        for pair in self._links.pairs_of(who):
            before = residual.state_of(pair)
            residual.put(pair, GONE)
            if before in (TAKEN, FIXED):
                mentor, mentee = self._links.ends_of(pair)
                other = mentee if who == mentor else mentor
                if before == TAKEN:
                    self._unbalance(other, sign)
                else:
                    self._lose_fixed(other)
        residual.place(who, Person(0, 0, 0, 0))
        self._balance.pop(who, None)

    def resize(self, who: int, capacity: int) -> None:
        """A person has another number of places.

        Raises
        ------
        SolverError
            There are fewer places than pairs that may not end.
        """
        before = self.residual.person(who)
        if capacity < before.used:
            raise SolverError("fewer places than fixed pairs")
        shut = self.residual.is_shut(who)
        load = min(before.load, capacity)
        self.residual.place(who, replace(before, load=load, capacity=capacity))
        self._unbalance(who, (before.load - load) * (1 if who < self._links.n_mentors else -1))
        if shut:
            self._open(who)
        elif self.residual.is_shut(who):
            self._shut(who)
        self._check_load(who)

    def release(self, pair: int) -> None:
        """A fixed pair may end from now on."""
        if self.residual.state_of(pair) != FIXED:
            return
        self.residual.put(pair, TAKEN)
        for who in self._links.ends_of(pair):
            self._reuse(who, -1, 0)
        self.check_pair(pair)
        for who in self._links.ends_of(pair):
            self._check_load(who)

    def fix(self, pair: int) -> None:
        """A taken pair may not end from now on."""
        if self.residual.state_of(pair) != TAKEN:
            return
        self.residual.put(pair, FIXED)
        for who in self._links.ends_of(pair):
            person = self.residual.person(who)
            self.residual.place(who, replace(person, used=person.used + 1))
            if self.residual.is_shut(who):
                self._shut(who)

    def joined(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Pairs of some people came in hand; where one beats the prices, the person's own gives way."""
        beaten: dict[int, None] = {}
        for pair, who in pairs:
            if any(self.residual.is_shut(end) for end in self._links.ends_of(pair)):
                self.residual.put(pair, SHUT)
            elif self.residual.is_wrong(pair):
                beaten[who] = None
        for who in beaten:
            self._reprice(who)
            for taken in list(self.residual.mates[who]):
                self.check_pair(taken)
            self._check_load(who)

    def held(self, but: Iterable[int] = ()) -> None:
        """The prices were held against all pairs, but for those of some people."""
        self.residual.moved.clear()
        self.unheld = set(but)

    def undo(self, size: int, *, drop: bool) -> None:
        """As it was when the residual last began, with so many pairs in hand.

        Later ones stay and are not taken, or are to be dropped.
        """
        self._balance.clear()
        self.residual.undo()
        if drop:
            self.residual.drop(size)
        else:
            for pair in range(size, len(self._links)):
                shut = any(self.residual.is_shut(who) for who in self._links.ends_of(pair))
                self.residual.put(pair, SHUT if shut else OPEN)
        self.begin()

    def begin(self) -> None:
        """From now on changes are told, and undone, against what is now, which is held against all pairs."""
        self.residual.begin()
        self.held()
        self.joins = 0

    # -- paths -------------------------------------------------------------------------------

    def settle(self) -> None:
        """Make everything good."""
        while (start := next((who for who, units in self._balance.items() if units > 0), None)) is not None:
            self._bring(start, {who for who, units in self._balance.items() if units < 0}, back=False)
        while self._balance:
            self._bring(next(iter(self._balance)), set(), back=True)

    def _bring(self, start: int, goals: set[int], *, back: bool) -> None:
        self.searches += 1
        path = shortest(self.residual, start, goals, back=back)
        apply(self.residual, path, back=back)
        self._unbalance(start, 1 if back else -1)
        if not path.outside:
            self._unbalance(path.last, 1)
            return
        person = self.residual.person(path.last)
        more = 1 if (path.last < self._links.n_mentors) != back else -1
        self.residual.place(path.last, replace(person, load=person.load + more))

    def _unbalance(self, who: int, units: int) -> None:
        """So many units too many, or too few, at a person."""
        units += self._balance.pop(who, 0)
        if units:
            self._balance[who] = units

    # -- people ------------------------------------------------------------------------------

    def _lose_fixed(self, who: int) -> None:
        """A person loses a fixed pair: the place is free."""
        self._reuse(who, -1, -1)
        self._check_load(who)

    def _reuse(self, who: int, used: int, load: int) -> None:
        person, shut = self.residual.person(who), self.residual.is_shut(who)
        self.residual.place(who, replace(person, used=person.used + used, load=person.load + load))
        if shut:
            self._open(who)

    def _check_load(self, who: int) -> None:
        """Give a person more or fewer pairs while the price speaks for that."""
        residual, mentor = self.residual, who < self._links.n_mentors
        while True:
            level = int(residual.level[who])
            leaves = -level - residual.leave[who] < 0
            if not leaves and level - residual.enter[who] >= 0:
                return
            more = 1 if leaves == mentor else -1
            person = residual.person(who)
            residual.place(who, replace(person, load=person.load + more))
            self._unbalance(who, -1 if leaves else 1)

    def _open(self, who: int) -> None:
        """A person who was shut has a place: the pairs open, at a price that none of them beats."""
        residual, links = self.residual, self._links
        if residual.is_shut(who):
            return
        for pair in links.pairs_of(who):
            mentor, mentee = links.ends_of(pair)
            other = mentee if who == mentor else mentor
            if residual.state_of(pair) == SHUT and not residual.is_shut(other):
                residual.put(pair, OPEN)
        self.unheld.add(who)
        self._reprice(who)

    def _shut(self, who: int) -> None:
        for pair in self._links.pairs_of(who):
            if self.residual.state_of(pair) == OPEN:
                self.residual.put(pair, SHUT)

    def _reprice(self, who: int) -> None:
        """The level nearest to a person's own at which its open pairs do not gain."""
        residual, is_mentor, level = self.residual, who < self._links.n_mentors, self.residual.level
        low, high = residual.enter[who], -residual.leave[who]
        here = slice(self._links.ends[who], self._links.ends[who + 1])
        others, ways = level[self._links.other[here]], residual.ways[here]
        if len(ways) and is_mentor:
            low = max(low, int((others + ways).max()))
        elif len(ways):
            high = min(high, int((others - ways).min()))
        later = self._links.later_of.get(who, [])
        for pair in (*residual.mates[who], *(k for k in later if residual.state_of(k) == OPEN)):
            mentor, mentee = self._links.ends_of(pair)
            gain = residual.gain_of(pair)
            at = int(level[mentee]) + gain if is_mentor else int(level[mentor]) - gain
            if is_mentor == (residual.state_of(pair) == OPEN):
                low = max(low, at)
            else:
                high = min(high, at)
        own = int(level[who])
        own = max(low, min(high, own)) if is_mentor else min(high, max(low, own))
        residual.raise_to(who, own)
