"""Quotas: whom they count, what breaks them, and every message."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import rules
from pairmatch.groups import Places
from tests.own_parts import problems

ANY = Places(9, 9, 9)


def cohort() -> pm.Cohort:
    """Four mentors and two mentees."""
    mentors = pd.DataFrame(
        {
            "id": ["m0", "m1", "m2", "m3"],
            "region": ["North", "south ", "NORTH", None],
            "level": [3, 4, None, 4],
            "languages": ["English; Deutsch", "Deutsch", "English", None],
            "opted_in": ["yes", "no", None, "yes"],
        }
    )
    return pm.Cohort(mentors, pd.DataFrame({"id": ["e0", "e1"], "region": ["North", "South"]}))


def counted(rule: Any, of: pm.Cohort | None = None) -> list[str]:
    """Whom a quota counts, by the group form; the plain form must say the same."""
    people = (of or cohort()).side(rule.of)
    (group,) = rule.groups(of or cohort(), ANY)
    numbers = getattr(group, rule.of)
    assert [bool(n) for n in numbers] == [rule.counts(person) for person in people]
    return [name for name, n in zip(people.ids, numbers, strict=True) if n]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"region": "north"}, ["m0", "m2"]),
        ({"region": ["north", "South"]}, ["m0", "m1", "m2"]),
        ({"region": "unknown"}, ["m3"]),
        ({"region": None}, ["m3"]),
        ({"level": 4}, ["m1", "m3"]),
        ({"level": ["3", 4.0]}, ["m0", "m1", "m3"]),
        ({"languages": "english"}, ["m0", "m2"]),
        ({"languages": ["English", "Deutsch"]}, ["m0", "m1", "m2"]),
        ({"opted_in": True}, ["m0", "m3"]),
        ({"opted_in": ["false", None]}, ["m1", "m2"]),
        ({"region": "north", "languages": "Deutsch"}, ["m0"]),
        ({"region": "Narnia"}, []),
    ],
)
def test_whom_it_counts(where: dict[str, Any], expected: list[str]) -> None:
    """All columns must fit; of several values, or of several entries in a list, one is enough."""
    assert counted(rules.AtLeast(1, where=where)) == expected


def test_at_least() -> None:
    """Too few is told with the rule and the count; nobody counts twice."""
    rule = rules.AtLeast(2, where={"region": "North"})
    (group,) = rule.groups(cohort(), ANY)
    assert (group.name, group.least, group.most) == ("mentors with region = North", 2, None)
    assert rule.broken([("m0", "e0"), ("m2", "e1")], cohort()) == []
    (found,) = rule.broken([("m0", "e0"), ("m0", "e1"), ("m1", "e1")], cohort())
    assert (found.code, found.side) == ("too_few", "mentors")
    assert found.hint == (
        "the rule 'at_least(2 mentors, region = North)' asks for 2 at least, 1 of them has a pair"
    )


def test_at_most() -> None:
    """Too many is told likewise, of either side."""
    rule = rules.AtMost(0, where={"region": "South"}, of="mentees")
    (group,) = rule.groups(cohort(), ANY)
    assert (group.name, group.least, group.most) == ("mentees with region = South", None, 0)
    assert group.mentors is None
    assert rule.broken([("m0", "e0")], cohort()) == []
    (found,) = rule.broken([("m0", "e1")], cohort())
    assert (found.code, found.side) == ("too_many", "mentees")


def test_mentors_chosen() -> None:
    """Mentors with a pair are counted, however many they have."""
    rule = rules.MentorsChosen(at_most=1)
    assert rule.broken([("m0", "e0"), ("m0", "e1")], cohort()) == []
    (found,) = rule.broken([("m0", "e0"), ("m1", "e1")], cohort())
    assert (found.code, found.hint) == (
        "too_many",
        "the rule 'mentors_chosen' allows 1 mentor at most, 2 have a pair",
    )


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: rules.AtLeast(0, where={"a": 1}), {("bad_integer", "n")}),
        (lambda: rules.AtMost(-1, where={"a": 1}), {("bad_integer", "n")}),
        (lambda: rules.AtMost(1.5, where={}), {("bad_integer", "n"), ("bad_where", "where")}),  # type: ignore[arg-type]
        (lambda: rules.AtMost(1, where="region"), {("bad_where", "where")}),  # type: ignore[arg-type]
        (lambda: rules.AtMost(1, where={"region": []}), {("bad_where", "where")}),
        (lambda: rules.AtMost(1, where={"region": {"a": 1}}), {("bad_where", "where")}),
        (lambda: rules.AtMost(1, where={"region": " "}), {("bad_where", "where")}),
        (lambda: rules.AtMost(1, where={3: "a"}), {("bad_where", "where")}),
        (lambda: rules.AtMost(1, where={"level": float("nan")}), {("bad_where", "where")}),
        (lambda: rules.AtMost(1, where={"a": 1}, of="pairs"), {("bad_choice", "of")}),  # type: ignore[arg-type]
        (lambda: rules.AtMost(1, where={"a": 1}, purpose=""), {("bad_text", "purpose")}),
        (lambda: rules.MentorsChosen(at_most=0), {("bad_integer", "at_most")}),
    ],
)
def test_bad_parameters(made: Any, expected: set[tuple[str, str]]) -> None:
    """Everything that is wrong with the parameters is told by name."""
    with pytest.raises(pm.PolicyError) as caught:
        made()
    assert problems(caught.value) == expected


def test_what_it_needs() -> None:
    """The columns of the side that is counted, and a purpose where they are protected (law §12)."""
    assert rules.AtMost(1, where={"level": 4}).needs(cohort()) == []
    (found,) = rules.AtMost(1, where={"level": 4}, of="mentees").needs(cohort())
    assert (found.code, found.side) == ("absent_column", "mentees")
    people = pm.Cohort(
        pd.DataFrame({"id": ["a"], "gender": ["x"]}), pd.DataFrame({"id": ["b"], "gender": ["x"]})
    )
    quota = {"n": 1, "where": {"gender": "x"}}
    with pytest.raises(pm.PolicyError, match="needs_purpose"):
        pm.Policy(rules=[rules.AtLeast(**quota)], objective=["mentees"]).check(people)  # type: ignore[arg-type]
    allowed = rules.AtLeast(**quota, purpose="nobody is alone")  # type: ignore[arg-type]
    pm.Policy(rules=[allowed], objective=["mentees"]).check(people)


def test_values_that_nobody_has_are_remarked() -> None:
    """A slip of the pen is told with the rule, and without a word of the profiles (law §11)."""
    remarks = rules.AtMost(1, where={"region": ["Nroth", "South"], "level": 9}).remarks(cohort())
    assert [(remark.code, remark.column) for remark in remarks] == [
        ("nobody_in_group", "level"),
        ("nobody_in_group", "region"),
    ]
    assert "look at its spelling" in remarks[0].hint
    assert rules.AtMost(1, where={"languages": "deutsch"}).remarks(cohort()) == []


def test_values_that_a_column_cannot_hold_are_refused() -> None:
    """A text where numbers stand counts nobody, ever; the column is told, and nobody's value."""
    (found,) = rules.AtLeast(1, where={"level": ["senior", "4", None]}).needs(cohort())
    assert (found.code, found.column) == ("wrong_value", "level")
    assert found.hint.endswith("compares 'senior' with 'level', a column of numbers.")
    (found,) = rules.AtLeast(1, where={"opted_in": ["maybe", True]}).needs(cohort())
    assert found.hint.endswith("compares 'maybe' with 'opted_in', a column of yes and no.")
    assert rules.AtLeast(1, where={"opted_in": ["false", "unknown"], "level": "4.0"}).needs(cohort()) == []


