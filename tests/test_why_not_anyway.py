"""`why_not`: the cost is that of matching again with the pair required, also as an exception of a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.explaining.scorers import score_of, scorer_of
from pairmatch.policy import Exempt
from pairmatch.scoring import size
from pairmatch.testing.strategies import Case, cases

DEFAULT = settings.default.max_examples if settings.default else 0
MANY = max(20, DEFAULT // 4)


def required(policy: pm.Policy, mentor: str, mentee: str) -> pm.Policy:
    """The policy with one more required pair."""
    others = [rule for rule in policy.rules if not isinstance(rule, rules.Required)]
    pairs = [pair for rule in policy.rules if isinstance(rule, rules.Required) for pair in rule.pairs]
    return replace(policy, rules=[*others, rules.Required([*pairs, (mentor, mentee)])])


def forced(cohort: pm.Cohort, policy: pm.Policy, mentor: str, mentee: str) -> pm.Matching | None:
    """Matched again with the pair required; None where that cannot be."""
    try:
        return pm.match(cohort, required(policy, mentor, mentee))
    except pm.InfeasibleError:
        return None


def swept_too(matching: pm.Matching, **asked: Any) -> pm.WhyNot:
    """The same answer, worked out as for a cohort too large to hold its pairs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        return pm.why_not(matching, **asked)


@settings(max_examples=MANY)
@given(cases(), st.data())
def test_the_cost_is_that_of_matching_again(case: Case, data: st.DataObject) -> None:
    """For any pair: as it is, or as an exception of all rules that forbid it; held and swept."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    every = [(m.id, e.id) for m in case.cohort.mentors if m.active for e in case.cohort.mentees if e.active]
    assume(every)
    mentor, mentee = data.draw(st.sampled_from(every))
    told = pm.why_not(matching, mentor=mentor, mentee=mentee, anyway=True)
    policy = case.policy
    if told.verdict == "forbidden":
        if told.anyway is None:
            assert {"same_person", "not_failed"} & set(told.rules)
            return
        light = scorer_of(matching).is_light(mentor, mentee, score_of(matching, mentor, mentee).weight)
        labels = {*told.rules, *(["minimum_weight"] if light else [])}
        more = [Exempt(label, mentor, mentee) for label in labels]
        policy = replace(policy, exceptions=[*policy.exceptions, *more])
        event("an exception")
        told = told.anyway
    event(told.verdict)
    again = forced(case.cohort, policy, mentor, mentee)
    assert (again is None) == (told.verdict == "infeasible")
    if told.verdict == "costs":
        assert again is not None
        assert dict(told.values) == pytest.approx(again.values)
        better = next((cost < 0 for cost in told.costs.values() if cost), False)
        assert told.equal == (not any(told.costs.values()))
        assert policy is not case.policy or not better


@settings(max_examples=max(10, DEFAULT // 10))
@given(cases(objective=st.sampled_from([("must_match", "mentees", "total"), ("pairs", "total")])))
def test_large_cohorts_are_told_the_same(case: Case) -> None:
    """An exception is laid over a sweep as over pairs at hand."""
    assume(not any(isinstance(rule, rules.Hours) for rule in case.policy.rules))
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    for mentor in case.cohort.mentors.ids[:2]:
        for mentee in case.cohort.mentees.ids[:2]:
            asked = {"mentor": mentor, "mentee": mentee, "anyway": True}
            told, swept = pm.why_not(matching, **asked), swept_too(matching, **asked)
            assert (told.verdict, told.rules, told.costs) == (swept.verdict, swept.rules, swept.costs)
            assert (told.anyway is None) == (swept.anyway is None)
            if told.anyway is not None and swept.anyway is not None:
                event(told.anyway.verdict)
                assert (told.anyway.verdict, told.anyway.costs) == (swept.anyway.verdict, swept.anyway.costs)


def matching_of(**more: Any) -> pm.Matching:
    """Two mentors and two mentees; Ana is of Eve's team, and much the best for her."""
    scores = [("ana", "eve", 0.9), ("ana", "fay", 0.4), ("ben", "eve", 0.1), ("ben", "fay", 0.5)]
    mentors = pd.DataFrame({"id": ["ana", "ben"], "team": ["red", "blue"]})
    mentees = pd.DataFrame({"id": ["eve", "fay"], "team": ["red", "grey"]})
    parts = {"rules": [rules.NotSameTeam()], "goals": [goals.Precomputed(scores, weight=1)]}
    return pm.match(pm.Cohort(mentors, mentees), pm.Policy(**{**parts, **more}))


