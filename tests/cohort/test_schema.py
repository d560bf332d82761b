"""Schemas: what they accept, what they refuse, and the way to a file and back."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairmatch.cohort import Cohort, Field, Schema
from pairmatch.cohort.fields import CANONICAL, CLASSES, KINDS, default_class, fold
from pairmatch.errors import FileError, SchemaError
from tests.cohort.tables import codes_of, cohort, discreet, mentees, mentors

SHARED_FILE = """
schema = 1
objective = ["mentees", "total"]
[columns]
id = "email address"
organisation = "organisation"
[fields.characteristics]
kind = "list"
separator = ","
class = "special"
[fields.age]
class = "ordinary"
[levels]
column = "grade"
order = ["AA", "AO", "Grade 7"]
[organisation]
outside_managers = "allow"
[mentors]
capacity = 3
[[goals]]
goal = "overlap"
when = "match with similar identity"
"""


def refused(data: Any) -> SchemaError:
    """The error that plain data raise."""
    with pytest.raises(SchemaError) as caught:
        Schema.from_dict(data)
    return caught.value


def test_one_file_two_readers(tmp_path: Path) -> None:
    """A policy's sections are passed over; a field that a goal's `when` names is a yes/no field."""
    path = tmp_path / "policy.toml"
    path.write_text(SHARED_FILE, encoding="utf-8-sig")
    schema = Schema.read(path)
    assert schema.columns == {"id": "email address", "organisation": "organisation"}
    assert schema.fields["characteristics"] == Field("list", ",", "special")
    assert schema.fields["age"] == Field("number", None, "ordinary")
    assert schema.fields["organisation"] == Field()
    assert schema.fields["match_with_similar_identity"].kind == "bool"
    assert schema.level_of() == {"aa": 0, "ao": 1, "grade 7": 2}
    assert schema.outside_managers == "allow"


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_round_trip(tmp_path: Path, suffix: str) -> None:
    """Written and read again, a schema is the same one, in TOML and JSON, with whatever quotes inside."""
    schema = Schema(
        columns={"team": 'Team "x"\\é', "points": "Punkte"},
        fields={"points": {"kind": "number"}, "traits": Field("list", "\t"), "age": {"class": "special"}},
        level_column="Stufe",
        level_order=("a'b", "c\nd"),
        outside_managers="allow",
    )  # fmt: skip
    schema.write(tmp_path / f"schema{suffix}")
    assert Schema.read(tmp_path / f"schema{suffix}") == schema
    assert pickle.loads(pickle.dumps(schema)) == schema


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6).map(lambda name: f"x{name}")


@given(
    st.dictionaries(NAMES, st.sampled_from(KINDS), max_size=4),
    st.dictionaries(st.sampled_from(sorted(CANONICAL)), NAMES, max_size=4),
    st.sampled_from(CLASSES),
)
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_plain_data_and_back(fields: dict[str, str], columns: dict[str, str], class_: str) -> None:
    """Plain data say everything there is to a schema."""
    declared = {fold(name): {"kind": kind, "class": class_} for name, kind in fields.items()}
    schema = Schema(columns=columns, fields=declared)
    assert Schema.from_dict(schema.to_dict()) == schema


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "unknown section": ({"colums": {}}, ["unknown_key"]),
    "other number": ({"schema": 2}, ["bad_schema_number"]),
    "number that is a flag": ({"schema": True}, ["bad_schema_number"]),
    "columns that are no table": ({"columns": ["id"]}, ["bad_value"]),
    "column that is no text": ({"columns": {"id": 3, "team": " "}}, ["bad_value", "bad_value"]),
    "canonical field in disguise": ({"columns": {"Topics wanted": "x"}}, ["duplicate_field"]),
    "one field twice": ({"fields": {"a b": "text", "A_B": "text"}}, ["duplicate_field"]),
    "field without kind": ({"fields": {"a": {"class": "special"}}}, ["missing_kind"]),
    "unknown kind": ({"fields": {"a": {"kind": "lst"}}}, ["bad_kind"]),
    "canonical field of another kind": ({"fields": {"level": "text"}}, ["bad_kind"]),
    "unknown class": ({"fields": {"a": {"kind": "text", "class": "secret"}}}, ["bad_class"]),
    "unknown part": ({"fields": {"a": {"kind": "list", "seperator": ","}}}, ["unknown_key"]),
    "separator of nothing": ({"fields": {"a": {"kind": "list", "separator": ""}}}, ["bad_separator"]),
    "separator of a text": ({"fields": {"a": {"kind": "text", "separator": ","}}}, ["bad_separator"]),
    "field that is no table": ({"fields": {"a": 3}}, ["bad_value"]),
    "unknown part of levels": ({"levels": {"columm": "x"}}, ["unknown_key"]),
    "grade twice": ({"levels": {"column": "g", "order": ["a", "A "]}}, ["bad_level_order"]),
    "grade that is no text": ({"levels": {"column": "g", "order": ["a", 1]}}, ["bad_level_order"]),
    "order that is no list": ({"levels": {"column": "g", "order": "abc"}}, ["bad_level_order"]),
    "column of levels that is no text": ({"levels": {"column": 7}}, ["bad_value"]),
    "two level columns": ({"columns": {"level": "a"}, "levels": {"column": "b"}}, ["two_level_columns"]),
    "outside managers": ({"organisation": {"outside_managers": "maybe"}}, ["bad_value"]),
}


@pytest.mark.parametrize(("data", "expected"), BAD.values(), ids=BAD)
def test_bad_schemas(data: dict[str, Any], expected: list[str]) -> None:
    """Every mistake is refused by its code."""
    error = refused(data)
    assert codes_of(error) == expected
    assert discreet(error) is error


def test_all_mistakes_at_once() -> None:
    """One error names every mistake, wherever it stands, and suggests what was meant."""
    error = refused({"schema": 7, "column": {}, "fields": {"a": {"kind": "txt"}}, "levels": {"order": [""]}})
    assert codes_of(error) == ["bad_kind", "bad_level_order", "bad_schema_number", "unknown_key"]
    assert "Did you mean 'columns'?" in str(error)
    assert "Did you mean 'text'?" in str(error)


@pytest.mark.parametrize(
    ("name", "content", "error", "code"),
    [
        ("a.toml", b"a = = 1", SchemaError, "bad_syntax"),
        ("a.json", b"{", SchemaError, "bad_syntax"),
        ("a.json", b"[]", SchemaError, "bad_syntax"),
        ("a.toml", b"\xff\xfe", FileError, "not_utf8"),
        ("a.yaml", b"", FileError, "unknown_file_type"),
        ("a.toml", None, FileError, "unreadable_file"),
    ],
)
def test_bad_files(
    tmp_path: Path, name: str, content: bytes | None, error: type[SchemaError | FileError], code: str
) -> None:
    """A file that holds no schema says so, without its path."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        Schema.read(tmp_path / name)
    assert codes_of(caught.value) == [code]
    assert str(tmp_path) not in str(caught.value)


