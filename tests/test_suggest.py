"""`suggest`: short lists with reasons, for whom they are made, and choices that come back."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.matching.suggestions import Suggestions
from pairmatch.scoring import size
from pairmatch.suggest import suggest
from pairmatch.testing import reference_problem
from pairmatch.testing.strategies import Case, cases

FRAMES = pm.datasets.synthetic_frames(mentors=40, mentees=60, seed=3)
COHORT = pm.Cohort(FRAMES.mentors, FRAMES.mentees)
POLICY = pm.Policy(
    rules=[rules.DifferentDepartment(), rules.LevelsBelow(at_least=1)],
    goals=[goals.TopicCoverage(weight=2), goals.SharedHobbies(weight=1), goals.Reciprocity(weight=1)],
)

MENTORS = pd.DataFrame(
    {
        "id": ["m1", "m2", "m3"],
        "department": ["Law", "Law", "Sales"],
        "hobbies": ["chess; golf", "chess; golf", "chess"],
        "topics_offered": ["cooking", "painting", "painting"],
        "wants_back": ["secret plan", "secret plan", "secret plan"],
        "gender": ["woman", "man", "woman"],
    }
)
MENTEES = pd.DataFrame(
    {
        "id": ["e1", "e2"],
        "department": ["IT", "IT"],
        "hobbies": ["chess; golf", "sewing"],
        "topics_wanted": ["painting; sailing", "cooking"],
        "offers_back": ["secret plan", "rowing"],
    }
)
SMALL = pm.Cohort(MENTORS, MENTEES)
SHOWN = "hobbies; topics_offered; topics_wanted; offers_back; wants_back"
ALLOWING = pm.Cohort(MENTORS.assign(shown_to_partner=SHOWN), MENTEES.assign(shown_to_partner=SHOWN))
BOTH = pm.Policy(
    goals=[goals.TopicCoverage(weight=1), goals.SharedHobbies(weight=1), goals.Reciprocity(weight=1)]
)


def pairs(found: Suggestions) -> set[tuple[str, str]]:
    """Mentor and mentee of every suggestion."""
    one = [(each.owner, each.partner) for each in found.listed]
    return set(one if found.for_ == "mentor" else [pair[::-1] for pair in one])


# -- who stands on the lists ----------------------------------------------------------------------


@settings(max_examples=30)
@given(cases(), st.sampled_from(["mentor", "mentee"]), st.integers(1, 3))
def test_lists_hold_eligible_people_best_first(case: Case, for_: str, k: int) -> None:
    """Every rule allows them, weights fall, places count up, and nobody is over the limit."""
    stated = reference_problem(case.cohort, replace(case.policy, coaches=None, objective=["mentees"]))
    found = suggest(case.cohort, case.policy, for_=for_, k=k, audience="auditor")
    if stated is None:
        return
    problem = stated.problem
    weights = {
        (stated.mentors[i], stated.mentees[j]): int(w)
        for i, j, w in zip(problem.mentor, problem.mentee, problem.weight, strict=True)
    }
    event("some" if found.listed else "none")
    for one in found.listed:
        pair = (one.owner, one.partner) if for_ == "mentor" else (one.partner, one.owner)
        assert one.weight == weights[pair] == sum(one.contributions.values())
    for owner in {one.owner for one in found.listed}:
        mine = found.of(owner)
        assert [one.place for one in mine] == list(range(1, len(mine) + 1))
        assert len(mine) <= k
        falling = [one.weight or 0 for one in mine]
        assert falling == sorted(falling, reverse=True)
    assert found.standing is not None
    assert (found.standing["lists"] <= found.standing["limit"]).all()
    assert found.standing["lists"].sum() == len(found.listed)


def test_one_list_is_that_of_all() -> None:
    """Asked for alone, in another order of rows, or with other people's lists: the same names."""
    every = suggest(COHORT, POLICY)
    alone = suggest(COHORT, POLICY, id="e07")
    assert alone.of("e07") == every.of("e07") == alone.listed
    assert every.standing is not None
    assert alone.standing is not None
    assert alone.short is not None
    names = {one.partner for one in alone.listed}
    expected = every.standing[every.standing["id"].isin(names)].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.standing, expected)
    assert alone.short.empty
    turned = pm.Cohort(FRAMES.mentors[::-1], FRAMES.mentees.sample(frac=1, random_state=1))
    assert suggest(turned, POLICY).listed == every.listed
    assert every.of("nobody") == ()


