"""Figures about protected fields that no table tells, and that nobody should work out from those it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.checking.withholding import Figure, is_small
from pairmatch.grouping import grouping, protected
from pairmatch.groups import Cross, Group
from pairmatch.problem import Ints

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["rest_of", "untold_figures"]

SIDES = ("mentors", "mentees")

MOST_KEYS = 1_000
"""Groups that a column can make: where there are more, the rest alone is looked at."""


def untold_figures(
    cohort: Cohort,
    fields: Sequence[tuple[str, ...]],
    of: set[str],
    rows: tuple[Ints, Ints],
    figure: Callable[[Group], Figure],
) -> Iterator[Figure]:
    """The small figures of all groups that the fields of goals and rules make.

    Parameters
    ----------
    cohort
        Those who can have a pair.
    fields
        The fields of each protected goal or rule.
    of
        Whom they count: ``"mentors"``, ``"mentees"``, ``"pairs"``.
    rows
        For each position, the row of the table, mentors first.
    figure
        Who is counted in a group by position.
    """
    singles = {(name,) for names in fields for name in names if protected(cohort, [name])}
    for columns in sorted({names for names in fields if names} | singles):
        for group in _groups(cohort, columns, of, rows):
            found = figure(group)
            if is_small(found):
                yield found


def rest_of(listed: Sequence[Figure], whole: Figure) -> Figure:
    """Those who could be counted and are in none of the listed groups."""
    parts = []
    for name in ("applicants", "count"):
        inside = np.any([getattr(one, name) != 0 for one in listed], axis=0)
        parts.append(np.where(inside, 0, getattr(whole, name)))
    return Figure(*parts)


def _groups(
    cohort: Cohort, columns: tuple[str, ...], of: set[str], rows: tuple[Ints, Ints]
) -> Iterator[Group]:
    """A group for each key of a side, and for each two keys where pairs are counted."""
    there = [all(name in cohort.side(side) for name in columns) for side in SIDES]
    found = [grouping(cohort, side, columns) if has else None for side, has in zip(SIDES, there, strict=True)]
    for one, side, own in zip(found, SIDES, rows, strict=True):
        if one is not None and side in of and len(one.keys) <= MOST_KEYS:
            for key in one.keys:
                counted: dict[str, Any] = {side: one.rows(key)[own]}
                yield Group("", "", **counted)
    ours, theirs = found
    if ours is None or theirs is None or "pairs" not in of:
        return
    if len(ours.keys) * len(theirs.keys) <= MOST_KEYS:
        kinds = ours.kind[rows[0]], theirs.kind[rows[1]]
        for key, other in product(ours.keys, theirs.keys):
            cells = np.outer(ours.of(key), theirs.of(other)).astype(np.int64)
            yield Group("", "", pairs=Cross(*kinds, cells))
