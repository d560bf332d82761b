"""Every rule of the library keeps the contract; a rule without a test here is found out."""

from __future__ import annotations

import sys

import pytest

from pairmatch import rules
from pairmatch.testing import strategies
from pairmatch.testing.contracts import (
    GroupRuleContract,
    LoadRuleContract,
    PairRuleContract,
    missing_contracts,
)

pytestmark = pytest.mark.untraced

NUMBERED = strategies.tables(id_styles=("p{}",))
"""Mentors p0 to p3 and, among the mentees, p4: ids that a rule can name."""

SOME_PAIRS = [("p0", "p4"), ("p1", "p5"), ("p9", "gone")]


class TestAtLeast(GroupRuleContract):
    rule = rules.AtLeast(1, where={"organisation": ["Finance", "Acme"], "tenure": [1, 2, 3, 4, 5]})


class TestAtLeastOfAList(GroupRuleContract):
    rule = rules.AtLeast(2, where={"hobbies": ["chess", "music"]}, of="mentees")


class TestAtMost(GroupRuleContract):
    rule = rules.AtMost(1, where={"opted_in": True}, of="mentees")


class TestAtMostUnknown(GroupRuleContract):
    rule = rules.AtMost(0, where={"gender": "unknown"}, purpose="nobody is left out")


class TestCommonSlots(PairRuleContract):
    rule = rules.CommonSlots(at_least=2)


class TestConfirmed(PairRuleContract):
    rule = rules.Confirmed("asks_for_match", of="mentees")


class TestCoolDown(PairRuleContract):
    rule = rules.CoolDown(months=12, on="2026-11-22")


class TestCoversMustTopics(PairRuleContract):
    rule = rules.CoversMustTopics()


class TestDifferent(PairRuleContract):
    rule = rules.Different("organisation")


class TestDifferentList(PairRuleContract):
    rule = rules.Different("hobbies", missing="allow")


class TestDifferentDepartment(PairRuleContract):
    rule = rules.DifferentDepartment()


class TestEnoughHours(PairRuleContract):
    rule = rules.EnoughHours(at_least=2)


class TestForbidden(PairRuleContract):
    rule = rules.Forbidden(SOME_PAIRS)
    tables = NUMBERED


class TestInCommon(PairRuleContract):
    rule = rules.InCommon("languages", at_least=2, missing="allow")


class TestLevelGap(PairRuleContract):
    rule = rules.LevelGap(at_least=1, at_most=2)


class TestLevelGapReversed(PairRuleContract):
    rule = rules.LevelGap(at_most=0, senior="mentee", missing="allow")


class TestLevelsBelow(PairRuleContract):
    rule = rules.LevelsBelow(at_least=1)


class TestManagerAgrees(PairRuleContract):
    rule = rules.ManagerAgrees()


class TestMentorsChosen(GroupRuleContract):
    rule = rules.MentorsChosen(at_most=1)


class TestNotPairedBefore(PairRuleContract):
    rule = rules.NotPairedBefore()


class TestNotSameTeam(PairRuleContract):
    rule = rules.NotSameTeam()


class TestNotFailed(PairRuleContract):
    rule = rules.NotFailed(SOME_PAIRS)
    tables = NUMBERED


class TestNotVetoed(PairRuleContract):
    rule = rules.NotVetoed()


class TestNumberAtLeast(PairRuleContract):
    rule = rules.NumberAtLeast("tenure", 2, missing="allow")


class TestOptedIn(PairRuleContract):
    rule = rules.OptedIn()


class TestOutsideManagementLine(PairRuleContract):
    rule = rules.OutsideManagementLine()


class TestOutsideOneLevel(PairRuleContract):
    rule = rules.OutsideManagementLine(levels=1, missing="allow")


class TestOutsideWholeLine(PairRuleContract):
    rule = rules.OutsideManagementLine(levels=None)


class TestReferencesInOrder(PairRuleContract):
    rule = rules.ReferencesInOrder(of="both", missing="allow")


class TestSame(PairRuleContract):
    rule = rules.Same("region")


class TestSameList(PairRuleContract):
    rule = rules.Same("languages", missing="allow")


class TestTrained(PairRuleContract):
    rule = rules.Trained(of="mentors", missing="allow")


class TestTrainedFor(PairRuleContract):
    rule = rules.TrainedFor(["technology", "python"])


class TestTrainedForOnBothSides(PairRuleContract):
    rule = rules.TrainedFor("social media", of="both")


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
