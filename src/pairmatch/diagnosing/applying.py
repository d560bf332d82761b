"""A cohort and a policy with one thing given up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from pairmatch.errors import PolicyError
from pairmatch.parameters import label_of
from pairmatch.policy import Exempt
from pairmatch.scoring import loads

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Change", "applied", "usable", "with_rule"]


class Change(Protocol):
    """What can be given up: see :class:`~pairmatch.diagnosing.Relaxation` for what the words mean."""

    @property
    def kind(self) -> str:
        """What it is."""
        ...

    @property
    def rule(self) -> str:
        """The rule's label."""
        ...

    @property
    def role(self) -> str:
        """Role of who gets a place."""
        ...

    @property
    def id(self) -> str:
        """Id of who gets a place."""
        ...

    @property
    def mentor(self) -> str:
        """The exception's mentor."""
        ...

    @property
    def mentee(self) -> str:
        """The exception's mentee."""
        ...

    @property
    def eased(self) -> Any:
        """The milder rule, or the lower bar."""
        ...


def applied(change: Change, cohort: Cohort, policy: Policy) -> tuple[Cohort, Policy]:
    """The cohort and the policy with it.

    Raises
    ------
    PolicyError
        The policy cannot do without the rule.
    """
    if change.kind == "place":
        return _with_place(cohort, policy, change.role, change.id), policy
    if change.kind == "exception":
        exceptions = (*policy.exceptions, Exempt(change.rule, change.mentor, change.mentee))
        return cohort, replace(policy, exceptions=exceptions)
    if change.kind == "lower_bar":
        return cohort, replace(policy, minimum_weight=change.eased)
    return cohort, with_rule(policy, change.rule, change.eased)


def usable(change: Change, cohort: Cohort, policy: Policy) -> bool:
    """Whether the policy can be changed so."""
    if change.kind == "place":
        return True
    try:
        applied(change, cohort, policy)
    except PolicyError:
        return False
    return True


def with_rule(policy: Policy, label: str, rule: Any | None) -> Policy:
    """The policy with another rule in the place of one, or with none.

    Raises
    ------
    PolicyError
        The policy cannot do without the rule.
    """
    rules = tuple(
        rule if label_of(own) == label else own
        for own in policy.rules
        if rule is not None or label_of(own) != label
    )
    exceptions = tuple(
        one if one.rule != label else replace(one, rule=label_of(rule))
        for one in policy.exceptions
        if rule is not None or one.rule != label
    )
    return replace(policy, rules=rules, exceptions=exceptions)


def _with_place(cohort: Cohort, policy: Policy, role: str, who: str) -> Cohort:
    """The cohort in which somebody has one place more."""
    people = np.arange(len(cohort.mentors)), np.arange(len(cohort.mentees))
    capacity = getattr(loads(cohort, policy, *people), f"{role}_capacity")
    more = {who: int(capacity[cohort.side(f"{role}s").position(who)]) + 1}
    return cohort.with_capacities(*((more, {}) if role == "mentor" else ({}, more)))
