"""What one mentee can do best alone on a floor: the set of mentors of the largest value.

A mentee's total must not be below the floor, so the best few pairs may not do. A price on the floor says
what weight is worth; a search over the mentee's pairs, the best at that price first, leaves every branch
that cannot reach the floor or the best set so far. Of pairs that are beaten in value and in weight by as
many others as there are places, none is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints

__all__ = ["Choice", "Menu", "TooMany", "best_choice", "choices_within"]

STEPS = 20_000
"""Branches of one search, at most."""

MOST_SETS = 2_000
"""Sets of one mentee that are listed, at most."""

PARTS = 2**8
"""Parts of 1 in the price of a floor."""

HALVINGS = 24
"""Times that the price of a floor is looked for."""

NEVER = -(2**61)
"""Worth of what cannot be."""


class TooMany(Exception):
    """More branches or sets than a search may take."""


@dataclass(frozen=True, eq=False)
class Menu:
    """A mentee's pairs, and what a set of them is worth: the sum of values, and ``first`` if not empty.

    Attributes
    ----------
    value, weight
        Of each pair.
    least, most
        Fewest and most pairs; with no pair the set is worth 0 and need not be on the floor.
    floor
        Least weight of a set that is not empty.
    first
        Gain of having any pair.
    fixed
        Places of the pairs that every set has.
    """

    value: Ints
    weight: Ints
    least: int
    most: int
    floor: int
    first: int
    fixed: NDArray[np.intp]

    @property
    def may_be_empty(self) -> bool:
        """Whether having no pair is a choice."""
        return self.least == 0 and not len(self.fixed)

    def free_best(self) -> Choice:
        """The best set if there were no floor."""
        free = np.delete(np.arange(len(self.value)), self.fixed)
        room = min(self.most - len(self.fixed), len(free))
        best = free[np.argpartition(-self.value[free], room - 1)[:room]] if 0 < room < len(free) else free
        best = best[np.argsort(-self.value[best], kind="stable")][: max(0, room)]
        least = max(self.least - len(self.fixed), 0 if len(self.fixed) else 1)
        sums = np.concatenate([[0], np.cumsum(self.value[best])])[least:]
        if not len(sums):
            return Choice(0 if self.may_be_empty else NEVER, ())
        count = int(sums.argmax()) + least
        worth = int(sums.max()) + int(self.value[self.fixed].sum()) + self.first
        if worth <= 0 and self.may_be_empty:
            return Choice(0, ())
        return Choice(worth, (*self.fixed.tolist(), *best[:count].tolist()))

    def holds(self, choice: Choice) -> bool:
        """Whether a set is on the floor, or may be empty."""
        return not choice.pairs or int(self.weight[list(choice.pairs)].sum()) >= self.floor


@dataclass(frozen=True)
class Choice:
    """A set of a menu's pairs (places in it), and its worth."""

    worth: int
    pairs: tuple[int, ...]


def best_choice(menu: Menu) -> Choice:
    """The best set on the floor; its worth is ``NEVER`` where there is none.

    Raises
    ------
    TooMany
        The search is too long.
    """
    free = menu.free_best()
    if menu.holds(free):
        return free
    walk = _Walk(menu, _undominated(menu), NEVER, every=False)
    walk.run()
    found = walk.found[-1] if walk.found else Choice(NEVER, ())
    return Choice(0, ()) if menu.may_be_empty and found.worth <= 0 else found


def choices_within(menu: Menu, at_least: int) -> list[Choice]:
    """All sets on the floor, but the empty one, that are worth at least so much.

    Raises
    ------
    TooMany
        The search is too long, or they are very many.
    """
    free = np.delete(np.arange(len(menu.value)), menu.fixed)
    walk = _Walk(menu, free.tolist(), at_least - 1, every=True)
    walk.run()
    return walk.found


def _undominated(menu: Menu) -> list[int]:
    """The pairs that some best set may need."""
    free = np.delete(np.arange(len(menu.value)), menu.fixed)
    order = free[np.lexsort((-menu.weight[free], -menu.value[free]))]
    room = max(1, menu.most - len(menu.fixed))
    kept: list[int] = []
    heaviest: list[int] = []
    for at, weight in zip(order.tolist(), menu.weight[order].tolist(), strict=True):
        if len(heaviest) < room:
            heappush(heaviest, weight)
        elif weight > heaviest[0]:
            heapreplace(heaviest, weight)
        else:
            continue
        kept.append(at)
    return kept


