"""`trade_off`: every point against trying every matching."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.errors import amount
from pairmatch.problem import COVERAGE_TIERS, RESOLUTION, Problem
from pairmatch.scoring import size
from pairmatch.supposing.standing import measured, unit_of
from pairmatch.supposing.trading import _quota
from pairmatch.testing import reference_problem
from pairmatch.testing.oracle import every_matching, tier_scores
from pairmatch.testing.strategies import Case, cases
from pairmatch.trade_off import BETWEEN, TradeOff, trade_off
from tests.public_data import folder
from tests.test_civil_service import POLICY as POLICY_FILE
from tests.test_civil_service import WITH_CONSENT

CIVIL_SERVICE = POLICY_FILE.format(objective='["total"]', capacity=3, consent=WITH_CONSENT)
COHORT = pm.datasets.synthetic(mentors=40, mentees=30, seed=3)
POLICY = pm.datasets.synthetic_policy()
SPREAD = replace(
    POLICY, goals=[*POLICY.goals, goals.Spread("region", of="mentors", target="even", price=0.02)]
)
FEW = max(10, settings().max_examples // 8)

Pairs = list[tuple[int, int]]


def by_trying(problem: Problem, between: tuple[str, str]) -> Pairs:
    """Both measures of every matching with the kept tiers that nothing beats in both, in order."""
    matchings = every_matching(problem)
    for tier in problem.objective[:-1]:
        scores = tier_scores(problem, matchings, tier)
        matchings = matchings.where(scores == scores.max(initial=-1))
    spread = tier_scores(problem, matchings, "spread")
    total = tier_scores(problem, matchings, "total")
    known = {"total": total, "spread": spread, "weight": total - spread}
    first, second = (
        (known[tier] if tier in known else tier_scores(problem, matchings, tier)).tolist() for tier in between
    )
    both = set(zip(first, second, strict=True))
    return sorted(
        (p for p in both if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in both)), reverse=True
    )


def points(found: TradeOff) -> Pairs:
    """The table's two measures in units."""
    rows = found.table[list(found.between)].to_numpy().tolist()
    units = [unit_of(tier) for tier in found.between]
    return [(round(a * units[0]), round(b * units[1])) for a, b in rows]


def kept(policy: pm.Policy, second: str) -> tuple[str, ...]:
    """The policy's tiers that a trade-off against this one keeps."""
    before = policy.objective
    if second in COVERAGE_TIERS and second in before:
        before = before[: before.index(second)]
    return tuple(tier for tier in before if tier in COVERAGE_TIERS)


def corners(front: Pairs) -> Pairs:
    """The points of a front that a straight line can touch alone."""
    hull: Pairs = []
    for p in front:
        while len(hull) >= 2:
            a, b = hull[-2:]
            # A point on the line between its neighbours, or below it, is no corner.
            if (a[0] - b[0]) * (p[1] - a[1]) < (a[0] - p[0]) * (b[1] - a[1]):
                break
            hull.pop()
        hull.append(p)
    return hull


def missed_by(told: Pairs, corner: tuple[int, int]) -> float:
    """How far a corner is above the line through the points told."""
    if corner in told:
        return 0
    few = max((p for p in told if p[1] < corner[1]), key=lambda p: p[1])
    many = min((p for p in told if p[1] > corner[1]), key=lambda p: p[1])
    share = (corner[1] - few[1]) / (many[1] - few[1])
    return corner[0] - (few[0] + share * (many[0] - few[0]))


def tradable(case: Case, second: str) -> Problem:
    """The case's problem as this trade-off sees it."""
    assume(case.policy.coaches is None)
    stated = reference_problem(case.cohort, case.policy)
    assume(stated is not None)
    assert stated is not None
    return replace(stated.problem, objective=(*kept(case.policy, second), "total"))


@settings(max_examples=FEW)
@given(cases(), st.sampled_from(["mentees", "pairs", "mentors"]))
def test_every_count_has_its_best_total(case: Case, second: str) -> None:
    """No point is missing, none is beaten, and each is the best of all matchings."""
    problem = tradable(case, second)
    try:
        found = trade_off(case.cohort, case.policy, between=("total", second), points=None)
    except pm.InfeasibleError:
        assert not len(every_matching(problem).loads)
        return
    front = by_trying(problem, ("total", second))
    event(f"{min(len(front), 4)} points")
    event(
        "groups or hours" if problem.groups or problem.evens or problem.loads.mentor_hours is not None else ""
    )
    if problem.groups or problem.evens or problem.loads.mentor_hours is not None:
        # With these a number may be no better than the next one.
        assert [p for p in points(found) if p in front] == front
    else:
        assert points(found) == front
    assert found.complete
    assert (found.table.gap == 0).all()


