"""Checking pairs that people chose, and completing them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.check import Check, check, complete
from pairmatch.problem import REMATCH_TIERS
from pairmatch.reviewing import Override
from pairmatch.testing import brute_force
from pairmatch.testing.strategies import Case, cases

FEW = min(24, settings.default.max_examples if settings.default else 24)


def office(**more: Any) -> tuple[pm.Cohort, pm.Policy]:
    """Three mentors, three mentees; a rule, a bar, a quota, a cap and a minimum to break."""
    mentors = pd.DataFrame(
        {
            "id": ["m1", "m2", "m3"],
            "department": ["IT", "Law", "HR"],
            "active": ["yes", "yes", "no"],
            "hobbies": ["golf", "chess", "golf"],
        }
    )
    mentees = pd.DataFrame(
        {
            "id": ["e1", "e2", "e3"],
            "department": ["IT", "IT", "Law"],
            "region": ["N", "N", "S"],
            "hobbies": ["golf", "golf", "chess"],
        }
    )
    own = {
        "rules": [rules.DifferentDepartment(), rules.AtLeast(1, where={"region": "S"}, of="mentees")],
        "goals": [goals.SharedHobbies(weight=1)],
        "mentors": {"capacity": 1, "minimum": 1},
        "minimum_weight": 0.1,
    }
    return pm.Cohort(mentors, mentees), pm.Policy(**{**own, **more})


def rows(found: Check) -> list[tuple[str, ...]]:
    """Rule, side, id, pair and code of each violation."""
    table = found.violations[["rule", "side", "id", "mentor", "mentee", "code"]]
    return list(table.itertuples(index=False, name=None))


def test_every_violation_is_listed() -> None:
    """Pairs, people, loads and quotas, each by its rule and code."""
    cohort, policy = office()
    found = check([("m1", "e1"), ("m1", "e2"), ("m3", "e2")], cohort, policy)
    assert not found.valid
    assert rows(found) == [
        ("active", "mentors", "m3", "m3", "e2", "not_active"),
        ("different_department", "pairs", "", "m1", "e1", "rule_broken"),
        ("different_department", "pairs", "", "m1", "e2", "rule_broken"),
        ("capacity", "mentors", "m1", "", "", "over_capacity"),
        ("minimum", "mentors", "m2", "", "", "below_minimum"),
        ("capacity", "mentees", "e2", "", "", "over_capacity"),
        ("at_least(1 mentees, region = S)", "mentees", "", "", "", "too_few"),
    ]
    text = str(found)
    assert text.startswith("not valid: 3 pairs, 7 violations\n")
    asked = "mentor and mentee are in different departments"
    assert f"different_department (pairs): not kept: {asked} [m1 + e1, m1 + e2]" in text
    assert repr(found) == "<Check of 3 pairs: 7 violations>"
    assert found._repr_html_().startswith("<pre>not valid")
    # Pairs of people who do not take part count nothing.
    assert found.values == {"must_match": 0, "mentees": 2, "total": found.weights["weight"][:2].sum()}


def test_the_bar_and_one_and_the_same_person() -> None:
    """Both have a code of their own."""
    people = pd.DataFrame({"id": ["x", "y"], "hobbies": ["golf", "chess"]})
    cohort, policy = (
        pm.Cohort(people, people),
        pm.Policy(goals=[goals.SharedHobbies(weight=1)], minimum_weight=0.5),
    )
    assert [row[-1] for row in rows(check([("x", "x"), ("y", "x")], cohort, policy))][:2] == [
        "same_person",
        "below_minimum_weight",
    ]


def test_a_valid_list() -> None:
    """Says so, with values and weights as a matching has them."""
    cohort, policy = office(rules=[], mentors={"capacity": 1})
    matching = pm.match(cohort, policy)
    found = check(matching, cohort, policy)
    assert found.valid
    assert found.values == matching.values
    assert found.weights.equals(matching.pairs[["mentor", "mentee", "weight", "completeness"]])
    assert str(found) == "valid: 2 pairs, nothing is broken\nmust_match 0, mentees 2, total 2"
    assert str(check([], cohort, policy)).startswith("valid: 0 pairs")


@settings(max_examples=FEW)
@given(case=cases(), data=st.data())
def test_what_is_valid_is_what_a_matching_may_be(case: Case, data: st.DataObject) -> None:
    """Every matching is valid, with its values, and no list that is valid is better in the first tier."""
    cohort, policy = case.cohort, case.policy
    try:
        matching = pm.match(cohort, policy)
    except pm.InfeasibleError:
        assert not check([], cohort, policy).valid
        return
    found = check(matching, cohort, policy)
    assert found.valid
    assert found.values == {t: v for t, v in matching.values.items() if t not in (*REMATCH_TIERS, "coached")}
    every = [(m, e) for m in cohort.mentors.ids for e in cohort.mentees.ids]
    some = data.draw(st.lists(st.sampled_from(every), max_size=4, unique=True)) if every else []
    listed = check(some, cohort, policy)
    if listed.valid:
        first = policy.objective[0]
        assert first in ("worst", "leximin") or listed.values[first] <= matching.values[first]


def test_completed_round_locked_pairs() -> None:
    """What is locked stays, the rest is the best round it, and the price is told per tier."""
    cohort, policy = office(rules=[], mentors={"capacity": 1}, minimum_weight=None)
    done = complete([("m1", "e3")], cohort, policy)
    assert done.table[["listed", "locked", "override"]].to_numpy().tolist() == [
        [True, True, False],
        [False] * 3,
    ]
    assert {(row.mentor, row.weight) for row in done.table.itertuples()} == {("m1", 0.0), ("m2", 0.0)}
    assert done.price["tier"].tolist() == ["must_match", "mentees", "total"]
    assert done.price["cost"].tolist() == [0, 0, 2]
    assert "total: 0 of 2, cost 2" in str(done)
    assert repr(done).endswith("1 locked pair>")
    assert done._repr_html_().startswith("<pre>2 pairs round 1 locked pair")
    pm.verify(done.matching, cohort, done.matching.policy)


def test_locked_by_column_by_argument_and_all(tmp_path: Path) -> None:
    """A column of the file says which pairs stay; an argument says it instead; else all do."""
    cohort, policy = office(rules=[], mentors={"capacity": 1}, minimum_weight=None)
    path = tmp_path / "pairs.csv"
    path.write_text("mentor,mentee,locked\nm1,e3,yes\nm2,e1,no\n", encoding="utf-8")
    assert complete(path, cohort, policy).locked == {("m1", "e3")}
    told = complete(path, cohort, policy, locked=[("m2", "e2")])
    assert (told.locked, ("m2", "e2") in {(p.mentor, p.mentee) for p in told.matching.made}) == (
        {("m2", "e2")},
        True,
    )
    assert complete([("m1", "e3"), ("m2", "e1")], cohort, policy).locked == {("m1", "e3"), ("m2", "e1")}


def test_vetoed_pairs_are_not_made() -> None:
    """Beside those that the policy forbids already; what it requires stays required."""
    own = [rules.Forbidden([("m1", "e1")]), rules.Required([("m2", "e3")])]
    # Nobody but m2 is left for e3, and nobody for m1.
    cohort, policy = office(rules=own, mentors={"capacity": 1}, minimum_weight=None)
    done = complete([], cohort, policy, vetoed=[("m1", "e2")], locked=[])
    assert {(p.mentor, p.mentee) for p in done.matching.made} == {("m2", "e3")}
    assert [rule.pairs for rule in done.matching.policy.rules] == [
        (("m2", "e3"),),
        (("m1", "e1"), ("m1", "e2")),
    ]


def test_a_veto_stands_above_an_exception_and_not_above_a_required_pair() -> None:
    """Of a pair that the policy forbids and excepts itself the exception ends."""
    own = [rules.Forbidden([("m1", "e1")])]
    cohort, policy = office(rules=own, mentors={"capacity": 1}, minimum_weight=None)
    policy = replace(policy, exceptions=[("forbidden", "m1", "e1")])
    done = complete([], cohort, policy, vetoed=[("m1", "e1")], locked=[])
    assert ("m1", "e1") not in {(p.mentor, p.mentee) for p in done.matching.made}
    policy = replace(policy, rules=[*own, rules.Required([("m2", "e3")])])
    with pytest.raises(pm.CallError, match=r"vetoed_and_required .*the policy requires the vetoed pair"):
        complete([], cohort, policy, vetoed=[("m2", "e3")])


def test_required_pairs_that_are_absent_are_named() -> None:
    """By both ids; and tables without rows have the columns' own kinds."""
    cohort, policy = office(rules=[rules.Required([("m2", "e3"), ("m2", "e1")])])
    found = check([], cohort, policy)
    absent = "required", "pairs", ""
    assert [row for row in rows(found) if row[0] == "required"] == [
        (*absent, "m2", "e1", "required_pair_absent"),
        (*absent, "m2", "e3", "required_pair_absent"),
    ]
    assert "required (pairs): the required pair is not made [m2 + e1, m2 + e3]" in str(found)
    assert found.weights["weight"].dtype == float
    people = pd.DataFrame({"id": ["x"]})
    done = complete([], pm.Cohort(people, people), pm.Policy(objective=["pairs"]))
    assert done.table[done.table["override"]].columns.tolist() == done.table.columns.tolist()