@pytest.mark.parametrize("for_", ["mentor", "mentee"])
def test_popular_people_do_not_stand_on_every_list(for_: str) -> None:
    """Nobody is far above a fair share, though by weight alone some would be."""
    fair = suggest(COHORT, POLICY, for_=for_, crowding=1)
    free = suggest(COHORT, POLICY, for_=for_, crowding=1000)
    assert fair.standing is not None
    assert free.standing is not None
    assert fair.short is not None
    assert fair.standing["lists"].max() <= fair.standing["limit"].max() < free.standing["lists"].max()
    assert len(fair.listed) > 0.95 * len(free.listed)
    assert (fair.short["suggested"] < 5).all()


def test_a_fair_share_is_in_proportion_to_capacity() -> None:
    """Who can take three people stands on three times as many lists; who can take none, on none."""
    mentors = FRAMES.mentors.assign(capacity=[3, 1, 0, *[1] * 37])
    found = suggest(pm.Cohort(mentors, FRAMES.mentees), POLICY)
    assert found.standing is not None
    limits = found.standing.set_index("id")["limit"]
    assert limits["m01"] == pytest.approx(3 * limits["m02"], abs=2)
    assert limits["m03"] == 0
    assert "m03" not in {one.partner for one in found.listed}


def test_who_has_no_place_gets_no_list() -> None:
    """Nothing is suggested to somebody who can have no pair."""
    cohort = pm.Cohort(FRAMES.mentors, FRAMES.mentees.assign(capacity=[0, *[1] * 59]))
    found = suggest(cohort, POLICY)
    assert found.of("e01") == ()
    assert found.short is not None
    assert found.short.iloc[0].tolist()[:2] == ["e01", 0]


def test_variety_mixes_departments() -> None:
    """With variety lists have more departments, at a little weight."""
    where = dict(zip(FRAMES.mentors["id"], FRAMES.mentors["department"], strict=True))

    def kinds(variety: float) -> float:
        found = suggest(COHORT, POLICY, variety=variety, alike=["department"])
        owners = sorted({one.owner for one in found.listed})
        return float(np.mean([len({where[one.partner] for one in found.of(who)}) for who in owners]))

    assert kinds(0) < kinds(0.2) < kinds(1)


def test_what_is_for_matchings_does_not_matter() -> None:
    """Goals for groups, required pairs and minimums change no list."""
    more = replace(
        POLICY,
        rules=[*POLICY.rules, rules.MentorsChosen(at_most=3)],
        goals=[*POLICY.goals, goals.Spread("region", price=1)],
        objective=["mentees", "spread", "total"],
    )
    assert suggest(COHORT, more).listed == suggest(COHORT, POLICY).listed


def test_a_rule_about_capacity_counts() -> None:
    """It bounds what a fair share is."""
    one = replace(BOTH, rules=[rules.Capacity(mentors=1)])
    found = suggest(pm.Cohort(MENTORS.assign(capacity=[5, 1, 0]), MENTEES), one)
    assert found.standing is not None
    assert found.standing["capacity"].tolist() == [1, 1, 0]


