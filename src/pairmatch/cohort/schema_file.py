"""Schemas as plain data and in files, which they share with policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairmatch.cohort.fields import CANONICAL, fold
from pairmatch.errors import FileError, Finding, SchemaError, did_you_mean

if TYPE_CHECKING:
    from pairmatch.cohort.schema import Schema

__all__ = ["POLICY_KEYS", "SCHEMA_KEYS", "load", "parts", "plain", "save"]

NUMBER = 1
"""Schema number of the files written and read."""

SCHEMA_KEYS = ("schema", "columns", "fields", "levels", "organisation")
"""Top-level keys that belong to a schema; ``schema`` itself is the file's number."""

POLICY_KEYS = ("objective", "minimum_weight", "seed", "name", "mentors", "mentees", "rules", "goals")
"""Top-level keys of the same file that belong to a policy."""


def load(path: str | Path) -> dict[str, Any]:
    """The plain data of a TOML or JSON file."""
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise FileError([_bad("unreadable_file", f"'{path.name}' is missing or cannot be read")]) from None
    except UnicodeDecodeError:
        raise FileError([_bad("not_utf8", f"save '{path.name}' as UTF-8")]) from None
    return _parsed(text, _suffix(path))


def _suffix(path: Path) -> str:
    suffix = path.suffix.casefold()
    if suffix not in (".toml", ".json"):
        raise FileError([_bad("unknown_file_type", f"'{path.name}' is to end in .toml or .json")])
    return suffix


def _parsed(text: str, suffix: str) -> dict[str, Any]:
    import tomllib

    try:
        data = tomllib.loads(text) if suffix == ".toml" else json.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        where = f" near line {line[1]}" if line else ""
        raise SchemaError([_bad("bad_syntax", f"the file is no valid {suffix[1:].upper()}{where}")]) from None
    if not isinstance(data, dict):
        raise SchemaError([_bad("bad_syntax", "the file holds a table of keys at its top")])
    return data


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
    arguments = {
        "columns": columns,
        "fields": {**fields, **_asked(data, fields)},
        "level_column": levels.get("column"),
        "level_order": tuple(order),
        "outside_managers": organisation.get("outside_managers", "error"),
    }
    return arguments, findings


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
    for key in SCHEMA_KEYS[1:]:
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
        data["fields"] = {name: _plain_field(value) for name, value in schema.fields.items()}
    levels = {"column": schema.level_column, "order": list(schema.level_order)}
    if any(levels.values()):
        data["levels"] = {key: value for key, value in levels.items() if value}
    if schema.outside_managers != "error":
        data["organisation"] = {"outside_managers": schema.outside_managers}
    return data


def _plain_field(field: Any) -> dict[str, str]:
    entries = {"kind": field.kind, "separator": field.separator, "class": field.class_}
    return {key: value for key, value in entries.items() if value is not None}


def save(data: Mapping[str, Any], path: str | Path) -> None:
    """Write plain data as TOML or JSON, after the file's name."""
    path = Path(path)
    if _suffix(path) == ".json":
        path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    import tomli_w

    path.write_text(tomli_w.dumps(data), encoding="utf-8")


def _bad(code: str, hint: str, column: str = "") -> Finding:
    return Finding(code, hint, side="schema", column=column)
