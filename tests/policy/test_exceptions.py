"""Exceptions of a policy: how they are read, what they change, and what stands above them."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cohort import Block
from pairmatch.policy import BAR, Excepted, Exempt

ONE = Exempt("different_department", "m1", "e1")


def policy(**more: Any) -> pm.Policy:
    """Two rules about pairs, one about people, one about loads, and a bar."""
    own = [
        rules.DifferentDepartment(),
        rules.Different("team"),
        rules.OptedIn(of="mentors"),
        rules.Capacity(mentors=2),
        rules.NotFailed([("m9", "e9")]),
    ]
    return pm.Policy(
        **{"rules": own, "goals": [goals.SharedHobbies(weight=1)], "minimum_weight": 0.5, **more}
    )


def cohort() -> pm.Cohort:
    """Two mentors, of whom one has not opted in, and two mentees."""
    mentors = pd.DataFrame(
        {
            "id": ["m1", "m2"],
            "department": "IT",
            "team": ["a", "b"],
            "opted_in": ["no", "yes"],
            "hobbies": "golf",
        }
    )
    mentees = pd.DataFrame(
        {"id": ["e1", "e2"], "department": ["IT", "Law"], "team": ["a", None], "hobbies": ["golf", "chess"]}
    )
    return pm.Cohort(mentors, mentees)


def problems(exceptions: Any, **more: Any) -> list[tuple[str, str, str]]:
    """Codes, places and hints of what is wrong with exceptions."""
    with pytest.raises(pm.PolicyError) as caught:
        policy(exceptions=exceptions, **more)
    return [(f.code, f.column, f.hint) for f in caught.value.findings]


@pytest.mark.parametrize(
    "given",
    [
        [ONE],
        [("different_department", "m1", "e1")],
        [["different_department", " m1 ", "e1"], ONE],
        [ONE.to_dict()],
        pd.DataFrame([ONE.to_dict()]),
        pd.DataFrame([ONE.to_dict()])[["mentor", "mentee", "rule"]],
        iter([ONE]),
    ],
)
def test_every_way_to_hand_them_in(given: Any) -> None:
    """Objects, tuples, tables, and the table that a matching shows."""
    assert policy(exceptions=given).exceptions == (ONE,)


def test_a_name_stands_for_the_label_that_it_fits() -> None:
    """As everywhere where a policy is spoken of; the bar is named as in reasons."""
    told = policy(exceptions=[("different", "m1", "e1"), (BAR, "m1", "e1"), ONE]).exceptions
    assert [one.rule for one in told] == ["different(team)", "different_department", "minimum_weight"]


def test_they_are_part_of_the_policy(tmp_path: Any) -> None:
    """Stored, read again, compared and told by the fingerprint; a policy without any is as before."""
    plain, with_one = policy(), policy(exceptions=[ONE, (BAR, "m2", "e2")])
    assert plain.fingerprint != with_one.fingerprint
    assert "exceptions" not in plain.to_dict()
    assert pm.Policy.from_dict(with_one.to_dict()) == with_one
    for name in ("policy.toml", "policy.json"):
        with_one.write(tmp_path / name)
        assert pm.Policy.read(tmp_path / name) == with_one
        assert pm.Schema.read(tmp_path / name) == pm.Schema()
    assert pickle.loads(pickle.dumps(with_one)).pair_rules == with_one.pair_rules


def test_a_rule_that_goes_takes_its_exceptions_along() -> None:
    """What is left is a policy that can be used."""
    less = policy(exceptions=[ONE, ("different(team)", "m1", "e1")]).without("different_department")
    assert [one.rule for one in less.exceptions] == ["different(team)"]


def test_everything_wrong_is_told_at_once() -> None:
    """Rules that are none, loads, rules that stand above exceptions, and entries that are none."""
    given = [
        ("nope", "m1", "e1"),
        ("nope", "m2", "e1"),
        ("capacity", "m1", "e1"),
        ("same_person", "m1", "m1"),
    ]
    given += [("not_failed", "m9", "e9"), ("different_departmnt", "m1", "e1")]
    hints = [hint for code, _, hint in problems(given) if code == "not_exceptable"]
    assert len(hints) == 5
    text = " ".join(hints)
    assert "the policy has no rule 'nope' that forbids pairs. There are: different_department" in text
    assert (
        "'capacity' is no rule about pairs; only a rule that allows or forbids a pair has exceptions" in text
    )
    assert "'same_person': nobody is paired with themself" in text
    assert "'not_failed': a pair that failed is not proposed again" in text
    assert "Did you mean 'different_department'?" in text


def test_two_rules_of_one_name_need_their_label() -> None:
    """A name that fits several is none."""
    two = [rules.Different("team"), rules.Different("region")]
    [(_, _, hint)] = problems([("different", "m1", "e1")], rules=two)
    assert "2 rules have this name; give the label" in hint


@pytest.mark.parametrize("given", ["abc", 3, {"rule": "x"}, pd.DataFrame({"rule": ["x"]})])
def test_what_is_no_list(given: Any) -> None:
    """A hint says what it is to be."""
    [(code, column, hint)] = problems(given)
    assert (code, column) == ("bad_section", "exceptions")
    assert "a list of rule, mentor and mentee" in hint


def test_entries_that_are_none() -> None:
    """Each with its place."""
    given = [
        ONE,
        ("different_department", "m1"),
        {"rule": "x", "mentor": "m1"},
        ("different_department", " ", 3),
    ]
    found = problems(given)
    assert [(code, column) for code, column, _ in found] == [
        ("bad_exception", "exceptions #2"),
        ("bad_exception", "exceptions #3"),
        ("bad_text", "exceptions #4, mentor"),
        ("bad_text", "exceptions #4, mentee"),
    ]
    assert "the keys 'rule', 'mentor' and 'mentee', not a dict" in found[1][2]
    with pytest.raises(pm.PolicyError, match="'mentor' must be a text that is not blank"):
        Exempt("x", "", "e1")


def test_ids_may_be_gone_but_not_swapped() -> None:
    """A list outlives its people; a mentee's id first is a slip."""
    policy(exceptions=[("different_department", "gone", "e1")]).check(cohort())
    with pytest.raises(pm.PolicyError, match="swapped_pair"):
        policy(exceptions=[("different_department", "e1", "m1")]).check(cohort())


