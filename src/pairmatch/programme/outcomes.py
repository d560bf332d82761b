"""Surveys and outcomes: what mentors and mentees say of their pairs, read in one pass."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any

from pairmatch.cohort import cells
from pairmatch.cohort.cells import Bad, Parser
from pairmatch.cohort.fields import fold
from pairmatch.cohort.history import date_of, one_column
from pairmatch.cohort.parsing import read_cells
from pairmatch.cohort.reading import UNREADABLE, read_csv
from pairmatch.cohort.tables import Table, from_frame
from pairmatch.errors import CallError, FileError, Finding

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.programme.programme import Programme

__all__ = ["Outcome", "read_outcomes"]

SIDES = {"mentor": "mentors", "mentee": "mentees"}

REQUIRED = ("mentor", "mentee", "by")

RATINGS = ("match_satisfaction", "programme_satisfaction")

SESSIONS = ("sessions_held", "sessions_planned")

FLAGS = ("goal_achieved", "ended_early")

COLUMNS = (*REQUIRED, "date", *RATINGS, *SESSIONS, *FLAGS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one of the two says of their pair; None for what they do not say.

    Attributes
    ----------
    mentor, mentee
        Ids.
    side
        ``"mentors"`` or ``"mentees"``: who says it.
    match_satisfaction, programme_satisfaction
        Ratings on the survey's scale.
    sessions_held, sessions_planned
        How many.
    goal_achieved, ended_early
        Yes or no.
    """

    mentor: str
    mentee: str
    side: str
    match_satisfaction: float | None = field(default=None, repr=False)
    programme_satisfaction: float | None = field(default=None, repr=False)
    sessions_held: int | None = None
    sessions_planned: int | None = None
    goal_achieved: bool | None = field(default=None, repr=False)
    ended_early: bool | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Mentor id, mentee id."""
        return self.mentor, self.mentee

    @property
    def who(self) -> tuple[str, str]:
        """Side and id of who says it."""
        return self.side, self.mentor if self.side == "mentors" else self.mentee


def read_outcomes(
    source: pd.DataFrame | str | PathLike[str] | None, programme: Programme, scale: tuple[float, float]
) -> tuple[Outcome, ...]:
    """The last answer of everybody on every pair of theirs.

    Parameters
    ----------
    source
        A frame or a CSV file with the columns mentor, mentee, by (``mentor`` or ``mentee``: who answers) and
        optionally date, match_satisfaction, programme_satisfaction, sessions_held, sessions_planned,
        goal_achieved, ended_early. None for no answers.
    programme
        Whose pairs they are about; answers of later days do not count.
    scale
        Least and largest rating.

    Raises
    ------
    CallError
        The table cannot be used; all problems at once.
    FileError
        The file is missing or cannot be opened.
    """
    if source is None:
        return ()
    found: list[Finding] = []
    of_file = isinstance(source, str | PathLike)
    table = (read_csv if of_file else from_frame)(source, "outcomes", found)
    columns = {} if table is None else _columns(table, scale, found)
    if table is not None and not found:
        _check(table, columns, programme, found)
    if found or table is None:
        raise (FileError if any(finding.code in UNREADABLE for finding in found) else CallError)(found)
    return _last(columns, programme.on)


def _columns(table: Table, scale: tuple[float, float], found: list[Finding]) -> dict[str, Sequence[Any]]:
    """Every column of the table, None where it is absent or blank."""
    parsers: dict[str, Parser] = {
        "mentor": cells.identifier,
        "mentee": cells.identifier,
        "by": _side,
        "date": date_of,
        **{name: _rating(scale) for name in RATINGS},
        **dict.fromkeys(SESSIONS, _count),
        **dict.fromkeys(FLAGS, cells.flag),
    }
    ids = ("",) * len(table.rows)
    columns: dict[str, Sequence[Any]] = {}
    for name in COLUMNS:
        places = table.find(name)
        place = one_column(table, name, places, found) if places or name in REQUIRED else None
        columns[name] = (
            [None] * len(ids) if place is None else read_cells(table, place, ids, parsers[name], found)
        )
    hint = f"no measure is made of the column; those that are read are {', '.join(COLUMNS)}"
    known = {fold(name) for name in COLUMNS}
    unknown = [name for name in table.header if fold(name) not in known]
    found.extend(Finding("unknown_column", hint, "outcomes", column=name) for name in unknown)
    return columns


def _side(cell: Any) -> str | Bad:
    side = SIDES.get(cell.casefold().rstrip("s")) if isinstance(cell, str) else None
    return side or Bad("bad_side", "write 'mentor' or 'mentee': who answers")


def _rating(scale: tuple[float, float]) -> Parser:
    least, most = scale
    bad = Bad("out_of_scale", f"a rating is a number from {least:g} to {most:g}")

    def parse(cell: Any) -> float | Bad:
        value = cells.number("rating")(cell)
        return value if isinstance(value, float) and least <= value <= most else bad

    return parse


def _count(cell: Any) -> int | Bad:
    value = cells.number("sessions")(cell)
    whole = isinstance(value, float) and value.is_integer() and 0 <= value <= 1000
    return int(value) if whole else Bad("bad_integer", "write a whole number of sessions, from 0 to 1000")


def _check(
    table: Table, columns: Mapping[str, Sequence[Any]], programme: Programme, found: list[Finding]
) -> None:
    """Rows that are not about a pair of the programme."""
    started = {life.pair for life in programme.lives if life.started is not None}
    blank = "fill in mentor, mentee and by"
    stranger = "the two were no pair of this programme; correct the ids, or add the event 'started'"
    zero = "'sessions_planned' is to be at least 1"
    for k, row in enumerate(table.rows):
        mentor, mentee, side = (columns[name][k] for name in REQUIRED)
        who = (mentor if side == "mentors" else mentee) or ""
        if not (mentor and mentee and side):
            found.append(Finding("missing_cell", blank, "outcomes", who, row))
        elif (mentor, mentee) not in started:
            found.append(Finding("unknown_pair", stranger, "outcomes", who, row))
        if columns["sessions_planned"][k] == 0:
            found.append(Finding("bad_integer", zero, "outcomes", who, row, "sessions_planned"))


def _last(columns: Mapping[str, Sequence[Any]], on: datetime.date) -> tuple[Outcome, ...]:
    """Of several answers of one person on one pair, the last in each column that is not blank."""
    days = [day or datetime.date.min for day in columns["date"]]
    kept: dict[tuple[str, str, str], dict[str, Any]] = {}
    for k in sorted(range(len(days)), key=days.__getitem__):
        if days[k] <= on:
            key = (columns["mentor"][k], columns["mentee"][k], columns["by"][k])
            told = {name: columns[name][k] for name in (*RATINGS, *SESSIONS, *FLAGS)}
            kept.setdefault(key, {}).update(
                {name: value for name, value in told.items() if value is not None}
            )
    return tuple(_outcome(key, kept[key]) for key in sorted(kept))


def _outcome(key: tuple[str, str, str], told: Mapping[str, Any]) -> Outcome:
    values: dict[str, Any] = {name: bool(value) if name in FLAGS else value for name, value in told.items()}
    return Outcome(*key, **values)
