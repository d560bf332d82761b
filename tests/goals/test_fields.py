"""Goals over one field or two: same, overlap, closeness, level-gap table."""

from __future__ import annotations

import pytest

from pairmatch import goals
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairGoalContract
from tests.rules.small import codes, cohort, scores


class TestSame(PairGoalContract):
    """The contract, over a text field."""

    goal = goals.Same("profession", weight=10)


class TestSameList(PairGoalContract):
    """The contract, over a list field."""

    goal = goals.Same("languages", weight=1, missing="zero")


class TestOverlap(PairGoalContract):
    """The contract, over two declared fields and a consent."""

    goal = goals.Overlap(
        "characteristics", "identity_to_match", weight=6, when="asks_for_match", purpose="asked"
    )


class TestOverlapOfTopics(PairGoalContract):
    """The contract, over topics fields."""

    goal = goals.Overlap("wants_back", "offers_back", weight=1)


class TestCloseness(PairGoalContract):
    """The contract, over a derived field."""

    goal = goals.Closeness("utc_offset", scale=6, weight=0.1)


class TestClosenessOfScales(PairGoalContract):
    """The contract, for a scale that no float holds exactly."""

    goal = goals.Closeness("style_pace", scale=0.3, weight=0.1)


class TestLevelGapTable(PairGoalContract):
    """The contract, for the absolute gap."""

    goal = goals.LevelGapTable({0: 0.1, 1: 0.75, 2: 1.0}, weight=12)


class TestLevelGapTableDirected(PairGoalContract):
    """The contract, for a gap with a direction."""

    goal = goals.LevelGapTable({-1: 0.2, 2: 1 / 3}, weight=12, senior="mentee")


def test_same_scores_one_or_nothing() -> None:
    """Text counts as the same after normalisation; a blank field lacks data, on either side."""
    people = cohort({"region": ["North", "south", None]}, {"region": ["north ", None]})
    assert scores(goals.Same("region", weight=1), people) == [[1.0, None], [0.0, None], [None, None]]


def test_same_over_lists() -> None:
    """One entry in common is enough."""
    people = cohort({"languages": ["English; Polski", "Deutsch", ""]}, {"languages": ["polski"]})
    assert scores(goals.Same("languages", weight=1), people) == [[1.0], [0.0], [None]]


def test_overlap_is_the_share_of_the_mentees_entries() -> None:
    """Two of three named; what the mentor has beside them makes no difference."""
    people = cohort(
        {"interests": ["AI; art; go; chess", "opera", None]}, {"interests": ["ai; Art; retail", "AI", None]}
    )
    assert scores(goals.Overlap("interests", "interests", weight=1), people) == [
        [2 / 3, 1.0, None],
        [0.0, 0.0, None],
        [None, None, None],
    ]


def test_overlap_judges_those_who_asked() -> None:
    """No consent and no answer both lack data (law §12)."""
    people = cohort(
        {"interests": ["ai"]},
        {"interests": ["ai"] * 3, "asks": ["yes", "no", None]},
        fields={"asks": "bool"},
    )
    assert scores(goals.Overlap("interests", "interests", weight=1, when="asks"), people) == [
        [1.0, None, None]
    ]


def test_overlap_says_what_it_needs() -> None:
    """Lists on both sides, and a yes/no field of the mentees."""
    people = cohort({"interests": ["ai"]}, {"region": ["north"], "team": ["a"]})
    found = goals.Overlap("interests", "region", weight=1, when="team").needs(people)
    assert codes(found) == [("wrong_kind", "mentees", "region"), ("wrong_kind", "mentees", "team")]
    found = goals.Overlap("interest", "interests", weight=1, when="asks").needs(people)
    assert [finding.side for finding in found] == ["mentors", "mentees", "mentees"]
    assert "Did you mean 'interests'?" in found[0].hint


