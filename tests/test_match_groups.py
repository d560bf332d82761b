"""Match with goals and quotas over groups: against brute force, verified, read again; the table of groups."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.matching import Left
from pairmatch.parameters import label_of
from pairmatch.scoring import size
from pairmatch.testing import brute_force
from pairmatch.testing.policy_strategies import Case, cases
from pairmatch.testing.reference import reference_problem

MANY = max(60, settings.default.max_examples // 2 if settings.default else 0)


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(4, 4, whole=True))
def test_agrees_with_brute_force_and_verifies(case: Case) -> None:
    """Tier values are those of the best of all matchings, and verify proves them again."""
    best = brute_force(case.cohort, case.policy)
    try:
        matching = pm.match(case.cohort, case.policy)
    except InfeasibleError:
        event("infeasible")
        assert best is None
        return
    assert best is not None
    for proof in matching.certificate.proofs:
        event(f"{proof.kind} {proof.tier}")
        assert (proof.value, proof.bound) == (best.by_tier[proof.tier], best.by_tier[proof.tier])
    pm.verify(matching, case.cohort, case.policy)
    assert set(matching.groups["part"]) <= set(_labels(case.policy))
    for left in matching.left:
        if left.reason == "quota_full":
            event("quota_full")
            assert_full(case, matching, left)


def assert_full(case: Case, matching: pm.Matching, left: Left) -> None:
    """There is a partner with a free place, and a pair with any such partner breaks one of the rules told."""
    stated = reference_problem(case.cohort, case.policy)
    assert stated is not None
    made = [(pair.mentor, pair.mentee) for pair in matching.made]
    side = 0 if left.role == "mentor" else 1
    problem = stated.problem
    load = Counter(pair[1 - side] for pair in made)
    capacity = (problem.loads.mentor_capacity, problem.loads.mentee_capacity)[1 - side]
    most = dict(zip((stated.mentors, stated.mentees)[1 - side], capacity.tolist(), strict=True))
    arcs = zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True)
    named = [pair for pair in stated.named(arcs) if pair[side] == left.id]
    more = [pair for pair in named if load[pair[1 - side]] < most[pair[1 - side]]]
    full = [rule for rule in case.policy.group_rules if label_of(rule) in left.quotas]
    assert more
    assert full
    if problem.loads.mentor_hours is None:
        assert all(any(rule.broken([*made, pair], case.cohort) for rule in full) for pair in more)


LINEAR = st.permutations(("must_match", "mentees", "mentors", "pairs", "total")).flatmap(
    lambda order: st.integers(1, len(order)).map(lambda k: tuple(order[:k]))
)


@settings(max_examples=MANY // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(4, 4, LINEAR, whole=True))
def test_sweeps_and_held_pairs_verify_each_other(case: Case) -> None:
    """A matching by sweeps holds over all pairs at once, and one that held them holds by a sweep."""
    for one, other in ((0, size.HELD), (size.HELD, 0)):
        with pytest.MonkeyPatch.context() as patch:
            try:
                patch.setattr(size, "HELD", one)
                matching = pm.match(case.cohort, case.policy)
            except (InfeasibleError, NoSolutionError):
                continue
            for held in (one, other):
                patch.setattr(size, "HELD", held)
                pm.verify(matching, case.cohort, case.policy)


def _labels(policy: pm.Policy) -> list[str]:
    return [label_of(part) for part in (*policy.goals, *policy.rules)]


def people(number: int, side: str, seed: int) -> pd.DataFrame:
    """Some people of one side."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": [f"{side}{k:02d}" for k in range(number)],
            "department": rng.choice(["A", "B", "C"], number),
            "gender": rng.choice(["f", "m"], number, p=[0.3, 0.7]),
            "region": rng.choice(["North", "South"], number),
        }
    )


def cohort() -> pm.Cohort:
    """Thirty mentors and twenty mentees."""
    return pm.Cohort(people(30, "m", 1), people(20, "e", 2))


def policy(**changes: object) -> pm.Policy:
    """Goals and quotas of every kind."""
    parts = {
        "rules": [
            rules.MentorsChosen(at_most=14),
            rules.AtLeast(4, where={"region": "South"}, of="mentors"),
        ],
        "goals": [
            goals.Same("region", weight=1),
            goals.Spread("gender", price=0.5, purpose="the programme reports it"),
            goals.Spread("region", of="mentees", price=0.5),
            goals.Links("department", price=0.2),
            goals.EvenLoad(price=0.05),
        ],
        "mentors": {"capacity": 2},
    }
    return pm.Policy(**{**parts, **changes})


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    """A matching with all of them."""
    return pm.match(cohort(), policy())


