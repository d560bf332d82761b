"""``pairmatch.evaluate``: how a programme goes, in the toolkits' measures, with intervals."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.intervals import exact_interval
from pairmatch.checking.people_groups import groups_of
from pairmatch.errors import CallError, Finding, counted, did_you_mean
from pairmatch.parameters import is_number
from pairmatch.programme.few_people import SIDES, Row, hidden_of
from pairmatch.programme.measures import MEASURES, Measure, Unit, measures_of
from pairmatch.programme.outcomes import read_outcomes
from pairmatch.programme.programme import Programme

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort

__all__ = ["REFERENCES", "Evaluation", "Measured", "evaluate"]

REFERENCES = {"programme_satisfaction": 0.8, "enough_sessions": 0.7, "drop_out": 0.15}
"""What others report: over 80 % satisfied, 70 % of pairs held 5 of 7 sessions, at most 15 % dropped out."""

ALL = "all"

COLUMNS = ("measure", "of", "group", "count", "base", "share", "low", "high", "reference", "against")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure.

    Attributes
    ----------
    measure
        One of :data:`pairmatch.programme.measures.MEASURES`.
    of
        Who is counted: ``"mentors"``, ``"mentees"``, ``"people"`` for both, or ``"pairs"``.
    group
        ``"all"``, or column and value; of pairs, whose value it is stands before it.
    count, base
        So many of so many; None where the figure is withheld.
    low, high
        Ends of the interval; None where the figure is withheld, or nobody is counted.
    reference
        What others report; None where nothing is known.
    """

    measure: str
    of: str
    group: str
    count: int | None
    base: int | None
    low: float | None
    high: float | None
    reference: float | None

    @property
    def withheld(self) -> bool:
        """Whether the figure is hidden, because it would tell of fewer than five."""
        return self.base is None

    @property
    def share(self) -> float | None:
        """Count by base; None where there is none."""
        return None if self.count is None or not self.base else self.count / self.base

    @property
    def against(self) -> str:
        """``"above"`` or ``"below"`` the reference if the interval is, else ``"open"``; empty without one."""
        if self.reference is None or self.low is None or self.high is None:
            return ""
        return "above" if self.low > self.reference else "below" if self.high < self.reference else "open"

    @property
    def told(self) -> str:
        """The figure in words."""
        where = self.of if self.group == ALL else f"{self.of}, {self.group}"
        name = f"{self.measure.replace('_', ' ')} ({where})"
        if self.withheld:
            return f"{name}: withheld, for privacy"
        if self.low is None or self.high is None:
            return f"{name}: nobody to count yet"
        return (
            f"{name}: {self.count:,} of {self.base:,}, {self.share:.0%} ({self.low:.0%} to {self.high:.0%})"
        )


@dataclass(frozen=True, repr=False)
class Evaluation:
    """How a programme goes, as :func:`pairmatch.evaluate` found it.

    Attributes
    ----------
    on
        The day.
    confidence
        Of the intervals.
    figures
        One per measure, side and group.
    """

    on: datetime.date
    confidence: float
    figures: tuple[Measured, ...]

    @property
    def measures(self) -> pd.DataFrame:
        """One row per figure: measure, of, group, count, base, share, low, high, reference, against.

        What would tell of fewer than five is absent, with as much else as keeps it from being worked out.
        """
        import pandas as pd

        rows = [[getattr(figure, name) for name in COLUMNS] for figure in self.figures]
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        floats = dict.fromkeys(("share", "low", "high", "reference"), "Float64")
        return table.astype({"count": "Int64", "base": "Int64", **floats})

    @property
    def lines(self) -> tuple[str, ...]:
        """Each figure in words."""
        return tuple(figure.told for figure in self.figures)

    def __getitem__(self, measure: str) -> tuple[Measured, ...]:
        """All figures of a measure.

        Raises
        ------
        KeyError
            If there is no such measure.
        """
        if measure not in MEASURES:
            raise KeyError(f"there is no measure '{measure}'.{did_you_mean(str(measure), MEASURES)}")
        return tuple(figure for figure in self.figures if figure.measure == measure)

    def __repr__(self) -> str:
        hidden = sum(figure.withheld for figure in self.figures)
        told = f"{counted(len(self.figures), 'figure')}, {hidden:,} of them withheld"
        return f"<Evaluation on {self.on}: {told}>"


