"""The goal that gives people whom they wished for."""

from __future__ import annotations

from typing import Any

import pytest

from pairmatch import goals
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairGoalContract
from tests.rules.small import codes, cohort, scores


class TestPreferencesOfMentors(PairGoalContract):
    """The contract, for the lists of the mentors alone."""

    goal = goals.Preferences(weight=1, of="mentors")


PEOPLE: Any = ({"level": [1, 2, 3]}, {"level": [3, 4]})


def wishing(*rows: tuple[str, str, str, int]) -> Any:
    """Three mentors and two mentees, and their wishes: by, mentor, mentee, rank."""
    by, mentors, mentees, ranks = map(list, zip(*rows, strict=True)) if rows else ([], [], [], [])
    table = {"by": by, "mentor": mentors, "mentee": mentees, "rank": ranks}
    return cohort(*PEOPLE, preferences=table)


MENTEES = goals.Preferences(weight=1, of="mentees")


def test_places_fall_evenly_and_who_is_not_on_the_list_scores_0() -> None:
    """Of two places the first is 1 and the second a half; without a list the goal lacks data (law §3)."""
    people = wishing(("mentee", "m1", "e1", 1), ("mentee", "m3", "e1", 2))
    assert scores(MENTEES, people) == [[1.0, None], [0.0, None], [0.5, None]]


def test_ties_share_a_place_and_gaps_count_for_nothing() -> None:
    """Ranks 2, 2 and 9 are a first place of two people and a second of one."""
    people = wishing(("mentee", "m1", "e1", 2), ("mentee", "m2", "e1", 2), ("mentee", "m3", "e1", 9))
    assert scores(MENTEES, people) == [[1.0, None], [1.0, None], [0.5, None]]


def test_who_has_left_keeps_their_place() -> None:
    """A list is judged as it was given, whoever joins or leaves."""
    people = wishing(("mentee", "gone", "e1", 1), ("mentee", "m2", "e1", 2), ("mentee", "m1", "gone", 1))
    assert scores(MENTEES, people) == [[0.0, None], [0.5, None], [0.0, None]]


def test_both_sides_count_alike_where_both_gave_a_list() -> None:
    """The mean of two shares, exactly; one share where one side has a list."""
    people = wishing(
        ("mentee", "m1", "e1", 1),
        ("mentee", "m2", "e1", 2),
        ("mentee", "m3", "e1", 3),
        ("mentor", "m2", "e1", 5),
        ("mentor", "m1", "e2", 1),
    )
    third = 1 / 3
    assert scores(goals.Preferences(weight=1), people) == [
        [0.5, 1.0],
        [(2 * 1 + 1 * 3) / (2 * 3), 0.0],
        [third, None],
    ]
    assert scores(goals.Preferences(weight=1, of="mentors"), people) == [
        [0.0, 1.0],
        [1.0, 0.0],
        [None, None],
    ]
    assert scores(MENTEES, people) == [[1.0, None], [2 / 3, None], [third, None]]


def test_without_wishes_nothing_is_judged() -> None:
    """An empty table fits and judges nobody; no table does not fit; nor does one the wrong way round."""
    goal = goals.Preferences(weight=1)
    assert scores(goal, wishing()) == [[None, None]] * 3
    assert codes(goal.needs(cohort(*PEOPLE))) == [("absent_table", "preferences", "")]
    swapped = wishing(("mentor", "e1", "m1", 1), ("mentee", "e1", "m1", 1), ("mentee", "m1", "e1", 1))
    assert [(finding.code, finding.id) for finding in goal.needs(swapped)] == [("swapped_pair", "e1")]


def test_it_tells_itself() -> None:
    """The label says whose lists count where not everybody's do."""
    told = {of: goals.Preferences(weight=1, of=of) for of in ("both", "mentors", "mentees")}  # type: ignore[arg-type]
    assert [goal.label for goal in told.values()] == [
        "preferences",
        "preferences(mentors)",
        "preferences(mentees)",
    ]
    assert told["mentors"].description == "the mentee stands high on the mentor's list of preferences"
    assert told["both"].description == "mentor and mentee stand high on each other's list of preferences"


def test_whose_lists_count_is_one_of_three() -> None:
    """Another word is refused with the nearest."""
    with pytest.raises(PolicyError, match="Did you mean 'mentees'"):
        goals.Preferences(weight=1, of="mentee")  # type: ignore[arg-type]
