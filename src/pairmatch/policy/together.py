"""What only the parts of a policy together can get wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairmatch import rules as rule_room
from pairmatch.parameters import Checks, check_labels
from pairmatch.policy.contradictions import check_contradictions
from pairmatch.problem import COVERAGE_TIERS

if TYPE_CHECKING:
    from pairmatch.policy.policy import Policy

__all__ = ["DEPENDENT", "check_together"]

DEPENDENT = frozenset({"no_goals", "no_cohort_goal", "no_coverage", "not_exceptable"})
"""Problems that may only follow from a rule or goal that could not be read."""


def check_together(checks: Checks, policy: Policy) -> None:
    """Note labels that stand twice, rules that contradict each other, and tiers that lack what they need."""
    check_labels(checks, "rules", policy.rules)
    check_labels(checks, "goals", policy.goals)
    check_contradictions(checks, policy.rules, policy.exceptions)
    _check_goals(checks, policy)
    for tier in ("worst", "leximin"):
        if tier in policy.objective and not _covers_before(policy, tier):
            hint = (
                f"the tier '{tier}' would be best with hardly anybody matched: put 'mentees' or another "
                f"tier that counts people before it, or set a minimum for the mentees."
            )
            checks.add("no_coverage", "objective", hint)


def _check_goals(checks: Checks, policy: Policy) -> None:
    """Note tiers without the goals that they are measured by."""
    weighed = [tier for tier in policy.objective if tier in ("worst", "leximin")]
    lacking = [*(weighed if not policy.pair_goals else []), *(["total"] if not policy.goals else [])]
    first = next((tier for tier in policy.objective if tier in lacking), None)
    if first is not None:
        hint = f"the tier '{first}' needs a goal; add one, or take the tier out of the objective."
        checks.add("no_goals", "objective", hint)
    if "spread" in policy.objective and not policy.cohort_goals:
        hint = "the tier 'spread' needs a cohort goal, as goals.Spread; add one, or take the tier out."
        checks.add("no_cohort_goal", "objective", hint)
    if policy.minimum_weight is not None and not policy.pair_goals:
        checks.add("no_goals", "minimum_weight", "'minimum_weight' needs a goal to weigh pairs by.")


def _covers_before(policy: Policy, tier: str) -> bool:
    earlier = policy.objective[: policy.objective.index(tier)]
    asked = [r.mentees or 0 for r in policy.rules if isinstance(r, rule_room.Minimum)]
    return any(t in COVERAGE_TIERS for t in earlier) or max([policy.mentees.minimum, *asked]) >= 1
