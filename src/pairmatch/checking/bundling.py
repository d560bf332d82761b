"""The best set of pairs that each mentor can have alone, within places and hours: exact, in integers."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints

__all__ = ["Sets", "best_sets"]

SAFE = 2**58
"""Sums below this need no care; others are done in Python's integers."""

NOWHERE = -(2**61)
"""Stands for a set that cannot be, in 64 bits; sums with it stay below every real one."""

FAR = -(10**60)
"""The same in Python's integers."""

CELLS = 1 << 22
"""Numbers that are held at once."""


@dataclass(frozen=True)
class Sets:
    """What some mentors can choose from.

    Attributes
    ----------
    value
        Worth of each pair, ``(mentors, mentees)``.
    usable
        Which of them there are.
    places
        Most pairs of each mentor.
    gain
        Worth of having 0, 1, ... of them, Python's integers, ``(mentors, largest number of places + 1)``.
    need, budget
        Hours of each mentee's pair, and of each mentor; None where hours do not count.
    """

    value: Ints
    usable: NDArray[np.bool_]
    places: Ints
    gain: NDArray[Any]
    need: Ints | None = None
    budget: Ints | None = None


def best_sets(sets: Sets) -> int:
    """Sum over mentors of the largest worth of a set of pairs, with the worth of having so many."""
    most = min(int(sets.places.max(initial=0)), sets.value.shape[1])
    if not len(sets.value):
        return 0
    if sets.need is None or sets.budget is None:
        prefix, number = _prefixes(sets.value, sets.usable, most, _safe(sets))
        within = np.minimum(sets.places, number)
    else:
        prefix = _within_hours(sets, sets.need, sets.budget, most)
        within = np.minimum(sets.places, most)
    whole = prefix.astype(object) + sets.gain[:, : most + 1]
    there = prefix > (NOWHERE if prefix.dtype == np.int64 else FAR) // 2
    possible = (np.arange(most + 1) <= within[:, None]) & there
    return int(sum(np.where(possible, whole, FAR).max(axis=1)))


def _safe(sets: Sets) -> bool:
    """Whether no sum over a set can overflow."""
    largest = max(abs(int(sets.value.max(initial=0))), abs(int(sets.value.min(initial=0))))
    return largest * max(1, int(sets.places.max(initial=0))) < SAFE


def _prefixes(
    value: Ints, usable: NDArray[np.bool_], most: int, safe: bool
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Worth of the best 0, 1, ... ``most`` pairs of each mentor, and how many there are."""
    lowest = np.iinfo(np.int64).min
    shown = np.where(usable, value, lowest)
    width = shown.shape[1]
    if 0 < 4 * most < width:
        shown = np.partition(shown, width - most, axis=1)[:, width - most :]
    best = np.sort(shown, axis=1)[:, ::-1][:, :most]
    best = np.where(best == lowest, 0, best)
    summed = np.cumsum(best if safe else best.astype(object), axis=1)
    nothing = np.zeros((len(value), 1), summed.dtype)
    return np.concatenate([nothing, summed], axis=1), usable.sum(axis=1).astype(np.int64)


def _within_hours(sets: Sets, asked: Ints, budget: Ints, most: int) -> NDArray[Any]:
    """Worth of the best 0, 1, ... ``most`` pairs of each mentor within the hours."""
    if not most:
        return np.zeros((len(sets.value), 1), np.int64)
    unit = gcd(*asked.tolist()) or 1
    need = asked // unit
    # More hours than the longest pairs take are no use.
    hours = np.clip(budget // unit, -1, most * int(need.max(initial=0)))
    cells = (most + 1) * (int(hours.max(initial=0)) + 1)
    step = max(1, CELLS // cells)
    parts = [
        _table(sets, slice(start, start + step), need, hours[start : start + step], most)
        for start in range(0, len(hours), step)
    ]
    return np.concatenate(parts)


def _table(sets: Sets, rows: slice, need: Ints, hours: Ints, most: int) -> NDArray[Any]:
    """Dynamic programming over how many pairs and how many hours, one length of pairs after the other.

    Of the pairs of one length only the best can be of use; and of those only what is better than all the
    ``most`` best pairs that are no longer.
    """
    value, usable, safe = sets.value[rows], sets.usable[rows], _safe(sets)
    kind = np.int64 if safe else object
    nowhere = NOWHERE if safe else FAR
    table = np.full((len(value), most + 1, int(hours.max(initial=0)) + 1), nowhere, kind)
    table[:, 0, :] = 0
    shorter = np.full((len(value), most), np.iinfo(np.int64).min)
    for length in np.unique(need).tolist():
        here = need == length
        better = usable[:, here] & (value[:, here] > shorter[:, :1])
        active = np.flatnonzero(better.any(axis=1))
        if len(active):
            chosen = value[active][:, here]
            prefix, number = _prefixes(chosen, better[active], min(most, int(here.sum())), safe)
            table[active] = _joined(table[active], prefix, number, int(length), nowhere)
            shown = np.where(better[active], chosen, np.iinfo(np.int64).min)
            both = np.concatenate([shorter[active], shown], axis=1)
            shorter[active] = np.sort(both, axis=1)[:, -most:]
    told = table[np.arange(len(value)), :, np.maximum(hours, 0)]
    # A mentor whose required pairs take more than all hours has no other pair.
    told[hours < 0, 1:] = nowhere
    return np.asarray(told)


def _joined(table: Any, prefix: Any, number: Ints, length: int, nowhere: int) -> NDArray[Any]:
    """The table with up to so many more pairs of one length."""
    out = table.copy()
    pairs, hours = table.shape[1], table.shape[2]
    for more in range(1, prefix.shape[1]):
        if more >= pairs or more * length >= hours:
            break
        gain = np.where(number >= more, prefix[:, more], nowhere)[:, None, None]
        with_more = table[:, : pairs - more, : hours - more * length] + gain
        kept = out[:, more:, more * length :]
        out[:, more:, more * length :] = np.maximum(kept, np.maximum(with_more, nowhere))
    return np.asarray(out)
