"""From cells to columns: every cell is read once, and every bad one is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pairmatch.cohort import cells
from pairmatch.cohort.binding import Binding
from pairmatch.cohort.cells import Bad, Parser
from pairmatch.cohort.fields import IDS, Field, fold
from pairmatch.cohort.profiles import Column, Profiles
from pairmatch.cohort.schema import Schema
from pairmatch.cohort.tables import Table
from pairmatch.errors import Finding
from pairmatch.terms import normalise

__all__ = ["Parsed", "column", "parse", "read_cells", "read_ids"]


@dataclass(frozen=True)
class Parsed:
    """One table, understood.

    Attributes
    ----------
    profiles
        The people; a bad cell counts as missing and a bad id as empty, until the findings are raised.
    rows
        Number of each person's row.
    names
        Field to the organisation's name of its column.
    """

    profiles: Profiles
    rows: Sequence[int]
    names: Mapping[str, str]

    def finding(self, code: str, hint: str, position: int, field: str = "") -> Finding:
        """A finding about one person of this table."""
        who = self.profiles.ids[position]
        column = self.names.get(field, field)
        return Finding(code, hint, self.profiles.side, who, self.rows[position], column)


def parse(table: Table, binding: Binding, schema: Schema, found: list[Finding]) -> Parsed:
    """Read all columns of a table of people; findings are added to ``found``."""
    ids = _own_ids(table, binding, found)
    fields = schema.all_fields
    columns: dict[str, Column] = {}
    for name in sorted(binding.positions, key=list(fields).index):
        values = read_cells(table, binding.positions[name], ids, _parser(name, fields[name], schema), found)
        columns[name] = column(fields[name].kind, values)
    if "time_zone" in columns:
        offsets = column("number", read_cells(table, binding.positions["time_zone"], ids, _offset, found))
        columns["utc_offset"] = _first(columns.get("utc_offset"), offsets)
    names = {name: table.header[position] for name, position in binding.positions.items()}
    aliases = {fold(heading): name for name, heading in names.items() if fold(heading) not in fields}
    return Parsed(Profiles(table.side, ids, columns, fields, aliases), table.rows, names)


def _own_ids(table: Table, binding: Binding, found: list[Finding]) -> tuple[str, ...]:
    """Ids of a table of people; an empty text where there is none."""
    if "id" not in binding.positions:
        return ("",) * len(table.rows)
    position = binding.positions["id"]
    ids = read_ids(table, position, found)
    seen: set[str] = set()
    for row, identifier in zip(table.rows, ids, strict=True):
        if identifier and identifier in seen:
            hint = "the id stands in the table more than once; one row per person"
            found.append(Finding("duplicate_id", hint, table.side, identifier, row, table.header[position]))
        seen.add(identifier)
    return ids


def read_ids(table: Table, position: int, found: list[Finding]) -> tuple[str, ...]:
    """A column in which every row has an id."""
    values = read_cells(table, position, ("",) * len(table.rows), cells.identifier, found)
    for row, cell in zip(table.rows, table.columns[position], strict=True):
        if cell is None:
            hint = "the row has no id; fill it in or remove the row"
            found.append(Finding("missing_id", hint, table.side, row=row, column=table.header[position]))
    return tuple("" if value is None else value for value in values)


def read_cells(
    table: Table, position: int, ids: Sequence[str], parser: Parser, found: list[Finding]
) -> list[Any]:
    """The values of one column, None where blank or bad; equal texts and numbers are read once."""
    raw = table.columns[position]
    # By type, because 1, 1.0 and True are one key, and need not be one value.
    known = {kind: _Known(parser) for kind in (str, float, int, bool)}
    values = [
        None if cell is None else known[type(cell)][cell] if type(cell) in known else parser(cell)
        for cell in raw
    ]
    if Bad not in set(map(type, values)):
        return values
    heading = table.header[position]
    for k, value in enumerate(values):
        if isinstance(value, Bad):
            found.append(Finding(value.code, value.hint, table.side, ids[k], table.rows[k], heading))
            values[k] = None
    return values


class _Known(dict[Any, Any]):
    """What a parser says of each cell, asked once."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser

    def __missing__(self, cell: Any) -> Any:
        value = self[cell] = self._parser(cell)
        return value


def _parser(name: str, field: Field, schema: Schema) -> Parser:
    if name == "level" and schema.level_order:
        return cells.grade(schema.level_of(), schema.level_order)
    if name == "dotted_managers":
        return cells.listed_ids(field.separator)
    if name in IDS:
        return cells.identifier if name != "id" else _checked_before
    if field.kind in ("list", "topics"):
        key = schema.thesaurus.key if field.meaning else normalise
        return cells.terms(name, field.kind, field.separator, key)
    if field.kind == "number":
        return cells.number(name)
    return cells.flag if field.kind == "bool" else cells.text


def _checked_before(cell: Any) -> Any:
    """An id that was already read and, if bad, reported."""
    value = cells.identifier(cell)
    return None if isinstance(value, Bad) else value


def _offset(cell: Any) -> Any:
    zone = cells.text(cell)
    return None if isinstance(zone, Bad) else cells.utc_offset(zone)


def _first(given: Column | None, derived: Column) -> Column:
    """Offsets as given, and as the time zone has them where they are blank."""
    if given is None:
        return derived
    offsets = np.asarray(given, np.float64)
    return np.where(np.isnan(offsets), np.asarray(derived, np.float64), offsets)


def column(kind: str, values: Sequence[Any]) -> Column:
    """Parsed values as a column of a kind."""
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if kind == "bool":
        return np.array([-1 if value is None else value for value in values], dtype=np.int8)
    if kind == "text":
        texts = np.empty(len(values), dtype=object)
        texts[:] = values
        return texts
    return tuple(value or () for value in values)
