"""The skeleton of a synthetic company: who stands where, and who reports to whom.

People are numbered through: mentors first, then mentees; the first mentee is the chief executive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairmatch.datasets.draws import Bools, Ints, choose, chosen, stream
from pairmatch.datasets.eligibility import Placing, Shares, placed
from pairmatch.datasets.knobs import Knobs
from pairmatch.datasets.words import DEPARTMENTS, PLACES

__all__ = ["CHIEF_LEVEL", "Company", "company"]

CHIEF_LEVEL = 7
LEAST_SPAN, MOST_SPAN = 3, 10
"""Direct reports of one manager."""


@dataclass(frozen=True)
class Company:
    """Who stands where. Every array has one entry per person.

    Attributes
    ----------
    seed
        Seeds the streams of all fields.
    knobs
        How hard the cohort is made.
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
    speaker
        Number of the person whose answers somebody gives: usually the own one, otherwise the first mentor's
        or the first mentee's, which are the standard answers.
    """

    seed: int
    knobs: Knobs
    mentors: int
    level: Ints
    department: Ints
    place: Ints
    manager: Ints
    speaker: Ints

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


def company(mentors: int, mentees: int, seed: int, knobs: Knobs) -> Company:
    """Draw the skeleton."""
    size = mentors + mentees
    rank, luck = stream(seed, "level").random(size), stream(seed, "department").random(size)

    def draw(shares: Shares) -> Placing:
        juniors = 1 + chosen(rank[:mentors], shares.mentor_levels)
        seniors = 4 + chosen(rank[mentors:], shares.mentee_levels)
        seniors[0] = CHIEF_LEVEL
        level = np.concatenate([juniors, seniors])
        home = chosen(luck[:mentors], shares.mentor_departments)
        away = chosen(luck[mentors:], shares.mentee_departments)
        return Placing(level, _headed(np.concatenate([home, away]), level, chief=mentors))

    placing = placed(draw, mentors, knobs.eligibility)
    place = choose(stream(seed, "place"), [place.share for place in PLACES], size)
    manager = _managers(stream(seed, "manager"), placing, chief=mentors)
    speaker = _speakers(stream(seed, "speaker"), size, mentors, knobs.ties)
    return Company(seed, knobs, mentors, placing.level, placing.department, place[speaker], manager, speaker)


def _speakers(rng: np.random.Generator, size: int, mentors: int, ties: float) -> Ints:
    person = np.arange(size)
    standard = np.where(person < mentors, 0, mentors)
    return np.where(rng.random(size) < ties, standard, person)


def _headed(department: Ints, level: Ints, chief: int) -> Ints:
    """The departments, each of which has a senior head while there are enough of them."""
    units = np.unique(department)
    seniors = np.arange(chief + 1, len(level))
    heads = seniors[np.argsort(-level[seniors], kind="stable")][: len(units)]
    headed = department.copy()
    headed[heads] = units[: len(heads)]
    headed[chief] = len(DEPARTMENTS)
    return headed


def _managers(rng: np.random.Generator, placing: Placing, chief: int) -> Ints:
    """One tree: in each department from the top down, every manager takes the next few people as reports.

    As people are taken in the order of their level, nobody manages a more senior person. The head of a
    department reports to the chief executive.
    """
    level, department = placing.level, placing.department
    manager = np.full(len(level), chief, dtype=np.int64)
    luck = rng.random(len(level))
    for unit in range(len(DEPARTMENTS)):
        members = np.flatnonzero(department == unit)
        members = members[np.lexsort((luck[members], -level[members]))]
        spans = np.cumsum(rng.integers(LEAST_SPAN, MOST_SPAN + 1, size=len(members)))
        superiors = np.searchsorted(spans, np.arange(len(members) - 1), side="right")
        manager[members[1:]] = members[superiors]
    return manager
