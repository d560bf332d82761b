"""Somebody who has all tables of some audits, and works out whatever adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product

from pairmatch.audit import Audit, Audited

Group = tuple[str, str, str]
"""Side, columns, values: as the tables name a group."""

Cells = Mapping[str, Sequence[Mapping[str, str]]]
"""Of each side, the people's values by column."""


def members(group: Group, cells: Cells) -> list[int]:
    """Which people, counted through both sides, belong to a group as its name says."""
    side, by, value = group
    columns, values = (by.split(" & "), value.split(" & ")) if by else ([], [])
    everybody = [(of, own) for of in cells for own in cells[of]]
    return [
        int(of == side and all(own[column] == one for column, one in zip(columns, values, strict=True)))
        for of, own in everybody
    ]


def possible(cells: Cells) -> Cells:
    """One person of each kind that the columns could make: who there is, is not known."""
    found = {}
    for side, people in cells.items():
        columns = list(people[0]) if people else []
        seen = [sorted({own[column] for own in people}) for column in columns]
        found[side] = [dict(zip(columns, values, strict=True)) for values in product(*seen)]
    return found


def told_and_withheld(audits: Iterable[Audit], wishes: bool) -> tuple[set[Group], set[Group]]:
    """Groups whose figures stand in some table, and those that are withheld."""
    told: set[Group] = set()
    hidden: set[Group] = set()
    for audit in audits:
        for figure in audit.figures:
            if (figure.measure == "wish_met") == wishes:
                (hidden if figure.withheld else told).add(group_of(figure))
    return told, hidden


def group_of(figure: Audited) -> Group:
    return figure.of, figure.by, "" if not figure.by else figure.group


def worked_out(told: Iterable[Group], hidden: Iterable[Group], cells: Cells) -> list[Group]:
    """The withheld groups that are sums and differences of told ones, by exact elimination."""
    basis: list[list[Fraction]] = []
    for group in sorted(told):
        rest = reduced([Fraction(one) for one in members(group, cells)], basis)
        if any(rest):
            basis.append(rest)
    return [
        group for group in sorted(hidden) if not any(reduced([*map(Fraction, members(group, cells))], basis))
    ]


def reduced(row: list[Fraction], basis: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """A row less the multiples of the others that clear their first places."""
    for other in basis:
        place = next(k for k, one in enumerate(other) if one)
        if row[place]:
            times = row[place] / other[place]
            row = [one - times * two for one, two in zip(row, other, strict=True)]
    return row
