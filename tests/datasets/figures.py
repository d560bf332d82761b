"""What synthetic cohorts are like, beside the published figures and under each knob.

docs/synthetic-cohorts.md holds these two tables: python -m tests.datasets.figures renews them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

import pairmatch as pm
from pairmatch.datasets import synthetic_frames, synthetic_policy
from pairmatch.datasets.company import company
from pairmatch.datasets.frames import Frames
from pairmatch.datasets.knobs import Knobs
from pairmatch.datasets.tastes import pastimes
from pairmatch.datasets.words import HOBBIES
from tests.source import ROOT

PAGE = ROOT / "docs" / "synthetic-cohorts.md"
WHOLE = {"mentors": 36_000, "mentees": 3_960, "seed": 1}
"""A whole company: mentors to mentees as 90.0 to 9.9."""
PROGRAMME = {"mentors": 150, "mentees": 60, "seed": 1}
SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
SPREAD = "5, 25, 50, 75 and 95 % are at most"
IBM, ADVANCE, MCKINSEY = "IBM sample", "Advance and HSG", "McKinsey"
NOVELLI, STATISTA, SEED = "Porter Novelli", "Statista", "Sun SEED"
TALK = {
    "films": 64, "music": 60, "eating out": 59, "reading": 54, "surfing the web": 37, "gaming": 34,
    "cooking": 34, "theatre": 15, "photography": 14, "sewing": 11, "scrapbooking": 7,
}  # fmt: skip
OTHER = {"cooking": 39, "pets": 36, "gaming": 35, "hiking": 34, "reading": 32}


@dataclass(frozen=True)
class Figure:
    """One line of the comparison: what was published, what ours are, and how near they must be."""

    name: str
    source: str
    quoted: tuple[float, ...]
    ours: tuple[float, ...]
    decimals: int = 0
    within: float | None = None

    @property
    def row(self) -> str:
        cells = [self.name, *(self._told(numbers) for numbers in (self.quoted, self.ours)), self.source]
        return f"| {' | '.join(cells)} |"

    def _told(self, numbers: Iterable[float]) -> str:
        return " / ".join(f"{number:.{self.decimals}f}" for number in numbers)


@cache
def whole() -> pd.DataFrame:
    """Everybody in a whole company; the levels above 4 are the published top level."""
    frames = synthetic_frames(**WHOLE, missing=0.0)
    everybody = pd.concat([frames.mentors, frames.mentees], ignore_index=True)
    return everybody.assign(step=everybody["level"].clip(upper=5))


def figures() -> list[Figure]:
    """Every published figure that the generator can be held against."""
    return [*_careers(), *_shares(), *_hobbies()]


def _careers() -> list[Figure]:
    numbers = whole()[["step", "age", "tenure"]].astype(float)
    age, tenure = numbers["age"], numbers["tenure"]
    ages, tenures = (numbers.groupby("step")[name] for name in ("age", "tenure"))
    levels = tuple(numbers["step"].value_counts(normalize=True).sort_index() * 100)
    with_level, together = numbers.corr()["step"], age.corr(tenure)
    going = (with_level["age"], together, with_level["tenure"])
    return [
        Figure("levels 1 to 5, %", IBM, (36.9, 36.3, 14.8, 7.2, 4.7), levels, 1, 0.6),
        Figure("age: mean, SD", IBM, (36.9, 9.1), (age.mean(), age.std()), 1, 0.2),
        Figure("age: mean by level", IBM, (32.5, 36.6, 40.1, 47.5, 47.8), tuple(ages.mean()), 1, 0.4),
        Figure("age: SD by level", IBM, (8.5, 7.5, 8.1, 6.5, 5.7), tuple(ages.std()), 1, 0.4),
        Figure(f"age: {SPREAD}", IBM, (24, 30, 36, 43, 54), _spread(age), 0, 1),
        Figure("tenure: mean by level", IBM, (3.9, 6.8, 9.4, 13.9, 15.1), tuple(tenures.mean()), 1, 0.4),
        Figure(f"tenure: {SPREAD}", IBM, (1, 3, 5, 9, 20), _spread(tenure), 0, 1),
        Figure("correlation: age with level, age with tenure, level with tenure",
               IBM, (0.51, 0.31, 0.54), going, 2, 0.03),
    ]  # fmt: skip


def _spread(numbers: pd.Series[float]) -> tuple[float, ...]:
    return tuple(numbers.quantile([0.05, 0.25, 0.50, 0.75, 0.95]))


def _shares() -> list[Figure]:
    people = whole()
    largest = people["department"].value_counts(normalize=True)[:3] * 100
    staff, lower, vice, top = (
        (people.loc[people["level"].between(low, high), "gender"] == "female").mean() * 100
        for low, high in ((1, 2), (3, 4), (5, 5), (6, 7))
    )
    return [
        Figure("three largest departments, %", IBM, (65.4, 30.3, 4.3), tuple(largest), 1),
        Figure("women: staff (ours: levels 1 and 2), %", ADVANCE, (47,), (staff,), 0, 1),
        Figure("women: lower management (ours: levels 3 and 4), %", ADVANCE, (33,), (lower,)),
        Figure("women: vice presidents (ours: level 5), %", MCKINSEY, (33,), (vice,), 0, 4),
        Figure("women: C-suite (ours: levels 6 and 7), %", MCKINSEY, (29,), (top,), 0, 6),
        Figure("names on a wish list, at most", SEED, (15,), (_longest_list(),), 0, 0),
    ]


def _longest_list() -> float:
    wishes = synthetic_frames(**PROGRAMME).preferences
    by_mentees = wishes[wishes["by"] == "mentee"]
    return float(by_mentees["mentee"].value_counts().max())


def _hobbies() -> list[Figure]:
    own = pastimes(company(**WHOLE, knobs=Knobs()))
    share = dict(zip((hobby.name for hobby in HOBBIES), own.mean(axis=0) * 100, strict=True))
    anyone = own.any(axis=1).mean() * 100
    listed = whole()["hobbies"].str.contains("films", na=False).mean() * 100
    other = f"another measure: {', '.join(OTHER)}, %"
    return [
        *(Figure(f"hobby: {name}, %", NOVELLI, (said,), (share[name],), 0, 1) for name, said in TALK.items()),
        Figure("hobby: films, as listed in profiles, %", NOVELLI, (64,), (listed,)),
        Figure("people with at least one hobby, %", NOVELLI, (97,), (anyone,), 0, 0.5),
        Figure(other, STATISTA, tuple(OTHER.values()), tuple(share[name] for name in OTHER)),
    ]


def gini(numbers: np.ndarray) -> float:
    """0 where everybody has the same, near 1 where one has all."""
    ordered = np.sort(numbers)
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def named(frames: Frames) -> np.ndarray:
    """How often each mentor is wished for."""
    wishes = frames.preferences[frames.preferences["by"] == "mentee"]
    return wishes["mentor"].value_counts().reindex(frames.mentors["id"], fill_value=0).to_numpy()


def top_twentieth(numbers: np.ndarray) -> float:
    """Which share the most sought twentieth has."""
    return float(np.sort(numbers)[-max(1, len(numbers) // 20) :].sum() / numbers.sum())


def demand(frames: Frames) -> np.ndarray:
    """For each mentor, how many of the mentees' wished topics are on offer there."""
    asked = frames.mentees["topics_wanted"].dropna().str.split("; ").explode().str.extract(r"^([^:!]+)")[0]
    often = asked.value_counts()
    offered = frames.mentors["topics_offered"].dropna().str.split("; ").explode().str.split(":").str[0]
    return offered.map(often).fillna(0).groupby(level=0).sum().to_numpy()


