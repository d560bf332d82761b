"""The goal that the two share entries, and rare ones above all."""

from __future__ import annotations

import math

from pairmatch import goals
from pairmatch.testing.contracts import PairGoalContract
from tests.rules.small import codes, cohort, scores


class TestSharedHobbies(PairGoalContract):
    """The contract."""

    goal = goals.SharedHobbies(weight=0.15)


class TestSharedTerms(PairGoalContract):
    """The contract, over another field."""

    goal = goals.SharedTerms("interests", weight=0.1, missing="zero")


PEOPLE = {"hobbies": ["chess; opera", "films", None]}, {"hobbies": ["Chess; films", "films", None]}


def test_rarity_by_hand() -> None:
    """Four people: chess has 2, opera 1, films 3. Weights log2(1 + 4/d), in parts of 1/1024."""
    chess, opera, films = (round(1024 * math.log2(1 + 4 / d)) for d in (2, 1, 3))
    assert (chess, opera, films) == (1623, 2378, 1252)
    told = scores(goals.SharedHobbies(weight=1), cohort(*PEOPLE))
    first = math.sqrt(chess / (chess + opera))
    second = math.sqrt(films / (chess + films))
    assert told == [[first, 0.0, None], [second, 1.0, None], [None, None, None]]


def test_a_rare_hobby_counts_more_and_the_first_most() -> None:
    """Sharing opera beats sharing films; the second shared one adds less than the first."""
    crowd = ["films"] * 8
    people = cohort(
        {"hobbies": ["opera; films", *crowd]}, {"hobbies": ["opera; go", "films; go", "opera; films"]}
    )
    rare, common, both = scores(goals.SharedHobbies(weight=1), people)[0]
    assert rare is not None
    assert common is not None
    assert both == 1.0
    assert common < rare < both
    assert both - rare < common


def test_only_active_people_teach_and_nobody_teaches_twice() -> None:
    """A person in both tables counts once, with the entries of both; who rests does not count."""
    people = cohort(
        {"id": ["a", "b"], "hobbies": ["chess", "chess"], "active": ["yes", "no"]},
        {"id": ["a", "c"], "hobbies": ["chess", "opera"], "active": ["yes", "yes"]},
    )
    fitted = goals.SharedHobbies(weight=1).fit(people)
    assert sorted(fitted["rarity"].values()) == [1623, 1623]
    assert fitted["unknown"] == 1623


def test_a_bound_goal_keeps_what_it_learnt() -> None:
    """In another cohort the weights stay, and an unknown entry counts as one person's."""
    goal = goals.SharedHobbies(weight=1)
    bound = goal.bind(goal.fit(cohort(*PEOPLE)))
    others = cohort({"hobbies": ["chess; judo"]}, {"hobbies": ["chess", "judo"]})
    assert scores(bound, others) == [[math.sqrt(1623 / (1623 + 2378)), math.sqrt(2378 / (1623 + 2378))]]
    assert goal.fitted is None
    assert scores(goal, others) != scores(bound, others)


def test_a_cohort_without_data_can_be_learnt_from() -> None:
    """Nobody told a hobby; a joiner's are as rare as can be."""
    goal = goals.SharedHobbies(weight=1)
    nobody = cohort({"hobbies": ["", ""], "team": ["a", "b"]}, {"hobbies": [""], "team": ["c"]})
    assert goal.fit(nobody) == {"rarity": {}, "unknown": 1024, "near": {}}
    assert scores(goal, nobody) == [[None], [None]]
    assert scores(goal.bind(goal.fit(nobody)), cohort(*PEOPLE))[1][1] == 1.0


def test_labels_and_needs() -> None:
    """The domain's name fills in the field; numbers cannot be shared."""
    people = cohort({"tenure": ["1"]}, {"tenure": ["2"]})
    assert (goals.SharedHobbies(weight=1).label, goals.SharedTerms("interests", weight=1).label) == (
        "shared_hobbies",
        "shared_terms(interests)",
    )
    assert codes(goals.SharedTerms("tenure", weight=1).needs(people)) == [
        ("wrong_kind", "mentors", "tenure"),
        ("wrong_kind", "mentees", "tenure"),
    ]