def test_swept_lists_are_those_of_pairs_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody stores all pairs, the lists are as good: as long, and of the same sum."""
    stored = suggest(COHORT, POLICY, audience="auditor", variety=0)
    monkeypatch.setattr(size, "HELD", 10)
    swept = suggest(COHORT, POLICY, audience="auditor", variety=0)
    total = [sum(one.weight or 0 for one in found.listed) for found in (stored, swept)]
    assert len(swept.listed) == len(stored.listed)
    assert total[1] == pytest.approx(total[0], rel=0.01)


def test_short_lists_are_told_with_the_reason() -> None:
    """How many were suggested, and how many are eligible at all."""
    barred = replace(BOTH, rules=[rules.Forbidden([("m1", "e2"), ("m2", "e2")])])
    found = suggest(SMALL, barred, k=3)
    assert found.short is not None
    assert found.short.values.tolist() == [["e2", 1, 1]]
    alone = pm.Cohort(MENTORS.assign(active="no"), MENTEES)
    nobody = suggest(alone, pm.Policy(goals=[], objective=["mentees"]))
    assert nobody.short is not None
    assert nobody.short.values.tolist() == [["e1", 0, 0], ["e2", 0, 0]]
    assert str(nobody) == "no suggestions"
    assert list(nobody.table.columns) == ["mentee", "place", "mentor", "weight", "completeness", "reasons"]


# -- reasons and audiences ------------------------------------------------------------------------


def test_reasons_are_what_the_pair_is_better_at_than_most() -> None:
    """The strongest first, with what was found; no reason where data are missing."""
    found = suggest(SMALL, BOTH, id="e1", k=1)
    assert found.listed[0].partner == "m2"
    assert [reason.split(" (")[0] for reason in found.listed[0].reasons] == [
        "mentor and mentee share hobbies, rare ones above all",
        "the mentee offers what the mentor wants in return",
        "the mentor offers what the mentee wants to learn",
    ]
    missing = pm.Cohort(MENTORS, MENTEES.assign(hobbies=["chess; golf", ""]))
    alone = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    assert [one.reasons for one in suggest(missing, alone, id="e2").listed] == [()] * 3


def test_partners_get_names_and_reasons_alone() -> None:
    """No weight, no contribution, no count, and nothing that is confidential to the other."""
    found = suggest(ALLOWING, BOTH, audience="mentee", k=3)
    assert list(found.table.columns) == ["mentee", "place", "mentor", "reasons"]
    assert found.standing is None
    assert found.short is None
    assert {(one.weight, one.completeness, tuple(one.contributions)) for one in found.listed} == {
        (None, None, ())
    }
    said = found.table.to_csv() + str(found)
    assert "secret plan" not in said
    # What the mentee wants is the mentee's own, and these mentors let their offers be shown.
    assert "they offer what you wish for: painting; you have hobbies in common: chess, golf" in said
    assert pairs(found) == pairs(suggest(SMALL, BOTH, k=3))


def test_people_who_allow_nothing_are_names() -> None:
    """Nothing is told of whoever does not let it be shown (law §12)."""
    found = suggest(SMALL, BOTH, audience="mentee", k=3)
    assert {one.reasons for one in found.listed} == {()}
    assert str(found).splitlines()[:2] == ["mentee e1", "  1. m2"]


def test_mentors_do_not_learn_what_mentees_lack() -> None:
    """A mentor sees own wishes, and no gap of anybody who is not their mentee yet, whatever they allow."""
    found = suggest(ALLOWING, BOTH, for_="mentor", audience="mentor", k=2)
    said = found.table.to_csv() + str(found)
    assert "painting" not in said
    assert "they offer what you wish for: secret plan" in said


def test_confidential_fields_are_told_to_the_auditor_alone() -> None:
    """The lead sees them with another goal, and as no reason."""
    rated = replace(BOTH, goals=[*BOTH.goals, goals.PersonScore("reference_rating", of="mentors", weight=1)])
    cohort = pm.Cohort(MENTORS.assign(reference_rating=[0.1, 0.9, 0.5]), MENTEES)
    auditor, lead, mentee = (
        suggest(cohort, rated, k=3, audience=name) for name in ("auditor", "lead", "mentee")
    )
    assert any("reference_rating" in column for column in auditor.table.columns)
    assert "other" in lead.table.columns
    assert "reference" not in lead.table.to_csv() + mentee.table.to_csv()
    assert "reference" in auditor.table.to_csv()
    assert pairs(auditor) == pairs(lead) == pairs(mentee)


def test_tables_are_new_each_time() -> None:
    """Nobody can change what was found."""
    found = suggest(SMALL, BOTH)
    mine = found.table
    mine.loc[0, "weight"] = 7
    assert found.table.loc[0, "weight"] != 7
    assert found.table["weight"].round(6).tolist() == [(one.weight or 0) / 1e6 for one in found.listed]


def test_in_words() -> None:
    """The lists as text, in one line, and as a page's table."""
    found = suggest(SMALL, BOTH, k=1)
    assert str(found).splitlines()[0] == "mentee e1"
    assert str(found).splitlines()[1].startswith(f"  1. m2  {(found.listed[0].weight or 0) / 1e6:.3f}  ")
    assert repr(found) == "<Suggestions for mentees: 2 suggestions on 2 lists, for the lead>"
    assert "<table" in found._repr_html_()


def test_progress_is_told() -> None:
    """Blocks of pairs are counted."""
    steps: list[pm.Progress] = []
    suggest(SMALL, BOTH, progress=steps.append)
    assert steps


# -- choices --------------------------------------------------------------------------------------


