"""The rules and goals of a policy: which objects are some, and which labels they may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isfinite
from typing import Any

from pairmatch.parameters.checks import Checks
from pairmatch.parameters.entries import label_of
from pairmatch.parameters.values import is_number, told

__all__ = [
    "COHORT_GOAL",
    "ELIGIBILITY",
    "GROUP_RULE",
    "LOAD_RULE",
    "PAIR_GOAL",
    "PAIR_RULE",
    "check_labels",
    "has_methods",
    "usable_goals",
    "usable_rules",
]

PAIR_RULE, LOAD_RULE, ELIGIBILITY = ("allowed", "allowed_pair"), ("bound", "broken"), ("barring", "bars")
GROUP_RULE = ("groups", "broken")
SCORED, FACTORED = ("score", "score_pair"), ("factors",)
PAIR_GOAL = (SCORED, FACTORED)
COHORT_GOAL = (("groups", "shortfall"), ("evens", "shortfall"))

RESERVED = frozenset({"completeness", "mentee", "mentor", "minimum_weight", "other", "same_person", "weight"})
"""Words that tables of pairs and of reasons use themselves."""


def has_methods(part: object, *choices: tuple[str, ...]) -> bool:
    """Whether an object has all the methods of one of the choices."""
    return any(all(callable(getattr(part, method, None)) for method in methods) for methods in choices)


def usable_rules(checks: Checks, value: object) -> tuple[Any, ...]:
    """The rules that can be used; problems are noted."""
    found = []
    for place, rule in _made(checks, "rules", value):
        if has_methods(rule, ("score",), FACTORED, ("shortfall",)):
            checks.add("goal_among_rules", place, "this is a goal; put it under 'goals'.")
        elif not _is_named(rule) or not has_methods(rule, PAIR_RULE, LOAD_RULE, GROUP_RULE):
            hint = (
                f"{told(rule)} is no rule: it needs a name, and allowed and allowed_pair, or bound and "
                "broken, or groups and broken."
            )
            checks.add("not_a_rule", place, hint)
        else:
            found.append(rule)
    return tuple(found)


def usable_goals(checks: Checks, value: object) -> tuple[Any, ...]:
    """The goals that can be used; problems are noted."""
    found = []
    for place, goal in _made(checks, "goals", value):
        if has_methods(goal, ("allowed",), ("bound",), ("broken",)):
            checks.add("rule_among_goals", place, "this is a rule; put it under 'rules'.")
        elif not _is_named(goal) or not has_methods(goal, *PAIR_GOAL, *COHORT_GOAL):
            hint = (
                f"{told(goal)} is no goal: it needs a name, a weight, and score and score_pair, or factors; "
                "or a name, a price, groups or evens, and shortfall."
            )
            checks.add("not_a_goal", place, hint)
        elif has_methods(goal, *COHORT_GOAL) and not _counts(getattr(goal, "price", None)):
            hint = (
                f"the price of '{label_of(goal)}' must be a number above 0: perfect pairs per person short."
            )
            checks.add("bad_number", place, hint)
        elif has_methods(goal, *PAIR_GOAL) and not _counts(getattr(goal, "weight", None)):
            checks.add("bad_number", place, f"the weight of '{label_of(goal)}' must be a number above 0.")
        else:
            found.append(goal)
    return tuple(found)


def _made(checks: Checks, section: str, value: object) -> list[tuple[str, Any]]:
    """The objects of a list with their places; classes that were never called are noted."""
    if not isinstance(value, list | tuple):
        checks.add("bad_section", section, f"'{section}' must be a list, not {told(value)}.")
        return []
    made = []
    for number, part in enumerate(value, start=1):
        place = f"{section} #{number}"
        if isinstance(part, type):
            checks.add(
                "not_made", place, f"write {part.__name__}(...), with parameters, not the class itself."
            )
        else:
            made.append((place, part))
    return made


def _is_named(part: object) -> bool:
    return isinstance(getattr(part, "name", None), str)


def _counts(weight: Any) -> bool:
    """Whether a weight or price is one that counts."""
    return is_number(weight) and weight > 0 and isfinite(weight * 1e6)


def check_labels(checks: Checks, section: str, parts: Sequence[Any]) -> None:
    """Note labels that stand twice or that tables use themselves."""
    counts = Counter(label_of(part) for part in parts)
    for label, count in counts.items():
        if count > 1:
            hint = f"'{label}' stands there {count} times; say it once: tables tell parts by their labels. "
            hint += "One that takes a 'label', or is your own, may have another."
            checks.add("duplicate_label", section, hint)
        if label in RESERVED:
            checks.add(
                "reserved_label", section, f"the tables use '{label}' themselves; choose another label."
            )