def test_overrides_become_exceptions_and_are_told_to_nobody(tmp_path: Path) -> None:
    """The pair is made; who, when and why stand in ``overrides`` alone."""
    cohort, policy = office(rules=[rules.DifferentDepartment()], mentors={"capacity": 1})
    decided = Override("m1", "e1", "Kim Secret", "2026-03-01", "because of ZEBRA")
    done = complete([("m1", "e1")], cohort, policy, overrides=[decided])
    assert done.matching.exceptions.to_numpy().tolist() == [["m1", "e1", "different_department"]]
    assert done.overrides == (decided,)
    assert done.table["override"].tolist()[0]
    assert "1 pair by override" in str(done)
    done.matching.write(tmp_path)
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "ZEBRA" not in written + str(done) + repr(done)
    assert "Secret" not in written
    assert (tmp_path / "exceptions.csv").read_text() == "mentor,mentee,rule\nm1,e1,different_department\n"


def test_what_an_override_brings_is_told_as_a_gain() -> None:
    """The rules leave nobody a partner; the pair that breaks one is more than they allow."""
    people = (
        pd.DataFrame({"id": ["m1"], "department": ["Law"]}),
        pd.DataFrame({"id": ["e1"], "department": ["Law"]}),
    )
    policy = pm.Policy(rules=[rules.DifferentDepartment()], objective=["mentees"])
    decided = Override("m1", "e1", "Kim", "2026-03-01", "they asked")
    done = complete([("m1", "e1")], pm.Cohort(*people), policy, overrides=[decided])
    assert str(done).splitlines()[-1] == "  mentees: 1 of 0, gains 1"
    assert done.price["cost"].tolist() == [-1]


