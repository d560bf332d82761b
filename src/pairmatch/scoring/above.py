"""How many partners of some people weigh enough for a policy's bar, by the sketch of a large cohort.

The sketch tells most pairs from the bar by more than its error; the others are scored by the definition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Positions, Work
from pairmatch.problem import Ints, never
from pairmatch.scoring.listed import exact, light
from pairmatch.scoring.sketch import HEIGHT, WIDTH, Sketch, places_of, sketched
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    from pairmatch.scoring.scorer import Scorer

__all__ = ["Above", "counts_above"]

Bools = NDArray[np.bool_]


class Above:
    """Counts partners whom every rule and the bar allow.

    Parameters
    ----------
    scorer
        Rules, goals and the bar.
    people
        Rows of the tables: the mentors and the mentees of the problem.
    open_
        For each of them, whether they have a free place.
    few
        Pairs ``(n, 2)``, positions of the problem, that rules forbid of which the sketch knows nothing.
    workers
        Who does it.
    """

    def __init__(
        self,
        scorer: Scorer,
        people: tuple[Positions, Positions],
        open_: tuple[Bools, Bools],
        few: Ints,
        workers: Workers,
    ) -> None:
        self._scorer, self._people, self._workers = scorer, people, workers
        self._sketch = sketched(scorer, *people)
        sizes = len(scorer.cohort.mentors), len(scorer.cohort.mentees)
        self._open = tuple(np.zeros(size, np.bool_) for size in sizes)
        for flags, rows, free in zip(self._open, people, open_, strict=True):
            flags[rows] = free
        self._few = np.stack([people[k][few[:, k]] for k in (0, 1)], axis=1)

    def counts(self, side: int, asked: Ints) -> Ints:
        """Partners who are allowed, and those of them who are open: ``(2, people asked about)``.

        Parameters
        ----------
        side
            0 for mentors, 1 for mentees.
        asked
            Their positions in the problem.
        """
        task = self._task(side, self._people[side][asked])
        height = task.sketch.shape[0]
        strips = [(start, min(start + HEIGHT, height)) for start in range(0, height, HEIGHT)]
        handle = self._workers.shipped(task)
        sums = np.zeros((2, len(self._open[side])), np.int64)
        rows = (task.sketch.mentors, task.sketch.mentees)[side]
        results = self._workers.map(counts_above, handle, strips, never)
        for (start, stop), found in zip(strips, results, strict=True):
            sums[:, rows if side else rows[start:stop]] += found
        self._workers.forget(handle)
        return sums[:, self._people[side][asked]]

    def _task(self, side: int, wanted: Positions) -> _Task:
        """The people asked about against all of the other side."""
        whole = self._sketch
        places = [np.arange(size) for size in whole.shape]
        places[side] = np.flatnonzero(np.isin((whole.mentors, whole.mentees)[side], wanted))
        part = whole.taken(*places)
        known = _places(part, self._few)
        partners = part.mentors if side else part.mentees
        weights = np.stack([np.ones(len(partners), np.bool_), self._open[1 - side][partners]], axis=1)
        return _Task(self._scorer, part, side, weights.astype(np.float32), known)


def _places(part: Sketch, pairs: Ints) -> Ints:
    """Pairs of table rows as places in a part of the sketch, with its own exceptions; by row."""
    found = np.stack([places_of(pairs[:, 0], part.mentors), places_of(pairs[:, 1], part.mentees)], axis=1)
    there = found[(found >= 0).all(axis=1)]
    return np.unique(np.concatenate([there, part.exceptions]), axis=0)


@dataclass(frozen=True)
class _Task:
    """A part of the sketch, and what is counted in it.

    Attributes
    ----------
    scorer
        Scores again what is in doubt.
    sketch
        The people.
    side
        Whose partners are counted: 0 for the mentors', 1 for the mentees'.
    weights
        Partners × (1, whether open).
    unknown
        Places of pairs about which the sketch says nothing; by row.
    """

    scorer: Scorer
    sketch: Sketch
    side: int
    weights: NDArray[np.float32]
    unknown: Ints


def counts_above(task: _Task, start: int, stop: int) -> Ints:
    """The counts of one strip of mentors: ``(2, mentors)``, or what it adds to ``(2, mentees)``."""
    first, last = np.searchsorted(task.unknown[:, 0], (start, stop))
    special = task.unknown[first:last]
    counts = np.zeros((2, task.sketch.shape[1] if task.side else stop - start), np.int64)
    doubts, work = [special], Work()
    for left in range(0, task.sketch.shape[1], WIDTH):
        columns = slice(left, min(left + WIDTH, task.sketch.shape[1]))
        sure, doubtful = _judged(task, slice(start, stop), columns, special, work)
        doubts.append(doubtful)
        if task.side:
            counts[:, columns] += _added(task.weights[start:stop].T, sure)
        else:
            counts += _added(task.weights[columns].T, sure.T)
    return counts + _again(task, np.concatenate(doubts), start, counts.shape)


def _judged(task: _Task, rows: slice, columns: slice, special: Ints, work: Work) -> tuple[Bools, Ints]:
    """Which pairs of a block weigh enough for sure, and the places of those that may."""
    numbers = task.sketch.block(rows, columns, work)
    here = special[(special[:, 1] >= columns.start) & (special[:, 1] < columns.stop)]
    numbers[here[:, 0] - rows.start, here[:, 1] - columns.start] = -np.inf
    bar, error = task.scorer.bar, task.sketch.error
    # Whole limits, so that float32 compares them exactly.
    sure = numbers >= np.float32(math.ceil(bar + error))
    maybe = np.argwhere((numbers >= np.float32(math.floor(bar - error))) & ~sure)
    return sure, maybe + np.array([rows.start, columns.start])


def _added(weights: NDArray[np.float32], pairs: Bools) -> Ints:
    return (weights @ pairs.astype(np.float32)).astype(np.int64)


def _again(task: _Task, pairs: Ints, start: int, shape: tuple[int, ...]) -> Ints:
    """What pairs in doubt add, by the definition."""
    counts = np.zeros(shape, np.int64)
    rows, columns = pairs.T
    mentors, mentees = task.sketch.mentors[rows], task.sketch.mentees[columns]
    weight, allowed = exact(task.scorer, mentors, mentees)
    good = allowed & ~light(task.scorer, mentors, mentees, weight)
    own, partner = (columns, rows) if task.side else (rows - start, columns)
    np.add.at(counts.T, own[good], task.weights[partner[good]].astype(np.int64))
    return counts
