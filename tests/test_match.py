"""From whole cohorts and policies to matchings: against brute force, and what law §8 promises."""

from __future__ import annotations

import pickle
from typing import Any

import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.testing import brute_force, reference_problem
from pairmatch.testing.strategies import Case, cases, reorderings

MANY = max(400, settings.default.max_examples if settings.default else 0)


def matched(cohort: pm.Cohort, policy: pm.Policy) -> pm.Matching | None:
    """The matching, or None where there is none."""
    try:
        return pm.match(cohort, policy)
    except pm.InfeasibleError:
        return None


def in_units(matching: pm.Matching) -> tuple[int, ...]:
    """Tier values in units."""
    return tuple(proof.value for proof in matching.certificate.proofs)


def agrees(case: Case) -> None:
    """Match, compare with trying everything, and verify."""
    best, matching = brute_force(case.cohort, case.policy), matched(case.cohort, case.policy)
    assert (best is None) == (matching is None)
    if best is None or matching is None:
        event("infeasible")
        return
    event(f"first tier {case.policy.objective[0]}")
    assert in_units(matching) == best.values
    assert [proof.bound for proof in matching.certificate.proofs] == list(best.values)
    assert matching.certificate.gap == 0
    checked = pm.verify(matching, case.cohort, case.policy)
    assert checked.pairs == len(matching.pairs)


@pytest.mark.untraced
@settings(max_examples=MANY)
@given(cases())
def test_matching_agrees_with_brute_force(case: Case) -> None:
    """Every tier has the value of the best of all matchings, and verify finds nothing false."""
    agrees(case)


@pytest.mark.proof
@settings(max_examples=5000)
@given(cases(max_mentors=5))
def test_matching_agrees_with_brute_force_at_length(case: Case) -> None:
    """The same with more people and more time."""
    agrees(case)