def evaluate(
    programme: Programme,
    outcomes: pd.DataFrame | str | PathLike[str] | None = None,
    *,
    by: str | Iterable[str] = (),
    cohort: Cohort | None = None,
    confidence: float = 0.95,
    scale: tuple[float, float] = (1, 5),
    satisfied_at: float = 4,
    references: Mapping[str, float] | None = None,
) -> Evaluation:
    """How a programme goes: re-matches, satisfaction, sessions, drop-out, with intervals.

    Parameters
    ----------
    programme
        The programme on a day.
    outcomes
        Answers to surveys, a frame or the path of a CSV file: ``mentor``, ``mentee``, ``by`` (``mentor`` or
        ``mentee``: who answers) and any of ``date``, ``match_satisfaction``, ``programme_satisfaction``,
        ``sessions_held``, ``sessions_planned``, ``goal_achieved``, ``ended_early``. The last answer counts.
        What it says of sessions and ends goes before the events; where the two differ, the smaller number of
        sessions counts, and one who says that the pair ended early.
    by
        Columns of the cohort by whose values the figures are told too, each by itself.
    cohort
        Whose people they are, with those who have left; None for the programme's own.
    confidence
        Of the intervals, above 0 and below 1.
    scale, satisfied_at
        Least and largest rating, and the least that counts as satisfied.
    references
        Shares to compare with, by measure; None for :data:`REFERENCES`.

    Returns
    -------
    Evaluation
        Its ``measures`` is a table. Figures about fewer than five are withheld (law §12).

    Raises
    ------
    CallError
        The arguments or the table cannot be used; all problems at once.
    FileError
        The file is missing or cannot be opened.

    Examples
    --------
    >>> import pairmatch as pm
    >>> events = [pm.Event("2026-01-05", "started", f"m{k}", f"e{k}") for k in range(20)]
    >>> events += [pm.Event("2026-03-02", "ended", f"m{k}", f"e{k}", reason="no_time") for k in range(3)]
    >>> found = pm.evaluate(pm.Programme.from_events(events, on="2026-04-07"))
    >>> found["ended_early"][0].told
    'ended early (pairs): 3 of 20, 15% (3% to 38%)'
    """
    if not isinstance(programme, Programme):
        raise CallError([_bad("programme", "must be a Programme, as Programme.from_events makes it")])
    columns = (by,) if isinstance(by, str) else tuple(by) if isinstance(by, Iterable) else (by,)
    people = programme.cohort if cohort is None else cohort
    told = REFERENCES if references is None else references
    found = _wrong(people, columns, confidence, scale, satisfied_at, told)
    if found:
        raise CallError(found)
    measures = measures_of(programme, read_outcomes(outcomes, programme, scale), satisfied_at)
    groups = {
        (side, column): groups_of(people, side, column)
        for column in columns
        for side in SIDES
        if people is not None
    }
    figures = [
        figure
        for measure in measures
        for figure in _figures(measure, groups, confidence, told.get(measure.name))
    ]
    return Evaluation(programme.on, confidence, tuple(figures))


