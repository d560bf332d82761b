"""`explain`: contributions that add up, what is hidden from whom, and true reasons in words."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.problem import RESOLUTION
from pairmatch.testing import reference_problem
from pairmatch.testing.strategies import Case, cases

MANY = max(25, (settings.default.max_examples if settings.default else 0) // 4)

SCHEMA = pm.Schema(fields={"faith": {"kind": "text", "class": "special"}})


def cohort() -> pm.Cohort:
    """Three mentors and four mentees; Ida's level is not known, and Jan does not take part."""
    mentors = pd.DataFrame(
        {
            "id": ["ana", "ben", "cem"],
            "level": [1, 1, 3],
            "hobbies": ["chess; golf", "golf", "opera"],
            "faith": ["a", "b", "a"],
            "topics_offered": ["python", "", "law"],
        }
    )
    mentees = pd.DataFrame(
        {
            "id": ["eve", "fay", "ida", "jan"],
            "level": [3, 2, None, 3],
            "hobbies": ["chess", "", "golf", "golf"],
            "faith": ["a", "a", "b", "a"],
            "topics_wanted": ["python", "law", "law", ""],
            "active": ["yes", "yes", "yes", "no"],
        }
    )
    return pm.Cohort(mentors, mentees, schema=SCHEMA)


GOALS = (
    goals.TopicCoverage(weight=3),
    goals.SharedHobbies(weight=2, missing="zero"),
    goals.Same("faith", weight=1, purpose="the network asked for it"),
    goals.Same("level", weight=1),
)


@pytest.fixture(scope="module", name="matching")
def fixture_matching() -> pm.Matching:
    """Two pairs; Cem is too senior for everybody, and Ida's level is needed and missing."""
    return pm.match(cohort(), pm.Policy(rules=[rules.LevelsBelow(at_least=1)], goals=GOALS))


def units(amount: float) -> int:
    """A shown weight as the whole number that it is."""
    assert round(amount * RESOLUTION) / RESOLUTION == amount
    return round(amount * RESOLUTION)


@settings(max_examples=MANY)
@given(cases())
def test_contributions_add_up_for_everybody(case: Case) -> None:
    """For every person and audience: the parts of each pair are whole numbers that add up to its weight."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    weight = {(made.mentor, made.mentee): made.weight for made in matching.made}
    for audience in ("lead", "auditor"):
        for role, people in (("mentor", case.cohort.mentors), ("mentee", case.cohort.mentees)):
            for who in people.ids:
                told = pm.explain(matching, **{role: who}, audience=audience)
                partners = matching.partners(**{role: who})
                assert tuple(told.weights) == partners
                assert (told.reason is None) == bool(partners)
                for partner in partners:
                    pair = (who, partner) if role == "mentor" else (partner, who)
                    parts = told.partners.loc[told.partners["partner"] == partner]
                    assert sum(map(units, parts["contribution"])) == weight[pair]
                    assert units(told.weights[partner]) == weight[pair]
                    assert (parts["contribution"] <= parts["most"]).all()
                    event("merged" if "other" in set(parts["goal"]) else "open")
                assert str(told)


@settings(max_examples=MANY)
@given(cases())
def test_reasons_are_borne_out_by_the_reference(case: Case) -> None:
    """Eligible partners of everybody without one are those of the plain problem; the words are there."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    stated = reference_problem(case.cohort, case.policy)
    assert stated is not None
    for left in matching.left:
        told = pm.explain(matching, **{left.role: left.id})
        event(left.reason)
        active = stated.mentors if left.role == "mentor" else stated.mentees
        places = stated.problem.mentor if left.role == "mentor" else stated.problem.mentee
        eligible = places.tolist().count(active.index(left.id)) if left.id in active else 0
        assert f"eligible partners: {eligible}" in str(told)
        assert str(told).startswith(f"{left.role} {left.id} has no partner: ")


def test_goal_by_goal_to_the_lead(matching: pm.Matching) -> None:
    """Two goals as they are, and the one over a special field told together with an ordinary one."""
    told = pm.explain(matching, mentee="eve")
    columns = ["partner", "goal", "contribution", "most", "score", "meaning", "evidence"]
    assert list(told.partners.columns) == columns
    assert list(told.partners["evidence"]) == ["covers 1 of 1 wanted topic: python", "both: chess", ""]
    assert set(told.partners["partner"]) == {"ana"}
    assert list(told.partners["goal"]) == ["topic_coverage", "shared_hobbies", "other"]
    assert "faith" not in str(told) + str(told.partners.to_dict())
    assert told.partners["score"].isna().tolist() == [False, False, True]
    assert (told.role, told.id, told.audience, told.reason) == ("mentee", "eve", "lead", None)
    assert str(told).splitlines()[0] == f"mentee eve with ana: weight {told.weights['ana']:.3f}"


