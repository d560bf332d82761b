"""A small cohort with coaches, and a policy that asks for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.groups import Coaching, Group
from pairmatch.matching import CoachPlan
from pairmatch.problem import Loads, Problem

TEAMS, REGIONS = tuple("abcdef"), ("N", "S", "E", "W")
HOBBIES = ("chess", "golf", "yoga", "skiing", "art", "go")


def people(size: int, prefix: str, chance: np.random.Generator) -> pd.DataFrame:
    """Fictional people with teams, regions, languages and hobbies; some say nothing of their region."""
    two = [chance.choice(HOBBIES, 2, replace=False) for _ in range(size)]
    tongues = [chance.choice(("en", "de", "fr"), 2, replace=False) for _ in range(size)]
    return pd.DataFrame(
        {
            "id": [f"{prefix}{k}" for k in range(size)],
            "team": chance.choice(TEAMS, size),
            "region": [None if chance.random() < 0.1 else str(chance.choice(REGIONS)) for _ in range(size)],
            "languages": ["; ".join(words) for words in tongues],
            "hobbies": ["; ".join(words) for words in two],
        }
    )


def frames(
    mentors: int = 14, mentees: int = 10, coaches: int = 3, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Three tables; the first mentor is the first coach too."""
    chance = np.random.default_rng(seed)
    tables = tuple(people(n, p, chance) for n, p in ((mentors, "m"), (mentees, "e"), (coaches, "c")))
    tables[2].loc[0] = tables[0].loc[0]
    return tables[0], tables[1], tables[2].assign(capacity=[4, None, 3, *[2] * coaches][:coaches])


def cohort(mentors: int = 14, mentees: int = 10, coaches: int = 3, seed: int = 0) -> pm.Cohort:
    """The same as a cohort."""
    ours, theirs, helpers = frames(mentors, mentees, coaches, seed)
    return pm.Cohort(ours, theirs, coaches=helpers)


def policy(*, jointly: bool = False, capacity: int | None = 3, **more: Any) -> pm.Policy:
    """Other teams for pairs; coaches of another team who share a language."""
    part = pm.Coaches(
        rules=[rules.NotSameTeam(), rules.InCommon("languages")],
        goals=[goals.SharedHobbies(weight=1), goals.Same("region", weight=0.5)],
        weight=0.3,
        capacity=capacity,
        jointly=jointly,
    )
    pairs = {"rules": [rules.NotSameTeam()], "goals": [goals.SharedHobbies(weight=1)]}
    return pm.Policy(**{**pairs, "coaches": part, **more})


def plan_of(matching: pm.Matching) -> CoachPlan:
    """The coaches, which must be there."""
    assert matching.coaching is not None
    return matching.coaching


def instance(people: int, coaches: int, seed: int = 0, groups: tuple[Group, ...] = ()) -> Problem:
    """As many mentors as mentees, coaches who suit most of them and have a tenth more places than pairs."""
    chance = np.random.default_rng(seed)
    mentor, mentee = np.nonzero(chance.random((people, people)) < 0.7)
    suits = [chance.random((people, coaches)) < 0.85 for _ in range(2)]
    # A few traits make some coaches wanted by many.
    traits = [chance.random((n, 3)) for n in (people, people, coaches)]
    scores = [np.rint(own @ traits[2].T * 160_000).astype(np.int64) for own in traits[:2]]
    one, none = np.ones(people, np.int64), np.zeros(people, np.int64)
    return Problem(
        mentor.astype(np.int32),
        mentee.astype(np.int32),
        np.rint((traits[0] @ traits[1].T)[mentor, mentee] * 330_000).astype(np.int64),
        Loads(one, one, none, none),
        np.zeros(people, bool),
        ("mentees", "coached", "total"),
        groups=groups,
        coaching=Coaching(np.full(coaches, -(-people * 11 // (coaches * 10)), np.int64), *suits, *scores),
    )