@settings(max_examples=FEW)
@given(cases(), st.sampled_from(["total", "weight"]))
def test_corners_of_the_spread(case: Case, first: str) -> None:
    """Every corner of the curve is there, every point is one that nothing beats."""
    if not case.policy.cohort_goals:
        assume("department" in case.cohort.mentors.fields)
        spread = goals.Spread("department", of="mentors", target="even", price=0.03)
        case = replace(case, policy=replace(case.policy, goals=[*case.policy.goals, spread]))
    problem = tradable(case, "spread")
    if not (problem.groups or problem.evens):
        with pytest.raises(pm.CallError, match="no goal over groups"):
            trade_off(case.cohort, case.policy, between=(first, "spread"))
        return
    try:
        found = trade_off(case.cohort, case.policy, between=(first, "spread"), points=None)
    except pm.InfeasibleError:
        assert not len(every_matching(problem).loads)
        return
    front = by_trying(problem, (first, "spread"))
    event(f"{min(len(front), 4)} points")
    told = points(found)
    assert set(told) <= set(front)
    assert (told[0], told[-1]) == (front[0], front[-1])
    assert all(missed_by(told, corner) <= (front[-1][1] - front[0][1]) / 1000 for corner in corners(front))
    assert found.complete
    assert (found.table.gap == 0).all()


def test_the_matching_is_a_point() -> None:
    """Where the policy asks for the total, the matching is the first point; the frontier says the same."""
    matching = pm.match(COHORT, POLICY)
    for between in BETWEEN:
        if "spread" in between:
            continue
        found = trade_off(matching, between=between)
        assert found.chosen["total"] == matching.values["total"]
        first = found.table.iloc[0]
        assert first[between[1]] <= found.chosen[between[1]] or first.total > found.chosen["total"]
        pd.testing.assert_frame_equal(found.table, trade_off(COHORT, POLICY, between=between).table)
    curve = pm.frontier(COHORT, POLICY, points=20).table
    worst = trade_off(matching).table
    assert worst.total.tolist() == curve.total.tolist()
    assert worst.worst.tolist() == curve.floor.tolist()


def test_a_price_chooses_a_corner() -> None:
    """The policy's own price makes the matching the first point of its totals, and a corner of weights."""
    matching = pm.match(COHORT, SPREAD)
    totals = trade_off(matching, between=("total", "spread"))
    assert totals.chosen == {
        "total": matching.values["total"],
        "spread": pytest.approx(totals.table.spread[0]),
    }
    weights = trade_off(matching, between=("weight", "spread"))
    assert len(weights.table) > 1
    assert weights.table["weight"].is_monotonic_decreasing
    assert weights.table["spread"].is_monotonic_increasing
    assert weights.chosen["weight"] == pytest.approx(matching.pairs["weight"].sum())


def test_the_civil_service() -> None:
    """The ends of two curves over real tables are exact answers known from elsewhere."""
    schema = pm.Schema.from_dict(tomllib.loads(CIVIL_SERVICE))
    data = folder("uk-civil-service-small")
    cohort = pm.Cohort.read(data / "mentors.csv", data / "mentees.csv", schema=schema)
    policy = pm.Policy.from_dict(tomllib.loads(CIVIL_SERVICE))
    found = trade_off(cohort, policy, between=("total", "mentees"))
    assert (found.table.total * 28).round(1).tolist() == [1982, 1981, 1978, 1971]
    assert found.table.mentees.tolist() == [47, 48, 49, 50]
    both = trade_off(
        cohort, replace(policy, objective=["mentees", "mentors", "total"]), between=("total", "mentors")
    )
    assert both.table.iloc[-1].tolist() == [pytest.approx(1943 / 28, abs=1e-4), 49, 0]


def test_points_thin_the_curve() -> None:
    """Fewer points are points of the whole curve, its ends among them."""
    policy = replace(POLICY, objective=["total"], mentors={"capacity": 2})
    for between in [("total", "mentors"), ("total", "worst")]:
        tiers = policy if between[1] == "mentors" else POLICY
        whole, thin = (points(trade_off(COHORT, tiers, between=between, points=n)) for n in (None, 3))
        assert set(thin) <= set(whole)
        assert (thin[0], thin[-1]) == (whole[0], whole[-1])
        assert len(thin) <= 3
        assert all(a[0] > b[0] and a[1] < b[1] for a, b in pairwise(whole))
    weights = trade_off(COHORT, SPREAD, between=("weight", "spread"), points=3)
    assert len(weights.table) <= 3


