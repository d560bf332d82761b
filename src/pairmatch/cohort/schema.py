"""Schema: how an organisation's columns become the fields of a talent profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pairmatch.cohort import schema_file
from pairmatch.cohort.fields import CANONICAL, CLASSES, KINDS, Field, default_class, fold
from pairmatch.errors import Finding, SchemaError, did_you_mean
from pairmatch.plain_files import load, save
from pairmatch.presets import preset_data
from pairmatch.terms import Thesaurus, normalise

__all__ = ["Schema"]

OUTSIDE = ("error", "allow")

DECLARED = ("kind", "separator", "class", "meaning")
"""Keys of a declared field in a file."""


@dataclass(frozen=True)
class Schema:
    """The column map, the declared fields and the order of grades.

    Parameters
    ----------
    columns
        Canonical or declared field to the organisation's column. A field that is not mapped is read
        from the column of its own name, in any case and with spaces or underscores.
    fields
        Fields that the canonical profile does not have, or another class for one that it has. A value
        is a :class:`Field`, a mapping with ``kind``, ``separator`` and ``class``, or just a kind.
    level_column
        The column with the grades.
    level_order
        Text grades, lowest first; empty when the column holds whole numbers.
    outside_managers
        ``"allow"`` if managers may stand in neither table nor in the organisation chart.
    thesaurus
        The words by which fields with ``meaning`` are compared: hobbies, interests, topics.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    level_column: str | None = None
    level_order: tuple[str, ...] = ()
    outside_managers: str = "error"
    thesaurus: Thesaurus = field(default_factory=Thesaurus.standard)

    def __post_init__(self) -> None:
        findings = [*_check_columns(self.columns), *_check_fields(self.fields), *_check_levels(self)]
        if self.outside_managers not in OUTSIDE:
            findings.append(_bad("bad_value", "outside_managers is 'error' or 'allow'", "outside_managers"))
        if not isinstance(self.thesaurus, Thesaurus):
            hint = "hand in a Thesaurus: pm.Thesaurus.standard(), .empty() or .read(...)"
            findings.append(_bad("bad_value", hint, "thesaurus"))
        if findings:
            raise SchemaError(findings)
        declared = {name: _field(name, value) for name, value in self.fields.items()}
        for name in self.columns:
            if name not in CANONICAL and name not in declared:
                declared[name] = Field("text", None, default_class(name))
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))
        object.__setattr__(self, "fields", MappingProxyType(declared))
        object.__setattr__(self, "level_order", tuple(self.level_order))

    def __reduce__(self) -> tuple[Any, ...]:
        state = (dict(self.columns), dict(self.fields), self.level_column, self.level_order)
        return Schema, (*state, self.outside_managers, self.thesaurus)

    @classmethod
    def read(cls, path: str | Path) -> Schema:
        """Read a schema from TOML or JSON; sections that belong to a policy are passed over.

        Parameters
        ----------
        path
            A ``.toml`` or ``.json`` file. A thesaurus of its own that it names is looked for beside it.

        Raises
        ------
        FileError
            The file is missing or cannot be read.
        SchemaError
            The schema cannot be used; all problems at once.
        """
        return cls.from_dict(schema_file.with_words(load(path), Path(path).parent))

    @classmethod
    def preset(cls, name: str) -> Schema:
        """The fields that a policy of the library declares: the other half of ``Policy.preset(name)``.

        Parameters
        ----------
        name
            As for ``Policy.preset``.

        Raises
        ------
        CallError
            There is no preset of that name.

        Examples
        --------
        >>> import pairmatch as pm
        >>> sorted(pm.Schema.preset("inclusion").fields)
        ['asks_for_match', 'identity', 'identity_to_match']
        """
        return cls.from_dict(preset_data(name))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Schema:
        """A schema from plain data, as :meth:`to_dict` makes it or as a file holds it."""
        parts, findings = schema_file.parts(data)
        try:
            schema = cls(**parts)
        except SchemaError as error:
            raise SchemaError([*findings, *error.findings]) from None
        if findings:
            raise SchemaError(findings)
        return schema

    def to_dict(self) -> dict[str, Any]:
        """The schema as plain data."""
        return schema_file.plain(self)

    def write(self, path: str | Path) -> None:
        """Write the schema to a ``.toml`` or ``.json`` file."""
        save(self.to_dict(), path)

    @property
    def all_fields(self) -> dict[str, Field]:
        """Every field by name, canonical ones first."""
        return {**CANONICAL, **self.fields}

    def column_of(self, name: str) -> str | None:
        """The organisation's column that this schema names for a field, or None when it names none."""
        if name == "level" and self.level_column is not None:
            return self.level_column
        return self.columns.get(name)

    def level_of(self) -> dict[str, int]:
        """Normalised grade to level, 0 the lowest; empty when levels are whole numbers."""
        return {normalise(grade): level for level, grade in enumerate(self.level_order)}


def _bad(code: str, hint: str, column: str = "") -> Finding:
    return Finding(code, hint, side="schema", column=column)


