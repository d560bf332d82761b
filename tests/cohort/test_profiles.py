"""Profiles and persons: kinds of fields, names of fields, missing cells."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pairmatch.cohort import Cohort, Field, Schema, Term
from pairmatch.errors import CallError
from pairmatch.terms import Thesaurus
from tests.cohort.tables import codes_of, cohort, frame, mentees, mentors


def keys(terms: tuple[Term, ...]) -> list[str]:
    """The keys of some terms."""
    return [term.key for term in terms]


def test_numbers() -> None:
    """Numbers come from every numeric cell and from plain digits; blank is NaN, and None for a person."""
    people = Cohort(
        frame(id=list("abcdef"), tenure=["1.5", 2, np.float32(0.5), Decimal("3.5"), None, " 1e1 "]), mentees()
    ).mentors
    np.testing.assert_array_equal(people.number("tenure"), [1.5, 2, 0.5, 3.5, np.nan, 10])
    assert people.person(4)["tenure"] is None
    assert people.person(0)["tenure"] == 1.5
    assert people.has("tenure").tolist() == [True, True, True, True, False, True]


def test_flags() -> None:
    """Flags are read from words and truth values; who leaves active blank takes part."""
    cells = ["YES", "n", True, np.False_, 1, 0.0, None, "True", "0"]
    people = Cohort(frame(id=list("abcdefghi"), active=cells), mentees()).mentors
    assert people.flag("active").tolist() == [1, 0, 1, 0, 1, 0, -1, 1, 0]
    assert people.active.tolist() == [True, False, True, False, True, False, True, True, False]
    assert [person["active"] for person in people][5:8] == [False, None, True]
    assert [person.active for person in people] == people.active.tolist()


def test_nobody_says_active() -> None:
    """Without the column, everybody takes part."""
    people = cohort().mentors
    assert people.active.tolist() == [True, True]
    assert people.person(0).active


def test_texts() -> None:
    """Texts keep their spelling; numbers and dates from a frame become the texts that a file would hold."""
    cells: list[Any] = [
        " Sales ",
        17,
        18.0,
        2.5,
        datetime.date(2026, 1, 2),
        np.int64(3),
        True,
        None,
        "",
        float("nan"),
        pd.NA,
    ]
    people = Cohort(frame(id=range(11), team=cells), mentees()).mentors
    assert people.text("team").tolist() == [
        "Sales",
        "17",
        "18",
        "2.5",
        "2026-01-02",
        "3",
        "True",
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "Chess; GO|chess ;;",
        ["Chess", " GO ", "chess", None],
        ("Chess", "GO"),
        np.array(["Chess", "GO"]),
        {"Chess", "GO"},
    ],
    ids=["text", "list", "tuple", "array", "set"],
)
def test_lists(cell: Any) -> None:
    """A list is read from a text or any sequence; the same term twice is one, under its first label."""
    people = Cohort(frame({"id": "m", "hobbies": cell}), mentees()).mentors
    assert people.terms("hobbies") == ((Term("chess", "Chess"), Term("go", "GO")),)


def test_entries_in_a_list_are_not_split() -> None:
    """What the caller separated already is not separated again; numbers in it become texts."""
    people = Cohort(frame({"id": "m", "hobbies": ["chess; go", 7]}), mentees()).mentors
    assert keys(people.terms("hobbies")[0]) == ["chess; go", "7"]


@pytest.mark.parametrize("cell", [None, "", " ; | ", [], [None, ""], np.array([], object)])
def test_empty_lists_are_missing(cell: Any) -> None:
    """A list of nothing counts as missing."""
    people = Cohort(frame({"id": "m", "hobbies": cell, "team": "x"}), mentees()).mentors
    assert people.terms("hobbies") == ((),)
    assert people.person(0)["hobbies"] == ()
    assert not people.has("hobbies").any()


def test_declared_separator() -> None:
    """A declared separator takes the place of the usual ones."""
    schema = Schema(fields={"traits": Field("list", ",")})
    people = Cohort(frame({"id": "m", "traits": "a;b, c|d"}), mentees(), schema=schema).mentors
    assert keys(people.terms("traits")[0]) == ["a;b", "c|d"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("AI tools:3; Python!", [("ai tools", "AI tools", 3000, False), ("python", "Python", 1000, True)]),
        ("AI:2.5!", [("ai", "AI", 2500, True)]),
        ("AI :.5 ", [("ai", "AI", 500, False)]),
        ("to: whom; 1:3 pm", [("to: whom", "to: whom", 1000, False), ("1:3 pm", "1:3 pm", 1000, False)]),
        ("C++:2|a:b:4", [("c++", "C++", 2000, False), ("a:b", "a:b", 4000, False)]),
        ("ai:2; AI:3!; A.I.", [("ai", "ai", 3000, True), ("a.i", "A.I.", 1000, False)]),
        ({"AI": 2, "go": 0.5}, [("ai", "AI", 2000, False), ("go", "go", 500, False)]),
        ([("AI!", 2), "go:3"], [("ai", "AI", 2000, True), ("go", "go", 3000, False)]),
        ("!", [("!", "!", 1000, True)]),
    ],
)  # fmt: skip
def test_wanted_topics(cell: Any, expected: list[tuple[Any, ...]]) -> None:
    """Wanted topics have priorities and musts; only a number after the last colon counts."""
    people = Cohort(mentors(), frame({"id": "e", "topics_wanted": cell}), thesaurus=Thesaurus.empty()).mentees
    assert [tuple(term) for term in people.terms("topics_wanted")[0]] == expected


def test_offered_topics() -> None:
    """Offered topics have proficiencies, and an exclamation mark means nothing there."""
    table = frame({"id": "m", "topics_offered": "AI:0.8; go!"})
    people = Cohort(table, mentees(), thesaurus=Thesaurus.empty()).mentors
    assert people.terms("topics_offered") == ((Term("ai", "AI", 800), Term("go", "go")),)


def test_entries_of_one_meaning_are_one_topic() -> None:
    """Under two names: the first label, the highest priority, a must if any is one."""
    people = Cohort(mentors(), frame({"id": "e", "topics_wanted": "AI:2; artificial intelligence!"})).mentees
    assert people.terms("topics_wanted") == ((Term("artificial intelligence", "AI", 2000, True),),)


def test_dotted_managers_are_ids() -> None:
    """Ids are compared as they stand: neither case nor hyphens are folded."""
    org = frame(id=["A-1", "a 1"], manager=[None, "A-1"])
    people = Cohort(frame({"id": "m", "dotted_managers": "A-1;a 1"}), mentees(), org=org).mentors
    assert keys(people.terms("dotted_managers")[0]) == ["A-1", "a 1"]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("330", 5.5), ("-300", -5), ("+60", 1), ("0", 0), ("Europe/London", 0), ("asia/kolkata", 5.5),
     ("America/New York", -5), ("UTC", 0), (60, 1), (-210.0, -3.5), (None, None)],
)  # fmt: skip
def test_time_zones(zone: Any, hours: float | None) -> None:
    """A time zone, in minutes or by name, makes the offset of the first of January 2026 in hours."""
    person = Cohort(mentors(), frame({"id": "e", "time_zone": zone, "team": "x"})).mentees.person(0)
    assert person["utc_offset"] == hours


def test_given_offset_wins() -> None:
    """An offset that is given is kept; a blank one is filled from the time zone."""
    people = cohort(time_zone=["Asia/Tokyo", "Asia/Tokyo"], utc_offset=[1.0, None]).mentees
    assert people.number("utc_offset").tolist() == [1, 9]


def test_levels() -> None:
    """Grades become their place in the order, in any spelling; blank stays missing."""
    schema = Schema(level_column="Grade", level_order=("Junior", "Grade 7", "8"))
    people = Cohort(mentors(grade=["grade-7", None]), mentees(Grade=[8, "JUNIOR"]), schema=schema)
    assert [person["level"] for person in people.mentors] == [1.0, None]
    assert people.mentees.number("level").tolist() == [2, 0]
    assert people.mentees.person(0)["Grade"] == 2


def test_persons_are_mappings() -> None:
    """A person is a read-only mapping over the table's fields, and knows id, side and cohort."""
    made = cohort(team=["a", None], tenure=[1, 2])
    person = made.mentees.person(1)
    assert isinstance(person, Mapping)
    assert dict(person) == {"id": "e2", "team": None, "tenure": 2.0}
    assert (person.id, person.side, person.cohort) == ("e2", "mentees", made)
    assert len(person) == 3
    assert "team" in person
    assert person.get("nothing", 7) == 7
    assert "e2" in repr(person)
    assert "2.0" not in repr(person)


