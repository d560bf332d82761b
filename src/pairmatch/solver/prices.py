"""Dual prices, recovered from an optimal flow because the flow solver does not tell them.

The pairs and loads of an optimal flow leave difference constraints on the prices; their least
solution is found by longest paths (Bellman-Ford in Jacobi sweeps). Taking the *least* mentor
prices makes them unique, hence canonical: a single altered price is found out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.solver.gains import Gains, SideGains

NONE = np.int64(-(2**62))
"""Stands for minus infinity inside the sweeps; never leaves this file."""


@dataclass(frozen=True)
class Arcs:
    """Free pairs sorted by mentor, and which of them are chosen."""

    mentor: NDArray[np.int32]
    mentee: NDArray[np.int32]
    gain: Ints
    chosen: NDArray[np.bool_]


def least_prices(arcs: Arcs, gains: Gains, most_sweeps: int = 1_000_000) -> tuple[Ints, Ints] | None:
    """Least mentor prices (and with them largest mentee prices) that prove the flow optimal.

    Returns
    -------
    ``(mentor prices, mentee prices)``, or None where no prices exist (the flow is not optimal)
    or ``most_sweeps`` did not settle it. A mentor without any lower limit takes the highest price
    allowed, or 0.
    """
    n, m = len(gains.mentors.capacity), len(gains.mentees.capacity)
    taken_mentor, taken_mentee = arcs.mentor[arcs.chosen], arcs.mentee[arcs.chosen]
    low_p, high_p = _range(gains.mentors, gains.mentors.used + np.bincount(taken_mentor, minlength=n))
    low_v, high_v = _range(gains.mentees, gains.mentees.used + np.bincount(taken_mentee, minlength=m))
    low_q, high_q = _negated(high_v), _negated(low_v, above=True)
    rest = ~arcs.chosen
    p_rows = _Segments(arcs.mentor[rest], arcs.mentee[rest], arcs.gain[rest])
    order = np.argsort(taken_mentee, kind="stable")
    q_rows = _Segments(taken_mentee[order], taken_mentor[order], -arcs.gain[arcs.chosen][order])
    p, q = low_p, low_q
    for _ in range(most_sweeps):
        p = p_rows.raise_from(q, low_p)
        raised = q_rows.raise_from(p, low_q)
        if (p > high_p).any() or (raised > high_q).any():
            return None
        if (raised == q).all():
            return np.where(p == NONE, np.where(high_p == -NONE, 0, high_p), p), np.where(q == NONE, 0, -q)
        q = raised
    return None


def _range(side: SideGains, load: Ints) -> tuple[Ints, Ints]:
    """Prices under which each person's load is a best one: from ``low`` to ``high``."""
    low = np.where(load > side.used, -side.marginal(load), NONE)
    high = np.where(load < side.capacity, -side.marginal(load + 1), -NONE)
    return low, high


def _negated(values: Ints, above: bool = False) -> Ints:
    return np.where(np.abs(values) == -NONE, -NONE if above else NONE, -values)


class _Segments:
    """Sorted rows of arcs: the largest ``value[other] + gain`` per row, in one sweep."""

    def __init__(self, row: NDArray[np.int32], other: NDArray[np.int32], gain: Ints) -> None:
        self.starts = np.flatnonzero(np.diff(row, prepend=-1))
        self.rows = row[self.starts]
        self.row, self.other, self.gain = row, other, gain

    def raise_from(self, values: Ints, low: Ints) -> Ints:
        if not len(self.starts):
            return low
        best = np.maximum.reduceat(values[self.other] + self.gain, self.starts)
        best[best < NONE // 2] = NONE
        raised = low.copy()
        raised[self.rows] = np.maximum(low[self.rows], best)
        return raised
