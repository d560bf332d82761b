"""The sweep over all pairs of a large cohort, which nobody stores (design, part 7).

A sketch filters; whatever passes is scored again by the definition and held against every rule. So what is
found is exact, and nothing that matters can be missed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.forms import Positions, Work
from pairmatch.problem import (
    RESOLUTION,
    Found,
    Ints,
    Loads,
    Priced,
    Progress,
    Report,
    Stopped,
    rank_among_equals,
)
from pairmatch.scoring.gathered import Gathered
from pairmatch.scoring.lenses import lens_for, lens_of_weights
from pairmatch.scoring.listed import exact, light
from pairmatch.scoring.margin import EACH, NEAR, Margin
from pairmatch.scoring.near import near
from pairmatch.scoring.scan import GOLDEN, Hits, Lens, scan
from pairmatch.scoring.sketch import HEIGHT, Sketch, places_of, sketched
from pairmatch.scoring.view import Listed, Strip, View, Wanted, batches, joined, once

if TYPE_CHECKING:
    from pairmatch.scoring.scorer import Scorer
    from pairmatch.scoring.workers import Workers

__all__ = ["Sweep"]

Stop = Callable[[], bool]
Bools = NDArray[np.bool_]
Places = NDArray[np.int32]

FIRST_WAVE = 4
"""Strips after which mentees know a first limit; each wave is twice as long as the one before."""

AUDITED, AUDIT_RUN = 5, 48
"""The audit's blocks: so many runs of each side, and people of a run."""