@settings(max_examples=MANY // 4)
@given(cases().flatmap(lambda case: st.tuples(st.just(case), reorderings(case.tables))))
def test_row_order_changes_nothing(drawn: tuple[Case, Any]) -> None:
    """The same people in another order get the same pairs, weights, reasons and proofs (law §8)."""
    case, other = drawn
    one, two = matched(case.cohort, case.policy), matched(other.cohort(), case.policy)
    assert (one is None) == (two is None)
    if one is None or two is None:
        return
    assert (one.made, one.left, one.columns, one.fitted) == (two.made, two.left, two.columns, two.fitted)
    assert one.certificate.mentors == two.certificate.mentors
    for mine, theirs in zip(one.certificate.proofs, two.certificate.proofs, strict=True):
        assert mine.mentor_prices.tolist() == theirs.mentor_prices.tolist()
        assert (mine.value, mine.bound, mine.multipliers) == (theirs.value, theirs.bound, theirs.multipliers)


def test_reasons_go_to_the_root() -> None:
    """Missing data and an empty other side are told as such, not as a rule that took everybody."""
    people = {"department": ["IT", None], "hobbies": ["golf", "golf"]}
    mentors = pd.DataFrame({"id": ["m1", "m2"], **people, "active": ["yes", "yes"]})
    mentees = pd.DataFrame({"id": ["e1"], "department": ["HR"], "hobbies": ["golf"]})
    policy = small()[1]
    left = pm.match(pm.Cohort(mentors, mentees), policy).unmatched
    assert left[["id", "reason", "lacks"]].to_numpy().tolist() == [
        ["m2", "data_missing", "different_department"]
    ]
    left = pm.match(pm.Cohort(mentors.assign(active="no"), mentees), policy).unmatched
    assert left[left["id"] == "e1"]["reason"].tolist() == ["no_active_partner"]


def test_completeness_tells_nothing_of_a_hidden_goal() -> None:
    """Whether a special field was there for a pair shows neither in the pairs nor in the scores."""
    schema = pm.Schema.from_dict({"fields": {"faith": {"kind": "text", "class": "special"}}})
    mentors = pd.DataFrame({"id": ["m1", "m2"], "faith": ["a", None], "hobbies": ["golf", "golf"]})
    mentees = pd.DataFrame({"id": ["e1", "e2"], "faith": ["a", "b"], "hobbies": ["golf", "golf"]})
    cohort = pm.Cohort(mentors, mentees, schema=schema)
    policy = pm.Policy(
        goals=[goals.SharedHobbies(weight=1), goals.Same("faith", weight=1, purpose="asked for")]
    )
    matching = pm.match(cohort, policy)
    assert matching.pairs["completeness"].tolist() == [1.0, 1.0]
    assert (pm.score(cohort, policy).completeness == 1.0).all(axis=None)
    assert not (pm.score(cohort, policy, audience="auditor").completeness == 1.0).all(axis=None)
    pm.verify(matching, cohort, policy)


@settings(max_examples=MANY // 4)
@given(cases())
def test_ties_are_told_truly(case: Case) -> None:
    """`ties()` says whether brute force finds a second optimum, or that it cannot say."""
    best, matching = brute_force(case.cohort, case.policy), matched(case.cohort, case.policy)
    if best is not None and matching is not None:
        told = matching.ties()
        event(f"ties {told}")
        assert told in (None, best.optima > 1)


@settings(max_examples=MANY // 4)
@given(cases())
def test_everybody_is_told_of(case: Case) -> None:
    """Each person is either paired or among the unmatched, with a reason that the plain problem bears out."""
    matching = matched(case.cohort, case.policy)
    stated = reference_problem(case.cohort, case.policy)
    if matching is None or stated is None:
        return
    for role, ids in (("mentor", case.cohort.mentors.ids), ("mentee", case.cohort.mentees.ids)):
        paired = {getattr(made, role) for made in matching.made}
        left = {person.id: person for person in matching.left if person.role == role}
        assert paired.isdisjoint(left)
        assert paired | set(left) == set(ids)
        active = stated.mentors if role == "mentor" else stated.mentees
        places = (stated.problem.mentor if role == "mentor" else stated.problem.mentee).tolist()
        for identifier, person in left.items():
            event(person.reason)
            assert (person.reason == "not_active") == (identifier not in active)
            if identifier in active:
                assert person.eligible == places.count(active.index(identifier))


def small() -> tuple[pm.Cohort, pm.Policy]:
    """Two mentors, three mentees."""
    mentors = pd.DataFrame(
        {"id": ["m1", "m2"], "department": ["IT", "HR"], "hobbies": ["chess; golf", "golf"]}
    )
    mentees = pd.DataFrame(
        {"id": ["e1", "e2", "e3"], "department": ["HR", "IT", "IT"], "hobbies": ["chess", "golf", ""]}
    )
    policy = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.SharedHobbies(weight=1)])
    return pm.Cohort(mentors, mentees), policy


def test_tables_are_copies() -> None:
    """What a caller does to a table does not reach the matching."""
    matching = pm.match(*small())
    pairs, unmatched = matching.pairs, matching.unmatched
    pairs["weight"] = -1.0
    unmatched["reason"] = ""
    assert (matching.pairs["weight"] >= 0).all()
    assert (matching.unmatched["reason"] != "").all()


def test_pairs_table() -> None:
    """Mentor first, weight and completeness, one column per goal, adding up."""
    pairs = pm.match(*small()).pairs
    assert list(pairs.columns) == ["mentor", "mentee", "weight", "completeness", "shared_hobbies"]
    assert pairs[["mentor", "mentee"]].to_numpy().tolist() == [["m1", "e1"], ["m2", "e2"]]
    assert pairs["weight"].tolist() == pairs["shared_hobbies"].tolist()


def test_certificate_reads_like_a_dict() -> None:
    """Tiers by name, prices by id, and a table."""
    certificate = pm.match(*small()).certificate
    assert list(certificate) == ["must_match", "mentees", "total"]
    assert certificate["mentees"].value == certificate["mentees"].bound == 2
    assert set(certificate["total"].mentor_prices.index) == {"m1", "m2"}
    assert list(certificate.table.columns) == ["tier", "value", "bound", "gap", "kind", "verified_bound"]
    with pytest.raises(KeyError):
        certificate["spread"]


def test_a_certificate_is_short_at_the_prompt() -> None:
    """Values and proof, no array of prices; its table in a notebook."""
    certificate = pm.match(*small()).certificate
    assert repr(certificate).startswith("<Certificate: must_match 0, mentees 2, total ")
    assert repr(certificate).endswith("; proven optimal>")
    assert repr(certificate["mentees"]) == "<mentees: value 2, bound 2, gap 0.00%, proof by prices>"
    assert certificate._repr_html_().count("<tr") == 1 + len(certificate)


def test_a_matching_pickles() -> None:
    """A worker may send it home."""
    matching = pm.match(*small())
    again = pickle.loads(pickle.dumps(matching))
    assert again.made == matching.made
    assert again.values == matching.values


def test_progress_is_told() -> None:
    """Each stage reports."""
    stages: list[pm.Progress] = []
    cohort, policy = small()
    pm.match(cohort, policy, progress=stages.append)
    assert {step.stage.split()[0] for step in stages} == {"scoring", "solving"}


def test_partners() -> None:
    """Partners by either role; an unknown id is told with the nearest."""
    matching = pm.match(*small())
    assert matching.partners(mentor="m1") == ("e1",)
    assert matching.partners(mentee="e3") == ()
    with pytest.raises(pm.CallError, match="Did you mean 'e1'"):
        matching.partners(mentee="e11")
    with pytest.raises(pm.CallError, match="one_person"):
        matching.partners()


def test_repr_says_what_matters() -> None:
    """Pairs, tiers, proof; the HTML form escapes."""
    matching = pm.match(*small())
    assert repr(matching).startswith("<Matching of 2 pairs: must_match 0, mentees 2, total ")
    assert "proven optimal" in repr(matching)
    assert "<table" in matching._repr_html_()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"rules": [rules.Required([("m1", "e2")]), rules.DifferentDepartment()]}, "required_pair_forbidden"),
        ({"rules": [rules.Required([("m1", "e1")])], "minimum_weight": 1.0}, "required_pair_forbidden"),
        ({"mentees": {"minimum": 1}}, "below_minimum"),
        ({"rules": [rules.Required([("m1", "e1"), ("m1", "e2")])]}, "required_over_capacity"),
    ],
)
def test_contradictions_are_named(more: dict[str, Any], code: str) -> None:
    """Who and what contradict each other is told by id, and nothing is returned."""
    cohort, policy = small()
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(cohort, pm.Policy(**{"goals": policy.goals, **more}))
    assert {finding.code for finding in caught.value.findings} == {code}
    assert all(
        set(finding.id.split(" + ")) <= {"m1", "m2", "e1", "e2", "e3"} for finding in caught.value.findings
    )


