"""Evidence: what each goal found in a pair, and why each rule forbids one, in words that are true."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cohort import Block, Person
from pairmatch.explaining.evidence import evidence_against, evidence_of
from pairmatch.explaining.explanation import plain
from pairmatch.explaining.scorers import people_of, scorer_of
from pairmatch.parameters import label_of
from pairmatch.scoring import Scorer, fit
from pairmatch.testing.strategies import Case, cases

TELLS_NO_MORE = {"forbidden", "not_vetoed", "not_failed", "not_paired_before"}
"""Rules that are lists of pairs: the rule's sentence is all that there is to tell."""

MENTOR: dict[str, Any] = {
    "id": "m",
    "level": 1,
    "team": "red",
    "hobbies": "Golf; bouldering",
    "topics_offered": "AI tools:0.8; Perl; law",
    "wants_back": "negotiation",
    "interests": "wine; opera",
    "utc_offset": 2,
    "function": "Finance",
    "past_functions": "Sales; Legal",
    "style_pace": 0.2,
    "style_formality": 0.5,
    "reference_rating": 4,
    "hours": 3,
    "opted_in": "yes",
    "slots": "mon; tue",
    "languages": "de",
    "trained_for": "",
}
MENTEE: dict[str, Any] = {
    "id": "e",
    "level": 3,
    "team": "Red",
    "hobbies": "golf; rock climbing; opera",
    "topics_wanted": "ai tools; python; cooking!",
    "offers_back": "board and governance",
    "interests": "Opera; jazz; chess",
    "utc_offset": 3.5,
    "function": "Sales",
    "past_functions": "Legal",
    "style_pace": 0.8,
    "style_formality": 0.5,
    "hours": 2,
    "opted_in": "no",
    "slots": "wed",
    "languages": "fr",
}
WORDS = pm.Thesaurus.from_dict(
    {
        "concepts": {
            "rock climbing": {"aliases": ["bouldering"]},
            "programming": {},
            "scripting": {"broader": "programming"},
            "python": {"broader": "scripting"},
            "perl": {"broader": "scripting"},
            "wellbeing": {},
        }
    }
)


def scorer(*parts: Any, mentor: dict[str, Any] | None = None, mentee: dict[str, Any] | None = None) -> Scorer:
    """One mentor, one mentee, and a policy of these goals and rules."""
    frames = pd.DataFrame([{**MENTOR, **(mentor or {})}]), pd.DataFrame([{**MENTEE, **(mentee or {})}])
    wishes = pd.DataFrame({"mentor": ["m", "x", "y"], "mentee": "e", "by": "mentee", "rank": [2, 1, 3]})
    org = pd.DataFrame({"id": ["top", "m", "e"], "manager": [None, "top", "m"]})
    history = pd.DataFrame({"mentor": ["m"], "mentee": ["e"], "ended": ["2026-05-01"]})
    more = {"preferences": wishes, "org": org, "history": history, "thesaurus": WORDS}
    cohort = pm.Cohort(*frames, **more)
    own_rules = [part for part in parts if hasattr(part, "allowed")]
    own_goals = [part for part in parts if hasattr(part, "weight")]
    policy = pm.Policy(rules=own_rules, goals=own_goals, objective=["mentees"])
    return Scorer(cohort, policy, fit(cohort, policy))


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (
            goals.TopicCoverage(weight=1),
            "covers 2 of 3 wanted topics: ai tools (0.8), python (0.25); "
            "'python' and 'perl' both belong to 'scripting'",
        ),
        (goals.Reciprocity(weight=1), "does not cover the wanted topic"),
        (goals.SharedHobbies(weight=1), "both: Golf; 'bouldering' is another name of 'rock climbing'"),
        (goals.SharedTerms("languages", weight=1), "nothing in common"),
        (goals.Overlap("interests", "interests", weight=1), "1 of 3: Opera"),
        (goals.Overlap("languages", "interests", weight=1), "none of 3"),
        (goals.Same("team", weight=1), "both: red"),
        (goals.Same("hobbies", weight=1), "both: Golf, bouldering"),
        (goals.Same("function", weight=1), "mentor: Finance; mentee: Sales"),
        (goals.Closeness("utc_offset", scale=6, weight=1), "mentor: UTC+2; mentee: UTC+3.5; 1.5 hours apart"),
        (goals.LevelGapTable({2: 1}, weight=1), "levels 2 apart"),
        (goals.LevelGapTable({2: 1}, senior="mentor", weight=1), "levels 2 apart, the mentee above"),
        (goals.Novelty(weight=1), "1 line apart"),
        (
            goals.PastExperience(weight=1),
            "the mentor has worked in Sales",
        ),
        (
            goals.WorkingStyle(weight=1, columns=["style_pace", "style_formality"]),
            "on average 0.30 apart on 2 scales from 0 to 1, most in 'style_pace' (0.60)",
        ),
        (goals.PersonScore("reference_rating", weight=1), "4 on a scale from 1 to 5"),
        (goals.Precomputed([("m", "e", 0.75)], weight=1), "0.75 in the table"),
        (goals.Preferences(weight=1), "choice 2 of 3 of the mentee"),
        (goals.LikelyToComplete(weight=1, months=9), "the mentor stays with "),
    ],
    ids=lambda value: label_of(value) if hasattr(value, "name") else "",
)  # fmt: skip
def test_a_goal_tells_what_it_found(goal: Any, words: str) -> None:
    """With the values that it looked at."""
    found = scorer(goal)
    told = evidence_of(found, label_of(goal), *people_of(found.cohort, "m", "e"))
    assert told.startswith(words) if words.endswith(" ") else told == words


