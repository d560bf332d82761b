"""Dual prices, recovered from an optimal flow because the flow solver does not tell them.

The pairs and loads of an optimal flow leave difference constraints on the prices; their least
solution is found by longest paths (Bellman-Ford, where each sweep looks only at people whose price the
sweep before has raised). Taking the *least* mentor prices makes them unique, hence canonical: a single
altered price is found out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.solver.gains import Gains, SideGains

NONE = np.int64(-(2**62))
"""Stands for minus infinity inside the sweeps; never leaves this file."""

FEW = 4096
"""Up to so many raised people it is quicker to sort them than to mark them among all."""


@dataclass(frozen=True)
class Arcs:
    """Free pairs in any order, and which of them are chosen."""

    mentor: NDArray[np.int32]
    mentee: NDArray[np.int32]
    gain: Ints
    chosen: NDArray[np.bool_]


def least_prices(arcs: Arcs, gains: Gains, most_sweeps: int = 1_000_000) -> tuple[Ints, Ints] | None:
    """Least mentor prices (and with them largest mentee prices) that prove the flow optimal.

    Returns
    -------
    ``(mentor prices, mentee prices)``, or None where no prices exist (the flow is not optimal)
    or ``most_sweeps`` did not settle it. A mentor without a lower limit, having no chosen pair, takes
    the highest price allowed, or 0 where none is.
    """
    n, m = len(gains.mentors.capacity), len(gains.mentees.capacity)
    taken, given = arcs.mentor[arcs.chosen], arcs.mentee[arcs.chosen]
    low_p, high_p = _range(gains.mentors, gains.mentors.used + np.bincount(taken, minlength=n))
    low_v, high_v = _range(gains.mentees, gains.mentees.used + np.bincount(given, minlength=m))
    p, q = np.where(low_p == NONE, high_p, low_p), _negated(high_v)
    high_q = _negated(low_v, above=True)
    back = _Fan(taken, given, -arcs.gain[arcs.chosen], n)
    if back.raise_from(np.flatnonzero(np.bincount(taken, minlength=n)), p, q, high_q) is None:
        return None
    there, dearer = _forth(arcs, m), np.flatnonzero(q != NONE)
    for _ in range(most_sweeps):
        mentors = there.raise_from(dearer, q, p, high_p)
        mentees = None if mentors is None else back.raise_from(mentors, p, q, high_q)
        if mentees is None:
            return None
        dearer = mentees
        if not len(dearer):
            return np.where(p == -NONE, 0, p), np.where(q == NONE, 0, -q)
    return None


def _range(side: SideGains, load: Ints) -> tuple[Ints, Ints]:
    """Prices under which each person's load is a best one: from ``low`` to ``high``."""
    low = np.where(load > side.used, -side.marginal(load), NONE)
    high = np.where(load < side.capacity, -side.marginal(load + 1), -NONE)
    return low, high


def _negated(values: Ints, above: bool = False) -> Ints:
    return np.where(np.abs(values) == -NONE, -NONE if above else NONE, -values)


def _forth(arcs: Arcs, mentees: int) -> _Fan:
    """From mentees to the mentors of the pairs that were not chosen."""
    rest = ~arcs.chosen
    return _Fan(arcs.mentee[rest], arcs.mentor[rest], arcs.gain[rest], mentees)


class _Fan:
    """Arcs from some people to others; whoever has a price raises those it leads to."""

    def __init__(self, tail: NDArray[np.int32], head: NDArray[np.int32], gain: Ints, tails: int) -> None:
        self._ends = np.zeros(tails + 1, np.int64)
        np.cumsum(np.bincount(tail, minlength=tails), out=self._ends[1:])
        order = _sorted_by(tail, self._ends)
        self._head, self._gain = head[order], gain[order]

    def raise_from(
        self, people: NDArray[np.intp], values: Ints, other: Ints, high: Ints
    ) -> NDArray[np.intp] | None:
        """Raise ``other`` to ``values[tail] + gain`` of the arcs of these people.

        Returns
        -------
        Whom it raised; None where that would be above their highest price.
        """
        arcs, value = self._of(people, values)
        head = self._head[arcs]
        value += self._gain[arcs]
        more = value > other[head]
        head, value = head[more], value[more]
        if (value > high[head]).any():
            return None
        np.maximum.at(other, head, value)
        return _each_once(head, len(other))

    def _of(self, people: NDArray[np.intp], values: Ints) -> tuple[NDArray[np.intp], Ints]:
        """The arcs of these people, and for each the value of its tail."""
        counts = self._ends[people + 1] - self._ends[people]
        shift = self._ends[people] - np.cumsum(counts) + counts
        return np.repeat(shift, counts) + np.arange(counts.sum()), np.repeat(values[people], counts)


def _sorted_by(tail: NDArray[np.int32], ends: Ints) -> NDArray[np.int32]:
    """A stable order by tail, in linear time, as a sparse transpose gives it."""
    from scipy.sparse import csr_array

    size = len(tail)
    rows = np.arange(size + 1, dtype=np.int64)
    table = csr_array((np.arange(size, dtype=np.int32), tail, rows), shape=(size, len(ends) - 1))
    return np.asarray(table.tocsc().data, np.int32)


def _each_once(people: NDArray[np.int32], size: int) -> NDArray[np.intp]:
    if len(people) <= FEW:
        return np.unique(people).astype(np.intp)
    return np.flatnonzero(np.bincount(people, minlength=size))
