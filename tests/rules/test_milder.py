"""Rules one step milder: they allow whatever the rule allows, and ask for less."""

from __future__ import annotations

from typing import Any

import pytest

from pairmatch import rules

CASES: list[tuple[Any, list[Any]]] = [
    (rules.LevelsBelow(at_least=2), [rules.LevelsBelow(at_least=1)]),
    (
        rules.LevelGap(at_least=1, at_most=2, senior="mentor"),
        [
            rules.LevelGap(at_least=0, at_most=2, senior="mentor"),
            rules.LevelGap(at_least=1, at_most=3, senior="mentor"),
        ],
    ),
    (rules.LevelGap(at_most=2), [rules.LevelGap(at_most=3)]),
    (rules.InCommon("languages", at_least=2), [rules.InCommon("languages", at_least=1)]),
    (rules.InCommon("languages"), []),
    (rules.CommonSlots(at_least=3), [rules.CommonSlots(at_least=2)]),
    (rules.OutsideManagementLine(levels=2), [rules.OutsideManagementLine(levels=1)]),
    (rules.OutsideManagementLine(levels=None), [rules.OutsideManagementLine(levels=2)]),
    (rules.OutsideManagementLine(levels=1), []),
    (rules.CoolDown(months=12, on="2026-01-01"), [rules.CoolDown(months=6, on="2026-01-01")]),
    (rules.CoolDown(months=1, on="2026-01-01"), []),
    (rules.AtMost(2, where={"region": "N"}), [rules.AtMost(3, where={"region": "N"})]),
    (rules.AtLeast(2, where={"region": "N"}), [rules.AtLeast(1, where={"region": "N"})]),
    (rules.AtLeast(1, where={"region": "N"}), []),
    (rules.MentorsChosen(at_most=5), [rules.MentorsChosen(at_most=6)]),
]


@pytest.mark.parametrize(("rule", "milder"), CASES, ids=lambda value: getattr(value, "label", ""))
def test_milder_versions(rule: Any, milder: list[Any]) -> None:
    assert list(rule.milder()) == milder
