"""Probabilities of drop-out: from a table, a field, or the defaults by level."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch import datasets
from pairmatch.dropping import (
    HIGHEST_LEVEL,
    LOWEST_LEVEL,
    OVERALL,
    by_level,
    dropping,
    leaving,
    level_range,
    within,
)
from pairmatch.errors import CallError
from tests.rules.small import cohort


def test_from_a_table() -> None:
    """Whom the table does not name gets the default, and the source says so."""
    people = cohort({"level": ["1", None]}, {"level": ["5"]})
    frame = pd.DataFrame({"role": ["mentor"], "id": ["m1"], "probability": [0.3]})
    told = dropping(people, frame, months=12)
    assert told.mentors.tolist() == pytest.approx([0.3, OVERALL])
    assert told.mentees.tolist() == pytest.approx([HIGHEST_LEVEL])
    assert told.sources == (("table", "overall"), ("level",))
    assert told.counts == {"table": 1, "level": 1, "overall": 1}
    assert told.table.columns.tolist() == ["role", "id", "probability", "source"]
    assert repr(told) == "<Dropping of 3 people: 1 by table, 1 by level, 1 by overall>"
    with pytest.raises(ValueError, match="read-only"):
        told.mentors[0] = 1


def test_from_a_field() -> None:
    """One that is named, or `drop_out` where the tables have it."""
    people = cohort(
        {"drop_out": ["0.1", None], "level": ["1", "2"]},
        {"risk": ["0.2"], "level": ["3"]},
        fields={"drop_out": "number", "risk": "number"},
    )
    told = dropping(people)
    assert told.sources == (("column", "level"), ("level",))
    assert told.mentors[0] == 0.1
    assert dropping(people, "risk").mentees.tolist() == [0.2]


def test_the_defaults() -> None:
    """By level, over the months of the programme; for toolkits' 6 to 9 months 10 to 15 % of all."""
    people = datasets.synthetic(mentors=200, mentees=100, seed=3)
    for months in (6, 9):
        told = dropping(people, months=months)
        assert 0.09 < np.append(told.mentors, told.mentees).mean() < 0.155
        assert told.mentors.mean() > told.mentees.mean()
    assert dropping(cohort({"team": ["a"]}, {"team": ["b"]}), months=12).mentees.tolist() == [
        pytest.approx(OVERALL)
    ]


def test_by_level() -> None:
    """The same share for everybody without a level, and where there is one level alone."""
    assert by_level(np.array([np.nan]), months=12).tolist() == [pytest.approx(OVERALL)]
    assert by_level(np.array([4.0, 4.0]), months=12).tolist() == pytest.approx([OVERALL] * 2)
    levels = np.array([[1.0, 9.0], [np.nan, 5.0]])
    told = by_level(levels, months=12, low=1, high=5)
    assert told.tolist() == [
        pytest.approx([LOWEST_LEVEL, HIGHEST_LEVEL]),
        pytest.approx([OVERALL, HIGHEST_LEVEL]),
    ]
    assert level_range(cohort({"team": ["a"]}, {"level": ["2"], "active": ["no"]})) == (None, None)


@given(st.floats(0, 1), st.floats(0.01, 48), st.floats(0.01, 48))
def test_risks_of_two_spans_go_together(yearly: float, first: float, then: float) -> None:
    """Who stays through two spans stays through both of them."""
    both = (1 - within(first, yearly)) * (1 - within(then, yearly))
    assert 1 - within(first + then, yearly) == pytest.approx(both, abs=1e-12)


@given(st.floats(0, 10), st.floats(0, 10))
def test_juniors_leave_more(one: float, other: float) -> None:
    """The share falls from level to level."""
    low, high = sorted((one, other))
    assert HIGHEST_LEVEL <= leaving(high, 0, 10) <= leaving(low, 0, 10) <= LOWEST_LEVEL


def test_everything_wrong_at_once() -> None:
    """Rows and months, in words and without values."""
    people = cohort({"level": ["1"]}, {"level": ["5"]})
    rows = [
        ("mentor", "m1", 0.1),
        ("mentor", "m1", 0.2),
        ("boss", "m1", 0.2),
        ("mentee", "m1", 0.2),
        ("mentee", "e1", 12),
        ("mentee", "e1"),
    ]
    with pytest.raises(CallError) as caught:
        dropping(people, rows, months=0)
    found = [(finding.code, finding.id, finding.row) for finding in caught.value.findings]
    assert found == [
        ("bad_argument", "", 0),
        ("duplicate_person", "m1", 2),
        ("bad_role", "m1", 3),
        ("unknown_person", "m1", 4),
        ("bad_probability", "e1", 5),
        ("bad_row", "", 6),
    ]
    assert "12" not in str(caught.value)


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ("levle", "absent_column"),
        ("team", "wrong_kind"),
        (pd.DataFrame({"id": ["m1"]}), "missing_columns"),
        (3, "bad_argument"),
    ],
)
def test_what_cannot_be_used(given_: object, code: str) -> None:
    """A field that is not there or holds no numbers, a table without its columns, something else."""
    people = cohort({"level": ["1"], "team": ["a"]}, {"level": ["5"]})
    with pytest.raises(CallError) as caught:
        dropping(people, given_)
    assert [finding.code for finding in caught.value.findings] == [code]


def test_numbers_beyond_0_and_1_are_told_by_person() -> None:
    """Per cent are not probabilities."""
    people = cohort({"risk": ["15", "0.2"]}, {"risk": ["-1"]}, fields={"risk": "number"})
    with pytest.raises(CallError) as caught:
        dropping(people, "risk")
    assert [(f.code, f.side, f.id) for f in caught.value.findings] == [
        ("bad_probability", "mentors", "m1"),
        ("bad_probability", "mentees", "e1"),
    ]
