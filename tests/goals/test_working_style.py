"""The goal that the two like to work in the same way."""

from __future__ import annotations

import pytest

from pairmatch import goals
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairGoalContract
from tests.rules.small import codes, cohort, scores

PACE = goals.WorkingStyle(columns=["style_pace", "style_structure"], weight=1)  # type: ignore[arg-type]


class TestWorkingStyle(PairGoalContract):
    """The contract, over two scales."""

    goal = PACE


def test_the_mean_difference_is_taken_off() -> None:
    """Equal styles score 1, opposite ones 0."""
    people = cohort(
        {"style_pace": ["0", "1"], "style_structure": ["0.5", "1"]},
        {"style_pace": ["0", "0", "0.25"], "style_structure": ["0.5", "0", "1"]},
    )
    assert scores(PACE, people) == [[1.0, 0.75, 0.625], [0.25, 0.0, 0.625]]


def test_scales_count_where_both_filled_them_in() -> None:
    """A blank cell leaves its scale out; where no scale is left, data lack."""
    people = cohort(
        {"style_pace": ["0", None, None], "style_structure": [None, "1", None]},
        {"style_pace": ["0.5", None], "style_structure": ["0.25", "0.5"]},
    )
    assert scores(PACE, people) == [[0.5, None], [0.25, 0.5], [None, None]]


def test_labels() -> None:
    """The usual four scales need no mention."""
    assert goals.WorkingStyle(weight=1).label == "working_style"
    assert PACE.label == "working_style(style_pace, style_structure)"
    assert len(goals.WorkingStyle(weight=1).fields) == 4


def test_what_it_needs() -> None:
    """Every scale on both sides, of numbers from 0 to 1; a message never tells the number."""
    goal = goals.WorkingStyle(columns=("style_pace", "warmth"), weight=1)
    text = {"warmth": "text"}
    half = cohort({"style_pace": ["1"]}, {"style_pace": ["0"], "warmth": ["high"]}, fields=text)
    assert codes(goal.needs(half)) == [
        ("absent_column", "mentors", "warmth"),
        ("wrong_kind", "mentees", "warmth"),
    ]
    fields = {"warmth": "number"}
    people = cohort(
        {"style_pace": ["1"], "warmth": ["5"]}, {"style_pace": ["0"], "warmth": ["-1"]}, fields=fields
    )
    found = goal.needs(people)
    assert codes(found) == [("no_scale", "mentors", "warmth"), ("no_scale", "mentees", "warmth")]
    assert "compares scales from 0 to 1" in found[0].hint
    assert "5" not in found[0].hint


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([], "bad_columns.*an empty list"),
        ("style_pace", "bad_columns"),
        ([""], "bad_text"),
        ([3], "bad_text"),
        (["style_pace", "style_pace"], "duplicate_column"),
    ],
)
def test_bad_columns(columns: object, code: str) -> None:
    """Each is a finding that says what to write."""
    with pytest.raises(PolicyError, match=code):
        goals.WorkingStyle(columns=columns, weight=1)  # type: ignore[arg-type]
