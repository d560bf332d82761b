"""`diagnose`: what is told of people without a partner, in tables and in words."""

from __future__ import annotations

import importlib
import pickle
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.problem import Progress
from pairmatch.scoring import size


def people(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def levels(**more: Any) -> pm.Matching:
    """Two mentors of level 1; of four mentees two are two levels above them, one is one above, one rests."""
    mentors = people(id=["ana", "ben"], level=[1, 1], department=["IT", "Law"])
    mentees = people(
        id=["eve", "fay", "gus", "hal"],
        level=[3, 3, 2, 3],
        department=["HR", "HR", "HR", "HR"],
        active=["yes", "yes", "yes", "no"],
    )
    scores = [("ana", "eve", 0.9), ("ben", "eve", 0.5), ("ana", "fay", 0.6), ("ben", "fay", 0.7)]
    scores += [("ana", "gus", 0.4), ("ben", "gus", 0.3)]
    parts: dict[str, Any] = {
        "rules": [rules.LevelsBelow(at_least=2), rules.DifferentDepartment()],
        "goals": [goals.Precomputed(scores, weight=1, missing="zero")],
        "objective": ["mentees", "total"],
    }
    return pm.match(pm.Cohort(mentors, mentees), pm.Policy(**{**parts, **more}))


def test_a_person_whom_a_rule_leaves_nobody() -> None:
    told = pm.diagnose(levels(mentors={"capacity": 2}))
    assert told.table.values.tolist() == [
        [
            "mentee", "gus", "no_eligible_partner", "rules",
            "no partner is left after the hard rules: levels_below alone takes 2 mentors", 0, 0, 0,
        ],
        ["mentee", "hal", "not_active", "facts", "not taking part: 'active' says no", 0, 0, 0],
    ]  # fmt: skip
    kinds = told.relaxations.set_index("relaxation")["kind"].to_dict()
    assert kinds == {
        "an exception from levels_below for mentor ana and mentee gus": "exception",
        "an exception from levels_below for mentor ben and mentee gus": "exception",
        "levels_below milder: the mentee's level is at least 1 above the mentor's": "milder_rule",
        "without levels_below": "rule_off",
    }
    assert set(told.relaxations["people"]) == {"gus"}
    assert told.relaxations["cost"].tolist() == pytest.approx([-0.4, -0.4, -0.3, -0.4])
    assert told.relaxations["newly_unmatched"].tolist() == [""] * 4


def test_a_place_that_is_short() -> None:
    """Without the rule three mentees share two mentors; each mentor's further place would serve the third."""
    told = pm.diagnose(levels(rules=[]), mentee="gus")
    assert told.table[["kind", "people", "places"]].values.tolist() == [["blocking_set", 3, 2]]
    (found,) = told.blocking_sets
    assert (found.id, found.people, found.partners) == ("gus", ("gus", "eve", "fay"), ("ana", "ben"))
    assert told.relaxations["relaxation"].tolist() == [
        "one more place with mentor ana",
        "one more place with mentor ben",
    ]
    assert str(told).splitlines() == [
        "mentee gus has no partner: 3 mentees (gus, eve, fay) can be paired only with 2 mentors (ana, ben), "
        "who have 2 places in all",
        "  eligible partners: 2",
        "  to serve them with ben:",
        "    mentees: unchanged",
        "    total: loses 0.4",
        "    mentee fay would have nobody",
        "    2 people would have other partners",
        "what would help:",
        "  one more place with mentor ana: serves mentee gus, total weight +0.4",
        "  one more place with mentor ben: serves mentee gus, total weight +0.3",
    ]
    assert repr(told) == "<Diagnosis of mentee gus without a partner, 2 relaxations, for the lead>"
    assert "<pre>mentee gus" in told._repr_html_()


def test_everybody_has_a_partner() -> None:
    cohort = pm.Cohort(people(id=["ana"]), people(id=["eve"]))
    told = pm.diagnose(pm.match(cohort, pm.Policy(objective=["mentees"])))
    assert (str(told), len(told.table), len(told.relaxations)) == ("everybody has a partner", 0, 0)
    assert repr(told) == "<Diagnosis of 0 people without a partner, 0 relaxations, for the lead>"


def test_of_one_person() -> None:
    told = pm.diagnose(levels(mentors={"capacity": 2}))
    one = told.of(mentee="gus")
    assert one.table["id"].tolist() == ["gus"]
    assert one.relaxations.equals(told.relaxations)
    assert told.of(mentee="hal").relaxations.empty
    assert "forbidden by levels_below: 2, by it alone 2" in str(one)
    for wrong in ({}, {"mentee": "eve"}, {"mentor": "gus"}, {"mentor": "ana", "mentee": "gus"}):
        with pytest.raises(pm.CallError, match="name one person without a partner"):
            told.of(**wrong)


def test_a_bar_that_is_too_high() -> None:
    """A lower bar serves the person; so does an exception from it."""
    told = pm.diagnose(levels(rules=[], mentors={"capacity": 2}, minimum_weight=0.45))
    kinds = told.relaxations[["kind", "relaxation"]].values.tolist()
    assert ["lower_bar", "a minimum weight of 0.4 instead of 0.45"] in kinds
    assert ["exception", "an exception from minimum_weight for mentor ana and mentee gus"] in kinds
    assert "'total' would" not in str(told)


def test_a_person_without_a_place() -> None:
    cohort = pm.Cohort(people(id=["ana"]), people(id=["eve"], capacity=[0]))
    told = pm.diagnose(pm.match(cohort, pm.Policy(objective=["mentees"])))
    assert told.table.set_index("id").loc["eve", ["reason", "kind"]].tolist() == ["no_place", "facts"]
    assert "one more place with mentee eve" in told.relaxations["relaxation"].tolist()


def test_blank_data_may_be_let_pass() -> None:
    cohort = pm.Cohort(people(id=["ana"], level=[1]), people(id=["eve"], level=[None]))
    told = pm.diagnose(
        pm.match(cohort, pm.Policy(rules=[rules.LevelsBelow(at_least=1)], objective=["mentees"]))
    )
    assert "facts" in told.table["kind"].tolist()
    words = (
        "levels_below milder: the mentee's level is at least 1 above the mentor's, or the data are missing"
    )
    assert words in told.relaxations["relaxation"].tolist()


def test_serving_somebody_would_displace_a_better_matching() -> None:
    """A mentor with two mentees keeps them while another has none: the price says what that is worth."""
    scores = [("ana", "eve", 0.9), ("ana", "fay", 0.8), ("ben", "fay", 0.2)]
    cohort = pm.Cohort(people(id=["ana", "ben"], capacity=[2, 1]), people(id=["eve", "fay"]))
    policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1, missing="zero")])
    told = pm.diagnose(pm.match(cohort, policy), mentor="ben")
    (one,) = told.people
    assert one.kind == "displaced"
    assert one.why == "to serve them would displace a better matching: 'total' would lose 0.6"
    assert one.displacement is not None
    assert one.displacement.partners == ("fay",)
    assert told.relaxations["kind"].tolist() == ["place", "place"]


