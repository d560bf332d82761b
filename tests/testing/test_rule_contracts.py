"""Every rule of the library keeps the contract; a rule without a test here is found out."""

from __future__ import annotations

import sys

from pairmatch import rules
from pairmatch.testing import strategies
from pairmatch.testing.contracts import LoadRuleContract, PairRuleContract, missing_contracts

NUMBERED = strategies.tables(id_styles=("p{}",))
"""Mentors p0 to p3 and, among the mentees, p4: ids that a rule can name."""

SOME_PAIRS = [("p0", "p4"), ("p1", "p5"), ("p9", "gone")]


class TestDifferent(PairRuleContract):
    rule = rules.Different("organisation")


class TestDifferentList(PairRuleContract):
    rule = rules.Different("hobbies", missing="allow")


class TestDifferentDepartment(PairRuleContract):
    rule = rules.DifferentDepartment()


class TestForbidden(PairRuleContract):
    rule = rules.Forbidden(SOME_PAIRS)
    tables = NUMBERED


class TestLevelGap(PairRuleContract):
    rule = rules.LevelGap(at_least=1, at_most=2)


class TestLevelGapReversed(PairRuleContract):
    rule = rules.LevelGap(at_most=0, senior="mentee", missing="allow")


class TestLevelsBelow(PairRuleContract):
    rule = rules.LevelsBelow(at_least=1)


class TestNotPairedBefore(PairRuleContract):
    rule = rules.NotPairedBefore()


class TestNotSameTeam(PairRuleContract):
    rule = rules.NotSameTeam()


class TestOutsideManagementLine(PairRuleContract):
    rule = rules.OutsideManagementLine()


class TestOutsideOneLevel(PairRuleContract):
    rule = rules.OutsideManagementLine(levels=1, missing="allow")


class TestOutsideWholeLine(PairRuleContract):
    rule = rules.OutsideManagementLine(levels=None)


class TestSame(PairRuleContract):
    rule = rules.Same("region")


class TestSameList(PairRuleContract):
    rule = rules.Same("languages", missing="allow")


class TestCapacity(LoadRuleContract):
    rule = rules.Capacity(mentors=2, mentees=1)


class TestMinimum(LoadRuleContract):
    rule = rules.Minimum(mentees=1)


class TestHours(LoadRuleContract):
    rule = rules.Hours()


class TestHoursMissing(LoadRuleContract):
    rule = rules.Hours(missing="allow")


class TestRequired(LoadRuleContract):
    rule = rules.Required([("p0", "p4")])
    tables = NUMBERED


def test_no_rule_is_forgotten() -> None:
    """Every rule in the registry has a contract test above."""
    here = sys.modules[__name__]
    assert [name for name in missing_contracts(here) if name.startswith("rules.")] == []
