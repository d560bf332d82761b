"""Rules by which two people share so many entries of a list."""

from __future__ import annotations

from typing import Any

import pytest

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairRuleContract
from tests.rules.small import codes, cohort, verdicts


class TestInCommon(PairRuleContract):
    """The contract, over a field that is compared by meaning."""

    rule = rules.InCommon("hobbies", at_least=2)


class TestCommonSlots(PairRuleContract):
    """The contract of the domain's own name, blanks allowed."""

    rule = rules.CommonSlots(at_least=2, missing="allow")


PEOPLE: Any = (
    {"languages": ["English; Deutsch", "Español", None], "slots": ["a;b;c", "a;b", "c"]},
    {"languages": ["deutsch; ENGLISH; Polski", "espanol"], "slots": ["A; B; C; D", None]},
)


def test_so_many_entries_are_shared() -> None:
    """Entries are counted once each, as the same whatever their case."""
    people = cohort(*PEOPLE)
    assert verdicts(rules.InCommon("languages"), people) == [[True, False], [False, True], [False, False]]
    assert verdicts(rules.InCommon("languages", 2), people) == [[True, False], [False, False], [False, False]]
    assert verdicts(rules.CommonSlots(), people) == [[True, False], [False, False], [False, False]]


def test_blanks_pass_when_asked() -> None:
    """`missing="allow"` lets a blank list pass, and no short one."""
    people = cohort(*PEOPLE)
    rule = rules.CommonSlots(missing="allow")
    assert verdicts(rule, people) == [[True, True], [False, True], [False, True]]
    assert [who.tolist() for who in rule.lacking(people)] == [[False] * 3, [False, True]]


def test_it_asks_for_lists() -> None:
    """Absent columns and fields of another kind are told for each side."""
    people = cohort({"level": [1]}, {"level": [1]})
    assert codes(rules.InCommon("level").needs(people)) == [
        ("wrong_kind", "mentors", "level"),
        ("wrong_kind", "mentees", "level"),
    ]
    assert codes(rules.CommonSlots().needs(people)) == [
        ("absent_column", "mentors", "slots"),
        ("absent_column", "mentees", "slots"),
    ]


def test_it_tells_itself() -> None:
    """Labels and sentences, in the right number."""
    assert rules.InCommon("languages").label == "in_common(languages)"
    assert rules.InCommon("languages").description == (
        "mentor and mentee have at least 1 entry of 'languages' in common"
    )
    assert rules.CommonSlots(at_least=1).description == "mentor and mentee have at least 1 slot in common"
    assert rules.CommonSlots().label == "common_slots"


@pytest.mark.parametrize("at_least", [0, -1, 1.5, True, "2"])
def test_at_least_is_a_whole_number_from_1_on(at_least: Any) -> None:
    """Nothing in common is no rule."""
    with pytest.raises(PolicyError, match="bad_integer"):
        rules.CommonSlots(at_least=at_least)