@pytest.mark.parametrize(
    ("goal", "mentor", "words"),
    [
        (goals.TopicCoverage(weight=1), {"topics_offered": "sewing"}, "covers none of 3 wanted topics"),
        (
            goals.TopicCoverage(weight=1, focus=1),
            {"topics_offered": "cooking; sewing; knitting"},
            "covers 1 of 3 wanted topics: cooking; offers 2 topics that are not wanted, more than 1",
        ),
        (goals.Closeness("utc_offset", scale=6, weight=1), {"utc_offset": 3.5}, "both: UTC+3.5"),
        (goals.LevelGapTable({2: 1}, weight=1), {"level": 3}, "the same level"),
        (goals.PastExperience(weight=1), {"past_functions": "Legal"}, "both have worked in Legal"),
        (goals.PastExperience(weight=1), {"past_functions": "Tax"}, "no function in common"),
        (
            goals.WorkingStyle(weight=1, columns=["style_pace", "style_formality"]),
            {"style_pace": 0.8},
            "on average 0.00 apart on 2 scales from 0 to 1",
        ),
        (goals.Preferences(weight=1, of="mentees"), {"id": "z"}, "not on the list of the mentee"),
    ],
    ids=lambda value: label_of(value) if hasattr(value, "name") else "",
)  # fmt: skip
def test_a_goal_tells_what_is_wanting(goal: Any, mentor: dict[str, Any], words: str) -> None:
    """What lowers a score is evidence as well."""
    found = scorer(goal, mentor=mentor)
    told = evidence_of(found, label_of(goal), *people_of(found.cohort, mentor.get("id", "m"), "e"))
    assert told == words


def test_novelty_below_different_tops() -> None:
    """There is no line between the two."""
    people = [pd.DataFrame({"id": [who]}) for who in ("m", "e")]
    org = pd.DataFrame({"id": ["a", "b", "m", "e"], "manager": [None, None, "a", "b"]})
    cohort = pm.Cohort(*people, org=org)
    assert goals.Novelty(weight=1).evidence(*people_of(cohort, "m", "e")) == "below different tops"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (rules.NotSameTeam(), "both: red"),
        (rules.Different("hobbies"), "both: Golf, bouldering"),
        (rules.Same("function"), "mentor: Finance; mentee: Sales"),
        (rules.LevelGap(at_most=1, senior="mentee"), "mentor: 1; mentee: 3; the gap is 2"),
        (rules.LevelsBelow(at_least=3), "mentor: 1; mentee: 3; the gap is 2"),
        (rules.CommonSlots(), "none"),
        (rules.InCommon("hobbies", at_least=3), "only 2: Golf, bouldering"),
        (rules.OptedIn(), ""),
        (rules.EnoughHours(at_least=6, of="both"), "mentor: 3; mentee: 2"),
        (rules.NumberAtLeast("utc_offset", 3), "mentor: 2"),
        (rules.CoversMustTopics(), "not offered: cooking"),
        (rules.TrainedFor(["python"], of="mentors"), "mentor not trained for python"),
        (rules.OutsideManagementLine(), "the mentor manages the mentee"),
        (rules.CoolDown(months=18, on="2026-11-22"), "the pair ended on 2026-05-01"),
        (rules.NotPairedBefore(), ""),
    ],
    ids=lambda value: label_of(value) if hasattr(value, "name") else "",
)
def test_a_rule_tells_why_it_forbids(rule: Any, words: str) -> None:
    """With the values that it looked at, as far as the lead may see them."""
    found = scorer(rule)
    people = people_of(found.cohort, "m", "e")
    score = found.pair(*people)
    assert score.forbidden_by == (label_of(rule),)
    assert evidence_against(found, label_of(rule), people, score, "lead") == words


@pytest.mark.parametrize(
    ("rule", "mentor", "words"),
    [
        (rules.NotSameTeam(), {"team": None}, ""),
        (rules.LevelsBelow(), {"level": None}, ""),
        (rules.CommonSlots(), {"slots": None}, ""),
        (rules.OutsideManagementLine(levels=None), {"id": "top"}, "the mentor stands above the mentee"),
        (rules.OutsideManagementLine(levels=None), {"id": "new"}, ""),
    ],
    ids=lambda value: label_of(value) if hasattr(value, "name") else "",
)
def test_a_rule_that_lacks_data_has_none_to_tell(rule: Any, mentor: dict[str, Any], words: str) -> None:
    """That the data are lacking is told by the rule itself."""
    found = scorer(rule, mentor=mentor)
    people = people_of(found.cohort, mentor.get("id", "m"), "e")
    assert evidence_against(found, label_of(rule), people, found.pair(*people), "lead") == words


