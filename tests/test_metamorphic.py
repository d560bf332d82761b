"""Whole policies under small changes: what must not change does not, and what must not fall does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cohort import Block, Cohort
from pairmatch.parameters import PAIR_RULE, has_methods, label_of
from pairmatch.policy import Policy
from pairmatch.problem import RESOLUTION
from pairmatch.scoring import Scorer, build, fit
from pairmatch.testing import policy_strategies
from pairmatch.testing.policy_strategies import Case, cases
from pairmatch.testing.table_strategies import reorderings, tables
from pairmatch.testing.tables import Tables

pytestmark = pytest.mark.untraced

Weights = dict[tuple[str, str], int]


def everything(cohort: Cohort) -> Policy:
    """A policy of every goal and every pair rule of the library, if it fits the cohort."""
    mentors, mentees = cohort.mentors.ids, cohort.mentees.ids
    pairs = [(mentors[0], mentees[-1]), (mentors[-1], mentees[0])]
    scored = goals.Precomputed([(*pair, k / 3) for k, pair in enumerate(dict.fromkeys(pairs), 1)], weight=1)
    named = [rules.Forbidden(pairs), rules.NotFailed(pairs)] if all(a != b for a, b in pairs) else []
    parts = {label_of(part): part for part in reversed((*policy_strategies.PAIR_RULES, *named))}
    policy = Policy(goals=[*policy_strategies.GOALS, scored], rules=list(parts.values()))
    try:
        policy.check(cohort)
    except pm.PolicyError:
        assume(False)
    return policy


def scorer(cohort: Cohort, policy: Policy, *, of: Cohort | None = None) -> Scorer:
    """The scorer of a cohort, with what was learnt from it or from another one."""
    return Scorer(cohort, policy, fit(of or cohort, policy))


def weights(scorer: Scorer) -> Weights:
    """Every pair's weight, by ids."""
    return by_ids(scorer.cohort, scorer.weight(Block.whole(scorer.cohort)))


def forbidden(scorer: Scorer) -> dict[str, dict[tuple[str, str], bool]]:
    """For each rule, by ids, what it forbids."""
    every = scorer.forbidding(Block.whole(scorer.cohort))
    return {label: by_ids(scorer.cohort, pairs) for label, pairs in every}


def by_ids(cohort: Cohort, values: Any) -> dict[tuple[str, str], Any]:
    """A matrix as a mapping from pairs of ids."""
    mentors, mentees = cohort.mentors.ids, cohort.mentees.ids
    rows = values.tolist()
    return {(a, b): rows[i][j] for i, a in enumerate(mentors) for j, b in enumerate(mentees)}


def settled(drawn: Tables) -> Tables:
    """The same people with everybody's lines in a chart of their own, so that who joins changes no line."""
    chart = drawn.cohort().organisation
    known = () if chart is None else chart.ids
    people = [*drawn.mentors["id"], *drawn.mentees["id"]]
    direct = {name: chart.manager(name) if chart else None for name in (*known, *people)}
    lines = [(name, manager or "the top", "direct") for name, manager in direct.items()]
    lines += [line for line in (chart.lines if chart else ()) if line[2] == "dotted"]
    rows = [("the top", None, "direct"), *lines]
    org = {name: [row[k] for row in rows] for k, name in enumerate(("id", "manager", "type"))}
    return replace(drawn, org=org, outside_managers="error")


