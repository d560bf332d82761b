"""Sweeps: how time and memory grow with size, and what hard data cost, from profiles to the proof.

pairmatch begins with people; the others begin with a ready matrix of weights, and only solving is timed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks import companies
from benchmarks.companies import COMPANIES, ONE_TO_ONE, PLACES, Stored
from benchmarks.peers import from_profiles, ready
from benchmarks.registry import Case, Group, InvalidAnswer, Value

SIZES, LARGE_SIZES = (100, 300, 1000, 3000), (10_000, 30_000, 100_000)
PLACES_SIZES, LARGE_PLACES = (100, 300, 1000, 3000), (10_000, 100_000)
SEVERE, LARGE_SEVERE = 2000, 10_000
SEVERITIES = tuple(family for family in COMPANIES if family not in {ONE_TO_ONE, PLACES})


def value(stored: Stored, found: Any) -> Value:
    """Pairs and total in millionths, recounted from the weights of all pairs.

    Where these are not stored, only pairmatch has an answer: its own weights count; `verify` weighs again.
    """
    mentors, mentees = found[:, 0], found[:, 1]
    units = stored.units()[mentors, mentees] if stored.is_ready else found[:, 2]
    over = np.bincount(mentors, minlength=len(stored.places())) > stored.places()
    if over.any() or len(np.unique(mentees)) < len(mentees) or (units < 0).any():
        raise InvalidAnswer("a pair is not eligible, or somebody has too many")
    return {"pairs": len(units), "total": int(units.astype(np.int64).sum())}


def tiers(case: Case) -> tuple[str, ...]:
    """As many pairs as can be, then the largest total."""
    return ("pairs", "total")


def cases(group: str, family: str, sizes: tuple[int, ...], large: tuple[int, ...] = ()) -> tuple[Case, ...]:
    """A family by size."""
    return tuple(Case(group, family, size, large=size in large) for size in (*sizes, *large))


SIZE = Group(
    name="size",
    cases=(
        *cases("size", ONE_TO_ONE, SIZES, LARGE_SIZES),
        *cases("size", PLACES, PLACES_SIZES, LARGE_PLACES),
    ),
    smoke=(*cases("size", ONE_TO_ONE, (30,)), *cases("size", PLACES, (40,))),
    peers=(from_profiles.PAIRMATCH, *ready.PEERS, *ready.FOR_FEW),
    write=companies.write,
    read=companies.read,
    value=value,
    tiers=tiers,
    limit=60,
)

SEVERITY = Group(
    name="severity",
    cases=tuple(
        case for family in SEVERITIES for case in cases("severity", family, (SEVERE,), (LARGE_SEVERE,))
    ),
    smoke=tuple(case for family in SEVERITIES for case in cases("severity", family, (40,))),
    peers=(from_profiles.PAIRMATCH, *ready.PEERS),
    write=companies.write,
    read=companies.read,
    value=value,
    tiers=tiers,
    limit=120,
)
