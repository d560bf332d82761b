"""No withheld group can be worked out: not from all tables together, nor with those that came before."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals
from pairmatch.audit import Audit, audit
from pairmatch.matching import Matching
from tests.auditing.adversary import Group, members, possible, told_and_withheld, worked_out

MANY = max(15, (settings.default.max_examples if settings.default else 0) // 5)

SIDES = ("mentors", "mentees")

TABLES: list[Any] = ["gender", "region", ("gender", "region"), "shift", ("region", "shift")]


class Case(NamedTuple):
    """A matching, a table beside it, and everybody's values in plain words."""

    matching: Matching
    data: pd.DataFrame
    cells: dict[str, list[dict[str, str]]]
    matched: dict[str, list[dict[str, str]]]
    wished: dict[str, list[dict[str, str]]]


def drawn(seed: int, spread: bool) -> Case:
    """Some people of a few groups, large and small, of whom some have no partner."""
    chance = np.random.default_rng(seed)
    frames, values = {}, {}
    for side, head in zip(SIDES, "me", strict=True):
        size = int(chance.integers(10, 45))
        shares = chance.dirichlet([1, 1, 0.3, 0.3])
        values[side] = pd.DataFrame(
            {
                "id": [f"{head}{k:02}" for k in range(size)],
                "gender": chance.choice(["f", "m", "x", "unknown"], size, p=shares),
                "region": chance.choice(["north", "south"], size, p=[0.7, 0.3]),
                "shift": chance.choice(["1", "2", "3"], size, p=[0.5, 0.3, 0.2]),
            }
        )
        frames[side] = (
            values[side]
            .drop(columns="shift")
            .assign(active=chance.random(size) < 0.95, tenure=chance.integers(0, 9, size).astype(float))
        )
    mentors, mentees = (frames[side]["id"].to_numpy() for side in SIDES)
    some = [(who, chance.choice(mentees), "mentor", 1) for who in mentors[chance.random(len(mentors)) < 0.5]]
    some += [(chance.choice(mentors), who, "mentee", 1) for who in mentees[chance.random(len(mentees)) < 0.7]]
    wishes = pd.DataFrame(some, columns=["mentor", "mentee", "by", "rank"])
    cohort = pm.Cohort(frames["mentors"], frames["mentees"], preferences=wishes)
    wanted: list[Any] = [goals.Closeness("tenure", scale=9, weight=1)]
    if spread:
        wanted += [goals.Spread("gender", of=side, price=0.1, purpose="fair access") for side in SIDES]
    matching = pm.match(cohort, pm.Policy(goals=wanted))
    data = pd.concat([values[side][["id", "shift"]] for side in SIDES])
    made = {pair.mentor for pair in matching.made} | {pair.mentee for pair in matching.made}
    cells = {
        side: values[side][frames[side]["active"]].drop(columns="id").to_dict("records") for side in SIDES
    }
    matched = {
        side: values[side][values[side]["id"].isin(made)].drop(columns="id").to_dict("records")
        for side in SIDES
    }
    wished = {
        side: values[side][
            values[side]["id"].isin(wishes.loc[wishes["by"] == side[:-1], side[:-1]]) & frames[side]["active"]
        ]
        .drop(columns="id")
        .to_dict("records")
        for side in SIDES
    }
    return Case(matching, data, cells, matched, wished)  # type: ignore[arg-type]


def check(case: Case, audits: list[Audit], *, at_once: bool) -> None:
    """What somebody with all these tables, and the matching's own, cannot know.

    Of tables told at once, no withheld figure, not even for who knows which groups nobody is in. What was
    told before cannot be taken back; then no figure about few people.
    """
    told, hidden = told_and_withheld(audits, wishes=False)
    own_told, own_hidden = groups_of(case.matching)
    whole: set[Group] = {(side, "", "") for side in SIDES}
    everything = told | own_told | whole
    hidden |= own_hidden
    assert not hidden & everything - whole
    for cells in (possible(case.cells), *([case.cells, case.matched] if at_once else [])):
        # A group of which everybody is, or nobody, is what the whole tells.
        there = {group for group in hidden - whole if 0 < sum(members(group, cells)) < size_of(group, cells)}
        secret = there if at_once else {group for group in there if is_few(group, case)}
        assert worked_out(everything, secret, cells) == []
    assert not [group for group in told - whole - own_told if is_few(group, case)]
    check_wishes(case, audits, told, at_once)