def test_what_cannot_be_locked() -> None:
    """Broken rules without an answer, rules above overrides, vetoes, overrides of nothing: all at once."""
    people = pd.DataFrame({"id": ["x", "y", "z"], "department": ["A", "A", "B"]})
    policy = pm.Policy(
        rules=[rules.DifferentDepartment(), rules.NotFailed([("x", "z")])], objective=["pairs"]
    )
    why = ("Kim", "2026-03-01", "why")
    with pytest.raises(pm.CallError) as caught:
        complete(
            [("x", "y"), ("x", "x"), ("x", "z"), ("z", "y")],
            pm.Cohort(people, people),
            policy,
            vetoed=[("z", "y")],
            overrides=[("x", "x", *why), ("y", "x", *why)],
        )
    assert [(one.code, one.id, one.column) for one in caught.value.findings] == [
        ("override_needed", "x + y", "different_department"),
        ("not_overridable", "x + x", "same_person"),
        ("not_overridable", "x + z", "not_failed"),
        ("locked_and_vetoed", "z + y", ""),
        ("override_not_locked", "y + x", ""),
    ]


def test_a_pair_below_the_bar_needs_an_override_too() -> None:
    """And is then an exception from the minimum weight."""
    cohort, policy = office(rules=[], mentors={"capacity": 1})
    with pytest.raises(pm.CallError, match="override_needed"):
        complete([("m1", "e3")], cohort, policy)
    done = complete([("m1", "e3")], cohort, policy, overrides=[("m1", "e3", "Kim", "2026-03-01", "why")])
    assert done.matching.exceptions["rule"].tolist() == ["minimum_weight"]


