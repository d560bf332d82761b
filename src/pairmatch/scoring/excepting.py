"""Rules with exceptions, in the shapes in which a large cohort is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.forms import Few, Positions
from pairmatch.policy import Excepted
from pairmatch.scoring.tabulated import Table
from pairmatch.scoring.telling import Told, told

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Cohort
    from pairmatch.problem import Ints
    from pairmatch.scoring.scorer import Scorer

__all__ = ["kept_in", "told_with", "told_without"]

MOST_CELLS = 16_000_000
"""Cells of a table in which everybody with an exception has a key of their own."""


def told_without(rule: Any, cohort: Cohort) -> Told:
    """What a rule tells of all pairs, its exceptions aside."""
    return told(rule.rule if isinstance(rule, Excepted) else rule, cohort)


def told_with(rule: Any, cohort: Cohort) -> Told:
    """What a rule with its exceptions tells of all pairs; nothing where that has no short form."""
    one = told_without(rule, cohort)
    if not isinstance(rule, Excepted):
        return one
    pairs = rule.matrix(cohort)
    if one.few is not None:
        return Told(rule, few=_few(one.few, pairs))
    return Told(rule, table=None if one.table is None else _table(one.table, pairs))


def kept_in(scorer: Scorer, before: tuple[Positions, Positions], left: tuple[Positions, Positions]) -> Any:
    """Those left with those of before who have an exception, in the order of before."""
    sides = zip(before, left, scorer.excepted.T, strict=True)
    return tuple(rows[np.isin(rows, kept) | np.isin(rows, own)] for rows, kept, own in sides)


def _few(few: Few, pairs: csr_array[Any]) -> Few:
    """Whoever is barred from every pair, and has an exception, is barred from the others one by one."""
    height, width = pairs.shape
    excepted = _keys(pairs)
    freed = [few.mentors & _any(excepted // width, height), few.mentees & _any(excepted % width, width)]
    rows = np.flatnonzero(freed[0])[:, None] * width + np.arange(width)
    columns = np.arange(height)[:, None] * width + np.flatnonzero(freed[1])
    keys = np.concatenate([_keys(few.pairs), rows.ravel(), columns.ravel()])
    keys = np.setdiff1d(keys, excepted)
    return Few(few.mentors & ~freed[0], few.mentees & ~freed[1], _matrix(keys, (height, width)))


def _any(places: Ints, size: int) -> Any:
    return np.bincount(places, minlength=size) > 0


def _keys(pairs: csr_array[Any]) -> Ints:
    rows, columns = pairs.nonzero()
    return rows.astype(np.int64) * pairs.shape[1] + columns


def _matrix(keys: Ints, shape: tuple[int, int]) -> csr_array[Any]:
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(keys), np.bool_), (keys // shape[1], keys % shape[1])), shape=shape)


def _table(table: Table, pairs: csr_array[Any]) -> Table | None:
    """The table in which everybody with an exception has a key of their own; None where it is too large."""
    rows, columns = pairs.nonzero()
    own = [np.unique(rows), np.unique(columns)]
    height, width = table.cells.shape
    if (height + len(own[0])) * (width + len(own[1])) > MOST_CELLS:
        return None
    ours, theirs = table.mentor_codes.copy(), table.mentee_codes.copy()
    cells = np.concatenate([table.cells, table.cells[ours[own[0]]]])
    cells = np.concatenate([cells, cells[:, theirs[own[1]]]], axis=1)
    ours[own[0]] = height + np.arange(len(own[0]), dtype=np.int32)
    theirs[own[1]] = width + np.arange(len(own[1]), dtype=np.int32)
    cells[ours[rows], theirs[columns]] = True
    return replace(table, mentor_codes=ours, mentee_codes=theirs, cells=cells)
