"""A policy with fewer rules and goals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, PolicyError
from pairmatch.parameters import PAIR_GOAL, has_methods, label_of, told

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["absent_goals", "labels_of"]

ABSENT = ("absent_column", "absent_table")


def labels_of(parts: Sequence[Any], wanted: Collection[str]) -> set[str]:
    """The labels of rules and goals that are named by their label, or by their name where it fits one alone.

    Raises
    ------
    CallError
        A name fits none or several.
    """
    labels = [label_of(part) for part in parts]
    found = {}
    for name in wanted:
        of_name = [label_of(part) for part in parts if part.name == name]
        found[name] = name if name in labels else of_name[0] if len(of_name) == 1 else ""
    hint = "the policy has no rule or goal {}, or several; there are: {}."
    unknown = [hint.format(told(name), "; ".join(labels) or "none") for name in wanted if not found[name]]
    if unknown:
        raise CallError([Finding("unknown_label", said, column="labels") for said in unknown])
    return set(found.values())


def absent_goals(goals: Sequence[Any], cohort: Cohort) -> list[str]:
    """Labels of the goals whose columns or tables a cohort does not have.

    Raises
    ------
    PolicyError
        No goal would be left, or no pair goal of those that there are.
    """
    lacking = [(goal, goal.needs(cohort) if hasattr(goal, "needs") else []) for goal in goals]
    absent = [goal for goal, found in lacking if any(finding.code in ABSENT for finding in found)]
    scored = [goal for goal in goals if has_methods(goal, *PAIR_GOAL)]
    if absent and all(goal in absent for goal in scored or goals):
        raise PolicyError([finding for _, found in lacking for finding in found])
    return [label_of(goal) for goal in absent]
