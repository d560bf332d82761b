"""What all cohort goals of the library have in common: a price, a purpose, columns, keys by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING, ClassVar

from pairmatch.comparing import entries
from pairmatch.errors import Finding, counted
from pairmatch.grouping import Key, grouping, known
from pairmatch.parameters import Checks, absent_fields, set_field, told
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort, Person

__all__ = ["BOTH", "MOST_GROUPS", "Priced", "checked_columns", "crowded", "id_pairs", "keys_by_hand", "lacks"]

BOTH = ("mentors", "mentees")

MOST_GROUPS, MOST_CELLS = 1_000, 20_000_000
"""Groups of one goal, and numbers in all its tables of kinds of pairs: more tell nobody anything."""


@dataclass(frozen=True)
class Priced:
    """Parameters that every cohort goal takes.

    Parameters
    ----------
    price
        What one short costs, in perfect pairs, at least 0.000001: 0.5 gives up half a perfect pair's weight
        for it.
    purpose
        Why the goal may use its fields; needed where one is sensitive or special.
    """

    name: ClassVar[str]

    price: float = field(default=0.5, kw_only=True)
    purpose: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "price", _price(checks, self.price))
        checks.optional_text("purpose", self.purpose)
        self._check(checks)
        checks.done()

    def _check(self, checks: Checks) -> None:
        """Check the goal's own parameters."""

    @property
    def label(self) -> str:
        """The goal's key in tables."""
        return self.name


def _price(checks: Checks, value: object) -> float:
    """A price that is a unit of weight at least: what is less cannot be counted."""
    price = checks.positive("price", value)
    if price * RESOLUTION < 1:
        unit = f"{1 / RESOLUTION:g}, the unit in which weights are counted"
        hint = f"'price' must be at least {unit}, not {told(value)}."
        checks.add("bad_number", "price", hint)
    return price


def checked_columns(checks: Checks, value: object) -> str | tuple[str, ...]:
    """One column, or several, each once; problems are noted."""
    if isinstance(value, str):
        return checks.text("column", value)
    if not isinstance(value, list | tuple) or not value:
        checks.add("bad_text", "column", f"'column' must be a name or a list of names, not {told(value)}.")
        return "?"
    names = tuple(checks.text("column", name) for name in value)
    if len(set(names)) < len(names):
        checks.add("duplicate_column", "column", "'column' names a column twice.")
    return names[0] if len(names) == 1 else names


def lacks(cohort: Cohort, owner: str, sides: Sequence[str], columns: Sequence[str]) -> list[Finding]:
    """A finding for each column that a side does not have."""
    return absent_fields(cohort, owner, **dict.fromkeys(sides, columns))


def crowded(
    cohort: Cohort, owner: str, sides: Sequence[str], columns: Sequence[str], *, groups: int | None = None
) -> list[Finding]:
    """A finding where the columns have so many values that groups by them mean nothing.

    Parameters
    ----------
    groups
        How many groups there are; None for one of each key.
    """
    found = [grouping(cohort, side, columns) for side in sides]
    many = prod(len(one.keys) for one in found) if groups is None else groups
    cells = many * prod(len(one.kinds) for one in found) if len(sides) > 1 else 0
    if many <= MOST_GROUPS and cells <= MOST_CELLS:
        return []
    hint = (
        f"'{owner}' would have {counted(many, 'group')}, of which {MOST_GROUPS:,} at most can be handled; "
        "take a column with fewer values."
    )
    if many <= MOST_GROUPS:
        hint = f"'{owner}' is over a column with too many different cells; take one with fewer."
    return [Finding("too_many_groups", hint, side="policy", column=columns[0])]


def keys_by_hand(person: Person, columns: Sequence[str]) -> list[Key]:
    """One person's keys, in plain Python: see :mod:`pairmatch.grouping`."""
    return list(product(*(known(entries(person, column)) for column in columns)))


def id_pairs(pairs: pd.DataFrame) -> Iterable[tuple[str, str]]:
    """The rows of a table of pairs as tuples."""
    return zip(pairs["mentor"].tolist(), pairs["mentee"].tolist(), strict=True)


def active_keys(cohort: Cohort, side: str, columns: Sequence[str]) -> Mapping[str, list[Key]]:
    """The keys of each active person of a side, by id, in plain Python."""
    return {person.id: keys_by_hand(person, columns) for person in cohort.side(side) if person.active}