def _check_columns(columns: Any) -> Iterator[Finding]:
    if not isinstance(columns, Mapping):
        yield _bad("bad_value", 'columns is a table of field = "the organisation\'s column"', "columns")
        return
    for name, column in columns.items():
        if not isinstance(name, str) or not isinstance(column, str) or not column.strip():
            yield _bad("bad_value", "a field is mapped to the name of one column, as text", str(name))
    yield from _twice(columns)


def _check_fields(fields: Any) -> Iterator[Finding]:
    if not isinstance(fields, Mapping):
        yield _bad("bad_value", "fields is a table of declared fields", "fields")
        return
    for name, value in fields.items():
        yield from _check_field(str(name), value)
    yield from _twice(fields)


def _twice(names: Iterable[Any]) -> Iterator[Finding]:
    """Names that differ in case or spaces only would be one field, a canonical one in disguise too."""
    seen: set[str] = set(CANONICAL)
    for name in names:
        if isinstance(name, str) and name not in CANONICAL and fold(name) in seen:
            hint = "the name stands for another field too; names differ by more than case and spaces"
            if fold(name) in CANONICAL:
                hint = f"write the canonical field as '{fold(name)}'"
            yield _bad("duplicate_field", hint, name)
        seen.add(fold(str(name)))


def _check_field(name: str, value: Any) -> Iterator[Finding]:
    if isinstance(value, Field):
        value = {
            "kind": value.kind,
            "separator": value.separator,
            "class": value.class_,
            "meaning": value.meaning,
        }
    if isinstance(value, str):
        value = {"kind": value}
    if not isinstance(value, Mapping):
        yield _bad("bad_value", "a declared field is a table with kind, separator and class", name)
        return
    for key in value:
        if key not in DECLARED:
            near = did_you_mean(str(key), DECLARED)
            yield _bad("unknown_key", f"'{key}' is no part of a declared field.{near}", name)
    yield from _check_kind(name, value)
    if "class" in value and value["class"] not in CLASSES:
        near = did_you_mean(str(value["class"]), CLASSES)
        yield _bad("bad_class", f"a class is one of {', '.join(CLASSES)}.{near}", name)
    yield from _check_separator(name, value)
    yield from _check_meaning(name, value)


def _check_kind(name: str, value: Mapping[str, Any]) -> Iterator[Finding]:
    if "kind" not in value:
        if name not in CANONICAL:
            yield _bad("missing_kind", f"say the field's kind: one of {', '.join(KINDS)}", name)
    elif value["kind"] not in KINDS:
        near = did_you_mean(str(value["kind"]), KINDS)
        yield _bad("bad_kind", f"a kind is one of {', '.join(KINDS)}.{near}", name)
    elif name in CANONICAL and value["kind"] != CANONICAL[name].kind:
        yield _bad("bad_kind", f"this canonical field is always of kind '{CANONICAL[name].kind}'", name)


def _check_separator(name: str, value: Mapping[str, Any]) -> Iterator[Finding]:
    separator = value.get("separator")
    if separator is None:
        return
    if not isinstance(separator, str) or not separator:
        yield _bad("bad_separator", "a separator is a text of one character or more", name)
    elif value.get("kind", getattr(CANONICAL.get(name), "kind", None)) not in ("list", "topics"):
        yield _bad("bad_separator", "only lists and topics have a separator", name)


def _check_meaning(name: str, value: Mapping[str, Any]) -> Iterator[Finding]:
    meaning = value.get("meaning", False)
    if not isinstance(meaning, bool):
        yield _bad("bad_value", "meaning is true or false", name)
    elif meaning and value.get("kind", getattr(CANONICAL.get(name), "kind", None)) not in ("list", "topics"):
        yield _bad("bad_value", "only lists and topics are compared by meaning", name)


def _check_levels(schema: Schema) -> Iterator[Finding]:
    column, order = schema.level_column, schema.level_order
    if column is not None and (not isinstance(column, str) or not column.strip()):
        yield _bad("bad_value", "the level column is the name of one column, as text", "levels.column")
    elif column is not None and isinstance(schema.columns, Mapping):
        mapped = schema.columns.get("level", column)
        if isinstance(mapped, str) and fold(mapped) != fold(column):
            hint = "columns.level and levels.column name different columns; leave one out"
            yield _bad("two_level_columns", hint, "levels.column")
    if isinstance(order, str) or not all(isinstance(grade, str) and grade.strip() for grade in order):
        yield _bad("bad_level_order", "the order is a list of grades as text, lowest first", "levels.order")
    elif len({normalise(grade) for grade in order}) < len(order):
        yield _bad("bad_level_order", "a grade stands in the order twice", "levels.order")


def _field(name: str, value: Any) -> Field:
    """One declaration as a field; what it leaves open is as in the canonical profile."""
    base = CANONICAL.get(name, Field("text", None, default_class(name)))
    if isinstance(value, Field):
        return value
    if isinstance(value, str):
        return replace(base, kind=value)
    return Field(
        value.get("kind", base.kind),
        value.get("separator", base.separator),
        value.get("class", base.class_),
        value.get("meaning", base.meaning),
    )
