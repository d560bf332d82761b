"""The same problem with other weights of the goals: rules, places and fitted values stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.cohort import Pairs
from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.match import Work, solved_again
from pairmatch.problem import Ints, Problem
from pairmatch.scoring import Fit, Scorer
from pairmatch.scoring.fitting import FINE
from pairmatch.scoring.gauge import Gauge, Reading
from pairmatch.scoring.listed import exact
from pairmatch.scoring.scorer import Part, units
from pairmatch.scoring.shares import Share, shares
from pairmatch.scoring.stating import stated
from pairmatch.scoring.sweep import Sweep
from pairmatch.supposing.standing import pairs_of

if TYPE_CHECKING:
    from pairmatch.cohort import Block
    from pairmatch.matching import Matching
    from pairmatch.scoring.workers import Workers

__all__ = ["Weighing", "reweighed"]

AT_ONCE = 1 << 17
"""Pairs of one list: its arrays are a megabyte each."""


class Weighing:
    """A matching's problem under other weights of its goals.

    Parameters
    ----------
    matching
        The matching.
    workers
        Who sweeps, where there is no room for all pairs.
    work
        When to end.

    Attributes
    ----------
    pairs
        The matching's own pairs by positions, mentor first; sorted.
    """

    def __init__(self, matching: Matching, workers: Workers, work: Work) -> None:
        self._workers, self._work, self._revision = workers, work, matching.revision
        # Which pairs are too light is another question under other weights.
        open_to_all = replace(matching.policy, minimum_weight=None)
        fitted = Fit.from_dict(matching.fitted)
        people = matching.cohort, open_to_all
        self._built, beyond = stated(*people, fitted, workers, revision=matching.revision)
        self._swept = beyond is not None
        self._scorer = copy(self._built.scorer)
        self._scorer.bar = Scorer(matching.cohort, matching.policy, fitted).bar
        _ = self._scorer.reads_lists  # worked out once: every copy knows
        self._scores: dict[tuple[str, int], _Once] = {}
        self._always = _always(self._built.problem)
        self.pairs = pairs_of(matching, self._built)[:, :2]

    @property
    def weights(self) -> dict[str, float]:
        """Weights of the goals in use, by label."""
        return {part.label: float(part.gauge.goal.weight) for part in self._scorer.parts}

    @property
    def ids(self) -> tuple[list[str], list[str]]:
        """Mentor's and mentee's id of each pair."""
        built, cohort = self._built, self._scorer.cohort
        ours, theirs = built.mentors[self.pairs[:, 0]], built.mentees[self.pairs[:, 1]]
        mentors, mentees = cohort.mentors.ids, cohort.mentees.ids
        return [mentors[row] for row in ours.tolist()], [mentees[row] for row in theirs.tolist()]

    def solved(self, weights: Sequence[float]) -> Ints | None:
        """The best pairs under other weights, by positions; none where no matching is valid then.

        None where the time ended before they were known.

        Parameters
        ----------
        weights
            One for each goal in use.
        """
        if self._work.time_limit is not None and (self._work.left or 0) <= 0.01:
            return None
        scorer = reweighed(self._scorer, weights)
        problem, beyond = self._problem(scorer), None
        if self._swept:
            built = self._built
            beyond = Sweep(scorer, built.mentors, built.mentees, problem.loads, self._workers)
        try:
            found = solved_again(problem, beyond, self._revision, self._work.left)
        except InfeasibleError:
            # Pairs that are too light now may be those that a minimum needs.
            return np.empty((0, 2), np.int64)
        except NoSolutionError:
            return None
        return found.pairs if found.complete else None

    def kept(self, pairs: Ints) -> np.typing.NDArray[np.bool_]:
        """Which of the matching's own pairs are among others."""
        width = self._built.problem.n_mentees
        own, others = (rows[:, 0] * width + rows[:, 1] for rows in (self.pairs, pairs))
        return np.isin(own, others)

    def _problem(self, scorer: Scorer) -> Problem:
        """The pairs that are heavy enough now, with their weights."""
        problem, weight = self._built.problem, self._weigh(scorer)
        keep = self._always | (weight >= scorer.bar)
        return replace(problem, mentor=problem.mentor[keep], mentee=problem.mentee[keep], weight=weight[keep])

    def _weigh(self, scorer: Scorer) -> Ints:
        """The weight of every pair in hand; what a goal tells of them is asked once."""
        problem, built = self._built.problem, self._built
        rows = built.mentors[problem.mentor], built.mentees[problem.mentee]
        if not scorer.reads_lists:
            return exact(scorer, *rows)[0]
        weight = np.zeros(len(rows[0]), np.int64)
        for start in range(0, len(weight), AT_ONCE):
            at = slice(start, start + AT_ONCE)
            pairs = Pairs(scorer.cohort, rows[0][at], rows[1][at])
            for part in scorer.parts:
                weight[at] += units(part._replace(gauge=self._asked(part.gauge, start)), pairs)[0][:, 0]
        return weight

    def _asked(self, gauge: Gauge, start: int) -> Any:
        """A gauge that asks its goal once about the pairs from here on, where their scores can be kept."""
        if gauge.factors is not None:
            return gauge
        return self._scores.setdefault((gauge.label, start), _Once(gauge))


class _Once:
    """A gauge of one list of pairs, who keeps what the goal said."""

    def __init__(self, gauge: Gauge) -> None:
        self._gauge = gauge
        self._said: Any = None

    def read(self, pairs: Block, scale: float) -> Reading:
        """As :meth:`pairmatch.scoring.gauge.Gauge.read`, always of the same pairs."""
        if self._said is None:
            self._said = np.asarray(self._gauge.goal.score(pairs))
        return self._gauge.rounded(self._said, pairs.shape, scale)


def reweighed(scorer: Scorer, weights: Sequence[float]) -> Scorer:
    """A scorer whose goals in use have other weights; what they learnt stays.

    Parameters
    ----------
    scorer
        The scorer; it is left as it is.
    weights
        One for each of its goals in use, above 0.
    """
    other = copy(scorer)
    parts = zip(scorer.parts, shares(weights), strict=True)
    other.parts = tuple(_part(part, share, scorer.fit) for part, share in parts)
    return other


def _part(part: Part, share: Share, fitted: Fit) -> Part:
    zero = getattr(part.gauge.goal, "missing", "average") == "zero"
    average = 0.0 if zero else (fitted.averages[part.label] or 0) / FINE
    return part._replace(share=share, instead=share.units(average))


def _always(problem: Problem) -> np.typing.NDArray[np.bool_]:
    """Pairs that stay however little they weigh: the required ones, and in a re-match the running ones."""
    width = np.int64(max(1, problem.n_mentees))
    pairs = problem.loads.required
    if problem.earlier is not None:
        pairs = np.concatenate([pairs, problem.earlier.pairs])
    return np.isin(problem.mentor * width + problem.mentee, pairs[:, 0] * width + pairs[:, 1])
