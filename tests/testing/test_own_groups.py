"""A cohort goal and a group rule of one's own, the tests that they inherit, and flaws that these find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase

from pairmatch.cohort import Cohort
from pairmatch.errors import Finding, PolicyError
from pairmatch.groups import Even, Group, Places
from pairmatch.testing import contract_tools, strategies
from pairmatch.testing.contracts import CohortGoalContract, Column, GroupRuleContract
from pairmatch.testing.group_rule_contract import IdPairs

SHIFTS = strategies.tables(own={"shift": Column("text", ["early", "late", "night"])})


class NightShift:
    """The mentors work at night."""

    name = "night_shift"
    price = 0.25

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        at_night = (cohort.comparable("mentors", "shift") == "night") & cohort.mentors.active
        return [Group("", "mentors at night", mentors=at_night.astype(np.int64), target=places.mentors)]

    def shortfall(self, pairs: pd.DataFrame, cohort: Cohort, places: Places) -> int:
        at_night = {one.id for one in cohort.mentors if one["shift"] == "night"}
        return max(0, places.mentors - len(at_night & set(pairs["mentor"])))


class NoNight:
    """Nobody who works at night is a mentor."""

    name = "no_night"

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        at_night = cohort.comparable("mentors", "shift") == "night"
        return [Group("", "mentors at night", mentors=at_night.astype(np.int64), most=0)]

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        at_night = {one.id for one in cohort.mentors if one["shift"] == "night"}
        return [Finding("at_night", "is at work then", "mentors", m) for m, _ in pairs if m in at_night]


class TestNightShift(CohortGoalContract):
    """Everything that a cohort goal must hold, tried on cohorts with shifts."""

    goal = NightShift()
    tables = SHIFTS


class TestNoNight(GroupRuleContract):
    """Everything that a group rule must hold, likewise."""

    rule = NoNight()
    tables = SHIFTS


class CountsEverybody(NightShift):
    """A goal whose plain form counts the other shifts as well."""

    def shortfall(self, pairs: pd.DataFrame, cohort: Cohort, places: Places) -> int:
        return max(0, places.mentors - pairs["mentor"].nunique())


class KnowsRows(NightShift):
    """A goal that goes by the place in the table."""

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        (group,) = super().groups(cohort, places)
        return [replace(group, name=f"mentors from {cohort.mentors.ids[0]} on")]


class CountsTheIdle(NightShift):
    """A goal whose target is told by people who do not take part."""

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        (group,) = super().groups(cohort, places)
        return [replace(group, target=int((cohort.comparable("mentors", "shift") == "night").sum()))]


class Forbids(NightShift):
    """A goal that is a rule in disguise."""

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        (group,) = super().groups(cohort, places)
        return [replace(group, most=3)]


class LoadsNobody(NightShift):
    """A goal whose even loads are none."""

    def evens(self, cohort: Cohort, places: Places) -> list[Even]:
        return [Even("", "mentors", np.zeros(len(cohort.mentors), np.int64), 0)]


class Free(NightShift):
    """A goal that costs nothing."""

    price = 0.0


class Scores(NightShift):
    """A goal that scores pairs as well."""

    def score(self, block: Any) -> Any:
        return np.ones(block.shape)


class Nobody(NoNight):
    """A rule whose plain form forbids the other shifts as well."""

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        return [Finding("at_night", "is at work then", "mentors", mentor) for mentor, _ in pairs]


class Speechless(NoNight):
    """A rule that does not say what is broken."""

    def broken(self, pairs: IdPairs, cohort: Cohort) -> list[Any]:  # type: ignore[override]
        return [replace(finding, hint="") for finding in super().broken(pairs, cohort)]


class Prices(NoNight):
    """A rule that is a goal in disguise."""

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        (group,) = super().groups(cohort, places)
        return [replace(group, target=1)]


class CallsTheFirst(NoNight):
    """A rule that lets the first row pass."""

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        (group,) = super().groups(cohort, places)
        return [replace(group, name=f"mentors but {cohort.mentors.ids[0]}")]


@pytest.mark.parametrize(
    ("part", "test"),
    [
        (CountsEverybody(), "test_both_forms_agree"),
        (KnowsRows(), "test_row_order_changes_nothing"),
        (CountsTheIdle(), "test_inactive_people_change_nothing"),
        (Forbids(), "test_policy_can_state_it"),
        (LoadsNobody(), "test_policy_can_state_it"),
        (Free(), "test_follows_the_protocol"),
        (Scores(), "test_follows_the_protocol"),
        (Nobody(), "test_both_forms_agree"),
        (Speechless(), "test_both_forms_agree"),
        (Prices(), "test_policy_can_state_it"),
        (CallsTheFirst(), "test_row_order_changes_nothing"),
    ],
)
def test_the_contract_finds_each_flaw(part: Any, test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A goal or rule with a flaw fails the very test that is about it."""
    monkeypatch.setattr(contract_tools, "PHASES", (Phase.generate,))  # found is enough, it need not shrink
    kind: Any = CohortGoalContract if isinstance(part, NightShift) else GroupRuleContract
    word = "goal" if kind is CohortGoalContract else "rule"
    contract = type("Contract", (kind,), {word: part, "tables": SHIFTS})()
    with pytest.raises((AssertionError, PolicyError)):
        getattr(contract, test)()
