"""End to end: from two CSV files to a matching in files, by the civil service's rules, three pairs each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import civil_service
from benchmarks.civil_service import MOST, People
from benchmarks.peers import mentor_match
from benchmarks.registry import Answer, Case, Group, Peer, Value

PEOPLE_FIRST = "people first"
OBJECTIVES = {"points": ("total",), PEOPLE_FIRST: ("mentees", "mentors", "total")}
"""What each family of cases asks for, in the words of a policy."""

ROUNDING = 0.05
"""Points are whole; pairmatch counts weights in millionths of 28 points, and adds up some 1,500 of them."""


def write(case: Case, folder: Path) -> int:
    """The tables and the policy of a case; how many pairs there are."""
    civil_service.write(case.size, folder, OBJECTIVES[case.family])
    return case.size**2


def read(case: Case, folder: Path) -> People:
    """The tables, for recounting; every peer reads the files again."""
    return replace(civil_service.read(folder), people_first=case.family == PEOPLE_FIRST)


def pairmatch(people: People, draw: int) -> Answer:
    """Read, match, verify without the solver, write."""
    import pairmatch as pm

    folder = people.folder
    schema, policy = pm.Schema.read(folder / "policy.toml"), pm.Policy.read(folder / "policy.toml")
    cohort = pm.Cohort.read(folder / "mentors.csv", folder / "mentees.csv", schema=schema)
    matching = pm.match(cohort, policy)
    pm.verify(matching, cohort, policy)
    matching.write(folder / "matching")
    proven = [matching.certificate[tier].verified_bound for tier in matching.certificate]
    proven[-1] = proven[-1] * civil_service.PERFECT + ROUNDING
    return Answer(
        [(made.mentor, made.mentee) for made in matching.made], tuple(int(bound) for bound in proven)
    )


def by_mentor_match(people: People, draw: int) -> Answer:
    """Three rounds, each for most points; people first, with points for those who have nobody yet."""
    return Answer(mentor_match.job(people.folder, mentor_match.UNMATCHED if people.people_first else 0))


def by_hand(
    order: Callable[[list[tuple[int, int, int]], int], list[int]], people: People, draw: int
) -> Answer:
    """Points of all pairs in plain Python, then each pair in some order if both still have a place."""
    again = civil_service.read(people.folder)
    scored = [
        (points, i, j)
        for i, mentor in enumerate(again.mentors)
        for j, mentee in enumerate(again.mentees)
        if (points := civil_service.points(mentor, mentee)) is not None
    ]
    room = [[MOST] * len(again.mentors), [MOST] * len(again.mentees)]
    pairs = []
    for position in order(scored, draw):
        _, i, j = scored[position]
        if room[0][i] and room[1][j]:
            room[0][i] -= 1
            room[1][j] -= 1
            pairs.append((again.mentors[i]["email address"], again.mentees[j]["email address"]))
    return Answer(pairs)


def best_first(scored: list[tuple[int, int, int]], draw: int) -> list[int]:
    """Positions by points, in the tables' order where these are equal."""
    return sorted(range(len(scored)), key=lambda position: -scored[position][0])


def shuffled(scored: list[tuple[int, int, int]], draw: int) -> list[int]:
    """Positions in random order."""
    return [int(position) for position in np.random.default_rng(draw).permutation(len(scored))]


def value(people: People, found: Any) -> Value:
    """Points and people, recounted."""
    return civil_service.recounted(people, found)


def tiers(case: Case) -> tuple[str, ...]:
    """What the case's objective counts."""
    return tuple("points" if tier == "total" else tier for tier in OBJECTIVES[case.family])


GROUP = Group(
    name="end to end",
    cases=tuple(
        Case("end to end", family, size, (MOST, MOST)) for family in OBJECTIVES for size in (100, 250, 500)
    ),
    smoke=tuple(Case("end to end", family, 20, (MOST, MOST)) for family in OBJECTIVES),
    peers=(
        Peer("pairmatch", pairmatch, packages=("pairmatch", "ortools", "pandas"), exact=True),
        Peer(
            "mentor-match",
            by_mentor_match,
            packages=("mentor-match", "munkres"),
            module="matching.process",
        ),
        Peer("greedy", partial(by_hand, best_first)),
        Peer("random", partial(by_hand, shuffled), draws=3),
    ),
    write=write,
    read=read,
    value=value,
    tiers=tiers,
    limit=240,
)
