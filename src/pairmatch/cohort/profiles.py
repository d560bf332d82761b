"""The people of one table, column by column, and one person as a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort.fields import CANONICAL, Field, fold
from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.terms import Term

if TYPE_CHECKING:
    from pairmatch.cohort.cohort import Cohort

__all__ = ["Column", "Person", "Profiles", "Terms"]

Terms = tuple[tuple[Term, ...], ...]
"""The terms of each person in turn."""

Column = NDArray[np.object_] | NDArray[np.float64] | NDArray[np.int8] | Terms
"""A parsed column: raw texts, numbers, flags or terms, in the table's row order."""


class Profiles:
    """All profiles of one side. Immutable: every array is read-only.

    Fields are found under their canonical or declared name, and under the organisation's own name of
    the column, in any case and with spaces or underscores.
    """

    __slots__ = ("_aliases", "_cohort", "_columns", "_fields", "_ids", "_positions", "_side")

    def __init__(
        self,
        side: str,
        ids: tuple[str, ...],
        columns: Mapping[str, Column],
        fields: Mapping[str, Field],
        aliases: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._side, self._ids = side, ids
        self._columns = dict(columns)
        self._fields = {name: fields[name] for name in columns}
        self._aliases = {**aliases, **{fold(name): name for name in columns}}
        self._positions = {identifier: position for position, identifier in enumerate(ids)}
        self._cohort: Cohort | None = None
        self._freeze()

    def _freeze(self) -> None:
        for column in self._columns.values():
            if isinstance(column, np.ndarray):
                column.flags.writeable = False

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self._freeze()

    @property
    def side(self) -> str:
        """``"mentors"``, ``"mentees"`` or ``"coaches"``."""
        return self._side

    @property
    def cohort(self) -> Cohort:
        """The cohort that these people are of."""
        if self._cohort is None:
            raise CallError([Finding("no_cohort", "these profiles belong to no cohort", side=self.side)])
        return self._cohort

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, in row order."""
        return self._ids

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that this table has, by canonical or declared name, with a derived ``utc_offset``."""
        return tuple(self._columns)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.resolve(name) is not None

    def __iter__(self) -> Iterator[Person]:
        return (Person(self, position) for position in range(len(self)))

    def __repr__(self) -> str:
        return f"<{len(self)} {self._side}, {len(self._columns)} fields>"

    def resolve(self, name: str) -> str | None:
        """The canonical or declared name of a field, or None when this table has no such field."""
        if name in self._columns:
            return name
        found = self._aliases.get(fold(name))
        return found if found in self._columns else None

    @property
    def positions(self) -> Mapping[str, int]:
        """Row of each person, by id, counted from 0."""
        return MappingProxyType(self._positions)

    def position(self, identifier: str) -> int:
        """Row of a person, counted from 0. Unknown ids raise KeyError."""
        return self._positions[identifier]

    def kind(self, name: str) -> str:
        """The kind of a field: text, number, bool, list or topics."""
        return self._fields[self._known(name)].kind

    def text(self, name: str) -> NDArray[np.object_]:
        """A text field as it was written: str, or None where missing."""
        return cast("NDArray[np.object_]", self._column(name, "text"))

    def number(self, name: str) -> NDArray[np.float64]:
        """A number field: float64, NaN where missing."""
        return cast("NDArray[np.float64]", self._column(name, "number"))

    def flag(self, name: str) -> NDArray[np.int8]:
        """A yes/no field: 1, 0, or -1 where missing."""
        return cast("NDArray[np.int8]", self._column(name, "bool"))

    def terms(self, name: str) -> Terms:
        """The terms of a list or topics field, person by person; an empty tuple where missing."""
        return cast("Terms", self._column(name, "list", "topics"))

    def has(self, name: str) -> NDArray[np.bool_]:
        """Who has a value in this field; nobody when the table has no such field."""
        found = self.resolve(name)
        if found is None:
            return np.zeros(len(self), bool)
        return _present(self._fields[found].kind, self._columns[found])

    @property
    def active(self) -> NDArray[np.bool_]:
        """Who takes part: everybody whose ``active`` does not say no."""
        return self.flag("active") != 0 if "active" in self else np.ones(len(self), bool)

    def resting(self, flags: NDArray[np.bool_]) -> Profiles:
        """The same people, of whom some do not take part."""
        active = np.where(flags, 0, self.active).astype(np.int8)
        fields = {**self._fields, "active": CANONICAL["active"]}
        return Profiles(self._side, self._ids, {**self._columns, "active": active}, fields, self._aliases)

    def with_capacities(self, own: Mapping[str, int]) -> Profiles:
        """The same people, of whom some have another capacity."""
        capacity = np.full(len(self), np.nan)
        if "capacity" in self:
            capacity = self.number("capacity").copy()
        for identifier, most in own.items():
            capacity[self.position(identifier)] = most
        fields = {**self._fields, "capacity": CANONICAL["capacity"]}
        return Profiles(self._side, self._ids, {**self._columns, "capacity": capacity}, fields, self._aliases)

    def standing_as(self, side: str) -> Profiles:
        """The same people, as one side of another cohort."""
        return Profiles(side, self._ids, self._columns, self._fields, self._aliases)

    def person(self, position: int) -> Person:
        """One person, by row counted from 0."""
        return Person(self, range(len(self))[position])

    def value(self, name: str, position: int) -> Any:
        """One cell: text, float, bool or None; a tuple of terms for lists and topics."""
        found = self._known(name)
        return _cell(self._fields[found].kind, self._columns[found][position])

    def _column(self, name: str, *kinds: str) -> Column:
        found = self._known(name)
        kind = self._fields[found].kind
        if kind not in kinds:
            hint = (
                f"'{kinds[0]}' was asked for, the field is of kind '{kind}'; declare its kind in the schema"
            )
            raise CallError([Finding("wrong_kind", hint, side=self._side, column=name)])
        return self._columns[found]

    def _known(self, name: str) -> str:
        found = self.resolve(name)
        if found is None:
            raise KeyError(f"the {self._side} have no field '{name}'.{did_you_mean(name, self._columns)}")
        return found


def _present(kind: str, column: Column) -> NDArray[np.bool_]:
    if kind == "number":
        return ~np.isnan(np.asarray(column, dtype=np.float64))
    if kind == "bool":
        return np.asarray(column) >= 0
    if kind == "text":
        return np.fromiter((cell is not None for cell in column), bool, len(column))
    return np.fromiter((len(cell) > 0 for cell in column), bool, len(column))


def _cell(kind: str, cell: Any) -> Any:
    if kind == "number":
        number = float(cell)
        return None if isnan(number) else number
    if kind == "bool":
        return None if cell < 0 else bool(cell)
    return cell


class Person(Mapping[str, Any]):
    """One person's profile as a read-only mapping from field to value.

    A text or number that is missing is None, a list that is missing is an empty tuple; a field that
    the table does not have is a KeyError.
    """

    __slots__ = ("_position", "_profiles")

    def __init__(self, profiles: Profiles, position: int) -> None:
        self._profiles, self._position = profiles, position

    @property
    def id(self) -> str:
        """The person's id."""
        return self._profiles.ids[self._position]

    @property
    def side(self) -> str:
        """``"mentors"`` or ``"mentees"``."""
        return self._profiles.side

    @property
    def cohort(self) -> Cohort:
        """The cohort that the person is of."""
        return self._profiles.cohort

    @property
    def active(self) -> bool:
        """Whether the person takes part."""
        return self.get("active") is not False

    def __getitem__(self, name: str) -> Any:
        return self._profiles.value(name, self._position)

    def get(self, name: str, default: Any = None) -> Any:
        """A field's value, or the default where the table has no such field; None where it is blank.

        Unlike an unknown ``person[name]`` it looks for no name that was meant, and is as quick.
        """
        # Mapping.get would ask __getitem__, whose KeyError searches the fields for the nearest name.
        return self[name] if name in self._profiles else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._profiles.fields)

    def __len__(self) -> int:
        return len(self._profiles.fields)

    def __contains__(self, name: object) -> bool:
        return name in self._profiles

    def __repr__(self) -> str:
        return f"<Person {self.id!r} of the {self.side}>"
