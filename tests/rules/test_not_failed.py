"""Pairs that failed are never proposed again."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pairmatch import rules
from pairmatch.cohort import Block, Cohort
from pairmatch.errors import PolicyError
from pairmatch.policy import Policy
from tests.rules.small import cohort


def verdicts(rule: rules.NotFailed, people: Cohort) -> list[list[bool]]:
    """What the rule says of every pair, which both forms say alike."""
    told: list[list[bool]] = rule.allowed(Block.whole(people)).tolist()
    assert told == [[rule.allowed_pair(ours, theirs) for theirs in people.mentees] for ours in people.mentors]
    return told


PEOPLE: Any = ({"level": [1, 2]}, {"level": [3, 4]})


def test_failed_pairs_are_forbidden() -> None:
    """Those named, and no others; whoever is not in the cohort makes no difference."""
    rule = rules.NotFailed([("m1", "e2"), ("m9", "e1"), ("m1", "e2")])
    assert verdicts(rule, cohort(*PEOPLE)) == [[True, False], [True, True]]
    assert rule.pairs == (("m1", "e2"), ("m9", "e1"))


def test_a_failed_pair_stays_failed_in_the_other_role() -> None:
    """Two who stand in both tables: neither mentors the other."""
    people = cohort({"id": ["a", "b"]}, {"id": ["a", "b"]})
    assert verdicts(rules.NotFailed([("a", "b")]), people) == [[True, False], [False, True]]


def test_people_may_have_changed_their_roles_since() -> None:
    """Who mentored then is mentored now: the list still holds, and is no error."""
    assert verdicts(rules.NotFailed([("e1", "m1")]), cohort(*PEOPLE)) == [[False, True], [True, True]]


def test_pairs_may_be_a_frame_and_nothing_else_than_pairs() -> None:
    """As for the other rules that name pairs."""
    frame = pd.DataFrame({"mentor": ["m1"], "mentee": ["e1"], "reason": ["other"]})
    assert rules.NotFailed(frame).pairs == (("m1", "e1"),)
    with pytest.raises(PolicyError, match="two ids as text"):
        rules.NotFailed([("m1", 3)])


def test_it_survives_a_file() -> None:
    """Pairs are plain data; why they failed is nowhere."""
    policy = Policy(rules=[rules.NotFailed([("m1", "e2")])], objective=("mentees",))
    assert Policy.from_dict(policy.to_dict()) == policy
    assert policy.to_dict()["rules"] == [{"rule": "not_failed", "pairs": [["m1", "e2"]]}]
