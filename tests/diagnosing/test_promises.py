"""Relaxations and prices on random cohorts: each costs just what is told, by trying all matchings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.diagnosing import Diagnosed, Relaxation
from pairmatch.errors import InfeasibleError
from pairmatch.explaining.scorers import scorer_of
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS, Problem
from pairmatch.scoring import Fit
from pairmatch.testing import Best, brute_force_problem, reference_problem
from pairmatch.testing.reference import Stated
from pairmatch.testing.strategies import Case, cases

MANY = (settings.default.max_examples if settings.default else 100) // 5


def best_of(
    matching: pm.Matching, cohort: pm.Cohort, policy: pm.Policy, people: tuple[tuple[str, str], ...] = ()
) -> Best[int] | None:
    """The best matching in which these people have a partner, by trying all."""
    stated = reference_problem(cohort, policy, fit=Fit.from_dict(matching.fitted))
    return None if stated is None else brute_force_problem(serving(stated, people))


def serving(stated: Stated, people: tuple[tuple[str, str], ...]) -> Problem:
    """The problem in which these people must have a partner."""
    minimum = {
        "mentor": stated.problem.loads.mentor_minimum.copy(),
        "mentee": stated.problem.loads.mentee_minimum.copy(),
    }
    for role, who in people:
        place = (stated.mentors if role == "mentor" else stated.mentees).index(who)
        minimum[role][place] = max(1, minimum[role][place])
    loads = replace(stated.problem.loads, mentor_minimum=minimum["mentor"], mentee_minimum=minimum["mentee"])
    return replace(stated.problem, loads=loads)


def check_costs(matching: pm.Matching, costs: dict[str, float], best: Best[int]) -> None:
    """The best matching loses just that; for leximin at the first level that differs."""
    for proof, value in zip(matching.certificate.proofs, best.values, strict=True):
        unit = RESOLUTION if proof.tier in WEIGHT_TIERS else 1
        lost = proof.value - value
        if proof.tier == "leximin":
            longest = max(len(proof.levels), len(best.levels))
            ours, theirs = (
                (0,) * (longest - len(some)) + tuple(some) for some in (proof.levels, best.levels)
            )
            lost = next((a - b for a, b in zip(ours, theirs, strict=True) if a != b), 0)
        assert round(costs[proof.tier] * unit) == lost


def check_relaxation(matching: pm.Matching, told: Relaxation, one: Diagnosed | None) -> None:
    """Applied, it serves just these people at just this cost."""
    changed = told.applied(matching.cohort, matching.policy)
    assert changed != (matching.cohort, matching.policy)
    asked = ((one.role, one.id),) if one is not None and told.forced else ()
    best = best_of(matching, *changed, asked)
    assert best is not None
    check_costs(matching, dict(told.costs), best)
    assert told.people
    # Of equally good matchings one serves these people.
    serving_them = best_of(matching, *changed, told.people)
    assert serving_them is not None
    assert serving_them.values == best.values
    if matching.policy.objective[-1] == "total" and not matching.policy.cohort_goals:
        assert told.cost == pytest.approx(told.costs["total"])


def check_displacement(matching: pm.Matching, one: Diagnosed) -> None:
    """To serve the person costs just that, or cannot be."""
    found = one.displacement
    if found is None:
        return
    best = best_of(matching, matching.cohort, matching.policy, ((one.role, one.id),))
    event(f"{one.kind}: {'possible' if found.possible else 'impossible'}")
    assert found.possible == (best is not None)
    if best is not None:
        check_costs(matching, dict(found.costs), best)
        assert found.partners
        assert next((cost > 0 for cost in found.costs.values() if cost), True)
    if one.kind != "blocking_set":
        assert (one.kind == "groups") == (not found.possible)


PLAIN = st.sampled_from([("mentees", "total"), ("pairs", "total"), ("must_match", "mentors"), ("total",)])


def matched(case: Case) -> pm.Matching:
    """The matching, where there is one, with somebody left out of it."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except InfeasibleError:
        assume(False)
    assume(matching.left)
    return matching


@settings(max_examples=MANY)
@given(cases(objective=PLAIN, whole=False))
def test_each_relaxation_helps_at_just_the_cost_that_is_told(case: Case) -> None:
    matching = matched(case)
    told = pm.diagnose(matching, audience="auditor", most=8)
    for one in told.people:
        check_displacement(matching, one)
    for relaxation in told.found:
        event(relaxation.kind)
        assert relaxation.exact
        check_relaxation(matching, relaxation, None)


@settings(max_examples=MANY)
@given(cases(3, 4, whole=True), st.data())
def test_each_relaxation_for_one_person_does_too(case: Case, data: st.DataObject) -> None:
    """With goals and rules about groups as well, and where others would be served in the person's stead."""
    matching = matched(case)
    left = data.draw(st.sampled_from(matching.left))
    told = pm.diagnose(matching, **{left.role: left.id}, audience="auditor", most=6)
    (one,) = told.people
    check_displacement(matching, one)
    for relaxation in told.found:
        event(f"{relaxation.kind}{', forced' if relaxation.forced else ''}")
        assert (one.role, one.id) in relaxation.people
        check_relaxation(matching, relaxation, one)


@settings(max_examples=MANY)
@given(cases())
def test_what_rules_take_adds_up(case: Case) -> None:
    """Alone: what `unmatched` counts. Last standing: pairs that this rule forbids and no other does."""
    matching = matched(case)
    told = pm.diagnose(matching, relaxations=False)
    forbidden = {(one.role, one.id): one for one in matching.left}
    stated = [person for person in told.people if person.reason != "not_active"]
    scorer, cohort = scorer_of(matching), matching.cohort
    for one in stated:
        left = forbidden[one.role, one.id]
        assert one.alone == {label: n for label, n in left.taken.items() if n}
        counted: dict[str, int] = {}
        other = "mentees" if one.role == "mentor" else "mentors"
        for row in np.flatnonzero(cohort.side(other).active).tolist():
            people = cohort.side(f"{one.role}s").person(cohort.side(f"{one.role}s").position(one.id))
            partner = cohort.side(other).person(row)
            pair = (people, partner) if one.role == "mentor" else (partner, people)
            score = scorer.pair(*pair)
            by = score.forbidden_by or (("minimum_weight",) if score.weight < scorer.bar else ())
            if len(by) == 1:
                counted[by[0]] = counted.get(by[0], 0) + 1
        assert one.last == counted
