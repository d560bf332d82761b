"""All bundles of each mentor that come near the best one: what a matching close to the bound is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.solver.bundled.sacks import NEVER, Room

__all__ = ["Listed", "listed"]

WIDEST = 20_000
"""Different sums of hours up to which bundles are listed."""


@dataclass(frozen=True, eq=False)
class Listed:
    """Bundles.

    Attributes
    ----------
    owner
        Row of each bundle.
    start, pair
        Where its pairs begin, one more at the end, and the pairs.
    """

    owner: Ints
    start: Ints
    pair: Ints


def listed(row: Ints, value: Ints, hours: Ints, room: Room, least: Ints, most: int) -> Listed | None:
    """Every row's sets of pairs that are worth at least so much; None if they are more than ``most``.

    Parameters
    ----------
    row, value, hours
        Of each pair; sorted by row.
    room
        What the rows may take.
    least
        What a set must be worth, by row.
    """
    owner, sizes, pairs, total = [], [], [], 0
    ends = np.searchsorted(row, np.arange(len(room.places) + 1))
    for i in range(len(room.places)):
        part = np.arange(ends[i], ends[i + 1])
        if int(room.hours[i]) > WIDEST:
            return None
        found = _of_one(value[part], hours[part], room, i, int(least[i]), most - total)
        if found is None:
            return None
        total += len(found)
        owner.append(np.full(len(found), i))
        sizes.append(found.sum(axis=1))
        pairs.append(part[np.nonzero(found)[1]])
    start = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
    return Listed(np.concatenate(owner), start, np.concatenate(pairs))


def _of_one(value: Ints, hours: Ints, room: Room, i: int, least: int, most: int) -> NDArray[np.bool_] | None:
    """One mentor's sets, a line each: pair after pair is taken or left, as long as enough can follow."""
    order = np.lexsort((hours, -value))
    budget, gain = int(room.hours[i]), room.gain[i]
    follow = _following(value[order], hours[order], budget)
    spread = int(gain.max()) - int(gain[0])
    sets = np.zeros((1, len(order)), bool)
    worth, left, count = np.full(1, int(gain[0])), np.full(1, budget), np.zeros(1, np.int64)
    for k, pair in enumerate(order.tolist()):
        fits = (left >= hours[pair]) & (count < room.places[i])
        more = sets[fits].copy()
        more[:, pair] = True
        sets = np.concatenate([sets, more])
        worth = np.concatenate([worth, worth[fits] + value[pair]])
        left = np.concatenate([left, left[fits] - hours[pair]])
        count = np.concatenate([count, count[fits] + 1])
        can = worth + follow[k + 1, left] + spread >= least
        sets, worth, left, count = sets[can], worth[can], left[can], count[can]
        if len(sets) > most:
            return None
    told = worth - int(gain[0]) + gain[np.minimum(count, len(gain) - 1)]
    return np.asarray(sets[told >= least])


def _following(value: Ints, hours: Ints, budget: int) -> Ints:
    """The most that pairs from each place on can add within so many hours."""
    best = np.zeros((len(value) + 1, budget + 1), np.int64)
    for k in range(len(value) - 1, -1, -1):
        taken = np.full(budget + 1, NEVER)
        if hours[k] <= budget:
            taken[hours[k] :] = best[k + 1, : budget + 1 - hours[k]] + value[k]
        best[k] = np.maximum(best[k + 1], taken)
    return best
