"""Who is not eligible is told so, by which rule, and counted; `verify` counts again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cli.summary import match_lines, note_lines
from pairmatch.cohort import Block, Cohort, Person
from pairmatch.report import render_report
from pairmatch.testing.strategies import Case, cases
from tests.rules.small import cohort

MENTORS: dict[str, Any] = {
    "hobbies": ["golf"] * 6,
    "opted_in": ["yes", "no", "no", "no", "yes", None],
    "trained": ["yes", "no", "yes", "yes", "yes", "yes"],
    "manager_agrees": ["yes"] * 4 + ["no", "yes"],
    "reference_rating": [5, 2, 4, 4, 4, 4],
    "hours": [8, 8, 3, 8, 8, 8],
    "tenure": [3, 3, 3, 0, 3, 3],
    "coc": ["yes", "yes", "no", "yes", "yes", "yes"],
    "active": ["yes"] * 3 + ["no"] + ["yes"] * 2,
}
MENTEES: dict[str, Any] = {
    "hobbies": ["golf"] * 3,
    "opted_in": ["yes", "no", "yes"],
    "trained": ["no", "yes", "yes"],
    "manager_agrees": ["yes"] * 3,
    "hours": [1] * 3,
    "tenure": [3] * 3,
    "coc": ["yes"] * 3,
}
PEOPLE = cohort(MENTORS, MENTEES, fields={"coc": "bool"})

EVERYBODY = pm.Policy(goals=[goals.SharedHobbies(weight=1)])


def matched(*about_people: Any) -> pm.Matching:
    """The six mentors and three mentees, matched by such rules."""
    matching = pm.match(PEOPLE, replace(EVERYBODY, rules=about_people))
    pm.verify(matching, PEOPLE, matching.policy)
    return matching


def not_eligible(matching: pm.Matching) -> dict[str, str]:
    """Who is told as not eligible, and by which rules."""
    left = matching.unmatched
    return dict(left[left["reason"] == "not_eligible"][["id", "barred"]].to_numpy().tolist())


def notes(matching: pm.Matching) -> list[str]:
    """What is remarked of eligibility."""
    return [
        f"{note.column}: {note.hint}" for note in matching.notes.itertuples() if note.code == "not_eligible"
    ]


EACH: list[tuple[Any, dict[str, str], list[str]]] = [
    (
        rules.OptedIn(),
        {"e2": "opted_in", "m2": "opted_in", "m3": "opted_in"},
        ["opted_in: 2 mentors and 1 mentee are not eligible"],
    ),
    (
        rules.OptedIn(of="mentees"),
        {"e2": "opted_in(mentees)"},
        ["opted_in(mentees): 1 mentee is not eligible"],
    ),
    (
        rules.Trained(),
        {"e1": "trained", "m2": "trained"},
        ["trained: 1 mentor and 1 mentee are not eligible"],
    ),
    (rules.ManagerAgrees(), {"m5": "manager_agrees"}, ["manager_agrees: 1 mentor is not eligible"]),
    (
        rules.ReferencesInOrder(),
        {"m2": "references_in_order"},
        ["references_in_order: 1 mentor is not eligible"],
    ),
    (rules.EnoughHours(), {"m3": "enough_hours"}, ["enough_hours: 1 mentor is not eligible"]),
    (rules.NumberAtLeast("tenure", 1), {}, []),
    (
        rules.Confirmed("coc", of="mentors"),
        {"m3": "confirmed(coc, mentors)"},
        ["confirmed(coc, mentors): 1 mentor is not eligible"],
    ),
]


@pytest.mark.parametrize(("rule", "who", "told"), EACH, ids=[rule.label for rule, _, _ in EACH])
def test_each_rule_is_on_where_it_is_listed(rule: Any, who: dict[str, str], told: list[str]) -> None:
    """Listed, it bars and counts the active people who break it; not listed, it bars nobody."""
    with_it = matched(rule)
    assert not_eligible(with_it) == who
    assert notes(with_it) == told
    assert not_eligible(matched()) == {}
    assert notes(matched()) == []


def test_all_rules_that_bar_somebody_are_named() -> None:
    """In the policy's order, one count for each rule."""
    matching = matched(rules.Trained(), rules.OptedIn(), rules.ManagerAgrees())
    assert not_eligible(matching)["m2"] == "trained, opted_in"
    assert [note.split(":")[0] for note in notes(matching)] == ["trained", "opted_in", "manager_agrees"]


def test_not_eligible_is_no_missing_data_and_no_rest() -> None:
    """A blank is told as missing data, and who does not take part as that."""
    reasons = matched(rules.OptedIn()).unmatched.set_index("id")[["reason", "lacks", "barred"]]
    assert reasons.loc["m6"].tolist() == ["data_missing", "opted_in", ""]
    assert reasons.loc["m4"].tolist() == ["not_active", "", ""]
    both = matched(rules.OptedIn(), rules.ReferencesInOrder(), rules.Confirmed("coc")).unmatched
    assert both.set_index("id").loc["m2", ["reason", "barred"]].tolist() == [
        "not_eligible",
        "opted_in, references_in_order",
    ]


def test_not_eligible_goes_before_an_empty_place() -> None:
    """With a capacity of 0, or nobody on the other side, the person is told what is about the person."""
    people = cohort({"capacity": [0], "opted_in": ["no"]}, {"active": ["no"], "opted_in": ["yes"]})
    policy = pm.Policy(rules=[rules.OptedIn()], objective=("mentees",))
    assert pm.match(people, policy).left[1].reason == "not_eligible"


