"""Malformed frames: each is refused by one error that names every problem and no profile value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pairmatch.cohort import Field, Schema
from pairmatch.errors import CohortError, InputError
from tests.cohort.tables import SECRET, codes_of, frame, mentees, mentors, refused

GRADES = Schema(level_column="grade", level_order=("junior", "senior"))
CIRCLE = ["m2", "m1"]

CELLS: dict[str, tuple[dict[str, list[Any]], list[str]]] = {
    "level that is no number": ({"level": [SECRET, 2]}, ["bad_integer"]),
    "level with a fraction": ({"level": [1.5, 2]}, ["bad_integer"]),
    "level as a flag": ({"level": [True, 2]}, ["bad_integer"]),
    "level beyond counting": ({"level": [1e12, 2]}, ["bad_integer"]),
    "decimal comma": ({"tenure": ["1,5", SECRET]}, ["bad_number", "bad_number"]),
    "infinite number": ({"tenure": ["inf", float("-inf")]}, ["bad_number", "bad_number"]),
    "numbers beyond a double": (
        {"tenure": [10**400, Decimal("-1e999999")], "hours": [Fraction(10**400), 1]},
        ["bad_number"] * 3,
    ),
    "whole numbers beyond a double": ({"level": [10**400, -(10**5000)]}, ["bad_integer"] * 2),
    "numbers too long for a text": (
        {"department": [10**5000, "a"], "hobbies": [{10**5000, "chess"}, [10**5000]]},
        ["bad_list", "bad_list", "bad_text"],
    ),
    "weights beyond a double": (
        {"topics_offered": [{"a": 10**400}, [("a", Decimal("sNaN"))]]},
        ["bad_topic"] * 2,
    ),
    "nan as text": ({"tenure": ["nan", "1_000"]}, ["bad_number", "bad_number"]),
    "digits of another script": ({"tenure": ["\u0663", 1]}, ["bad_number"]),
    "number in a list": ({"tenure": [[SECRET], 1]}, ["bad_number"]),
    "negative capacity": ({"capacity": [-1, 2]}, ["negative"]),
    "negative minimum and hours": ({"minimum": [0, "-2"], "hours": [-0.5, 1]}, ["negative", "negative"]),
    "capacity with a fraction": ({"capacity": ["2.5", 2]}, ["bad_integer"]),
    "more hours than a month has": ({"hours": ["1e300", 20_000]}, ["out_of_range", "out_of_range"]),
    "style outside its scale": ({"style_pace": [1.2, 0.5]}, ["out_of_range"]),
    "flag that is neither": ({"active": [SECRET, "yes"]}, ["bad_bool"]),
    "flag of two": ({"must_match": [2, "no"]}, ["bad_bool"]),
    "flag in a list": ({"must_match": [[True], False]}, ["bad_bool"]),
    "time zone unknown": ({"time_zone": [SECRET, "Europe/London"]}, ["bad_time_zone"]),
    "time zone off the map": ({"time_zone": ["900", "-721"]}, ["bad_time_zone", "bad_time_zone"]),
    "time zone as a path": (
        {"time_zone": ["../../etc/passwd", "Europe"]},
        ["bad_time_zone", "bad_time_zone"],
    ),
    "offset in minutes": ({"utc_offset": [60, 1]}, ["bad_time_zone"]),
    "proficiency above one": ({"topics_offered": [f"{SECRET}:1.5", "a:1"]}, ["bad_topic"]),
    "proficiency of nothing": ({"topics_offered": ["a:0", "b:0.0001"]}, ["bad_topic", "bad_topic"]),
    "priority below zero": ({"topics_wanted": [f"{SECRET}:-1!", "a:2"]}, ["bad_topic"]),
    "priority with a comma": ({"topics_wanted": ["a:1,5", "a:1.5.2"]}, ["bad_topic", "bad_topic"]),
    "priority that is no number": ({"topics_wanted": [{SECRET: SECRET}, {"a": 1}]}, ["bad_topic"]),
    "list within a list": ({"hobbies": [[[SECRET]], ["a"]]}, ["bad_list"]),
    "mapping as a plain list": ({"hobbies": [{SECRET: 1}, "a"]}, ["bad_list"]),
    "bytes as a list": ({"languages": [SECRET.encode(), "a"]}, ["bad_list"]),
    "list of ids that is none": ({"dotted_managers": [{"m2": SECRET}, None]}, ["bad_list"]),
    "list as a text": ({"department": [[SECRET], "a"]}, ["bad_text"]),
    "bytes as a text": ({"team": [SECRET.encode(), "a"]}, ["bad_text"]),
    "infinity as a text": ({"team": [float("inf"), "a"]}, ["bad_text"]),
    "control character in a manager": ({"manager": ["m2\x1b[2J", None]}, ["bad_id"]),
    "control character in a dotted line": ({"dotted_managers": [f"m2; {SECRET}\x07", None]}, ["bad_id"]),
    "manager in no table": ({"manager": ["m2", "m9"]}, ["dangling_manager"]),
    "dotted manager in no table": ({"dotted_managers": ["m2;m9", None]}, ["dangling_manager"]),
    "one's own manager": ({"manager": ["m1", None]}, ["self_manager"]),
    "one's own dotted manager": ({"dotted_managers": ["m1", None]}, ["self_manager"]),
    "managers in a circle": ({"manager": CIRCLE}, ["manager_cycle", "manager_cycle"]),
}
"""Columns of two otherwise sound mentors, and the codes expected."""


@pytest.mark.parametrize(("columns", "expected"), CELLS.values(), ids=CELLS)
def test_bad_cells(columns: dict[str, list[Any]], expected: list[str]) -> None:
    """Every bad cell is found, with side, column and row, and told without its content."""
    error = refused(mentors(name=[SECRET, SECRET], **columns), mentees())
    assert isinstance(error, CohortError)
    assert codes_of(error) == expected
    assert {finding.side for finding in error.findings} == {"mentors"}
    assert {finding.column for finding in error.findings} == set(columns)
    assert all(finding.id in ("m1", "m2") and finding.row in (1, 2) for finding in error.findings)


TABLES: dict[str, tuple[Any, Any, dict[str, Any], list[str]]] = {
    "no tables": (None, None, {}, ["missing_table", "missing_table"]),
    "no mentees": (mentors(name=[SECRET, ""]), None, {}, ["missing_table"]),
    "a list for a table": ([{"id": SECRET}], mentees(), {}, ["not_a_table"]),
    "a path for a frame": ("mentors.csv", mentees(), {}, ["not_a_table"]),
    "no rows": (mentors().iloc[:0], mentees(), {}, ["empty_table"]),
    "no rows, no columns": (frame(), frame(), {}, ["empty_table", "empty_table"]),
    "only blank rows": (frame(id=[None, " "], team=["", np.nan]), mentees(), {}, ["empty_table"]),
    "no id column": (frame(name=[SECRET, "b"]), mentees(), {}, ["missing_id_column"]),
    "blank id": (frame(id=["m1", " "], team=[SECRET, SECRET]), mentees(), {}, ["missing_id"]),
    "id twice": (frame(id=["m1", "m1"], team=[SECRET, ""]), mentees(), {}, ["duplicate_id"]),
    "number and text of one id": (frame(id=["17", 17]), mentees(), {}, ["duplicate_id"]),
    "id with a fraction": (frame(id=[17.5, 18.0]), mentees(), {}, ["bad_id"]),
    "id with a line break": (frame(id=["m\n1", "m2"]), mentees(), {}, ["bad_id"]),
    "id with invisible marks": (frame(id=["m\u202e1", "m2\u200b"]), mentees(), {}, ["bad_id", "bad_id"]),
    "a text as long as a letter for an id": (frame(id=[SECRET * 20, "m2"]), mentees(), {}, ["bad_id"]),
    "numbers for ids that are too long": (
        frame(id=[10**400, 10**5000]),
        mentees(),
        {},
        ["bad_id", "bad_id"],
    ),
    "a flag for an id": (frame(id=[True, "m2"]), mentees(), {}, ["bad_id"]),
    "heading twice": (
        pd.DataFrame([["m1", "a", SECRET]], columns=["id", "team", "team"]), mentees(), {},
        ["duplicate_column"],
    ),
    "headings alike": (
        pd.DataFrame([["m1", "a", SECRET]], columns=["id", "Team", "team "]), mentees(), {},
        ["duplicate_column"],
    ),
    "id column mapped in vain": (
        mentors(), mentees(), {"schema": Schema(columns={"id": "email"})},
        ["missing_id_column", "missing_id_column"],
    ),
    "column mapped in vain": (
        mentors(divison=[SECRET, ""]), mentees(), {"schema": Schema(columns={"department": "division"})},
        ["unknown_mapped_column"],
    ),
    "grades column in vain": (mentors(), mentees(), {"schema": GRADES}, ["unknown_mapped_column"]),
    "grade outside the order": (
        mentors(grade=[SECRET, "Senior"]), mentees(), {"schema": GRADES}, ["bad_level"],
    ),
    "declared number": (
        mentors(points=[SECRET, "3"]), mentees(), {"schema": Schema(fields={"points": Field("number")})},
        ["bad_number"],
    ),
    "declared flag": (
        mentors(**{"Asked For": [SECRET, "y"]}), mentees(), {"schema": Schema(fields={"asked_for": "bool"})},
        ["bad_bool"],
    ),
    "person in both tables, of two departments": (
        mentors(department=["a", SECRET]), frame(id=["m2"], department=["b"]), {}, ["contradicting_profile"],
    ),
    "person in both tables, of two levels and managers": (
        mentors(level=[1, 2], manager=[None, "m1"]),
        frame({"id": "m2", "level": 3, "manager": "e"}, {"id": "e", "manager": None}), {},
        ["contradicting_profile", "contradicting_profile"],
    ),
    "chart without its columns": (
        mentors(), mentees(), {"org": frame(person=[SECRET], boss=["m2"])},
        ["missing_column", "missing_column"],
    ),
    "chart against profile": (
        mentors(manager=["m2", None]), mentees(), {"org": frame(id=["m1"], manager=["e1"])}, ["org_conflict"],
    ),
    "chart against itself": (
        mentors(), mentees(), {"org": frame(id=["m1", "m1"], manager=["e1", "e2"])}, ["org_conflict"],
    ),
    "chart with a line of no type": (
        mentors(), mentees(), {"org": frame(id=["m1"], manager=["e1"], type=[SECRET])}, ["bad_type"],
    ),
    "chart with a blank id": (
        mentors(), mentees(), {"org": frame(id=["", "m1"], manager=["e1", "e2"])}, ["missing_id"],
    ),
    "chart in a circle": (
        mentors(), mentees(), {"org": frame(id=["m1", "x", "y"], manager=["x", "y", "x"])},
        ["manager_cycle", "manager_cycle"],
    ),
    "chart that ends outside": (
        mentors(), mentees(), {"org": frame(id=["m1", "x"], manager=["x", "z"])}, ["dangling_manager"],
    ),
    "a text for a chart": (mentors(), mentees(), {"org": "org.csv"}, ["not_a_table"]),
    "history without its columns": (
        mentors(), mentees(), {"history": frame(menter=["m1"], reason=[SECRET])},
        ["missing_column", "missing_column"],
    ),
    "history with a gap": (
        mentors(), mentees(), {"history": frame(mentor=["m1"], mentee=[None], reason=[SECRET])},
        ["missing_id"],
    ),
    "history with a heading twice": (
        mentors(), mentees(),
        {"history": pd.DataFrame([["m1", "e1", SECRET]], columns=["mentor", "mentee", "mentee"])},
        ["duplicate_column"],
    ),
}  # fmt: skip
"""Mentors, mentees, further arguments, and the codes expected."""


@pytest.mark.parametrize(("left", "right", "more", "expected"), TABLES.values(), ids=TABLES)
def test_bad_tables(left: Any, right: Any, more: dict[str, Any], expected: list[str]) -> None:
    """Every bad table is refused with exactly its problems."""
    error = refused(left, right, **more)
    assert isinstance(error, CohortError)
    assert codes_of(error) == expected


def test_all_problems_at_once() -> None:
    """Problems of all four tables stand in one error, each once, in words and in the table."""
    error = refused(
        frame(id=["m1", "m1", None], level=[SECRET, 1, 2], active=["no", SECRET, "no"]),
        mentees(topics_wanted=["a:0", "b"], manager=["e9", "e2"]),
        org=frame(id=["m1"], boss=[SECRET]),
        history=frame(mentor=["m1"]),
    )
    expected = ["bad_bool", "bad_integer", "bad_topic", "dangling_manager", "duplicate_id"]
    expected += ["missing_column", "missing_column", "missing_id", "self_manager"]
    assert codes_of(error) == expected
    assert set(error.table["code"]) == set(expected)
    assert str(error).startswith("The cohort cannot be used: 9 problems")
    assert all(code in str(error) for code in expected)


def test_many_of_a_kind_are_counted() -> None:
    """A thousand bad cells make one line of the message, with five ids and a count of the rest."""
    ids = [f"p{k}" for k in range(1000)]
    error = refused(frame(id=ids, level=[SECRET] * 1000), mentees())
    assert len(error.findings) == 1000
    assert len(str(error).splitlines()) == 2
    assert "p4 (row 5) and 995 more" in str(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (lambda: refused(frame(employee_id=["m1"]), mentees()), "Did you mean 'employee_id'?"),
        (
            lambda: refused(
                mentors(departmnt=["a", "b"]), mentees(), schema=Schema(columns={"team": "department"})
            ),
            "Did you mean 'departmnt'?",
        ),
        (
            lambda: refused(mentors(), mentees(), history=frame(mentors=["a"], mentee=["b"])),
            "Did you mean 'mentors'?",
        ),
        (lambda: refused(mentors(grade=["x", "y"]), mentees(), schema=GRADES), "junior, senior"),
        (lambda: refused(mentors(manager=["x", "y"]), mentees()), 'outside_managers = "allow"'),
    ],
    ids=["id", "mapped", "history", "grades", "outside"],
)
def test_hints_help(error: Any, words: str) -> None:
    """Hints name the nearest column, the order of grades or the setting that mends the problem."""
    found: InputError = error()
    assert words in str(found)


def test_a_broken_table_makes_no_false_alarms() -> None:
    """With the mentors unreadable, a mentee's manager is not called unknown."""
    error = refused(None, mentees(manager=["m1", "e1"]))
    assert codes_of(error) == ["missing_table"]


def test_wrong_schema_object() -> None:
    """A schema that is none is a bad call."""
    assert codes_of(refused(mentors(), mentees(), schema={"columns": {}})) == ["bad_schema"]