def test_what_no_valid_matching_can_serve() -> None:
    """A required pair holds the only place."""
    cohort = pm.Cohort(people(id=["ana"]), people(id=["eve", "fay"]))
    policy = pm.Policy(rules=[rules.Required([("ana", "eve")]), rules.Different("id")], objective=["mentees"])
    told = pm.diagnose(pm.match(cohort, policy))
    assert told.table[["id", "kind"]].values.tolist() == [["fay", "blocking_set"]]
    free = pm.Cohort(
        people(id=["ana", "ben"], region=["N", "S"]), people(id=["eve", "fay"], region=["N", "N"])
    )
    policy = pm.Policy(
        rules=[rules.Required([("ana", "eve")]), rules.Forbidden([("ben", "fay")])], objective=["mentees"]
    )
    told = pm.diagnose(pm.match(free, policy), mentee="fay")
    (one,) = told.people
    assert one.kind == "groups"
    assert one.why.startswith("no valid matching gives them a partner")
    assert "no valid matching serves them as things are" in str(told)


def test_a_quota_that_is_full() -> None:
    mentors = people(id=["ana", "ben"], region=["North", "North"])
    policy = pm.Policy(rules=[rules.AtMost(1, where={"region": "North"})], objective=["mentees"])
    told = pm.diagnose(pm.match(pm.Cohort(mentors, people(id=["eve", "fay"])), policy))
    mentees = told.table[told.table["role"] == "mentee"]
    assert mentees["kind"].tolist() in (["groups"], ["displaced"])
    kinds = set(told.relaxations["kind"])
    assert {"milder_rule", "rule_off"} <= kinds