def test_an_exception_in_words() -> None:
    """The rule, why it forbids the pair, and what an exception would change."""
    told = pm.why_not(matching_of(), mentor="ana", mentee="eve", anyway=True)
    assert told.anyway is not None
    assert told.anyway.costs == {"must_match": 0, "mentees": 0, "total": -0.9}
    assert told.anyway.changes.to_numpy().tolist() == [["eve", "ben", "ana", 0.8], ["fay", "ana", "ben", 0.1]]
    assert str(told).splitlines() == [
        "mentor ana and mentee eve: a hard rule forbids the pair",
        "  not_same_team does not hold: mentor and mentee are not in the same team; both: red",
        "as an exception of these rules:",
        "  must_match: unchanged",
        "  mentees: unchanged",
        "  total: gains 0.9",
        "  mentee eve: from ben to ana (+0.800)",
        "  mentee fay: from ana to ben (+0.100)",
    ]
    assert pm.why_not(matching_of(), mentor="ana", mentee="eve").anyway is None
    # The matching itself is left as it was.
    assert matching_of().policy.exceptions == ()


def test_an_exception_that_changes_nothing_of_an_infeasible_pair() -> None:
    """Where the places forbid the pair as well, that is what is told."""
    policy = {"rules": [rules.NotSameTeam(), rules.Required([("ana", "fay")])]}
    told = pm.why_not(matching_of(**policy), mentor="ana", mentee="eve", anyway=True)
    assert told.anyway is not None
    assert told.anyway.verdict == "infeasible"
    assert "as an exception of these rules:\nmentor ana and mentee eve: no valid matching holds" in str(told)


def test_the_minimum_weight_may_be_excepted_too() -> None:
    """The bar is told with what the pair weighs, alone or beside a rule."""
    told = pm.why_not(matching_of(minimum_weight=0.3), mentor="ben", mentee="eve", anyway=True)
    assert told.rules == {"minimum_weight": "a pair weighs at least 0.3; this one weighs 0.1"}
    assert told.anyway is not None
    assert told.anyway.costs == {"must_match": 0, "mentees": -1, "total": 0}
    both = pm.why_not(matching_of(minimum_weight=0.95), mentor="ana", mentee="eve", anyway=True)
    assert list(both.rules) == ["not_same_team", "minimum_weight"]
    assert both.anyway is not None
    assert both.anyway.costs == {"must_match": 0, "mentees": -1, "total": -0.9}


@pytest.mark.parametrize(("mentor", "mentee"), [("ben", "ben"), ("ana", "fay")])
def test_rules_without_exceptions(mentor: str, mentee: str) -> None:
    """Nobody is paired with themself, and a pair that failed is not proposed again."""
    people = pd.DataFrame({"id": ["ana", "ben"]}), pd.DataFrame({"id": ["ben", "fay"]})
    policy = pm.Policy(rules=[rules.NotFailed([("ana", "fay")])], objective=["mentees"])
    matching = pm.match(pm.Cohort(*people), policy)
    told = pm.why_not(matching, mentor=mentor, mentee=mentee, anyway=True)
    assert (told.verdict, told.anyway) == ("forbidden", None)


def test_work_that_was_cut_short_is_told() -> None:
    """Costs that may not be the true ones say so."""
    told = replace(pm.why_not(matching_of(), mentor="ben", mentee="eve"), verdict="costs", exact=False)
    assert "cut short" not in str(told)
    told = replace(told, costs={"total": 0.5})
    assert "  a search was cut short: these may not be the true costs" in str(told).splitlines()
