"""What quotas have in common: who is counted, in both forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from pairmatch.comparing import entries
from pairmatch.errors import Finding, counted
from pairmatch.grouping import FEWEST, UNKNOWN, folded, grouping, known, protected, spelt
from pairmatch.groups import Group
from pairmatch.parameters import Checks, FrozenTable, absent_fields, is_number, set_field, told

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person
    from pairmatch.groups import Places
    from pairmatch.problem import Ints

__all__ = ["Quota"]


@dataclass(frozen=True)
class Quota:
    """A bound on how many persons of a group have a pair.

    Parameters
    ----------
    n
        The bound.
    where
        Who is counted: column to value, or to a list of values of which one is enough; all columns must
        fit. Of several entries in a list field one is enough. ``"unknown"`` is a blank cell, or
        one that says so.
    of
        ``"mentors"`` or ``"mentees"``.
    purpose
        Why the rule may use its fields; needed where one is sensitive or special.
    """

    name: ClassVar[str]
    word: ClassVar[str]
    least_n: ClassVar[int]

    n: int
    where: Mapping[str, Any]
    of: Literal["mentors", "mentees"] = field(default="mentors", kw_only=True)
    purpose: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "n", checks.whole("n", self.n, least=self.least_n))
        set_field(self, "where", _conditions(checks, self.where))
        checks.choice("of", self.of, ("mentors", "mentees"))
        checks.optional_text("purpose", self.purpose)
        checks.done()

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return f"{self.name}({self.n} {self.of}, {self._who})"

    @property
    def _who(self) -> str:
        return ", ".join(f"{column} = {' or '.join(map(spelt, some))}" for column, some in self.where.items())

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        noun = self.of.removesuffix("s")
        have = "has" if self.n == 1 else "have"
        return f"{self.word} {counted(self.n, noun)} with {self._who} {have} a pair"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the rule uses."""
        return tuple(self.where)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """Columns that are absent."""
        wanted: dict[str, Any] = {self.of: self.fields}
        return absent_fields(cohort, self.label, **wanted) or list(self._unlike(cohort))

    def _unlike(self, cohort: Cohort) -> Iterator[Finding]:
        """Values that a column of their kind cannot hold, as a text where numbers stand."""
        for column, some in self.where.items():
            kind = cohort.side(self.of).kind(column)
            wrong = [value for value in some if not _fits(kind, value)]
            if wrong:
                what = "numbers" if kind == "number" else "yes and no"
                hint = f"'{self.label}' compares {told(wrong[0])} with '{column}', a column of {what}."
                yield Finding("wrong_value", hint, side="policy", column=column)

    def remarks(self, cohort: Cohort) -> list[Finding]:
        """Values that no active person has: a slip of the pen, perhaps."""
        hidden = protected(cohort, self.fields)
        absent = [
            column
            for column, some in self.where.items()
            for value in some
            if _how_many(cohort, self.of, column, value) < (FEWEST if hidden else 1)
        ]
        who = f"fewer than {FEWEST}, perhaps none," if hidden else "nobody"
        have = "have" if hidden else "has"
        hint = f"{who} of the {self.of} {have} a value that '{self.label}' counts by; look at its spelling."
        return [Finding("nobody_in_group", hint, side="policy", column=column) for column in absent]

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """One group: who is counted."""
        side: dict[str, Any] = {self.of: self._rows(cohort)}
        return [Group(self.label, f"{self.of} with {self._who}", **side, **self._bounds())]

    def _bounds(self) -> dict[str, Any]:
        raise NotImplementedError

    def _rows(self, cohort: Cohort) -> Ints:
        rows = np.ones(len(cohort.side(self.of)), np.int64)
        for column, some in self.where.items():
            wanted, found = _texts(some), grouping(cohort, self.of, (column,))
            fits = [any(folded(spelt(value)) in wanted for (value,) in kind) for kind in found.kinds]
            rows *= np.array(fits, np.int64)[found.kind]
        return rows

    def counts(self, person: Person) -> bool:
        """Whether a person is counted, in plain Python."""
        return all(
            any(folded(spelt(value)) in _texts(some) for value in known(entries(person, column)))
            for column, some in self.where.items()
        )

    def _told(self, reached: int, than: str, cohort: Cohort) -> str:
        """The count in words; how many it is of a protected group, nobody is told (law §12)."""
        if protected(cohort, self.fields):
            return f"{than} of them have a pair"
        return f"{reached} of them {'has' if reached == 1 else 'have'} a pair"

    def _reached(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> int:
        """How many of those who are counted have a pair, in plain Python."""
        people = cohort.side(self.of)
        matched = {pair[self.of == "mentees"] for pair in pairs}
        return sum(self.counts(people.person(people.position(identifier))) for identifier in matched)


def _how_many(cohort: Cohort, side: str, column: str, value: Any) -> int:
    found, wanted = grouping(cohort, side, (column,)), folded(spelt(value))
    return sum(found.count(key) for key in found.keys if folded(spelt(key[0])) == wanted)


def _fits(kind: str, value: Any) -> bool:
    """Whether a column of a kind can hold a value, or its text."""
    text = folded(spelt(value))
    if kind == "bool":
        return text in ("yes", "no", UNKNOWN)
    try:
        return kind != "number" or text == UNKNOWN or float(text) == float(text)
    except ValueError:
        return False


def _texts(some: Sequence[Any]) -> set[str]:
    return {folded(spelt(value)) for value in some}


def _conditions(checks: Checks, where: object) -> FrozenTable[str, tuple[Any, ...]]:
    """Column to values; what is wrong with them is noted."""
    if not isinstance(where, Mapping) or not where:
        checks.add("bad_where", "where", f"'where' must be a table of column and value, not {told(where)}.")
        return FrozenTable({})
    conditions = {}
    for column, value in where.items():
        some = tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)
        bad = [one for one in some if not (one is None or isinstance(one, str | bool) or is_number(one))]
        if (
            not isinstance(column, str)
            or not some
            or bad
            or any(isinstance(one, str) and not one.strip() for one in some)
        ):
            hint = f"'where' needs a value, or a list of values, for the column {told(column)}."
            checks.add("bad_where", "where", hint)
        else:
            conditions[column] = tuple(
                sorted({spelt(one) if one is None else one for one in some}, key=spelt)
            )
    return FrozenTable(conditions)
