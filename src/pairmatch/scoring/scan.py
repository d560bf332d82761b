"""The scan of one strip: a few mentors against all mentees of a sketch, tile by tile.

A pure function of arrays, so that it runs in any thread, process or machine. It keeps, for each mentor, the
pairs of largest key, and besides each pair whose key is above a limit of its mentee. The key is the pair's
number in the sketch less both people's prices. Among equal keys a fixed hash decides, so that not all
mentors keep the same mentees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Whole, Work
from pairmatch.problem import rank_among_equals
from pairmatch.scoring.sketch import HEIGHT, WIDTH, Sketch

__all__ = ["GOLDEN", "Hits", "Lens", "mixed", "scan"]

Bools = NDArray[np.bool_]
Places = NDArray[np.int32]

GOLDEN = 0.618_033_988_749_894_9
"""Multiples of it, modulo 1, are spread evenly, however many there are."""

CROWD = 4
"""A tile with so many times more hits than can be kept raises its limits before it tells them."""


@dataclass(frozen=True)
class Lens:
    """Which pairs of a strip are looked for.

    Attributes
    ----------
    mentor_prices, mentee_prices
        What is taken from each pair's number, in units, float32: of the strip's mentors, and of all mentees.
        None: nothing.
    above
        Keys up to this are not kept.
    least
        Pairs whose number in the sketch is below this are not kept; None: all may be.
    mentors_each
        Most pairs kept for each mentor.
    mentee_limits
        Keys above these are kept for the mentees' sake, float32; None where mentees want none.
    mentees_each
        Most pairs of the strip that any mentee wants.
    noise
        Whether ties are parted by noise.
    flat
        Whether all pairs that are not too light count the same, whatever their weight.
    """

    mentor_prices: Whole | None
    mentee_prices: Whole | None
    above: float
    mentors_each: int
    least: float | None = None
    mentee_limits: Whole | None = None
    mentees_each: int = 0
    noise: bool = False
    flat: bool = False

    def of(self, start: int, stop: int) -> Lens:
        """The lens for one strip of mentors."""
        prices = self.mentor_prices
        return self if prices is None else replace(self, mentor_prices=prices[start:stop])


@dataclass(frozen=True)
class Hits:
    """What a scan kept.

    Attributes
    ----------
    mentor, mentee
        Places in the sketch.
    key
        float32.
    best
        Which of them are among their mentor's best; the others are kept for the mentee alone.
    limit
        For each mentor of the strip: no key above it was left out.
    """

    mentor: Places
    mentee: Places
    key: Whole
    best: Bools
    limit: Whole


def scan(sketch: Sketch, start: int, stop: int, lens: Lens) -> Hits:
    """The pairs of the mentors from ``start`` to ``stop`` that a lens looks for."""
    work, lens = Work(), lens.of(start, stop)
    best = _Best(stop - start, lens)
    for first in _tiles(sketch.shape[1], start):
        columns = slice(first, min(first + WIDTH, sketch.shape[1]))
        if sketch.open[start // HEIGHT : -(-stop // HEIGHT), first // WIDTH].any():
            keys = _keys(sketch, slice(start, stop), columns, lens, work)
            best.look(keys, columns, work)
    return best.hits(start)


def _tiles(width: int, start: int) -> list[int]:
    """Where the tiles begin; each strip looks at another one first, so that equal pairs are not all alike."""
    tiles = list(range(0, width, WIDTH))
    first = int(len(tiles) * (start // HEIGHT * GOLDEN % 1))
    return tiles[first:] + tiles[:first]


def _keys(sketch: Sketch, rows: slice, columns: slice, lens: Lens, work: Work) -> Whole:
    keys = sketch.block(rows, columns, work)
    if lens.noise:
        sketch.part_ties(rows, columns, keys, work)
    if lens.least is not None:
        light = work.array("light", keys.shape, np.bool_)
        np.less(keys, np.float32(lens.least), out=light)
        if lens.flat:
            keys[...] = 0.0
        np.putmask(keys, light, np.float32(-np.inf))
    if lens.mentor_prices is not None and lens.mentee_prices is not None:
        prices = work.array("prices", keys.shape)
        np.add(lens.mentor_prices[:, None], lens.mentee_prices[columns], out=prices)
        keys -= prices
    return keys


class _Best:
    """The best keys of each mentor so far, and all pairs that were kept."""

    def __init__(self, height: int, lens: Lens) -> None:
        self._lens = lens
        self._top: Whole = np.full((height, lens.mentors_each), -np.inf, np.float32)
        self._limit: Whole = np.full(height, lens.above, np.float32)
        self._kept: list[tuple[Places, Places, Whole]] = []

    def look(self, keys: Whole, columns: slice, work: Work) -> None:
        """Keep what a tile holds; limits only rise, so that nothing wanted is missed."""
        limits = self._lens.mentee_limits
        theirs = None if limits is None else limits[columns]
        places = _above(keys, self._limit, theirs, work)
        if len(places) > self._crowd(keys.shape):
            places = _above(keys, *self._raised(keys, theirs), work)
        if len(places):
            rows, at = np.divmod(places, keys.shape[1])
            self._keep(rows.astype(np.int32), (at + columns.start).astype(np.int32), keys.ravel()[places])

    def _crowd(self, shape: tuple[int, int]) -> int:
        return CROWD * (shape[0] * self._lens.mentors_each + shape[1] * self._lens.mentees_each) + 1024

    def _raised(self, keys: Whole, theirs: Whole | None) -> tuple[Whole, Whole | None]:
        """Limits just below what is among the best of this tile, where that is more than known."""
        ours, each = self._limit, self._lens.mentors_each
        if each < keys.shape[1]:
            k = keys.shape[1] - each
            ours = np.maximum(ours, _just_below(np.partition(keys, k, axis=1)[:, k]))
        if theirs is not None and self._lens.mentees_each < len(keys):
            k = len(keys) - self._lens.mentees_each
            theirs = np.maximum(theirs, _just_below(np.partition(keys, k, axis=0)[k]))
        return ours, theirs

    def _keep(self, rows: Places, columns: Places, keys: Whole) -> None:
        self._kept.append((rows, columns, keys))
        mine = keys > self._limit[rows]
        rows, keys = rows[mine], keys[mine]
        if len(rows):
            rank = rank_among_equals(rows)
            people = rows[rank == 0]
            more = np.full((len(people), int(rank.max()) + 1), -np.inf, np.float32)
            more[np.searchsorted(people, rows), rank] = keys
            both = np.concatenate([self._top[people], more], axis=1)
            k = both.shape[1] - self._lens.mentors_each
            both.partition(k, axis=1)
            self._top[people] = both[:, k:]
            self._limit[people] = np.maximum(self._limit[people], both[:, k])

    def hits(self, start: int) -> Hits:
        """All that is still wanted, sorted by mentor, the best first."""
        nothing = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32))
        rows, columns, keys = (np.concatenate(part) for part in zip(nothing, *self._kept, strict=True))
        mentors = (rows + np.int32(start)).astype(np.int32)
        order = np.lexsort((mixed(mentors, columns), -keys, rows))
        mentors = mentors[order]
        rows, columns, keys = rows[order], columns[order], keys[order]
        best = (rank_among_equals(rows) < self._lens.mentors_each) & (keys > self._lens.above)
        limits = self._lens.mentee_limits
        wanted = best if limits is None else best | (keys > limits[columns])
        return Hits(mentors[wanted], columns[wanted], keys[wanted], best[wanted], self._limit)


def _above(keys: Whole, ours: Whole, theirs: Whole | None, work: Work) -> NDArray[np.intp]:
    """Flat places of the keys above their mentor's limit or their mentee's."""
    hit = work.array("hit", keys.shape, np.bool_)
    if theirs is None:
        np.greater(keys, ours[:, None], out=hit)
    else:
        limits = work.array("limits", keys.shape)
        np.minimum(ours[:, None], theirs, out=limits)
        np.greater(keys, limits, out=hit)
    return np.flatnonzero(hit)


def mixed(mentors: Places, mentees: Places) -> NDArray[np.uint64]:
    """A fixed hash of each pair."""
    keys = (mentors.astype(np.uint64) << np.uint64(32)) + mentees.astype(np.uint64)
    keys = (keys ^ (keys >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    keys ^= keys >> np.uint64(29)
    return keys * np.uint64(0xBF58476D1CE4E5B9)


def _just_below(values: Whole) -> Whole:
    below: Whole = np.nextafter(values, np.float32(-np.inf))
    return below
