"""People of one side, put together by what stands in their columns: the groups of cohort goals and quotas.

A *key* is one value per column; None stands for a blank cell, so that who left it blank is a group too.
A cell that says "unknown" is blank. Who has several entries in a list field has a key for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.terms import normalise

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles

__all__ = [
    "AND",
    "FEWEST",
    "PROTECTED",
    "TO",
    "UNKNOWN",
    "Grouping",
    "Key",
    "folded",
    "grouping",
    "in_order",
    "known",
    "protected",
    "spelt",
]

Key = tuple[Any, ...]

Kind = frozenset[Key]

UNKNOWN, AND, TO = "unknown", " & ", " -> "
"""How a blank cell, several columns and a pair are written."""

PROTECTED = frozenset({"sensitive", "special", "confidential"})
"""Classes of fields whose small figures are told to nobody (law §12)."""

FEWEST = 5
"""People or pairs of whom a figure about such a field must tell at least."""

FLAGS = {"true": "yes", "false": "no"}


@dataclass(frozen=True, eq=False)
class Grouping:
    """The active people of one side by kind; people of one kind have the same keys.

    Attributes
    ----------
    kind
        The kind of each person, int32, by row; 0 for who rests, who has no key.
    kinds
        The keys of each kind.
    people
        How many persons are of each kind.
    spellings
        How each column's values were written.
    """

    kind: NDArray[np.int32]
    kinds: tuple[Kind, ...]
    people: NDArray[np.int64]
    spellings: tuple[dict[Any, str], ...]

    @property
    def total(self) -> int:
        """How many persons there are."""
        return int(self.people[1:].sum())

    @property
    def keys(self) -> tuple[Key, ...]:
        """Keys that somebody has, in order."""
        return in_order({key for kind in self.kinds for key in kind})

    def of(self, key: Key) -> NDArray[np.bool_]:
        """Which kinds have a key."""
        return np.array([key in kind for kind in self.kinds], np.bool_)

    def count(self, key: Key) -> int:
        """How many persons have a key."""
        return int(self.people[self.of(key)].sum())

    def rows(self, key: Key) -> NDArray[np.int64]:
        """1 for each row whose person has a key, else 0."""
        return self.of(key).astype(np.int64)[self.kind]

    def told(self, key: Key) -> str:
        """A key as it was written."""
        return AND.join(
            spelling.get(value) or spelt(value) for value, spelling in zip(key, self.spellings, strict=True)
        )


def in_order(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Keys in an order that their values give, blank ones last."""
    return tuple(
        sorted(keys, key=lambda key: [(value is None, 0 if value is None else value) for value in key])
    )


def spelt(value: Any) -> str:
    """A value in words."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(float(value)).removesuffix(".0")


def folded(text: str) -> str:
    """A written key in the form in which keys are compared."""
    sides = [
        [normalise(FLAGS.get(part.casefold(), part)) for part in side.split(AND)] for side in text.split(TO)
    ]
    return TO.join(" and ".join(parts) for parts in sides)


def known(values: Iterable[Any]) -> tuple[Any, ...]:
    """A cell's compared entries without those that say "unknown"; None where nothing is left."""
    return tuple(value for value in values if value != UNKNOWN) or (None,)


def protected(cohort: Cohort, fields: Iterable[str]) -> bool:
    """Whether any of the fields that a cohort has is one whose small figures are told to nobody."""
    return any(cohort.field_class(name) in PROTECTED for name in fields if cohort.resolve(name))


def grouping(cohort: Cohort, side: str, columns: Sequence[str]) -> Grouping:
    """The active people of a side by what stands in some columns."""
    names = tuple(columns)
    return cohort.cached(("grouping", side, names), lambda: _made(cohort, side, names))


def _made(cohort: Cohort, side: str, columns: tuple[str, ...]) -> Grouping:
    people = cohort.side(side)
    rows = np.flatnonzero(people.active)
    read = [_column(cohort, people, column, rows) for column in columns]
    codes = np.stack([code for code, _, _ in read], axis=1)
    found, kind_of = np.unique(codes, axis=0, return_inverse=True)
    kinds = [
        frozenset(product(*(values[k] for k, (_, values, _) in zip(row, read, strict=True)))) for row in found
    ]
    kind = np.zeros(len(people), np.int32)
    kind[rows] = kind_of.reshape(-1) + 1
    counts = np.bincount(kind[rows], minlength=len(kinds) + 1).astype(np.int64)
    return Grouping(kind, (frozenset(), *kinds), counts, tuple(spelling for _, _, spelling in read))


def _column(
    cohort: Cohort, people: Profiles, column: str, rows: NDArray[np.intp]
) -> tuple[NDArray[np.int64], list[tuple[Any, ...]], dict[Any, str]]:
    """Each active person's code, the values that each code stands for, and how values were written."""
    places: dict[Any, int] = {}
    spelling: dict[Any, str] = {}
    codes = np.empty(len(rows), np.int64)
    for place, entries in enumerate(_entries(cohort, people, column, rows)):
        for value, text in entries:
            if value not in spelling or text < spelling[value]:
                spelling[value] = text
        values = frozenset(known(value for value, _ in entries))
        codes[place] = places.setdefault(values, len(places))
    return codes, [tuple(values) for values in places], spelling


def _entries(
    cohort: Cohort, people: Profiles, column: str, rows: NDArray[np.intp]
) -> Iterator[list[tuple[Any, str]]]:
    """What stands in the cells: each value with its text, nothing where a cell is blank."""
    kind = people.kind(column)
    if kind in ("list", "topics"):
        terms = people.terms(column)
        yield from ([(term.key, term.label.strip()) for term in terms[row]] for row in rows)
    elif kind == "text":
        values, texts = cohort.comparable(people.side, column), people.text(column)
        yield from ([] if texts[row] is None else [(values[row], texts[row].strip())] for row in rows)
    elif kind == "bool":
        flags = people.flag(column)
        yield from ([] if flags[row] < 0 else [(bool(flags[row]), spelt(flags[row] == 1))] for row in rows)
    else:
        numbers = people.number(column).tolist()
        yield from (
            [] if numbers[row] != numbers[row] else [(numbers[row], spelt(numbers[row]))] for row in rows
        )
