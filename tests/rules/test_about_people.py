"""Rules about single people: who is asked, whom they bar, and what a blank cell does."""

from __future__ import annotations

from typing import Any

import pytest

from pairmatch import rules
from pairmatch.cohort import Block
from pairmatch.errors import PolicyError
from pairmatch.policy import Policy
from pairmatch.testing.contracts import PairRuleContract
from tests.rules.small import codes, cohort, verdicts


class TestConfirmed(PairRuleContract):
    """The contract, over a declared field of both sides."""

    rule = rules.Confirmed("asks_for_match", missing="allow")


class TestNumberAtLeast(PairRuleContract):
    """The contract, over a sensitive field's neighbour, of the mentees alone."""

    rule = rules.NumberAtLeast("tenure", 7, of="mentees")


class TestReferencesInOrder(PairRuleContract):
    """The contract of the usual form."""

    rule = rules.ReferencesInOrder()


class TestManagerAgrees(PairRuleContract):
    """The contract, asked of both."""

    rule = rules.ManagerAgrees(of="both")


FLAGS = {"opted_in": ["yes", "no", None]}


def test_who_says_no_is_barred_and_who_says_nothing_is_not_let_through() -> None:
    """A yes passes, a no bars, a blank forbids."""
    people, rule = cohort(FLAGS, {"opted_in": ["yes", "no"]}), rules.OptedIn()
    assert verdicts(rule, people) == [[True, False], [False, False], [False, False]]
    assert [who.tolist() for who in rule.barring(people)] == [[False, True, False], [False, True]]
    assert [who.tolist() for who in rule.lacking(people)] == [[False, False, True], [False, False]]


def test_a_blank_passes_when_asked() -> None:
    """`missing="allow"` lets who says nothing through, and nobody who says no."""
    people = cohort(FLAGS, {"opted_in": ["yes", None]})
    assert verdicts(rules.OptedIn(missing="allow"), people) == [[True, True], [False, False], [True, True]]


def test_one_side_can_be_asked_alone() -> None:
    """The other side needs no such column; the answer is one column or row that stands for all."""
    people = cohort({"trained": ["yes", "no"]}, {"level": [1, 2, 3]})
    rule = rules.Trained(of="mentors")
    assert verdicts(rule, people) == [[True] * 3, [False] * 3]
    assert rule.allowed(Block.whole(people)).shape == (2, 1)
    assert rules.NumberAtLeast("level", 2, of="mentees").allowed(Block.whole(people)).shape == (1, 3)
    assert [who.tolist() for who in rule.barring(people)] == [[False, True], [False] * 3]
    assert codes(rules.Trained().needs(people)) == [("absent_column", "mentees", "trained")]


def test_the_bar_itself_is_enough() -> None:
    """A number that equals the bar passes."""
    people = cohort({"reference_rating": [2.9, 3, None]}, {"hours": [4, 3.5]})
    assert verdicts(rules.ReferencesInOrder(), people) == [[False] * 2, [True] * 2, [False] * 2]
    assert verdicts(rules.ReferencesInOrder(at_least=2.5), people) == [[True] * 2, [True] * 2, [False] * 2]
    assert verdicts(rules.EnoughHours(of="mentees"), people) == [[True, False]] * 3


def test_a_field_of_another_kind_does_not_fit() -> None:
    """A yes is asked of yes/no fields, a bar of numbers."""
    people = cohort({"level": [1], "opted_in": ["yes"]}, {"level": [1], "opted_in": ["yes"]})
    assert codes(rules.Confirmed("level", of="mentors").needs(people)) == [("wrong_kind", "mentors", "level")]
    assert codes(rules.NumberAtLeast("opted_in", 1, of="mentees").needs(people)) == [
        ("wrong_kind", "mentees", "opted_in")
    ]


TOLD: list[tuple[Any, str, str]] = [
    (rules.OptedIn(), "opted_in", "mentor and mentee have opted in"),
    (rules.OptedIn(of="mentees"), "opted_in(mentees)", "the mentee has opted in"),
    (rules.Trained(of="mentors"), "trained(mentors)", "the mentor has been trained"),
    (rules.ManagerAgrees(), "manager_agrees", "the mentor's manager agrees"),
    (rules.ManagerAgrees(of="both"), "manager_agrees(both)", "both managers agree"),
    (rules.Confirmed("coc"), "confirmed(coc)", "mentor and mentee have a yes in 'coc'"),
    (
        rules.NumberAtLeast("age", 18, of="mentees"),
        "number_at_least(age, 18, mentees)",
        "the mentee has at least 18 in 'age'",
    ),
    (rules.EnoughHours(), "enough_hours", "the mentor has at least 4 hours per month"),
    (
        rules.ReferencesInOrder(at_least=3.5, of="both"),
        "references_in_order(both)",
        "the references of mentor and mentee are rated at least 3.5",
    ),
]


@pytest.mark.parametrize(("rule", "label", "description"), TOLD, ids=[label for _, label, _ in TOLD])
def test_rules_tell_whom_they_ask(rule: Any, label: str, description: str) -> None:
    """Two rules of a kind that ask different sides have different labels, and sentences."""
    assert (rule.label, rule.description) == (label, description)


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (lambda: rules.OptedIn(of="everybody"), "of"),  # type: ignore[arg-type]
        (lambda: rules.Trained(missing="average"), "missing"),  # type: ignore[arg-type]
        (lambda: rules.Confirmed(" "), "column"),
        (lambda: rules.NumberAtLeast("level", "two"), "value"),  # type: ignore[arg-type]
        (lambda: rules.NumberAtLeast("level", float("nan")), "value"),
        (lambda: rules.EnoughHours(at_least=True), "at_least"),
        (lambda: rules.ReferencesInOrder(at_least=1e30), "at_least"),
    ],
)
def test_bad_parameters_are_named(make: Any, column: str) -> None:
    """The error names the parameter and says what it may be."""
    with pytest.raises(PolicyError) as caught:
        make()
    assert [finding.column for finding in caught.value.findings] == [column]


def test_two_bars_on_one_column_have_labels_of_their_own() -> None:
    """One for the mentors and one for all, say; the value stands in the label."""
    two = [
        rules.NumberAtLeast("hours", 4),
        rules.NumberAtLeast("hours", 2.5),
        rules.NumberAtLeast("hours", 8, of="mentors"),
    ]
    assert [rule.label for rule in Policy(rules=two, objective=("mentees",)).rules] == [
        "number_at_least(hours, 4)",
        "number_at_least(hours, 2.5)",
        "number_at_least(hours, 8, mentors)",
    ]
