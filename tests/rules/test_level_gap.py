"""Rules on levels, in both directions."""

from __future__ import annotations

import pytest

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairRuleContract
from tests.rules.small import codes, cohort, verdicts


class TestLevelGap(PairRuleContract):
    """The contract with both bounds."""

    rule = rules.LevelGap(at_least=1, at_most=2, senior="mentor")


class TestLevelGapUpwards(PairRuleContract):
    """The contract with one bound, the other direction, and missing data let through."""

    rule = rules.LevelGap(at_most=-1, senior="mentee", missing="allow")


class TestLevelsBelow(PairRuleContract):
    """The contract of reverse mentoring's rule."""

    rule = rules.LevelsBelow(at_least=2)


PEOPLE = {"level": ["1", "3", None]}, {"level": ["1", "2", "4", None]}


def test_the_mentor_is_one_or_two_above() -> None:
    """Both bounds are included: only 3 above 1 and 3 above 2 pass."""
    told = verdicts(rules.LevelGap(at_least=1, at_most=2, senior="mentor"), cohort(*PEOPLE))
    assert told == [[False] * 4, [True, True, False, False], [False] * 4]


def test_the_mentee_is_senior() -> None:
    """`senior="mentee"` counts the mentee's level positive: 4 above 1, 4 above 3, 2 above 1."""
    told = verdicts(rules.LevelGap(at_least=1, senior="mentee"), cohort(*PEOPLE))
    assert told == [[False, True, True, False], [False, False, True, False], [False] * 4]


def test_levels_below_is_the_law_of_direction() -> None:
    """LevelsBelow(k) means level(mentee) - level(mentor) >= k (law §2)."""
    told = verdicts(rules.LevelsBelow(at_least=2), cohort(*PEOPLE))
    assert told == [[False, False, True, False], [False] * 4, [False] * 4]
    assert verdicts(rules.LevelsBelow(), cohort(*PEOPLE))[0] == [False, True, True, False]


def test_missing_levels_pass_when_asked() -> None:
    """`missing="allow"` lets a blank level pass, and nothing else."""
    rule = rules.LevelGap(at_most=0, senior="mentor", missing="allow")
    assert verdicts(rule, cohort(*PEOPLE)) == [[True] * 4, [False, False, True, True], [True] * 4]
    assert [who.tolist() for who in rule.lacking(cohort(*PEOPLE))] == [
        [False, False, True],
        [False, False, False, True],
    ]


@pytest.mark.parametrize(
    ("rule", "label", "description"),
    [
        (
            rules.LevelGap(at_least=1, senior="mentor"),
            "level_gap(at_least=1, senior=mentor)",
            "the mentor's level is at least 1 above the mentee's",
        ),
        (
            rules.LevelGap(at_most=3, senior="mentee"),
            "level_gap(at_most=3, senior=mentee)",
            "the mentee's level is at most 3 above the mentor's",
        ),
        (
            rules.LevelsBelow(at_least=2),
            "levels_below",
            "the mentee's level is at least 2 above the mentor's",
        ),
    ],
)
def test_the_rule_tells_itself(rule: rules.LevelGap, label: str, description: str) -> None:
    """Label and sentence name bounds and direction."""
    assert (rule.label, rule.description) == (label, description)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "no_bound"),
        ({"at_least": 2, "at_most": 1}, "empty_range"),
        ({"at_least": 1.5}, "bad_integer"),
        ({"at_least": True}, "bad_integer"),
        ({"at_most": 10**12}, "bad_integer"),
        ({"at_least": 1, "senior": "boss"}, "bad_choice"),
        ({"at_least": 1, "missing": None}, "bad_choice"),
    ],
)
def test_bad_parameters(parameters: dict[str, object], code: str) -> None:
    """Each is one finding that says what to write."""
    with pytest.raises(PolicyError) as caught:
        rules.LevelGap(**parameters)  # type: ignore[arg-type]
    assert code in [finding.code for finding in caught.value.findings]


def test_an_absent_level_is_told() -> None:
    """Both tables need the column."""
    people = cohort({"team": ["a"]}, {"level": ["2"]})
    assert codes(rules.LevelsBelow().needs(people)) == [("absent_column", "mentors", "level")]
