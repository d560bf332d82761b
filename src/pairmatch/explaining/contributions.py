"""One pair's weight, goal by goal, in the columns that an audience may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairmatch.explaining.evidence import evidence_of
from pairmatch.explaining.scorers import columns_for, people_of, scorer_of
from pairmatch.parameters import label_of
from pairmatch.problem import RESOLUTION
from pairmatch.scoring import OTHER

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Made, Matching

__all__ = ["contributions"]

COLUMNS = ["partner", "goal", "contribution", "most", "score", "meaning", "evidence"]


def contributions(matching: Matching, pairs: list[Made], role: str, audience: str) -> pd.DataFrame:
    """One row per pair and shown goal; ``role`` is that of the person whose pairs they are."""
    import pandas as pd

    rows = [row for pair in pairs for row in _rows(matching, pair, role, audience)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(matching: Matching, pair: Made, role: str, audience: str) -> list[list[Any]]:
    """One row per shown goal of one pair."""
    scorer = scorer_of(matching)
    people = people_of(matching.cohort, pair.mentor, pair.mentee)
    score = scorer.pair(*people)
    columns = columns_for(matching, audience)
    most = columns.told({part.label: part.share.most for part in scorer.parts})
    told = columns.told(score.contributions)
    goals = {label_of(goal): goal for goal in matching.policy.pair_goals}
    partner = pair.mentee if role == "mentor" else pair.mentor
    rows: list[list[Any]] = []
    for column in columns.names:
        own = None if column == OTHER else score.scores[column]
        meaning, evidence = "goals that are told together", ""
        if column != OTHER:
            meaning = _meaning(goals[column], own)
            evidence = "" if own is None else evidence_of(scorer, column, *people)
        part = [told[column] / RESOLUTION, most[column] / RESOLUTION, float("nan") if own is None else own]
        rows.append([partner, column, *part, meaning, evidence])
    return rows


def _meaning(goal: Any, score: float | None) -> str:
    words = str(getattr(goal, "description", label_of(goal)))
    if score is not None:
        return words
    instead = "0 counts" if getattr(goal, "missing", "average") == "zero" else "the cohort's average counts"
    return f"{words} (data are missing: {instead} instead)"
