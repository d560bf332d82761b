"""The pairs of earlier rounds."""

from __future__ import annotations

from pairmatch.cohort.parsing import read_ids
from pairmatch.cohort.tables import Table
from pairmatch.errors import Finding, did_you_mean

__all__ = ["Pairs", "read_history"]

Pairs = tuple[tuple[str, str], ...]
"""Mentor id, mentee id."""


def read_history(table: Table, found: list[Finding]) -> Pairs:
    """Mentor and mentee of every earlier pair; people who have left since may be among them."""
    sides = [ids for ids in (_side(table, "mentor", found), _side(table, "mentee", found)) if ids is not None]
    return tuple(zip(sides[0], sides[1], strict=True)) if len(sides) == 2 else ()


def _side(table: Table, name: str, found: list[Finding]) -> tuple[str, ...] | None:
    columns = table.find(name) or table.find(f"{name}_id")
    if len(columns) == 1:
        return read_ids(table, columns[0], found)
    code, hint = "missing_column", f"the history has no column '{name}'.{did_you_mean(name, table.header)}"
    if columns:
        code, hint = "duplicate_column", "the column stands in the table more than once; remove the others"
    found.append(Finding(code, hint, side=table.side, column=name))
    return None
