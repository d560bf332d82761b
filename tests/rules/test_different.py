"""Rules that forbid a shared field."""

from __future__ import annotations

import pytest

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairRuleContract
from tests.rules.small import codes, cohort, verdicts


class TestDifferent(PairRuleContract):
    """The contract, over a text field."""

    rule = rules.Different("organisation")


class TestDifferentList(PairRuleContract):
    """The contract, over a list field, for a rule that lets missing data pass."""

    rule = rules.Different("languages", missing="allow")


class TestDifferentNumber(PairRuleContract):
    """The contract, over a number field."""

    rule = rules.Different("level")


class TestDifferentYesNo(PairRuleContract):
    """The contract, over a yes/no field."""

    rule = rules.Different("asks_for_match")


class TestDifferentDepartment(PairRuleContract):
    """The contract of the domain's own name."""

    rule = rules.DifferentDepartment()


class TestNotSameTeam(PairRuleContract):
    """The contract of the domain's own name."""

    rule = rules.NotSameTeam(missing="allow")


def test_texts_that_count_as_the_same_are_the_same() -> None:
    """Case, spaces and accents make no difference; parts of words do not match."""
    people = cohort({"region": ["Île ", "AI", None]}, {"region": ["ile", "retail"]})
    assert verdicts(rules.Different("region"), people) == [[False, True], [True, True], [False, False]]


def test_missing_data_is_let_through_when_asked() -> None:
    """`missing="allow"` lets a blank field pass, and nothing else."""
    people = cohort({"region": ["north", None]}, {"region": ["north", None]})
    rule = rules.Different("region", missing="allow")
    assert verdicts(rule, people) == [[False, True], [True, True]]
    assert [who.tolist() for who in rule.lacking(people)] == [[False, True], [False, True]]


def test_a_list_differs_when_nothing_is_shared() -> None:
    """One entry in common is enough to forbid."""
    people = cohort(
        {"languages": ["English; Deutsch", "Polski", ""]}, {"languages": ["deutsch", "Polski|English"]}
    )
    rule = rules.Different("languages")
    assert verdicts(rule, people) == [[False, False], [True, False], [False, False]]


def test_domain_names_fill_in_the_field() -> None:
    """DifferentDepartment and NotSameTeam are Different over their field."""
    people = cohort(
        {"department": ["HR", "IT"], "team": ["a", "b"]}, {"department": ["hr", "HR"], "team": ["b", "a"]}
    )
    assert verdicts(rules.DifferentDepartment(), people) == [[False, False], [True, True]]
    assert verdicts(rules.NotSameTeam(), people) == [[True, False], [False, True]]
    assert (rules.DifferentDepartment().label, rules.NotSameTeam().label) == (
        "different_department",
        "not_same_team",
    )
    assert rules.NotSameTeam().description == "mentor and mentee are not in the same team"


def test_an_absent_column_is_told_for_each_side() -> None:
    """The finding names the field and what it may have been meant to be."""
    people = cohort({"region": ["north"]}, {"team": ["a"]})
    findings = rules.Different("regoin").needs(people)
    assert codes(findings) == [("absent_column", "mentors", "regoin"), ("absent_column", "mentees", "regoin")]
    assert "Did you mean 'region'?" in findings[0].hint


def test_bad_parameters_are_told_at_once() -> None:
    """A blank column, an unknown way with missing data and a blank purpose are three findings."""
    with pytest.raises(PolicyError) as caught:
        rules.Different(" ", missing="alow", purpose="")  # type: ignore[arg-type]
    assert [finding.column for finding in caught.value.findings] == ["column", "missing", "purpose"]
    assert "Did you mean 'allow'?" in str(caught.value)
