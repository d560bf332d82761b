"""Two tables of people as they might come from an HR system, before they are a cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pairmatch.cohort import Cohort, Field, Schema
from pairmatch.cohort.fields import fold

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "Tables"]

Cells = Mapping[str, Sequence[Any]]
"""Column by name: one cell per row, None where blank."""


@dataclass(frozen=True)
class Column:
    """What a column of a drawn table may hold.

    Parameters
    ----------
    kind
        ``"text"``, ``"number"``, ``"bool"``, ``"list"`` or ``"topics"``.
    cells
        Values to pick from; of a list or topics column, entries of which each person has some.
    class_
        The field's class (law §12).
    """

    kind: str
    cells: Sequence[Any]
    class_: str = "ordinary"

    def cell(self, number: int) -> Any:
        """The cell that a number from 0 on stands for: None now and then, several entries in a list."""
        if self.kind in ("list", "topics"):
            entries = [str(entry) for k, entry in enumerate(self.cells) if number >> k & 1]
            return "; ".join(entries) or None
        place = number % (len(self.cells) + 1)
        return self.cells[place] if place < len(self.cells) else None


@dataclass(frozen=True)
class Tables:
    """Everything that a cohort is made from; a cohort itself does not tell its raw cells.

    Attributes
    ----------
    mentors, mentees
        Columns by name, cells as text or None.
    fields
        Declared fields: kind and class.
    org, history, preferences, vetoes
        Columns of the organisation chart, of earlier pairs, of wishes and of vetoes, or None.
    outside_managers
        ``"error"`` or ``"allow"``, as in the schema.
    """

    mentors: Cells
    mentees: Cells
    fields: Mapping[str, Field] = field(default_factory=dict)
    org: Cells | None = None
    history: Cells | None = None
    preferences: Cells | None = None
    vetoes: Cells | None = None
    outside_managers: str = "error"

    @property
    def shape(self) -> tuple[int, int]:
        """Mentors, mentees."""
        return len(self.mentors["id"]), len(self.mentees["id"])

    @property
    def schema(self) -> Schema:
        """The schema that declares the fields."""
        return Schema(fields=dict(self.fields), outside_managers=self.outside_managers)

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Both tables as frames, mentors first."""
        return _frame(self.mentors), _frame(self.mentees)

    def cohort(self) -> Cohort:
        """The cohort, made anew."""
        mentors, mentees = self.frames()
        names = ("org", "history", "preferences", "vetoes")
        further: dict[str, Any] = {
            name: _frame(cells) for name in names if (cells := getattr(self, name)) is not None
        }
        return Cohort(mentors, mentees, schema=self.schema, **further)

    def rows(self, mentors: Sequence[int], mentees: Sequence[int]) -> Tables:
        """Those rows alone, in that order."""
        return replace(self, mentors=_taken(self.mentors, mentors), mentees=_taken(self.mentees, mentees))

    def without(self, *columns: str) -> Tables:
        """The same people without some columns."""
        gone = {fold(column) for column in columns}
        return self._where(lambda name: fold(name) not in gone)

    def only(self, *columns: str) -> Tables:
        """The same people with those columns alone, of the ones that there are."""
        kept = {fold(column) for column in columns}
        return self._where(lambda name: fold(name) in kept)

    def _where(self, keep: Callable[[str], bool]) -> Tables:
        sides = [{k: v for k, v in cells.items() if keep(k)} for cells in (self.mentors, self.mentees)]
        return replace(self, mentors=sides[0], mentees=sides[1])


def _taken(cells: Cells, rows: Sequence[int]) -> Cells:
    return {name: [column[row] for row in rows] for name, column in cells.items()}


def _frame(cells: Cells) -> pd.DataFrame:
    import pandas as pd

    rows = list(zip(*cells.values(), strict=True))
    return pd.DataFrame(rows, columns=list(cells), dtype=object)
