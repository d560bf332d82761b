"""The figures of a simulated year, per run: those that programmes report, and some that nobody can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.simulate.year import DONE, FAILED, MENTOR_LEFT, RUNNING, Year

__all__ = ["MEASURES", "measured"]

Figures = NDArray[np.float64]

MEASURES: Mapping[str, str] = {
    "matched": "share of the mentees who joined that had a mentor at some time",
    "waited": "months that a mentee who joined was without a mentor, on average",
    "sessions": "sessions held per mentee who joined",
    "served": "share of the mentees who joined that held at least 5 of 7 sessions",
    "completing": "share of the mentees who had a mentor that held at least 5 of 7 sessions",
    "satisfied": "share of the mentees who had a mentor that were satisfied with the (last) match",
    "failed": "share of the pairs that failed",
    "ended_early": "share of the pairs that ended early, for whatever reason",
    "rematched": "share of the mentees who had a mentor that had more than one",
    "between": "months until the next mentor, or to the end, of a mentee who lost one, on average",
    "stranded": "share of the mentees who had a mentor that lost the mentor and waited in vain to the end",
    "dropout": "share of the people who had a pair that left before their part was done",
    "dropout_mentors": "the same among mentors",
    "dropout_mentees": "the same among mentees",
    "weight": "weight of a pair, on average",
    "chemistry": "chemistry of a pair, on average, which nobody sees",
}
"""What each figure is. All sessions of a mentee count, with whichever mentor they were held."""


def measured(year: Year) -> dict[str, Figures]:
    """Each of the :data:`MEASURES`, ``(runs,)``; NaN where nobody could be counted."""
    mentors, mentees = year.mentors, year.mentees
    joined = mentees.joins < year.life.months
    stranded = mentees.ever & ~mentees.left & ~year.done & ~year.running
    enough = (year.held >= year.life.enough) & joined
    everybody = _sum(mentors.ever) + _sum(mentees.ever)
    figures = {
        "matched": _ratio(_sum(mentees.ever), _sum(joined)),
        "waited": _ratio(_sum(year.idle), _sum(joined)),
        "sessions": _ratio(_sum(year.held), _sum(joined)),
        "served": _ratio(_sum(enough), _sum(joined)),
        "completing": _ratio(_sum(enough), _sum(mentees.ever)),
        "satisfied": _ratio(_sum(year.satisfied), _sum(mentees.ever)),
        **_of_pairs(year),
        "stranded": _ratio(_sum(stranded), _sum(mentees.ever)),
        "dropout": _ratio(_sum(mentors.lost) + _sum(mentees.lost), everybody),
        "dropout_mentors": _ratio(_sum(mentors.lost), _sum(mentors.ever)),
        "dropout_mentees": _ratio(_sum(mentees.lost), _sum(mentees.ever)),
    }
    return {name: figures[name] for name in MEASURES}


def _of_pairs(year: Year) -> dict[str, Figures]:
    """The measures that count pairs."""
    run, pair, *_, how = year.pairs.T
    mentee = year.world.problem.mentee[pair]
    had, bereft = (np.zeros(year.running.shape, np.int64) for _ in range(2))
    np.add.at(had, (run, mentee), 1)
    np.add.at(bereft, (run, mentee), (how == FAILED) | (how == MENTOR_LEFT))

    def summed(values: NDArray[Any]) -> Figures:
        return np.bincount(run, values, year.runs).astype(np.float64)

    made = np.bincount(run, minlength=year.runs)
    return {
        "failed": _ratio(summed(how == FAILED), made),
        "ended_early": _ratio(summed((how != DONE) & (how != RUNNING)), made),
        "between": _ratio(_sum(year.between), _sum(bereft > 0)),
        "rematched": _ratio(_sum(had > 1), _sum(had > 0)),
        "weight": _ratio(summed(year.world.problem.weight[pair] / year.world.problem.unit), made),
        "chemistry": _ratio(summed(year.fates.chemistry[run, pair]), made),
    }


def _sum(of: NDArray[Any]) -> Figures:
    """Over the people of each run."""
    return np.asarray(of.sum(axis=1), np.float64)


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> Figures:
    """Part of the whole; NaN where the whole is nothing."""
    of = np.asarray(whole, np.float64)
    return np.asarray(np.divide(part, of, out=np.full(len(of), np.nan), where=of > 0))
