"""`frontier`: floors and the best totals above them, against trying every matching."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, event, given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.problem import COVERAGE_TIERS, RESOLUTION, Problem
from pairmatch.scoring import size
from pairmatch.testing import reference_problem
from pairmatch.testing.oracle import every_matching, tier_scores
from pairmatch.testing.strategies import Case, cases

COHORT = pm.datasets.synthetic(mentors=40, mentees=30, seed=3)
POLICY = pm.datasets.synthetic_policy()
TWO_EACH: dict[str, Any] = {
    "goals": [goals.SharedHobbies(weight=1)],
    "mentors": {"capacity": 2},
    "mentees": {"capacity": 2},
    "objective": ["mentees", "total"],
}
UNCOVERED = pm.Policy(goals=[goals.SharedHobbies(weight=1)], objective=["total"])


def by_trying(problem: Problem) -> list[tuple[int, int]]:
    """Floor and total of every matching that nothing beats in both, lowest floor first."""
    matchings = every_matching(problem)
    for tier in problem.objective[:-1]:
        scores = tier_scores(problem, matchings, tier)
        matchings = matchings.where(scores == scores.max())
    worst, total = (tier_scores(problem, matchings, tier).tolist() for tier in ("worst", "total"))
    both = set(zip(worst, total, strict=True))
    return sorted(p for p in both if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in both))


def points(found: pm.Frontier) -> list[tuple[int, int]]:
    """The table's floors and totals in units."""
    both = found.table[["floor", "total"]].to_numpy()
    return [(round(floor * RESOLUTION), round(total * RESOLUTION)) for floor, total in both]


def covering(policy: pm.Policy) -> pm.Policy:
    """The policy with its coverage and the total alone."""
    kept = [tier for tier in policy.objective if tier in COVERAGE_TIERS]
    return replace(policy, objective=[*(kept or ["mentees"]), "total"])


@settings(max_examples=40)
@given(cases())
def test_every_point_agrees_with_brute_force(case: Case) -> None:
    """No point is missing, none is beaten, and every one is the best of all matchings."""
    policy = covering(case.policy)
    stated = reference_problem(case.cohort, policy)
    assume(stated is not None and policy.coaches is None)
    problem = replace(stated.problem, objective=tuple(policy.objective))
    alone = problem.loads.mentor_hours is None and not problem.groups and not problem.evens
    assume(problem.single or alone)
    event("groups" if problem.groups or problem.evens else "no groups")
    try:
        found = pm.frontier(case.cohort, policy)
    except pm.InfeasibleError:
        assert not len(every_matching(problem).loads)
        return
    assert points(found) == by_trying(problem)
    assert found.complete


def test_the_ends_are_those_of_match() -> None:
    """The first point is the best total, the last is the highest floor and the best total above it."""
    found = pm.frontier(COHORT, POLICY)
    table = found.table
    best = pm.match(COHORT, POLICY).values
    fair = pm.match(COHORT, replace(POLICY, objective=["must_match", "mentees", "worst", "total"])).values
    assert table.total.iloc[0] == best["total"]
    assert tuple(table.iloc[-1][["floor", "total"]]) == (fair["worst"], fair["total"])
    assert found.coverage == {"must_match": best["must_match"], "mentees": best["mentees"]}
    assert (np.diff(table.floor) > 0).all()
    assert (np.diff(table.total) < 0).all()
    assert table.cost.iloc[0] == 0
    assert (table.gap == 0).all()
    assert points(pm.frontier(COHORT, POLICY)) == points(found)


def test_points_thin_the_curve() -> None:
    """Evenly spaced floors are points of the whole curve, its ends among them."""
    whole, thin = points(pm.frontier(COHORT, POLICY)), points(pm.frontier(COHORT, POLICY, points=3))
    assert set(thin) <= set(whole)
    assert (thin[0], thin[-1]) == (whole[0], whole[-1])
    assert len(thin) <= 3