def test_a_required_pair_of_somebody_not_eligible_is_refused() -> None:
    """The rule holds without exception (law §5)."""
    policy = replace(EVERYBODY, rules=[rules.OptedIn(), rules.Required([("m2", "e1")])])
    with pytest.raises(pm.InfeasibleError, match="opted_in"):
        pm.match(PEOPLE, policy)


def test_tampering_is_found() -> None:
    """A reason, the rule that is named, a count and a remark: each is held against the plain forms."""
    matching = matched(rules.OptedIn(), rules.Trained())
    place = next(k for k, person in enumerate(matching.left) if person.reason == "not_eligible")
    person = matching.left[place]
    for change in (
        {"reason": "no_eligible_partner"},
        {"reason": "data_missing"},
        {"barred": ()},
        {"barred": (*person.barred, "manager_agrees")},
        {"taken": {**person.taken, "opted_in": 0}},
    ):
        left = list(matching.left)
        left[place] = replace(person, **change)
        with pytest.raises(pm.VerificationError, match="wrong_reason"):
            pm.verify(replace(matching, left=tuple(left)), PEOPLE, matching.policy)
    innocent = next(k for k, person in enumerate(matching.left) if person.reason == "data_missing")
    left = list(matching.left)
    left[innocent] = replace(left[innocent], reason="not_eligible", barred=("opted_in",))
    with pytest.raises(pm.VerificationError, match="wrong_reason"):
        pm.verify(replace(matching, left=tuple(left)), PEOPLE, matching.policy)
    with pytest.raises(pm.VerificationError, match="wrong_notes"):
        pm.verify(replace(matching, remarks=matching.remarks[1:]), PEOPLE, matching.policy)
    fewer = replace(matching.remarks[0], hint="1 mentor is not eligible")
    with pytest.raises(pm.VerificationError, match="wrong_notes"):
        pm.verify(replace(matching, remarks=(fewer, *matching.remarks[1:])), PEOPLE, matching.policy)


@dataclass(frozen=True)
class Liar:
    """A home-made rule whose block form bars the mentor whom its plain form admits."""

    name: ClassVar[str] = "liar"

    def barring(self, cohort: Cohort) -> Any:
        """The first mentor."""
        return np.arange(len(cohort.mentors)) == 0, np.zeros(len(cohort.mentees), np.bool_)

    def bars(self, person: Person) -> bool:
        """Nobody."""
        return False

    def allowed(self, block: Block) -> Any:
        """Nobody with the first mentor."""
        return block.mentor_positions[:, None] > 0

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """The same."""
        return mentor.id != "m1"


def test_reasons_are_recounted_from_the_plain_forms() -> None:
    """A block form that bars the wrong person does not fool `verify`."""
    policy = replace(EVERYBODY, rules=[Liar()])
    matching = pm.match(PEOPLE, policy)
    assert not_eligible(matching) == {"m1": "liar"}
    with pytest.raises(pm.VerificationError, match="wrong_reason"):
        pm.verify(matching, PEOPLE, policy)


def test_it_is_told_wherever_reasons_are_told(tmp_path: Any) -> None:
    """By explain, on the page, in the terminal, and in the files, which read back the same."""
    matching = matched(rules.OptedIn(), rules.ReferencesInOrder())
    assert str(pm.explain(matching, mentor="m2")).splitlines()[:4] == [
        "mentor m2 has no partner: not eligible: a rule about people is not kept",
        "  eligible partners: 0",
        "  does not keep: opted_in",
        "  does not keep: references_in_order",
    ]
    page = render_report(matching, thorough=False)
    assert "Not eligible: a rule about people" in page
    assert "opted in, references in order" in page
    assert "2 mentors and 1 mentee are not eligible" in page
    told = "\n".join(match_lines(matching))
    assert "m2 (opted_in, references_in_order), m3 (opted_in)]" in told
    assert "Note: not_eligible (policy 'opted_in'): 2 mentors and 1 mentee are not eligible" in "\n".join(
        note_lines(matching)
    )
    matching.write(tmp_path)
    assert pm.Matching.read(tmp_path, PEOPLE).left == matching.left
    assert pd.read_csv(tmp_path / "unmatched.csv")["barred"].notna().sum() == 3


def test_why_not_names_the_rule() -> None:
    """In words, and, where it asks both, who does not keep it."""
    matching = matched(rules.OptedIn(), rules.EnoughHours())
    words = "mentor and mentee have opted in"
    for mentor, mentee, who in (
        ("m2", "e1", "the mentor does not keep it"),
        ("m1", "e2", "the mentee does not keep it"),
        ("m2", "e2", "neither keeps it"),
        ("m6", "e2", "the mentee does not keep it; the mentor lacks the data"),
    ):
        told = pm.why_not(matching, mentor=mentor, mentee=mentee)
        assert told.rules == {"opted_in": f"{words}; {who}"}
        assert f"  opted_in does not hold: {words}; {who}" in str(told).splitlines()
    alone = pm.why_not(matching, mentor="m3", mentee="e1").rules["enough_hours"]
    assert alone == f"{rules.EnoughHours().description}; mentor: 3"


@settings(max_examples=60)
@given(cases())
def test_the_barred_are_never_paired(case: Case) -> None:
    """On any cohort and policy: nobody whom a rule bars has a partner, and each is told so."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    barring = [rule for rule in case.policy.pair_rules if hasattr(rule, "bars")]
    for role, people in (("mentor", case.cohort.mentors), ("mentee", case.cohort.mentees)):
        barred = {p.id for p in people if p.active and any(rule.bars(p) for rule in barring)}
        assert barred.isdisjoint(getattr(made, role) for made in matching.made)
        assert barred == {p.id for p in matching.left if p.role == role and p.reason == "not_eligible"}
