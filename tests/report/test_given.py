"""What the page tells beside the matching: handed in, worked out, or missing with a sentence."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.diagnose import diagnose
from pairmatch.report import given as given_module
from pairmatch.report import page as page_module
from pairmatch.report import reasons as reasons_module
from pairmatch.report import render_report
from pairmatch.report.given import given
from pairmatch.trade_off import trade_off
from pairmatch.uplift import uplift
from tests.report.reading import read

NOTHING = {"diagnosis": None, "uplift": None, "trade_off": None}


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    """Three mentors, one of whom nobody may have, and three mentees."""
    mentors = pd.DataFrame(
        {
            "id": ["ana", "ben", "cy"],
            "team": ["x", "y", "z"],
            "hobbies": ["chess; golf", "golf", "yoga; chess"],
        }
    )
    mentees = pd.DataFrame(
        {"id": ["eve", "flo", "gus"], "team": ["z"] * 3, "hobbies": ["chess", "golf", "chess"]}
    )
    policy = pm.Policy(rules=[rules.NotSameTeam()], goals=[goals.SharedHobbies(weight=1)])
    return pm.match(pm.Cohort(mentors, mentees), policy)


def test_what_is_missing_is_worked_out_for_a_small_cohort(matching: pm.Matching) -> None:
    """All of it; a page in passing works out nothing and says how to add it."""
    found = given(matching, NOTHING, "lead", thorough=True)
    assert None not in (found.diagnosis, found.uplift, found.trade_off)
    assert found.missing == {}
    passing = given(matching, NOTHING, "lead", thorough=False)
    assert (passing.diagnosis, passing.uplift, passing.trade_off) == (None, None, None)
    assert passing.missing == dict.fromkeys(NOTHING, given_module.PASSING)


def test_a_large_cohort_is_left_alone(matching: pm.Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the limits a diagnosis tells why, and does not try what would help."""
    monkeypatch.setattr(given_module, "MOST_TRIED", 8)
    found = given(matching, NOTHING, "lead", thorough=True)
    assert found.diagnosis is not None
    assert found.diagnosis.found == ()
    assert set(found.missing) == {"diagnosis"}
    assert found.missing["diagnosis"].endswith("diagnosis=pm.diagnose(matching)) adds it.")
    monkeypatch.setattr(given_module, "MOST_PAIRS", dict.fromkeys(NOTHING, 8))
    assert set(given(matching, NOTHING, "lead", thorough=True).missing) == set(NOTHING)


def test_what_cannot_be_told_is_said(matching: pm.Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy without the objective, or a time limit that came first, leaves out its part alone."""

    def without(*_: object, **__: object) -> None:
        raise pm.PolicyError([pm.Finding("no", "no")])

    def too_late(*_: object, **__: object) -> None:
        raise pm.NoSolutionError("too late")

    monkeypatch.setattr(given_module, "trade_off", without)
    monkeypatch.setattr(given_module, "diagnose", too_late)
    found = given(matching, NOTHING, "lead", thorough=True)
    assert found.missing["trade_off"] == "This policy gives nothing to tell here."
    assert "adds it" in found.missing["diagnosis"]
    assert found.uplift is not None


def test_only_the_right_things_are_taken(matching: pm.Matching) -> None:
    """All that is wrong at once; a diagnosis for the auditor is not shown to the lead."""
    with pytest.raises(pm.CallError) as raised:
        render_report(matching, diagnosis=3, uplift=matching)  # type: ignore[arg-type]
    assert raised.value.table["column"].tolist() == ["diagnosis", "uplift"]
    assert "pairmatch.uplift(matching)" in str(raised.value)
    found = diagnose(matching, audience="auditor")
    with pytest.raises(pm.CallError, match="is for the auditor"):
        render_report(matching, diagnosis=found)
    assert render_report(matching, "auditor", diagnosis=found, thorough=False)


def test_a_diagnosis_of_another_matching_is_refused(matching: pm.Matching) -> None:
    """One person of this matching may be told of alone; of several, all who have no partner are."""
    other = diagnose(pm.match(matching.cohort, pm.Policy(objective=["mentees"])))
    with pytest.raises(pm.CallError, match="this diagnosis is of another matching"):
        render_report(matching, diagnosis=other)
    left = matching.left[0]
    alone = diagnose(matching, **{left.role: left.id})
    assert render_report(matching, diagnosis=alone, thorough=False)


def test_the_page_tells_what_was_handed_in(matching: pm.Matching) -> None:
    """Relaxations with whom they serve and what they cost; greedy and random; the curve as a table."""
    results = found_for(matching)
    found = list(results.values())
    text = read(render_report(matching, **results, thorough=False)).text
    for relaxation in found[0].found:
        assert relaxation.words in text
    for each in found[0].people:
        assert each.why in text
    assert found[0].found
    assert "This matching : mean" in text
    for total in found[1].table["total"]:
        assert f"{total:.2f}" in text
    for total in found[2].table["total"]:
        assert f"{total:,.4f}" in text
    assert "adds it" not in text


def test_a_thorough_page_tells_what_people_share(matching: pm.Matching) -> None:
    """The evidence, who else would suit either of the two, and why they are not the partner."""
    page = read(render_report(matching)).text
    told = pm.explain(matching, mentee="flo")
    assert set(told.partners["evidence"]) == {"both: golf"}
    assert "both: golf" in page
    for row in told.runners_up[told.runners_up["allowed"]].itertuples():
        assert f"{row.partner} {row.weight:.3f}: {row.why_not}" in page
    assert "both: golf" not in render_report(matching, thorough=False)


def test_of_many_people_nobody_else_is_looked_for(
    matching: pm.Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the two have in common is told all the same, as far as the page goes into it."""
    monkeypatch.setattr(reasons_module, "MOST_WEIGHED", 8)
    page = read(render_report(matching, **found_for(matching))).text
    assert "both: golf" in page
    assert "Who else would suit" not in page
    monkeypatch.setattr(page_module, "MOST_EXPLAINED", 0)
    assert "both: golf" not in render_report(matching, **found_for(matching))


def found_for(matching: pm.Matching) -> dict[str, Any]:
    """Everything that a page would work out."""
    return {"diagnosis": diagnose(matching), "uplift": uplift(matching), "trade_off": trade_off(matching)}


def test_a_page_without_pairs_is_a_page(matching: pm.Matching) -> None:
    """Everything that can be worked out is, and why there are none is told."""
    alone = pm.Policy(rules=[rules.Same("team")], goals=matching.policy.goals)
    cohort = pm.Cohort(
        pd.DataFrame({"id": ["ana"], "team": "x", "hobbies": "chess"}),
        pd.DataFrame({"id": ["eve"], "team": "z", "hobbies": "chess"}),
    )
    page = read(render_report(pm.match(cohort, alone))).text
    assert "0 of 1 mentees have a mentor" in page
    assert "There are no pairs." in page
    assert "Would help: without same(team)" in page