def test_goal_by_goal_to_the_auditor(matching: pm.Matching) -> None:
    """The auditor sees every goal by itself; the parts of `other` are these, exactly."""
    lead, auditor = (pm.explain(matching, mentee="eve", audience=who) for who in ("lead", "auditor"))
    assert list(auditor.partners["goal"]) == [
        "topic_coverage",
        "shared_hobbies",
        "same(faith)",
        "same(level)",
    ]
    parts = auditor.partners.set_index("goal")[["contribution", "most"]]
    other = lead.partners.set_index("goal").loc["other", ["contribution", "most"]]
    assert [sum(map(units, parts.loc[["same(faith)", "same(level)"], c])) for c in parts] == list(
        map(units, other)
    )
    assert auditor.weights == lead.weights


def test_both_sides_are_told_the_same(matching: pm.Matching) -> None:
    """A pair explained from the mentor's side has the same parts."""
    mentor, mentee = pm.explain(matching, mentor="ana"), pm.explain(matching, mentee="eve")
    assert mentor.weights == {"eve": mentee.weights["ana"]}
    columns = ["goal", "contribution", "most", "score", "meaning", "evidence"]
    pd.testing.assert_frame_equal(mentor.partners[columns], mentee.partners[columns])


def test_missing_data_are_told(matching: pm.Matching) -> None:
    """Ben offers no topics: the average counts; Fay has no hobbies: 0 counts, as the goal says."""
    rows = pm.explain(matching, mentee="fay").partners.set_index("goal")
    assert set(rows["partner"]) == {"ben"}
    assert rows["score"].isna().all()
    assert set(rows["evidence"]) == {""}
    assert rows.loc["topic_coverage", "meaning"].endswith(
        "(data are missing: the cohort's average counts instead)"
    )
    assert rows.loc["shared_hobbies", "meaning"].endswith("(data are missing: 0 counts instead)")
    assert rows.loc["topic_coverage", "contribution"] > 0
    assert rows.loc["shared_hobbies", "contribution"] == 0


@pytest.mark.parametrize(
    ("role", "who", "reason", "words"),
    [
        ("mentor", "cem", "no_eligible_partner", "no partner is left after the hard rules"),
        ("mentee", "ida", "data_missing", "lacks the data for levels_below"),
        ("mentee", "jan", "not_active", "not taking part"),
    ],
)
def test_why_none(matching: pm.Matching, role: str, who: str, reason: str, words: str) -> None:
    """The reason code, and in words what took the partners away."""
    told = pm.explain(matching, **{role: who})
    assert told.reason is not None
    assert told.reason.reason == reason
    assert (len(told.partners), told.weights) == (0, {})
    assert words in str(told)


def test_what_each_rule_took() -> None:
    """Alone, and as the only rule between two people; nobody who does not take part is counted."""
    more = {"id": [*"abc"], "team": ["x", "x", "y"], "level": [5, 1, 5]}
    policy = pm.Policy(rules=[rules.NotSameTeam(), rules.LevelsBelow(at_least=1)], objective=["mentees"])
    mentees = pd.DataFrame(
        {"id": ["eve", "gus"], "team": ["x", "z"], "level": [3, 9], "active": ["yes", "no"]}
    )
    told = pm.explain(pm.match(pm.Cohort(pd.DataFrame(more), mentees), policy), mentee="eve")
    assert told.rules.to_numpy().tolist() == [["not_same_team", 2, 1], ["levels_below", 2, 1]]
    assert "  forbidden by not_same_team: 2, 1 by it alone" in str(told).splitlines()
    matched = pm.explain(pm.match(cohort(), pm.Policy(objective=["mentees"])), mentee="eve")
    assert matched.rules.empty


def test_the_people_who_stand_in_each_others_way() -> None:
    """Two mentees for one place: the proof that not both can be served."""
    people = pd.DataFrame({"id": ["ana"]}), pd.DataFrame({"id": ["eve", "fay"]})
    matching = pm.match(pm.Cohort(*people), pm.Policy(objective=["mentees"]))
    left = matching.left[0].id
    told = pm.explain(matching, mentee=left)
    assert told.blocking is not None
    assert (set(told.blocking.people), told.blocking.partners, told.blocking.places) == (
        {"eve", "fay"}, ("ana",), 1)  # fmt: skip
    assert f"  {told.blocking}" in str(told).splitlines()
    assert pm.explain(matching, mentor="ana").blocking is None


