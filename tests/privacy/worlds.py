"""Random small cohorts in which everything protected can be drawn anew, and what a partner reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.introduce import introduce

OFFERED = ("python", "social media", "AI tools", "data", "remote working")
UNCOVERED = ("tax", "opera", "welding", "beekeeping", "falconry")
HOBBIES = ("chess", "rock climbing", "bouldering", "golf", "cooking", "football")
WORDS = ("a", "b", "c", "d")

SCHEMA = pm.Schema(
    fields={
        "faith": {"kind": "list", "class": "special"},
        "asks": {"kind": "bool", "class": "special"},
        "secret": {"kind": "text", "class": "confidential"},
    }
)

GOALS = (
    goals.TopicCoverage(weight=3),
    goals.SharedHobbies(weight=2),
    goals.Reciprocity(weight=1),
    goals.PastExperience(weight=1),
    goals.Same("department", weight=1),
    goals.WorkingStyle(weight=0.5),
    goals.Closeness("level", scale=3, weight=0.5),
    goals.Overlap("faith", "faith", when="asks", weight=0.5, purpose="the network asked for it"),
    goals.Same("gender", weight=0.3, purpose="a test"),
    goals.Closeness("age", scale=20, weight=0.3, purpose="a test"),
    goals.PersonScore("reference_rating", of="mentors", low=0, high=1, weight=0.5),
    goals.Preferences(weight=0.5),
    goals.Same("secret", weight=0.3),
)

ALLOWED = (
    *(
        "name",
        "department",
        "function",
        "level",
        "topics_offered",
        "topics_wanted",
        "hobbies",
        "faith",
        "asks",
    ),
    *("past_functions", "offers_back", "wants_back", "style_pace", "gender", "age", "secret"),
    *("reference_rating", "style_directness", "style_structure", "style_formality"),
)
"""Fields that people may name, those among them that are shown to nobody."""


@dataclass(frozen=True)
class World:
    """Two tables and the tables beside them."""

    mentors: pd.DataFrame
    mentees: pd.DataFrame
    preferences: pd.DataFrame
    vetoes: pd.DataFrame

    def matched(self, required: list[tuple[str, str]] | None = None) -> pm.Matching:
        """The best matching; with the required pairs, where there are any."""
        more = [] if required is None else [rules.Required(required)]
        policy = pm.Policy(rules=[rules.NotVetoed(), *more], goals=GOALS)
        tables = {"preferences": self.preferences, "vetoes": self.vetoes}
        return pm.match(pm.Cohort(self.mentors, self.mentees, schema=SCHEMA, **tables), policy)


def world(random: np.random.Generator, n: int = 4) -> World:
    """Mentors m0, m1, ... and mentees e0, e1, ..., with holes, wishes and vetoes."""
    mentors, mentees = _people(random, "m", n), _people(random, "e", n)
    return World(mentors, mentees, _wishes(random, n), _vetoes(random, n, frozenset()))


def flipped(before: World, random: np.random.Generator, pairs: list[tuple[str, str]], focus: int) -> World:
    """Everything protected is drawn anew for everybody, and everything at all for all but one pair.

    Of that pair there stay: what is ordinary, what they allow, the mentor's own wishes, and which topics that
    somebody offers the mentee wants. The pairs themselves stay free of vetoes.
    """
    mentor, mentee = pairs[focus]
    n = len(before.mentors)
    tables = []
    for side, letter, kept in ((before.mentors, "m", mentor), (before.mentees, "e", mentee)):
        anew = _people(random, letter, n)
        row = side.index[side["id"] == kept][0]
        for name in set(side.columns) - set(_protected(random, letter)):
            anew.loc[row, name] = side.loc[row, name]
        tables.append(anew)
    row = int(mentee[1:])
    wanted = [w for w in str(before.mentees.loc[row, "topics_wanted"]).split("; ") if w]
    coverable = [word for entry in wanted if (word := entry.split(":")[0]) in OFFERED]
    tables[1].loc[row, "topics_wanted"] = _priorities(random, [*coverable, *_some(random, UNCOVERED, 1)])
    tables[0].loc[int(mentor[1:]), "wants_back"] = before.mentors.loc[int(mentor[1:]), "wants_back"]
    return World(tables[0], tables[1], _wishes(random, n), _vetoes(random, n, frozenset(pairs)))


def seen(matching: pm.Matching, mentor: str, mentee: str) -> dict[str, str]:
    """Every text that the two of a pair may read, by what it is."""
    texts: dict[str, str] = {}
    for audience, who in (("mentor", {"mentor": mentor}), ("mentee", {"mentee": mentee})):
        told = pm.explain(matching, **who, audience=audience)
        page = introduce(matching, mentor=mentor, mentee=mentee, audience=audience)
        texts |= {
            f"{audience} explain": str(told),
            f"{audience} explain repr": repr(told),
            f"{audience} explain html": told._repr_html_(),
            f"{audience} explain csv": told.partners.to_csv(),
            f"{audience} explain json": str(told.partners.to_json()),
            f"{audience} page": page.markdown,
            f"{audience} page html": page.html,
            f"{audience} page repr": repr(page) + page._repr_html_(),
        }
    return texts


def _people(random: np.random.Generator, letter: str, n: int) -> pd.DataFrame:
    own = "topics_offered" if letter == "m" else "offers_back"
    columns: dict[str, list[Any]] = {
        "id": [f"{letter}{k}" for k in range(n)],
        "name": [f"Name{random.integers(100)}" for _ in range(n)],
        "department": list(random.choice(WORDS, n)),
        "function": list(random.choice(WORDS, n)),
        "past_functions": ["; ".join(_some(random, WORDS)) for _ in range(n)],
        "level": list(random.integers(1, 5, n)),
        "hobbies": ["; ".join(_some(random, HOBBIES)) for _ in range(n)],
        own: ["; ".join(_some(random, OFFERED)) for _ in range(n)],
        "shown_to_partner": ["; ".join(_some(random, ALLOWED, len(ALLOWED) // 2)) for _ in range(n)],
        **{f"style_{scale}": list(random.integers(0, 5, n) / 4) for scale in SCALES},
    }
    protected = _protected(random, letter, n)
    return (
        pd.DataFrame({**columns, **protected}).astype(object).mask(_holes(random, n, columns, protected), "")
    )


SCALES = ("pace", "directness", "structure", "formality")


def _protected(random: np.random.Generator, letter: str, n: int = 1) -> dict[str, list[Any]]:
    """The columns that no partner may read."""
    wishes = "wants_back" if letter == "m" else "topics_wanted"
    return {
        wishes: [_priorities(random, [*_some(random, OFFERED), *_some(random, UNCOVERED)]) for _ in range(n)],
        "faith": ["; ".join(_some(random, WORDS)) for _ in range(n)],
        "asks": list(random.choice(["yes", "no"], n)),
        "gender": list(random.choice(["x", "y"], n)),
        "age": list(random.integers(20, 60, n)),
        "secret": list(random.choice(WORDS, n)),
        "reference_rating": list(random.integers(0, 5, n) / 4),
    }


def _holes(random: np.random.Generator, n: int, *tables: Mapping[str, Any]) -> Any:
    names = [name for table in tables for name in table]
    holes = random.random((n, len(names))) < 1 / 8
    holes[:, names.index("id")] = False
    return holes


def _some(random: np.random.Generator, words: tuple[str, ...], least: int = 0) -> list[str]:
    size = int(random.integers(least, len(words) + 1))
    return [str(word) for word in random.choice(words, size, replace=False)]


def _priorities(random: np.random.Generator, words: list[str]) -> str:
    return "; ".join(f"{word}:{random.integers(1, 5)}{random.choice(['', '!'])}" for word in words)


def _wishes(random: np.random.Generator, n: int) -> pd.DataFrame:
    rows = [
        (f"m{i}", f"e{j}", by, 1)
        for i, j, by in ((i, j, by) for i in range(n) for j in range(n) for by in ("mentor", "mentee"))
        if random.random() < 1 / 4
    ]
    return pd.DataFrame(rows, columns=["mentor", "mentee", "by", "rank"])


def _vetoes(random: np.random.Generator, n: int, pairs: frozenset[tuple[str, str]]) -> pd.DataFrame:
    rows = [(f"m{i}", f"e{j}") for i in range(n) for j in range(n) if random.random() < 1 / 6]
    return pd.DataFrame([row for row in rows if row not in pairs], columns=["mentor", "mentee"])