def with_entry(drawn: Tables, side: str, row: int, column: str, entry: str) -> Tables:
    """The same people, one of whom names one more entry."""
    cells = dict(getattr(drawn, side))
    cells[column] = [f"{cell}; {entry}" if k == row else cell for k, cell in enumerate(cells[column])]
    return replace(drawn, **{side: cells})


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A part, a policy or a table with other ids in it."""
    if isinstance(value, str):
        return "; ".join(names.get(entry, entry) for entry in value.split("; "))
    if isinstance(value, Mapping):
        return {key: renamed(cells, names) for key, cells in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(renamed(entry, names) for entry in value)
    return value


def with_other_ids(case: Case) -> tuple[Case, dict[str, str]]:
    """The same case with other ids, and which id became which."""
    drawn = case.tables
    chart = case.cohort.organisation
    people = dict.fromkeys([*drawn.mentors["id"], *drawn.mentees["id"], *(chart.ids if chart else ())])
    names = {old: f"person {len(people) - k:03}" for k, old in enumerate(people)}
    held = ("id", "manager", "dotted_managers", "mentor", "mentee")
    changed = {}
    for field in fields(drawn):
        cells = getattr(drawn, field.name)
        if isinstance(cells, Mapping) and field.name != "fields":
            changed[field.name] = {c: renamed(v, names) if c in held else v for c, v in cells.items()}
    other = replace(drawn, **changed)
    parts = {
        room: [with_other_pairs(p, names) for p in getattr(case.policy, room)] for room in ("rules", "goals")
    }
    return Case(other, other.cohort(), replace(case.policy, **parts)), names


def with_other_pairs(part: Any, names: Mapping[str, str]) -> Any:
    """A rule or goal that names pairs, with other ids."""
    held = {name: getattr(part, name) for name in ("pairs", "scores") if hasattr(part, name)}
    return replace(part, **renamed(held, names)) if held and is_dataclass(part) else part


def resting(drawn: Tables, side: str) -> Tables:
    """The same people, and one more who does not take part and is otherwise like the first of the table."""
    cells = {name: [*column, column[0]] for name, column in getattr(drawn, side).items()}
    active = list(cells.get("active", ["yes"] * len(cells["id"])))
    cells |= {"id": [*cells["id"][:-1], "newcomer"], "active": [*active[:-1], "no"]}
    return replace(drawn, **{side: cells})


WHOLE = tables().map(settled)


def test_no_rule_or_goal_is_forgotten() -> None:
    """Every pair goal and every pair rule of the registries stands in the policies of these tests."""
    scored = {goal.name for goal in policy_strategies.GOALS} | {"precomputed"}
    judged = {rule.name for rule in policy_strategies.PAIR_RULES} | {"forbidden", "not_failed"}
    whole = {name for name, made in goals.REGISTRY.items() if hasattr(made, "shortfall")}
    assert scored == set(goals.REGISTRY) - whole
    assert judged == {name for name, made in rules.REGISTRY.items() if has_methods(made, PAIR_RULE)}


@given(tables())
def test_contributions_sum_to_the_weight(drawn: Tables) -> None:
    """In whole units, for every pair, by blocks and one by one; each from 0, the weight up to 1 (law §4)."""
    cohort = drawn.cohort()
    whole = scorer(cohort, everything(cohort))
    scored = whole.score(Block.whole(cohort))
    parts = [*scored.contributions.values()]  # none where nobody takes part
    assert {part.dtype.kind for part in (*parts, scored.weight)} == {"i"}
    assert all((part >= 0).all() for part in parts)
    assert np.array_equal(sum(parts, np.zeros(cohort.shape, np.int64)), scored.weight)
    assert scored.weight.max() <= RESOLUTION
    for mentor in cohort.mentors:
        for mentee in cohort.mentees:
            pair = whole.pair(mentor, mentee)
            assert pair.weight == sum(pair.contributions.values())
            assert pair.weight == by_ids(cohort, scored.weight)[mentor.id, mentee.id]


def taught_one_more(drawn: Tables, cohort: Cohort, data: st.DataObject) -> tuple[tuple[str, str], Tables]:
    """A mentor who offers something begins to offer a topic that a mentee wants."""
    rooms = [
        (i, j, term.label)
        for i, offered in enumerate(cohort.mentors.terms("topics_offered"))
        for j, wanted in enumerate(cohort.mentees.terms("topics_wanted"))
        for term in wanted
        if offered and term.key not in {other.key for other in offered}
    ]
    assume(rooms)
    i, j, topic = data.draw(st.sampled_from(rooms))
    able = data.draw(st.sampled_from(("1", "0.5", "0.001")))
    pair = cohort.mentors.ids[i], cohort.mentees.ids[j]
    return pair, with_entry(drawn, "mentors", i, "topics_offered", f"{topic}:{able}")


def taken_up_together(drawn: Tables, cohort: Cohort, data: st.DataObject) -> tuple[tuple[str, str], Tables]:
    """A mentor and a mentee who name hobbies take up one more, which neither had."""
    ours, theirs = cohort.mentors.terms("hobbies"), cohort.mentees.terms("hobbies")
    rooms = [(i, j) for i, mine in enumerate(ours) for j, others in enumerate(theirs) if mine and others]
    assume(rooms)
    i, j = data.draw(st.sampled_from(rooms))
    hobby = data.draw(st.sampled_from(("bell ringing", "Chess", "bouldering", "opera", "photograpy")))
    key = cohort.thesaurus.key(hobby)
    assume(key not in {term.key for term in (*ours[i], *theirs[j])})
    pair = cohort.mentors.ids[i], cohort.mentees.ids[j]
    half = with_entry(drawn, "mentors", i, "hobbies", hobby)
    return pair, with_entry(half, "mentees", j, "hobbies", hobby)


Change = Callable[[Tables, Cohort, st.DataObject], tuple[tuple[str, str], Tables]]


@pytest.mark.parametrize("change", [taught_one_more, taken_up_together], ids=lambda change: change.__name__)
@given(drawn=tables(), data=st.data())
def test_one_more_shared_topic_never_lowers_the_weight(
    change: Change, drawn: Tables, data: st.DataObject
) -> None:
    """A topic offered and wanted, a hobby of both: with the values that were learnt before (law §4)."""
    cohort = drawn.cohort()
    policy = everything(cohort)
    # Hobbies as wishes, which one of the drawn goals makes of them, are not shared by taking up one.
    kept = [goal for goal in policy.goals if getattr(goal, "fields", ()) != ("interests", "hobbies")]
    policy = replace(policy, goals=kept)
    pair, changed = change(drawn, cohort, data)
    before, after = weights(scorer(cohort, policy)), weights(scorer(changed.cohort(), policy, of=cohort))
    event("rises" if after[pair] > before[pair] else "stays")
    assert after[pair] >= before[pair]
    others = [other for other in before if other[0] != pair[0] and other[1] != pair[1]]
    assert {other: after[other] for other in others} == {other: before[other] for other in others}


@given(WHOLE, st.sampled_from(("mentors", "mentees")), st.integers(0, 3))
def test_a_joiner_changes_no_other_weight(drawn: Tables, side: str, row: int) -> None:
    """With the values learnt before, the pairs of the others keep their weights and their rules (law §3)."""
    rows = {name: [*range(count)] for name, count in zip(("mentors", "mentees"), drawn.shape, strict=True)}
    assume(row < len(rows[side]) > 1)
    rows[side].remove(row)
    earlier, later = drawn.rows(rows["mentors"], rows["mentees"]).cohort(), drawn.cohort()
    policy = everything(earlier)
    assert_same_pairs(scorer(earlier, policy), scorer(later, policy, of=earlier))


@given(tables().flatmap(lambda drawn: st.tuples(st.just(drawn), reorderings(drawn))))
def test_row_order_changes_nothing(drawn: tuple[Tables, Tables]) -> None:
    """What is learnt, weighed and forbidden is the same, and so is the solver's problem (law §8)."""
    first, second = (tables.cohort() for tables in drawn)
    policy = everything(first)
    assert fit(first, policy) == fit(second, policy)
    assert_same_pairs(scorer(first, policy), scorer(second, policy))
    assert_same_problem(first, second, replace(policy, rules=[]))


