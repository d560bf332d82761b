"""Cohorts as two matrices of small whole numbers, whose product tells all weights: for the solver alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Found, Ints, Loads, Priced, Problem, Stopped

TRAITS, MOST, DEPARTMENTS = 20, 60, 12
BARRED = -(2**20)
BLOCK, CHUNK, THREADS = 512, 64, 2

Floats = NDArray[np.float32]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Factors:
    """All pairs of a cohort: a way for sweeps, whole and of some people only.

    Nobody is paired within a department. Products of small whole numbers are exact as floats.
    """

    ours: Floats
    theirs: Floats
    barred: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def n_pairs(self) -> int:
        """Possible pairs."""
        return len(self.ours) * len(self.theirs)

    def without(self, failed: Ints) -> Factors:
        """The same cohort, where some more pairs are not allowed."""
        return replace(self, barred=np.union1d(self.barred, failed[:, 0] * len(self.theirs) + failed[:, 1]))

    def best(self, mentors_each: int, mentees_each: int, stop: Stop) -> Found:
        """The heaviest pairs of each mentor and of each mentee."""
        with ThreadPoolExecutor(THREADS) as pool:
            mine = [
                *pool.map(
                    lambda rows: _top(rows, self.ours[rows] @ self.theirs.T, mentors_each),
                    _blocks(len(self.ours)),
                )
            ]
            yours = [
                *pool.map(
                    lambda rows: _top(rows, self.theirs[rows] @ self.ours.T, mentees_each),
                    _blocks(len(self.theirs)),
                )
            ]
        mentor = np.concatenate([*(a for a, _ in mine), *(b for _, b in yours)])
        mentee = np.concatenate([*(b for _, b in mine), *(a for a, _ in yours)])
        return self._found(mentor, mentee, complete=False)

    def beating(self, priced: Priced, most: int, stop: Stop, *, among: Ints | None = None) -> Found:
        """Pairs whose reduced gain is above 0: the best ``most`` of each mentor."""
        ours = np.arange(len(self.ours)) if among is None else among
        return self._beating(priced, ours, np.arange(len(self.theirs)), most, stop)

    def touching(
        self,
        priced: Priced,
        people: tuple[Ints, Ints],
        most: int,
        stop: Stop,
        moved: Sequence[tuple[Ints, Ints]],
    ) -> Found:
        """The best few of some mentors and of some mentees, where two prices have fallen together."""
        prices, sides = (priced.mentor_prices, priced.mentee_prices), (self.ours, self.theirs)
        found: list[tuple[Ints, Ints]] = []
        complete = True
        for side, changed in enumerate(people):
            some = changed[np.argsort(moved[-1][side][changed], kind="stable")]
            for start in range(0, len(some), BLOCK):
                if stop():
                    raise Stopped
                own = some[start : start + BLOCK]
                partners = np.arange(len(sides[1 - side]))
                for numbers in moved:
                    partners = partners[numbers[1 - side][partners] < -numbers[side][own].min()]
                every = len(partners) == len(sides[1 - side])
                weight = sides[side][own] @ sides[1 - side][slice(None) if every else partners].T
                limit = (prices[side][own] - priced.pair)[:, None].astype(np.float32)
                reduced = priced.total * weight - limit - prices[1 - side][partners].astype(np.float32)
                row, column = np.divmod(np.flatnonzero((reduced > 0) & (weight >= 0)), len(partners))
                order = np.lexsort((-reduced[row, column], row))
                kept = order[np.arange(len(row)) - np.searchsorted(row[order], row[order]) < most]
                complete = complete and len(kept) == len(row)
                pair = own[row[kept]], partners[column[kept]]
                found.append(pair[::-1] if side else pair)
        nobody = np.empty(0, np.int64)
        mentor, mentee = (np.concatenate([nobody, *(pair[at] for pair in found)]) for at in (0, 1))
        return self._found(mentor, mentee, complete=complete)

    def _beating(self, priced: Priced, mentors: Ints, mentees: Ints, most: int, stop: Stop) -> Found:
        ours = priced.total * self.ours[mentors]
        offset = (priced.pair - priced.mentor_prices[mentors]).astype(np.float32)
        left = np.column_stack([ours, offset, np.full(len(mentors), -1, np.float32)])
        prices = priced.mentee_prices[mentees].astype(np.float32)
        right = np.column_stack([self.theirs[mentees], np.ones(len(mentees), np.float32), prices]).T
        found, complete = [], True
        cut = np.zeros(len(self.ours), np.bool_)
        excess = np.zeros(len(self.ours), np.int64)

        def look(rows: slice) -> tuple[Ints, Ints, bool]:
            """The best few of a block; all that beats the prices would not fit into memory."""
            if stop():
                raise Stopped
            reduced = left[rows] @ right
            row, column = np.divmod(np.flatnonzero(reduced > 0), reduced.shape[1])
            key = reduced[row, column]
            order = np.lexsort((-key, row))
            rank = np.arange(len(row)) - np.searchsorted(row[order], row[order])
            np.maximum.at(excess, mentors[rows][row], key.astype(np.int64))
            kept = order[rank < most]
            cut[mentors[rows][row[order[rank >= most]]]] = True
            return mentors[rows][row[kept]], mentees[column[kept]], len(kept) == len(row)

        with ThreadPoolExecutor(THREADS) as pool:
            for ours_found, theirs_found, whole in pool.map(look, [*_blocks(len(mentors))]):
                complete = complete and whole
                found.append((ours_found, theirs_found))
        pairs = [np.concatenate([np.empty(0, np.int64), *(part[at] for part in found)]) for at in (0, 1)]
        return replace(self._found(*pairs, complete=complete), excess=excess, cut=cut)

    def _found(self, mentor: Ints, mentee: Ints, *, complete: bool) -> Found:
        key = np.unique(mentor * len(self.theirs) + mentee)
        mentor, mentee = np.divmod(key, len(self.theirs))
        weight = np.einsum("ij,ij->i", self.ours[mentor], self.theirs[mentee]).astype(np.int64)
        good = (weight >= 0) & ~np.isin(key, self.barred)
        pairs = mentor[good].astype(np.int32), mentee[good].astype(np.int32), weight[good]
        return Found(*pairs, np.zeros(len(self.ours), np.int64), complete)


def cohort(mentors: int, mentees: int, seed: int = 1) -> tuple[Problem, Factors]:
    """Capacities of 1 to 4 for mentors, one mentor for a mentee; some mentors are popular."""
    draw = np.random.default_rng([seed, mentors, mentees])
    sides = []
    for size in (mentors, mentees):
        traits = draw.integers(0, MOST, (size, TRAITS)).astype(np.float32)
        traits[draw.random(traits.shape) < 0.6] = 0
        department = np.eye(DEPARTMENTS, dtype=np.float32)[draw.integers(0, DEPARTMENTS, size)]
        sides.append((traits, department))
    popular = draw.integers(0, 2000, mentors).astype(np.float32)
    (ours, here), (theirs, there) = sides
    left = np.column_stack([ours, BARRED * here, popular])
    right = np.column_stack([theirs, there, np.ones(mentees, np.float32)])
    places = draw.integers(1, 5, mentors), np.ones(mentees, np.int64)
    nothing = np.empty(0, np.int32)
    loads = Loads(*places, np.zeros(mentors, np.int64), np.zeros(mentees, np.int64))
    unit = int(_length(ours) * _length(theirs)) + 2000
    no_weight, must = np.empty(0, np.int64), np.zeros(mentees, bool)
    problem = Problem(nothing, nothing, no_weight, loads, must, ("must_match", "mentees", "total"), unit)
    return problem, Factors(left, right)


def _length(traits: Floats) -> float:
    """Of the longest row."""
    return float(np.sqrt((traits.astype(np.float64) ** 2).sum(axis=1).max(initial=1)))


def _blocks(size: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, size)) for start in range(0, size, BLOCK))


def _top(rows: slice, block: Floats, each: int) -> tuple[Ints, Ints]:
    """The largest few of each row of a block, found among the chunks with the largest maxima."""
    height, width = block.shape
    padded = -(-width // CHUNK) * CHUNK
    if padded > width:
        block = np.pad(block, ((0, 0), (0, padded - width)), constant_values=np.float32(BARRED))
    chunks = block.reshape(height, -1, CHUNK)
    few = min(each, chunks.shape[1])
    best = np.argpartition(chunks.max(axis=2), -few, axis=1)[:, -few:]
    inner = np.take_along_axis(chunks, best[:, :, None], axis=1).reshape(height, -1)
    few = min(each, inner.shape[1])
    at = np.argpartition(inner, -few, axis=1)[:, -few:]
    column = np.take_along_axis(best, at // CHUNK, axis=1) * CHUNK + at % CHUNK
    row = np.repeat(np.arange(rows.start, rows.stop), few)
    good = np.take_along_axis(inner, at, axis=1).ravel() >= 0
    return row[good], column.ravel()[good]
