"""Who of a cohort has which value in a column, active or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from pairmatch.grouping import UNKNOWN, known, spelt

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles

__all__ = ["groups_of"]


def groups_of(cohort: Cohort, side: str, column: str) -> Mapping[str, frozenset[str]]:
    """The groups of each person, by id: the values in a column as they are written, or ``unknown``.

    Who has several entries in a list field is of several groups. Nobody is, of a side without the column.

    Parameters
    ----------
    cohort
        The people.
    side
        ``"mentors"`` or ``"mentees"``.
    column
        A field, or the organisation's name of it.
    """
    people = cohort.side(side)
    if people.resolve(column) is None:
        return {}
    cells = list(_entries(cohort, people, column))
    spelling: dict[Any, str] = {}
    for entries in cells:
        for value, text in entries:
            if value not in spelling or text < spelling[value]:
                spelling[value] = text
    values = (
        [value for value in known(value for value, _ in entries) if value is not None] for entries in cells
    )
    return {
        who: frozenset(spelling[value] for value in own) or frozenset([UNKNOWN])
        for who, own in zip(people.ids, values, strict=True)
    }


def _entries(cohort: Cohort, people: Profiles, column: str) -> Iterator[Sequence[tuple[Any, str]]]:
    """What stands in every cell: each value with its text."""
    kind = people.kind(column)
    if kind in ("list", "topics"):
        yield from ([(term.key, term.label.strip()) for term in terms] for terms in people.terms(column))
    elif kind == "text":
        values, texts = cohort.comparable(people.side, column), people.text(column)
        yield from (
            [] if text is None else [(value, text.strip())] for value, text in zip(values, texts, strict=True)
        )
    elif kind == "bool":
        yield from ([] if flag < 0 else [(bool(flag), spelt(flag == 1))] for flag in people.flag(column))
    else:
        numbers = people.number(column).tolist()
        yield from ([] if isnan(number) else [(number, spelt(number))] for number in numbers)
