"""Rules over the cohort's further tables: vetoes, and pairs that rest."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.policy import Policy
from tests.rules.small import codes, cohort, verdicts

PEOPLE: Any = ({"level": [1, 2]}, {"level": [3, 4]})


def test_vetoed_pairs_are_forbidden() -> None:
    """In their roles; people who have left make no difference."""
    people = cohort(*PEOPLE, vetoes={"mentor": ["m1", "m1", "m9"], "mentee": ["e2", "e2", "e1"]})
    assert verdicts(rules.NotVetoed(), people) == [[True, False], [True, True]]


def test_a_veto_holds_in_either_role() -> None:
    """Two who stand in both tables: neither mentors the other."""
    people = cohort({"id": ["a", "b"]}, {"id": ["a", "b"]}, vetoes={"mentor": ["a"], "mentee": ["b"]})
    assert verdicts(rules.NotVetoed(), people) == [[True, False], [False, True]]


def test_an_empty_table_of_vetoes_forbids_nobody_and_an_absent_one_does_not_fit() -> None:
    """An empty table means none (law §3); no table at all is a question to the caller."""
    people = cohort(*PEOPLE, vetoes={"mentor": [], "mentee": []})
    assert verdicts(rules.NotVetoed(), people) == [[True, True], [True, True]]
    assert codes(rules.NotVetoed().needs(cohort(*PEOPLE))) == [("absent_table", "vetoes", "")]


def test_a_veto_the_wrong_way_round_is_not_lost() -> None:
    """A row that names the mentee as the mentor is a finding, once."""
    people = cohort(*PEOPLE, vetoes={"mentor": ["e1", "e1", "m2"], "mentee": ["m1", "m1", "e1"]})
    findings = rules.NotVetoed().needs(people)
    assert [(finding.code, finding.id) for finding in findings] == [("swapped_pair", "e1")]


def resting(ended: str | None, months: int, on: str = "2026-11-22") -> bool:
    """Whether a pair that ended then may not be again."""
    people = cohort(*PEOPLE, history={"mentor": ["m1"], "mentee": ["e1"], "ended": [ended]})
    told = verdicts(rules.CoolDown(months, on), people)
    assert (told[0][1], told[1]) == (True, [True, True])
    return not told[0][0]


@pytest.mark.parametrize(
    ("ended", "months", "on", "rests"),
    [
        ("2025-11-22", 12, "2026-11-22", False),
        ("2025-11-23", 12, "2026-11-22", True),
        ("2026-01-31", 1, "2026-02-28", False),
        ("2026-01-31", 1, "2026-02-27", True),
        ("2024-02-29", 12, "2025-02-28", False),
        ("2024-01-30", 1, "2024-02-29", False),
        ("2026-12-24", 1, "2026-11-22", True),
        (None, 1, "2026-11-22", True),
        ("0001-01-01", 1200, "0101-01-01", False),
        ("0001-01-01", 1200, "0100-12-31", True),
        ("9999-12-31", 1, "9999-12-31", True),
    ],
)
def test_a_pair_rests_for_so_many_months(ended: str | None, months: int, on: str, rests: bool) -> None:
    """To the day; the last day of a month ends with that of a shorter one."""
    assert resting(ended, months, on) is rests


@given(
    st.dates(datetime.date(2019, 1, 1), datetime.date(2022, 12, 31)),
    st.dates(datetime.date(2020, 1, 1), datetime.date(2023, 12, 31)),
    st.integers(1, 30),
)
def test_both_forms_count_months_alike(ended: datetime.date, on: datetime.date, months: int) -> None:
    """The block form counts back from the day, the reference form on from the end."""
    resting(ended.isoformat(), months, on.isoformat())


def test_a_pair_rests_from_its_last_end() -> None:
    """Of a pair that was twice, the later end counts; one that goes on rests."""
    history = {
        "mentor": ["m1", "m1", "m2", "m2"],
        "mentee": ["e1", "e1", "e1", "e1"],
        "ended": ["2020-01-01", "2026-11-01", "2020-01-01", None],
    }
    rule = rules.CoolDown(months=6, on="2026-11-22")
    assert verdicts(rule, cohort(*PEOPLE, history=history)) == [[False, True], [False, True]]


def test_without_ends_nothing_can_be_judged() -> None:
    """No history and a history without the column do not fit; an empty one does."""
    rule, pair = rules.CoolDown(months=6, on="2026-11-22"), {"mentor": ["m1"], "mentee": ["e1"]}
    assert codes(rule.needs(cohort(*PEOPLE))) == [("absent_table", "history", "")]
    assert codes(rule.needs(cohort(*PEOPLE, history=pair))) == [("absent_column", "history", "ended")]
    empty = cohort(*PEOPLE, history={"mentor": [], "mentee": []})
    assert verdicts(rule, empty) == [[True, True], [True, True]]


def test_the_day_may_be_a_date() -> None:
    """As TOML has it; both are the same rule, and both are written as text."""
    rule = rules.CoolDown(1, datetime.date(2026, 11, 22))  # type: ignore[arg-type]
    assert rule == rules.CoolDown(months=1, on="2026-11-22")
    assert rule.description == "mentor and mentee were no pair within the 1 month before 2026-11-22"
    assert Policy(rules=[rule], objective=("mentees",)).to_dict()["rules"] == [
        {"rule": "cool_down", "months": 1, "on": "2026-11-22"}
    ]


@pytest.mark.parametrize(
    ("months", "on", "code"),
    [
        (0, "2026-11-22", "bad_integer"),
        (1201, "2026-11-22", "bad_integer"),
        (1.5, "2026-11-22", "bad_integer"),
        (1, "22.11.2026", "bad_date"),
        (1, "20261122", "bad_date"),
        (1, "2026-02-30", "bad_date"),
        (1, None, "bad_date"),
        (1, datetime.datetime(2026, 11, 22), "bad_date"),
    ],
)
def test_bad_parameters_are_named(months: Any, on: Any, code: str) -> None:
    """What is no number of months or no day is refused in words."""
    with pytest.raises(PolicyError, match=code):
        rules.CoolDown(months, on)