def test_wrong_arguments() -> None:
    """In Python, too, columns and fields are mappings."""
    with pytest.raises(SchemaError) as caught:
        Schema(columns=["id"], fields="text")  # type: ignore[arg-type]
    assert codes_of(caught.value) == ["bad_value", "bad_value"]


def test_no_mapping() -> None:
    """Something that is no mapping is refused."""
    assert codes_of(refused(["columns"])) == ["bad_value"]


def test_immutable() -> None:
    """A schema does not change, whatever happens to what it was made of."""
    columns = {"team": "Gruppe"}
    schema = Schema(columns=columns)
    columns["team"] = "else"
    assert schema.columns == {"team": "Gruppe"}
    with pytest.raises(TypeError):
        schema.columns["team"] = "else"  # type: ignore[index]
    with pytest.raises(AttributeError):
        schema.level_column = "x"  # type: ignore[misc]


def test_columns_are_found_by_name() -> None:
    """Without a map, a column is found in any case and spacing; a mapped column is not read twice."""
    assert cohort(**{"Topics Wanted": ["a", "b"]}).mentees.fields == ("id", "topics_wanted")
    schema = Schema(columns={"department": "team"})
    people = Cohort(mentors(team=["a", "b"]), mentees(), schema=schema).mentors
    assert people.fields == ("id", "department")
    assert "team" not in people


def test_protected_traits_are_known_by_name() -> None:
    """A declared field that is named like a protected trait is one unless the schema says otherwise."""
    schema = Schema(
        fields={"Ethnicity": "text", "religion": {"kind": "text", "class": "ordinary"}, "pet": "text"}
    )
    assert [schema.fields[name].class_ for name in schema.fields] == ["special", "ordinary", "ordinary"]
    assert default_class("gender") == "sensitive"


def test_notes() -> None:
    """What is odd but harmless is noted: unused and blank columns, fields without a column, near names."""
    schema = Schema(columns={"departmnt": "Abteilung"}, fields={"pet": "text"})
    made = Cohort(mentors(Abteilung=["a", "b"], hobbys=["x", ""], team=["", None]), mentees(), schema=schema)
    notes = made.notes
    assert sorted(notes["code"]) == ["absent_field", "all_blank", "similar_field", "unknown_column"]
    hints = " ".join(notes["hint"])
    assert "Did you mean 'hobbies'?" in hints
    assert "Did you mean 'department'?" in hints
