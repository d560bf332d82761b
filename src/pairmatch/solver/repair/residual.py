"""One mixture of tiers as it stands: pairs taken, loads and prices that prove them the best.

Prices are kept as levels of a network: a mentor's level is its price, a mentee's the price with its sign
turned. A pair that is not taken leads from its mentee to its mentor, a taken one back; the outside, at
level 0, leads to whoever can have one pair more on the mentees' side or one fewer on the mentors', and from
whoever can have one fewer or one more. No step costs less than nothing: that proves the mixture's value
(Ahuja, Magnanti and Orlin 1993, "Network flows", chapter 9).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.solver.gains import Gains
from pairmatch.solver.repair.links import Links

__all__ = ["FIXED", "GONE", "OPEN", "SHUT", "TAKEN", "Residual"]

OPEN, TAKEN, FIXED, GONE, SHUT = range(5)
"""A pair can be taken, is taken, is taken for good, is not allowed, or one of the two has no place for it."""

NO_STEP = -(2**61)
"""Gain of a step to the outside, or from it, that cannot be made."""

CLOSED = -(2**60)
"""Gain of a step over a pair that is not open."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Person:
    """What one person carries, may and must carry."""

    load: int
    used: int
    capacity: int
    minimum: int


class Residual:
    """A mixture's pairs, loads and prices, with a memory of how they were.

    Parameters
    ----------
    links
        The pairs in hand.
    gains
        The mixture; ``gains.pair`` counts the pairs in hand.
    taken, fixed
        Which of the pairs are taken, and which of those for good.
    prices
        Of mentors and of mentees.

    Attributes
    ----------
    level, levels
        Everybody's level: as an array, and as a list, which single steps read much faster.
    ways
        For each place of the links, what its pair gains while it is open.
    mates
        Everybody's taken pairs that may end.
    load
        How many pairs each person has.
    moved
        Levels that have changed since the prices were last held against all pairs, as they were then.
    leave, enter
        Gain of a step from each person to the outside, and from the outside to the person.
    """

    def __init__(
        self, links: Links, gains: Gains, taken: Bools, fixed: Bools, prices: tuple[Ints, Ints]
    ) -> None:
        self.links, self._n = links, links.n_mentors
        sides = gains.mentors, gains.mentees
        self.gain = np.array(gains.pair)
        self._first: list[int] = np.concatenate([side.first for side in sides]).tolist()
        self._filled = int(sides[0].filled)
        self.level: Ints = np.concatenate([prices[0], -prices[1]])
        self.levels: list[int] = self.level.tolist()
        state = np.where(fixed, FIXED, np.where(taken, TAKEN, OPEN))
        self.state: NDArray[np.int8] = state.astype(np.int8)
        self.later_gain: list[int] = []
        self.later_state: list[int] = []
        self.load, self._used = self._count(taken), self._count(fixed)
        self._capacity = np.concatenate([side.capacity for side in sides])
        self._minimum = np.concatenate([side.minimum for side in sides])
        self.leave, self.enter = (gains.tolist() for gains in self._outside())
        self._shut_the_full()
        self.ways = np.where(self.state == OPEN, self.gain, CLOSED)[links.pair]
        self.mates: list[list[int]] = [[] for _ in range(links.people)]
        for pair in np.flatnonzero(self.state == TAKEN).tolist():
            for who in links.ends_of(pair):
                self.mates[who].append(pair)
        self.begin()

    # -- memory ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Forget how things were: from now on changes are told, and undone, against what is now."""
        self.pairs_before: dict[int, int] = {}
        self.people_before: dict[int, Person] = {}
        self.levels_before: dict[int, int] = {}
        self.moved: dict[int, int] = {}

    def undo(self) -> None:
        """As it was when this last began."""
        for pair, state in self.pairs_before.items():
            self._set_state(pair, state)
        for who, person in self.people_before.items():
            self._set_person(who, person)
        for who, level in self.levels_before.items():
            self.level[who] = self.levels[who] = level
        self.begin()

    # -- pairs -------------------------------------------------------------------------------

    def state_of(self, pair: int) -> int:
        """Whether a pair is open, taken, ..."""
        if pair >= self.links.first:
            return self.later_state[pair - self.links.first]
        return self.state.item(pair)

    def gain_of(self, pair: int) -> int:
        """What a pair gains."""
        if pair >= self.links.first:
            return self.later_gain[pair - self.links.first]
        return self.gain.item(pair)

    def cost_of(self, pair: int) -> int:
        """What the step over a pair from its mentee to its mentor costs; the way back costs the opposite."""
        mentor, mentee = self.links.ends_of(pair)
        return self.levels[mentor] - self.levels[mentee] - self.gain_of(pair)

    def put(self, pair: int, state: int) -> None:
        """Give a pair another state, and remember the one it had."""
        self.pairs_before.setdefault(pair, self.state_of(pair))
        self._set_state(pair, state)

    def reward(self, pairs: NDArray[np.intp], more: int) -> list[int]:
        """Let some of the first pairs gain more, and tell which the prices speak against now.

        This is not remembered.
        """
        self.gain[pairs] += more
        open_ = pairs[self.state[pairs] == OPEN]
        self.ways[self.links.at[:, open_]] += more
        return self._wrong(pairs)

    def join(self, gain: int) -> None:
        """Take in the pair that the links took in last; nobody has taken it, and it stays."""
        self.later_gain.append(gain)
        self.later_state.append(OPEN)

    def drop(self, size: int) -> None:
        """Forget pairs that the links let go, so that so many are left."""
        later = max(0, size - self.links.first)
        del self.later_gain[later:], self.later_state[later:]

    def taken(self) -> Bools:
        """Which of the first pairs are taken, by number."""
        return np.asarray((self.state == TAKEN) | (self.state == FIXED))

    def _set_state(self, pair: int, state: int) -> None:
        before = self.state_of(pair)
        if (before == TAKEN) != (state == TAKEN):
            for who in self.links.ends_of(pair):
                (self.mates[who].append if state == TAKEN else self.mates[who].remove)(pair)
        if pair >= self.links.first:
            self.later_state[pair - self.links.first] = state
            return
        self.state[pair] = state
        if OPEN in (before, state):
            self.ways[self.links.at[:, pair]] = self.gain[pair] if state == OPEN else CLOSED

    # -- people ------------------------------------------------------------------------------

    def person(self, who: int) -> Person:
        """What a person carries."""
        arrays = self.load, self._used, self._capacity, self._minimum
        return Person(*(int(array[who]) for array in arrays))

    def place(self, who: int, person: Person) -> None:
        """Let a person carry something else, and remember what it was."""
        self.people_before.setdefault(who, self.person(who))
        self._set_person(who, person)

    def raise_to(self, who: int, level: int) -> None:
        """Give a person another level, up or down, and remember the one it had."""
        before = self.levels[who]
        self.levels_before.setdefault(who, before)
        self.moved.setdefault(who, before)
        self.level[who] = self.levels[who] = level

    def worth(self, who: int, person: Person) -> int:
        """The mixture's gain of what a person carries."""
        first = self._first[who] if person.load >= 1 else 0
        return first + self._filled * min(person.load, person.minimum)

    def change(self) -> int:
        """By how much the mixture's value changed since this last began."""
        taken, more = (TAKEN, FIXED), 0
        for pair, before in self.pairs_before.items():
            now = self.state_of(pair) in taken
            if now != (before in taken):
                more += self.gain_of(pair) if now else -self.gain_of(pair)
        for who, person in self.people_before.items():
            more += self.worth(who, self.person(who)) - self.worth(who, person)
        return more

    def shut(self) -> Bools:
        """Who has no place beside fixed pairs, so that none of their pairs can be taken or given up."""
        return np.asarray(self._used >= self._capacity)

    def is_shut(self, who: int) -> bool:
        """Whether no pair of a person can be taken or given up."""
        return bool(self._used[who] >= self._capacity[who])

    def _set_person(self, who: int, person: Person) -> None:
        self.load[who], self._used[who] = person.load, person.used
        self._capacity[who], self._minimum[who] = person.capacity, person.minimum
        more = self._marginal(who, person, person.load + 1) if person.load < person.capacity else None
        less = -self._marginal(who, person, person.load) if person.load > person.used else None
        leave, enter = (more, less) if who < self._n else (less, more)
        self.leave[who] = NO_STEP if leave is None else leave
        self.enter[who] = NO_STEP if enter is None else enter

    def _marginal(self, who: int, person: Person, load: int) -> int:
        first = self._first[who] if load == 1 else 0
        return first + (self._filled if load <= person.minimum else 0)

    # -- the beginning -----------------------------------------------------------------------

    def _count(self, which: Bools) -> Ints:
        """How many of some pairs each person has."""
        ends = np.concatenate([self.links.mentor[which], self.links.mentee[which]])
        return np.bincount(ends, minlength=self.links.people).astype(np.int64)

    def _outside(self) -> tuple[Ints, Ints]:
        """Gains of the steps to the outside and from it."""
        first = np.array(self._first, np.int64)

        def marginal(load: Ints) -> Ints:
            return np.asarray(first * (load == 1) + self._filled * (load <= self._minimum))

        more = np.where(self.load < self._capacity, marginal(self.load + 1), NO_STEP)
        less = np.where(self.load > self._used, -marginal(self.load), NO_STEP)
        mentors = np.arange(len(more)) < self._n
        return np.where(mentors, more, less), np.where(mentors, less, more)

    def _shut_the_full(self) -> None:
        """Shut the pairs of everybody who has no place beside fixed pairs."""
        full = self._used >= self._capacity
        shut = full[self.links.mentor] | full[self.links.mentee]
        self.state[(self.state == OPEN) & shut] = SHUT

    def wrong_pairs(self) -> list[int]:
        """Pairs that the prices speak against: open and gaining, or taken and losing."""
        first, size = self.links.first, len(self.links)
        return self._wrong(np.arange(first)) + [pair for pair in range(first, size) if self.is_wrong(pair)]

    def _wrong(self, pairs: NDArray[np.intp]) -> list[int]:
        links, state = self.links, self.state[pairs]
        cost = self.level[links.mentor[pairs]] - self.level[links.mentee[pairs]] - self.gain[pairs]
        wrong = ((state == OPEN) & (cost < 0)) | ((state == TAKEN) & (cost > 0))
        return list(pairs[wrong].tolist())

    def is_wrong(self, pair: int) -> bool:
        """Whether the prices speak against what is done with a pair."""
        state, cost = self.state_of(pair), self.cost_of(pair)
        return (state == OPEN and cost < 0) or (state == TAKEN and cost > 0)

    def wrong_people(self) -> list[int]:
        """People whose load is none of the best at their price."""
        leave, enter = np.array(self.leave, np.int64), np.array(self.enter, np.int64)
        wrong = (-self.level - leave < 0) | (self.level - enter < 0)
        return list(np.flatnonzero(wrong).tolist())