def test_hours_that_contradict_are_named() -> None:
    """Hours and minimums that cannot both hold end in words, not in a partial answer."""
    mentors = pd.DataFrame({"id": ["m1"], "hours": [1], "hobbies": ["golf"]})
    mentees = pd.DataFrame({"id": ["e1"], "hours": [2], "minimum": [1], "hobbies": ["golf"]})
    policy = pm.Policy(rules=[rules.Hours()], goals=[goals.SharedHobbies(weight=1)])
    with pytest.raises(pm.InfeasibleError, match="contradict"):
        pm.match(pm.Cohort(mentors, mentees), policy)


@pytest.mark.parametrize(
    ("arguments", "columns"),
    [
        (("cohort", "policy"), {"cohort", "policy"}),
        ((None, None), {"cohort", "policy"}),
    ],
)
def test_wrong_arguments_are_all_named(arguments: tuple[Any, Any], columns: set[str]) -> None:
    """All wrong arguments at once."""
    with pytest.raises(pm.CallError) as caught:
        pm.match(*arguments)
    assert {finding.column for finding in caught.value.findings} == columns


@pytest.mark.parametrize("limit", [0, -1, float("nan"), "soon", True])
def test_a_time_limit_is_a_number_of_seconds(limit: Any) -> None:
    """Anything else is refused before work starts."""
    with pytest.raises(pm.CallError, match="seconds above 0"):
        pm.match(*small(), time_limit=limit)


def test_progress_goes_to_a_function() -> None:
    """What cannot be called is refused before work starts, with everything else that is wrong."""
    with pytest.raises(pm.CallError) as caught:
        pm.match(*small(), progress=3, time_limit=-1)  # type: ignore[arg-type]
    assert {finding.column for finding in caught.value.findings} == {"progress", "time_limit"}


def test_a_policy_that_does_not_fit_is_refused() -> None:
    """An absent column is a PolicyError that names it."""
    cohort, _ = small()
    policy = pm.Policy(rules=[rules.NotSameTeam()], goals=[goals.SharedHobbies(weight=1)])
    with pytest.raises(pm.PolicyError, match="team"):
        pm.match(cohort, policy)
