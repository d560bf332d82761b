"""A table as it came: a header and cells, from a frame or a file, before anything is understood of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pairmatch.cohort.fields import fold
from pairmatch.errors import Finding

__all__ = ["Table", "from_frame"]


@dataclass(frozen=True)
class Table:
    """Cells by column. A blank cell is None, a text is stripped, anything else is as the frame had it.

    Attributes
    ----------
    side
        ``"mentors"``, ``"mentees"``, ``"org"``, ``"history"``, ``"preferences"`` or ``"vetoes"``.
    header
        Names of the columns.
    columns
        Cells of each column.
    rows
        Number of each row in the file or frame, counted from 1; wholly blank rows are left out.
    """

    side: str
    header: list[str]
    columns: list[list[Any]]
    rows: Sequence[int]

    @classmethod
    def of(cls, side: str, header: list[str], columns: list[list[Any]]) -> Table:
        """A table without its wholly blank rows."""
        length = len(columns[0]) if columns else 0
        if any(all(cell is not None for cell in column) for column in columns):
            return cls(side, header, columns, range(1, length + 1))
        kept = [row for row in range(length) if any(column[row] is not None for column in columns)]
        if len(kept) < length:
            columns = [[column[row] for row in kept] for column in columns]
        return cls(side, header, columns, [row + 1 for row in kept])

    def find(self, column: str) -> list[int]:
        """Positions of a column: of that very name, else of the name in any case and spacing."""
        exact = [k for k, name in enumerate(self.header) if name == column.strip()]
        return exact or self.alike(column)

    def alike(self, column: str) -> list[int]:
        """Positions of all columns of a name, in any case and spacing."""
        return [k for k, name in enumerate(self.header) if fold(name) == fold(column)]


def from_frame(frame: Any, side: str, found: list[Finding]) -> Table | None:
    """The cells of a pandas frame, which is left as it is."""
    import pandas as pd

    if frame is None:
        found.append(Finding("missing_table", f"hand in a pandas DataFrame of {side}", side=side))
        return None
    if not isinstance(frame, pd.DataFrame):
        hint = f"hand in the {side} as a pandas DataFrame"
        hint += "" if side in ("events", "outcomes") else "; Cohort.read takes paths of CSV files"
        found.append(Finding("not_a_table", hint, side=side))
        return None
    header = [_heading(name) for name in frame.columns]
    return Table.of(side, header, [_cells(frame.iloc[:, k]) for k in range(frame.shape[1])])


def _heading(name: Any) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return " ".join(str(part) for part in parts).strip()


def _cells(series: Any) -> list[Any]:
    blank = series.isna().to_numpy(dtype=bool)
    cells = series.astype(object).to_numpy()
    return [
        None if b else (c.strip() or None) if type(c) is str else _cell(c)
        for b, c in zip(blank.tolist(), cells, strict=True)
    ]


def _cell(cell: Any) -> Any:
    return (cell.strip() or None) if isinstance(cell, str) else cell
