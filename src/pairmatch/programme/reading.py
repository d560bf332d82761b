"""A table of events read in one pass, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

from pairmatch.cohort.cells import Bad, identifier
from pairmatch.cohort.fields import fold
from pairmatch.cohort.history import date_of, one_column
from pairmatch.cohort.parsing import read_cells
from pairmatch.cohort.reading import UNREADABLE, read_csv
from pairmatch.cohort.tables import Table, from_frame
from pairmatch.errors import CallError, FileError, Finding
from pairmatch.programme.events import COLUMNS, Event, flaws

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Read", "Source", "read_events"]

Source = Any
"""A frame, the path of a CSV file, or events."""

OPTIONAL = ("id", "reason")


@dataclass(frozen=True)
class Read:
    """Events as they were handed in, each once.

    Attributes
    ----------
    events
        In the order of the table.
    rows
        The row of each, counted from 1.
    notes
        Columns that were not read.
    """

    events: tuple[Event, ...]
    rows: tuple[int, ...]
    notes: tuple[Finding, ...] = ()


def read_events(source: pd.DataFrame | str | PathLike[str] | Iterable[Event]) -> Read:
    """Events of a frame, a CSV file, or of their own.

    Parameters
    ----------
    source
        A frame or a file with the columns date, kind, mentor, mentee, and optionally id and reason; or
        events. One that stands there twice counts once.

    Raises
    ------
    CallError
        The events cannot be used; all problems at once.
    FileError
        The file is missing or cannot be opened.
    """
    found: list[Finding] = []
    events, rows, notes = _events(source, found)
    if not found:
        events, rows = _once(events, rows, found)
    if found:
        unreadable = any(finding.code in UNREADABLE for finding in found)
        raise (FileError if unreadable else CallError)(found)
    return Read(tuple(events), tuple(rows), tuple(notes))


def _events(source: Source, found: list[Finding]) -> tuple[list[Event], Sequence[int], list[Finding]]:
    if isinstance(source, Event):
        source = [source]
    if isinstance(source, str | PathLike):
        return _of_table(read_csv(source, "events", found), found)
    if isinstance(source, Iterable) and not hasattr(source, "columns") and not isinstance(source, dict):
        events = list(source)
        if all(isinstance(event, Event) for event in events):
            return events, range(1, len(events) + 1), []
    if not hasattr(source, "columns"):
        hint = "hand in a table of events as a pandas DataFrame, the path of a CSV file, or a list of Events"
        found.append(Finding("not_events", hint, "events"))
        return [], (), []
    return _of_table(from_frame(source, "events", found), found)


def _of_table(table: Table | None, found: list[Finding]) -> tuple[list[Event], Sequence[int], list[Finding]]:
    if table is None:
        return [], (), []
    places = {name: _place(table, name, found) for name in COLUMNS}
    known = {fold(name) for name in COLUMNS}
    unused = [name for name in table.header if fold(name) not in known]
    hint = "the column is not read"
    notes = [Finding("unused_column", hint, "events", column=name) for name in unused]
    if found:
        return [], (), notes
    parsers = {"date": date_of, "kind": _word, "reason": _word}
    nobody = ("",) * len(table.rows)
    columns = {
        name: [None] * len(table.rows)
        if place is None
        else read_cells(table, place, nobody, parsers.get(name, identifier), found)
        for name, place in places.items()
    }
    _wrong(table, columns, found)
    if found:
        return [], (), notes
    values = zip(*(columns[name] for name in COLUMNS), strict=True)
    events = [
        Event(day, kind, a or "", b or "", why or "", own or "") for own, day, kind, a, b, why in values
    ]
    return events, table.rows, notes


def _place(table: Table, name: str, found: list[Finding]) -> int | None:
    places = table.find(name)
    return None if name in OPTIONAL and not places else one_column(table, name, places, found)


def _word(cell: Any) -> str | Bad:
    return cell if isinstance(cell, str) else Bad("bad_text", "the cell holds no word")


def _wrong(table: Table, columns: dict[str, list[Any]], found: list[Finding]) -> None:
    """Rows of which a cell is missing, or whose cells do not go together."""
    bad = {(finding.row, finding.column) for finding in found}
    names = {name: table.header[place] for name in COLUMNS for place in table.find(name)[:1]}
    values = zip(*(columns[name] for name in COLUMNS), strict=True)
    for row, (own, day, kind, mentor, mentee, reason) in zip(table.rows, values, strict=True):
        who = own or ""
        if day is None and (row, names["date"]) not in bad:
            hint = "the event has no date; write the day as year-month-day"
            found.append(Finding("missing_date", hint, "events", who, row, names["date"]))
        for column, code, hint in flaws(kind, mentor, mentee, reason):
            # A cell that could not be read has been told of already.
            if (row, names[column]) not in bad:
                found.append(Finding(code, hint, "events", who, row, names[column]))


def _once(
    events: Sequence[Event], rows: Sequence[int], found: list[Finding]
) -> tuple[list[Event], list[int]]:
    """Each event once; two of one id that say different things are told."""
    first: dict[str, Event] = {}
    kept, where = [], []
    hint = "another event has this id and says something else; events are added, never changed"
    for event, row in zip(events, rows, strict=True):
        if event.id not in first:
            first[event.id] = event
            kept.append(event)
            where.append(row)
        elif first[event.id] != event:
            found.append(Finding("contradicting_event", hint, "events", event.id, row, "id"))
    return kept, where