def test_swept_cohorts_trade_counts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no pair is stored, counts are traded as before; what needs all pairs at hand is refused."""
    policy = replace(POLICY, objective=["total"], mentors={"capacity": 2})
    before = trade_off(COHORT, policy, between=("total", "mentors"), points=None)
    assert len(before.table) > 1
    monkeypatch.setattr(size, "HELD", 0)
    after = trade_off(COHORT, policy, between=("total", "mentors"), points=None)
    pd.testing.assert_frame_equal(before.table, after.table)
    with pytest.raises(pm.CallError, match=r"more pairs than can be stored.*against 'mentees' or 'pairs'"):
        trade_off(COHORT, POLICY)


def test_hours_go_by_quotas() -> None:
    """What flows cannot say is solved number by number."""
    drawn = np.random.default_rng(184)
    mentors, mentees = (
        pd.DataFrame(
            {"id": [f"{side}{k}" for k in range(4)], "hours": drawn.integers(1, most, 4), "capacity": 2}
        )
        for side, most in (("m", 4), ("e", 3))
    )
    rows = [
        (a, b, weight)
        for a in mentors.id
        for b, weight in zip(mentees.id, drawn.random(4).round(2), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["mentor", "mentee", "score"])
    policy = pm.Policy(goals=[goals.Precomputed(frame, weight=1)], rules=[rules.Hours()], objective=["total"])
    cohort = pm.Cohort(mentors, mentees)
    stated = reference_problem(cohort, policy)
    assert stated is not None
    for second in ("mentees", "mentors", "pairs"):
        found = trade_off(cohort, policy, between=("total", second), points=None)
        assert points(found) == by_trying(stated.problem, ("total", second))
        assert found.complete
    assert len(trade_off(cohort, policy, between=("total", "mentees")).table) == 3


@pytest.mark.parametrize("tier", ["mentees", "mentors", "pairs"])
def test_quotas_count_what_they_say(tier: str) -> None:
    """The quota that stands for a tier counts as the tier does."""
    stated = reference_problem(pm.datasets.synthetic(mentors=5, mentees=4, seed=3), POLICY)
    assert stated is not None
    problem = stated.problem
    pairs = np.array([(0, 1), (0, 2), (3, 2)])
    ours = np.bincount(pairs[:, 0], minlength=problem.n_mentors)
    theirs = np.bincount(pairs[:, 1], minlength=problem.n_mentees)
    quota = _quota(problem, tier, 2)
    counted = quota.count(ours, theirs, pairs[:, 0], pairs[:, 1])
    assert counted == measured(problem, pairs, np.ones(3, np.int64))[tier]
    assert quota.least == 2


def test_a_time_limit_leaves_what_was_found() -> None:
    """What was found is there, and the trade-off says that it was cut short."""
    told: list[pm.Progress] = []
    policy = replace(POLICY, objective=["total"], mentors={"capacity": 2})
    found = trade_off(COHORT, policy, between=("total", "mentors"), progress=told.append)
    assert [each.done for each in told] == list(range(1, len(found.table) - 1))
    cut = trade_off(COHORT, POLICY, time_limit=1e-9)
    assert not cut.complete
    assert "cut short" in repr(cut)
    assert "cut short" in str(cut)


def test_it_shows_itself() -> None:
    """A line in a console, a few in print, a table in a notebook."""
    found = trade_off(pm.match(COHORT, POLICY))
    first = found.table.iloc[0]
    assert repr(found) == f"<TradeOff of total against worst: {len(found.table)} points>"
    lines = str(found).splitlines()
    assert lines[0] == f"total against worst (the least total of a mentee): {len(found.table)} points"
    assert lines[1] == f"  total {amount(first.total)} with worst {amount(first.worst)}"
    assert lines[-1].startswith("  this matching: total ")
    assert "<table" in found._repr_html_()
    assert first.total * RESOLUTION == pytest.approx(round(first.total * RESOLUTION))


@pytest.mark.parametrize(
    ("policy", "more", "hint"),
    [
        (POLICY, {"points": 1}, "must be a whole number of at least 2"),
        (POLICY, {"between": ("worst", "total")}, r"must be \('total', 'worst'\)"),
        (POLICY, {"between": "total"}, "must be"),
        (POLICY, {"between": ("total", "spread")}, "no goal over groups"),
        (replace(POLICY, objective=["total"]), {}, "a tier that counts people"),
        (POLICY, {"time_limit": 0}, "time_limit"),
        (None, {}, "must be a Policy"),
    ],
    ids=["one point", "the other way round", "one tier", "no group", "no coverage", "no time", "no policy"],
)  # fmt: skip
def test_calls_that_cannot_be_used(policy: Any, more: dict[str, Any], hint: str) -> None:
    """What is wrong is told before any work."""
    with pytest.raises(pm.CallError, match=hint):
        trade_off(COHORT, policy, **more)


def test_a_matching_has_its_policy() -> None:
    """Another one beside it would be another question."""
    with pytest.raises(pm.CallError, match="a matching has its policy"):
        trade_off(pm.match(COHORT, POLICY), POLICY)
