"""Rules about what is to be learnt: musts, and topics that need training."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pairmatch import rules
from pairmatch.cohort import Block, Cohort, Schema
from pairmatch.errors import PolicyError
from pairmatch.terms import Thesaurus
from pairmatch.testing.contracts import PairRuleContract
from tests.rules.small import codes, cohort, verdicts


class TestCoversMustTopics(PairRuleContract):
    """The contract of the strict form."""

    rule = rules.CoversMustTopics()


class TestTrainedFor(PairRuleContract):
    """The contract, for a heading and a topic, of both."""

    rule = rules.TrainedFor(["technology", "C++"], of="both")


def test_musts_are_covered_whole() -> None:
    """Every must is offered, however well; what is merely wished for makes no difference."""
    people = cohort(
        {"topics_offered": ["sql:0.1; cooking", "sql", "cooking; dancing"]},
        {"topics_wanted": ["SQL!; dancing", "sql:3!; Cooking!", "dancing", None]},
    )
    assert verdicts(rules.CoversMustTopics(), people) == [
        [True, True, True, True],
        [True, False, True, True],
        [False, False, True, True],
    ]


def test_where_nobody_must_every_mentor_will_do() -> None:
    """Without musts one answer stands for all pairs, whatever the mentors offer."""
    people = cohort({"topics_offered": ["sql", None]}, {"topics_wanted": ["sql", "dancing"]})
    assert rules.CoversMustTopics().allowed(Block.whole(people)).tolist() == [[True]]
    assert verdicts(rules.CoversMustTopics(), people) == [[True, True], [True, True]]


def test_a_mentor_with_a_blank_list_offers_nothing() -> None:
    """No must of anybody is covered, who asks for none is not concerned, and nobody lacks data."""
    people = cohort(
        {"topics_offered": ["sql", None]}, {"topics_wanted": ["sql!", "sql; dancing", None, "dancing!"]}
    )
    rule = rules.CoversMustTopics()
    assert verdicts(rule, people) == [[True, True, True, False], [False, True, True, False]]
    assert [who.any() for who in rule.lacking(people)] == [False, False]


WORDS = Thesaurus.from_dict(
    {
        "concepts": {
            "inclusion": {"aliases": ["D&I"]},
            "gender": {"broader": "inclusion"},
            "menopause at work": {"broader": "gender"},
            "technology": {},
            "sql": {"broader": "technology"},
        }
    }
)


def trained(mentors: list[Any], wanted: list[Any], theirs: list[Any] | None = None) -> Cohort:
    """Mentors with their training, mentees with their wishes, and the words above."""
    more = {} if theirs is None else {"trained_for": theirs}
    return cohort({"trained_for": mentors}, {"topics_wanted": wanted, **more}, thesaurus=WORDS)


def test_a_sensitive_wish_needs_a_trained_mentor() -> None:
    """The topic itself or a wider one will do; a narrower one or none at all will not."""
    people = trained(
        ["inclusion", "gender", "Menopause at work", None],
        ["d&i", "gender!; sql", "menopause at work", "sql", None],
    )
    rule = rules.TrainedFor(["Inclusion"])
    assert verdicts(rule, people) == [
        [True, True, True, True, True],
        [False, True, True, True, True],
        [False, False, True, True, True],
        [False, False, False, True, True],
    ]
    assert [who.any() for who in rule.lacking(people)] == [False, False]


def test_only_the_topics_named_are_sensitive() -> None:
    """A wider wish than the topics named is free; several topics may be named."""
    people = trained(["gender", "sql"], ["inclusion", "gender", "sql"])
    assert verdicts(rules.TrainedFor("gender"), people) == [[True, True, True], [True, False, True]]
    assert verdicts(rules.TrainedFor(["gender", "sql"]), people) == [
        [True, True, False],
        [True, False, True],
    ]


def test_every_sensitive_wish_counts() -> None:
    """Being trained for one of two is not enough."""
    people = trained(["gender", "gender; sql"], ["gender; sql"])
    assert verdicts(rules.TrainedFor(["inclusion", "technology"]), people) == [[False], [True]]


def test_both_can_be_asked() -> None:
    """With `of="both"` the mentee who wants such a topic needs the training too."""
    people = trained(["inclusion", None], ["gender", "gender", "sql"], ["inclusion", None, None])
    rule = rules.TrainedFor(["inclusion"], of="both")
    assert verdicts(rule, people) == [[True, False, True], [False, False, True]]
    assert codes(rule.needs(trained(["x"], ["y"]))) == [("absent_column", "mentees", "trained_for")]


def test_where_nobody_wants_such_a_topic_the_answer_is_one_row() -> None:
    """Nothing is worked out for each pair."""
    people = trained([None, "sql"], ["sql", None])
    assert rules.TrainedFor("inclusion").allowed(Block.whole(people)).shape == (1, 2)


def test_rules_about_training_tell_themselves() -> None:
    """Label and sentence name the topics; none is said twice."""
    rule = rules.TrainedFor(["gender", "gender", "health"])
    assert rule.topics == ("gender", "health")
    assert rule.label == "trained_for(gender, health)"
    assert rules.TrainedFor("health", of="both").description == (
        "who wants health was trained for it, and so was the mentor"
    )


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: rules.TrainedFor([]), "bad_topics"),
        (lambda: rules.TrainedFor(None), "bad_topics"),
        (lambda: rules.TrainedFor(["a", " "]), "bad_text"),
        (lambda: rules.TrainedFor(["a"], of="mentees"), "bad_choice"),
    ],
)
def test_bad_parameters_are_named(make: Any, code: str) -> None:
    """What cannot be used is refused in words."""
    with pytest.raises(PolicyError, match=code):
        make()


def test_a_topic_is_sensitive_however_its_field_is_compared() -> None:
    """The rule reads wishes by meaning, though the schema compares them letter by letter."""
    plain = Schema(fields={"topics_wanted": {"kind": "topics", "meaning": False}})
    mentors = pd.DataFrame({"id": ["m1", "m2"], "trained_for": ["TikTok", "chess"]})
    people = Cohort(mentors, pd.DataFrame({"id": ["e1"], "topics_wanted": ["Instagram"]}), schema=plain)
    assert verdicts(rules.TrainedFor(["TikTok"]), people) == [[True], [False]]
