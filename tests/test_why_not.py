"""`why_not`: the rules that forbid a pair, or exactly what it would cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.parameters import label_of
from pairmatch.policy import Exempt
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS, Problem
from pairmatch.scoring import Scorer, fit
from pairmatch.testing import Best, brute_force, brute_force_problem, reference_problem
from pairmatch.testing.reference import Stated
from pairmatch.testing.strategies import Case, cases

MANY = max(75, (settings.default.max_examples if settings.default else 0) * 3 // 4)


def in_units(problem: Problem, values: dict[str, float]) -> tuple[int, ...]:
    """Tier values as whole numbers."""
    sizes = {tier: RESOLUTION if tier in WEIGHT_TIERS else 1 for tier in problem.objective}
    return tuple(round(values[tier] * sizes[tier]) for tier in problem.objective)


def with_pair(stated: Stated, mentor: str, mentee: str) -> Best[int] | None:
    """The best of all matchings that hold a pair, by trying all."""
    place = [stated.mentors.index(mentor), stated.mentees.index(mentee)]
    loads = stated.problem.loads
    required = np.concatenate([loads.required, [place]]).astype(np.int64)
    return brute_force_problem(replace(stated.problem, loads=replace(loads, required=required)))


def forbidding(case: Case, mentor: str, mentee: str) -> set[str]:
    """Labels of the rules that forbid a pair, by their reference forms, and of the bar if it forbids it."""
    people = case.cohort
    one = people.mentors.person(people.mentors.position(mentor))
    other = people.mentees.person(people.mentees.position(mentee))
    labels = {label_of(rule) for rule in case.policy.pair_rules if not rule.allowed_pair(one, other)}
    weight = Scorer(people, case.policy, fit(people, case.policy)).pair(one, other).weight / RESOLUTION
    let_off = Exempt("minimum_weight", mentor, mentee) in case.policy.exceptions
    light = not let_off and weight < (case.policy.minimum_weight or 0)
    return (
        labels | ({"same_person"} if mentor == mentee else set()) | ({"minimum_weight"} if light else set())
    )


@settings(max_examples=MANY)
@given(cases(), st.data())
def test_the_answer_is_that_of_brute_force(case: Case, data: st.DataObject) -> None:
    """Forbidden by just these rules, or infeasible, or at just this cost: tried against every matching."""
    stated = reference_problem(case.cohort, case.policy)
    best = brute_force(case.cohort, case.policy)
    assume(stated is not None and best is not None)
    assert stated is not None
    assert best is not None
    every = [(mentor, mentee) for mentor in stated.mentors for mentee in stated.mentees]
    assume(every)
    mentor, mentee = data.draw(st.sampled_from(every))
    matching = pm.match(case.cohort, case.policy)
    told = pm.why_not(matching, mentor=mentor, mentee=mentee)
    event(told.verdict)
    forced = with_pair(stated, mentor, mentee)
    by_rules = forbidding(case, mentor, mentee)
    arcs = set(zip(stated.problem.mentor.tolist(), stated.problem.mentee.tolist(), strict=True))
    eligible = (stated.mentors.index(mentor), stated.mentees.index(mentee)) in arcs
    if told.verdict == "forbidden":
        assert set(told.rules) == by_rules
    assert (told.verdict == "forbidden") == (not eligible)
    assert (told.verdict == "infeasible") == (eligible and forced is None)
    if told.verdict == "costs":
        assert forced is not None
        assert in_units(stated.problem, dict(told.values)) == forced.values
        equal = (forced.values, forced.levels) == (best.values, best.levels)
        event(f"equally good {equal}")
        assert told.equal == equal == (not any(told.costs.values()))
        assert next((cost > 0 for cost in told.costs.values() if cost), True)
        check_changes(matching, told)


def check_changes(matching: pm.Matching, told: pm.WhyNot) -> None:
    """Made to the matching, the changes give one that holds the pair and is worth what is told."""
    partners = {mentee: set(matching.partners(mentee=mentee)) for mentee in matching.cohort.mentees.ids}
    for mentee, before, after, _ in told.changes.to_numpy().tolist():
        assert partners[mentee] == set(filter(None, before.split(", ")))
        assert before != after
        partners[mentee] = set(filter(None, after.split(", ")))
    assert told.mentor in partners[told.mentee]
    scores = pm.score(matching.cohort, matching.policy)
    made = [(mentor, mentee) for mentee, mentors in partners.items() for mentor in mentors]
    weights = [scores.weights.loc[mentor, mentee] for mentor, mentee in made]
    counted = {
        "mentees": sum(map(bool, partners.values())),
        "mentors": len({mentor for mentor, _ in made}),
        "pairs": len(made),
        "total": sum(weights),
    }
    for tier, value in told.values.items():
        assert counted.get(tier, value) == pytest.approx(value)


def matching_of(**more: Any) -> pm.Matching:
    """Two mentors and three mentees; Gus rests."""
    mentors = pd.DataFrame({"id": ["ana", "ben"], "department": ["IT", "HR"], "team": ["x", ""]})
    mentees = pd.DataFrame(
        {
            "id": ["eve", "fay", "gus", "ben"],
            "department": ["IT", "Law", "Law", "HR"],
            "team": ["x", "y", "y", ""],
            "active": ["yes", "yes", "no", "yes"],
        }
    )
    scores = (("ana", "fay", 0.9), ("ben", "fay", 0.8), ("ben", "eve", 0.5), ("ana", "eve", 0.1))
    parts = {
        "rules": [rules.DifferentDepartment(), rules.NotSameTeam()],
        "goals": [goals.Precomputed(scores, weight=1, missing="zero")],
    }
    return pm.match(pm.Cohort(mentors, mentees), pm.Policy(**{**parts, **more}))


def test_every_rule_that_forbids_is_named_in_words() -> None:
    """Same department, same team; missing data forbid as well; nobody is paired with themself."""
    matching = matching_of()
    told = pm.why_not(matching, mentor="ana", mentee="eve")
    assert told.verdict == "forbidden"
    assert list(told.rules) == ["different_department", "not_same_team"]
    assert "  different_department does not hold: mentor and mentee are in different departments" in str(told)
    blank = pm.why_not(matching, mentor="ben", mentee="eve").rules["not_same_team"]
    assert blank.endswith("; the mentor lacks the data")
    assert list(pm.why_not(matching, mentor="ben", mentee="ben").rules) == [
        "same_person", "different_department", "not_same_team"]  # fmt: skip
    assert list(pm.why_not(matching, mentor="ben", mentee="eve").rules) == ["not_same_team"]
    assert "nobody is paired with themself" in str(pm.why_not(matching, mentor="ben", mentee="ben"))


def test_paired_and_not_active() -> None:
    """Verdicts that need no search."""
    matching = matching_of()
    assert pm.why_not(matching, mentor="ana", mentee="fay").verdict == "paired"
    told = pm.why_not(matching, mentor="ana", mentee="gus")
    assert (told.verdict, len(told.changes), dict(told.costs)) == ("not_active", 0, {})
    assert str(told) == "mentor ana and mentee gus: one of them does not take part"


def test_below_the_minimum_weight() -> None:
    """A pair that the rules allow and the bar does not."""
    told = pm.why_not(matching_of(rules=[], minimum_weight=0.2), mentor="ana", mentee="eve")
    assert (told.verdict, list(told.rules)) == ("forbidden", ["minimum_weight"])
    assert "a pair weighs at least 0.2" in str(told)


def test_infeasible() -> None:
    """A required pair takes the only place."""
    told = pm.why_not(matching_of(rules=[rules.Required([("ana", "fay")])]), mentor="ana", mentee="eve")
    assert told.verdict == "infeasible"
    assert "no valid matching holds this pair" in str(told)


def small(policy: pm.Policy) -> pm.Matching:
    """Two mentors, of whom one works in the north and one left the hours blank, and a mentee."""
    mentors = {"id": ["m1", "m2"], "region": ["N", "S"], "hobbies": ["a", "b"], "hours": ["4", None]}
    mentees = {"id": ["e1"], "hobbies": ["a"], "hours": ["1"]}
    return pm.match(pm.Cohort(pd.DataFrame(mentors), pd.DataFrame(mentees)), policy)


def test_a_quota_that_leaves_no_room_is_named() -> None:
    """Where a quota stands against a pair, it is told, and nothing that the policy does not have."""
    policy = pm.Policy(rules=[rules.AtMost(0, where={"region": "N"})], goals=[goals.SharedHobbies(weight=1)])
    told = pm.why_not(small(policy), mentor="m1", mentee="e1")
    assert told.verdict == "infeasible"
    assert list(told.rules) == [label_of(policy.rules[0])]
    assert "may stand against it" in str(told)
    assert "hours" not in str(told)


def test_blank_hours_are_named() -> None:
    """Who has no hours is told to lack the data."""
    policy = pm.Policy(rules=[rules.Hours()], goals=[goals.SharedHobbies(weight=1)])
    told = pm.why_not(small(policy), mentor="m2", mentee="e1")
    assert told.verdict == "infeasible"
    assert told.rules["hours"].endswith("the mentor lacks the data")


def test_what_it_would_cost() -> None:
    """The tier that decides, the later ones, and who would change partners."""
    matching = matching_of(rules=[rules.Forbidden([("ben", "ben"), ("ana", "ben")])])
    assert set(zip(matching.pairs["mentor"], matching.pairs["mentee"], strict=True)) == {
        ("ana", "fay"), ("ben", "eve")}  # fmt: skip
    told = pm.why_not(matching, mentor="ben", mentee="fay")
    assert dict(told.costs) == {"must_match": 0, "mentees": 0, "total": 0.5}
    assert dict(told.values) == {"must_match": 0, "mentees": 2, "total": 0.9}
    assert told.changes.to_numpy().tolist() == [["eve", "ben", "ana", -0.4], ["fay", "ana", "ben", -0.1]]
    assert str(told).splitlines() == [
        "mentor ben and mentee fay: the pair is possible; this is what it would change",
        "  must_match: unchanged",
        "  mentees: unchanged",
        "  total: loses 0.5",
        "  mentee eve: from ben to ana (-0.400)",
        "  mentee fay: from ana to ben (-0.100)",
    ]
    assert repr(told) == "<WhyNot: mentor ben and mentee fay: costs>"
    assert (told.exact, told.equal) == (True, False)


def test_a_later_tier_may_gain() -> None:
    """One mentee fewer and more weight: the first tier that is not 0 decides."""
    scores = (("ana", "eve", 0.1), ("ana", "fay", 0.2), ("ben", "fay", 0.9), ("ben", "eve", 0.0))
    matching = matching_of(
        rules=[rules.Forbidden([("ben", "eve"), ("ben", "ben"), ("ana", "ben")])],
        goals=[goals.Precomputed(scores, weight=1, missing="zero")],
        objective=("mentees", "mentors", "total"),
    )
    told = pm.why_not(matching, mentor="ana", mentee="fay")
    assert told.costs["mentees"] == 1
    assert "mentees: loses 1" in str(told)
    assert "mentee eve: from ana to nobody" in str(told)


def test_leximin_looks_at_every_level() -> None:
    """The least well off is as well off as before, somebody else is not: no equally good matching."""
    scores = (("m1", "e1", 0.2), ("m2", "e2", 0.9), ("m3", "e3", 0.9), ("m2", "e3", 0.5), ("m3", "e2", 0.9))
    people = [pd.DataFrame({"id": [f"{k}{n}" for n in (1, 2, 3)]}) for k in "me"]
    policy = pm.Policy(
        goals=[goals.Precomputed(scores, weight=1, missing="zero")], objective=("mentees", "leximin")
    )
    matching = pm.match(pm.Cohort(*people), policy)
    told = pm.why_not(matching, mentor="m2", mentee="e3")
    assert told.values["leximin"] == matching.values["leximin"] == 0.2
    assert dict(told.costs) == {"mentees": 0, "leximin": 0.4}
    assert "equally good" not in str(told)


def test_an_equally_good_pair_is_told() -> None:
    """Nothing would be lost: only the draw was against the pair."""
    people = [pd.DataFrame({"id": [f"{k}{n}" for n in (1, 2)], "hobbies": "golf"}) for k in "me"]
    matching = pm.match(pm.Cohort(*people), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    made = set(zip(matching.pairs["mentor"], matching.pairs["mentee"], strict=True))
    mentor, mentee = next((m, e) for m in ("m1", "m2") for e in ("e1", "e2") if (m, e) not in made)
    told = pm.why_not(matching, mentor=mentor, mentee=mentee)
    assert told.equal
    assert "an equally good matching holds this pair" in str(told)
    assert len(told.changes) == 2
    assert told._repr_html_().startswith("<pre>mentor ")


def test_the_matching_is_left_alone() -> None:
    """Asking changes nothing."""
    matching = matching_of()
    before = (matching.made, matching.left, matching.values)
    pm.why_not(matching, mentor="ben", mentee="fay")
    assert (matching.made, matching.left, matching.values) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mentor": "anna", "mentee": "eve"}, "Did you mean 'ana'"),
        ({"mentor": "ana", "mentee": "ana"}, "nobody among the mentees"),
        ({"mentor": None, "mentee": "eve"}, "nobody among the mentors"),
        ({"mentor": "ana", "mentee": "eve", "audience": "mentor"}, "not for the partners themselves"),
        ({"mentor": "ana", "mentee": "fay", "time_limit": 0}, "seconds above 0"),
    ],
)
def test_wrong_calls(arguments: dict[str, Any], words: str) -> None:
    """Told in words, with the nearest id."""
    with pytest.raises(pm.CallError, match=words):
        pm.why_not(matching_of(), **arguments)


def test_what_is_no_matching_is_refused() -> None:
    """The kind of the first argument is looked at first."""
    with pytest.raises(pm.CallError, match="Matching"):
        pm.why_not(None, mentor="a", mentee="b")  # type: ignore[arg-type]


def test_mentors_who_would_lose_their_only_mentee() -> None:
    """Whoever takes a mentee over leaves their mentor with nobody; one with another mentee is not named."""
    mentors = pd.DataFrame({"id": ["ana", "ben", "cem"], "capacity": [1, 2, 1]})
    scores = [
        ("ana", "eve", 0.9),
        ("ben", "fay", 0.8),
        ("ben", "gus", 0.8),
        ("cem", "eve", 0.5),
        ("cem", "fay", 0.1),
    ]
    policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1, missing="zero")])
    matching = pm.match(pm.Cohort(mentors, pd.DataFrame({"id": ["eve", "fay", "gus"]})), policy)
    told = pm.why_not(matching, mentor="cem", mentee="eve")
    assert told.left_alone == ("ana",)
    assert str(told).splitlines()[-2:] == [
        "  mentee eve: from ana to cem (-0.400)",
        "  mentor ana would have nobody",
    ]
    assert pm.why_not(matching, mentor="cem", mentee="fay").left_alone == ()
