"""``pairmatch.audit``: how the groups of a cohort fared in a matching, with exact tests (law §12)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.auditing.asked import columns_asked, table_of, wrong
from pairmatch.auditing.figures import MEASURES, Audited, compared, figures_of, measures_of
from pairmatch.auditing.hiding import Known, hidden_rows, hidden_wishes, is_large
from pairmatch.auditing.people import SIDES, Fared, digest, fared
from pairmatch.auditing.rows import Columns, Row, Table, rows_beside, rows_of
from pairmatch.auditing.texts import bad
from pairmatch.checking.withholding import FEWEST
from pairmatch.errors import CallError, FileError, Finding, counted, shown
from pairmatch.grouping import AND
from pairmatch.matching import Matching, safe_cell

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Audit", "Audited", "audit"]

COLUMNS = (
    "of", "by", "group", "measure", "count", "base", "value", "low", "high",
    "best", "ratio", "p_value", "below_four_fifths",
)  # fmt: skip

MOST_GROUPS = 1_000
"""Groups of one audit; where there are more, the columns hold something else than groups."""


@dataclass(frozen=True, repr=False)
class Audit:
    """How groups fared, as :func:`pairmatch.audit` found it. What is withheld is not in it.

    Attributes
    ----------
    of
        ``"mentors"`` or ``"mentees"``.
    by
        The tables: each a column, or several.
    confidence
        Of the intervals.
    figures
        Those of everybody first, then group by group, measure by measure.
    matching
        Hash of the matching's cohort, policy and pairs, by which it is known again.
    """

    of: str
    by: tuple[Columns, ...]
    confidence: float
    figures: tuple[Audited, ...]
    matching: str

    @property
    def table(self) -> pd.DataFrame:
        """One row per figure: of, by, group, measure, count, base, value, low, high, best, ratio, p_value.

        The last column, ``below_four_fifths``, flags ratios below 0.8. What would tell of fewer than five is
        absent, with as much else as keeps it from being worked out.
        """
        return _table(self.figures)

    @property
    def flags(self) -> pd.DataFrame:
        """The rows of the table that are below four fifths of the best-off group: a flag, not a proof."""
        return _table([figure for figure in self.figures if figure.below_four_fifths])

    @property
    def lines(self) -> tuple[str, ...]:
        """Each figure in words; of a group that is withheld altogether, that alone."""
        return tuple(
            line
            for (by, group), own in self._groups().items()
            for line in (
                [f"{shown(by)} = {shown(group)} ({self.of}): withheld, for privacy"]
                if by and all(figure.withheld for figure in own)
                else [figure.told for figure in own]
            )
        )

    def write(self, path: str | PathLike[str]) -> None:
        """Write the table as a CSV file.

        Raises
        ------
        FileError
            It cannot be written.
        """
        rows: list[list[Any]] = [[*COLUMNS], *(_cells(figure) for figure in self.figures)]
        try:
            with Path(path).open("w", encoding="utf-8", newline="", errors="surrogatepass") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
        except (OSError, ValueError, TypeError):
            hint = "the table cannot be written; give a path in a folder that exists"
            raise FileError([Finding("unwritable", hint, column="path")]) from None

    def _groups(self) -> dict[tuple[str, str], list[Audited]]:
        """The figures of each column and group."""
        groups: dict[tuple[str, str], list[Audited]] = {}
        for figure in self.figures:
            groups.setdefault((figure.by, figure.group), []).append(figure)
        return groups

    def __str__(self) -> str:
        lines, hidden = [repr(self)[1:-1]], list[str]()
        for (by, group), own in self._groups().items():
            name = f"{shown(by)} = {shown(group)}" if by else f"all {self.of}"
            if by and all(figure.withheld for figure in own):
                hidden.append(f"{name}: withheld, for privacy")
            else:
                lines += [name, *(f"  {figure.words}" for figure in own)]
        flagged = any(figure.below_four_fifths for figure in self.figures)
        note = ["below four fifths of the best-off group: a reason to look, no proof"] if flagged else []
        return "\n".join([*lines, *hidden, *note])

    def __repr__(self) -> str:
        hidden = sum(figure.withheld for figure in self.figures)
        flags = sum(bool(figure.below_four_fifths) for figure in self.figures)
        told = f"{counted(len(self.figures), 'figure')}, {hidden:,} of them withheld"
        return f"<Audit of {self.of}: {told}; {flags:,} below four fifths>"

    def _repr_html_(self) -> str:
        table = self.table
        for column in ("by", "group", "best"):
            table[column] = [shown(text) for text in table[column]]
        return str(table.to_html(index=False, float_format="{:.3f}".format, border=0, na_rep=""))


def _cells(figure: Audited) -> list[Any]:
    """A figure as cells that no spreadsheet takes for formulas; absent ones are blank."""
    cells = (getattr(figure, name) for name in COLUMNS)
    return ["" if cell is None else safe_cell(cell) if isinstance(cell, str) else cell for cell in cells]


def _table(figures: Sequence[Audited]) -> pd.DataFrame:
    import pandas as pd

    rows = [[getattr(figure, name) for name in COLUMNS] for figure in figures]
    floats = dict.fromkeys(("value", "low", "high", "ratio", "p_value"), "Float64")
    kinds = {"count": "Int64", "base": "Int64", "below_four_fifths": "boolean", **floats}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def audit(
    matching: Matching,
    *,
    by: str | Sequence[str | tuple[str, ...]],
    of: str = "mentees",
    data: pd.DataFrame | str | PathLike[str] | None = None,
    beside: Iterable[Audit] = (),
    confidence: float = 0.95,
) -> Audit:
    """How groups fared in a matching: who has a partner, and how good a one, group by group.

    Each group is put beside the one that fared best, with Fisher's exact test. Groups of fewer than five are
    withheld, and others with them, so that nothing about few people can be worked out from all that is told:
    whatever is handed in as ``by`` and ``beside`` is looked at together, and for both sides.

    Parameters
    ----------
    matching
        What is audited.
    by
        Columns of the cohort or of ``data``; a tuple of columns for the groups that they make together.
    of
        ``"mentees"`` or ``"mentors"``.
    data
        A table beside the cohort, for columns that neither scoring nor solving ever saw: a frame, or the path
        of a CSV file, with the column ``id``. People who are not in it are ``"unknown"``.
    beside
        Audits of this matching that were told before: what they told is taken as known. Hand in the same
        ``data`` with all of their columns.
    confidence
        Of the intervals, above 0 and below 1.

    Returns
    -------
    Audit
        Its ``table`` has one row for each group and measure.

    Raises
    ------
    CallError
        The arguments or the table cannot be used; all problems at once.
    FileError
        The file of ``data`` is missing or cannot be opened.

    References
    ----------
    Four fifths: 29 CFR 1607.4(D), a flag that needs a test where numbers are small.
    Fisher 1935, The logic of inductive inference, Journal of the Royal Statistical Society 98:39,
    https://doi.org/10.2307/2342435

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> cohort = pm.datasets.synthetic(mentors=40, mentees=60, seed=3)
    >>> matching = pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    >>> found = pm.audit(matching, by="region")
    >>> found.figures[0].told
    'matched (mentees): 42 of 59, 71% (58% to 82%)'
    """
    if not isinstance(matching, Matching):
        raise CallError([bad("matching", "must be a Matching, as match makes it")])
    asked = columns_asked(by)
    before = tuple(beside) if isinstance(beside, Iterable) else (beside,)
    own = digest(matching)
    found = _wrong_before(before, own)
    if found:
        raise CallError(found)
    tables = tuple(dict.fromkeys([*(columns for one in before for columns in one.by), *asked]))
    table = table_of(data, [name for columns in tables for name in columns])
    found = wrong(matching.cohort, table, tables, of, confidence)
    if found:
        raise CallError(found)
    people = {side: fared(matching, side) for side in SIDES}
    rows = _rows(matching, table, tables, people)
    hidden, wishes = _hidden(matching, rows, people, before)
    kept = [place for place, row in enumerate(rows) if row.of == of and row.by in asked]
    figures = _figures([rows[k] for k in kept], of, people[of], confidence, hidden[kept], wishes[kept])
    return Audit(of, asked, confidence, tuple(figures), own)


def _wrong_before(before: Sequence[Any], own: str) -> list[Finding]:
    if not all(isinstance(one, Audit) for one in before):
        return [bad("beside", "must be audits, as audit makes them")]
    if any(one.matching != own for one in before):
        return [
            bad("beside", "must be audits of this matching; another one's figures add up to something else")
        ]
    return []


def _rows(
    matching: Matching, table: Table, tables: Sequence[Columns], people: Mapping[str, Mapping[str, Fared]]
) -> list[Row]:
    """All groups of both sides.

    Raises
    ------
    CallError
        There are more than any table of groups has.
    """
    rows = rows_of(matching.cohort, table, tables, {side: list(own) for side, own in people.items()})
    if len(rows) > MOST_GROUPS:
        hint = f"makes more than {MOST_GROUPS:,} groups; put values into bands, or ask for fewer columns"
        raise CallError([bad("by", hint)])
    return rows


def _hidden(
    matching: Matching,
    rows: Sequence[Row],
    people: Mapping[str, Mapping[str, Fared]],
    before: Sequence[Audit],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows are withheld, and which tell nothing of wishes."""
    few = np.array([_is_few(people[row.of]) for row in rows], bool)
    few_wishes = np.array([_few_wishes(people[row.of]) for row in rows], bool)
    first, then = (_known_before(rows, before, wishes) for wishes in (False, True))
    beside = rows_beside(matching)
    elsewhere = np.array([told for _, told in beside], bool)
    # What another table tells of five people or more is told here too: hiding it would hide nothing.
    same = {(row.of, row.members): told for row, told in beside}
    large = [same.get((row.of, row.members), False) and is_large(row, people[row.of]) for row in rows]
    apart = [same.get((row.of, row.members)) is False for row in rows]
    own_told, own_out = first.told | np.array(large, bool), first.out | few | np.array(apart, bool)
    known = Known(np.append(own_told, elsewhere), np.append(own_out, ~elsewhere))
    pairs = [(pair.mentor, pair.mentee) for pair in matching.made]
    hidden = hidden_rows([*rows, *(row for row, _ in beside)], people, pairs, known)[: len(rows)]
    return hidden, hidden_wishes(rows, people, Known(then.told, then.out | hidden | few_wishes))


