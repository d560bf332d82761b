"""Hypothesis strategies for policies, and for cohorts together with a policy that fits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from pairmatch import goals, rules
from pairmatch.cohort import Cohort
from pairmatch.parameters import PAIR_RULE, has_methods, label_of, purpose_needed
from pairmatch.policy import BAR, Defaults, Policy
from pairmatch.problem import WEIGHT_TIERS
from pairmatch.testing.draws import picks
from pairmatch.testing.problem_strategies import objectives
from pairmatch.testing.table_strategies import tables
from pairmatch.testing.tables import Tables

__all__ = ["Case", "cases", "policies"]

WHY = "the test says so"

PAIR_RULES: tuple[Any, ...] = (
    rules.DifferentDepartment(missing="allow"),
    rules.LevelsBelow(at_least=-1, missing="allow"),
    rules.OutsideManagementLine(missing="allow"),
    *[rules.NotPairedBefore()] * 3,  # needs a history, which only some cohorts have
    rules.NotSameTeam(missing="allow"),
    rules.LevelGap(at_least=-2, at_most=3, senior="mentor", missing="allow"),
    rules.Different("organisation"),
    rules.Different("gender", missing="allow", purpose=WHY),
    rules.Same("languages", missing="allow"),
    rules.DifferentDepartment(),
    rules.OutsideManagementLine(levels=None),
    rules.LevelsBelow(at_least=1),
    rules.CoversMustTopics(),
    *[rules.NotVetoed()] * 2,  # needs a table, which only some cohorts have
    rules.CoolDown(months=12, on="2026-11-22"),
    rules.InCommon("languages", missing="allow"),
    rules.CommonSlots(at_least=1, missing="allow"),
    rules.TrainedFor(("technology",)),
    rules.OptedIn(missing="allow"),
    rules.Trained(of="mentees", missing="allow"),
    rules.ManagerAgrees(),
    rules.Confirmed("asks_for_match", of="mentees", missing="allow"),
    rules.NumberAtLeast("tenure", 1, missing="allow"),
    rules.ReferencesInOrder(missing="allow"),
    rules.EnoughHours(at_least=1, missing="allow"),
    rules.OptedIn(of="mentors"),
)
"""The gentler ones first: what is drawn oftenest should leave some pairs."""

LOAD_RULES: tuple[Any, ...] = (
    rules.Capacity(mentors=1),
    rules.Capacity(mentors=2, mentees=1),
    rules.Hours(missing="allow"),
    rules.Hours(),
    rules.Capacity(mentees=1),
    rules.Minimum(mentees=1),
)

GOALS: tuple[Any, ...] = (
    goals.TopicCoverage(weight=0.3),
    goals.SharedHobbies(weight=0.15),
    goals.Same("profession", weight=10, missing="zero"),
    goals.LevelGapTable({0: 0.25, 1: 0.75, 2: 1.0}, weight=2),
    goals.Closeness("utc_offset", scale=6, weight=1 / 3),
    goals.Overlap("interests", "interests", weight=0.2),
    goals.Overlap(
        "characteristics", "identity_to_match", weight=6, when="asks_for_match", missing="zero", purpose=WHY
    ),
    goals.Reciprocity(weight=0.1),
    goals.SharedTerms("languages", weight=1),
    goals.Closeness("tenure", scale=10, weight=5, missing="zero"),
    goals.TopicCoverage(weight=0.1, focus=1, mentors="interests", mentees="hobbies"),
    goals.Same("gender", weight=1, purpose=WHY),
    goals.PersonScore("reference_rating", weight=0.5),
    goals.WorkingStyle(weight=1 / 7),
    goals.LikelyToComplete(weight=0.4),
    goals.PastExperience(weight=0.2, missing="zero"),
    goals.Novelty(weight=2),
    goals.Preferences(weight=3),
    goals.Preferences(weight=0.5, of="mentees", missing="zero"),
)

COHORT_GOALS: tuple[Any, ...] = (
    goals.Spread("department"),
    goals.Spread("region", of="mentees", target="even", price=0.05),
    goals.Spread(["level", "opted_in"], of="mentees", price=1),
    goals.Spread("gender", of="pairs", price=2, purpose=WHY),
    goals.Spread("languages", target={"English": 0.6, "Deutsch": 0.5, "unknown": 0.2}, price=0.3),
    goals.Links("department", price=0.2),
    goals.EvenLoad(price=0.1),
    goals.EvenLoad(of="mentees", price=1 / 3),
    goals.DifferentPairs("team", share=0.8),
)

GROUP_RULES: tuple[Any, ...] = (
    rules.AtMost(1, where={"department": ["Sales", "IT"]}),
    rules.MentorsChosen(at_most=2),
    rules.AtLeast(1, where={"opted_in": True}, of="mentees"),
    rules.AtMost(1, where={"hobbies": "chess", "opted_in": True}, of="mentees"),
    rules.AtLeast(1, where={"region": ["north", "east", "south"]}),
    rules.AtMost(0, where={"level": [6, 5]}, of="mentees"),
)

STRICTNESS = (0.0, 1.0, 0.5, 0.8)


@dataclass(frozen=True)
class Case:
    """A cohort and a policy that fits it.

    Attributes
    ----------
    tables
        What the cohort was made from: with it a test can reorder rows or change a cell.
    cohort, policy
        The cohort, and the policy to match it by.
    """

    tables: Tables
    cohort: Cohort
    policy: Policy


@st.composite
def cases(
    draw: st.DrawFn,
    max_mentors: int = 4,
    max_mentees: int = 4,
    objective: st.SearchStrategy[tuple[str, ...]] | None = None,
    *,
    whole: bool = False,
) -> Case:
    """A cohort, sometimes with whole columns missing, and a policy that fits it.

    Parameters
    ----------
    max_mentors, max_mentees
        Most people per side.
    objective
        Strategy for the policy's objective; by default any valid order of tiers.
    whole
        Whether cohort goals and group rules are drawn too.
    """
    drawn = draw(tables(max_mentors, max_mentees, sparse=draw(st.booleans())))
    cohort = drawn.cohort()
    return Case(drawn, cohort, draw(policies(cohort, objective, whole=whole)))


@st.composite
def policies(
    draw: st.DrawFn,
    cohort: Cohort | None = None,
    objective: st.SearchStrategy[tuple[str, ...]] | None = None,
    *,
    whole: bool = False,
) -> Policy:
    """Policies of every built-in rule and goal, in any number and any valid objective order.

    Parameters
    ----------
    cohort
        A cohort that the policy is to fit: its columns decide what can be drawn, and rules and goals may
        name its people. Without one, the policy fits the cohorts of `tables` and names nobody.
    objective
        Strategy for the objective; by default any valid order of tiers.
    whole
        Whether cohort goals and group rules are drawn too.
    """
    named = [] if cohort is None else draw(_rules_by_name(cohort))
    pair_rules = draw(_some(_usable(PAIR_RULES, cohort), 0, draw(st.sampled_from((0, 0, 1, 1, 2)))))
    load_rules = draw(_some(_usable(LOAD_RULES, cohort), 0, 2)) if draw(st.booleans()) else []
    mentees = Defaults(draw(st.sampled_from((1, 2))), draw(st.sampled_from((0,) * 19 + (1,))))
    mentors = Defaults(draw(st.sampled_from((1, 1, 2, 3))))
    minimum = mentees.minimum > 0 or any(isinstance(r, rules.Minimum) and r.mentees for r in load_rules)
    given = () if objective is None else draw(objective)
    asked = draw(_some(_usable(COHORT_GOALS, cohort), 1 if "spread" in given else 0, 2)) if whole else []
    quotas = draw(_some(_usable(GROUP_RULES, cohort), 0, 2)) if whole and draw(st.booleans()) else []
    tiers = given or draw(objectives(minimum, spread=bool(asked)))
    weighed = bool(set(tiers) & set(WEIGHT_TIERS))
    aims = draw(_aims(cohort, 1 if weighed else 0))
    bar = draw(st.sampled_from((None, None, None, None, 0.0, 0.3))) if aims else None
    excepting = [label_of(rule) for rule in (*named, *pair_rules) if _is_exceptable(rule)]
    return Policy(
        rules=[*named, *pair_rules, *load_rules, *quotas],
        goals=[*aims, *asked],
        objective=tiers,
        minimum_weight=bar,
        seed=draw(st.integers(0, 3)),
        mentors=mentors,
        mentees=mentees,
        exceptions=draw(_exceptions(cohort, [*excepting, *([BAR] if bar else [])])),
    )


def _is_exceptable(rule: Any) -> bool:
    return has_methods(rule, PAIR_RULE) and rule.name != "not_failed"


@st.composite
def _exceptions(draw: st.DrawFn, cohort: Cohort | None, labels: list[str]) -> list[Any]:
    """Now and then some pairs are excepted from a rule."""
    if cohort is None or not labels or draw(st.integers(0, 3)) != 1:
        return []
    return [(draw(st.sampled_from(labels)), *pair) for pair in draw(_pairs(cohort, 4))]


def _some(pool: Sequence[Any], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    if not pool:
        return st.just([])
    return st.lists(st.sampled_from(pool), min_size=least, max_size=most, unique_by=_kind)


def _kind(part: Any) -> str:
    return label_of(part).split("(")[0] if isinstance(part, rules.Capacity | rules.Hours) else label_of(part)


def _usable(pool: Sequence[Any], cohort: Cohort | None) -> list[Any]:
    """The rules or goals that fit the cohort."""
    return [part for part in pool if cohort is None or not _findings(part, cohort)]


def _findings(part: Any, cohort: Cohort) -> list[Any]:
    needs = part.needs(cohort) if hasattr(part, "needs") else []
    return [*needs, *purpose_needed(cohort, label_of(part), part)]


def _aims(cohort: Cohort | None, least: int) -> st.SearchStrategy[list[Any]]:
    """Goals; the last resort of a cohort that no other fits is a table of scores."""
    fitting = _usable(GOALS, cohort)
    if cohort is None:
        return _some(fitting, least, 3)
    table = _scores(cohort)
    if not fitting:
        return table.map(lambda goal: [goal])
    with_table = st.builds(lambda some, goal: [*some, goal], _some(fitting, 0, 2), table)
    return st.one_of(
        with_table, with_table.map(list), _some(fitting, min(2, len(fitting)), 5), _some(fitting, least, 3)
    )


@st.composite
def _scores(draw: st.DrawFn, cohort: Cohort) -> Any:
    """A table of scores for most pairs, in which flexible people suit all and others the flexible only."""
    mentors, mentees = cohort.mentors.ids, cohort.mentees.ids
    strictness = draw(picks(len(mentors) + len(mentees), STRICTNESS, grain=5))
    left, right = strictness[: len(mentors)], strictness[len(mentors) :]
    known = draw(picks(len(mentors) * len(mentees), (True,) * 9 + (False,), grain=3))
    every = [
        (i, j, 1 - a * b)
        for i, a in zip(mentors, left, strict=True)
        for j, b in zip(mentees, right, strict=True)
    ]
    told = tuple(score for score, tell in zip(every, known, strict=True) if tell)
    return goals.Precomputed(told, weight=draw(st.sampled_from((3, 1, 20))))


@st.composite
def _rules_by_name(draw: st.DrawFn, cohort: Cohort) -> list[Any]:
    """Rules that name people: now and then some pairs are forbidden, have failed, or one is required."""
    dice = draw(st.integers(0, 9))
    found: list[Any] = []
    forbidden = draw(_pairs(cohort, 3)) if dice in (1, 2, 3) else []
    if forbidden:
        found.append(rules.Forbidden(tuple(forbidden)))
    required = [pair for pair in draw(_pairs(cohort, 1)) if pair not in forbidden] if dice in (3, 4) else []
    if required:
        found.append(rules.Required(tuple(required)))
    failed = draw(_pairs(cohort, 2)) if dice == 5 else []
    if failed:
        found.append(rules.NotFailed(tuple(failed)))
    return _usable(found, cohort)


def _pairs(cohort: Cohort, most: int) -> st.SearchStrategy[list[tuple[str, str]]]:
    every = [
        (mentor, mentee) for mentor in cohort.mentors.ids for mentee in cohort.mentees.ids if mentor != mentee
    ]
    return st.lists(st.sampled_from(every), max_size=most, unique=True) if every else st.just([])