@given(WHOLE, st.sampled_from(("mentors", "mentees")))
def test_who_does_not_take_part_changes_nothing(drawn: Tables, side: str) -> None:
    """One more inactive person: the same is learnt, weighed and forbidden, and solved (law §3)."""
    first, second = drawn.cohort(), resting(drawn, side).cohort()
    policy = everything(first)
    assert fit(first, policy) == fit(second, policy)
    assert_same_pairs(scorer(first, policy), scorer(second, policy))
    assert_same_problem(first, second, replace(policy, rules=[]))


@given(WHOLE, st.sampled_from(("mentors", "mentees")), st.sampled_from(("no", None)))
def test_who_is_not_eligible_changes_nothing(drawn: Tables, side: str, opted_in: str | None) -> None:
    """One more person who did not opt in, or does not say so: nothing else is learnt or weighed (law §3)."""
    whole = replace(
        drawn, **{s: {**getattr(drawn, s), "opted_in": ["yes"] * drawn.shape[k]} for k, s in SIDES}
    )
    cells = resting(whole, side)
    newcomer = {**getattr(cells, side)}
    newcomer["active"] = [*newcomer["active"][:-1], "yes"]
    newcomer["opted_in"] = [*newcomer["opted_in"][:-1], opted_in]
    first, second = whole.cohort(), replace(cells, **{side: newcomer}).cohort()
    policy = replace(everything(first), rules=[rules.OptedIn()])
    assert fit(first, policy) == fit(second, policy)
    assert_same_pairs(scorer(first, policy), scorer(second, policy))


