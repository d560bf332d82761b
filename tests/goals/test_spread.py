"""Spread: targets as anybody would work them out, and every message."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals
from pairmatch.cohort import Field
from pairmatch.goals.seats import seats
from pairmatch.groups import Places
from tests.own_parts import problems

SIX = Places(6, 6, 6)


def cohort(mentors: dict[str, Any], mentees: dict[str, Any] | None = None, **kinds: str) -> pm.Cohort:
    """A cohort with these columns; without mentees, one who has nothing."""
    schema = pm.Schema(
        fields={name: Field(kind, separator=";" if kind == "list" else None) for name, kind in kinds.items()}
    )
    return pm.Cohort(table("m", mentors), table("e", mentees or {"name": ["x"]}), schema=schema)


def table(letter: str, columns: dict[str, Any]) -> pd.DataFrame:
    """Columns with ids before them."""
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"id": [f"{letter}{k}" for k in range(count)], **columns})


def targets(goal: goals.Spread, of: pm.Cohort, places: Places = SIX) -> dict[str, int | None]:
    """Targets by group, without what is the same in each name."""
    return {group.name.split(" = ")[1]: group.target for group in goal.groups(of, places)}


def short(goal: goals.Spread, of: pm.Cohort, pairs: list[tuple[str, str]], places: Places = SIX) -> int:
    """How many are short, in the plain form."""
    return goal.shortfall(pd.DataFrame(pairs, columns=["mentor", "mentee"]), of, places)


def test_like_the_applicants() -> None:
    """Shares of those who take part, blank cells a group of their own, names as they were written."""
    region = ["North"] * 4 + ["south ", "South"] + [None] * 2
    assert targets(goals.Spread("region"), cohort({"region": region}), Places(4, 9, 9)) == {
        "North": 2,
        "South": 1,
        "unknown": 1,
    }


def test_evenly() -> None:
    """All known values alike; who left it blank has no target, and of equal remainders the first is up."""
    region = ["North", "South", "East", "North", "North", None]
    goal = goals.Spread("region", target="even")
    assert targets(goal, cohort({"region": region}), Places(4, 0, 0)) == {"East": 2, "North": 1, "South": 1}
    assert targets(goal, cohort({"region": [None, None]})) == {}


def test_as_named() -> None:
    """Only what is named has a target, in any spelling; a number or a flag as itself."""
    people = cohort(
        {"region": ["North", "South", "R&D"], "level": [3, 4, 4], "opted_in": ["yes", "no", "no"]}
    )
    named = goals.Spread("region", target={"NORTH": 0.5, "R and D": 1 / 3, "Narnia": 0.1})
    assert targets(named, people) == {"Narnia": 1, "North": 3, "R&D": 2}
    assert targets(goals.Spread("level", target={3: 0.5, "4": 0.5}), people) == {"3": 3, "4": 3}
    assert targets(goals.Spread("opted_in", target={True: 0.2, "false": 0.8}), people) == {"no": 5, "yes": 1}


def test_out_of_a_number() -> None:
    """The number that targets share out can be given, whatever can be matched."""
    people = cohort({"region": ["North", "South"]})
    assert targets(goals.Spread("region", out_of=100), people) == {"North": 50, "South": 50}


def test_lists_count_in_each_entry() -> None:
    """Who speaks two languages counts as a speaker of both; shares may then be more than one together."""
    people = cohort({"languages": ["English; Deutsch", "English", "English", None]})
    assert targets(goals.Spread("languages"), people, Places(4, 0, 0)) == {
        "Deutsch": 1,
        "English": 3,
        "unknown": 1,
    }
    both = goals.Spread("languages", target={"English": 1, "Deutsch": 0.5})
    assert both.needs(people) == []
    assert short(both, people, [("m0", "e0"), ("m1", "e0")], Places(2, 9, 9)) == 0


def test_intersections() -> None:
    """Of several columns a group is a combination, of which only those that exist are looked at."""
    people = cohort({"region": ["North", "North", "South"], "level": [1, 2, None]})
    assert targets(goals.Spread(["region", "level"]), people, Places(3, 0, 0)) == {
        "North & 1": 1,
        "North & 2": 1,
        "South & unknown": 1,
    }
    named = goals.Spread(["region", "level"], target={("north", 2): 0.5, "South & unknown": 0.5})
    assert targets(named, people, Places(4, 0, 0)) == {"North & 2": 2, "South & unknown": 2}


def test_pairs() -> None:
    """A pair's group is the mentor's value with the mentee's; its share the product of both sides'."""
    people = cohort({"region": ["N", "N", "S"]}, {"region": ["N", "S"]})
    goal = goals.Spread("region", of="pairs")
    assert targets(goal, people) == {"N -> N": 2, "N -> S": 2, "S -> N": 1, "S -> S": 1}
    made = [("m0", "e0"), ("m1", "e0"), ("m2", "e0"), ("m0", "e1")]
    assert short(goal, people, made) == 2
    named = goals.Spread("region", of="pairs", target={("n", "s"): 0.5, "S -> N": 0.25})
    assert targets(named, people, Places(9, 9, 4)) == {"N -> S": 2, "S -> N": 1}
    assert targets(goals.Spread("region", of="pairs", target="even"), people, Places(9, 9, 2)) == {
        "N -> N": 1,
        "N -> S": 1,
    }


def test_nobody_is_short_beyond_a_target() -> None:
    """Only what is missing counts, and a person counts once however many pairs they have."""
    people = cohort({"region": ["N", "N", "S"]}, {"region": ["N", "S", "S"]})
    goal = goals.Spread("region", target={"N": 0.5, "S": 0.5})
    assert short(goal, people, [("m0", "e0"), ("m0", "e1"), ("m1", "e2")], Places(4, 4, 4)) == 2
    assert short(goal, people, [], Places(4, 4, 4)) == 4


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: goals.Spread(""), {("bad_text", "column")}),
        (lambda: goals.Spread([]), {("bad_text", "column")}),
        (lambda: goals.Spread(["region", ""]), {("bad_text", "column")}),
        (lambda: goals.Spread(["region", "region"]), {("duplicate_column", "column")}),
        (lambda: goals.Spread("region", of="both"), {("bad_choice", "of")}),  # type: ignore[arg-type]
        (lambda: goals.Spread("region", target="equal"), {("bad_choice", "target")}),
        (lambda: goals.Spread("region", target={}), {("bad_group", "target")}),
        (lambda: goals.Spread("region", target={"N": 1.5}), {("bad_share", "target")}),
        (lambda: goals.Spread("region", target={"N": 0.5, "n": 0.5}), {("duplicate_group", "target")}),
        (lambda: goals.Spread("region", target={"": 0.5}), {("bad_group", "target")}),
        (lambda: goals.Spread("region", target={(("a",), "b"): 0.5}), {("bad_group", "target")}),
        (lambda: goals.Spread("region", target={(): 0.5}), {("bad_group", "target")}),
        (lambda: goals.Spread("region", of="pairs", target={"N": 0.5}), {("bad_group", "target")}),
        (
            lambda: goals.Spread("region", of="pairs", target={("a", "b", "c"): 0.5}),
            {("bad_group", "target")},
        ),
        (lambda: goals.Spread(["a", "b"], target={"N": 0.5}), {("bad_group", "target")}),
        (lambda: goals.Spread(["a", "b"], target={("N",): 0.5}), {("bad_group", "target")}),
        (lambda: goals.Spread("a", target={("N", "S"): 0.5}), {("bad_group", "target")}),
        (lambda: goals.Spread(["a", "b"], of="pairs", target={"N -> S": 0.5}), {("bad_group", "target")}),
        (lambda: goals.Spread("region", price=0), {("bad_number", "price")}),
        (lambda: goals.Spread("region", price=1e-9), {("bad_number", "price")}),
        (
            lambda: goals.Spread("region", out_of=0, purpose=" "),
            {("bad_integer", "out_of"), ("bad_text", "purpose")},
        ),
    ],
)
def test_bad_parameters(made: Any, expected: set[tuple[str, str]]) -> None:
    """Everything that is wrong with the parameters is told by name."""
    with pytest.raises(pm.PolicyError) as caught:
        made()
    assert problems(caught.value) == expected


def test_what_it_needs() -> None:
    """Columns of the side that it is of; shares that leave room; not as many groups as people."""
    people = cohort({"region": ["N", "S"]})
    assert [finding.code for finding in goals.Spread("region").needs(people)] == []
    assert [finding.side for finding in goals.Spread("region", of="pairs").needs(people)] == ["mentees"]
    above = goals.Spread("region", target={"N": 0.6, "S": 0.6}).needs(people)
    assert [finding.code for finding in above] == ["shares_above_one"]
    crowd = cohort({"team": [f"t{k}" for k in range(1001)]})
    (many,) = goals.Spread("team").needs(crowd)
    assert (many.code, many.hint) == (
        "too_many_groups",
        "'spread(team, mentors)' would have 1,001 groups, of which 1,000 at most can be handled; take a "
        "column with fewer values.",
    )


def test_values_that_nobody_has_are_remarked() -> None:
    """A target that can only be missed is told before anybody wonders; one of 0 is no target."""
    people = cohort({"region": ["N", "S"]})
    (remark,) = goals.Spread("region", target={"n": 0.5, "Narnia": 0.5, "Oz": 0}).remarks(people)
    assert remark.code == "nobody_in_group"
    assert "1 group that nobody is in" in remark.hint
    assert goals.Spread("region").remarks(people) == []


def test_values_with_marks_in_them_are_found() -> None:
    """'&' and '->' may stand in values: what exists is meant, whatever could be meant as well."""
    people = cohort({"region": ["N & S", "a -> b", "E"]}, {"region": ["c", "d"]})
    assert targets(goals.Spread("region", target={"n & s": 0.5, "a -> b": 0.5}), people) == {
        "N & S": 3,
        "a -> b": 3,
    }
    pairs = goals.Spread("region", of="pairs", target={"a -> b -> c": 0.5, ("a -> b", "d"): 0.5})
    assert pairs.needs(people) == []
    assert [group.target for group in pairs.groups(people, SIX)] == [3, 3]
    assert [int(group.pairs.cells.sum()) for group in pairs.groups(people, SIX) if group.pairs] == [1, 1]


def test_names_of_several_groups_are_refused() -> None:
    """Where a text can mean two groups nobody is dropped in silence: a tuple says which."""
    people = cohort({"one": ["a & b", "a"], "two": ["c", "b & c"]}, one="text", two="text")
    columns = ["one", "two"]
    (found,) = goals.Spread(columns, target={"a & b & c": 0.5}).needs(people)
    assert (found.code, found.column) == ("ambiguous_group", "target")
    assert "name it by a tuple" in found.hint
    clear = goals.Spread(columns, target={("a & b", "c"): 0.5, '["a", "b & c"]': 0.25})
    assert clear.needs(people) == []
    assert clear.remarks(people) == []
    first, second = clear.groups(people, SIX)
    assert (first.mentors.tolist(), second.mentors.tolist()) == ([1, 0], [0, 1])  # type: ignore[union-attr]
    assert first.name == "mentors with one & two = a & b & c"
    twice = goals.Spread("one", target={'["a & b"]': 0.5, "a & b": 0.25})
    assert [one.code for one in twice.needs(people)] == ["duplicate_group"]
    flags = cohort({"says": ["yes", "true"]}, says="text")
    assert [one.code for one in goals.Spread("says", target={"yes": 0.5}).needs(flags)] == ["ambiguous_group"]
    assert goals.Spread("says", target={("true",): 0.5, '["yes"]': 0.5}).needs(flags) == []


def test_groups_named_by_tuples_survive_a_policy_file(tmp_path: Path) -> None:
    """In a file a tuple that is no plain text is a JSON list."""
    policy = pm.Policy(goals=[goals.Spread(["a", "b"], target={("x & y", "z"): 0.5})], objective=["spread"])
    policy.write(tmp_path / "policy.toml")
    assert pm.Policy.read(tmp_path / "policy.toml") == policy


def test_a_cell_that_says_unknown_is_blank() -> None:
    """One group of that name, in all forms."""
    people = cohort({"region": ["N", "Unknown", None, "N"]})
    goal = goals.Spread("region")
    assert targets(goal, people, Places(4, 4, 4)) == {"N": 2, "unknown": 2}
    assert short(goal, people, [("m0", "e0"), ("m1", "e0")], Places(4, 4, 4)) == 2
    assert targets(goals.Spread("region", target="even"), people, Places(4, 4, 4)) == {"N": 4}


def test_an_even_target_over_nothing_is_remarked() -> None:
    """Where everybody left the cell blank there is nothing to spread over."""
    (remark,) = goals.Spread("region", target="even").remarks(cohort({"region": [None, "unknown"]}))
    assert (remark.code, remark.column) == ("goal_without_effect", "region")
    assert goals.Spread("region", target="even").remarks(cohort({"region": [None, "x"]})) == []


def test_few_of_a_protected_group_are_not_counted() -> None:
    """Whether three or nobody at all is what it is not for a remark to tell (law §12)."""
    people = cohort({"gender": ["a"] * 9 + ["b"] * 3})
    for value in ("b", "nobody"):
        goal = goals.Spread("gender", target={"a": 0.5, value: 0.5}, purpose="x")
        (remark,) = goal.remarks(people)
        assert "1 group that fewer than 5 people are in, perhaps nobody" in remark.hint


def test_sensitive_fields_need_a_purpose() -> None:
    """Spreading over gender is a use of gender, and a policy says why (law §12)."""
    people = cohort({"gender": ["a", "b"]})
    policy = pm.Policy(goals=[goals.Spread("gender")], objective=["mentees", "spread"])
    with pytest.raises(pm.PolicyError, match="needs_purpose"):
        policy.check(people)
    pm.Policy(goals=[goals.Spread("gender", purpose="a wide spectrum")]).check(people)


def test_described_in_words() -> None:
    """Each way of aiming reads differently."""
    told = [
        goals.Spread("region", target=target).description  # type: ignore[arg-type]
        for target in ("applicants", "even", {"N": 0.5})
    ]
    assert told == [
        "the mentors of the matching are spread over 'region' like the applicants",
        "the mentors of the matching are spread over 'region' evenly",
        "the mentors of the matching are spread over 'region' as asked",
    ]


SHARES = st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(any)


@given(counts=SHARES, number=st.integers(0, 50))
def test_seats_are_as_fair_as_whole_numbers_can_be(counts: list[int], number: int) -> None:
    """They add up, each is its quota rounded down or up, and no other rounding is nearer in all."""
    quotas = [Fraction(count * number, sum(counts)) for count in counts]
    found = seats(quotas)
    assert sum(found) == number
    assert all(
        math.floor(quota) <= seat <= math.ceil(quota) for quota, seat in zip(quotas, found, strict=True)
    )
    down = [quota - math.floor(quota) for quota, seat in zip(quotas, found, strict=True) if seat < quota]
    up = [quota - math.floor(quota) for quota, seat in zip(quotas, found, strict=True) if seat > quota]
    assert max(down, default=Fraction(0)) <= min(up, default=Fraction(1))


@given(
    region=st.lists(st.sampled_from(("N", "S", "E", None)), min_size=1, max_size=7),
    chosen=st.sets(st.integers(0, 6)),
    number=st.integers(0, 6),
)
def test_plain_pandas_agrees(region: list[str | None], chosen: set[int], number: int) -> None:
    """Shortfall against a few lines of pandas that know nothing of the library."""
    people = cohort({"region": region})
    taken = sorted(k for k in chosen if k < len(region))
    told = pd.Series(region, dtype=object).fillna("unknown")
    exact = told.value_counts() * number / len(told)
    aim = exact.apply(math.floor)
    rank = pd.DataFrame({"left": -(exact - aim).round(9), "blank": aim.index == "unknown", "name": aim.index})
    first = rank.sort_values(["left", "blank", "name"]).index[: number - int(aim.sum())]
    aim.loc[first] += 1
    there = told.iloc[taken].value_counts().reindex(aim.index, fill_value=0)
    expected = int((aim - there).clip(lower=0).sum())
    pairs = [(f"m{k}", "e0") for k in taken]
    assert short(goals.Spread("region"), people, pairs, Places(number, 9, 9)) == expected