def _known_before(rows: Sequence[Row], before: Sequence[Audit], wishes: bool) -> Known:
    """Which rows earlier audits told, and which they withheld."""
    earlier = {
        (figure.of, figure.by, figure.group): figure.withheld
        for one in before
        for figure in one.figures
        if (figure.measure == "wish_met") == wishes
    }
    found = [earlier.get((row.of, AND.join(row.by), row.group)) for row in rows]
    return Known(*(np.array([one is withheld for one in found], bool) for withheld in (False, True)))


def _is_few(people: Mapping[str, Fared]) -> bool:
    """Whether fewer than five are counted, or have a partner."""
    matched = sum(one.weight is not None for one in people.values())
    return len(people) < FEWEST or 0 < matched < FEWEST


def _few_wishes(people: Mapping[str, Fared]) -> bool:
    return sum(one.admitted and one.wish_met is not None for one in people.values()) < FEWEST


def _figures(
    rows: Sequence[Row],
    of: str,
    people: Mapping[str, Fared],
    confidence: float,
    hidden: NDArray[np.bool_],
    wishes: NDArray[np.bool_],
) -> Iterator[Audited]:
    """Everybody's figures, then those of each table: each beside the best-off group of its own."""
    everything, wish = (*MEASURES,), ("wish_met",)
    out = everything if _is_few(people) else wish if _few_wishes(people) else ()
    yield from figures_of(None, of, people, confidence, out)
    told = [
        list(figures_of(row, of, people, confidence, everything if hide else wish if few else ()))
        for row, hide, few in zip(rows, hidden.tolist(), wishes.tolist(), strict=True)
    ]
    for columns in dict.fromkeys(row.by for row in rows):
        places = [place for place, row in enumerate(rows) if row.by == columns]
        own = [rows[place] for place in places]
        beside = [
            compared([told[place][k] for place in places], own, len(people))
            for k in range(len(measures_of(people)))
        ]
        for place in range(len(places)):
            yield from (figures[place] for figures in beside)
