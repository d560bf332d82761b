"""The skeleton of a synthetic company: who stands where, and who reports to whom.

People are numbered through: mentors first, then mentees; the first mentee is the chief executive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairmatch.datasets.draws import Bools, Floats, Ints, choose, stream
from pairmatch.datasets.words import DEPARTMENTS, PLACES

CHIEF_LEVEL = 7
MENTOR_LEVELS = (36.9, 36.3, 14.8, 2.0)
"""Shares of levels 1 to 4; the first three are the published pyramid, the last a few middle managers."""
MENTEE_LEVELS = (55.0, 33.0, 12.0)
"""Shares of levels 4 to 6."""
LEAST_SPAN, MOST_SPAN = 3, 10
"""Direct reports of one manager."""


@dataclass(frozen=True)
class Company:
    """Who stands where. Every array has one entry per person.

    Attributes
    ----------
    seed
        Seeds the streams of all fields.
    mentors
        How many of the people are mentors; they come first.
    level
        1 (junior) to 7 (chief executive).
    department
        Index into ``words.DEPARTMENTS``; the chief executive's is ``len(DEPARTMENTS)``.
    place
        Index into ``words.PLACES``.
    manager
        Number of the manager; the chief executive's is the chief executive.
    """

    seed: int
    mentors: int
    level: Ints
    department: Ints
    place: Ints
    manager: Ints

    @property
    def size(self) -> int:
        """How many people there are."""
        return len(self.level)

    @property
    def mentees(self) -> int:
        """How many of the people are mentees; they come last."""
        return self.size - self.mentors

    @property
    def chief(self) -> int:
        """The number of the chief executive."""
        return self.mentors

    @property
    def is_mentor(self) -> Bools:
        """Which people are mentors."""
        return np.arange(self.size) < self.mentors

    def stream(self, field: str) -> np.random.Generator:
        """The generator that a field draws from."""
        return stream(self.seed, field)


def company(mentors: int, mentees: int, seed: int) -> Company:
    """Draw the skeleton."""
    level = _levels(stream(seed, "level"), mentors, mentees)
    department = _departments(stream(seed, "department"), level, chief=mentors)
    place = choose(stream(seed, "place"), [place.share for place in PLACES], len(level))
    manager = _managers(stream(seed, "manager"), level, department, chief=mentors)
    return Company(seed, mentors, level, department, place, manager)


def _levels(rng: np.random.Generator, mentors: int, mentees: int) -> Ints:
    juniors = 1 + choose(rng, MENTOR_LEVELS, mentors)
    seniors = 4 + choose(rng, MENTEE_LEVELS, mentees)
    seniors[0] = CHIEF_LEVEL
    return np.concatenate([juniors, seniors])


def _departments(rng: np.random.Generator, level: Ints, chief: int) -> Ints:
    """Sizes after Zipf's law, but every department has a senior head while there are enough of them."""
    department = choose(rng, zipf(len(DEPARTMENTS)), len(level))
    seniors = np.arange(chief + 1, len(level))
    heads = seniors[np.argsort(-level[seniors], kind="stable")][: len(DEPARTMENTS)]
    department[heads] = np.arange(len(heads))
    department[chief] = len(DEPARTMENTS)
    return department


def zipf(count: int) -> Floats:
    """Shares that fall like 1/rank."""
    return np.asarray(1.0 / np.arange(1, count + 1))


def _managers(rng: np.random.Generator, level: Ints, department: Ints, chief: int) -> Ints:
    """One tree: in each department from the top down, every manager takes the next few people as reports.

    As people are taken in the order of their level, nobody manages a more senior person. The head of a
    department reports to the chief executive.
    """
    manager = np.full(len(level), chief, dtype=np.int64)
    luck = rng.random(len(level))
    for unit in range(len(DEPARTMENTS)):
        members = np.flatnonzero(department == unit)
        members = members[np.lexsort((luck[members], -level[members]))]
        spans = np.cumsum(rng.integers(LEAST_SPAN, MOST_SPAN + 1, size=len(members)))
        superiors = np.searchsorted(spans, np.arange(len(members) - 1), side="right")
        manager[members[1:]] = members[superiors]
    return manager
