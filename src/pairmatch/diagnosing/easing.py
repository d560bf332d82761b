"""A policy with one rule eased: milder, or gone; with a lower bar; with an exception."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from pairmatch.diagnosing.trial import Trial
from pairmatch.errors import PolicyError, amount, shown
from pairmatch.grouping import PROTECTED
from pairmatch.parameters import label_of
from pairmatch.scoring import MINIMUM_WEIGHT

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["can_be_eased", "eased_rules", "excepted", "lower_bars"]

NEVER = frozenset(
    {"same_person", "not_failed", "not_vetoed", "opted_in", "manager_agrees", "confirmed", "required"}
)
"""Rules that nobody is ever asked to give up: what failed, what people themselves said or were promised."""

HIDDEN_TABLES = frozenset({"vetoes", "preferences"})


def can_be_eased(cohort: Cohort, rule: Any, audience: str) -> bool:
    """Whether an audience is told of easing a rule.

    What eases a rule over protected fields would say of people whom it forbids each other: that is for the
    auditor alone.
    """
    if rule.name in NEVER or not HIDDEN_TABLES.isdisjoint(getattr(rule, "tables", ())):
        return False
    names = [name for name in getattr(rule, "fields", ()) if cohort.resolve(name)]
    return audience == "auditor" or not any(cohort.field_class(name) in PROTECTED for name in names)


def eased_rules(cohort: Cohort, policy: Policy, rule: Any) -> Iterator[Trial]:
    """A rule milder, in each way in which it can be, and the policy without it."""
    label = label_of(rule)
    for milder in _milder(cohort, rule):
        yield Trial("milder_rule", f"{label} milder: {_words(milder)}", rule=label, eased=milder)
    yield Trial("rule_off", f"without {label}", rule=label)


def lower_bars(policy: Policy, weights: list[float]) -> Iterator[Trial]:
    """The policy with each of some lower bars."""
    for weight in weights:
        words = f"a minimum weight of {amount(weight)} instead of {amount(policy.minimum_weight or 0)}"
        yield Trial("lower_bar", words, rule=MINIMUM_WEIGHT, eased=weight)


def excepted(label: str, mentor: str, mentee: str) -> Trial:
    """The policy with an exception for one pair."""
    words = f"an exception from {label} for mentor {shown(mentor)} and mentee {shown(mentee)}"
    return Trial("exception", words, rule=label, mentor=mentor, mentee=mentee)


def _milder(cohort: Cohort, rule: Any) -> Iterator[Any]:
    """What the rule says of itself, and that it lets those pass whose data it lacks."""
    try:
        yield from rule.milder() if hasattr(rule, "milder") else ()
    except PolicyError:
        return
    names = {field.name for field in fields(rule) if field.init} if is_dataclass(rule) else set()
    strict = "missing" in names and getattr(rule, "missing", "") == "forbid" and hasattr(rule, "lacking")
    if strict and any(flags.any() for flags in rule.lacking(cohort)):
        yield replace(rule, missing="allow")


def _words(rule: Any) -> str:
    words = str(getattr(rule, "description", label_of(rule)))
    return f"{words}, or the data are missing" if getattr(rule, "missing", "") == "allow" else words