def test_get_never_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """`get` answers for absent fields without looking for the name that was meant; blank is still None."""
    person = cohort(team=["a", None], tenure=[1, 2]).mentees.person(1)
    monkeypatch.setattr("difflib.get_close_matches", lambda *_, **__: pytest.fail("a search"))
    assert (person.get("teams"), person.get("teams", "x"), person.get("hobbies", ())) == (None, "x", ())
    assert (person.get("team", "x"), person.get("tenure", "x"), person.get("Tenure")) == (None, 2.0, 2.0)


def test_unknown_fields() -> None:
    """A field that the table does not have is a KeyError with a suggestion; a wrong kind is a CallError."""
    people = cohort(team=["a", "b"]).mentees
    with pytest.raises(KeyError, match="Did you mean 'team'"):
        people.person(0)["teem"]
    with pytest.raises(KeyError, match="mentees have no field"):
        people.number("tenure")
    with pytest.raises(CallError) as caught:
        people.number("team")
    assert codes_of(caught.value) == ["wrong_kind"]
    assert not people.has("tenure").any()


def test_names_of_fields() -> None:
    """Fields are found by their own name and the organisation's, but none stands in for another field."""
    schema = Schema(columns={"department": "Team", "pet_name": "Haustier (Name)"})
    made = Cohort(mentors(**{"Team": ["a", "b"], "haustier (name)": ["x", "y"]}), mentees(), schema=schema)
    people = made.mentors
    assert people.resolve("Pet name") == people.resolve("HAUSTIER (Name)") == "pet_name"
    assert people.resolve("team") is None
    assert made.resolve("Department") == "department"
    assert made.field_class("pet name") == "ordinary"
    assert made.field_class("topics wanted") == "confidential"
    with pytest.raises(KeyError, match="no field 'petname'"):
        made.field_class("petname")


def test_positions() -> None:
    """Ids lead to rows and back; outside them is an error of the usual Python kind."""
    people = cohort().mentors
    assert people.position("m2") == 1
    assert [person.id for person in people] == list(people.ids)
    assert people.person(-1).id == "m2"
    with pytest.raises(KeyError):
        people.position("e1")
    with pytest.raises(IndexError):
        people.person(2)
