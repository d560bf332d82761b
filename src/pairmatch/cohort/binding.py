"""Which column of a table is which field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pairmatch.cohort.fields import CANONICAL, fold
from pairmatch.cohort.schema import Schema
from pairmatch.cohort.tables import Table
from pairmatch.errors import Finding, did_you_mean

__all__ = ["Binding", "bind", "check_mapped"]


@dataclass(frozen=True)
class Binding:
    """The fields of one table.

    Attributes
    ----------
    positions
        Field to the position of its column.
    lacking
        Fields that the schema maps to a column which the table lacks.
    findings, notes
        What is wrong, and what is only worth telling.
    """

    positions: Mapping[str, int]
    lacking: Mapping[str, str]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def bind(table: Table, schema: Schema) -> Binding:
    """Find the column of every field: the mapped one, else the one of the field's own name."""
    found: dict[str, list[int]] = {}
    lacking: dict[str, str] = {}
    for name in schema.all_fields:
        column = schema.column_of(name)
        if column is not None:
            found[name] = table.find(column)
            if not found[name]:
                lacking[name] = column
    taken = {position for positions in found.values() for position in positions}
    for name in schema.all_fields:
        if schema.column_of(name) is None:
            own = table.alike(name)
            found[name] = [k for k in own if k not in taken] if name in CANONICAL else own
    positions = {name: columns[0] for name, columns in found.items() if columns}
    findings = (*_doubled(table, found), *_without_id(table, schema, positions))
    return Binding(positions, lacking, findings, tuple(_unused(table, schema, positions)))


def _doubled(table: Table, found: Mapping[str, list[int]]) -> Iterator[Finding]:
    hint = "the column stands in the table more than once; rename or remove the others"
    doubled = {table.header[columns[0]]: None for columns in found.values() if len(columns) > 1}
    if found["id"]:  # a table without ids may lack a header, and then its first row is nobody's business
        doubled.update((name, None) for name in table.header if name and table.header.count(name) > 1)
    for name in doubled:
        yield Finding("duplicate_column", hint, side=table.side, column=name)


def _without_id(table: Table, schema: Schema, positions: Mapping[str, int]) -> Iterator[Finding]:
    if "id" in positions or not table.header:
        return
    mapped = schema.column_of("id")
    if mapped is not None:
        near = did_you_mean(mapped, table.header)
        hint = f"the schema reads ids from '{mapped}', which the table lacks.{near}"
    else:
        like = [name for name in table.header if {"id", "email"} & set(fold(name).split("_"))]
        hint = "the table has no column 'id'; add one, or map one with id = \"...\" in the schema's [columns]"
        hint += f". Did you mean '{like[0]}'?" if len(like) == 1 else ""
    yield Finding("missing_id_column", hint, side=table.side, column=mapped or "id")


def _unused(table: Table, schema: Schema, positions: Mapping[str, int]) -> Iterator[Finding]:
    used = set(positions.values())
    free = [name for name in schema.all_fields if name not in positions]
    for k, name in enumerate(table.header):
        if k not in used:
            hint = f"no field reads this column, so it is not used.{did_you_mean(fold(name), free)}"
            yield Finding("unknown_column", hint, side=table.side, column=name)
        elif not any(cell is not None for cell in table.columns[k]):
            hint = "the column is blank for everybody"
            yield Finding("all_blank", hint, side=table.side, column=name)


def check_mapped(tables: Mapping[str, Table], bindings: Mapping[str, Binding]) -> Iterator[Finding]:
    """Columns that the schema names and no table has."""
    if not bindings:
        return
    headers = [name for table in tables.values() for name in table.header]
    lacking = [binding.lacking for binding in bindings.values()]
    for name, column in lacking[0].items():
        if name != "id" and all(name in others for others in lacking):
            near = did_you_mean(column, headers)
            hint = f"the schema reads '{name}' from this column, which no table has.{near}"
            yield Finding("unknown_mapped_column", hint, side="schema", column=column)
