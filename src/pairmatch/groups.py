"""What concerns more than one pair: groups with targets and quotas, even loads, coaches. Arrays, no people.

A group is a linear row: a count over the persons who have a pair and over the pairs. What a count costs is
convex and piecewise linear, so that prices on groups can prove how good a matching is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pairmatch.problem import Loads

__all__ = ["Coaching", "Cross", "Even", "Group", "Places", "span"]

Ints = NDArray[np.int64]
Some = NDArray[np.integer]


@dataclass(frozen=True)
class Places:
    """How many can be matched at once, as far as counting tells.

    Targets share out these numbers, so that they are known before any matching is.

    Attributes
    ----------
    mentors, mentees
        Most persons of each side who can have a pair.
    pairs
        Most pairs.
    """

    mentors: int
    mentees: int
    pairs: int


@dataclass(frozen=True, eq=False)
class Cross:
    """A whole number for every pair, told by the class of its mentor and the class of its mentee.

    Attributes
    ----------
    mentor, mentee
        Class of each person, int32 ``(n_mentors,)`` and ``(n_mentees,)``.
    cells
        int64 ``(mentor classes, mentee classes)``.
    """

    mentor: NDArray[np.int32]
    mentee: NDArray[np.int32]
    cells: Ints

    def of(self, mentor: Some, mentee: Some) -> Ints:
        """The numbers of pairs of positions."""
        return np.asarray(self.cells[self.mentor[mentor], self.mentee[mentee]])


@dataclass(frozen=True, eq=False)
class Group:
    """A count over persons with a pair and over pairs, with what it should and must be.

    Attributes
    ----------
    part
        Label of the goal or rule that it belongs to.
    name
        What is counted, in words.
    mentors, mentees
        What each person who has a pair adds to the count, int64 ``(n_mentors,)`` and ``(n_mentees,)``.
    pairs
        What each pair adds.
    target, limit
        Every one that the count is below the target, or above the limit, is one short.
    price
        What one short costs, in units of weight, at least 0.
    least, most
        What the count must be, at least and at most.
    protected
        Whether it is about protected fields: then no message tells how many there are (law §12).
    """

    part: str
    name: str
    mentors: Ints | None = None
    mentees: Ints | None = None
    pairs: Cross | None = None
    target: int | None = None
    limit: int | None = None
    price: int = 0
    least: int | None = None
    most: int | None = None
    protected: bool = False

    def count(self, mentor_load: Ints, mentee_load: Ints, mentor: Some, mentee: Some) -> int:
        """The count in a matching: everybody's number of pairs, and the pairs' positions."""
        total = 0
        for own, load in ((self.mentors, mentor_load), (self.mentees, mentee_load)):
            if own is not None:
                total += int(own[load > 0].sum())
        return total + (0 if self.pairs is None else int(self.pairs.of(mentor, mentee).sum()))

    def short(self, count: int) -> int:
        """How many are short at a count."""
        below = 0 if self.target is None else max(0, self.target - count)
        return below + (0 if self.limit is None else max(0, count - self.limit))

    def holds(self, count: int) -> bool:
        """Whether a count is what it must be."""
        return (self.least is None or count >= self.least) and (self.most is None or count <= self.most)

    def dearest(self, price: int, times: int, reach: tuple[int, int]) -> int | None:
        """The largest ``price * count - times * cost(count)`` over counts that may be; None if none may.

        Parameters
        ----------
        price
            The group's price.
        times
            How often the cost counts.
        reach
            Bounds on the count, see :func:`span`.
        """
        low = reach[0] if self.least is None else max(reach[0], self.least)
        high = reach[1] if self.most is None else min(reach[1], self.most)
        if low > high:
            return None
        corners = [low, high, *(at for at in (self.target, self.limit) if at is not None and low < at < high)]
        return max(price * at - times * self.price * self.short(at) for at in corners)


def span(group: Group, loads: Loads) -> tuple[int, int]:
    """Bounds that hold for a group's count, whatever the matching: from capacities alone."""
    low = high = 0
    for own, capacity in ((group.mentors, loads.mentor_capacity), (group.mentees, loads.mentee_capacity)):
        if own is not None:
            can = own[capacity > 0]
            low, high = low + int(np.minimum(can, 0).sum()), high + int(np.maximum(can, 0).sum())
    if group.pairs is not None:
        most = int(min(loads.mentor_capacity.sum(), loads.mentee_capacity.sum()))
        low += most * min(0, int(group.pairs.cells.min(initial=0)))
        high += most * max(0, int(group.pairs.cells.max(initial=0)))
    return low, high


@dataclass(frozen=True, eq=False)
class Even:
    """Loads of one side that should not pass an even share: every pair beyond it costs.

    Attributes
    ----------
    part
        Label of the goal.
    side
        ``"mentors"`` or ``"mentees"``.
    load
        The even load of each person of the side, at least 1.
    price
        What one pair beyond costs, in units of weight.
    """

    part: str
    side: Literal["mentors", "mentees"]
    load: Ints
    price: int

    def short(self, mentor_load: Ints, mentee_load: Ints) -> int:
        """Pairs beyond the even loads."""
        own = mentor_load if self.side == "mentors" else mentee_load
        return int(np.maximum(own - self.load, 0).sum())


@dataclass(frozen=True, eq=False)
class Coaching:
    """Coaches, of whom each pair may have one: chosen together with the pairs.

    Attributes
    ----------
    capacity
        Most pairs of each coach, int64 ``(n_coaches,)``.
    mentor_allowed, mentee_allowed
        bool ``(n_mentors, n_coaches)`` and ``(n_mentees, n_coaches)``: a coach must suit both partners.
    mentor_score, mentee_score
        int64 of the same shapes, in units of weight, at least 0: a pair's coach is worth the sum.
    """

    capacity: Ints
    mentor_allowed: NDArray[np.bool_]
    mentee_allowed: NDArray[np.bool_]
    mentor_score: Ints
    mentee_score: Ints
