"""Pairs that somebody listed or edited by hand: read with everything that is wrong with them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairmatch.cohort.reading import read_csv
from pairmatch.errors import CallError, FileError, Finding, InputError, did_you_mean, shown
from pairmatch.matching import Matching

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["Listed", "Pair", "read_pairs", "rows_of"]

Pair = tuple[str, str]

COLUMNS = ("mentor", "mentee")
LOCKED = "locked"
"""A column in which somebody may say which pairs are to stay."""

WORDS = {"yes": True, "y": True, "true": True, "1": True, "x": True, "no": False, "n": False, "false": False}
WORDS |= {"0": False, "": False}
"""What may stand in that column."""

GUARDED = re.compile(r"(^|;)'('*)(?=[=+\-@＝＋－＠\t\r\n])")
"""An apostrophe that keeps spreadsheets from taking a cell for a formula, as written tables have it."""

FORMULA = "=+-@＝＋－＠"
MOST_NAMES = 10_000
"""Ids among which a near one is looked for."""


@dataclass(frozen=True)
class Listed:
    """Pairs that were read.

    Attributes
    ----------
    pairs
        In their order, each once.
    locked
        Those marked as locked; None where the list has no such column.
    """

    pairs: tuple[Pair, ...]
    locked: frozenset[Pair] | None = None


def read_pairs(pairs: Any, cohort: Cohort, argument: str = "pairs") -> Listed:
    """Pairs from a table, a file, a matching, or a list of two ids each.

    Parameters
    ----------
    pairs
        A frame with the columns ``mentor`` and ``mentee``, perhaps ``locked``, further ones are passed over;
        a CSV file of that kind, or the folder of a written matching, whose ``pairs.csv`` is read; a
        :class:`pairmatch.Matching`; or pairs of ids.
    cohort
        Whose ids they are.
    argument
        The argument's name, for the findings.

    Raises
    ------
    CallError, FileError
        Everything that is wrong, at once: absent columns, blank cells, formulas, ids of nobody, ids with the
        roles swapped, pairs that stand twice.
    """
    if isinstance(pairs, Matching):
        return Listed(tuple((made.mentor, made.mentee) for made in pairs.made))
    found: list[Finding] = []
    of_file = isinstance(pairs, str | PathLike)
    rows = list(rows_of(pairs, argument, (*COLUMNS, LOCKED), found))
    reader = _Reader(cohort, argument, of_file, found)
    read = [reader.row(number, row) for number, row in enumerate(rows, start=1)]
    if found:
        error: type[InputError] = FileError if of_file else CallError
        raise error(found)
    marked = bool(rows) and all(LOCKED in row for row in rows)
    return Listed(
        tuple(pair for pair, _ in read if pair is not None),
        frozenset(pair for pair, locked in read if locked and pair is not None) if marked else None,
    )


def rows_of(
    table: Any, argument: str, columns: Sequence[str], found: list[Finding]
) -> Iterator[Mapping[str, Any]]:
    """The rows of a frame, a file or a list, by those of the columns that there are.

    The first two columns are needed; what is wrong is added to the findings.
    """
    header = getattr(table, "columns", None)
    if isinstance(table, str | PathLike):
        yield from _file_rows(table, argument, columns, found)
    elif header is not None:
        names = {str(name).strip().lower(): name for name in header}
        if _fit([str(name).strip().lower() for name in header], argument, columns, found):
            there = [name for name in columns if name in names]
            for cells in zip(*(table[names[name]] for name in there), strict=True):
                yield dict(zip(there, cells, strict=True))
    elif isinstance(table, Iterable) and not isinstance(table, bytes | Mapping):
        for number, row in enumerate(table, start=1):
            if isinstance(row, Mapping):
                yield row
            elif isinstance(row, list | tuple) and 2 <= len(row) <= len(columns):
                yield dict(zip(columns, row, strict=False))
            else:
                hint = "each entry is two ids as text, the mentor's first"
                found.append(Finding("bad_pair", hint, argument, row=number))
    else:
        hint = "must be a table with the columns 'mentor' and 'mentee', a CSV file, or a list of pairs of ids"
        found.append(Finding("bad_argument", hint, column=argument))


def _file_rows(
    path: str | PathLike[str], argument: str, columns: Sequence[str], found: list[Finding]
) -> Iterator[Mapping[str, Any]]:
    folder = Path(path)
    table = read_csv(folder / "pairs.csv" if folder.is_dir() else folder, argument, found)
    if table is None:
        return
    names = {name.lower(): place for place, name in enumerate(table.header)}
    if _fit([name.lower() for name in table.header], argument, columns, found):
        there = [name for name in columns if name in names]
        for cells in zip(*(table.columns[names[name]] for name in there), strict=True):
            if any(cell is not None for cell in cells):
                yield dict(zip(there, cells, strict=True))


def _fit(names: Sequence[str], argument: str, columns: Sequence[str], found: list[Finding]) -> bool:
    """Whether both columns of ids are there, and none of those that are read stands twice."""
    absent = [name for name in columns[:2] if name not in names]
    for name in absent:
        hint = f"the table needs a column '{name}' with ids.{did_you_mean(name, names)}"
        found.append(Finding("missing_column", hint, argument, column=name))
    twice = [name for name in columns if names.count(name) > 1]
    hint = "the table has this column twice; take one of them out"
    found += [Finding("duplicate_column", hint, argument, column=name) for name in twice]
    return not absent and not twice


class _Reader:
    """Reads row after row, and adds what is wrong to the findings."""

    def __init__(self, cohort: Cohort, argument: str, of_file: bool, found: list[Finding]) -> None:
        self._sides = {"mentor": frozenset(cohort.mentors.ids), "mentee": frozenset(cohort.mentees.ids)}
        self._argument, self._of_file, self._found = argument, of_file, found
        self._seen: dict[Pair, int] = {}

    def row(self, number: int, row: Mapping[str, Any]) -> tuple[Pair | None, bool]:
        """One pair, and whether it is locked."""
        mentor, mentee = (self._id(number, role, row.get(role)) for role in COLUMNS)
        if mentor is None or mentee is None:
            return None, False
        pair = mentor, mentee
        if pair in self._seen:
            self._note("duplicate_pair", f"the pair stands in row {self._seen[pair]} too", number, "", mentor)
        self._seen.setdefault(pair, number)
        return pair, self._locked(number, row.get(LOCKED))

    def _id(self, number: int, role: str, cell: Any) -> str | None:
        """The id in a cell; None where there is none, which is then noted."""
        if not isinstance(cell, str):
            problem = _BLANK if _blank(cell) else ("bad_id", _AS_TEXT)
            self._note(*problem, number, role)
            return None
        known, text = self._sides[role], cell.strip()
        plain = GUARDED.sub(r"\1\2", text) if self._of_file else text
        found = next((name for name in (plain, text, cell) if name in known), None)
        if found is None:
            code, hint = self._nobody(role, plain)
            who = "" if code in ("blank_id", "formula") else plain
            self._note(code, hint, number, role, who)
        return found

    def _nobody(self, role: str, text: str) -> tuple[str, str]:
        """Why a text is nobody's id."""
        known = self._sides[role]
        other = "mentee" if role == "mentor" else "mentor"
        if not text:
            return _BLANK
        if text[0] in FORMULA:
            return "formula", "the cell is a formula and no id; give the id as text"
        if text in self._sides[other]:
            return "swapped_roles", f"this is the id of a {other}; the columns may have been swapped"
        near = did_you_mean(text, known) if len(known) <= MOST_NAMES else ""
        return "unknown_person", f"nobody among the {role}s has this id.{near}"

    def _locked(self, number: int, cell: Any) -> bool:
        if isinstance(cell, bool) or _blank(cell):
            return cell is True
        word = WORDS.get(str(cell).strip().lower())
        if word is None:
            self._note("bad_locked", "write yes or no, or leave the cell blank", number, LOCKED)
        return bool(word)

    def _note(self, code: str, hint: str, number: int, column: str, who: str = "") -> None:
        """Add a problem of one cell."""
        self._found.append(Finding(code, hint, self._argument, shown(who), number, column))


def _blank(cell: Any) -> bool:
    """Whether a cell says nothing; pandas says so with a number that is none, or with a mark of its own."""
    import pandas as pd

    return cell is None or cell is pd.NA or (isinstance(cell, float) and isnan(cell))


_BLANK = "blank_id", "the cell is blank; give an id, or take the row out"
_AS_TEXT = "ids are text; read the table with all cells as text, so that 007 does not become 7"
