"""Groups and even loads as rows and charges of a CP-SAT model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.groups import Even, Group
from pairmatch.problem import Ints

if TYPE_CHECKING:
    from pairmatch.solver.search import Search


def limit_counts(search: Search) -> None:
    """The rows of all counts that must be something."""
    for group in search.problem.groups:
        if group.least is None and group.most is None:
            continue
        count = counted(search, group)
        if group.least is not None:
            search.model.add(count >= group.least)
        if group.most is not None:
            search.model.add(count <= group.most)


def charges(search: Search) -> Any:
    """An expression that is what groups and loads cost once it is made as small as possible."""
    soft = [group for group in search.problem.groups if group.price]
    cost = [group.price * _short(search, group) for group in soft]
    return sum(cost + [even.price * _beyond(search, even) for even in search.problem.evens], start=0)


def counted(search: Search, group: Group) -> Any:
    """A group's count. Who has one place at most is counted by their pairs."""
    problem, loads = search.problem, search.problem.loads
    pair = np.zeros(len(problem.mentor), np.int64)
    if group.pairs is not None:
        pair += group.pairs.of(problem.mentor, problem.mentee)
    persons: list[Any] = []
    sides = (
        (group.mentors, problem.mentor, loads.mentor_capacity, search.mentors_on),
        (group.mentees, problem.mentee, loads.mentee_capacity, search.mentees_on),
    )
    for own, person, capacity, switches in sides:
        if own is None:
            continue
        pair += np.where(capacity[person] <= 1, own[person], 0)
        several = np.flatnonzero((own != 0) & (capacity > 1))
        on = switches() if len(several) else []
        persons += [int(own[who]) * on[who] for who in several]
    return _sum(search, pair) + sum(persons, start=0)


def _sum(search: Search, times: Ints) -> Any:
    """The chosen pairs, each so many times; an expression also where there is nothing to add."""
    some = np.flatnonzero(times)
    return search.linear_sum([search.pairs[a] for a in some], [int(times[a]) for a in some])


def _short(search: Search, group: Group) -> Any:
    count, parts = counted(search, group), []
    if group.target is not None:
        parts.append(_at_least(search, group.target - count))
    if group.limit is not None:
        parts.append(_at_least(search, count - group.limit))
    return sum(parts, start=0)


def _beyond(search: Search, even: Even) -> Any:
    loads = search.problem.loads
    capacity = loads.mentor_capacity if even.side == "mentors" else loads.mentee_capacity
    over = np.flatnonzero(capacity > even.load)
    loads_over = (search.load_of(even.side, who) - int(even.load[who]) for who in over.tolist())
    return sum((_at_least(search, load) for load in loads_over), start=0)


def _at_least(search: Search, amount: Any) -> Any:
    """A variable that is no less than an amount, nor than 0."""
    short = search.model.new_int_var(0, MOST_SHORT, "")
    search.model.add(short >= amount)
    return short


MOST_SHORT = 2**31
"""More than any count can be short."""
