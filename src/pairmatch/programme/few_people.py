"""Which figures of an evaluation are withheld, because they would tell of fewer than five (law §12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.withholding import Figure, is_small, withheld
from pairmatch.programme.measures import Unit

__all__ = ["SIDES", "Row", "hidden_of"]

SIDES = ("mentors", "mentees")

Bools = NDArray[np.bool_]


class Row(NamedTuple):
    """One figure before it is counted.

    Attributes
    ----------
    of, group
        Who is counted, and column and value.
    side
        Whose people make up the group; of all pairs, ``"pairs"``.
    units
        Which units belong to it.
    """

    of: str
    group: str
    side: str
    units: Bools


def hidden_of(units: Sequence[Unit], rows: Sequence[Row]) -> Bools:
    """Which figures are withheld; the first is the whole."""
    firsts = {side: _firsts(units, side) for side in {row.side for row in rows}}
    figures = [_figure(row.units, firsts[row.side]) for row in rows]
    if is_small(figures[0]):
        return np.ones(len(rows), bool)
    wholes = [_figure(rows[0].units, firsts[row.side]) for row in rows]
    # That nobody of a group is counted, or everybody, tells of nobody.
    protected = np.array([row.units.any() and not row.units.all() for row in rows], bool)
    untold = [*_small_together(rows, figures), *_few_more(rows, figures, firsts)]
    return withheld(figures, wholes, protected, untold)


def _firsts(units: Sequence[Unit], side: str) -> Bools:
    """The first unit of each person of a group: who answers about five pairs is one person, not five."""
    seen: dict[tuple[str, str | int], int] = {}
    for place, unit in enumerate(units):
        of = side if unit.side == "pairs" else unit.side
        own = {"mentors": unit.mentor, "mentees": unit.mentee}
        seen.setdefault((of, own.get(of, place)), place)
    first = np.zeros(len(units), bool)
    first[list(seen.values())] = True
    return first


def _figure(units: Bools, firsts: Bools) -> Figure:
    """People and units of a group."""
    return Figure((units & firsts).astype(np.int64), units.astype(np.int64))


def _small_together(rows: Sequence[Row], figures: Sequence[Figure]) -> list[Figure]:
    """Of each column, the small groups taken together: they are not to be told as one either."""
    together: dict[tuple[str, str], Figure] = {}
    for row, one in zip(rows, figures, strict=True):
        if row.units.any() and is_small(one):
            column = (row.of, row.group.partition(" = ")[0])
            both = together.get(column, one)
            people, count = np.maximum(both.applicants, one.applicants), np.maximum(both.count, one.count)
            together[column] = Figure(people, count)
    return list(together.values())


def _few_more(rows: Sequence[Row], figures: Sequence[Figure], firsts: Mapping[str, Bools]) -> list[Figure]:
    """Those few by whom a group is larger than another within it: the difference is not to be told."""
    told = [place for place, one in enumerate(figures) if place and one.count.any() and not is_small(one)]
    members = np.stack([rows[place].units for place in [0, *told]]).astype(np.float64)[1:]
    common = members @ members.T
    within = (common == np.diag(common)) & (common < np.diag(common)[:, None])
    found = []
    for large, small in np.argwhere(within).tolist():
        one, other = rows[told[large]], rows[told[small]]
        more = one.units & ~other.units
        found.append(_figure(more, firsts[one.side] if one.side == other.side else more))
    return [one for one in found if is_small(one)]
