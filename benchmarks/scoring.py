"""Scoring: points of every pair of two tables, under the civil service's rules."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import civil_service
from benchmarks.civil_service import GRADES, NETWORK_POINTS, PERFECT, PROFESSION_POINTS, People
from benchmarks.peers import mentor_match
from benchmarks.registry import Answer, Case, Group, Peer, Value

FORBIDDEN = -1
"""Stands in a matrix of points where a rule forbids the pair."""

ID = "email address"


def write(case: Case, folder: Path) -> int:
    """The tables of a case; how many pairs there are."""
    civil_service.write(case.size, folder, ("total",))
    return case.size**2


def read(case: Case, folder: Path) -> People:
    """The tables."""
    return civil_service.read(folder)


def cohort_and_policy(people: People) -> tuple[Any, Any]:
    """What `pairmatch.score` takes."""
    import pairmatch as pm

    folder = people.folder
    schema = pm.Schema.read(folder / "policy.toml")
    cohort = pm.Cohort.read(folder / "mentors.csv", folder / "mentees.csv", schema=schema)
    return cohort, pm.Policy.read(folder / "policy.toml")


def by_pairmatch(loaded: tuple[Any, Any], draw: int) -> Answer:
    """Blocks of pairs, in numpy."""
    import pairmatch as pm

    weights = pm.score(*loaded).weights.to_numpy()
    return Answer(np.where(np.isnan(weights), FORBIDDEN, np.rint(np.nan_to_num(weights) * PERFECT)))


def frames(people: People) -> tuple[Any, Any]:
    """Both tables as pandas reads them."""
    import pandas as pd

    return tuple(pd.read_csv(people.folder / f"{name}.csv", dtype=str) for name in ("mentors", "mentees"))


def by_pandas(loaded: tuple[Any, Any], draw: int) -> Answer:
    """A table of all pairs, as an analyst would write it."""
    mentors, mentees = (frame.assign(row=range(len(frame))) for frame in loaded)
    pairs = mentors.merge(mentees, how="cross", suffixes=("_mentor", "_mentee"))
    ranks = {grade: rank for rank, grade in enumerate(GRADES)}
    apart = pairs["grade_mentor"].map(ranks) - pairs["grade_mentee"].map(ranks)
    points = apart.map(civil_service.GRADE_POINTS)
    points += PROFESSION_POINTS * (pairs["profession_mentor"] == pairs["profession_mentee"])
    networks = mentors.assign(network=mentors["characteristics"].str.split(",")).explode("network")
    asking = mentees[mentees["match with similar identity"] == "yes"]
    shared = networks.merge(asking, left_on="network", right_on="identity to match").dropna(
        subset=["network"]
    )
    points.iloc[shared["row_x"] * len(mentees) + shared["row_y"]] += NETWORK_POINTS
    points = points.mask(pairs["organisation_mentor"] == pairs["organisation_mentee"])
    return Answer(points.fillna(FORBIDDEN).to_numpy().reshape(len(mentors), len(mentees)))


def by_loop(people: People, draw: int) -> Answer:
    """Two loops over rows, in plain Python."""
    rows = [[civil_service.points(mentor, mentee) for mentee in people.mentees] for mentor in people.mentors]
    return Answer([[FORBIDDEN if points is None else points for points in row] for row in rows])


def by_mentor_match(loaded: tuple[list[Any], list[Any]], draw: int) -> Answer:
    """The matrix of one of its rounds."""
    return Answer(mentor_match.scores(*loaded))


def value(people: People, found: Any) -> Value:
    """Eligible pairs, their points, and a checksum over all of them."""
    points: NDArray[np.int64] = np.asarray(found).astype(np.int64)
    return {
        "eligible": int((points >= 0).sum()),
        "points": int(points[points > 0].sum()),
        "checksum": zlib.crc32(points.tobytes()),
    }


def tiers(case: Case) -> tuple[str, ...]:
    """All peers must give every pair the same points."""
    return ("eligible", "points", "checksum")


GROUP = Group(
    name="scoring",
    cases=tuple(Case("scoring", "civil service", size) for size in (250, 500, 1000)),
    smoke=(Case("scoring", "civil service", 25),),
    peers=(
        Peer("pairmatch", by_pairmatch, cohort_and_policy, packages=("pairmatch", "pandas"), exact=True),
        Peer("pandas", by_pandas, frames, packages=("pandas",), module="pandas", exact=True),
        Peer("plain Python", by_loop, exact=True),
        Peer(
            "mentor-match",
            by_mentor_match,
            lambda people: mentor_match.participants(people.folder),
            packages=("mentor-match",),
            module="matching.process",
            exact=True,
        ),
    ),
    write=write,
    read=read,
    value=value,
    tiers=tiers,
    limit=120,
)
