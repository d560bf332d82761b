"""The goal that one of the two stands high on a scale."""

from __future__ import annotations

import json

import pytest

from pairmatch import Policy, goals
from pairmatch.errors import FileError, PolicyError
from pairmatch.scoring import fit, visible_columns
from pairmatch.scoring.fitting import bound
from pairmatch.testing.contracts import PairGoalContract
from tests.rules.small import codes, cohort, scores


class TestPersonScore(PairGoalContract):
    """The contract, with one end given and one learnt."""

    goal = goals.PersonScore("reference_rating", low=2, weight=0.1, missing="zero")


class TestPersonScoreLearntOfMentees(PairGoalContract):
    """The contract, for the other side."""

    goal = goals.PersonScore("tenure", of="mentees", weight=0.1)


def test_a_score_rises_evenly_from_low_to_high() -> None:
    """On a scale from 1 to 5; beyond it the score stays; blank lacks data; the partner is no matter."""
    people = cohort({"reference_rating": ["1", "2", "5", "0", "9", None]}, {"team": ["a", "b"]})
    goal = goals.PersonScore("reference_rating", low=1, high=5, weight=1)
    told = [0.0, 0.25, 1.0, 0.0, 1.0, None]
    assert scores(goal, people) == [[score, score] for score in told]
    assert goal.fit(people) == {}


def test_it_may_be_the_mentees() -> None:
    """The other side's number, in a column of its own."""
    people = cohort({"team": ["a"]}, {"tenure": ["0", "5", "10", None]})
    goal = goals.PersonScore("tenure", of="mentees", weight=1)
    assert scores(goal, people) == [[0.0, 0.5, 1.0, None]]
    assert (goal.label, goal.description) == (
        "person_score(tenure, of=mentees)",
        "the mentee stands high in 'tenure'",
    )


def test_goals_over_one_column_learn_apart() -> None:
    """The two sides' ends, and a given one, do not get mixed up in one cohort."""
    people = cohort({"tenure": ["0", "4"]}, {"tenure": ["2", "10"]})
    assert scores(goals.PersonScore("tenure", weight=1), people) == [[0.0, 0.0], [1.0, 1.0]]
    assert scores(goals.PersonScore("tenure", of="mentees", weight=1), people) == [[0.0, 1.0]] * 2
    assert scores(goals.PersonScore("tenure", high=8, weight=1), people) == [[0.0, 0.0], [0.5, 0.5]]


def test_only_active_people_teach_the_ends() -> None:
    """Who rests is scored by what the others taught."""
    people = cohort(
        {"tenure": ["2", "4", "6", "100", "0"], "active": ["yes", "yes", None, "no", "no"]}, {"team": ["a"]}
    )
    goal = goals.PersonScore("tenure", weight=1)
    assert goal.fit(people) == {"low": 2.0, "high": 6.0}
    assert scores(goal, people) == [[0.0], [0.5], [1.0], [1.0], [0.0]]


@pytest.mark.parametrize(
    ("given", "learnt", "told"),
    [
        ({}, {"low": 4.0, "high": 4.0}, [1.0, 1.0]),
        ({"low": 4}, {"high": 4.0}, [1.0, 1.0]),
        ({"low": 5}, {"high": 5.0}, [0.0, 0.0]),
        ({"high": 3}, {"low": 3.0}, [1.0, 1.0]),
        ({"low": 3}, {"high": 4.0}, [1.0, 1.0]),
    ],
)
def test_where_all_are_equal(given: dict[str, float], learnt: dict[str, float], told: list[float]) -> None:
    """All are at the top, unless a given end says that they are below it."""
    people = cohort({"tenure": ["4", "4"]}, {"team": ["a"]})
    goal = goals.PersonScore("tenure", weight=1, **given)  # type: ignore[arg-type]
    assert goal.fit(people) == learnt
    assert scores(goal, people) == [[score] for score in told]


def test_a_joiner_is_scored_by_what_was_learnt() -> None:
    """The ends stay; whoever comes from beyond them scores 0 or 1."""
    goal = goals.PersonScore("tenure", weight=1)
    taught = goal.bind(json.loads(json.dumps(goal.fit(cohort({"tenure": ["2", "6"]}, {"team": ["a"]})))))
    later = cohort({"tenure": ["3", "8", "1"]}, {"team": ["a"]})
    assert scores(taught, later) == [[0.25], [1.0], [0.0]]
    assert goal.fitted is None


