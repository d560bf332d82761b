"""The goal whose scores were made elsewhere."""

from __future__ import annotations

import pandas as pd
import pytest

from pairmatch import goals
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairGoalContract
from pairmatch.testing.table_strategies import tables
from tests.rules.small import cohort, scores


class TestPrecomputed(PairGoalContract):
    """The contract, with a score of 0 and people who are not there."""

    goal = goals.Precomputed(
        [("p0", "p3", 0.7), ("p0", "p4", 0.0), ("p1", "p4", 1 / 3), ("gone", "p3", 1)], weight=2
    )
    tables = tables(id_styles=("p{}",))


def test_scores_come_from_the_table() -> None:
    """A score of 0 is a score; a pair that is not in the table lacks data."""
    frame = pd.DataFrame(
        {"mentor": ["m1", "m2", "m9"], "mentee": ["e2", "e1", "e1"], "score": [0.0, 0.5, 1.0]}
    )
    goal = goals.Precomputed(frame, weight=1, missing="zero")  # type: ignore[arg-type]
    assert scores(goal, cohort({"team": ["a", "b"]}, {"team": ["a", "b"]})) == [[None, 0.0], [0.5, None]]


def test_the_frame_is_copied() -> None:
    """What happens to the frame afterwards makes no difference."""
    frame = pd.DataFrame({"mentor": ["m1"], "mentee": ["e1"], "score": [0.5]})
    goal = goals.Precomputed(frame, weight=1)  # type: ignore[arg-type]
    frame.loc[0, "score"] = 0.9
    assert goal.scores == (("m1", "e1", 0.5),)


def test_swapped_pairs_are_refused() -> None:
    """A table with its columns swapped would otherwise count for nothing."""
    people = cohort({"team": ["a"]}, {"team": ["b"]})
    assert [f.code for f in goals.Precomputed([("e1", "m1", 1)], weight=1).needs(people)] == ["swapped_pair"]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pd.DataFrame({"mentor": ["m1"], "mentee": ["e1"]}), "missing_columns"),
        (0.5, "bad_table"),
        ("m1", "bad_table"),
        ([("m1", "e1")], "bad_row"),
        ([("m1", 7, 0.5)], "bad_row"),
        (["m1e"], "bad_row"),
        ([("m1", "e1", 1.01)], "bad_share"),
        ([("m1", "e1", float("nan"))], "bad_share"),
        ([("m1", "e1", 0.1), ("m1 ", "e1", 0.1)], "duplicate_pair"),
    ],
)
def test_bad_tables(table: object, code: str) -> None:
    """Each kind of bad row is one finding with the rows' numbers."""
    with pytest.raises(PolicyError, match=code):
        goals.Precomputed(table, weight=1)  # type: ignore[arg-type]
