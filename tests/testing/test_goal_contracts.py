"""Every goal of the library keeps the contract; a goal without a test here is found out."""

from __future__ import annotations

import sys

import pandas as pd

from pairmatch import goals
from pairmatch.testing import strategies
from pairmatch.testing.contracts import PairGoalContract, missing_contracts
from tests.testing import test_cohort_goal_contracts

SCORES = pd.DataFrame(
    {
        "mentor": ["p0", "p0", "p1", "gone"],
        "mentee": ["p4", "p5", "p4", "p4"],
        "score": [1.0, 1 / 3, 0.0, 0.2],
    }
)


class TestCloseness(PairGoalContract):
    goal = goals.Closeness("utc_offset", scale=6, weight=0.7)


class TestClosenessOfTenure(PairGoalContract):
    goal = goals.Closeness("tenure", scale=0.3, weight=1, missing="zero")


class TestLevelGapTable(PairGoalContract):
    goal = goals.LevelGapTable({1: 0.75, 2: 1.0, -3: 0.1}, weight=12, senior="mentor")


class TestLevelGapTableEitherWay(PairGoalContract):
    goal = goals.LevelGapTable({0: 1 / 3}, weight=12)


class TestLikelyToComplete(PairGoalContract):
    goal = goals.LikelyToComplete(weight=0.2, months=12)


class TestLikelyToCompleteByColumn(PairGoalContract):
    goal = goals.LikelyToComplete("style_pace", weight=0.2, failure=1 / 30)


class TestNovelty(PairGoalContract):
    goal = goals.Novelty(weight=0.05)


class TestNoveltyNearby(PairGoalContract):
    goal = goals.Novelty(scale=1.5, weight=0.05, missing="zero")


class TestOverlap(PairGoalContract):
    goal = goals.Overlap("interests", "interests", weight=0.2)


class TestOverlapWhenAsked(PairGoalContract):
    goal = goals.Overlap(
        "characteristics",
        "identity_to_match",
        when="asks_for_match",
        weight=6,
        missing="zero",
        purpose="on request",
    )


class TestPastExperience(PairGoalContract):
    goal = goals.PastExperience(weight=0.1)


class TestPersonScore(PairGoalContract):
    goal = goals.PersonScore("reference_rating", weight=0.1)


class TestPersonScoreOfMentees(PairGoalContract):
    goal = goals.PersonScore("tenure", of="mentees", low=1 / 3, high=11, weight=0.1)


class TestPrecomputed(PairGoalContract):
    goal = goals.Precomputed(SCORES, weight=2)
    tables = strategies.tables(id_styles=("p{}",))


class TestReciprocity(PairGoalContract):
    goal = goals.Reciprocity(weight=0.1)


class TestReciprocityOfLists(PairGoalContract):
    goal = goals.Reciprocity(weight=0.1, focus=1, mentors="hobbies", mentees="interests")


class TestPreferences(PairGoalContract):
    goal = goals.Preferences(weight=0.2)


class TestPreferencesOfMentees(PairGoalContract):
    goal = goals.Preferences(weight=0.2, of="mentees", missing="zero")


class TestSame(PairGoalContract):
    goal = goals.Same("profession", weight=10)


class TestSameList(PairGoalContract):
    goal = goals.Same("slots", weight=10, missing="zero")


class TestSharedHobbies(PairGoalContract):
    goal = goals.SharedHobbies(weight=0.15)


class TestSharedTerms(PairGoalContract):
    goal = goals.SharedTerms("languages", weight=0.15)


class TestTopicCoverage(PairGoalContract):
    goal = goals.TopicCoverage(weight=0.3)


class TestTopicCoverageFocused(PairGoalContract):
    goal = goals.TopicCoverage(weight=0.3, focus=1, mentors="interests", mentees="hobbies")


class TestWorkingStyle(PairGoalContract):
    goal = goals.WorkingStyle(weight=0.1)


def test_no_goal_is_forgotten() -> None:
    """Every goal in the registry has a contract test above."""
    here = sys.modules[__name__]
    assert [
        name for name in missing_contracts(here, test_cohort_goal_contracts) if name.startswith("goals.")
    ] == []