def test_choices_come_back_as_preferences() -> None:
    """Both sides' answers make a table that the cohort reads and the policy weighs."""
    mentees = suggest(COHORT, POLICY, k=3, audience="mentee")
    mentors = suggest(COHORT, POLICY, for_="mentor", k=3, audience="mentor")
    wish = mentees.preferences({"e01": [one.partner for one in mentees.of("e01")][::-1]})
    assert wish.values.tolist() == [
        [one.partner, "e01", "mentee", 4 - one.place] for one in mentees.of("e01")[::-1]
    ]
    answers = {"m01": [mentors.of("m01")[0].partner]}
    both = pd.concat([wish, mentors.preferences(answers)], ignore_index=True)
    cohort = pm.Cohort(FRAMES.mentors, FRAMES.mentees, preferences=both)
    heard = replace(POLICY, goals=[goals.Preferences(weight=1)])
    matching = pm.match(cohort, heard)
    assert matching.partners(mentee="e01") == (mentees.of("e01")[2].partner,)
    text = io.StringIO(both.to_csv(index=False))
    assert pd.read_csv(text).values.tolist() == both.values.tolist()


def test_bad_choices_are_refused_all_at_once() -> None:
    """Who has no list, chose twice, from outside the list, or in no list at all."""
    found = suggest(SMALL, replace(BOTH, rules=[rules.Forbidden([("m1", "e2")])]), k=3)
    with pytest.raises(pm.CallError) as error:
        found.preferences({"e1": ["m1", "m1"], "e2": ["m1"], "e9": ["m1"]})
    codes = {finding.code: (finding.side, finding.id) for finding in error.value.findings}
    assert codes == {
        "duplicate_choice": ("mentees", "e1"),
        "not_suggested": ("mentees", "e2"),
        "no_list": ("mentees", "e9"),
    }
    assert "name each once" in str(error.value)
    assert "hand a free wish in as a preference" in str(error.value)
    assert "nothing was suggested to this person" in str(error.value)
    with pytest.raises(pm.CallError, match="must be a list of ids, the first choice first"):
        found.preferences({"e1": "m1"})
    with pytest.raises(pm.CallError, match="a list of ids as text"):
        found.preferences({"e1": [["m1"]]})  # type: ignore[list-item]
    with pytest.raises(pm.CallError, match="for each person the ids that they chose"):
        found.preferences(["m1"])  # type: ignore[arg-type]


# -- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"for_": "mentees"}, "bad_argument", "must be 'mentee' or 'mentor'"),
        ({"k": 0}, "bad_argument", "must be a whole number from 1 to 1,000"),
        ({"k": 2.5}, "bad_argument", "must be a whole number from 1 to 1,000"),
        ({"variety": 2}, "bad_argument", "must be a number from 0 to 1"),
        ({"crowding": 0.5}, "bad_argument", "must be a number from 1 to 1,000"),
        ({"crowding": float("nan")}, "bad_argument", "must be a number from 1 to 1,000"),
        ({"audience": "mentor"}, "bad_argument", "made for one of 'lead', 'auditor', 'mentee'"),
        ({"id": "e1 "}, "unknown_id", "there is no such mentee. Did you mean 'e1'?"),
        ({"id": 3}, "unknown_id", "there is no such mentee"),
        ({"alike": "department"}, "bad_argument", "must be a list of fields, or None"),
        ({"alike": ["departmnt"]}, "bad_argument", "no field 'departmnt'. Did you mean 'department'?"),
        ({"alike": ["gender"]}, "protected_field", "'gender' is no ordinary field"),
        ({"alike": ["hobbies"]}, "wrong_kind", "'hobbies' holds lists"),
    ],
)
def test_bad_arguments_are_refused(options: dict[str, Any], code: str, words: str) -> None:
    """With what is asked for."""
    with pytest.raises(pm.CallError) as error:
        suggest(SMALL, BOTH, **options)
    assert [finding.code for finding in error.value.findings] == [code]
    assert words in str(error.value)


def test_everything_wrong_is_told_at_once() -> None:
    """Not one problem after the other."""
    with pytest.raises(pm.CallError) as error:
        suggest(SMALL, BOTH, k=0, variety=2, crowding=0, audience="all", alike=["x", "gender"])
    assert len(error.value.findings) == 6


def test_a_policy_that_does_not_fit_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(pm.PolicyError):
        suggest(SMALL, pm.Policy(goals=[goals.Same("region", weight=1)]))
    with pytest.raises(pm.CallError, match="must be a Cohort"):
        suggest("nobody", BOTH)  # type: ignore[arg-type]
