"""What a sweep looks at and what it gathers: sketches of some people, and the pairs found so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Positions
from pairmatch.problem import Ints, Priced, rank_among_equals
from pairmatch.scoring.parcels import Parcel
from pairmatch.scoring.scan import Hits
from pairmatch.scoring.sketch import HEIGHT, Sketch

__all__ = ["Listed", "Strip", "View", "Wanted", "batches", "joined", "once", "reduced"]

Bools = NDArray[np.bool_]
Places = NDArray[np.int32]

Strip = tuple[int, int]

BATCH = 400_000
"""Pairs that are scored exactly at one time."""


@dataclass(frozen=True)
class Listed:
    """Exactly scored allowed pairs, by positions in the problem."""

    mentor: Places
    mentee: Places
    weight: Ints

    def where(self, kept: Bools) -> Listed:
        """Some of them."""
        return Listed(self.mentor[kept], self.mentee[kept], self.weight[kept])


@dataclass(frozen=True)
class View:
    """A sketch, where it was sent, and the positions in the problem of its people."""

    sketch: Sketch
    handle: Parcel
    mentors: Positions
    mentees: Positions

    @property
    def strips(self) -> list[Strip]:
        """Runs of mentors that are scanned together; none where there are no mentees."""
        n, m = self.sketch.shape
        return [(start, min(start + HEIGHT, n)) for start in range(0, n, HEIGHT)] if m else []


class Wanted:
    """The best pairs of each mentee, over the strips so far."""

    def __init__(self, mentees: int, each: int) -> None:
        self._n, self._each = mentees, each
        self.mentor = np.empty(0, np.int32)
        self.mentee = np.empty(0, np.int32)
        self._key = np.empty(0, np.float32)
        self._waiting: list[Hits] = []

    def add(self, hits: Hits) -> None:
        """One strip's pairs."""
        self._waiting.append(hits)

    def settle(self, before: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Keep the best; what a mentee's pairs must exceed from now on. Earlier mentors come first."""
        mentor = np.concatenate([self.mentor, *(hits.mentor for hits in self._waiting)])
        mentee = np.concatenate([self.mentee, *(hits.mentee for hits in self._waiting)])
        key = np.concatenate([self._key, *(hits.key for hits in self._waiting)])
        order = np.lexsort((mentor, -key, mentee))
        place = rank_among_equals(mentee[order])
        kept = order[place < self._each]
        last = order[place == self._each - 1]
        limits = np.full(self._n, -np.inf, np.float32)
        # Just below, so that an equal pair of an earlier mentor can still come in.
        limits[mentee[last]] = np.nextafter(key[last], np.float32(-np.inf))
        self.mentor, self.mentee, self._key, self._waiting = mentor[kept], mentee[kept], key[kept], []
        return limits if before is None else np.maximum(limits, before)


def joined(found: Sequence[Hits], which: Callable[[Hits], Bools] | None = None) -> tuple[Places, Places]:
    """The pairs of several strips."""
    kept = [slice(None) if which is None else which(hits) for hits in found]
    nobody = np.empty(0, np.int32)
    mentor = np.concatenate([nobody, *(hits.mentor[k] for hits, k in zip(found, kept, strict=True))])
    mentee = np.concatenate([nobody, *(hits.mentee[k] for hits, k in zip(found, kept, strict=True))])
    return mentor, mentee


def batches(
    scanned: Iterator[tuple[Strip, Hits]],
) -> Iterator[list[tuple[Strip, Hits]]]:
    """Strips in lots of so many pairs."""
    batch: list[tuple[Strip, Hits]] = []
    size = 0
    for strip, hits in scanned:
        batch.append((strip, hits))
        size += len(hits.mentor)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def reduced(pairs: Listed, priced: Priced) -> Ints:
    """Each pair's gain less both people's prices."""
    gain = pairs.weight * np.int64(priced.total) + np.int64(priced.pair)
    return np.asarray(gain - priced.mentor_prices[pairs.mentor] - priced.mentee_prices[pairs.mentee])


def once(found: Sequence[Listed]) -> Listed:
    """All pairs of several lists, sorted by mentor, then mentee, each once."""
    mentor = np.concatenate([pairs.mentor for pairs in found])
    mentee = np.concatenate([pairs.mentee for pairs in found])
    width = int(mentee.max(initial=0)) + 1
    _, first = np.unique(mentor.astype(np.int64) * width + mentee, return_index=True)
    weight = np.concatenate([pairs.weight for pairs in found])
    return Listed(mentor[first], mentee[first], weight[first])