def test_without_an_optimum_there_is_no_price() -> None:
    """Where only the override makes a matching valid."""
    mentors, mentees = (pd.DataFrame({"id": [who], "department": "IT"}) for who in ("m1", "e1"))
    cohort = pm.Cohort(mentors, mentees)
    policy = pm.Policy(rules=[rules.DifferentDepartment(), rules.Minimum(mentees=1)], objective=["mentees"])
    with pytest.raises(pm.InfeasibleError):
        pm.match(cohort, policy)
    done = complete([("m1", "e1")], cohort, policy, overrides=[("m1", "e1", "Kim", "2026-03-01", "why")])
    assert done.optimum is None
    assert done.price[["optimum", "cost"]].isna().all(axis=None)
    assert "no price" in str(done)


def test_locked_pairs_that_fit_nowhere() -> None:
    """Capacities are not overridden."""
    cohort, policy = office(rules=[], mentors={"capacity": 1}, minimum_weight=None)
    with pytest.raises(pm.InfeasibleError):
        complete([("m1", "e1"), ("m1", "e2")], cohort, policy)


@settings(max_examples=FEW // 2)
@given(case=cases(), data=st.data())
def test_the_price_is_that_of_trying_everything(case: Case, data: st.DataObject) -> None:
    """Round a locked pair that the rules allow, every tier has the value that brute force finds."""
    cohort, policy = case.cohort, case.policy
    free = list(pm.score(cohort, policy).pairs[["mentor", "mentee"]].itertuples(index=False, name=None))
    if not free:
        return
    pair = data.draw(st.sampled_from(free))
    own = [rule for rule in policy.rules if not isinstance(rule, rules.Required)]
    pairs = [pair, *(p for rule in policy.rules if isinstance(rule, rules.Required) for p in rule.pairs)]
    best = brute_force(cohort, replace(policy, rules=(*own, rules.Required(pairs))))
    try:
        done = complete([pair], cohort, policy)
    except pm.InfeasibleError:
        assert best is None
        return
    assert best is not None
    assert tuple(proof.value for proof in done.matching.certificate.proofs) == best.values


def test_a_relaxed_matching_goes_on() -> None:
    """Running pairs that rest on an exception stay, and one that failed is not proposed again."""
    cohort, policy = office(rules=[rules.DifferentDepartment()], mentors={"capacity": 2}, minimum_weight=None)
    matching = pm.match(cohort, policy, relax=["different_department"])
    assert len(matching.exceptions) == 0
    strict = replace(policy, mentors=pm.Policy(mentors={"capacity": 1}, objective=["pairs"]).mentors)
    cohort = pm.Cohort(
        pd.DataFrame({"id": ["m1", "m2"], "department": ["IT", "Law"], "hobbies": ["golf", "chess"]}),
        pd.DataFrame({"id": ["e1", "e2"], "department": "IT", "hobbies": ["golf", "golf"]}),
    )
    matching = pm.match(cohort, strict, relax=["different_department"])
    [(mentor, mentee, _)] = matching.exceptions.itertuples(index=False, name=None)
    assert check(matching, cohort, matching.policy).valid
    assert not check(matching, cohort, strict).valid
    same = pm.rematch(matching, failed=[])
    assert same.exceptions.equals(matching.exceptions)
    revised = pm.rematch(matching, failed=[(mentor, mentee)])
    assert len(revised.exceptions) == 0
    pm.verify(revised, cohort, matching.policy)
