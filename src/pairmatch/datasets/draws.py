"""Vectorised draws shared by the fields of a synthetic cohort; each takes the generator to draw from."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Bits = NDArray[np.uint64]

SEPARATOR = "; "


@dataclass(frozen=True)
class Listing:
    """What each of n people lists of a vocabulary.

    Attributes
    ----------
    picks
        (n, most) indices into the vocabulary, without repeats in a row.
    counts
        (n,) how many of a row's picks are listed; the rest is left over.
    """

    picks: Ints
    counts: Ints

    @property
    def bits(self) -> Bits:
        """Each person's list as a set of bits, one per word."""
        flags = np.left_shift(np.uint64(1), self.picks.astype(np.uint64))
        listed = np.arange(self.picks.shape[1]) < self.counts[:, None]
        return np.asarray(np.bitwise_or.reduce(np.where(listed, flags, np.uint64(0)), axis=1))


def stream(seed: int, field: str) -> np.random.Generator:
    """A generator of its own for each field, so that a new field never changes the others."""
    return np.random.default_rng([seed, zlib.crc32(field.encode())])


def choose(rng: np.random.Generator, shares: Sequence[float] | Floats, count: int) -> Ints:
    """``count`` indices, each drawn with probability proportional to its share."""
    return chosen(rng.random(count), shares)


def chosen(luck: Floats, shares: Sequence[float] | Floats) -> Ints:
    """The indices that numbers in [0, 1) choose; the same luck keeps its order whatever the shares are."""
    bounds = np.cumsum(np.asarray(shares, dtype=np.float64))
    picks = np.searchsorted(bounds, luck * bounds[-1], side="right")
    return np.asarray(np.minimum(picks, len(bounds) - 1), dtype=np.int64)


def choose_each(rng: np.random.Generator, shares: Floats) -> Ints:
    """One index per row of ``shares`` (n, k), each row summing to 1."""
    drawn = rng.random((len(shares), 1)) < np.cumsum(shares, axis=1)
    return np.asarray(np.argmax(drawn, axis=1), dtype=np.int64)


def preferring(rng: np.random.Generator, shares: Sequence[float] | Floats, count: int, most: int) -> Ints:
    """For each of ``count`` people the ``most`` first choices, without repeats, as (count, most) indices.

    Shares are above 0, one per word (k,) or one per person and word (count, k).
    """
    weights = np.asarray(shares, dtype=np.float64)
    return _first(rng.exponential(size=(count, weights.shape[-1])) / weights, most)


def among(rng: np.random.Generator, named: Bools, most: int) -> Ints:
    """For each row the first ``most`` columns in random order, those that are true before the others."""
    return _first(rng.random(named.shape) + ~named, most)


def _first(keys: Floats, most: int) -> Ints:
    part = np.argpartition(keys, most - 1, axis=1)[:, :most]
    order = np.argsort(np.take_along_axis(keys, part, axis=1), axis=1)
    return np.take_along_axis(part, order, axis=1).astype(np.int64)


def listed(labels: Sequence[str], listing: Listing) -> Texts:
    """List cells: what each person lists, joined; None where that is nothing."""
    return cells(np.array(labels, dtype=object)[listing.picks], listing.counts)


def cells(entries: Texts, counts: Ints) -> Texts:
    """List cells from a rectangle of entries (n, most), of which the first ``counts`` are used."""
    rows = zip(entries.tolist(), counts.tolist(), strict=True)
    return texts([SEPARATOR.join(row[:count]) or None for row, count in rows])


def texts(values: Sequence[Any]) -> Texts:
    """A column of Python objects, text or None."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def without(column: Texts, gaps: Bools) -> Texts:
    """A copy of the column with None in the gaps."""
    holed = column.copy()
    holed[gaps] = None
    return holed
