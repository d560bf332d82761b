"""CSV files, as HR systems and spreadsheets write them. All cells stay text, so that ids keep their zeros."""

from __future__ import annotations

import csv
import io
import re
from os import PathLike
from pathlib import Path
from typing import Any

from pairmatch.cohort.tables import Table
from pairmatch.errors import Finding

__all__ = ["UNREADABLE", "read_csv"]

DELIMITERS = ",;\t"

UNREADABLE = frozenset({"missing_file", "unreadable_file"})
"""Codes of findings that make the whole error a FileError."""

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_EXCEL_HINT = re.compile(r'"?sep=([,;\t])"?\n')


def read_csv(path: Any, side: str, found: list[Finding]) -> Table | None:
    """The cells of a CSV file: UTF-8 with or without BOM; comma, semicolon or tab.

    Parameters
    ----------
    path
        The file.
    side
        What it holds.
    found
        Findings are added here.

    Returns
    -------
    Table or None
        None when the file holds no readable table; the findings then say why.
    """
    text = _text(path, side, found)
    if text is None:
        return None
    hint = _EXCEL_HINT.match(text)
    if hint:
        text = text[hint.end() :]
    records = _records(text, hint[1] if hint else _delimiter(text), side, found)
    if not records:
        return None if records is None else Table(side, [], [], [])
    header = [name.strip() for name in records[0]]
    rows = _even_rows(records, len(header), side, found)
    cells = [[cell.strip() or None for cell in column] for column in zip(*rows, strict=True)]
    return Table.of(side, header, cells or [[] for _ in header])


def _text(path: Any, side: str, found: list[Finding]) -> str | None:
    if not isinstance(path, str | PathLike):
        found.append(Finding("not_a_path", f"hand in the path of a CSV file of {side}", side=side))
        return None
    name = Path(path).name
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        found.append(Finding("missing_file", f"there is no file '{name}'; check the path", side=side))
        return None
    except (OSError, ValueError):
        found.append(Finding("unreadable_file", f"'{name}' cannot be opened as a file", side=side))
        return None
    return _decoded(data, side, found)


def _decoded(data: bytes, side: str, found: list[Finding]) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "the file is not in UTF-8; save it as 'CSV UTF-8'"
        found.append(Finding("not_utf8", hint, side=side, row=data.count(b"\n", 0, error.start)))
        return None
    if "\0" in text:
        hint = "the file holds NUL characters; save it as 'CSV UTF-8'"
        found.append(Finding("nul_character", hint, side=side, row=text.count("\n", 0, text.index("\0"))))
        return None
    return _one_line_end(text)


def _one_line_end(text: str) -> str:
    """Lines end in a line feed. A lone carriage return ends a line only where nothing else does."""
    text = text.replace("\r\n", "\n")
    return text.replace("\r", " " if "\n" in text else "\n")


def _delimiter(text: str) -> str:
    """The delimiter that the header line uses most, quoted names aside."""
    header = _QUOTED.sub("", text.lstrip("\n")).split("\n", 1)[0]
    return max(DELIMITERS, key=header.count)


def _records(text: str, delimiter: str, side: str, found: list[Finding]) -> list[list[str]] | None:
    """All records, header first; blank lines before the header are skipped."""
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(text.lstrip("\n"), newline=""), delimiter=delimiter, strict=True)
    try:
        records.extend(reader)
    except csv.Error:
        hint = "the quotes do not close as they open; inside quotes, a quote is written twice"
        found.append(Finding("bad_quoting", hint, side=side, row=len(records)))
        return None
    return records


def _even_rows(records: list[list[str]], width: int, side: str, found: list[Finding]) -> list[list[str]]:
    """The rows after the header; blank lines are filled up, rows of another width are reported."""
    rows = records[1:]
    if all(len(row) == width for row in rows):
        return rows
    blank = [""] * width
    for k, row in enumerate(rows):
        if len(row) != width:
            if row:
                hint = "the row has more or fewer cells than the header; quote cells that hold the delimiter"
                found.append(Finding("ragged_row", hint, side=side, row=k + 1))
            rows[k] = (row + blank)[:width] if row else blank
    return rows