def test_the_audience_is_not_told_of_protected_fields() -> None:
    """Easing a rule over a special field would tell whom it keeps apart."""
    schema = pm.Schema.from_dict({"fields": {"faith": {"kind": "text", "class": "special"}}})
    mentors, mentees = people(id=["ana"], faith=["x"]), people(id=["eve"], faith=["y"])
    rule = rules.Same("faith", purpose="asked for by both")
    matching = pm.match(
        pm.Cohort(mentors, mentees, schema=schema), pm.Policy(rules=[rule], objective=["mentees"])
    )
    assert pm.diagnose(matching).relaxations.empty
    assert not pm.diagnose(matching, audience="auditor").relaxations.empty


def test_nobody_is_asked_to_overrule_a_veto_or_a_failed_pair() -> None:
    cohort = pm.Cohort(
        people(id=["ana"]),
        people(id=["eve"]),
        vetoes=people(by=["mentee"], mentor=["ana"], mentee=["eve"]),
    )
    matching = pm.match(cohort, pm.Policy(rules=[rules.NotVetoed()], objective=["mentees"]))
    for audience in ("lead", "auditor"):
        assert pm.diagnose(matching, audience=audience).relaxations.empty


def test_wrong_calls() -> None:
    matching = levels()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"mentee": "eve"}, "has a partner; pairmatch.explain tells why this one"),
        ({"mentee": "zoe"}, "nobody among the mentees has this id"),
        ({"mentor": "ana", "mentee": "gus"}, "name one person"),
        ({"most": 0}, "must be a whole number, at least 1"),
        ({"audience": "mentee"}, "not for the partners themselves"),
        ({"time_limit": 0}, "time_limit"),
    ]
    for call, words in wrong:
        with pytest.raises(pm.CallError, match=words):
            pm.diagnose(matching, **call)
    with pytest.raises(pm.CallError, match="must be a Matching"):
        pm.diagnose(None)  # type: ignore[arg-type]


def test_time_that_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = pm.diagnose(levels(mentors={"capacity": 2}), time_limit=1e-9)
    assert not told.complete
    assert str(told).endswith("time ended before everything was tried")


def test_progress_is_told() -> None:
    heard: list[Progress] = []
    pm.diagnose(levels(mentors={"capacity": 2}), progress=heard.append)
    assert {one.stage for one in heard} == {"trying relaxations"}
    assert [one.done for one in heard] == list(range(len(heard)))


def test_a_diagnosis_pickles_without_profiles() -> None:
    told = pm.diagnose(levels(mentors={"capacity": 2}))
    again = pickle.loads(pickle.dumps(told))
    assert again.relaxations.equals(told.relaxations)
    assert b"HR" not in pickle.dumps(told)