def test_closeness_falls_evenly() -> None:
    """At distance 0, 1.5, 6 and beyond of a scale of 6."""
    people = cohort({"utc_offset": ["0", None]}, {"utc_offset": ["0", "1.5", "-6", "9", None]})
    assert scores(goals.Closeness("utc_offset", scale=6, weight=1), people) == [
        [1.0, 0.75, 0.0, 0.0, None],
        [None] * 5,
    ]


def test_closeness_of_huge_numbers() -> None:
    """A distance that no float holds is far away, and no warning."""
    people = cohort({"depth": ["1e308"]}, {"depth": ["-1e308", "1e308"]}, fields={"depth": "number"})
    assert scores(goals.Closeness("depth", scale=1, weight=1), people) == [[0.0, 1.0]]


def test_closeness_needs_numbers() -> None:
    """A text field is refused on both sides."""
    found = goals.Closeness("team", scale=1, weight=1).needs(cohort({"team": ["a"]}, {"team": ["b"]}))
    assert codes(found) == [("wrong_kind", "mentors", "team"), ("wrong_kind", "mentees", "team")]


def test_a_gap_scores_as_the_table_says() -> None:
    """An unlisted gap scores 0; without a senior role the direction makes no difference."""
    people = cohort({"level": ["3", None]}, {"level": ["2", "1", "5", "3", "0", None]})
    assert scores(goals.LevelGapTable({1: 0.75, 2: 1}, weight=12), people) == [
        [0.75, 1.0, 1.0, 0.0, 0.0, None],
        [None] * 6,
    ]


@pytest.mark.parametrize(
    ("senior", "expected"), [("mentor", [0.75, 0.0, 1.0, 0.0]), ("mentee", [0.0, 0.75, 0.0, 1.0])]
)
def test_a_gap_may_have_a_direction(senior: str, expected: list[float]) -> None:
    """The senior role's level counts positive."""
    people = cohort({"level": ["3"]}, {"level": ["2", "4", "1", "5"]})
    goal = goals.LevelGapTable({1: 0.75, 2: 1}, weight=1, senior=senior)  # type: ignore[arg-type]
    assert scores(goal, people) == [expected]
    assert goal.label == f"level_gap_table(senior={senior})"


def test_tables_compare_and_cannot_be_changed() -> None:
    """Text keys, as a file has them, are the same table."""
    goal = goals.LevelGapTable({"2": 1, "1": 0.75}, weight=12)  # type: ignore[dict-item]
    assert goal == goals.LevelGapTable({1: 0.75, 2: 1.0}, weight=12)
    with pytest.raises(TypeError):
        goal.table[1] = 2.0  # type: ignore[index]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({}, "bad_table"),
        ([1, 2], "bad_table"),
        ({1: 1.5}, "bad_share"),
        ({1: "much"}, "bad_share"),
        ({1: float("nan")}, "bad_share"),
        ({"one": 1}, "bad_integer"),
        ({-1: 0.5}, "bad_integer"),
        ({1: 0.5, "1": 0.6}, "duplicate_gap"),
    ],
)
def test_bad_tables(table: object, code: str) -> None:
    """Each is a finding that says what to write."""
    with pytest.raises(PolicyError, match=code):
        goals.LevelGapTable(table, weight=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), "1", True, None, 1e300, 10**400])
def test_bad_weights(weight: object) -> None:
    """A weight is a number above 0; 0 is said by leaving the goal out."""
    with pytest.raises(PolicyError, match="bad_number"):
        goals.Same("region", weight=weight)  # type: ignore[arg-type]


def test_every_bad_parameter_is_told_at_once() -> None:
    """Four problems, one error."""
    with pytest.raises(PolicyError) as caught:
        goals.Closeness("", scale=0, weight=0, missing="none", purpose=" ")  # type: ignore[arg-type]
    assert [f.column for f in caught.value.findings] == ["weight", "missing", "purpose", "column", "scale"]
