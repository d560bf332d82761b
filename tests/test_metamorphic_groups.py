"""What must not change, or must change in a known way, when goals and quotas over groups do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.testing.contract_tools import fitting
from pairmatch.testing.policy_strategies import COHORT_GOALS, Case, cases
from pairmatch.testing.table_strategies import tables
from pairmatch.testing.tables import Tables

pytestmark = pytest.mark.untraced

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
SPREAD_FIRST = st.just(("mentees", "spread", "total"))


def values(cohort: pm.Cohort, policy: pm.Policy) -> dict[str, int] | None:
    """Tier values in units; None where no matching is valid."""
    try:
        matching = pm.match(cohort, policy)
    except pm.InfeasibleError:
        return None
    return {proof.tier: proof.value for proof in matching.certificate.proofs}


def priced(policy: pm.Policy, price: float) -> pm.Policy:
    """The policy with one price for all its cohort goals."""
    changed = [replace(goal, price=price) if goal in policy.cohort_goals else goal for goal in policy.goals]
    return replace(policy, goals=changed)


@FEW
@given(case=cases(objective=SPREAD_FIRST, whole=True))
def test_twice_the_price_is_twice_the_loss(case: Case) -> None:
    """Where the groups come first, prices are a unit of measurement and no more."""
    assume(case.policy.cohort_goals)
    once, twice = (values(case.cohort, priced(case.policy, price)) for price in (0.25, 0.5))
    assert (once is None) == (twice is None)
    if once and twice:
        assert twice["spread"] == 2 * once["spread"]
        assert twice["mentees"] == once["mentees"]


@FEW
@given(drawn=tables(5, 5), goal=st.sampled_from(COHORT_GOALS), order=st.permutations([0.02, 0.3, 5.0]))
def test_a_higher_price_leaves_no_more_short(drawn: Tables, goal: Any, order: list[float]) -> None:
    """The dearer the groups are, the fewer are short, and the less the pairs weigh."""
    cohort = fitting(drawn, goal)
    pair_goal = goals.SharedHobbies(weight=1)
    assume(not pair_goal.needs(cohort))
    low, high = sorted(order[:2])
    at = {}
    for price in (low, high):
        policy = pm.Policy(goals=[pair_goal, replace(goal, price=price)], objective=["mentees", "total"])
        assume(values(cohort, policy))
        total, spread = total_and_spread(cohort, policy)
        at[price] = round(spread / price), total + spread
    assert at[high][0] <= at[low][0]
    assert at[high][1] <= at[low][1]


def total_and_spread(cohort: pm.Cohort, policy: pm.Policy) -> tuple[int, int]:
    """The total in units, and the part of it that cohort goals cost."""
    matching = pm.match(cohort, policy)
    weight = sum(pair.weight for pair in matching.made)
    total = matching.certificate.proofs[-1].value
    return total, weight - total


@FEW
@given(case=cases(whole=True))
def test_one_more_who_rests_changes_nothing(case: Case) -> None:
    """Somebody of whom nothing is known but that they take no part moves no target."""
    assume(case.policy.cohort_goals or case.policy.group_rules)
    more = replace(
        case.tables, mentors=with_one(case.tables.mentors), mentees=with_one(case.tables.mentees)
    ).cohort()
    assume(not refused(more, case.policy))
    assert values(more, case.policy) == values(case.cohort, case.policy)


def with_one(cells: Any) -> dict[str, Any]:
    """A table with one person more, who takes no part."""
    said = {"id": "zz", "active": "no"}
    return {name: [*column, said.get(name)] for name, column in {"active": blank(cells), **cells}.items()}


def blank(cells: Any) -> list[Any]:
    """A column in which nobody says anything."""
    return [None] * len(cells["id"])


def refused(cohort: pm.Cohort, policy: pm.Policy) -> bool:
    """Whether the policy does not fit the cohort."""
    try:
        policy.check(cohort)
    except pm.PolicyError:
        return True
    return False


def test_a_spread_that_pulls_against_the_weights() -> None:
    """Below the price of a better pair the best pairs win, above it the groups do."""
    mentors = pd.DataFrame({"id": ["a", "b", "c"], "region": ["N", "N", "S"]})
    mentees = pd.DataFrame({"id": ["x", "y"]})
    scores = [
        ("a", "x", 1.0),
        ("b", "y", 1.0),
        ("c", "x", 0.6),
        ("c", "y", 0.7),
        ("a", "y", 0.1),
        ("b", "x", 0.1),
    ]
    chosen = {}
    for price in (0.25, 0.35):
        spread = goals.Spread("region", target={"N": 0.5, "S": 0.5}, price=price)
        policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1), spread])
        matching = pm.match(pm.Cohort(mentors, mentees), policy)
        chosen[price] = sorted(matching.pairs["mentor"]), matching.certificate.proofs[-1].value
    assert chosen[0.25] == (["a", "b"], 1_750_000)
    assert chosen[0.35] == (["a", "c"], 1_700_000)


@pytest.mark.parametrize("of", ["mentors", "mentees", "pairs"])
def test_other_names_for_values_change_nothing(of: Any) -> None:
    """Values under other names that sort alike leave every tier as it is."""
    found = [values(regions(names), spread_over(of)) for names in ("ABC", ("Anguilla", "Bali", "Crete"))]
    assert found[0] == found[1]
    assert found[0] is not None
    assert found[0]["spread"] < 0


def regions(names: Any) -> pm.Cohort:
    """Nine mentors of three regions, most of the first, and five mentees."""
    ours = [names[k] for k in (0, 0, 0, 0, 0, 1, 1, 2, 2)]
    theirs = [names[k] for k in (0, 1, 1, 2, 2)]
    return pm.Cohort(
        pd.DataFrame({"id": [f"m{k}" for k in range(9)], "region": ours}),
        pd.DataFrame({"id": [f"e{k}" for k in range(5)], "region": theirs}),
    )


def spread_over(of: Any) -> pm.Policy:
    """A policy that would spread regions more than the rule lets it."""
    scores = [(f"m{i}", f"e{j}", ((i * 7 + j * 4) % 11) / 11) for i in range(9) for j in range(5)]
    return pm.Policy(
        rules=[rules.Same("region")],
        goals=[goals.Precomputed(scores, weight=1), goals.Spread("region", of=of, target="even", price=0.2)],
        objective=["mentees", "total", "spread"],
        mentors={"capacity": 2},
    )
