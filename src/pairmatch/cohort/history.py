"""The pairs of earlier rounds, and those that somebody will not have."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from pairmatch.cohort.cells import Bad
from pairmatch.cohort.parsing import read_cells, read_ids
from pairmatch.cohort.tables import Table
from pairmatch.errors import Finding, did_you_mean

__all__ = ["Ended", "Pairs", "date_of", "one_column", "read_history", "read_pairs"]

Pairs = tuple[tuple[str, str], ...]
"""Mentor id, mentee id."""

Ended = tuple[tuple[tuple[str, str], datetime.date | None], ...]
"""Each pair of the history once, sorted, with the day of its end; None where it goes on, or nobody says."""

BAD_DATE = Bad("bad_date", "write a date as year-month-day, as in 2026-11-22")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_history(table: Table, found: list[Finding]) -> tuple[Pairs, Ended | None]:
    """Mentor and mentee of every earlier pair, and when it ended; people who have left may be among them.

    Returns
    -------
    tuple
        The pairs, and their ends: None where the table has pairs and no column that tells of them.
    """
    pairs = read_pairs(table, found)
    columns = table.find("ended")
    if not columns:
        return pairs, None if table.rows else ()
    column = one_column(table, "ended", columns, found)
    if column is None:
        return pairs, None
    dates = read_cells(table, column, ("",) * len(table.rows), date_of, found)
    return pairs, _latest(zip(pairs, dates, strict=False))


def _latest(rows: Iterable[tuple[tuple[str, str], datetime.date | None]]) -> Ended:
    """The last end of each pair; a pair that did not end once has not ended."""
    ended: dict[tuple[str, str], datetime.date | None] = {}
    for pair, date in rows:
        before = ended.get(pair, date)
        ended[pair] = None if before is None or date is None else max(before, date)
    return tuple(sorted(ended.items()))


def date_of(cell: Any) -> datetime.date | Bad:
    """A day: text as ISO 8601 has it, or a date of a frame."""
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, str) and _DATE.fullmatch(cell):
        try:
            return datetime.date.fromisoformat(cell)
        except ValueError:
            return BAD_DATE
    return BAD_DATE


def read_pairs(table: Table, found: list[Finding]) -> Pairs:
    """Mentor and mentee of every row."""
    sides = [ids for ids in (_side(table, "mentor", found), _side(table, "mentee", found)) if ids is not None]
    return tuple(zip(sides[0], sides[1], strict=True)) if len(sides) == 2 else ()


def _side(table: Table, name: str, found: list[Finding]) -> tuple[str, ...] | None:
    column = one_column(table, name, table.find(name) or table.find(f"{name}_id"), found)
    return None if column is None else read_ids(table, column, found)


def one_column(table: Table, name: str, columns: list[int], found: list[Finding]) -> int | None:
    """The position of a column that is there once; else it is told."""
    if len(columns) == 1:
        return columns[0]
    code = "missing_column"
    hint = f"the table of {table.side} has no column '{name}'.{did_you_mean(name, table.header)}"
    if columns:
        code, hint = "duplicate_column", "the column stands in the table more than once; remove the others"
    found.append(Finding(code, hint, side=table.side, column=name))
    return None
