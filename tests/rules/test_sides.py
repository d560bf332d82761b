"""Rules with a number per side: capacity and minimum."""

from __future__ import annotations

import pytest

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import LoadRuleContract
from tests.rules.small import cohort, loads

PEOPLE = {"active": ["yes", "yes", "no"]}, {"active": ["yes", "yes"]}


class TestCapacity(LoadRuleContract):
    """The contract, for both sides."""

    rule = rules.Capacity(mentors=2, mentees=1)


class TestMinimum(LoadRuleContract):
    """The contract, for one side."""

    rule = rules.Minimum(mentees=1)


def test_capacity_lowers_and_never_raises() -> None:
    """Five become two; one stays one; the other side is left alone."""
    before = loads(3, 2)
    before.mentor_capacity[0] = 1
    after = rules.Capacity(mentors=2).bound(before, cohort(*PEOPLE))
    assert after.mentor_capacity.tolist() == [1, 2, 2]
    assert after.mentee_capacity.tolist() == [5, 5]


def test_capacity_counts_pairs() -> None:
    """m1 has two pairs and may have one; e1 has two and may have two."""
    findings = rules.Capacity(mentors=1, mentees=2).broken(
        [("m1", "e1"), ("m1", "e2"), ("m2", "e1")], cohort(*PEOPLE)
    )
    assert [(f.code, f.side, f.id) for f in findings] == [("over_capacity", "mentors", "m1")]


def test_minimum_raises_and_never_lowers() -> None:
    """Nought becomes one; two stays two."""
    before = loads(3, 2)
    before.mentee_minimum[1] = 2
    after = rules.Minimum(mentees=1).bound(before, cohort(*PEOPLE))
    assert after.mentee_minimum.tolist() == [1, 2]
    assert after.mentor_minimum.tolist() == [0, 0, 0]


def test_minimum_asks_active_people_only() -> None:
    """m3 rests and needs no pair; e2 has none and needs one."""
    findings = rules.Minimum(mentors=1, mentees=1).broken([("m1", "e1"), ("m2", "e1")], cohort(*PEOPLE))
    assert [(f.code, f.side, f.id) for f in findings] == [("below_minimum", "mentees", "e2")]


def test_the_rules_tell_themselves() -> None:
    """The sentences name side and number."""
    assert rules.Capacity(mentors=1, mentees=2).description == (
        "a mentor has at most 1 pair and a mentee has at most 2 pairs"
    )
    assert rules.Minimum(mentors=2).description == "a mentor has at least 2 pairs"


@pytest.mark.parametrize("made", [rules.Capacity, rules.Minimum])
@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "no_bound"),
        ({"mentors": -1}, "bad_integer"),
        ({"mentees": "3"}, "bad_integer"),
        ({"mentees": 1e9}, "bad_integer"),
    ],
)
def test_bad_numbers(made: type, parameters: dict[str, object], code: str) -> None:
    """Numbers of pairs are whole and at least 0, and at least one side is named."""
    with pytest.raises(PolicyError, match=code):
        made(**parameters)
