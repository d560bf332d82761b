"""Which rules may be asked to give way, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.policy import BAR
from pairmatch.relaxing import asked_of
from pairmatch.relaxing.asking import furthest, milder


def policy(**more: Any) -> pm.Policy:
    """Rules of every kind."""
    own = [
        rules.DifferentDepartment(),
        rules.OptedIn(),
        rules.NotVetoed(),
        rules.Hours(),
        rules.Minimum(mentees=1),
        rules.Required([("m1", "e1")]),
        rules.AtLeast(2, where={"region": "N"}, of="mentees"),
        rules.NotFailed([("m9", "e9")]),
    ]
    return pm.Policy(
        **{"rules": own, "goals": [goals.SharedHobbies(weight=1)], "minimum_weight": 0.5, **more}
    )


def refused(labels: Any, **more: Any) -> list[tuple[str, str]]:
    """Codes and hints of what is wrong with labels."""
    with pytest.raises(pm.CallError) as caught:
        asked_of(policy(**more), labels)
    return [(one.code, one.hint) for one in caught.value.findings]


def test_each_kind_gives_way_in_its_own_manner() -> None:
    """By label, or by name where one rule alone has it; in the order asked."""
    labels = ["required", BAR, "at_least", "different_department", "minimum"]
    asked = asked_of(policy(), labels)
    assert [(one.label, one.kind) for one in asked] == [
        ("required", "required"),
        (BAR, "pairs"),
        ("at_least(2 mentees, region = N)", "number"),
        ("different_department", "pairs"),
        ("minimum", "number"),
    ]
    assert asked_of(policy(), []) == ()


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("different_departmnt", "Did you mean 'different_department'?"),
        ("hours", "'hours' cannot be relaxed; beside rules about pairs only these can: at_least, at_most"),
        ("opted_in", "no search overrules 'opted_in', which is people's own consent"),
        ("not_vetoed", "what people asked for themselves; except single pairs by hand"),
        ("not_failed", "a pair that failed is not proposed again"),
        ("same_person", "nobody is paired with themself"),
        (3, "a label is a text, not 3"),
    ],
)
def test_what_cannot_give_way(label: Any, wanted: str) -> None:
    """Each with its reason."""
    [(_, hint)] = refused([label])
    assert wanted in hint


def test_the_bar_needs_to_be_set() -> None:
    """A policy without a minimum weight has none to relax."""
    [(code, _)] = refused([BAR], minimum_weight=None)
    assert code == "not_relaxable"


def test_everything_wrong_at_once() -> None:
    """Lists that are none, labels that stand twice."""
    assert [code for code, _ in refused("minimum")] == ["bad_argument"]
    codes = [code for code, _ in refused(["minimum", "minimum", "nope", "hours"])]
    assert codes == ["not_relaxable", "not_relaxable", "duplicate_label"]


def test_how_far_a_number_can_give_way() -> None:
    """Until nothing is asked any more."""
    cohort = pm.datasets.synthetic(mentors=8, mentees=5, seed=1)
    for rule, most, end in (
        (rules.Minimum(mentors=2, mentees=1), 2, rules.Minimum(mentors=0, mentees=0)),
        (rules.Capacity(mentees=1), 7, rules.Capacity(mentees=8)),
        (rules.AtLeast(3, where={"region": "N"}), 3, None),
        (rules.AtMost(3, where={"region": "N"}), 5, rules.AtMost(8, where={"region": "N"})),
        (rules.MentorsChosen(at_most=6), 2, rules.MentorsChosen(at_most=8)),
        (rules.MentorsChosen(at_most=60), 0, rules.MentorsChosen(at_most=60)),
    ):
        assert furthest(rule, cohort) == most
        assert milder(rule, most) == end
        assert milder(rule, 0) == rule
