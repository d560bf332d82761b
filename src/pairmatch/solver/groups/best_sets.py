"""What a mentor's best set of pairs is worth against prices of mentees and groups: exact, without hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairmatch.problem import Ints, Problem, rank_among_equals
from pairmatch.solver.gains import Gains

__all__ = ["BestSets", "best_sets", "steepest"]

NOBODY = -(2**61)
"""Below the worth of every pair."""


@dataclass(frozen=True, eq=False)
class BestSets:
    """The best sets of pairs.

    Attributes
    ----------
    worth
        Of all mentors together, the required pairs included.
    last
        For each mentor, what a further pair must be worth above its mentee's price to matter.
    """

    worth: int
    last: Ints


def best_sets(problem: Problem, gains: Gains, mentee_prices: Ints, required: int) -> BestSets:
    """Each mentor's best set of the pairs in hand, of which the first ones are required."""
    value = gains.pair - mentee_prices[problem.mentee]
    side, free = gains.mentors, slice(required, None)
    room = side.capacity - side.used
    order = np.lexsort((-value[free], problem.mentor[free]))
    mentor, worth = problem.mentor[free][order], value[free][order]
    rank = rank_among_equals(mentor)
    best, so_far = side.total(side.used), np.zeros_like(room)
    last = np.full(len(room), NOBODY)
    for load in range(1, int(room.max(initial=0)) + 1):
        here = (rank == load - 1) & (load <= room[mentor])
        who = mentor[here]
        if not len(who):
            break
        so_far[who] += worth[here]
        best[who] = np.maximum(best[who], so_far[who] + side.total(side.used + load)[who])
        full = who[room[who] == load]
        last[full] = worth[here][room[who] == load]
    # A pair that costs more than the dearest place brings is of no use.
    return BestSets(int(value[:required].sum()) + int(best.sum()), np.maximum(last, -steepest(gains)))


def steepest(gains: Gains) -> Ints:
    """The most that one more pair of each mentor can bring beside its own worth."""
    return np.asarray(np.maximum(gains.mentors.first, 0) + max(gains.mentors.filled, 0))