def test_where_nobody_teaches_nobody_is_scored() -> None:
    """Without a number there is no range; one that comes later cannot be placed in it."""
    goal = goals.PersonScore("tenure", weight=1)
    nobody = cohort({"tenure": [None], "team": ["a"]}, {"team": ["b"]})
    assert goal.fit(nobody) == {"low": None, "high": None}
    assert scores(goal, nobody) == [[None]]
    assert scores(goal.bind(goal.fit(nobody)), cohort({"tenure": ["3"]}, {"team": ["b"]})) == [[None]]
    half = goals.PersonScore("tenure", high=5, weight=1)
    assert half.fit(nobody) == {"low": None}


def test_huge_and_tiny_numbers() -> None:
    """A range that no float holds, and one that halves to nothing, are no trouble."""
    wide = cohort({"depth": ["-1.5e308", "0", "1.5e308"]}, {"team": ["a"]}, fields={"depth": "number"})
    assert scores(goals.PersonScore("depth", weight=1), wide) == [[0.0], [0.5], [1.0]]
    tiny = cohort({"depth": ["0", "5e-324"]}, {"team": ["a"]}, fields={"depth": "number"})
    assert scores(goals.PersonScore("depth", weight=1), tiny) == [[0.0], [1.0]]


def test_a_confidential_number_is_told_to_the_auditor_alone() -> None:
    """References are added up with another goal for everybody else (law §12)."""
    people = cohort(
        {"reference_rating": ["3", "4"], "hobbies": ["chess", "go"], "tenure": ["1", "2"]},
        {"hobbies": ["chess", "go"]},
    )
    policy = Policy(
        goals=[
            goals.PersonScore("reference_rating", weight=1),
            goals.PersonScore("tenure", weight=5),
            goals.SharedHobbies(weight=1),
        ]
    )
    columns = visible_columns(people, policy)
    assert columns.shown == ("person_score(tenure)",)
    assert columns.hidden == ("person_score(reference_rating)",)
    auditor = visible_columns(people, policy, audience="auditor")
    assert "person_score(reference_rating)" in auditor.shown


def test_what_it_needs() -> None:
    """A number field of the side that it looks at, and of no other."""
    people = cohort({"team": ["a"], "tenure": ["1"]}, {"region": ["north"]})
    assert goals.PersonScore("tenure", weight=1).needs(people) == []
    found = goals.PersonScore("tenure", of="mentees", weight=1).needs(people)
    assert codes(found) == [("absent_column", "mentees", "tenure")]
    assert codes(goals.PersonScore("team", weight=1).needs(people)) == [("wrong_kind", "mentors", "team")]


def test_bad_parameters() -> None:
    """All that is wrong at once, in words."""
    with pytest.raises(PolicyError) as caught:
        goals.PersonScore("", of="mentor", low="1", high=float("inf"), weight=1)  # type: ignore[arg-type]
    assert [finding.code for finding in caught.value.findings] == [
        "bad_text",
        "bad_choice",
        "bad_number",
        "bad_number",
    ]
    assert "'low' must be a number from" in str(caught.value)
    with pytest.raises(PolicyError, match=r"empty_range.*'low' must lie below 'high', but 5\.0 does not"):
        goals.PersonScore("tenure", low=5, high=5, weight=1)


@pytest.mark.parametrize("damaged", [{}, {"low": "1", "high": 2}, {"low": float("nan"), "high": 2}, None])
def test_damaged_learnt_values_are_told(damaged: dict[str, object] | None) -> None:
    """A stored matching whose numbers are gone is refused, not guessed at."""
    with pytest.raises(FileError, match="bad_fit"):
        bound(goals.PersonScore("tenure", weight=1), damaged)


def test_it_is_frozen_in_the_fit() -> None:
    """The policy's fit holds the two numbers and nothing else of the people."""
    people = cohort({"tenure": ["2", "6"]}, {"team": ["a"]})
    learnt = fit(people, Policy(goals=[goals.PersonScore("tenure", weight=1)]))
    assert learnt.fitted == {"person_score(tenure)": {"low": 2.0, "high": 6.0}}


def test_ratings_go_from_1_to_5() -> None:
    """The canonical ratings have a scale, so that nothing is learnt of them."""
    goal = goals.PersonScore("reference_rating", weight=1)
    assert goal == goals.PersonScore("reference_rating", low=1, high=5, weight=1)
    people = cohort({"reference_rating": ["2", "3"]}, {"team": ["a"]})
    assert scores(goal, people) == [[0.25], [0.5]]
    assert goal.fit(people) == {}


def test_nothing_is_learnt_of_what_not_everybody_may_see() -> None:
    """Such a field needs both ends."""
    people = cohort({"age": ["20", "30"]}, {"team": ["a"]})
    found = goals.PersonScore("age", low=18, weight=1, purpose="a study").needs(people)
    assert codes(found) == [("needs_range", "policy", "age")]
    assert "give 'low' and 'high' of its scale" in found[0].hint
    assert goals.PersonScore("age", low=18, high=70, weight=1, purpose="a study").needs(people) == []