def test_values_that_the_lead_may_not_see() -> None:
    """A rule over a confidential or special field tells its values to the auditor alone."""
    schema = pm.Schema(fields={"faith": {"kind": "text", "class": "special"}})
    frames = (
        pd.DataFrame({"id": ["m"], "reference_rating": [2], "faith": ["canary"]}),
        pd.DataFrame({"id": ["e"], "faith": ["canary"]}),
    )
    found = pm.Cohort(*frames, schema=schema)
    policy = pm.Policy(
        rules=[rules.ReferencesInOrder(), rules.Different("faith", purpose="asked for")],
        goals=[goals.Precomputed([("m", "e", 0.3)], weight=1)],
        minimum_weight=0.5,
    )
    matching = pm.match(found, policy)
    told = {who: pm.why_not(matching, mentor="m", mentee="e", audience=who) for who in ("lead", "auditor")}
    assert "canary" not in str(told["lead"])
    assert "mentor: 2" not in str(told["lead"])
    assert told["auditor"].rules["references_in_order"].endswith("rated at least 3; mentor: 2")
    assert told["auditor"].rules["different(faith)"].endswith("; both: canary")


def test_every_part_tells_its_evidence() -> None:
    """No goal of the library is without words, and no rule but those that are lists of pairs."""
    pair_goals = {name for name, made in goals.REGISTRY.items() if hasattr(made, "score")}
    pair_rules = {name for name, made in rules.REGISTRY.items() if hasattr(made, "allowed")}
    told = {name for name, made in {**goals.REGISTRY, **rules.REGISTRY}.items() if hasattr(made, "evidence")}
    assert told == (pair_goals | pair_rules) - TELLS_NO_MORE


@settings(max_examples=max(15, (settings.default.max_examples if settings.default else 0) // 8))
@given(cases())
def test_evidence_is_told_for_any_people(case: Case) -> None:
    """One line, wherever a goal judges and wherever a rule forbids; never longer than anybody reads."""
    found = Scorer(case.cohort, case.policy, fit(case.cohort, case.policy))
    for mentor in case.cohort.mentors:
        for mentee in case.cohort.mentees:
            score = found.pair(mentor, mentee)
            told = [
                evidence_of(found, label, mentor, mentee)
                for label, own in score.scores.items()
                if own is not None
            ]
            event(f"goals {bool(told)}")
            assert all(told)
            told += [
                evidence_against(found, label, (mentor, mentee), score, "auditor")
                for label in score.forbidden_by
            ]
            assert all(text.isprintable() and len(text) < 2000 for text in told)


def test_hostile_entries_stay_on_one_line() -> None:
    """However long, and whatever is in them."""
    nasty = "a\u202eb\n<script>" + "x" * 10_000
    found = scorer(
        goals.SharedHobbies(weight=1),
        goals.Same("team", weight=1),
        mentor={"hobbies": nasty.replace("\n", ""), "team": nasty},
        mentee={"hobbies": nasty.replace("\n", ""), "team": nasty},
    )
    for label in found.labels:
        told = evidence_of(found, label, *people_of(found.cohort, "m", "e"))
        assert re.fullmatch(r"both: a\?b\??<script>x+\.\.\.", told)


def test_hostile_lines_stay_lines() -> None:
    """Whatever an own rule says of itself: nothing breaks a line or turns it round, and none is endless."""
    assert plain("  a: b\n\u202ec\x00") == "  a: b??c?"
    assert len(plain("x" * 10_000)) == 1000
    people = pd.DataFrame({"id": ["m"]}), pd.DataFrame({"id": ["e"]})
    barred = pm.match(pm.Cohort(*people), pm.Policy(rules=[Nobody()], objective=["mentees"]))
    told = str(pm.why_not(barred, mentor="m", mentee="e")).splitlines()
    assert told[1:] == ["  nobody does not hold: one??line; two??lines"]


class Nobody:
    """A rule of one's own with breaks in its words."""

    name, description = "nobody", "one\n\u202eline"

    def allowed(self, block: Block) -> Any:
        return np.zeros((1, 1), bool)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        return False

    def evidence(self, mentor: Person, mentee: Person) -> str:
        return "two\r\nlines"


def test_what_was_read_of_a_matching_is_freed_with_it() -> None:
    """The same scorer for each question, and none for a matching that is gone."""
    import gc

    from pairmatch.explaining import scorers

    cohort = pm.Cohort(pd.DataFrame({"id": ["m"]}), pd.DataFrame({"id": ["e"]}))
    matching = pm.match(cohort, pm.Policy(objective=["mentees"]))
    assert scorer_of(matching) is scorer_of(matching)
    gc.collect()
    before = len(scorers._READ)
    pm.explain(matching, mentee="e")
    del matching
    gc.collect()
    assert len(scorers._READ) == before - 1
