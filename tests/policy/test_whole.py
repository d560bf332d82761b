"""A policy of pair goals, cohort goals and rules for groups: what goes where, and what it refuses."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.groups import Group, Places
from tests.own_parts import Loose, problems

SPREAD = goals.Spread("region")
TOPICS = goals.TopicCoverage(weight=1)


class Seniors:
    """A company's own cohort goal: two of the senior staff among the mentors."""

    name = "seniors"
    price = 0.5

    def groups(self, cohort: pm.Cohort, places: Places) -> list[Group]:
        """One group."""
        return [Group(self.name, "senior mentors", mentors=cohort.mentors.number("level") > 5, target=2)]

    def shortfall(self, pairs: pd.DataFrame, cohort: pm.Cohort, places: Places) -> int:
        """How many are short of two."""
        return 2


class FewTeams:
    """A company's own group rule."""

    name = "few_teams"

    def groups(self, cohort: pm.Cohort, places: Places) -> list[Group]:
        """No groups."""
        return []

    def broken(self, pairs: Any, cohort: pm.Cohort) -> list[pm.Finding]:
        """Nothing."""
        return []


def test_quotas_that_fit_together() -> None:
    """Quotas of other people, or of the other side, contradict nothing."""
    three = rules.AtLeast(3, where={"a": 1}, of="mentees")
    others = [rules.AtMost(2, where={"a": 1}), rules.AtMost(2, where={"a": 2}, of="mentees")]
    pm.Policy(rules=[three, *others, rules.MentorsChosen(at_most=2)], objective=["mentees"])


def test_each_part_where_it_belongs() -> None:
    """Scoring sees the pair goals alone; a part of one's own is known by its methods."""
    policy = pm.Policy(
        rules=[rules.MentorsChosen(at_most=3), rules.Capacity(mentors=2), FewTeams(), rules.NotSameTeam()],
        goals=[SPREAD, TOPICS, goals.EvenLoad(), Seniors()],
    )
    assert policy.pair_goals == (TOPICS,)
    assert [goal.name for goal in policy.cohort_goals] == ["spread", "even_load", "seniors"]
    assert [rule.name for rule in policy.group_rules] == ["mentors_chosen", "few_teams"]
    assert [rule.name for rule in policy.load_rules] == ["capacity"]
    assert [rule.name for rule in policy.pair_rules] == ["not_same_team"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"objective": ["spread"], "goals": [TOPICS]}, {("no_cohort_goal", "objective")}),
        ({"objective": ["mentees", "worst"], "goals": [SPREAD]}, {("no_goals", "objective")}),
        ({"goals": [SPREAD], "minimum_weight": 0.5}, {("no_goals", "minimum_weight")}),
        ({"goals": [SPREAD, goals.Spread("region", price=1)]}, {("duplicate_label", "goals")}),
        (
            {"goals": [rules.AtMost(1, where={"a": 1})]},
            {("rule_among_goals", "goals #1"), ("no_goals", "objective")},
        ),
        (
            {
                "goals": [TOPICS],
                "rules": [rules.AtLeast(3, where={"a": 1}), rules.AtMost(2, where={"a": [1]})],
            },
            {("contradiction", "rules")},
        ),
        (
            {
                "goals": [TOPICS],
                "rules": [rules.MentorsChosen(at_most=2), rules.AtLeast(3, where={"a": 1})],
            },
            {("contradiction", "rules")},
        ),
        ({"goals": [TOPICS], "rules": [SPREAD]}, {("goal_among_rules", "rules #1")}),
    ],
)
def test_refused(parts: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    """Tiers without the goals that they are measured by, labels that stand twice, parts in the wrong list."""
    with pytest.raises(pm.PolicyError) as caught:
        pm.Policy(**parts)
    assert problems(caught.value) == expected


@pytest.mark.parametrize("price", [0, -1, None, "much", float("inf"), True])
def test_a_price_is_a_number_above_0(price: Any) -> None:
    """Of a goal of one's own the policy looks at the price itself."""
    goal = Seniors()
    goal.price = price
    with pytest.raises(pm.PolicyError, match="the price of 'seniors' must be a number above 0") as caught:
        pm.Policy(goals=[goal], objective=["mentees", "spread"])
    assert ("bad_number", "goals #1") in problems(caught.value)


def test_no_pair_goal_is_needed() -> None:
    """Cohort goals alone can make up the total."""
    policy = pm.Policy(goals=[SPREAD], objective=["mentees", "total"])
    assert policy.pair_goals == ()


def test_read_from_a_file(tmp_path: Any) -> None:
    """Groups are named in TOML as they are in Python; a part of one's own comes with its class."""
    text = """
schema = 1
objective = ["mentees", "spread", "total"]
[[rules]]
rule = "at_least"
n = 3
where = {region = ["North", "East"], languages = "English", level = 4, opted_in = true}
of = "mentees"
[[rules]]
rule = "few_teams"
[[goals]]
goal = "spread"
column = ["region", "level"]
of = "pairs"
target = {"North & 4 -> South & 5" = 0.25, "South & 5 -> North & 4" = 0.5}
price = 0.25
[[goals]]
goal = "links"
column = "department"
[[goals]]
goal = "seniors"
"""
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    policy = pm.Policy.read(tmp_path / "policy.toml", extra=[Seniors, FewTeams])
    spread = goals.Spread(
        ["region", "level"],
        of="pairs",
        target={(("North", 4), ("South", 5)): 0.25, (("South", 5), ("North", 4)): 0.5},
        price=0.25,
    )
    assert policy.goals[:2] == (spread, goals.Links("department"))
    where = {"region": ["East", "North"], "languages": ["English"], "level": [4], "opted_in": [True]}
    assert policy.rules[0] == rules.AtLeast(3, where=where, of="mentees")
    policy.write(tmp_path / "again.toml")
    again = pm.Policy.read(tmp_path / "again.toml", extra=[Seniors, FewTeams])
    assert again.fingerprint == policy.fingerprint


def test_fitting_leaves_out_what_has_no_data() -> None:
    """A cohort goal without its column goes like any other; without any pair goal left, it is told."""
    people = pm.Cohort(
        pd.DataFrame({"id": ["m"], "region": ["N"]}), pd.DataFrame({"id": ["e"], "department": ["IT"]})
    )
    policy = pm.Policy(goals=[SPREAD, goals.Links("department"), Loose(1)])
    assert policy.fitting(people).goals == (SPREAD, policy.goals[2])
    with pytest.raises(pm.PolicyError, match="topic_coverage"):
        pm.Policy(goals=[SPREAD, TOPICS]).fitting(people)
    alone = pm.Policy(goals=[SPREAD, goals.Links("department")], objective=["mentees", "spread"])
    assert alone.fitting(people).goals == (SPREAD,)