def check_wishes(case: Case, audits: list[Audit], told: set[Group], at_once: bool) -> None:
    """The same of wishes, which fewer people have."""
    told_wishes, hidden = told_and_withheld(audits, wishes=True)
    assert told_wishes <= told
    for group in told_wishes:
        size, most = sum(members(group, case.wished)), size_of(group, case.wished)
        assert most in (0, size) or min(size, most - size) >= 5
    there = {group for group in hidden if 0 < sum(members(group, case.wished)) < size_of(group, case.wished)}
    whole: set[Group] = {(side, "", "") for side in SIDES if (side, "", "") not in hidden}
    for cells in (possible(case.cells), *([case.wished] if at_once else [])):
        few = {g for g in there if at_once or sum(members(g, case.wished)) < 5}
        assert worked_out(told_wishes | whole, few, cells) == []


def is_few(group: Group, case: Case) -> bool:
    """Whether fewer than five belong to a group or have a partner, or fewer than five do not."""
    for cells in (case.cells, case.matched):
        size, most = sum(members(group, cells)), size_of(group, cells)
        if most and size < most and min(size, most - size) < 5:
            return True
    return False


def size_of(group: Group, cells: Any) -> int:
    """How many people the group's side has."""
    return sum(members((group[0], "", ""), cells))


def groups_of(matching: Matching) -> tuple[set[Group], set[Group]]:
    """The groups of ``matching.groups`` as an audit would name them."""
    told: set[Group] = set()
    hidden: set[Group] = set()
    for row in matching.groups.to_dict("records"):
        column, value = row["group"].partition(" with ")[2].split(" = ")
        (hidden if pd.isna(row["count"]) else told).add((row["of"], column, value))
    return told, hidden


@settings(max_examples=MANY)
@given(st.integers(0, 2**32), st.booleans(), st.permutations(TABLES), st.integers(0, 4))
def test_nothing_withheld_adds_up(seed: int, spread: bool, tables: list[Any], first: int) -> None:
    """In one call or two, of one side or both, whatever stands in ``matching.groups`` besides."""
    case = drawn(seed, spread)
    audits: list[Audit] = []
    for by in (tables[:first], tables[first:]):
        if by:
            audits += [
                audit(case.matching, by=by, of=side, data=case.data, beside=list(audits)) for side in SIDES
            ][:: 1 if seed % 2 else -1]
    check(case, audits, at_once=first == 0 and not spread)


def test_two_sides_asked_for_in_two_calls() -> None:
    """What is withheld is decided for both sides together, so that the second call adds nothing."""
    case = drawn(5, spread=False)
    check(case, [audit(case.matching, by=TABLES, of=side, data=case.data) for side in SIDES], at_once=True)


def test_a_large_cohort_with_many_groups() -> None:
    """Hundreds of people in dozens of groups."""
    chance = np.random.default_rng(1)
    size = 250
    frames = [
        pd.DataFrame(
            {
                "id": [f"{head}{k}" for k in range(size)],
                "tenure": chance.integers(0, 30, size).astype(float),
                "team": chance.integers(0, 24, size).astype(str),
                "region": chance.choice(list("abcdefgh"), size),
            }
        )
        for head in "me"
    ]
    matching = pm.match(pm.Cohort(*frames), pm.Policy(goals=[goals.Closeness("tenure", scale=30, weight=1)]))
    found = audit(matching, by=["team", "region"])
    told, hidden = told_and_withheld([found], wishes=False)
    assert told
    cells = {side: frames[k][["team", "region"]].to_dict("records") for k, side in enumerate(SIDES)}
    assert worked_out(told, hidden, {"mentees": cells["mentees"]}) == []  # type: ignore[dict-item]


@pytest.mark.parametrize("tables", [["gender"], TABLES])
def test_the_adversary_finds_what_is_told_too_much(tables: list[Any]) -> None:
    """With nothing withheld for the sake of others, small groups are worked out: the test can fail."""
    case = drawn(11, spread=False)
    audits = [audit(case.matching, by=tables, of=side, data=case.data) for side in SIDES]
    told, hidden = told_and_withheld(audits, wishes=False)
    small = {group for group in hidden if 0 < sum(members(group, case.cells)) < 5}
    assert small
    assert worked_out(
        told | (hidden - set(sorted(small)[:1])) | {(side, "", "") for side in SIDES}, small, case.cells
    )
