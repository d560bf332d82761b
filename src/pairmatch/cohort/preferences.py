"""Preferences: who wishes for whom, in ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from pairmatch.cohort.cells import LARGEST_INTEGER, Bad, number
from pairmatch.cohort.fields import fold
from pairmatch.cohort.history import one_column, read_pairs
from pairmatch.cohort.parsing import read_cells
from pairmatch.cohort.tables import Table
from pairmatch.errors import CallError, Finding, counted

__all__ = ["Preferences", "Wish", "read_preferences"]

Wish = tuple[str, str, str, int]
"""Whose wish it is (``"mentor"`` or ``"mentee"``), mentor id, mentee id, rank."""

ROLES = ("mentor", "mentee")

BAD_BY = Bad("bad_by", "say whose wish it is: mentor or mentee")
BAD_RANK = Bad("bad_rank", "a rank is a whole number from 1 on, and 1 is the first choice")

_number = number("rank")


class Preferences:
    """The lists of wishes of both sides. Immutable.

    Ties and gaps are allowed, and a list may be as short as its owner likes. People who are not in the
    cohort may be on it and keep their place.

    Parameters
    ----------
    wishes
        Whose wish, mentor id, mentee id and rank (1 is the first choice); each wish once.

    Examples
    --------
    >>> from pairmatch.cohort import Preferences
    >>> dict(Preferences([("mentee", "m1", "e1", 2)]).ranks("mentee"))
    {('m1', 'e1'): 2}
    """

    # Kept by columns, and put together when they are asked for: a large cohort has many wishes.
    __slots__ = ("_columns", "_ranks")

    def __init__(self, wishes: Iterable[Wish]) -> None:
        columns = tuple(zip(*sorted(wishes), strict=True))
        self._columns: tuple[tuple[Any, ...], ...] = columns or ((), (), (), ())
        self._ranks: dict[str, Mapping[tuple[str, str], int]] = {}

    def ranks(self, by: str) -> Mapping[tuple[str, str], int]:
        """The wishes of one side.

        Parameters
        ----------
        by
            ``"mentor"`` or ``"mentee"``: whose wishes.

        Returns
        -------
        Mapping
            (mentor id, mentee id) to rank.
        """
        if by not in ROLES:
            raise CallError([Finding("bad_role", "wishes are those of a 'mentor' or of a 'mentee'")])
        if by not in self._ranks:
            ranks = {(mentor, mentee): rank for role, mentor, mentee, rank in self.wishes if role == by}
            self._ranks[by] = MappingProxyType(ranks)
        return self._ranks[by]

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """All wishes, sorted: whose, mentor id, mentee id, rank."""
        return tuple(zip(*self._columns, strict=True))

    def __len__(self) -> int:
        return len(self._columns[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Preferences) and self._columns == other._columns

    def __hash__(self) -> int:
        return hash(self._columns)

    def __reduce__(self) -> tuple[Any, ...]:
        return Preferences, (self.wishes,)

    def __repr__(self) -> str:
        by = self._columns[0]
        told = (f"{counted(by.count(role), 'wish', 'wishes')} of {role}s" for role in ROLES)
        return f"<Preferences: {' and '.join(told)}>"


def read_preferences(table: Table, found: list[Finding]) -> Preferences:
    """Every wish of the table; what is wrong with any row is noted."""
    pairs = read_pairs(table, found)
    roles = _cells(table, "by", _role, BAD_BY, found)
    ranks = _cells(table, "rank", _rank, BAD_RANK, found)
    wishes: dict[tuple[str, str, str], int] = {}
    for row, (mentor, mentee), by, rank in zip(table.rows, pairs, roles, ranks, strict=False):
        wish = (str(by), mentor, mentee)
        if by and mentor and mentee and wish in wishes:
            hint = "the same wish stands in the table more than once; one row for each"
            owner = mentor if by == "mentor" else mentee
            found.append(Finding("duplicate_preference", hint, table.side, owner, row))
        wishes[wish] = rank or 1
    return Preferences((*wish, rank) for wish, rank in wishes.items())


def _cells(table: Table, name: str, parser: Any, bad: Bad, found: list[Finding]) -> list[Any]:
    """A column in which every row must say something; None where one does not."""
    column = one_column(table, name, table.find(name), found)
    if column is None:
        return [None] * len(table.rows)
    values = read_cells(table, column, ("",) * len(table.rows), parser, found)
    for row, cell in zip(table.rows, table.columns[column], strict=True):
        if cell is None:
            found.append(Finding(bad.code, bad.hint, table.side, row=row, column=table.header[column]))
    return values


def _role(cell: Any) -> str | Bad:
    word = fold(cell) if isinstance(cell, str) else ""
    return word if word in ROLES else BAD_BY


def _rank(cell: Any) -> int | Bad:
    value = _number(cell)
    whole = not isinstance(value, Bad) and value.is_integer() and 1 <= value <= LARGEST_INTEGER
    return int(value) if whole and not isinstance(value, Bad) else BAD_RANK