def test_the_pair_is_allowed_and_no_other() -> None:
    """In blocks and one by one; the rule itself stays as it is."""
    people, told = cohort(), policy(exceptions=[ONE])
    rule, plain = told.pair_rules[0], told.plain_rules[0]
    assert isinstance(rule, Excepted)
    assert not isinstance(plain, Excepted)
    block = Block.whole(people)
    mentor, mentee = people.mentors.person(0), people.mentees.person(0)
    assert rule.allowed_pair(mentor, mentee)
    assert not plain.allowed_pair(mentor, mentee)
    assert np.argwhere(rule.allowed(block) != plain.allowed(block)).tolist() == [[0, 0]]
    assert (rule.name, rule.label, rule.column) == (
        "different_department",
        "different_department",
        "department",
    )
    assert told.rules == policy().rules
    assert pm.Policy(rules=told.pair_rules, goals=told.goals).rules == told.plain_rules
    with pytest.raises(AttributeError):
        rule.nothing_of_the_kind


def test_who_is_not_eligible_may_be_eligible_for_one() -> None:
    """Whoever has an exception from a rule about people, or lacks its data, is told as anybody else."""
    people = cohort()
    told = policy(
        rules=[rules.OptedIn(of="mentors"), rules.Different("team")],
        exceptions=[("opted_in(mentors)", "m1", "e1"), ("different", "m2", "e2"), ("different", "m1", "e1")],
    )
    opted, team = told.pair_rules
    assert [flags.tolist() for flags in opted.barring(people)] == [[False, False], [False, False]]
    assert [flags.tolist() for flags in told.plain_rules[0].barring(people)] == [
        [True, False],
        [False, False],
    ]
    assert not opted.bars(people.mentors.person(0))
    assert [flags.tolist() for flags in told.plain_rules[1].lacking(people)][1] == [False, True]
    assert [flags.tolist() for flags in team.lacking(people)][1] == [False, False]
    matching = pm.match(people, told)
    assert {(row.mentor, row.mentee) for row in matching.exceptions.itertuples()} == {("m1", "e1")}


def test_exceptions_change_nobodys_weight() -> None:
    """Averages are those without: whoever is let in by an exception steers nobody's weights."""
    people = cohort()
    own = [rules.OptedIn(of="mentors")]
    plain = pm.match(people, policy(rules=own, minimum_weight=None))
    more = pm.match(people, policy(rules=own, minimum_weight=None, exceptions=[("opted_in", "m1", "e1")]))
    assert plain.fitted == more.fitted


def test_a_pair_below_the_bar() -> None:
    """The exception from the minimum weight lets it be made, and tells so."""
    people = cohort()
    plain = policy(rules=[])
    assert len(pm.match(people, plain).made) == 1
    matching = pm.match(people, policy(rules=[], exceptions=[(BAR, "m2", "e2")]))
    assert matching.exceptions.to_numpy().tolist() == [["m2", "e2", BAR]]
    assert {(made.mentor, made.mentee) for made in matching.made} == {("m1", "e1"), ("m2", "e2")}
    pm.verify(matching, people, matching.policy)
    with pytest.raises(pm.VerificationError):
        pm.verify(matching, people, plain)