def _wrong(
    cohort: Any,
    columns: Sequence[Any],
    confidence: Any,
    scale: Any,
    satisfied_at: Any,
    references: Any,
) -> list[Finding]:
    """What is wrong with the arguments."""
    from pairmatch.cohort import Cohort

    found = []
    if not is_number(confidence) or not 0 < confidence < 1:
        found.append(_bad("confidence", "must be above 0 and below 1"))
    if not (isinstance(scale, tuple | list) and len(scale) == 2 and all(is_number(end) for end in scale)):
        found.append(_bad("scale", "must be two numbers, the least rating and the largest"))
    elif not scale[0] < scale[1]:
        found.append(_bad("scale", "must begin with the least rating and end with a larger one"))
    elif not is_number(satisfied_at) or not scale[0] <= satisfied_at <= scale[1]:
        found.append(_bad("satisfied_at", "must be a rating on the scale"))
    if not isinstance(references, Mapping):
        found.append(_bad("references", "must be shares by measure, or None"))
        references = {}
    for name, share in references.items():
        if name not in MEASURES:
            found.append(_bad("references", f"names no measure.{did_you_mean(str(name), MEASURES)}"))
        elif not is_number(share) or not 0 <= share <= 1:
            found.append(_bad("references", "must be shares from 0 to 1"))
    if cohort is not None and not isinstance(cohort, Cohort):
        found.append(_bad("cohort", "must be a Cohort, or None"))
    elif columns and cohort is None:
        found.append(_bad("by", "needs the cohort: hand it in, or to Programme.from_events"))
    elif cohort is not None:
        fields = cohort.fields
        unknown = [name for name in columns if not isinstance(name, str) or not cohort.resolve(name)]
        found.extend(
            _bad("by", f"names no column of the cohort.{did_you_mean(str(name), fields)}") for name in unknown
        )
    return found


def _bad(name: str, hint: str) -> Finding:
    return Finding("bad_argument", f"'{name}' {hint}", column=name)


def _figures(
    measure: Measure,
    groups: Mapping[tuple[str, str], Mapping[str, frozenset[str]]],
    confidence: float,
    reference: float | None,
) -> list[Measured]:
    """All figures of a measure; those that are about too few are withheld."""
    rows = _rows(measure, groups)
    hits = np.array([unit.hit for unit in measure.units], bool)
    hidden = hidden_of(measure.units, rows)
    return [
        _measured(measure.name, row, hits, confidence, reference, bool(hide))
        for row, hide in zip(rows, hidden, strict=True)
    ]


def _rows(measure: Measure, groups: Mapping[tuple[str, str], Mapping[str, frozenset[str]]]) -> list[Row]:
    """All figures of a measure; the whole first."""
    units = measure.units
    sides = [side for side in SIDES if any(unit.side == side for unit in units)]
    of_pairs = measure.of == "pairs"
    whole = sides[0] if len(sides) == 1 else measure.of
    rows = [Row(whole, ALL, whole, np.ones(len(units), bool))]
    if len(sides) > 1:
        own_side = {side: np.array([unit.side == side for unit in units], bool) for side in sides}
        rows.extend(Row(side, ALL, side, own_side[side]) for side in sides)
    for (side, column), own in groups.items():
        values = [_values(unit, side, own, of_pairs) for unit in units]
        for value in sorted({value for some in values for value in some}):
            before = f"{side[:-1]}'s " if of_pairs else ""
            members = np.array([value in some for some in values], bool)
            rows.append(Row("pairs" if of_pairs else side, f"{before}{column} = {value}", side, members))
    return rows


def _values(unit: Unit, side: str, own: Mapping[str, frozenset[str]], of_pairs: bool) -> frozenset[str]:
    """The groups of a unit: of its own person, or for pairs, of the one on that side."""
    if not own or not (of_pairs or unit.side == side):
        return frozenset()
    return own.get(unit.mentor if side == "mentors" else unit.mentee, _UNKNOWN)


_UNKNOWN = frozenset(["unknown"])


def _measured(
    name: str, row: Row, hits: NDArray[np.bool_], confidence: float, reference: float | None, hidden: bool
) -> Measured:
    if hidden:
        return Measured(name, row.of, row.group, None, None, None, None, reference)
    count, base = int(hits[row.units].sum()), int(row.units.sum())
    low, high = exact_interval(count, base, confidence) if base else (None, None)
    return Measured(name, row.of, row.group, count, base, low, high, reference)
