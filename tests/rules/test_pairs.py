"""Rules about named pairs: forbidden, paired before, required."""

from __future__ import annotations

import pandas as pd
import pytest

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import LoadRuleContract, PairRuleContract
from pairmatch.testing.table_strategies import tables
from tests.rules.small import codes, cohort, loads, verdicts


class TestForbidden(PairRuleContract):
    """The contract."""

    rule = rules.Forbidden([("p0", "p3"), ("p1", "p4"), ("p1", "p2"), ("gone", "p4")])
    tables = tables(id_styles=("p{}",))


class TestNotPairedBefore(PairRuleContract):
    """The contract."""

    rule = rules.NotPairedBefore()


class TestRequired(LoadRuleContract):
    """The contract."""

    rule = rules.Required([("p0", "p4")])
    tables = tables(id_styles=("p{}",))


PEOPLE = {"team": ["a", "b"]}, {"team": ["a", "b"]}


def test_forbidden_pairs_are_forbidden_in_that_direction() -> None:
    """Exactly the pairs on the list, the mentor first; strangers are passed over."""
    rule = rules.Forbidden([("m1", "e2"), ("stranger", "e1")])
    assert verdicts(rule, cohort(*PEOPLE)) == [[True, False], [True, True]]


def test_forbidden_reads_a_frame() -> None:
    """A frame with the columns mentor and mentee, and others that it does not look at."""
    frame = pd.DataFrame({"mentee": ["e2", "e1"], "mentor": ["m1", "m2"], "why": ["", ""]})
    assert rules.Forbidden(frame).pairs == (("m1", "e2"), ("m2", "e1"))  # type: ignore[arg-type]


@pytest.mark.parametrize("made", [rules.Forbidden, rules.Required])
@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ("m1,e2", "bad_pairs"),
        (None, "bad_pairs"),
        ([("m1", "e2", "x")], "bad_pair"),
        (["m1"], "bad_pair"),
        ([("m1", 2)], "bad_pair"),
        ([("m1", " ")], "bad_pair"),
        (pd.DataFrame({"mentor": ["m1"]}), "missing_columns"),
    ],
)
def test_bad_lists_of_pairs(made: type, pairs: object, code: str) -> None:
    """What is no list of pairs of ids is refused with the number of the entry."""
    with pytest.raises(PolicyError, match=code):
        made(pairs)


def test_swapped_pairs_are_refused() -> None:
    """A veto that names the mentee first would otherwise be lost without a word."""
    findings = rules.Forbidden([("e2", "m1"), ("m2", "e1")]).needs(cohort(*PEOPLE))
    assert [(finding.code, finding.id) for finding in findings] == [("swapped_pair", "e2")]


def test_earlier_pairs_are_forbidden_in_the_same_roles() -> None:
    """The history holds (m1, e1); (e2, m2) is not a pair of this direction."""
    people = cohort(*PEOPLE, history={"mentor": ["m1", "e2"], "mentee": ["e1", "m2"]})
    assert verdicts(rules.NotPairedBefore(), people) == [[False, True], [True, True]]


def test_an_empty_history_forbids_nobody_and_an_absent_one_does_not_fit() -> None:
    """An empty history means none (law §3); no table at all is a question to the caller."""
    people = cohort(*PEOPLE, history={"mentor": [], "mentee": []})
    assert verdicts(rules.NotPairedBefore(), people) == [[True, True], [True, True]]
    assert codes(rules.NotPairedBefore().needs(cohort(*PEOPLE))) == [("absent_table", "history", "")]


def test_required_pairs_become_loads() -> None:
    """Positions are rows of the tables; pairs required before stay."""
    people = cohort(*PEOPLE)
    once = rules.Required([("m2", "e1")]).bound(loads(2, 2), people)
    twice = rules.Required([("m1", "e2")]).bound(once, people)
    assert twice.required.tolist() == [[1, 0], [0, 1]]


def test_required_pairs_that_were_not_made_are_told() -> None:
    """One finding per pair, under the mentor's id, with the mentee in words."""
    rule = rules.Required([("m1", "e1"), ("m2", "e2")])
    findings = rule.broken([("m1", "e1"), ("m2", "e1")], cohort(*PEOPLE))
    assert [(finding.code, finding.id) for finding in findings] == [("required_pair_absent", "m2")]
    assert "mentee e2" in findings[0].hint


def test_required_people_must_be_there_and_active() -> None:
    """Unknown people and people who rest are findings of the check, not of the solver."""
    people = cohort({"active": ["no", "yes"]}, {"active": ["yes"]})
    findings = rules.Required([("m1", "e1"), ("m2", "e9")]).needs(people)
    assert [(f.code, f.side, f.id) for f in findings] == [
        ("inactive_person", "mentors", "m1"),
        ("unknown_person", "mentees", "e9"),
    ]