class Sweep:
    """All allowed pairs between people with a free place.

    Parameters
    ----------
    scorer
        Rules and goals.
    mentors, mentees
        For each position of the problem, the row of the table.
    loads
        Who has a place left beside the required pairs.
    workers
        Who scans the strips.
    report
        Told after each strip.

    Attributes
    ----------
    n_pairs
        Possible pairs.
    pairs_swept
        Pairs looked at so far, in all sweeps.
    seconds
        Time spent sweeping so far.
    """

    def __init__(
        self,
        scorer: Scorer,
        mentors: Positions,
        mentees: Positions,
        loads: Loads,
        workers: Workers,
        report: Report | None = None,
    ) -> None:
        self._scorer, self._workers, self._report = scorer, workers, report
        self._rows = mentors, mentees
        self._required = loads.required[:, 0] * len(mentees) + loads.required[:, 1]
        free = _free(loads)
        self._free = mentors[free[0]], mentees[free[1]]
        sketch = sketched(scorer, *self._free)
        self._view = View(
            sketch,
            workers.shipped(sketch),
            places_of(sketch.mentors, mentors),
            places_of(sketch.mentees, mentees),
        )
        self.n_pairs = len(mentors) * len(mentees)
        self.pairs_swept = 0
        self.seconds = 0.0
        self._margin: Margin | None = None
        self._stage, self._done, self._total = "", 0, 0
        self._special = self._exact(self._view, *sketch.exceptions.T.astype(np.int32))

    @cached_property
    def _rules(self) -> Sketch:
        return self._view.sketch.rules_alone()

    @cached_property
    def _places(self) -> tuple[Positions, Positions]:
        """Where each position of the problem stands in the sketch; -1 where it does not."""
        view, sizes = self._view, [len(rows) for rows in self._rows]
        sides = zip((view.mentors, view.mentees), sizes, strict=True)
        ours, theirs = (places_of(np.arange(size), people) for people, size in sides)
        return ours, theirs

    @property
    def stats(self) -> dict[str, float]:
        """Counts and seconds, for the curious."""
        return {
            "pairs_possible": self.n_pairs,
            "pairs_swept": self.pairs_swept,
            "sweep_seconds": self.seconds,
            "sweep_features": self._view.sketch.left.shape[1],
            "sweep_error": self.error / RESOLUTION,
        }

    @property
    def error(self) -> float:
        """Most units by which the filter can be wrong about a weight."""
        return self._view.sketch.error

    # -- what the solver asks ----------------------------------------------------------------

    def best(self, mentors_each: int, mentees_each: int, stop: Stop) -> Found:
        """The heaviest allowed pairs of each mentor and of each mentee; ties are parted by a fixed noise.

        Once ``stop()`` is true, those of the people that were looked at so far.
        """
        view, size = self._view, FIRST_WAVE
        lens = lens_of_weights(view.sketch, self._scorer.bar, mentors_each, mentees_each)
        wanted = Wanted(view.sketch.shape[1], mentees_each)
        found, mine = [self._few(self._special, mentors_each)], list[Hits]()
        # People stand in the order of their fields: strips from all over give limits that hold for all.
        strips = sorted(view.strips, key=lambda strip: strip[0] / HEIGHT * GOLDEN % 1)
        self._begin("looking for the best pairs", view, strips)
        try:
            while strips:
                for _, hits in self._scanned(view, strips[:size], lens, stop):
                    mine.append(hits)
                    wanted.add(hits)
                found.append(self._exact(view, *joined(mine, lambda hits: hits.best)))
                lens = replace(lens, mentee_limits=wanted.settle(lens.mentee_limits))
                mine, strips, size = [], strips[size:], 2 * size
        except Stopped:
            # The best of some people are better than none: the caller asks again whether to stop.
            found.append(self._exact(view, *joined(mine, lambda hits: hits.best)))
            wanted.settle(lens.mentee_limits)
        found.append(self._exact(view, wanted.mentor, wanted.mentee))
        pairs = once(found)
        nothing = np.zeros(len(self._rows[0]), np.int64)
        return Found(pairs.mentor, pairs.mentee, pairs.weight, nothing, complete=False)

    def beating(self, priced: Priced, most: int, stop: Stop, *, among: Ints | None = None) -> Found:
        """Pairs whose reduced gain is above 0: the best ``most`` of each mentor, and at least one.

        After a first whole sweep only what its margin leaves open is looked at, where that is less.
        ``among``: the mentors whose pairs count; None for all.

        Raises
        ------
        Stopped
            ``stop()`` was true.
        """
        view = self._view
        if among is not None:
            return _of_mentors(self.attaining(priced, 1, most, stop, among=among), among)
        if not priced.total:
            return self.attaining(priced, 1, most, stop)
        zero = lens_for(view.sketch, priced, 1, self._scorer.bar, (view.mentors, view.mentees)).above
        moved = None if self._margin is None else self._margin.moved(view, priced, zero)
        gathered = Gathered(self._special, priced, 1)
        if moved is None:
            self._margin = None
            margin = Margin(view, priced)
            self._gather(gathered, view, most, stop, margin)
            self._margin = margin
        else:
            gathered.add(self._exact(view, moved.mentor, moved.mentee))
            for rows, columns in ((moved.rows, None), (None, moved.columns)):
                self._gather(gathered, self._part(view.sketch, rows, columns), most, stop)
        return self._found(gathered, most)

    def touching(
        self,
        priced: Priced,
        people: tuple[Ints, Ints],
        most: int,
        stop: Stop,
        moved: Sequence[tuple[Ints, Ints]],
    ) -> Found:
        """As :meth:`beating`, of pairs that have one of these mentors, or one of these mentees.

        The best ``most`` of each of them. ``moved``: numbers of everybody; pairs of which the two numbers of
        an entry are together not below 0 are left out.
        """
        view, gathered = self._view, Gathered(self._special, priced, 1)
        lens = lens_for(view.sketch, priced, 1, self._scorer.bar, (view.mentors, view.mentees))
        by_rules = not priced.total and priced.floor is None and not self._scorer.bar
        risen = [(ours[view.mentors], theirs[view.mentees]) for ours, theirs in moved]
        for side, some in enumerate(people):
            places = self._places[side][some]
            told = places[places >= 0], side, most, stop, risen
            mentor, mentee, complete = near(self._rules if by_rules else view.sketch, lens, *told)
            gathered.add(self._exact(view, mentor.astype(np.int32), mentee.astype(np.int32)))
            gathered.complete = gathered.complete and complete
        return self._found(gathered, most)

    def attaining(
        self, priced: Priced, least: int, most: int, stop: Stop, *, among: Ints | None = None
    ) -> Found:
        """Pairs whose reduced gain is at least ``least``, 0 or 1: the best ``most`` of each mentor.

        A mentor who has none among the pairs looked at, while there may be more, is looked at again.
        ``among``: the mentors who matter; None for all.
        """
        gathered = Gathered(self._special, priced, least)
        self._gather(gathered, self._seen_by(priced, least, among), most, stop)
        return self._found(gathered, most)

    def _gather(
        self, gathered: Gathered, view: View, most: int, stop: Stop, margin: Margin | None = None
    ) -> None:
        """Scan a view for the pairs that are looked for."""
        lens = lens_for(
            view.sketch, gathered.priced, gathered.least, self._scorer.bar, (view.mentors, view.mentees)
        )
        zero, strips, each = lens.above, view.strips, 2 * most + 16
        if margin is not None:
            lens, each = replace(lens, above=min(zero, -NEAR)), max(each, EACH)
        while strips:
            again: list[Strip] = []
            lens = replace(lens, mentors_each=each)
            whole = view is self._view and len(strips) == len(view.strips)
            self._begin("sweeping all pairs" if whole else "sweeping what may have changed", view, strips)
            for batch in batches(self._scanned(view, strips, lens, stop)):
                if margin is not None:
                    margin.add(batch)
                found = joined([hits for _, hits in batch], lambda hits: hits.key > zero)
                gathered.add(self._exact(view, *found))
                again += [strip for strip, hits in batch if gathered.leaves_open(view, strip, hits, zero)]
            lens, margin = replace(lens, above=zero), None
            strips, each = again, 8 * each
        if view is not self._view:
            self._workers.forget(view.handle)

    def audit(self) -> int:
        """How many pairs of a sample the filter tells with more than its error, or forbids wrongly."""
        wrong = 0 if math.isfinite(self.error) else 1
        for rows, columns in product(*(_spread(len(people), AUDITED) for people in self._free)):
            wrong += self._wrong(self._free[0][rows], self._free[1][columns])
        return wrong

    def _wrong(self, rows: Positions, columns: Positions) -> int:
        """How many pairs of a block the filter tells wrongly; whoever is not in the sketch may have none."""
        sketch, cohort = self._view.sketch, self._scorer.cohort
        ours, theirs = places_of(rows, sketch.mentors), places_of(columns, sketch.mentees)
        block = Block(cohort, rows, columns)
        eligible, weight = self._scorer.eligible(block), self._scorer.weight(block)
        known = (ours >= 0)[:, None] & (theirs >= 0)
        wrong = int(np.count_nonzero(eligible & ~known))
        part = sketch.taken(ours[ours >= 0], theirs[theirs >= 0])
        numbers = part.block(slice(0, part.shape[0]), slice(0, part.shape[1]), Work())
        within = np.ix_(ours >= 0, theirs >= 0)
        # A number that is none is not within the error.
        good = (np.abs(numbers - weight[within]) <= part.error) & (numbers >= part.forbidden)
        good[tuple(part.exceptions.T)] = True
        return wrong + int(np.count_nonzero(eligible[within] & ~good))

    # -- scanning ----------------------------------------------------------------------------

    def _seen_by(self, priced: Priced, least: int, among: Ints | None) -> View:
        """The people who matter: all, or where weights do not count those whose prices leave room."""
        view = self._view
        u, v = priced.mentor_prices[view.mentors], priced.mentee_prices[view.mentees]
        rows, columns = np.arange(len(u)), np.arange(len(v))
        if not priced.total and len(u) and len(v):
            rows = np.flatnonzero(priced.pair - u - v.min() >= least)
            columns = np.flatnonzero(priced.pair - u.min() - v >= least)
        if among is not None:
            rows = rows[np.isin(view.mentors[rows], among)]
        if 2 * len(rows) * len(columns) > len(u) * len(v):
            return view
        by_rules = not priced.total and priced.floor is None and not self._scorer.bar
        return self._part(view.sketch.rules_alone() if by_rules else view.sketch, rows, columns)

    def _part(self, sketch: Sketch, rows: NDArray[np.intp] | None, columns: NDArray[np.intp] | None) -> View:
        """Some people of the whole view; None for all of a side."""
        ours = np.arange(sketch.shape[0]) if rows is None else rows
        theirs = np.arange(sketch.shape[1]) if columns is None else columns
        part = sketch.taken(ours, theirs)
        return View(part, self._workers.shipped(part), self._view.mentors[ours], self._view.mentees[theirs])

    def _begin(self, stage: str, view: View, strips: Sequence[Strip]) -> None:
        """Note what is begun, so that it can be told how far it is."""
        self._stage, self._done = stage, 0
        self._total = sum(stop - start for start, stop in strips) * view.sketch.shape[1]

    def _scanned(
        self, view: View, strips: Sequence[Strip], lens: Lens, stop: Stop
    ) -> Iterator[tuple[Strip, Hits]]:
        started, sent = time.monotonic(), self._workers.shipped(lens)
        tasks = [(*strip, sent) for strip in strips]
        try:
            for strip, hits in zip(strips, self._workers.map(scan, view.handle, tasks, stop), strict=True):
                pairs = (strip[1] - strip[0]) * view.sketch.shape[1]
                self._done += pairs
                self.pairs_swept += pairs
                if self._report is not None:
                    self._report(Progress(self._stage, self._done, self._total))
                yield strip, hits
        finally:
            self._workers.forget(sent)
            self.seconds += time.monotonic() - started

    # -- exact -------------------------------------------------------------------------------

    def _exact(self, view: View, mentor: Places, mentee: Places) -> Listed:
        """Pairs by places in a sketch, scored by the definition; without the forbidden and the required."""
        rows = view.sketch.mentors[mentor], view.sketch.mentees[mentee]
        weight, allowed = exact(self._scorer, *rows)
        pairs = Listed(view.mentors[mentor].astype(np.int32), view.mentees[mentee].astype(np.int32), weight)
        allowed &= ~light(self._scorer, *rows, weight)
        if len(self._required):
            allowed &= ~np.isin(self._keys(pairs.mentor, pairs.mentee), self._required)
        return pairs.where(allowed)

    def _few(self, pairs: Listed, each: int) -> Listed:
        """The heaviest few pairs of each mentor and each mentee."""
        kept = np.zeros(len(pairs.weight), np.bool_)
        for people in (pairs.mentor, pairs.mentee):
            order = np.lexsort((pairs.mentee, pairs.mentor, -pairs.weight, people))
            kept[order[rank_among_equals(people[order]) < each]] = True
        return pairs.where(kept)

    def _found(self, gathered: Gathered, most: int) -> Found:
        pairs = gathered.best(most)
        told = gathered.excess, gathered.complete, gathered.cut
        return Found(pairs.mentor, pairs.mentee, pairs.weight, *told)

    def _keys(self, mentor: Places, mentee: Places) -> Ints:
        return mentor.astype(np.int64) * len(self._rows[1]) + mentee


def _of_mentors(found: Found, among: Ints) -> Found:
    """The pairs of some mentors alone."""
    kept = np.isin(found.mentor, among)
    excess = np.zeros_like(found.excess)
    excess[among] = found.excess[among]
    return Found(found.mentor[kept], found.mentee[kept], found.weight[kept], excess, found.complete)


def _spread(size: int, parts: int) -> list[slice]:
    """A few short runs of places from all over."""
    starts = np.unique(np.linspace(0, max(0, size - AUDIT_RUN), parts).astype(int))
    return [slice(start, min(start + AUDIT_RUN, size)) for start in starts.tolist()]


def _free(loads: Loads) -> tuple[Bools, Bools]:
    """Who has a place left beside the required pairs."""
    sides = (loads.mentor_capacity, loads.mentee_capacity)
    return tuple(  # type: ignore[return-value]
        capacity > np.bincount(loads.required[:, k], minlength=len(capacity))
        for k, capacity in enumerate(sides)
    )
