"""The tables of a synthetic cohort, and how they are written to files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames"]


class Frames(NamedTuple):
    """A cohort as pandas tables with the canonical column names.

    Attributes
    ----------
    mentors
        One row per mentor.
    mentees
        One row per mentee; the first is the chief executive.
    org
        Reporting lines of people in neither table, or None when the tables hold the whole organisation.
    preferences
        Who wishes for whom: mentor, mentee, by (``"mentor"`` or ``"mentee"``) and rank; or None.
    vetoes
        Who refuses whom: mentor and mentee; or None.
    history
        Pairs of earlier rounds: mentor, mentee and ended; or None.
    """

    mentors: pd.DataFrame
    mentees: pd.DataFrame
    org: pd.DataFrame | None = None
    preferences: pd.DataFrame | None = None
    vetoes: pd.DataFrame | None = None
    history: pd.DataFrame | None = None

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``mentors.csv``, ``mentees.csv`` and a file for each other table there is.

        Parameters
        ----------
        folder
            An existing folder.

        Returns
        -------
        tuple of Path
            What was written, mentors and mentees first.
        """
        tables = {name: table for name, table in self._asdict().items() if table is not None}
        paths = tuple(Path(folder) / f"{name}.csv" for name in tables)
        for path, table in zip(paths, tables.values(), strict=True):
            table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        return paths
