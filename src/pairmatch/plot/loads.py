"""How many pairs people have, and how many of them have no place left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.plot.groups import RESTING
from pairmatch.scoring import loads

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["Load", "loads_of"]


@dataclass(frozen=True)
class Load:
    """People of one role who have so many pairs.

    Attributes
    ----------
    role
        ``"mentor"`` or ``"mentee"``.
    pairs
        How many pairs each of them has.
    people
        How many they are.
    full
        How many of them have no place left.
    """

    role: str
    pairs: int
    people: int
    full: int


def loads_of(matching: Matching) -> tuple[Load, ...]:
    """Mentors, then mentees, by how many pairs they have; who could have none is not counted."""
    capacities = dict(zip(("mentor", "mentee"), _capacities(matching), strict=True))
    return tuple(load for role, places in capacities.items() for load in _of(matching, role, places))


def _capacities(matching: Matching) -> tuple[dict[str, int], dict[str, int]]:
    """Each person's places, by id, of those who could have a pair."""
    cohort = matching.cohort
    rows = [np.flatnonzero(side.active) for side in (cohort.mentors, cohort.mentees)]
    found = loads(cohort, matching.policy, *rows)
    resting = {(person.role, person.id) for person in matching.left if person.reason in RESTING}
    sides = (
        ("mentor", cohort.mentors, rows[0], found.mentor_capacity),
        ("mentee", cohort.mentees, rows[1], found.mentee_capacity),
    )
    told = [
        {
            side.ids[row]: int(most)
            for row, most in zip(places.tolist(), capacity.tolist(), strict=True)
            if (role, side.ids[row]) not in resting
        }
        for role, side, places, capacity in sides
    ]
    return told[0], told[1]


def _of(matching: Matching, role: str, places: dict[str, int]) -> list[Load]:
    pairs = Counter(getattr(pair, role) for pair in matching.made)
    people = Counter(pairs[who] for who in places)
    full = Counter(pairs[who] for who, most in places.items() if pairs[who] >= most)
    return [Load(role, count, people[count], full[count]) for count in range(max(people, default=-1) + 1)]