def test_swept_cohorts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody stores all pairs, places and exceptions are tried by paths, at the same cost."""
    cohort = pm.datasets.synthetic(mentors=24, mentees=36, seed=5, eligibility=0.3)
    matching = pm.match(cohort, pm.datasets.synthetic_policy())
    here = pm.diagnose(matching)
    monkeypatch.setattr(size, "HELD", 10)
    swept = pm.match(cohort, pm.datasets.synthetic_policy())
    there = pm.diagnose(swept)
    columns = ["relaxation", "serves", "cost"]
    tried = here.relaxations["kind"].isin(["place", "exception"])
    pd.testing.assert_frame_equal(
        here.relaxations.loc[tried, columns].sort_values(columns).reset_index(drop=True),
        there.relaxations.loc[there.relaxations["kind"].isin(["place", "exception"]), columns]
        .sort_values(columns)
        .reset_index(drop=True),
    )


def test_swept_cohorts_serve_one_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """By paths, nobody else who waits is served; the cost is then not claimed to be the least."""
    cohort = pm.datasets.synthetic(mentors=24, mentees=36, seed=5, eligibility=0.3)
    monkeypatch.setattr(size, "HELD", 10)
    monkeypatch.setattr(importlib.import_module("pairmatch.diagnose"), "HELD", 10)
    monkeypatch.setattr(importlib.import_module("pairmatch.diagnose"), "SMALL", 10)
    matching = pm.match(cohort, pm.datasets.synthetic_policy())
    waiting = [one.id for one in pm.diagnose(matching, relaxations=False).people if one.blocking]
    told = pm.diagnose(matching, mentee=waiting[0])
    assert set(told.relaxations["kind"]) <= {"place", "exception"}
    assert (told.relaxations["people"] == waiting[0]).all()
    assert not told.relaxations["exact"][told.relaxations["forced"]].any()
    assert told.relaxations["forced"].any()
    in_time = pm.diagnose(matching, mentee=waiting[0], time_limit=600)
    assert in_time.relaxations["exact"].all()
    assert len(in_time.relaxations) >= len(told.relaxations)


def test_many_people_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("pairmatch.diagnose"), "MOST_LINES", 1)
    told = pm.diagnose(levels(mentors={"capacity": 2}), relaxations=False)
    assert str(told).splitlines()[-1] == "and 1 person more, told in the table"


def test_protected_counts_of_a_veto_are_no_more_than_unmatched_tells() -> None:
    cohort = pm.Cohort(
        people(id=["ana"]),
        people(id=["eve"]),
        vetoes=people(by=["mentee"], mentor=["ana"], mentee=["eve"]),
    )
    matching = pm.match(cohort, pm.Policy(rules=[rules.NotVetoed()], objective=["mentees"]))
    for one in pm.diagnose(matching).people:
        left = next(other for other in matching.left if other.id == one.id)
        assert dict(one.alone) == {label: n for label, n in left.taken.items() if n}


def test_a_re_match_is_diagnosed_as_it_stands() -> None:
    """What failed does not come back; a place more does, at the cost that matching anew confirms."""
    scores = [("ana", "eve", 0.9), ("ana", "fay", 0.8), ("ben", "fay", 0.2)]
    cohort = pm.Cohort(people(id=["ana", "ben"]), people(id=["eve", "fay"]))
    policy = pm.Policy(
        goals=[goals.Precomputed(scores, weight=1, missing="zero")], objective=["mentees", "total"]
    )
    revised = pm.rematch(pm.match(cohort, policy), failed=[("ben", "fay")])
    told = pm.diagnose(revised, mentee=revised.left[0].id)
    words = told.relaxations["relaxation"].tolist()
    assert "one more place with mentor ana" in words
    assert not any("ben and mentee fay" in relaxation for relaxation in words)


def test_paths_that_prove_nothing_are_solved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer with and without the repair engine."""
    matching = pm.match(
        pm.datasets.synthetic(mentors=12, mentees=18, seed=2, eligibility=0.3), pm.datasets.synthetic_policy()
    )
    before = pm.diagnose(matching, most=6)
    monkeypatch.setattr(importlib.import_module("pairmatch.diagnose"), "instant_for", lambda *_: None)
    columns = ["relaxation", "serves", "cost"]
    pd.testing.assert_frame_equal(
        pm.diagnose(matching, most=6).relaxations[columns], before.relaxations[columns]
    )
