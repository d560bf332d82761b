"""All groups of the registry."""

from __future__ import annotations

from benchmarks import assignment, end_to_end, kernel, scoring, sweeps
from benchmarks.peers import baselines, capacities, one_to_one, stable
from benchmarks.registry import Case, Group

SEVERE, LARGE = 500, 2000
"""People per side where severities are compared, and where size is."""

ASSIGNMENT = Group(
    name="assignment",
    cases=(
        *(Case("assignment", "all eligible", size) for size in (100, 200, 500, 1000, 2000)),
        *(Case("assignment", family, SEVERE) for family in assignment.families()),
        Case("assignment", "as usual", LARGE),
        Case("assignment", "mentors take 3", SEVERE, (3, 1)),
        Case("assignment", "mentors take 3, mentees 2", SEVERE, (3, 2)),
        Case("assignment", "mentors take 3, mentees 2", LARGE, (3, 2)),
    ),
    smoke=(
        Case("assignment", "all eligible", 20),
        *(Case("assignment", family, 30) for family in assignment.families()),
        Case("assignment", "mentors take 3", 20, (3, 1)),
        Case("assignment", "mentors take 3, mentees 2", 20, (3, 2)),
    ),
    peers=(
        capacities.PAIRMATCH,
        *one_to_one.PEERS,
        *capacities.PEERS,
        *stable.PEERS,
        *baselines.PEERS,
    ),
    write=assignment.write,
    read=assignment.read,
    value=assignment.value,
    tiers=assignment.tiers,
)

GROUPS = (end_to_end.GROUP, scoring.GROUP, ASSIGNMENT, sweeps.SIZE, sweeps.SEVERITY, kernel.GROUP)


def group(name: str) -> Group:
    """The group of that name."""
    return next(each for each in GROUPS if each.name == name)
