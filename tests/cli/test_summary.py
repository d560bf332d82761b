"""The lines about people without a partner."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cli.summary import CUT_SHORT, certificate_lines, group_lines, match_lines
from pairmatch.parameters import label_of
from tests.rules.small import cohort


def unmatched(mentors: dict[str, Any], mentees: dict[str, Any], *parts: Any) -> list[str]:
    """The lines, of a cohort and its rules."""
    matching = pm.match(cohort(mentors, mentees), pm.Policy(rules=parts, objective=("mentees",)))
    return [line for line in match_lines(matching) if line.startswith("Unmatched:")]


def test_who_is_short_is_told_by_goal() -> None:
    """One line per goal over groups; withheld figures are counted, not told (law §12)."""
    gender = ["f"] * 2 + ["m"] * 7
    people = cohort({"region": ["n"] * 8 + ["s"], "gender": gender}, {"level": [1] * 4})
    spread = [goals.Spread("region", target={"n": 0.25, "s": 0.75}), goals.Spread("gender", purpose="x")]
    policy = pm.Policy(goals=spread, objective=("mentees", "spread"))
    found = group_lines(pm.match(people, policy))
    assert found[0] == "Groups:    spread(region, mentors): 2 short"
    assert found[1].endswith("0 short in those told; 2 groups withheld, for privacy")
    assert group_lines(pm.match(people, pm.Policy(objective=("mentees",)))) == []


def test_a_gap_over_nothing_is_told_in_units() -> None:
    """A share of a bound of 0 would be some million per cent."""
    people = cohort({"region": ["n"]}, {"level": [1]})
    policy = pm.Policy(goals=[goals.Spread("region")], objective=("mentees", "spread"))
    certificate = pm.match(people, policy).certificate
    wide = [
        replace(proof, value=-71_200_000) if proof.tier == "spread" else proof for proof in certificate.proofs
    ]
    told = replace(certificate, proofs=tuple(wide))
    assert "at most 71.2 of weight" in certificate_lines(told)[-1]
    assert told.summary.endswith("gap at most 71.2 of weight in spread")
    assert "gap at most 71.2 of weight" in repr(told["spread"])
    assert told["mentees"].apart == ""
    assert certificate["spread"].apart == ""


@pytest.mark.parametrize(("number", "people"), [(1, "1 mentor"), (2, "2 mentors")])
def test_reasons_fit_one_and_many(number: int, people: str) -> None:
    """What is said after the count is true of one as of several."""
    ids = ", ".join(f"m{k + 1} (opted_in(mentors))" for k in range(number))
    mentors = {"opted_in": ["no"] * number + ["yes"]}
    assert unmatched(mentors, {"level": [1]}, rules.OptedIn(of="mentors")) == [
        f"Unmatched: {people}: not eligible: a rule about people is not kept [{ids}]"
    ]


EVERY = [rules.NumberAtLeast("level", bar) for bar in (2, 3, 4, 5)]


def test_few_rules_stand_behind_an_id() -> None:
    """Three, then a count of the rest; those that take the most come first."""
    found = unmatched({"level": [9]}, {"level": [1, 2, 9]}, *EVERY)
    first = "number_at_least(level, 2), number_at_least(level, 3), number_at_least(level, 4) and 1 more rule"
    second = "number_at_least(level, 3), number_at_least(level, 4), number_at_least(level, 5)"
    assert found[0].endswith(f"[e1 ({first}), e2 ({second})]")


def test_the_rules_that_take_the_most_come_first() -> None:
    """Of pairs that are forbidden, one by one."""
    gaps = [
        rules.Forbidden([("m1", "e1")]),
        rules.Different("team"),
        rules.Same("region"),
        rules.LevelGap(at_least=1),
    ]
    found = unmatched(
        {"team": ["x", "x", "y"], "region": ["n", "n", "n"], "level": [1, 5, 1]},
        {"team": ["x"], "region": ["s"], "level": [1]},
        *gaps,
    )
    assert found[0].endswith(
        f"[e1 (same(region) forbids 3, different(team) forbids 2, {label_of(gaps[3])} forbids 2 "
        "and 1 more rule)]"
    )


def test_lacking_data_is_told_alike() -> None:
    """The rules that lack the data are few, too."""
    blank = {"team": [None], "region": [None], "level": [None], "location": [None]}
    full = {"team": ["x"], "region": ["x"], "level": [1], "location": ["x"]}
    parts = [rules.Same("team"), rules.Same("region"), rules.Same("level"), rules.Same("location")]
    found = unmatched(full, blank, *parts, rules.LevelGap(at_least=0))
    assert found[0] == (
        "Unmatched: 1 mentee: a hard rule lacks data and so forbids every pair; fill them in "
        "[e1 (same(team), same(region), same(level) and 2 more rules)]"
    )


def test_work_that_ended_early_is_told() -> None:
    """In one line above the gaps; and in none where all is settled."""
    policy = pm.Policy(objective=("mentees",))
    matching = pm.match(cohort({"level": [1, 2]}, {"level": [1]}), policy)
    assert not [line for line in match_lines(matching) if line.startswith("Cut short:")]
    short = replace(matching, certificate=replace(matching.certificate, complete=False))
    assert [line for line in match_lines(short) if line.startswith("Cut short:")] == [CUT_SHORT]
