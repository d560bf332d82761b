"""`price_of_fairness`: what each tier cost the total, against trying every matching."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

import pairmatch as pm
from pairmatch import goals
from pairmatch.problem import RESOLUTION
from pairmatch.testing import brute_force_problem, reference_problem
from pairmatch.testing.strategies import Case, cases

COHORT = pm.datasets.synthetic(mentors=40, mentees=30, seed=3)
TIERS = ["must_match", "mentees", "worst", "leximin", "total"]
POLICY = replace(pm.datasets.synthetic_policy(), objective=TIERS)


@settings(max_examples=40)
@given(cases())
def test_every_total_agrees_with_brute_force(case: Case) -> None:
    """With the tiers so far kept, no matching has a better total."""
    stated = reference_problem(case.cohort, case.policy)
    assume(stated is not None and case.policy.coaches is None)
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    tiers = list(case.policy.objective)
    tiers = tiers[: tiers.index("total")] if "total" in tiers else tiers
    table = pm.price_of_fairness(matching)
    assert table.tier.tolist() == tiers
    for kept, row in enumerate(table.itertuples()):
        for objective, total in ((tiers[:kept], row.total_without), (tiers[: kept + 1], row.total_with)):
            best = brute_force_problem(replace(stated.problem, objective=(*objective, "total")))
            assert best is not None
            assert round(total * RESOLUTION) == best.values[-1]


def test_costs_add_up() -> None:
    """From the best total of all to the matching's own."""
    matching = pm.match(COHORT, POLICY)
    told: list[pm.Progress] = []
    table = pm.price_of_fairness(matching, progress=told.append)
    assert table.tier.tolist() == ["must_match", "mentees", "worst", "leximin"]
    assert table.total_without[1:].tolist() == table.total_with[:-1].tolist()
    assert table.total_with.iloc[-1] == matching.values["total"]
    assert np.allclose(table.cost, table.total_without - table.total_with)
    assert (table.gap == 0).all()
    assert (table.cost >= 0).all()
    assert [each.done for each in told] == [0, 1, 2, 3, 4]


def test_goals_of_the_whole_group_have_a_price_too() -> None:
    """Totals count what the group lacks, and the tier that spares it costs something."""
    spread = goals.Spread("department", of="mentors", target="even", price=0.05)
    policy = replace(POLICY, goals=[*POLICY.goals, spread], objective=["mentees", "worst", "spread", "total"])
    matching = pm.match(COHORT, policy)
    table = pm.price_of_fairness(matching).set_index("tier")
    assert table.index.tolist() == ["mentees", "worst", "spread"]
    assert table.value["spread"] == matching.values["spread"] < 0
    assert table.cost["spread"] > 0
    assert table.total_with["spread"] == matching.values["total"]
    assert (table.gap == 0).all()


def test_nothing_before_the_total_has_no_price() -> None:
    """An empty table with its columns."""
    table = pm.price_of_fairness(pm.match(COHORT, replace(POLICY, objective=["total"])))
    assert table.empty
    assert "cost" in table.columns


def test_calls_that_cannot_be_used() -> None:
    """What is no matching, or no time limit."""
    with pytest.raises(pm.CallError):
        pm.price_of_fairness(COHORT)  # type: ignore[arg-type]
    with pytest.raises(pm.CallError, match="time_limit"):
        pm.price_of_fairness(pm.match(COHORT, POLICY), time_limit=-1)