SIDES = ((0, "mentors"), (1, "mentees"))


def assert_same_pairs(first: Scorer, second: Scorer) -> None:
    """The pairs of the first cohort are weighed and forbidden in the second as they were."""
    before, after = weights(first), weights(second)
    assert {pair: after[pair] for pair in before} == before
    barred = forbidden(second)
    for label, pairs in forbidden(first).items():
        assert {pair: barred[label][pair] for pair in pairs} == pairs


def assert_same_problem(first: Cohort, second: Cohort, policy: Policy) -> None:
    """The solver is given the same pairs, weights and loads."""
    one, other = (build(cohort, policy, fit(cohort, policy)).problem for cohort in (first, second))
    for name in ("mentor", "mentee", "weight", "must_match"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert np.array_equal(one.loads.mentor_capacity, other.loads.mentor_capacity)
    assert np.array_equal(one.loads.mentee_capacity, other.loads.mentee_capacity)


@given(tables())
def test_ids_are_names_and_nothing_more(drawn: Tables) -> None:
    """With other ids, what is learnt, weighed and forbidden is the same (law §1)."""
    cohort = drawn.cohort()
    case = Case(drawn, cohort, everything(cohort))
    other, names = with_other_ids(case)
    first, second = scorer(cohort, case.policy), scorer(other.cohort, other.policy)
    assert fit(cohort, case.policy) == fit(other.cohort, other.policy)
    assert {(names[a], names[b]): weight for (a, b), weight in weights(first).items()} == weights(second)
    barred = forbidden(second)
    for label, pairs in forbidden(first).items():
        assert {(names[a], names[b]): bar for (a, b), bar in pairs.items()} == barred[label]


def values(case: Case) -> dict[str, float] | str:
    """What a matching reaches in each tier, or that there is none."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return "infeasible"
    return {tier: claim.value for tier, claim in matching.certificate.items()}


ORDERS = (("must_match", "mentees", "total"), ("pairs", "worst", "total"))
CHANGES = ("other ids", "other rows", "one who rests")


@given(cases(objective=st.sampled_from(ORDERS)), st.sampled_from(CHANGES), st.data())
def test_a_matching_is_as_good_whatever_people_are_called(
    case: Case, change: str, data: st.DataObject
) -> None:
    """Other ids, another order of rows, one more inactive person: the same value in every tier (law §8)."""
    whole = settled(case.tables)
    case = Case(whole, whole.cohort(), case.policy)
    if change == "other ids":
        other = with_other_ids(case)[0]
    else:
        changed = data.draw(reorderings(whole)) if change == "other rows" else resting(whole, "mentors")
        other = Case(changed, changed.cohort(), case.policy)
    assert values(case) == values(other)
