"""Building the organisation chart from the tables, and everything that can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import cells
from pairmatch.cohort.organisation import NOBODY, Organisation, Positions
from pairmatch.cohort.parsing import Parsed, read_cells, read_ids
from pairmatch.cohort.schema import Schema
from pairmatch.cohort.tables import Table
from pairmatch.errors import Finding, did_you_mean

__all__ = ["Line", "build_chart", "org_lines", "profile_lines"]

TYPES = ("direct", "dotted")


class Line(NamedTuple):
    """One claim that somebody reports to somebody, and where it stands."""

    person: str
    manager: str | None
    dotted: bool
    side: str
    row: int
    column: str

    def finding(self, code: str, hint: str) -> Finding:
        """A finding about this line."""
        return Finding(code, hint, self.side, self.person, self.row, self.column)


def profile_lines(parsed: Parsed) -> Iterator[Line]:
    """The lines that a table of people claims; a blank manager is a line to nobody."""
    people, rows, side = parsed.profiles, parsed.rows, parsed.profiles.side
    column = parsed.names.get("manager", "")
    managers = people.text("manager") if "manager" in people else [None] * len(people)
    for person, manager, row in zip(people.ids, managers, rows, strict=True):
        if person:
            yield Line(person, manager, False, side, row, column)
    if "dotted_managers" not in people:
        return
    column = parsed.names["dotted_managers"]
    for person, terms, row in zip(people.ids, people.terms("dotted_managers"), rows, strict=True):
        for term in terms if person else ():
            yield Line(person, term.key, True, side, row, column)


def org_lines(table: Table, schema: Schema, found: list[Finding]) -> list[Line]:
    """The lines that the table of the organisation chart claims."""
    id_column = _org_column(table, schema, "id", found)
    manager_column = _org_column(table, schema, "manager", found)
    if id_column is None or manager_column is None:
        return []
    people = read_ids(table, id_column, found)
    managers = read_cells(table, manager_column, people, cells.identifier, found)
    heading = table.header[manager_column]
    dotted = _dotted(table, people, found)
    return [
        Line(person, manager, is_dotted, table.side, row, heading)
        for person, manager, is_dotted, row in zip(people, managers, dotted, table.rows, strict=True)
        if person
    ]


def _org_column(table: Table, schema: Schema, name: str, found: list[Finding]) -> int | None:
    columns = table.find(name) or table.find(schema.column_of(name) or name) or table.find(f"{name}_id")
    if len(columns) == 1:
        return columns[0]
    code = "duplicate_column" if columns else "missing_column"
    hint = f"the organisation chart needs one column '{name}'.{did_you_mean(name, table.header)}"
    found.append(Finding(code, hint, side=table.side, column=name))
    return None


def _dotted(table: Table, people: Sequence[str], found: list[Finding]) -> list[bool]:
    columns = table.find("type")
    if not columns:
        return [False] * len(people)
    bad = cells.Bad("bad_type", "a line is of type direct or dotted")

    def parse(cell: object) -> object:
        name = cell.casefold() if isinstance(cell, str) else ""
        return name if name in TYPES else bad

    types = read_cells(table, columns[0], people, parse, found)
    return [value == "dotted" for value in types]


class _Claims:
    """Lines put together: one direct manager per person, any number of dotted ones."""

    def __init__(self, lines: Iterable[Line], found: list[Finding]) -> None:
        self.direct: dict[str, Line] = {}
        self.dotted: dict[tuple[str, str], Line] = {}
        for line in lines:
            if line.manager is None:
                self.direct.setdefault(line.person, line)
            elif line.dotted:
                self.dotted.setdefault((line.person, line.manager), line)
            else:
                self._add_direct(line, found)
        self.people = [*self.direct]
        known = set(self.people)
        self.people += dict.fromkeys(person for person, _ in self.dotted if person not in known)

    def _add_direct(self, line: Line, found: list[Finding]) -> None:
        known = self.direct.get(line.person)
        if known is None or known.manager is None:
            self.direct[line.person] = line
        elif known.manager != line.manager and line.side == "org":
            hint = "the chart names another direct manager elsewhere; one of the two is to be corrected"
            found.append(line.finding("org_conflict", hint))

    def __iter__(self) -> Iterator[Line]:
        """Every line that names a manager."""
        yield from (line for line in self.direct.values() if line.manager is not None)
        yield from self.dotted.values()


def build_chart(
    lines: Iterable[Line],
    levels: dict[str, float],
    schema: Schema,
    found: list[Finding],
    notes: list[Finding],
    *,
    whole: bool = True,
) -> Organisation:
    """The chart of all lines.

    Parameters
    ----------
    lines
        What the tables and the chart claim.
    levels
        Levels of the people in the tables, those who have one.
    schema
        Says whether managers may be outside.
    found, notes
        Findings are added here.
    whole
        Whether all tables could be read; if not, nobody is called unknown.
    """
    claims = _Claims(lines, found)
    known = set(claims.people)
    unknown = [line for line in claims if line.manager not in known]
    if whole:
        _tell_outside(unknown, schema, found, notes)
    outside = list(dict.fromkeys(str(line.manager) for line in unknown))
    ids = claims.people + outside
    direct, dotted = _positions(claims, ids)
    direct = _without_cycles(ids, direct, claims, found)
    chart = Organisation(ids, direct, dotted, _missing(ids, direct, levels, len(outside)))
    if len(chart.roots) > 1:
        hint = f"{len(chart.roots)} people have nobody above them; check that none of them lacks a manager"
        notes.append(Finding("several_roots", hint, side="org"))
    return chart


def _tell_outside(lines: list[Line], schema: Schema, found: list[Finding], notes: list[Finding]) -> None:
    if schema.outside_managers == "allow":
        hint = "the manager stands in no table, so the line above them is not known"
        notes.extend(line.finding("outside_manager", hint) for line in lines)
        return
    hint = (
        "the manager stands in neither table nor in the organisation chart; hand in the chart as org=, "
        'correct the id, or say outside_managers = "allow" under [organisation] in the schema'
    )
    found.extend(line.finding("dangling_manager", hint) for line in lines)


def _positions(claims: _Claims, ids: Sequence[str]) -> tuple[Positions, Positions]:
    """Direct managers (-1 for none) and dotted lines, in positions."""
    position = {identifier: k for k, identifier in enumerate(ids)}
    direct = np.full(len(ids), NOBODY, dtype=np.int64)
    for person, line in claims.direct.items():
        if line.manager is not None:
            direct[position[person]] = position[line.manager]
    dotted = [(position[person], position[manager]) for person, manager in claims.dotted]
    return direct, np.array(dotted, dtype=np.int64).reshape(-1, 2)


def _without_cycles(
    ids: Sequence[str], direct: Positions, claims: _Claims, found: list[Finding]
) -> Positions:
    """The direct lines with every cycle reported and cut."""
    own = "the person is their own manager; leave the cell blank at the top"
    found.extend(line.finding("self_manager", own) for line in claims if line.person == line.manager)
    hint = "following the managers upwards leads back to the person; correct one manager in the circle"
    cut = direct.copy()
    for k in _on_cycles(direct):
        if direct[k] != k:
            found.append(claims.direct[ids[k]].finding("manager_cycle", hint))
        cut[k] = NOBODY
    return cut


def _on_cycles(direct: Positions) -> Positions:
    """Everybody who is above themself: where one still stands after more steps than there are people."""
    jump = direct.copy()
    for _ in range(len(direct).bit_length()):
        jump = np.where(jump == NOBODY, NOBODY, jump[jump])
    return np.unique(jump[jump != NOBODY])


def _missing(
    ids: Sequence[str], direct: Positions, levels: dict[str, float], outside: int
) -> NDArray[np.bool_]:
    """Whose manager is not known: blank, though nobody reports to them and somebody outranks them."""
    blank = direct == NOBODY
    manages = np.zeros(len(ids), bool)
    manages[direct[~blank]] = True
    inside = np.arange(len(ids)) < len(ids) - outside
    if levels:
        highest = max(levels.values())
        top = np.array([levels.get(identifier, -np.inf) == highest for identifier in ids], bool)
    else:
        top = blank & (np.count_nonzero(blank & inside) == 1)
    missing: NDArray[np.bool_] = ~inside | (blank & ~manages & ~top)
    return missing
