"""People in the shape of the UK civil service's mentoring programme, and its points.

The programme matches with mentor-match; its rules and points are public. All people here are fictional.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.registry import InvalidAnswer, Value

GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")
ORGANISATIONS = tuple(
    f"Department of {name}" for name in ("Bridges", "Canals", "Forests", "Ports", "Rain", "Roads")
)
PROFESSIONS = ("Digital", "Finance", "HR", "Operations", "Policy", "Security")
NETWORKS = ("carers", "first in family", "part time", "returners", "remote", "veterans")

MOST = 3
"""Pairs per person: mentor-match runs three rounds."""

GRADE_POINTS = {1: 9, 2: 12}
PROFESSION_POINTS, NETWORK_POINTS, PERFECT = 10, 6, 28
"""Points of a pair by grades apart, for the same profession, for a network that is asked for; at most."""

COLUMNS = ("first name", "last name", "email address", "job title", "grade", "organisation", "profession")

POLICY = """
schema = 1
objective = {objective}

[columns]
id = "email address"
organisation = "organisation"
profession = "profession"
identity_to_match = "identity to match"

[fields.characteristics]
kind = "list"
separator = ","
[fields.identity_to_match]
kind = "list"
separator = ","

[levels]
column = "grade"
order = {grades}

[mentors]
capacity = 3
[mentees]
capacity = 3

[[rules]]
rule = "different"
column = "organisation"
[[rules]]
rule = "level_gap"
at_least = 1
at_most = 2
senior = "mentor"

[[goals]]
goal = "level_gap_table"
weight = 12
table = {{1 = 0.75, 2 = 1.0}}
missing = "zero"
[[goals]]
goal = "same"
column = "profession"
weight = 10
missing = "zero"
[[goals]]
goal = "overlap"
mentors = "characteristics"
mentees = "identity_to_match"
when = "match with similar identity"
weight = 6
missing = "zero"
"""

Row = dict[str, str]


@dataclass(frozen=True)
class People:
    """Where the tables are, what they hold (for recounting), and whether people come before points."""

    folder: Path
    mentors: Sequence[Row]
    mentees: Sequence[Row]
    people_first: bool = False


def write(size: int, folder: Path, objective: Sequence[str]) -> None:
    """Write ``mentors.csv``, ``mentees.csv`` and ``policy.toml``, drawn from the size as seed."""
    rng = np.random.default_rng(size)
    mentors = [person(rng, "mentor", number) for number in range(size)]
    mentees = [person(rng, "mentee", number) for number in range(size)]
    for row in mentors:
        row["characteristics"] = ",".join(rng.choice(NETWORKS, rng.integers(0, 3), replace=False))
    for row in mentees:
        row["match with similar identity"] = str(rng.choice(("yes", "no")))
        row["identity to match"] = str(rng.choice(("", *NETWORKS)))
    for name, rows in (("mentors", mentors), ("mentees", mentees)):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    listed = {"objective": list(objective), "grades": list(GRADES)}
    text = POLICY.format(**{name: str(values).replace("'", '"') for name, values in listed.items()})
    (folder / "policy.toml").write_text(text, encoding="utf-8")


def person(rng: np.random.Generator, role: str, number: int) -> Row:
    """What both tables have of a person."""
    email = f"{role}.{number:04}@example.org"
    drawn = [str(rng.choice(words)) for words in (GRADES, ORGANISATIONS, PROFESSIONS)]
    return dict(zip(COLUMNS, (role, f"{number:04}", email, "Some role", *drawn), strict=True))


def read(folder: Path) -> People:
    """The tables as plain rows."""

    def rows(name: str) -> list[Row]:
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    return People(folder, rows("mentors"), rows("mentees"))


def points(mentor: Row, mentee: Row) -> int | None:
    """Points of one pair; None where the rules forbid it."""
    apart = GRADES.index(mentor["grade"]) - GRADES.index(mentee["grade"])
    if mentor["organisation"] == mentee["organisation"] or apart not in GRADE_POINTS:
        return None
    total = GRADE_POINTS[apart]
    if mentor["profession"] == mentee["profession"]:
        total += PROFESSION_POINTS
    asked = mentee["match with similar identity"] == "yes" and mentee["identity to match"]
    if asked and mentee["identity to match"] in mentor["characteristics"].split(","):
        total += NETWORK_POINTS
    return total


def recounted(people: People, pairs: Iterable[tuple[str, str]]) -> Value:
    """Points, pairs and people with a partner, by plain code; pairs are e-mail addresses, mentor first."""
    made = list(pairs)
    mentors = {row["email address"]: row for row in people.mentors}
    mentees = {row["email address"]: row for row in people.mentees}
    earned = [points(mentors[mentor], mentees[mentee]) for mentor, mentee in made]
    loads = [Counter(side) for side in zip(*made, strict=True)] or [Counter(), Counter()]
    if (
        len(set(made)) < len(made)
        or None in earned
        or any(max(side.values()) > MOST for side in loads if side)
    ):
        raise InvalidAnswer("a pair stands twice or is forbidden, or somebody has too many")
    return {
        "pairs": len(made),
        "mentees": len(loads[1]),
        "mentors": len(loads[0]),
        "points": sum(each for each in earned if each),
    }
