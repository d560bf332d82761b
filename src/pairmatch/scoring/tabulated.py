"""Tables: goals and rules that see no more of two people than a few different values.

People who fill in a part's fields alike are one key of it; scoring one pair for every two keys tells
the part for all pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.forms import Form, Positions, Whole, Work
from pairmatch.scoring.blocks import blocks
from pairmatch.scoring.scorer import Part, units

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles

__all__ = ["Table", "goal_table", "looked_form", "rule_table", "table_form"]

MOST_CELLS = 4_000_000
"""Pairs of keys that are scored for a table, at most."""

MOST_FEATURES = 64
"""Keys of one side that still are features; with more it is quicker to look each pair up."""

SAMPLE = 48
"""People of each side, from all over the tables, whose pairs must come out as the table says."""

OF_THE_CHART = frozenset({"manager", "dotted_managers"})
"""Fields that stand for the whole organisation: what they say of a pair is not in two people's cells."""

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Table:
    """What a goal or rule says of every two keys.

    Attributes
    ----------
    mentor_codes, mentee_codes
        The key of each person of the cohort, as a number.
    cells
        Mentor keys × mentee keys: contributions in units (int32), or what a rule allows (bool).
    """

    mentor_codes: Codes
    mentee_codes: Codes
    cells: NDArray[Any]


def goal_table(part: Part, cohort: Cohort, most_cells: int | None = None) -> Table | None:
    """A goal's contributions by keys, with what counts where data lack; None where keys are no help."""
    return _table(part.gauge.goal, cohort, lambda block: units(part, block)[0], most_cells)


def rule_table(rule: Any, cohort: Cohort) -> Table | None:
    """What a rule allows by keys; None where keys are no help."""
    return _table(rule, cohort, lambda block: np.asarray(rule.allowed(block), np.bool_))


def table_form(table: Table) -> Form:
    """A table as features where one side has few keys, else as a curve that looks pairs up."""
    cells = table.cells.astype(np.float32)
    # Every pair adds one product only, so that even large cells are exact.
    if min(cells.shape) > MOST_FEATURES:
        return looked_form(table)
    if cells.shape[0] <= cells.shape[1]:
        used = np.flatnonzero(cells.any(axis=1))
        return Form(_one_hot(table.mentor_codes, used), cells[used].T[table.mentee_codes])
    used = np.flatnonzero(cells.any(axis=0))
    return Form(cells[:, used][table.mentor_codes], _one_hot(table.mentee_codes, used))


def looked_form(table: Table) -> Form:
    """A table as a curve that looks pairs up."""
    sides = table.mentor_codes, table.mentee_codes
    ours, theirs = (np.empty((len(codes), 0), np.float32) for codes in sides)
    return Form(ours, theirs, curves=(Looked(*sides, table.cells.astype(np.float32)),))


class Looked(NamedTuple):
    """A curve that looks each pair's two codes up in a table."""

    mentor_codes: Codes
    mentee_codes: Codes
    cells: Whole

    def taken(self, mentors: Positions, mentees: Positions) -> Looked:
        """The table for these people."""
        return self._replace(mentor_codes=self.mentor_codes[mentors], mentee_codes=self.mentee_codes[mentees])

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the cells."""
        used, which = np.unique(self.mentor_codes[rows], return_inverse=True)
        found = self.cells[used[:, None], self.mentee_codes[columns][None, :]]
        if len(used) == 1:
            out += found
            return
        extra = work.array("looked up", out.shape)
        np.take(found, which, axis=0, out=extra, mode="clip")
        out += extra


def _one_hot(codes: Codes, used: NDArray[np.intp]) -> Whole:
    """One column for each code in use, 1 where a person has it."""
    return np.asarray(codes[:, None] == used[None, :], np.float32)


def _table(
    part: Any, cohort: Cohort, read: Callable[[Block], NDArray[Any]], most_cells: int | None = None
) -> Table | None:
    keys = _keys(part, cohort)
    if keys is None:
        return None
    (mentor_codes, mentors), (mentee_codes, mentees) = keys
    if len(mentors) * len(mentees) > (most_cells or MOST_CELLS):
        return None
    cells = np.concatenate(
        [np.broadcast_to(read(block), block.shape) for _, block in blocks(cohort, mentors, mentees)]
    )
    table = _merged(Table(mentor_codes, mentee_codes, cells))
    return table if _agrees(table, cohort, read) else None


Keyed = tuple[Codes, Positions]
"""Each person's code, and one person for each code."""


def _keys(part: Any, cohort: Cohort) -> tuple[Keyed, Keyed] | None:
    """Both sides' keys; None where a part does not say what it reads, or reads more than people's cells."""
    if hasattr(part, "keys"):
        ours, theirs = part.keys(cohort)
        return _coded(ours.tolist()), _coded(theirs.tolist())
    fields = tuple(getattr(part, "fields", ()))
    further: tuple[str, ...] = getattr(part, "tables", ())
    if not fields or further or OF_THE_CHART & {cohort.resolve(name) for name in fields}:
        return None
    return _coded(_cells(cohort.mentors, fields)), _coded(_cells(cohort.mentees, fields))


def _cells(people: Profiles, fields: Sequence[str]) -> list[Any]:
    """What stands in the fields of each person that the table has."""
    names = [name for name in dict.fromkeys(people.resolve(field) for field in fields) if name is not None]
    columns = [[people.value(name, row) for row in range(len(people))] for name in names]
    return list(zip(*columns, strict=True)) if columns else [()] * len(people)


def _coded(keys: Sequence[Any]) -> Keyed:
    """Numbers for keys in the order of their first person, and those first people."""
    known: dict[Any, int] = {}
    first: list[int] = []
    codes = np.empty(len(keys), np.int32)
    for row, key in enumerate(keys):
        code = known.setdefault(key, len(known))
        if code == len(first):
            first.append(row)
        codes[row] = code
    return codes, np.array(first, np.int64)


def _merged(table: Table) -> Table:
    """The same table with one code for all keys that never differ."""
    ours, rows = _coded([row.tobytes() for row in table.cells])
    theirs, columns = _coded([column.tobytes() for column in np.ascontiguousarray(table.cells.T)])
    cells = np.ascontiguousarray(table.cells[rows][:, columns])
    return Table(ours[table.mentor_codes], theirs[table.mentee_codes], cells)


def _agrees(table: Table, cohort: Cohort, read: Callable[[Block], NDArray[Any]]) -> bool:
    """Whether a sample of pairs comes out as the table says: a part may read more than it names."""
    rows, columns = (
        np.unique(np.linspace(0, len(side) - 1, SAMPLE).astype(np.int64))
        for side in (cohort.mentors, cohort.mentees)
    )
    block = Block(cohort, rows, columns)
    told = block.looked_up(table.cells, table.mentor_codes, table.mentee_codes)
    return np.array_equal(told, np.broadcast_to(read(block), block.shape))