def _price(menu: Menu, room: int) -> int:
    """What a unit of weight is about worth where the floor binds, in parts.

    The one at which the best set, paid for what it weighs above the floor, is worth least.
    """
    value, weight = menu.value.astype(float), menu.weight.astype(float)

    def is_short(price: int) -> bool:
        worth = PARTS * value + price * weight
        best = np.argpartition(-worth, room - 1)[:room] if room < len(worth) else np.arange(len(worth))
        return bool(weight[best].sum() < menu.floor)

    low, high = 0, 1
    while is_short(high) and high < 2**HALVINGS:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_short(middle) else (low, middle)
    return high


class _Walk:
    """The search: pairs are taken or not, as far as more than ``bar`` can be had.

    Parameters
    ----------
    menu
        The mentee's pairs.
    order
        Those that may be taken.
    bar
        Only sets worth more count.
    every
        Whether all of them are wanted, or ever better ones.
    """

    def __init__(self, menu: Menu, order: Sequence[int], bar: int, *, every: bool) -> None:
        self.found: list[Choice] = []
        self._menu, self._bar, self._every, self._steps = menu, bar, every, 0
        self._fixed = tuple(int(at) for at in menu.fixed)
        self._room = max(0, menu.most - len(self._fixed))
        self._least = max(menu.least - len(self._fixed), 0 if self._fixed else 1)
        price = _price(menu, menu.most) if menu.most else 0
        self._paid = price * menu.floor
        both = zip(menu.value.tolist(), menu.weight.tolist(), strict=True)
        paid: list[int] = [PARTS * value + price * weight for value, weight in both]
        self._order = sorted(order, key=lambda at: -paid[at])
        self._value = [int(menu.value[at]) for at in self._order]
        self._weight = [int(menu.weight[at]) for at in self._order]
        self._worth = [paid[at] for at in self._order]
        self._good = sum(worth > 0 for worth in self._worth)
        self._sums: list[int] = list(accumulate(self._worth, initial=0))
        self._heavy = _heaviest(self._weight, self._room)
        self._start = PARTS * menu.first + sum(paid[at] for at in self._fixed)
        self._taken: list[int] = []

    def run(self) -> None:
        """Search."""
        fixed = list(self._fixed)
        value, weight = self._menu.value[fixed].sum(), self._menu.weight[fixed].sum()
        self._visit(0, self._menu.first + int(value), int(weight), self._start - self._paid)

    def _visit(self, start: int, value: int, weight: int, worth: int) -> None:
        """Take more pairs, of those from ``start`` on; ``worth`` is with what is paid for the floor."""
        taken, floor = len(self._taken), self._menu.floor
        if taken >= self._least and weight >= floor and value > self._bar:
            self._keep(value)
        left = self._room - taken
        for at in range(start, len(self._order) if left else 0):
            if worth + self._more(at, left) <= PARTS * self._bar or weight + self._heavy[at][left] < floor:
                return
            self._taken.append(at)
            self._visit(at + 1, value + self._value[at], weight + self._weight[at], worth + self._worth[at])
            self._taken.pop()

    def _keep(self, worth: int) -> None:
        pairs = (*self._fixed, *(self._order[at] for at in self._taken))
        self.found.append(Choice(worth, pairs))
        if not self._every:
            self._bar = worth
        elif len(self.found) > MOST_SETS:
            raise TooMany

    def _more(self, at: int, left: int) -> int:
        """The most that the next pairs can add, one at least."""
        self._steps += 1
        if self._steps > STEPS:
            raise TooMany
        count = max(self._good - at, self._least - len(self._taken), 1)
        return self._sums[min(at + min(count, left), len(self._order))] - self._sums[at]


def _heaviest(weight: Sequence[int], most: int) -> list[list[int]]:
    """For each place: what so many pairs from there on can weigh together at most."""
    sums = [[0] * (most + 1) for _ in range(len(weight) + 1)]
    top: list[int] = []
    for at in range(len(weight) - 1, -1, -1):
        top = sorted([*top, max(0, weight[at])], reverse=True)[:most]
        for count in range(1, most + 1):
            sums[at][count] = sums[at][count - 1] + (top[count - 1] if count <= len(top) else 0)
    return sums