def test_the_table_of_groups(matching: pm.Matching) -> None:
    """Every group is told with its counts, which are those of the pairs."""
    table = matching.groups
    assert list(table) == [
        *("part", "group", "of", "applicants", "count", "target", "limit", "least", "most", "short", "price")
    ]
    row = table.set_index("group").loc
    south = matching.pairs["mentee"].map(
        dict(zip(matching.cohort.mentees.ids, people(20, "e", 2)["region"], strict=True))
    )
    assert row["mentees with region = South", "count"] == (south == "South").sum()
    chosen = matching.pairs["mentor"].nunique()
    told = row["mentors chosen"][["of", "applicants", "count", "most"]]
    assert told.tolist() == ["mentors", 30, chosen, 14]
    assert pd.isna(row["mentors chosen", "price"])
    loads = matching.pairs["mentor"].value_counts()
    even = row["pairs beyond an even load"]
    assert even["count"] == even["short"] == (loads - 2).clip(lower=0).sum()
    links = table[table["part"] == "links(department)"]
    assert links["count"].sum() <= len(matching.pairs)
    assert links["applicants"].isna().all()


def test_small_figures_about_protected_fields_are_withheld(matching: pm.Matching) -> None:
    """Four women would be told by the number of men; a quota that stands in the policy is told."""
    table = matching.groups
    by_gender = table[table["part"] == "spread(gender, mentors)"]
    women = people(30, "m", 1).set_index("id")["gender"] == "f"
    number = women[matching.pairs["mentor"].unique()].sum()
    assert number < 5 or women.sum() - number < 5 or by_gender["count"].notna().all()
    assert by_gender["count"].isna().all() == (number < 5 or matching.pairs["mentor"].nunique() - number < 5)
    assert table[table["part"] != "spread(gender, mentors)"]["count"].notna().all()


