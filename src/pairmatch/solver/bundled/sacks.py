"""What each mentor can do best alone: the set of pairs of the largest value within places and hours.

A knapsack per mentor, all of them at once. Where pairs cost few different hours, how many are taken of each
kind decides, and all such counts are tried; else sums of hours are filled pair by pair. Both are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, rank_among_equals

__all__ = ["NEVER", "Picked", "Room", "best_sets"]

NEVER = -(2**61)
"""Worth of what cannot be; twice as much still fits into a number."""

MOST_COUNTS = 700
"""Combinations of counts up to which they are tried one by one."""

CELLS = 8_000_000
"""Sums of hours and loads that are filled at a time."""


@dataclass(frozen=True, eq=False)
class Room:
    """What each row (a mentor) may take.

    Attributes
    ----------
    places
        Most pairs.
    hours
        Most hours, in any whole unit.
    gain
        Gain of the number of pairs taken, ``(rows, most + 1)`` with ``most`` at least the most places.
    """

    places: Ints
    hours: Ints
    gain: Ints

    def rows(self, which: slice) -> Room:
        """Some of the rows."""
        return Room(self.places[which], self.hours[which], self.gain[which])


@dataclass(frozen=True, eq=False)
class Picked:
    """The best sets.

    Attributes
    ----------
    worth
        Value of each row's best set.
    pairs
        Indices of the pairs in them, by row.
    """

    worth: Ints
    pairs: NDArray[np.intp]


def best_sets(row: Ints, value: Ints, hours: Ints, room: Room) -> Picked:
    """Each row's best set of its pairs.

    Parameters
    ----------
    row, value, hours
        Of each pair; sorted by row.
    room
        What the rows may take.
    """
    most_gain = room.gain.max(axis=1, initial=0) - room.gain.min(axis=1, initial=0)
    useful = (value > -most_gain[row]) & (hours <= room.hours[row])
    at = _leading(np.flatnonzero(useful), row, value, hours, room.places)
    kinds = np.unique(hours[at])
    counts = _counts(kinds, int(room.places.max(initial=0)), int(room.hours.max(initial=0)))
    if counts is not None:
        return _by_counts(at, (row[at], value[at], hours[at]), room, (kinds, counts))
    return _by_hours(at, (row[at], value[at], hours[at]), room)


def _leading(at: NDArray[np.intp], row: Ints, value: Ints, hours: Ints, places: Ints) -> NDArray[np.intp]:
    """Of each row's pairs of the same hours the best ones, as many as there are places: best first."""
    order = at[np.lexsort((-value[at], hours[at], row[at]))]
    kind = row[order] * (int(hours.max(initial=0)) + 1) + hours[order]
    return np.asarray(order[rank_among_equals(kind) < places[row[order]]])


# -- few kinds of hours ----------------------------------------------------------------------


