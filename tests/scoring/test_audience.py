"""Which contributions an audience sees, and which are told as one."""

from __future__ import annotations

import pytest

from pairmatch import goals
from pairmatch.scoring import OTHER, visible_columns
from tests.scoring.people import Kinship, cohort, policy

FAITH = goals.Overlap("faith", "faith", weight=0.2, purpose="asked for")
TOPICS = goals.TopicCoverage(weight=0.3)
HOBBIES = goals.SharedHobbies(weight=0.15)


def test_ordinary_goals_have_their_own_columns() -> None:
    """Nothing is merged where nothing is hidden; to cover a wanted topic is what a lead asks for."""
    columns = visible_columns(cohort(1), policy(goals=[TOPICS, HOBBIES, Kinship()]))
    assert (columns.shown, columns.merged) == (("topic_coverage", "shared_hobbies", "kinship"), ())
    assert columns.names == columns.shown


def test_a_special_goal_is_merged_with_an_ordinary_one() -> None:
    """The weight less the columns shown gives no hidden contribution away (law §12)."""
    columns = visible_columns(cohort(1), policy(goals=[TOPICS, FAITH, HOBBIES]))
    assert len(columns.merged) == 2
    assert columns.merged[1] == "shared_hobbies"
    assert columns.names == ("topic_coverage", OTHER)
    told = columns.told({"topic_coverage": 1, columns.merged[0]: 2, "shared_hobbies": 3})
    assert told == {"topic_coverage": 1, OTHER: 5}


def test_the_auditor_sees_each_goal() -> None:
    """The auditor's columns are the goals."""
    terms = policy(goals=[TOPICS, FAITH, HOBBIES])
    columns = visible_columns(cohort(1), terms, audience="auditor")
    assert len(columns.shown) == 3
    assert columns.merged == ()


WISHES = goals.Preferences(weight=0.1)


@pytest.mark.parametrize(("audience", "shown"), [("lead", 3), ("auditor", 3), ("mentor", 0), ("mentee", 0)])
def test_wishes_are_not_for_the_partners(audience: str, shown: int) -> None:
    """Whom the other wished for, and what they want to learn, is told together with another goal."""
    columns = visible_columns(cohort(1), policy(goals=[WISHES, TOPICS, HOBBIES]), audience=audience)
    assert len(columns.shown) == shown
    assert columns.hidden == (() if shown else ("preferences", "topic_coverage"))


@pytest.mark.parametrize("left_out", [(), ("topic_coverage",)])
def test_goals_left_out_cover_nothing(left_out: tuple[str, ...]) -> None:
    """A goal that is not in use has no column and cannot hide another."""
    columns = visible_columns(cohort(1), policy(goals=[FAITH, TOPICS]), left_out=left_out)
    assert columns.shown == ()
    assert len(columns.merged) == 2 - len(left_out)
