"""The goal that one of the two has worked where the other works."""

from __future__ import annotations

from pairmatch import goals
from pairmatch.testing.contracts import PairGoalContract
from tests.rules.small import codes, cohort, scores

GOAL = goals.PastExperience(weight=1)


class TestPastExperience(PairGoalContract):
    """The contract, where data that lack count as nothing."""

    goal = goals.PastExperience(weight=0.1, missing="zero")


def test_a_bridge_is_worth_the_whole_and_a_common_past_half() -> None:
    """Either has been where the other is; both have been in one place; neither."""
    people = cohort(
        {"function": ["Legal"], "past_functions": ["Sales; Claims"]},
        {
            "function": ["sales ", "Product", "Product", "Legal"],
            "past_functions": ["Product", "legal", "CLAIMS; Actuarial", "Product"],
        },
    )
    assert scores(GOAL, people) == [[1.0, 1.0, 0.5, 0.0]]


def test_two_bridges_are_worth_no_more_than_one() -> None:
    """Both ways, and a common past besides."""
    people = cohort(
        {"function": ["Legal"], "past_functions": ["Sales; Claims"]},
        {"function": ["Sales"], "past_functions": ["Legal; Claims; Sales"]},
    )
    assert scores(GOAL, people) == [[1.0]]


def test_what_can_be_compared_is_judged() -> None:
    """A blank past is no data; a past needs something on the other side to be compared with."""
    people = cohort(
        {"function": ["Legal", "Legal", None, None], "past_functions": ["Sales", None, "Sales", None]},
        {"function": ["Sales", "Sales", None, None], "past_functions": ["Legal", None, "Sales", None]},
    )
    assert scores(GOAL, people) == [
        [1.0, 1.0, 0.5, None],
        [1.0, None, 0.0, None],
        [1.0, 1.0, 0.5, None],
        [None, None, None, None],
    ]


def test_functions_that_nobody_had_before() -> None:
    """A function outside every past is judged, and no bridge."""
    people = cohort(
        {"function": ["Space"], "past_functions": ["Legal"]}, {"function": ["Sea"], "past_functions": ["Air"]}
    )
    assert scores(GOAL, people) == [[0.0]]


def test_what_it_needs() -> None:
    """Both fields on both sides."""
    people = cohort({"function": ["a"], "past_functions": ["b"]}, {"team": ["c"]})
    assert codes(GOAL.needs(people)) == [
        ("absent_column", "mentees", "function"),
        ("absent_column", "mentees", "past_functions"),
    ]
    assert GOAL.label == "past_experience"
