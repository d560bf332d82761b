"""The groups of an audit: who belongs to which, by the cohort's columns, by a table beside it, or by both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from pairmatch.auditing.people import SIDES
from pairmatch.checking.group_table import counted_groups
from pairmatch.checking.people_groups import groups_of
from pairmatch.grouping import AND, UNKNOWN

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching

__all__ = ["Columns", "Row", "Table", "rows_beside", "rows_of"]

Columns = tuple[str, ...]

Table = Mapping[str, Mapping[str, str]]
"""Columns of a table beside the cohort: id to value."""


class Row(NamedTuple):
    """One group.

    Attributes
    ----------
    of
        ``"mentors"`` or ``"mentees"``; ``"pairs"`` for a group of pairs that another table tells of.
    by
        The columns; none for a group that another table tells of.
    group
        The values, as they were written.
    known
        Whether all of the values are known.
    members
        Who belongs to it.
    pairs
        Mentor id and mentee id of the pairs that belong to it; of people, their pairs do.
    """

    of: str
    by: Columns
    group: str
    known: bool
    members: frozenset[str]
    pairs: frozenset[tuple[str, str]] = frozenset()


def rows_of(
    cohort: Cohort, table: Table, asked: Sequence[Columns], took_part: Mapping[str, Sequence[str]]
) -> list[Row]:
    """All groups of both sides, in the order in which they were asked for.

    Parameters
    ----------
    cohort, table
        Where the columns are looked up.
    asked
        The columns of each table of figures.
    took_part
        The ids of each side that are counted.
    """
    return [
        row
        for side in SIDES
        for columns in asked
        if all(_there(cohort, table, side, column) for column in columns)
        for row in _groups(cohort, table, side, columns, took_part[side])
    ]


def rows_beside(matching: Matching) -> list[tuple[Row, bool]]:
    """The groups that ``matching.groups`` counts, and whether it tells their figures."""
    found = []
    for one in counted_groups(matching):
        for side in SIDES:
            if members := getattr(one, side):
                found.append((Row(side, (), "", False, members), one.told))
        if one.pairs:
            found.append((Row("pairs", (), "", False, frozenset(), one.pairs), one.told))
    return found


def _there(cohort: Cohort, table: Table, side: str, column: str) -> bool:
    if column in table:
        return not table[column].keys().isdisjoint(cohort.side(side).ids)
    return cohort.side(side).resolve(column) is not None


def _groups(cohort: Cohort, table: Table, side: str, columns: Columns, ids: Sequence[str]) -> list[Row]:
    own = [_values(cohort, table, side, column) for column in columns]
    unknown = frozenset([UNKNOWN])
    members: dict[tuple[str, ...], set[str]] = {}
    for who in ids:
        for key in product(*(values.get(who, unknown) for values in own)):
            members.setdefault(key, set()).add(who)
    return [
        Row(side, columns, AND.join(key), UNKNOWN not in key, frozenset(members[key]))
        for key in sorted(members, key=lambda key: [(part == UNKNOWN, part) for part in key])
    ]


def _values(cohort: Cohort, table: Table, side: str, column: str) -> Mapping[str, frozenset[str]]:
    if column in table:
        return {who: frozenset([value]) for who, value in table[column].items()}
    return groups_of(cohort, side, column)
