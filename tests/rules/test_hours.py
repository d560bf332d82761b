"""The rule on hours per month."""

from __future__ import annotations

import pytest

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import LoadRuleContract
from tests.rules.small import codes, cohort, loads

PEOPLE = {"hours": ["4", None, "0"]}, {"hours": ["2.5", "1.5", "2.25", None, "0"]}


class TestHours(LoadRuleContract):
    """The contract, where missing hours forbid."""

    rule = rules.Hours()


class TestHoursAllowed(LoadRuleContract):
    """The contract, where missing hours are let through."""

    rule = rules.Hours(missing="allow")


def test_hours_are_counted_in_hundredths() -> None:
    """Who lacks hours has room for no pair."""
    after = rules.Hours().bound(loads(3, 5), cohort(*PEOPLE))
    assert after.mentor_hours is not None
    assert after.mentee_hours is not None
    assert after.mentor_hours.tolist() == [400, 0, 0]
    assert after.mentee_hours.tolist() == [250, 150, 225, 0, 0]
    assert after.mentor_capacity.tolist() == [5, 0, 5]
    assert after.mentee_capacity.tolist() == [5, 5, 5, 0, 5]


def test_missing_hours_pass_when_asked() -> None:
    """Such a mentor's budget holds everybody, such a mentee needs none."""
    after = rules.Hours(missing="allow").bound(loads(3, 5), cohort(*PEOPLE))
    assert after.mentor_hours is not None
    assert after.mentor_hours.tolist() == [400, 625, 0]
    assert after.mentor_capacity.tolist() == [5, 5, 5]


@pytest.mark.parametrize(
    ("pairs", "broken"),
    [
        ([("m1", "e1"), ("m1", "e2")], []),
        ([("m1", "e1"), ("m1", "e3")], [("over_hours", "m1")]),
        ([("m3", "e5")], []),
        ([("m3", "e2")], [("over_hours", "m3")]),
        ([("m2", "e1"), ("m1", "e4")], [("hours_missing", "m2"), ("hours_missing", "e4")]),
    ],
)
def test_what_breaks_a_budget(pairs: list[tuple[str, str]], broken: list[tuple[str, str]]) -> None:
    """2.5 + 1.5 fit into 4 hours, 2.5 + 2.25 do not; blank hours are told."""
    findings = rules.Hours().broken(pairs, cohort(*PEOPLE))
    assert [(finding.code, finding.id) for finding in findings] == broken


def test_missing_hours_break_nothing_when_allowed() -> None:
    """The plain form agrees with the bounds."""
    assert rules.Hours(missing="allow").broken([("m2", "e1"), ("m1", "e4")], cohort(*PEOPLE)) == []


def test_both_tables_need_hours() -> None:
    """A budget without needs says nothing."""
    people = cohort({"hours": ["1"]}, {"team": ["a"]})
    assert codes(rules.Hours().needs(people)) == [("absent_column", "mentees", "hours")]
    assert [who.tolist() for who in rules.Hours().lacking(cohort(*PEOPLE))] == [
        [False, True, False],
        [False, False, False, True, False],
    ]


def test_bad_choice() -> None:
    """There are two ways with missing data."""
    with pytest.raises(PolicyError, match="bad_choice"):
        rules.Hours(missing="average")  # type: ignore[arg-type]
