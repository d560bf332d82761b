"""Schemas as plain data and in files, which they share with policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairmatch.cohort.fields import CANONICAL, fold
from pairmatch.errors import Finding, SchemaError, did_you_mean
from pairmatch.terms import Thesaurus

if TYPE_CHECKING:
    from pairmatch.cohort.schema import Schema

__all__ = ["POLICY_KEYS", "SCHEMA_KEYS", "parts", "plain", "with_words"]

NUMBER = 1
"""Schema number of the files written and read."""

SCHEMA_KEYS = ("schema", "columns", "fields", "levels", "organisation", "thesaurus")
"""Top-level keys that belong to a schema; ``schema`` itself is the file's number."""

WORDS = ("standard", "none")
"""Thesauri that a file may name."""

POLICY_KEYS = (
    *("objective", "minimum_weight", "seed", "name"),
    *("mentors", "mentees", "rules", "goals", "coaches", "exceptions"),
)
"""Top-level keys of the same file that belong to a policy."""


def parts(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The constructor's arguments from plain data, and what is wrong with its outline."""
    if not isinstance(data, Mapping):
        raise SchemaError([_bad("bad_value", "a schema is made from a mapping")])
    findings = [*_outline(data)]
    levels, organisation = _section(data, "levels"), _section(data, "organisation")
    order = levels.get("order", [])
    if not isinstance(order, list | tuple):
        hint = "the order is a list of grades as text, lowest first"
        findings.append(_bad("bad_level_order", hint, "levels.order"))
        order = []
    columns, fields = _section(data, "columns"), _section(data, "fields")
    thesaurus, unread = _thesaurus(data.get("thesaurus", "standard"))
    findings += unread
    arguments = {
        "columns": columns,
        "fields": {**fields, **_asked(data, fields)},
        "level_column": levels.get("column"),
        "level_order": tuple(order),
        "outside_managers": organisation.get("outside_managers", "error"),
        "thesaurus": thesaurus,
    }
    return arguments, findings


def with_words(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The data with the content of the file of words that they name, if they name one."""
    named = data.get("thesaurus")
    if not isinstance(named, str) or named in WORDS:
        return data
    return {**data, "thesaurus": Thesaurus.read(folder / named).to_dict()}


def _thesaurus(words: object) -> tuple[Thesaurus, list[Finding]]:
    """A thesaurus by its name in a file or its content, and what is wrong with it."""
    if isinstance(words, str) and words in WORDS:
        return (Thesaurus.standard() if words == "standard" else Thesaurus.empty()), []
    if not isinstance(words, Mapping):
        hint = "thesaurus is 'standard', 'none', a table of words, or in a file the path of a file of words"
        return Thesaurus.standard(), [_bad("bad_thesaurus", hint, "thesaurus")]
    try:
        return Thesaurus.from_dict(words), []
    except SchemaError as error:
        return Thesaurus.standard(), list(error.findings)


def _section(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    section = data.get(key, {})
    return section if isinstance(section, Mapping) else {}


def _outline(data: Mapping[str, Any]) -> Iterator[Finding]:
    number = data.get("schema", NUMBER)
    if isinstance(number, bool) or number != NUMBER:
        yield _bad("bad_schema_number", f"this version reads files with schema = {NUMBER}", "schema")
    for key in data:
        if key not in SCHEMA_KEYS and key not in POLICY_KEYS:
            near = did_you_mean(str(key), SCHEMA_KEYS + POLICY_KEYS)
            yield _bad("unknown_key", f"'{key}' is no section of a schema or policy.{near}", str(key))
    for key in ("columns", "fields", "levels", "organisation"):
        if not isinstance(data.get(key, {}), Mapping):
            yield _bad("bad_value", f"'{key}' is a table", key)
    for section, known in (("levels", ("column", "order")), ("organisation", ("outside_managers",))):
        for key in _section(data, section):
            if key not in known:
                near = did_you_mean(str(key), known)
                yield _bad("unknown_key", f"'{key}' is no part of [{section}].{near}", f"{section}.{key}")


def _asked(data: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, str]:
    """Columns that a goal's ``when`` names and nobody declares: yes/no by their place, nothing else."""
    goals = data.get("goals") if isinstance(data.get("goals"), list) else []
    whens = [goal.get("when") for goal in goals or () if isinstance(goal, Mapping)]
    known = {*map(fold, map(str, declared)), *CANONICAL}
    columns = {fold(str(column)): str(name) for name, column in _section(data, "columns").items()}
    asked = sorted({fold(when) for when in whens if isinstance(when, str)} - {""})
    names = [columns.get(when, when) for when in asked]
    return {name: "bool" for name in names if fold(name) not in known}


def plain(schema: Schema) -> dict[str, Any]:
    """A schema as plain data, empty sections left out."""
    data: dict[str, Any] = {"schema": NUMBER}
    if schema.columns:
        data["columns"] = dict(schema.columns)
    if schema.fields:
        data["fields"] = {name: _plain_field(name, value) for name, value in schema.fields.items()}
    levels = {"column": schema.level_column, "order": list(schema.level_order)}
    if any(levels.values()):
        data["levels"] = {key: value for key, value in levels.items() if value}
    if schema.outside_managers != "error":
        data["organisation"] = {"outside_managers": schema.outside_managers}
    if schema.thesaurus != Thesaurus.standard():
        data["thesaurus"] = "none" if schema.thesaurus == Thesaurus.empty() else schema.thesaurus.to_dict()
    return data


def _plain_field(name: str, field: Any) -> dict[str, Any]:
    entries = {"kind": field.kind, "separator": field.separator, "class": field.class_}
    usual = name in CANONICAL and CANONICAL[name].meaning
    told = {"meaning": field.meaning} if field.meaning != usual else {}
    return {key: value for key, value in entries.items() if value is not None} | told


def _bad(code: str, hint: str, column: str = "") -> Finding:
    return Finding(code, hint, side="schema", column=column)
