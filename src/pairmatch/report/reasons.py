"""Why the two of a pair were put together: what each goal found, and who else would suit either of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pairmatch.explain import columns_for, explain, score_of
from pairmatch.explaining.contributions import contributions
from pairmatch.plot.words import plain
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.explain import Explanation
    from pairmatch.matching import Matching

__all__ = ["Reason", "Reasons", "RunnerUp", "reasons_of", "shown_pairs"]

MOST_RUNNERS_UP = 3
"""Other partners told for each of the two."""

MOST_WEIGHED = 40_000
"""Possible pairs up to which others who would suit are looked for."""


@dataclass(frozen=True)
class Reason:
    """What one goal contributes, of how much; what it asks for, and what it found in the pair."""

    goal: str
    text: str
    most: str
    words: str
    colour: int
    found: str = ""


@dataclass(frozen=True)
class RunnerUp:
    """Another partner whom the rules allow."""

    partner: str
    weight: str
    words: str


@dataclass(frozen=True)
class Reasons:
    """Everything told of one pair."""

    goals: tuple[Reason, ...]
    of_mentee: tuple[RunnerUp, ...] = ()
    of_mentor: tuple[RunnerUp, ...] = ()


def shown_pairs(matching: Matching, audience: str) -> pd.DataFrame:
    """``matching.pairs``, best first, with the contributions in columns that the audience may see."""
    import pandas as pd

    if audience == "lead":
        pairs = matching.pairs
    else:
        names = columns_for(matching, audience).names
        rows = [_row(matching, made.mentor, made.mentee, audience) for made in matching.made]
        pairs = pd.DataFrame(rows, columns=["mentor", "mentee", "weight", "completeness", *names])
    return pairs.sort_values("weight", ascending=False, kind="stable")


def _row(matching: Matching, mentor: str, mentee: str, audience: str) -> list[Any]:
    score = score_of(matching, mentor, mentee)
    told = columns_for(matching, audience).told(score.contributions)
    parts = [units / RESOLUTION for units in told.values()]
    return [mentor, mentee, score.weight / RESOLUTION, score.completeness, *parts]


def reasons_of(
    matching: Matching, pairs: pd.DataFrame, audience: str, meanings: Mapping[str, str], most: int
) -> list[Reasons]:
    """For each pair of a table why it was made; for the first `most` with what was found in the two."""
    labels = [str(name) for name in pairs.columns[4:]]
    told = _Told(matching, audience)
    rows = pairs.itertuples(index=False, name=None)
    return [
        told.of(mentor, mentee, labels) if number < most else Reasons(_bare(labels, parts, meanings))
        for number, (mentor, mentee, _, _, *parts) in enumerate(rows)
    ]


def _bare(labels: Sequence[str], parts: Sequence[float], meanings: Mapping[str, str]) -> tuple[Reason, ...]:
    """What is known without a look at the two people."""
    return tuple(
        Reason(plain(label), f"{value:.3f}", "", meanings.get(label, ""), place % 8)
        for place, (label, value) in enumerate(zip(labels, parts, strict=True))
    )


class _Told:
    """What is told of pairs; who else would suit comes of explanations of mentees, each made once."""

    def __init__(self, matching: Matching, audience: str) -> None:
        cohort = matching.cohort
        self._matching, self._audience = matching, audience
        self._made = {(made.mentor, made.mentee): made for made in matching.made}
        self._near = int(cohort.mentors.active.sum()) * int(cohort.mentees.active.sum()) <= MOST_WEIGHED
        self._known: dict[str, Explanation] = {}

    def of(self, mentor: str, mentee: str, labels: Sequence[str]) -> Reasons:
        """Everything that is told of one pair."""
        if not self._near:
            made = self._made[mentor, mentee]
            return Reasons(_reasons(contributions(self._matching, [made], "mentee", self._audience), labels))
        told = self._explained(mentee)
        goals = _reasons(told.partners[told.partners["partner"] == mentor], labels)
        return Reasons(goals, _runners_up(told, mentee), _runners_up(told, mentor))

    def _explained(self, mentee: str) -> Explanation:
        if mentee not in self._known:
            told = explain(self._matching, mentee=mentee, audience=self._audience)
            self._known[mentee] = cast("Explanation", told)
        return self._known[mentee]


def _reasons(rows: pd.DataFrame, labels: Sequence[str]) -> tuple[Reason, ...]:
    return tuple(_reason(row, labels) for row in rows.to_dict("records"))


def _reason(row: Mapping[Any, Any], labels: Sequence[str]) -> Reason:
    goal = str(row["goal"])
    contribution, most = f"{row['contribution']:.3f}", f"{row['most']:.3f}"
    words, found = str(row["meaning"]), str(row["evidence"])
    return Reason(plain(goal), contribution, most, words, labels.index(goal) % 8, found)


def _runners_up(explanation: Explanation, who: str) -> tuple[RunnerUp, ...]:
    table = explanation.runners_up
    own = table[(table["for"] == who) & table["allowed"].astype(bool)].head(MOST_RUNNERS_UP)
    return tuple(
        RunnerUp(str(row["partner"]), f"{row['weight']:.3f}", str(row["why_not"]))
        for row in own.to_dict("records")
    )