def test_a_time_limit_leaves_what_was_found() -> None:
    """The first point is there, and the frontier says that it was cut short."""
    told: list[pm.Progress] = []
    found = pm.frontier(COHORT, POLICY, time_limit=1e-9, progress=told.append)
    assert (len(found.table), found.complete) == (1, False)
    assert "cut short" in repr(found)


def test_it_shows_itself() -> None:
    """A line in a console, a table in a notebook, steps on the way."""
    told: list[pm.Progress] = []
    found = pm.frontier(COHORT, POLICY, progress=told.append)
    assert repr(found).startswith(f"<Frontier: {len(found.table)} points; floor ")
    assert "<table" in found._repr_html_()
    assert [each.done for each in told][-1] == len(found.table)


def test_goals_of_the_whole_group_count_in_every_total() -> None:
    """The ends are those of a match under the same goals, which cost something here."""
    policy = replace(
        POLICY, goals=[*POLICY.goals, goals.Spread("department", of="mentors", target="even", price=0.2)]
    )
    found = pm.frontier(COHORT, policy, points=2)
    best = pm.match(COHORT, policy).values
    fair = pm.match(COHORT, replace(policy, objective=["must_match", "mentees", "worst", "total"])).values
    assert found.table.total.iloc[0] == best["total"] < pm.match(COHORT, POLICY).values["total"]
    assert tuple(found.table.iloc[-1][["floor", "total"]]) == (fair["worst"], fair["total"])


@pytest.mark.parametrize(
    "more",
    [
        {"goals": [goals.SharedHobbies(weight=1), goals.Spread("department", of="mentors", price=0.2)]},
        {"rules": [rules.MentorsChosen(at_most=25)]},
    ],
    ids=["a spread", "a quota"],
)  # fmt: skip
def test_floors_over_several_mentors_stand_alone(more: dict[str, Any]) -> None:
    """No group goals, quotas or hours beside them: told, with what to do instead."""
    policy = pm.Policy(**{**TWO_EACH, **more})
    with pytest.raises(pm.CallError, match="floors over mentees with several mentors do not go with hours"):
        pm.frontier(COHORT, policy)


def test_a_cohort_with_too_many_pairs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frontier needs the pairs at hand; the words say what to do instead."""
    monkeypatch.setattr(size, "HELD", 0)
    with pytest.raises(pm.CallError, match=r"more pairs than can be stored.*match with 'worst' before"):
        pm.frontier(COHORT, POLICY)


def test_what_is_required_may_be_impossible() -> None:
    """A required pair that a rule forbids is told by ids, as a match tells it; so is a minimum."""
    people = pd.DataFrame({"id": ["a", "b"], "hobbies": ["golf", "golf"], "team": ["x", "x"]})
    cohort = pm.Cohort(people, people.assign(id=["c", "d"], minimum=[1, 1]))
    policy = pm.Policy(
        goals=[goals.SharedHobbies(weight=1)], rules=[rules.NotSameTeam(), rules.Required([("a", "c")])]
    )
    with pytest.raises(pm.InfeasibleError, match=r"required pair is forbidden .* \[a \+ c\]"):
        pm.frontier(cohort, policy)
    with pytest.raises(pm.InfeasibleError, match=r"c, d|d, c"):
        pm.frontier(cohort, replace(policy, rules=[rules.NotSameTeam()]))


@pytest.mark.parametrize(
    ("policy", "more", "hint"),
    [
        (POLICY, {"points": 1}, "'points' must be a whole number of at least 2"),
        (POLICY, {"points": "many"}, "'points' must be a whole number of at least 2"),
        (UNCOVERED, {}, "a tier that counts people"),
        (POLICY, {"time_limit": 0}, "time_limit"),
    ],
    ids=["one point", "no number", "no coverage", "no time"],
)  # fmt: skip
def test_calls_that_cannot_be_used(policy: pm.Policy, more: dict[str, Any], hint: str) -> None:
    """What is wrong is told before any work."""
    with pytest.raises(pm.CallError, match=hint):
        pm.frontier(COHORT, policy, **more)