def _counts(kinds: Ints, places: int, hours: int) -> Ints | None:
    """All numbers of pairs of each kind that anybody may take, a line each; None if they are many."""
    found = np.zeros((1, 0), np.int64)
    for kind in kinds.tolist():
        most = places if kind == 0 else min(places, hours // kind)
        if len(found) * (most + 1) > 50 * MOST_COUNTS:
            return None
        more = np.repeat(found, most + 1, axis=0)
        more = np.column_stack([more, np.tile(np.arange(most + 1), len(found))])
        known = kinds[: more.shape[1]]
        found = more[(more.sum(axis=1) <= places) & (more @ known <= hours)]
        if len(found) > MOST_COUNTS:
            return None
    return found


def _by_counts(
    at: NDArray[np.intp], pairs: tuple[Ints, Ints, Ints], room: Room, tried: tuple[Ints, Ints]
) -> Picked:
    row, value, hours = pairs
    (kinds, counts), n = tried, len(room.places)
    kind = np.searchsorted(kinds, hours)
    rank = rank_among_equals(row * (len(kinds) + 1) + kind)
    most = int(counts.max(initial=0))
    sums = np.zeros((len(kinds), most + 1, n), np.int64)
    kept = rank < most
    sums[kind[kept], rank[kept] + 1, row[kept]] = value[kept]
    np.cumsum(sums, axis=1, out=sums)
    there = np.zeros((len(kinds), n), np.int64)
    np.add.at(there, (kind, row), 1)
    worth, best = np.full(n, NEVER), np.zeros(n, np.int64)
    for k, line in enumerate(counts.tolist()):
        load = sum(line)
        told = room.gain[:, min(load, room.gain.shape[1] - 1)].copy()
        open_ = (load <= room.places) & (int(counts[k] @ kinds) <= room.hours)
        for c, count in enumerate(line):
            if count:
                told += sums[c, count]
                open_ &= there[c] >= count
        better = open_ & (told > worth)
        worth[better], best[better] = told[better], k
    return Picked(worth, at[rank < counts[best][row, kind]] if len(kinds) else at[:0])


# -- any hours -------------------------------------------------------------------------------


def _by_hours(at: NDArray[np.intp], pairs: tuple[Ints, Ints, Ints], room: Room) -> Picked:
    """Rows in portions, so that the sums of a portion stay small."""
    row, value, hours = pairs
    n = len(room.places)
    spent = np.bincount(row, hours, minlength=n).astype(np.int64)
    room = Room(room.places, np.minimum(room.hours, spent), room.gain)
    longest = int(np.bincount(row, minlength=n).max(initial=0))
    deep = _depth(room, longest)
    portion = max(1, CELLS // ((int(room.hours.max(initial=0)) + 1) * deep * max(1, longest)))
    worth, picked = [], []
    for begin in range(0, n, portion):
        first, last = np.searchsorted(row, [begin, begin + portion])
        part = slice(int(first), int(last))
        sack = _Sacks(row[part] - begin, value[part], hours[part], room.rows(slice(begin, begin + portion)))
        sack.fill(deep)
        worth.append(sack.worth)
        picked.append(at[part][sack.taken])
    return Picked(np.concatenate(worth), np.concatenate(picked))


def _depth(room: Room, longest: int) -> int:
    """How many loads must be told apart."""
    if (room.places >= longest).all():
        steps = np.flatnonzero((np.diff(room.gain, axis=1) != 0).any(axis=0))
        return int(steps.max(initial=-1)) + 2
    return min(int(room.places.max(initial=0)), longest) + 1


class _Sacks:
    """Some rows: the best value of each load and sum of hours, pair by pair."""

    def __init__(self, row: Ints, value: Ints, hours: Ints, room: Room) -> None:
        self._room, n = room, len(room.places)
        rank = rank_among_equals(row)
        longest = int(rank.max(initial=-1)) + 1
        self._place = np.full((n, longest), -1, np.int64)
        self._place[row, rank] = np.arange(len(row))
        self._value = np.full((n, longest), NEVER >> 4)
        self._value[row, rank] = value
        self._hours = np.zeros((n, longest), np.int64)
        self._hours[row, rank] = hours
        self.worth = np.zeros(n, np.int64)
        self.taken: NDArray[np.intp] = np.empty(0, np.intp)

    def fill(self, deep: int) -> None:
        """Fill the sums, and trace the best back."""
        room, (n, longest) = self._room, self._value.shape
        width = int(room.hours.max(initial=0)) + 1
        counted = bool((room.places < longest).any())
        sums = np.full((n, deep, width), NEVER >> 4)
        sums[:, 0] = 0
        took = np.zeros((longest, n, deep, width), bool)
        stay = np.ones((longest, n, width), bool)
        columns = np.arange(width)
        for k in range(longest):
            source = columns - self._hours[:, k, None]
            shifted = np.take_along_axis(sums, np.maximum(source, 0)[:, None, :], axis=2)
            shifted = np.where((source >= 0)[:, None, :], shifted, NEVER >> 4) + self._value[:, k, None, None]
            more = np.full_like(sums, NEVER >> 3)
            more[:, 1:] = shifted[:, :-1]
            if not counted:
                np.greater_equal(shifted[:, -1], more[:, -1], out=stay[k])
                np.maximum(more[:, -1], shifted[:, -1], out=more[:, -1])
            np.greater(more, sums, out=took[k])
            np.maximum(more, sums, out=sums)
        load = self._ends(sums)
        self._trace(took, stay & (not counted), load)

    def _ends(self, sums: Ints) -> NDArray[np.intp]:
        """The best loads, and what they are worth."""
        room, deep, rows = self._room, sums.shape[1], np.arange(len(sums))
        load = np.arange(deep)
        gain = room.gain[:, np.minimum(load, room.gain.shape[1] - 1)]
        ends = np.where(load <= room.places[:, None], sums[rows, :, room.hours] + gain, NEVER)
        best = ends.argmax(axis=1)
        self.worth = ends[rows, best]
        return np.asarray(best, np.intp)

    def _trace(self, took: NDArray[np.bool_], stay: NDArray[np.bool_], load: NDArray[np.intp]) -> None:
        """The pairs of the best sums, from the last one back."""
        longest, n, deep, _ = took.shape
        rows, left, found = np.arange(n), self._room.hours.copy(), []
        for k in range(longest - 1, -1, -1):
            used = took[k, rows, load, left]
            stays = stay[k, rows, left] & (load == deep - 1)
            found.append(self._place[used, k])
            left = left - np.where(used, self._hours[:, k], 0)
            load = load - (used & ~stays)
        self.taken = np.sort(np.concatenate(found)) if found else np.empty(0, np.intp)