def test_who_else_would_suit(matching: pm.Matching) -> None:
    """For the person and for each partner, best first, in a table and in words."""
    told = pm.explain(matching, mentee="fay")
    assert list(told.runners_up.columns) == ["for", "partner", "weight", "rank", "why_not", "allowed"]
    assert list(told.runners_up["for"]) == ["fay", "fay", "ben", "ben"]
    assert "  cem 0.571: forbidden by levels_below" in str(told).splitlines()
    assert "  ana 0.143: has eve, who suits better" in str(told).splitlines()
    assert pm.explain(matching, mentee="jan").runners_up.empty


def test_partners_are_told_by_themselves(matching: pm.Matching) -> None:
    """For the two of a pair another kind of explanation is made, without numbers."""
    for audience in ("mentor", "mentee"):
        told = pm.explain(matching, mentee="eve", audience=audience)
        assert type(told).__name__ == "PartnerExplanation"
        assert told.audience == audience


@pytest.mark.parametrize(
    ("policy", "reason", "words"),
    [
        ({"minimum_weight": 0.99}, "below_minimum_weight", "forbidden by minimum_weight"),
        ({"rules": [rules.Capacity(mentees=0)]}, "no_place", "a capacity of 0 pairs"),
        (
            {"objective": ("total",), "rules": [rules.Capacity(mentors=0)]},
            "partners_full",
            "places are taken",
        ),
    ],
)
def test_why_none_by_loads_and_weights(policy: dict[str, Any], reason: str, words: str) -> None:
    """Reasons that are no rule's: the minimum weight, one's own capacity, the partners' places."""
    matching = pm.match(cohort(), pm.Policy(goals=GOALS, **policy))
    told = pm.explain(matching, mentee="fay")
    assert told.reason is not None
    assert (told.reason.reason, words in str(told)) == (reason, True)


def test_a_goal_that_was_left_out_is_not_told() -> None:
    """Nobody has ratings: the goal takes no part in the weight and none in the explanation."""
    people = cohort()
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=1), goals.Same("level", weight=1)])
    blank = pm.Cohort(
        pd.DataFrame({"id": people.mentors.ids, "hobbies": "golf", "level": ""}),
        pd.DataFrame({"id": people.mentees.ids, "hobbies": "golf", "level": ""}),
    )
    matching = pm.match(blank, policy)
    assert set(pm.explain(matching, mentor="ana").partners["goal"]) == {"shared_hobbies"}
    assert list(matching.notes["code"]) == ["goal_left_out"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "name one person"),
        ({"mentor": "ana", "mentee": "eve"}, "name one person"),
        ({"mentor": "anna"}, "Did you mean 'ana'"),
        ({"mentee": "ana"}, "nobody among the mentees has this id"),
        ({"mentee": 7}, "nobody among the mentees has this id"),
        ({"mentee": "eve", "audience": "boss"}, "the audiences are lead, auditor, mentor, mentee"),
        ({"mentee": "eve", "audience": "leads"}, "Did you mean 'lead'"),
        ({"mentee": "eve", "audience": ["lead"]}, "the audiences are lead, auditor"),
    ],
)
def test_wrong_calls(matching: pm.Matching, arguments: dict[str, Any], words: str) -> None:
    """Told in words, with the nearest id."""
    with pytest.raises(pm.CallError, match=words):
        pm.explain(matching, **arguments)


def test_what_is_no_matching_is_refused() -> None:
    """The kind of the first argument is looked at first."""
    with pytest.raises(pm.CallError, match="Matching"):
        pm.explain("out/", mentee="eve")  # type: ignore[arg-type]


def test_it_reads_well_everywhere(matching: pm.Matching) -> None:
    """Short at the prompt, in full in a notebook, with every character of an id escaped."""
    told = pm.explain(matching, mentee="eve")
    assert repr(told) == "<Explanation of mentee eve, who has 1 partner, for the lead>"
    assert told._repr_html_().startswith("<pre>mentee eve with ana")
    odd = pm.Cohort(pd.DataFrame({"id": ["<b>"]}), pd.DataFrame({"id": ["e"]}))
    answer = pm.explain(pm.match(odd, pm.Policy(objective=("mentees",))), mentor="<b>")
    assert "<b>" not in answer._repr_html_()


def test_an_id_that_is_no_text_is_told_how_to_write_it() -> None:
    """A number that reads like an id; one that nobody has is only not found."""
    cohort = pm.Cohort(pd.DataFrame({"id": ["11714"]}), pd.DataFrame({"id": ["0012"]}))
    matching = pm.match(cohort, pm.Policy(objective=["mentees"]))
    with pytest.raises(pm.CallError, match="Ids are texts: write mentor='11714'"):
        pm.explain(matching, mentor=11714)  # type: ignore[arg-type]
    with pytest.raises(pm.CallError, match=r"nobody among the mentees has this id\. \[99\]"):
        pm.explain(matching, mentee=99)  # type: ignore[arg-type]
