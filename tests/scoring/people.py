"""Small random cohorts with holes in them, a policy that uses every rule and goal, and home-made parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from pairmatch import goals, rules
from pairmatch.cohort import Block, Cohort, Person, Schema
from pairmatch.policy import Policy

TOPICS = ("AI tools", "python", "social media", "gen z", "inclusion", "retail", "data")
TWICE = {
    "department": "HR",
    "team": "t1",
    "level": "3",
    "manager": "",
    "hobbies": "chess",
    "faith": "a",
    "asks": "yes",
    "utc_offset": "1",
    "hours": "4",
    "capacity": "2",
    "must_match": "no",
    "active": "yes",
}
"""The person who stands in both tables, in the fields that both have."""

SCHEMA = Schema.from_dict(
    {"schema": 1, "fields": {"asks": {"kind": "bool"}, "faith": {"kind": "list", "class": "special"}}}
)


def frames(seed: int, n_mentors: int = 9, n_mentees: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two tables of people; about one cell in six is blank, one person in ten is not active."""
    random = np.random.default_rng(seed)
    return _table(random, "m", n_mentors), _table(random, "e", n_mentees)


def cohort(seed: int, n_mentors: int = 9, n_mentees: int = 8) -> Cohort:
    """A small random cohort, with one person in both tables and one earlier pair."""
    mentors, mentees = frames(seed, n_mentors, n_mentees)
    return Cohort(mentors, mentees, schema=SCHEMA, history=history())


def history() -> pd.DataFrame:
    """One pair that was."""
    return pd.DataFrame({"mentor": ["m1"], "mentee": ["e1"]})


def _table(random: np.random.Generator, letter: str, n: int) -> pd.DataFrame:
    def some(*words: Any) -> list[str]:
        """One of the words for each person."""
        return [str(word) for word in random.choice(words, n)]

    def lists(*words: str) -> list[str]:
        """Up to three of the words for each person."""
        return ["; ".join(random.choice(words, random.integers(1, 4), replace=False)) for _ in range(n)]

    columns: dict[str, list[str]] = {
        "department": some("Sales", "sales ", "HR", "IT", "Law"),
        "team": some("t1", "t2", "t3"),
        "level": some(1, 2, 3, 4, 5),
        "manager": ["both", *(_superior(random, letter, k) for k in range(1, n))],
        "topics_offered" if letter == "m" else "topics_wanted": [_topics(random, letter) for _ in range(n)],
        "hobbies": lists("chess", "climbing", "opera", "cooking", "birdwatching", "Football"),
        "faith": lists("a", "b", "c"),
        "asks": some("yes", "no"),
        "utc_offset": some(-5, 0, 1, 5.5),
        "hours": some(*range(1, 9)),
        "capacity": some(0, 1, 2, 3),
        "must_match": some("yes", "no"),
        "active": some(*["yes"] * 9, "no"),
    }
    table = pd.DataFrame(columns).mask(random.random((n, len(columns))) < 1 / 6, "")
    table.insert(0, "id", ["both", *(f"{letter}{k}" for k in range(1, n))])
    for column, value in TWICE.items():
        table.loc[0, column] = value
    return table


def _superior(random: np.random.Generator, letter: str, k: int) -> str:
    """A manager from further up in the same table."""
    row = random.integers(0, k)
    return f"{letter}{row}" if row else "both"


def _topics(random: np.random.Generator, letter: str) -> str:
    """Topics with a proficiency (mentors) or a priority (mentees)."""
    chosen = random.choice(TOPICS, random.integers(1, 5), replace=False)
    weights = random.choice([0.3, 0.5, 0.8, 1] if letter == "m" else [1, 2, 3, 7], len(chosen))
    return "; ".join(f"{topic}:{weight:g}" for topic, weight in zip(chosen, weights, strict=True))


def policy(**changes: Any) -> Policy:
    """A policy with many rules and goals."""
    parts: dict[str, Any] = {
        "rules": [
            rules.DifferentDepartment(missing="allow"),
            rules.LevelGap(at_least=-2, senior="mentee"),
            rules.NotSameTeam(),
            rules.NotPairedBefore(),
            rules.OutsideManagementLine(levels=1),
            rules.Forbidden([("m2", "e2")]),
        ],
        "goals": [
            goals.TopicCoverage(weight=0.3),
            goals.SharedHobbies(weight=0.15),
            goals.Same("department", weight=0.05),
            goals.Overlap("faith", "faith", when="asks", weight=0.2, missing="zero", purpose="asked for"),
            goals.LevelGapTable({1: 0.75, 2: 1.0}, weight=1 / 7),
            goals.Closeness("utc_offset", scale=6, weight=0.11),
            goals.Precomputed(pd.DataFrame({"mentor": ["m1"], "mentee": ["e2"], "score": [0.3]}), weight=0.1),
            Kinship(weight=0.2),
        ],
    }
    return Policy(**{**parts, **changes})


@dataclass(frozen=True)
class Kinship:
    """A home-made goal that comes as factors alone; blank levels lack data."""

    weight: float = 1.0
    missing: str = "average"
    name: ClassVar[str] = "kinship"

    def factors(self, cohort: Cohort) -> tuple[Any, Any]:
        """Level and time zone as two thirds and a third of the score."""
        return _features(cohort.mentors), _features(cohort.mentees)


def _features(profiles: Any) -> Any:
    level = profiles.number("level") / 6
    zone = (np.nan_to_num(profiles.number("utc_offset")) + 12) / 24
    return np.sqrt([2 / 3, 1 / 3]) * np.stack([level, zone], axis=1)


@dataclass(frozen=True)
class Given:
    """A home-made goal whose scores are handed in: a function of the two ids."""

    scores: dict[tuple[str, str], float | None] = field(hash=False)
    weight: float = 1.0
    missing: str = "average"
    label: str = "given"
    default: float | None = 0.0
    name: ClassVar[str] = "given"

    def score(self, block: Block) -> Any:
        """The block form."""
        people = block.cohort
        rows = [people.mentors.ids[i] for i in block.mentor_positions]
        columns = [people.mentees.ids[j] for j in block.mentee_positions]
        values = [[self.scores.get((m, e), self.default) for e in columns] for m in rows]
        return np.array(values, dtype=np.float64).reshape(block.shape)

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """The reference form."""
        return self.scores.get((mentor.id, mentee.id), self.default)