def scores(**knobs: float) -> pm.Scores:
    """The programme's pairs under the usual policy."""
    return pm.score(pm.datasets.synthetic(**PROGRAMME, **knobs), synthetic_policy())


def eligible(scored: pm.Scores) -> float:
    """Which share of the pairs of active people is eligible."""
    sides = (scored.cohort.mentors, scored.cohort.mentees)
    active = [sum(person["active"] is not False for person in side) for side in sides]
    return scored.n_eligible / (active[0] * active[1])


def distinct(scored: pm.Scores) -> int:
    """How many different weights the eligible pairs have."""
    weights = scored.weights.to_numpy(float)
    return len(np.unique(weights[~np.isnan(weights)]))


def complete(scored: pm.Scores) -> float:
    """The mean share of a pair's weight that could be judged."""
    return float(np.nanmean(scored.completeness.to_numpy(float)))


def _herding(value: float) -> str:
    return f"{top_twentieth(named(synthetic_frames(**PROGRAMME, herding=value))):.0%}"


def _missing(value: float) -> str:
    scored = scores(missing=value)
    out = f", {len(scored.left_out)} goals left out" if scored.left_out else ""
    return f"{complete(scored):.0%}{out}"


EFFECTS: dict[str, tuple[str, Callable[[float], str]]] = {
    "herding": ("share of wishes that go to the 5 % most wished-for mentors", _herding),
    "ties": ("different weights", lambda value: f"{distinct(scores(ties=value)):,}"),
    "eligibility": (
        "eligible pairs, of those of active people",
        lambda value: f"{eligible(scores(eligibility=value)):.0%}",
    ),
    "missing": ("mean completeness of a pair", _missing),
}
"""Knob to what it changes and how that is told."""


def comparison() -> str:
    """The published figures as a table of the page."""
    head = ["| figure | published | ours | source |", "|---|---|---|---|"]
    return "\n".join([*head, *(figure.row for figure in figures())])


def effects() -> str:
    """What each knob does as a table of the page."""
    settings = " | ".join(map(str, SETTINGS))
    head = [f"| knob | what is counted | {settings} |", "|---|---|" + "---|" * len(SETTINGS)]
    rows = [
        f"| `{knob}` | {what} | {' | '.join(map(told, SETTINGS))} |" for knob, (what, told) in EFFECTS.items()
    ]
    return "\n".join([*head, *rows])


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    for table in (comparison(), effects()):
        head = re.escape(table.splitlines()[0])
        text = re.sub(rf"^{head}\n(\|.*\n)+", lambda _, new=table: f"{new}\n", text, flags=re.MULTILINE)
    PAGE.write_text(text, encoding="utf-8")
