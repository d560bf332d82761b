"""The policies drawn fit their cohorts, and pairings are contested often enough."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import event, given, settings

from pairmatch import goals, rules
from pairmatch.policy import Policy
from pairmatch.testing import brute_force_problem, classify, policy_strategies, reference_problem
from pairmatch.testing.strategies import Case, cases, cohorts, policies

pytestmark = pytest.mark.untraced


@given(cases())
def test_policies_fit_their_cohort(case: Case) -> None:
    """A drawn policy has no complaint about the cohort that it was drawn for."""
    case.policy.check(case.cohort)
    assert case.policy == Policy.from_dict(case.policy.to_dict())


@given(policies(), cohorts(sparse=False))
def test_policies_alone_fit_any_whole_cohort(policy: Policy, cohort: object) -> None:
    """A policy drawn without a cohort names nobody, and fits whatever has all the columns."""
    policy.check(cohort)  # type: ignore[arg-type]
    assert not any(isinstance(rule, rules.Forbidden | rules.Required) for rule in policy.rules)


def test_interesting_cases_are_common() -> None:
    """Cases are hard in the ways that matter."""
    seen: Counter[str] = Counter()

    @settings(max_examples=400, derandomize=True, database=None)
    @given(cases())
    def draw(case: Case) -> None:
        stated = reference_problem(case.cohort, case.policy)
        assert stated is not None
        labels = classify(stated.problem, brute_force_problem(stated.problem))
        for label in labels:
            event(label)
        seen.update(["drawn", *labels])

    draw()
    assert seen["greedy below the optimum"] >= 0.25 * seen["drawn"]
    assert seen["binding capacity"] >= 0.30 * seen["drawn"]
    assert seen["ties"] >= 0.15 * seen["drawn"]
    assert seen["infeasible"] <= 0.20 * seen["drawn"]


def test_every_rule_and_goal_can_be_drawn() -> None:
    """No rule or goal of the registries is forgotten: four name people, the others stand in the pools."""
    rule_pools = (
        *policy_strategies.PAIR_RULES,
        *policy_strategies.LOAD_RULES,
        *policy_strategies.GROUP_RULES,
    )
    pools = (*rule_pools, *policy_strategies.GOALS, *policy_strategies.COHORT_GOALS)
    drawn = {part.name for part in pools} | {"forbidden", "not_failed", "required", "precomputed"}
    assert drawn == {*rules.REGISTRY, *goals.REGISTRY}