def test_a_cell_that_says_unknown_is_blank() -> None:
    """Both are counted by the one word."""
    people = pd.DataFrame({"id": list("abc"), "region": ["Unknown", None, "North"]})
    asked = pm.Cohort(people, people.assign(id=list("xyz")))
    assert counted(rules.AtLeast(1, where={"region": "unknown"}), asked) == ["a", "b"]


def test_how_many_of_a_protected_group_nobody_is_told() -> None:
    """Neither by what is broken nor by a remark (law §12)."""
    people = pd.DataFrame({"id": list("abcdefgh"), "gender": ["f"] * 2 + ["m"] * 6})
    asked = pm.Cohort(people, people.assign(id=list("stuvwxyz")))
    few, most = ({"where": {"gender": who}, "purpose": "x"} for who in ("f", "m"))
    (found,) = rules.AtLeast(2, **few).broken([("a", "s")], asked)  # type: ignore[arg-type]
    assert found.hint.endswith("asks for 2 at least, fewer of them have a pair")
    (found,) = rules.AtMost(0, **few).broken([("a", "s")], asked)  # type: ignore[arg-type]
    assert found.hint.endswith("allows 0 at most, more of them have a pair")
    (remark,) = rules.AtMost(2, **few).remarks(asked)  # type: ignore[arg-type]
    assert remark.hint.startswith("fewer than 5, perhaps none, of the mentors have a value")
    (again,) = rules.AtMost(2, where={"gender": "nobody"}, purpose="x").remarks(asked)
    assert again.hint.replace("nobody", "f") == remark.hint
    assert rules.AtMost(2, **most).remarks(asked) == []  # type: ignore[arg-type]


def test_the_same_in_python_and_in_a_file() -> None:
    """A value and a list of one value are the same quota; so are two orders of columns."""
    one = rules.AtLeast(1, where={"region": "North", "level": [3, 4]})
    other = rules.AtLeast(1, where={"level": (4, 3), "region": ["North"]})
    assert one == other
    assert hash(one) == hash(other)
    assert one.label == "at_least(1 mentors, level = 3 or 4, region = North)"
    assert one.description == "at least 1 mentor with level = 3 or 4, region = North has a pair"
