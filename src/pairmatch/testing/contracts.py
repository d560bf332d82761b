"""What every rule and goal must hold, as test classes to inherit.

A rule or goal of one's own gets its tests in three lines::

    class TestSameShift(PairRuleContract):
        rule = SameShift()
        tables = strategies.tables(own={"shift": Column("text", ["early", "late"])})

The test fails where the block form and the reference form disagree on any drawn cohort, where a person
without data is let through, where the answer depends on row order or on how the pairs are cut into
blocks, and where the rule could not travel to another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from pairmatch.testing.cohort_goal_contract import CohortGoalContract
from pairmatch.testing.goal_contract import PairGoalContract
from pairmatch.testing.group_rule_contract import GroupRuleContract
from pairmatch.testing.load_contract import LoadRuleContract
from pairmatch.testing.rule_contract import PairRuleContract
from pairmatch.testing.tables import Column, Tables

__all__ = [
    "CohortGoalContract",
    "Column",
    "GroupRuleContract",
    "LoadRuleContract",
    "PairGoalContract",
    "PairRuleContract",
    "Tables",
    "missing_contracts",
]


def missing_contracts(*modules: ModuleType) -> list[str]:
    """Rules and goals of the library that no contract test in the modules tells of, as ``"rules.same"``."""
    from pairmatch import goals, rules

    tested = {type(part) for module in modules for part in _parts_tested(module)}
    registries = {"rules": rules.REGISTRY, "goals": goals.REGISTRY}
    return sorted(
        f"{room}.{name}"
        for room, registry in registries.items()
        for name, made in registry.items()
        if made not in tested
    )


def _parts_tested(module: ModuleType) -> Iterator[Any]:
    contracts = (
        PairRuleContract,
        LoadRuleContract,
        GroupRuleContract,
        PairGoalContract,
        CohortGoalContract,
    )
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, contracts):
            part = getattr(value, "goal", None) or getattr(value, "rule", None)
            if part is not None:
                yield part
