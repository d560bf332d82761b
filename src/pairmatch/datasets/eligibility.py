"""How many pairs the usual rules allow: a company leant towards few of them, or towards all.

Different departments and two levels between the partners decide nearly all. Towards few, everybody gathers in
one department and the mentors come close to the mentees in level; towards all, mentors come from the lower
levels of one department and the mentees from the others, as where the IT department mentors the executives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from pairmatch.datasets.draws import Floats, Ints
from pairmatch.datasets.words import DEPARTMENTS

__all__ = ["LEVELS_BELOW", "MENTEE_LEVELS", "MENTOR_LEVELS", "Placing", "Shares", "eligible_share", "placed"]

MENTOR_LEVELS = (36.9, 36.3, 14.8, 2.0)
"""Percent of the whole company on levels 1 to 4."""
MENTEE_LEVELS = (5.2, 3.4, 1.3)
"""Percent of the whole company on levels 4 to 6; together with the mentors the published pyramid."""
LEVELS_BELOW = 2
"""By how many levels the usual rules put a mentor below the mentee."""
STEPS = 30
"""Halvings of the search; far finer than one person."""


@dataclass(frozen=True)
class Shares:
    """Relative shares of levels and departments on both sides, each adding up to 1."""

    mentor_levels: Floats
    mentee_levels: Floats
    mentor_departments: Floats
    mentee_departments: Floats


@dataclass(frozen=True)
class Placing:
    """Level and department of everybody, mentors first."""

    level: Ints
    department: Ints


def placed(draw: Callable[[Shares], Placing], mentors: int, wanted: float | None) -> Placing:
    """The company as it comes, or the one whose share of eligible pairs is nearest to ``wanted``."""
    if wanted is None:
        return draw(leaning(0.0))
    low, high = -1.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        easier = eligible_share(draw(leaning(middle)), mentors) > wanted
        low, high = (middle, high) if easier else (low, middle)
    ends = [draw(leaning(lean)) for lean in (low, high)]
    return min(ends, key=lambda placing: abs(eligible_share(placing, mentors) - wanted))


def leaning(lean: float) -> Shares:
    """The shares of a company: -1 leans towards all pairs, 0 is as it comes, 1 leans towards none."""
    goal = _close() if lean > 0 else _apart()
    weight = abs(lean)
    mixed = {
        part.name: (1 - weight) * getattr(_usual(), part.name) + weight * getattr(goal, part.name)
        for part in fields(Shares)
    }
    return Shares(**mixed)


def _usual() -> Shares:
    sizes = zipf(len(DEPARTMENTS))
    return Shares(_shares(*MENTOR_LEVELS), _shares(*MENTEE_LEVELS), sizes, sizes)


def _apart() -> Shares:
    technology = np.array([float(name == "Technology") for name in DEPARTMENTS])
    others = zipf(len(DEPARTMENTS)) * (1 - technology)
    juniors = _shares(*MENTOR_LEVELS[:2], 0, 0)
    return Shares(juniors, _shares(*MENTEE_LEVELS), technology, others / others.sum())


def _close() -> Shares:
    one = np.array([1.0, *[0.0] * (len(DEPARTMENTS) - 1)])
    return Shares(_shares(0, 10, 45, 45), _shares(70, 25, 5), one, one)


def _shares(*parts: float) -> Floats:
    return np.array(parts) / sum(parts)


def zipf(count: int) -> Floats:
    """Shares that fall like 1/rank and add up to 1."""
    sizes = np.asarray(1.0 / np.arange(1, count + 1))
    return np.asarray(sizes / sizes.sum())


def eligible_share(placing: Placing, mentors: int) -> float:
    """Which share of the pairs has different departments and levels far enough apart."""
    shape = (placing.department.max() + 1, placing.level.max() + 1)
    cell = np.ravel_multi_index((placing.department, placing.level), shape)
    juniors, seniors = (
        np.bincount(side, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        for side in (cell[:mentors], cell[mentors:])
    )
    levels = np.arange(shape[1])
    apart = levels[:, None] + LEVELS_BELOW <= levels
    everywhere = juniors.sum(axis=0) @ apart @ seniors.sum(axis=0)
    return float(everywhere - np.sum(juniors @ apart * seniors)) / (mentors * (len(cell) - mentors))
