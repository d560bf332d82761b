"""``pairmatch.dropping``: how likely each person is to leave a programme before its end, and who says so."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import CallError, Finding, counted, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort, Profiles

__all__ = [
    "HIGHEST_LEVEL",
    "LOWEST_LEVEL",
    "MONTHS",
    "OVERALL",
    "SOURCES",
    "Dropping",
    "by_level",
    "dropping",
    "leaving",
    "level_range",
    "within",
]

Floats = NDArray[np.float64]

LOWEST_LEVEL, HIGHEST_LEVEL, OVERALL = 0.263, 0.072, 0.161
"""Share of people who leave within a year: at the lowest level, at the highest, and of all.

Counted in the published HR sample of IBM: 1,470 invented employees on five levels, with rates of the usual
size. In between the share falls by the same factor from level to level. Over 6 to 9 months that is a drop-out
of 10 to 15 % in the synthetic cohorts, as toolkits expect of programmes of 6 to 12 months.
"""

MONTHS = 9.0
"""Length of a programme in months, where nobody says otherwise."""

YEAR = 12.0

FIELD = "drop_out"
"""The field that is looked for where nothing is named."""

SOURCES = {
    "table": "the table that was handed in",
    "column": "a field of the person's profile",
    "level": "the default for the person's level",
    "overall": "the default for everybody, as the person's level is not known",
}
"""Where a probability is from: codes, and what they mean."""

COLUMNS = ("role", "id", "probability")
SIDES = {"mentor": "mentors", "mentee": "mentees"}


def within(months: float, yearly: float) -> float:
    """Probability to leave within so many months, of one who leaves within a year with this probability.

    Parameters
    ----------
    months
        Length in months.
    yearly
        Probability within twelve months, in [0, 1]; the risk is the same in every month.

    Examples
    --------
    >>> round(within(6, 0.19), 6)
    0.1
    """
    return 1.0 if yearly >= 1 else -math.expm1(math.log1p(-yearly) * months / YEAR)


def leaving(level: float, low: float, high: float) -> float:
    """Share of people of a level who leave within a year, by default.

    Parameters
    ----------
    level
        The level; beyond the ends it counts as the nearest end.
    low, high
        The lowest and the highest level of the programme. Where both are one, the share of all is told.

    Examples
    --------
    >>> leaving(1, 1, 5), leaving(5, 1, 5), leaving(3, 3, 3)
    (0.263, 0.072, 0.161)
    """
    if not low < high:
        return OVERALL
    share = (min(max(level, low), high) - low) / (high - low)
    if share in (0.0, 1.0):
        return HIGHEST_LEVEL if share else LOWEST_LEVEL
    return LOWEST_LEVEL * float((HIGHEST_LEVEL / LOWEST_LEVEL) ** share)


def by_level(
    levels: Floats, *, months: float = MONTHS, low: float | None = None, high: float | None = None
) -> Floats:
    """Default probabilities of drop-out by level.

    Parameters
    ----------
    levels
        Levels, NaN where not known: there the share of all counts.
    months
        Length of the programme in months.
    low, high
        The lowest and the highest level; None for those of ``levels``.

    Examples
    --------
    >>> by_level(np.array([1.0, 5.0]), months=12).round(3).tolist()
    [0.263, 0.072]
    """
    levels = np.asarray(levels, np.float64)
    known = levels[~np.isnan(levels)]
    if not len(known):
        return np.full(levels.shape, within(months, OVERALL))
    ends = float(known.min() if low is None else low), float(known.max() if high is None else high)
    # Few levels are different, and plain arithmetic is the same to the last bit everywhere.
    distinct, which = np.unique(levels, return_inverse=True)
    told = [OVERALL if math.isnan(level) else leaving(level, *ends) for level in distinct.tolist()]
    return np.array([within(months, yearly) for yearly in told])[which.reshape(levels.shape)]


def level_range(cohort: Cohort) -> tuple[float | None, float | None]:
    """The lowest and the highest level of the active people of both sides; None where nobody has one."""
    sides = [side for side in (cohort.mentors, cohort.mentees) if "level" in side]
    levels = [side.number("level")[side.active & side.has("level")] for side in sides]
    known = np.concatenate([np.empty(0), *levels])
    return (float(known.min()), float(known.max())) if len(known) else (None, None)


@dataclass(frozen=True, eq=False, repr=False)
class Dropping:
    """How likely each person of a cohort is to leave the programme before its end.

    Attributes
    ----------
    mentors, mentees
        Probabilities in [0, 1] by row of the tables.
    ids
        Ids of the mentors and of the mentees.
    sources
        Where each mentor's and each mentee's probability is from: codes of :data:`SOURCES`.
    months
        Length of the programme in months, for the defaults.
    """

    mentors: Floats
    mentees: Floats
    ids: tuple[tuple[str, ...], tuple[str, ...]]
    sources: tuple[tuple[str, ...], tuple[str, ...]]
    months: float = MONTHS

    def __post_init__(self) -> None:
        for side in (self.mentors, self.mentees):
            side.flags.writeable = False

    @property
    def table(self) -> pd.DataFrame:
        """One row per person: role, id, probability, source. Confidential: for the programme lead alone."""
        import pandas as pd

        rows = [
            (role, *row)
            for k, (role, told) in enumerate(zip(SIDES, (self.mentors, self.mentees), strict=True))
            for row in zip(self.ids[k], told.tolist(), self.sources[k], strict=True)
        ]
        return pd.DataFrame(rows, columns=[*COLUMNS, "source"])

    @property
    def counts(self) -> dict[str, int]:
        """For how many people each source speaks."""
        found = Counter((*self.sources[0], *self.sources[1]))
        return {code: found[code] for code in SOURCES if found[code]}

    def __repr__(self) -> str:
        people = counted(len(self.mentors) + len(self.mentees), "person", "people")
        told = ", ".join(f"{count:,} by {code}" for code, count in self.counts.items())
        return f"<Dropping of {people}: {told}>"


def dropping(cohort: Cohort, drop_out: Any = None, *, months: float = MONTHS) -> Dropping:
    """Tell how likely each person is to leave before the programme's end.

    Parameters
    ----------
    cohort
        The people.
    drop_out
        Where the probabilities stand: the name of a number field from 0 to 1; a frame with the columns
        ``role`` (``mentor`` or ``mentee``), ``id`` and ``probability``, or a list of such rows. None: the
        field ``drop_out`` where the tables have it. For whom nothing is said there, the default for the
        person's level counts.
    months
        Length of the programme in months, for the defaults.

    Returns
    -------
    Dropping

    Raises
    ------
    CallError
        With everything that is wrong at once.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> mentors, mentees = ({"id": [who], "level": [level]} for who, level in (("ana", 1), ("eve", 6)))
    >>> cohort = pm.Cohort(pd.DataFrame(mentors), pd.DataFrame(mentees))
    >>> dropping(cohort, [("mentee", "eve", 0.05)]).table.round(3).values.tolist()
    [['mentor', 'ana', 0.205, 'level'], ['mentee', 'eve', 0.05, 'table']]
    """
    found: list[Finding] = []
    if not _is_number(months) or not months > 0:
        found.append(_bad("bad_argument", "'months' must be a number above 0", column="months"))
        months = MONTHS
    given = _given(cohort, drop_out, found)
    if found:
        raise CallError(found)
    ends = level_range(cohort)
    sides = [_filled(side, *given[side.side], ends, float(months)) for side in _people(cohort)]
    (mentors, ours), (mentees, theirs) = sides
    ids = cohort.mentors.ids, cohort.mentees.ids
    return Dropping(mentors, mentees, ids, (ours, theirs), float(months))


def _people(cohort: Cohort) -> tuple[Profiles, Profiles]:
    return cohort.mentors, cohort.mentees


def _filled(
    people: Profiles, told: Floats, source: str, ends: tuple[float | None, float | None], months: float
) -> tuple[Floats, tuple[str, ...]]:
    """What is told, and the defaults for the others."""
    levels = people.number("level") if "level" in people else np.full(len(people), np.nan)
    usual = by_level(levels, months=months, low=ends[0], high=ends[1])
    lacks = np.isnan(told)
    codes = np.where(lacks, np.where(np.isnan(levels), "overall", "level"), source)
    return np.where(lacks, usual, told), tuple(codes.tolist())


def _given(cohort: Cohort, drop_out: Any, found: list[Finding]) -> dict[str, tuple[Floats, str]]:
    """What is told of each side, NaN for whom nothing is."""
    if drop_out is None and FIELD in (*cohort.mentors.fields, *cohort.mentees.fields):
        drop_out = FIELD
    if drop_out is None:
        return {side.side: (np.full(len(side), np.nan), "level") for side in _people(cohort)}
    if isinstance(drop_out, str):
        return _of_column(cohort, drop_out, found)
    return _of_table(cohort, drop_out, found)


def _of_column(cohort: Cohort, name: str, found: list[Finding]) -> dict[str, tuple[Floats, str]]:
    told = {side.side: (np.full(len(side), np.nan), "column") for side in _people(cohort)}
    having = [side for side in _people(cohort) if name in side]
    if not having:
        near = did_you_mean(name, cohort.fields)
        found.append(_bad("absent_column", f"neither table has the field of 'drop_out'.{near}", column=name))
    for side in having:
        if side.kind(name) != "number":
            hint = "probabilities of drop-out are numbers; declare the field so in the schema"
            found.append(Finding("wrong_kind", hint, side.side, column=name))
            continue
        values = np.array(side.number(name))
        told[side.side] = (values, "column")
        hint = "a probability of drop-out lies between 0 and 1"
        outside = np.flatnonzero((values < 0) | (values > 1)).tolist()
        found += [Finding("bad_probability", hint, side.side, side.ids[row], 0, name) for row in outside]
    return told


def _of_table(cohort: Cohort, rows: Any, found: list[Finding]) -> dict[str, tuple[Floats, str]]:
    told = {side.side: (np.full(len(side), np.nan), "table") for side in _people(cohort)}
    known = {side.side: frozenset(side.ids) for side in _people(cohort)}
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(_rows(rows, found), start=1):
        if not isinstance(row, list | tuple) or len(row) != len(COLUMNS):
            hint = "each row is a role, an id and a probability"
            found.append(_bad("bad_row", hint, row=number))
            continue
        role, who, value = row
        fault = _fault(known, role, who, value, seen)
        if fault:
            named = who if isinstance(who, str) else ""
            found.append(_bad(fault, HINTS[fault], named, number))
        else:
            seen.add((role, who))
            told[SIDES[role]][0][cohort.side(SIDES[role]).position(who)] = float(value)
    return told


HINTS = {
    "bad_role": "say whose probability it is: mentor or mentee",
    "unknown_person": "nobody of this role has this id",
    "duplicate_person": "the person stands there more than once; one row for each",
    "bad_probability": "a probability of drop-out lies between 0 and 1",
}


def _fault(
    known: Mapping[str, frozenset[str]], role: Any, who: Any, value: Any, seen: set[tuple[str, str]]
) -> str:
    """What is wrong with one row; empty where nothing is."""
    if not isinstance(role, str) or role not in SIDES:
        return "bad_role"
    if not isinstance(who, str) or who not in known[SIDES[role]]:
        return "unknown_person"
    if (role, who) in seen:
        return "duplicate_person"
    return "" if _is_number(value) and 0 <= value <= 1 else "bad_probability"


def _rows(rows: Any, found: list[Finding]) -> Iterable[Any]:
    if hasattr(rows, "columns"):
        if set(COLUMNS) <= set(rows.columns):
            return zip(*(rows[name] for name in COLUMNS), strict=True)
        hint = "'drop_out' needs the columns 'role', 'id' and 'probability'"
        found.append(_bad("missing_columns", hint))
        return ()
    if isinstance(rows, Iterable) and not isinstance(rows, bytes | Mapping):
        return rows
    hint = "'drop_out' must be the name of a field, a frame, a list of rows, or None"
    found.append(_bad("bad_argument", hint))
    return ()


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _bad(code: str, hint: str, who: str = "", row: int = 0, column: str = "drop_out") -> Finding:
    return Finding(code, hint, "", who, row, column)
