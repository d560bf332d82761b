"""Tables and lists that a re-match is handed: read row by row, with all that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isnan
from typing import Any, NamedTuple

from pairmatch.errors import Finding
from pairmatch.parameters import is_whole, told

__all__ = ["SIDES", "Reader", "Row", "is_blank"]

SIDES = {"mentor": "mentors", "mentee": "mentees", "mentors": "mentors", "mentees": "mentees"}
"""How a role may be written, and the side that it means."""

PAIR = ("mentor", "mentee")

MOST = {"rounds": 10_000, "capacity": 2**31}
"""Largest numbers; more rounds than these would need numbers beyond 64 bits."""


class Row(NamedTuple):
    """One row: its number, counted from 1, and its cells by column."""

    number: int
    cells: Mapping[str, Any]


class Reader:
    """Reads one argument of a re-match, and notes everything that is wrong with it.

    Parameters
    ----------
    name
        The argument's name.
    found
        Where problems are noted.
    """

    def __init__(self, name: str, found: list[Finding]) -> None:
        self.name, self._found = name, found

    def wrong(self, code: str, hint: str, who: str = "", row: int = 0, column: str = "") -> None:
        """Note a problem."""
        self._found.append(Finding(code, hint, self.name, who, row, column))

    def pairs(self, value: Any, also: tuple[str, ...] = ()) -> list[tuple[Row, tuple[str, str]]]:
        """Pairs of ids, mentor first, from a frame or a list of pairs."""
        rows = self._rows(value, PAIR, also, "pairs of ids, mentor first")
        read = []
        for row in rows:
            ids = [_text(row.cells.get(column)) for column in PAIR]
            if all(ids):
                read.append((row, (ids[0], ids[1])))
            else:
                hint = "each entry must be two ids as text, the mentor's first"
                self.wrong("bad_pair", hint, row=row.number)
        return read

    def people(self, value: Any, number: str = "") -> list[tuple[Row, str, str]]:
        """Ids with their side, empty where none is told; with a column of numbers, a row for each."""
        columns = ("id", number) if number else ("id",)
        if number and isinstance(value, Mapping):
            value = list(value.items())
        many = f"ids with their {number}" if number else "ids"
        read = []
        for row in self._rows(value, columns, ("role",), many):
            who, role = _text(row.cells.get("id")), row.cells.get("role")
            side = SIDES.get(role.strip() if isinstance(role, str) else "", "")
            if not who:
                self.wrong("bad_id", "each entry must have an id as text", row=row.number)
            elif not side and not is_blank(role):
                hint = "a role is 'mentor' or 'mentee', or left out where the id stands in one table only"
                self.wrong("unknown_role", hint, who, row.number, "role")
            else:
                read.append((row, who, side))
        return read

    def number(self, row: Row, who: str, column: str, least: int) -> int:
        """A whole number of a row; ``least`` where it is none."""
        value = row.cells.get(column)
        number = _whole(value)
        if number is None or not least <= number <= MOST[column]:
            hint = f"'{column}' must be a whole number from {least} to {MOST[column]:,}"
            self.wrong("bad_number", hint, who, row.number, column)
            return least
        return number

    def _rows(self, value: Any, columns: tuple[str, ...], more: tuple[str, ...], what: str) -> Iterator[Row]:
        """The rows of a frame, or the entries of a list."""
        if hasattr(value, "columns"):
            absent = [column for column in columns if column not in set(value.columns)]
            for column in absent:
                self.wrong("missing_column", f"the table needs the column '{column}'", column=column)
            there = [column for column in (*columns, *more) if column in set(value.columns)]
            twice = [column for column in there if list(value.columns).count(column) > 1]
            for column in twice:
                hint = "the column stands in the table more than once; remove the others"
                self.wrong("duplicate_column", hint, column=column)
            here = [] if absent or twice else there
            cells = zip(*(value[column].tolist() for column in here), strict=True)
            return (Row(k, dict(zip(here, row, strict=True))) for k, row in enumerate(cells, start=1))
        if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
            return self._entries(value, columns, more)
        self.wrong("bad_argument", f"must be a table, or a list of {what}, not {told(value)}")
        return iter(())

    def _entries(
        self, value: Iterable[Any], columns: tuple[str, ...], more: tuple[str, ...]
    ) -> Iterator[Row]:
        """Entries of a list: the columns in turn; of people the role may stand before or be left out."""
        for k, entry in enumerate(value, start=1):
            cells = (
                (entry,)
                if isinstance(entry, str)
                else tuple(entry)
                if isinstance(entry, list | tuple)
                else ()
            )
            names = columns
            if len(cells) == len(columns) + 1 and more:
                names = ("role", *columns) if more == ("role",) else (*columns, *more)
            if len(cells) == len(names):
                yield Row(k, dict(zip(names, cells, strict=True)))
            else:
                hint = f"each entry must be {' and '.join(columns)}"
                self.wrong("bad_entry", hint, row=k)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing: None, what pandas has for it, or blank text."""
    missing = value is None or (isinstance(value, float) and isnan(value))
    return missing or str(value) in ("<NA>", "NaT") or (isinstance(value, str) and not value.strip())


def _whole(value: Any) -> int | None:
    """A whole number, as such, as a float or as text."""
    if is_whole(value):
        return int(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if not isinstance(value, bool) and number.is_integer() else None
