"""What an audit is asked: columns, a table beside the cohort, earlier audits; all that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.auditing.people import SIDES
from pairmatch.auditing.rows import Columns, Table
from pairmatch.auditing.texts import bad
from pairmatch.cohort.reading import UNREADABLE, read_csv
from pairmatch.errors import CallError, FileError, Finding, did_you_mean
from pairmatch.grouping import UNKNOWN, spelt
from pairmatch.parameters import is_number
from pairmatch.terms import normalise

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["columns_asked", "table_of", "wrong"]

ID = "id"


def columns_asked(by: Any) -> tuple[Columns, ...]:
    """The tables that are asked for: each a column, or several whose values are put together."""
    entries = (by,) if isinstance(by, str) else by
    if not isinstance(entries, Iterable):
        raise CallError([bad("by", "must name columns, or tuples of columns")])
    asked = [(entry,) if isinstance(entry, str) else tuple(entry) for entry in entries if _is_entry(entry)]
    if not asked or not all(_is_entry(entry) for entry in entries):
        raise CallError(
            [bad("by", "must name at least one column; each entry is a column, or a tuple of them")]
        )
    return tuple(dict.fromkeys(asked))


def _is_entry(entry: Any) -> bool:
    names = (entry,) if isinstance(entry, str) else entry
    return isinstance(names, tuple | list) and bool(names) and all(isinstance(one, str) for one in names)


def wrong(cohort: Cohort, table: Table, asked: Sequence[Columns], of: Any, confidence: Any) -> list[Finding]:
    """What is wrong with the arguments."""
    found = []
    if of not in SIDES:
        found.append(bad("of", f"must be 'mentors' or 'mentees'.{did_you_mean(str(of), SIDES)}"))
    if not is_number(confidence) or not 0 < confidence < 1:
        found.append(bad("confidence", "must be above 0 and below 1"))
    names = dict.fromkeys(name for columns in asked for name in columns)
    for name in names:
        found.extend(_wrong_column(cohort, table, name, of))
    for columns in asked:
        if len(set(columns)) < len(columns):
            found.append(bad("by", "names one column twice in one entry"))
    return found


def _wrong_column(cohort: Cohort, table: Table, name: str, of: Any) -> list[Finding]:
    inside, beside = cohort.resolve(name), name in table
    if inside and beside:
        hint = "names a column that the cohort and the table of 'data' both have; rename the table's"
        return [Finding("column_twice", f"'by' {hint}", "data", column=name)]
    if beside:
        sides = [of] if of in SIDES else SIDES
        if any(not table[name].keys().isdisjoint(cohort.side(side).ids) for side in sides):
            return []
        hint = "no id of the table is one of the people who are counted; the ids must be those of the cohort"
        return [Finding("nobody_known", hint, "data", column=name)]
    if not inside:
        return [
            bad(
                "by",
                f"names no column of the cohort or of 'data'.{did_you_mean(name, [*cohort.fields, *table])}",
            )
        ]
    if cohort.field_class(name) == "identifier":
        return [bad("by", "names a column that tells who somebody is; an audit is about groups")]
    if of in SIDES and cohort.side(of).resolve(name) is None:
        return [bad("by", f"names a column that the {of} do not have")]
    return []


def table_of(data: Any, names: Iterable[str]) -> Table:
    """The columns asked for of a table beside the cohort, by id; of the others nothing is read.

    Parameters
    ----------
    data
        A frame with the column ``id``, the path of a CSV file, or None.
    names
        The columns asked for.

    Raises
    ------
    CallError
        The table has no ids, or one of them twice.
    FileError
        The file is missing or cannot be opened.
    """
    if data is None:
        return {}
    columns = _file_columns(data) if isinstance(data, str | PathLike) else _frame_columns(data)
    ids = columns.get(ID)
    if ids is None:
        raise CallError(
            [Finding("missing_columns", "the table of 'data' needs the column 'id'", "data", column=ID)]
        )
    texts = [None if cell is None or _blank(cell) else str(cell).strip() for cell in ids]
    found = _wrong_ids(texts)
    if found:
        raise CallError(found)
    asked = [name for name in dict.fromkeys(names) if name in columns and name != ID]
    return {name: _spelt(texts, columns[name]) for name in asked}


def _wrong_ids(ids: Sequence[str | None]) -> list[Finding]:
    found, seen = [], set()
    for row, who in enumerate(ids, start=1):
        if not who:
            found.append(Finding("missing_id", "every row needs an id", "data", row=row, column=ID))
        elif who in seen:
            hint = "an id stands in the table more than once; one row for each person"
            found.append(Finding("duplicate_id", hint, "data", who, row, ID))
        seen.add(who)
    return found


def _frame_columns(data: Any) -> Mapping[str, Sequence[Any]]:
    if not hasattr(data, "columns") or not hasattr(data, "to_dict"):
        raise CallError([bad("data", "must be a frame with the column 'id', or the path of a CSV file")])
    names = [str(name) for name in data.columns]
    if len(set(names)) < len(names):
        raise CallError([bad("data", "has a column twice")])
    return {name: data.iloc[:, place].tolist() for place, name in enumerate(names)}


def _file_columns(path: Any) -> Mapping[str, Sequence[Any]]:
    found: list[Finding] = []
    table = read_csv(path, "data", found)
    if found or table is None:
        raise (FileError if any(one.code in UNREADABLE for one in found) else CallError)(found)
    if len(set(table.header)) < len(table.header):
        raise CallError([bad("data", "has a column twice")])
    return dict(zip(table.header, table.columns, strict=True))


def _spelt(ids: Sequence[str | None], cells: Sequence[Any]) -> Mapping[str, str]:
    """Each person's value as it was written; those that differ in case or blanks alone are one."""
    texts = ["" if _blank(cell) else spelt(_plain(cell)).strip() for cell in cells]
    spelling: dict[str, str] = {}
    for text in sorted(text for text in texts if text):
        spelling.setdefault(normalise(text), text)
    return {
        who: UNKNOWN if not text or normalise(text) in ("", UNKNOWN) else spelling[normalise(text)]
        for who, text in zip(ids, texts, strict=True)
        if who
    }


def _plain(cell: Any) -> Any:
    """A cell as text, number or flag."""
    if isinstance(cell, bool | np.bool_ | str):
        return cell
    return float(cell) if isinstance(cell, int | float | np.number) else str(cell)


def _blank(cell: Any) -> bool:
    import pandas as pd

    return (
        cell is None
        or cell is pd.NA
        or cell is pd.NaT
        or (isinstance(cell, float) and isnan(cell))
        or cell == ""
    )