def by_gender(counts: dict[str | None, int], mentees: int, *parts: object) -> pm.Matching:
    """Mentors of these genders, half of each in the North, and a policy of goals and quotas."""
    gender = [one for one, count in counts.items() for _ in range(count)]
    ours = pd.DataFrame({"id": [f"m{k}" for k in range(len(gender))], "gender": gender, "hobbies": "a"})
    ours["region"] = ["N", "S"] * (len(ours) // 2) + ["N"] * (len(ours) % 2)
    theirs = pd.DataFrame({"id": [f"e{k}" for k in range(mentees)], "hobbies": "a"})
    quotas = [part for part in parts if hasattr(part, "broken")]
    own = [part for part in parts if not hasattr(part, "broken")]
    policy = pm.Policy(rules=quotas, goals=[goals.SharedHobbies(weight=1), *own])
    matching = pm.match(pm.Cohort(ours, theirs), policy)
    pm.verify(matching, matching.cohort, policy)
    return matching


@pytest.mark.parametrize(
    ("counts", "target"),
    [
        ({"f": 20, "m": 20, "nb": 1}, "applicants"),
        ({"f": 20, "m": 20, None: 1}, "applicants"),
        ({"f": 14, "m": 14, "nb": 2}, {"f": 0.5, "m": 0.5}),
        ({"f": 14, "m": 14, "nb": 2, None: 1}, {"f": 0.5, "m": 0.5}),
    ],
)
def test_a_group_without_a_target_is_not_the_rest_of_the_others(
    counts: dict[str | None, int], target: object
) -> None:
    """One person of a third gender is all applicants without the women and the men (law §12)."""
    found = by_gender(counts, 20, goals.Spread("gender", target=target, purpose="x"))  # type: ignore[arg-type]
    assert found.groups["count"].isna().any()


def test_large_groups_are_told() -> None:
    """Where nobody could be told from the figures they are all there."""
    found = by_gender({"f": 20, "m": 20}, 20, goals.Spread("gender", purpose="x"))
    assert found.groups["count"].tolist() == [10, 10]
    more = by_gender({"f": 20, "m": 20, "nb": 12}, 26, goals.Spread("gender", target={"f": 0.5}, purpose="x"))
    assert more.groups["count"].notna().all()


def test_two_quotas_do_not_tell_the_rest() -> None:
    """Neither do two rules of which each leaves many out."""
    quotas = [rules.AtLeast(1, where={"gender": who}, purpose="x") for who in ("f", "m")]
    found = by_gender({"f": 20, "m": 20, "nb": 1}, 20, *quotas)
    assert found.groups["count"].isna().any()


@pytest.mark.parametrize("value", ["nb", "nobody"])
def test_impossible_quotas_tell_no_small_counts(value: str) -> None:
    """Whether two or none are of a protected group is not said by the refusal (law §12)."""
    with pytest.raises(InfeasibleError) as told:
        by_gender({"f": 9, "m": 9, "nb": 2}, 9, rules.AtLeast(5, where={"gender": value}, purpose="x"))
    (finding,) = told.value.findings
    assert "at least 5 must be, but fewer can" in finding.hint
    assert "look at the spelling" in finding.hint


def test_that_a_total_tells_shorts_is_remarked() -> None:
    """What the certificate tells stays true; so the lead is told what can be worked out from it."""
    found = by_gender({"f": 20, "m": 20}, 20, goals.Spread("gender", purpose="x"), goals.Spread("region"))
    remarks = [(f.column, f.hint) for f in found.remarks if f.code == "figure_can_be_worked_out"]
    assert [column for column, _ in remarks] == ["spread(gender, mentors)"]
    assert remarks[0][1].startswith("the value of 'total' tells what all shortfalls cost together")


def test_left_out_by_a_quota(matching: pm.Matching) -> None:
    """Mentors beyond the number that may be chosen are told so, where a mentee has a free place for them."""
    both = pm.match(cohort(), policy(mentees={"capacity": 2}))
    left = both.unmatched[both.unmatched["role"] == "mentor"]
    assert set(left["reason"]) == {"quota_full"}
    assert {person.quotas for person in both.left if person.role == "mentor"} == {("mentors_chosen",)}
    assert set(left["barred"]) == {"mentors_chosen"}
    assert "no room left by: mentors_chosen" in str(pm.explain(both, mentor=left["id"].iloc[0]))
    pm.verify(both, both.cohort, both.policy)


def test_partners_held_back_by_a_quota() -> None:
    """A mentee whose only mentors with a free place may not be chosen any more is told so."""
    few = pm.Cohort(people(6, "m", 1), people(9, "e", 2))
    asked = policy(rules=[rules.MentorsChosen(at_most=2)], goals=[goals.Same("region", weight=1)])
    found = pm.match(few, asked)
    mentees = [person for person in found.left if person.role == "mentee"]
    assert len(mentees) == 5
    assert {(person.reason, person.quotas) for person in mentees} == {("quota_full", ("mentors_chosen",))}
    pm.verify(found, few, asked)


def test_written_and_read(matching: pm.Matching, tmp_path: Path) -> None:
    """Prices of groups and the reasons come back, and verify says the same."""
    matching.write(tmp_path)
    again = pm.Matching.read(tmp_path, matching.cohort)
    assert again.left == matching.left
    for one, other in zip(again.certificate.proofs, matching.certificate.proofs, strict=True):
        assert one.group_prices.tolist() == other.group_prices.tolist()
        assert (one.scale, one.bundles) == (other.scale, other.bundles)
    pm.verify(again, matching.cohort, matching.policy)
    pd.testing.assert_frame_equal(again.groups, matching.groups)


def test_impossible_quotas_are_told() -> None:
    """Nothing is returned where quotas contradict each other."""
    asked = policy(rules=[rules.AtLeast(21, where={"region": "South"}, of="mentors")])
    with pytest.raises(InfeasibleError):
        pm.match(cohort(), asked)


def test_quotas_that_exclude_each_other_are_told_of_the_side() -> None:
    """Two quotas that ask for more people than can have a pair: in words, of nobody in particular."""
    mentors = pd.DataFrame({"id": ["m", "n"], "region": ["N", "S"]})
    mentees = pd.DataFrame({"id": ["e"], "region": ["N"]})
    quotas = [rules.AtLeast(1, where={"region": "N"}), rules.AtLeast(1, where={"region": "S"})]
    policy = pm.Policy(rules=quotas, goals=[goals.Same("region", weight=1)])
    with pytest.raises(InfeasibleError) as told:
        pm.match(pm.Cohort(mentors, mentees), policy)
    assert [finding.code for finding in told.value.findings] == ["quotas_over_places"]
    assert "at_least" in str(told.value)


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(4, 4, whole=True))
def test_what_is_swept_verifies(case: Case) -> None:
    """Made by sweeps, a matching passes verify, swept and not, and no bound is below the optimum."""
    best = brute_force(case.cohort, case.policy)
    with mock.patch.object(size, "HELD", 0):
        try:
            matching = pm.match(case.cohort, case.policy)
        except (InfeasibleError, NoSolutionError, pm.CallError):
            return
        pm.verify(matching, case.cohort, case.policy)
    pm.verify(matching, case.cohort, case.policy)
    assert best is not None
    first = matching.certificate.proofs[0]
    event(f"bundles {any(proof.bundles for proof in matching.certificate.proofs)}")
    assert first.value <= best.values[0] <= first.bound


def test_a_quota_over_a_protected_field_names_nobody() -> None:
    """Who is held back by a quota over a protected field is told nothing that gives it away (law §12)."""
    mentors = pd.DataFrame({"id": ["m1", "m2"], "gender": ["x", "x"], "hobbies": ["a", "a"]})
    mentees = pd.DataFrame({"id": ["e1", "e2"], "hobbies": ["a", "a"]})
    quota = rules.AtMost(1, where={"gender": "x"}, purpose="a test")
    matching = pm.match(
        pm.Cohort(mentors, mentees), pm.Policy(rules=[quota], goals=[goals.SharedHobbies(weight=1)])
    )
    assert set(matching.unmatched["reason"]) == {"not_better"}
    assert not matching.unmatched.astype(str).apply(lambda column: column.str.contains("gender")).any().any()
    pm.verify(matching, matching.cohort, matching.policy)
