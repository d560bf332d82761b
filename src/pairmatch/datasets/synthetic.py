"""Synthetic cohorts of any size: a company of fictional people, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.datasets import people
from pairmatch.datasets.company import Company, company
from pairmatch.errors import CallError, Finding

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

Column = Callable[[Company], NDArray[Any]]

BOTH_SIDES: Mapping[str, Column] = {
    "id": people.ids,
    "name": people.names,
    "department": people.departments,
    "function": people.functions,
    "team": people.teams,
    "level": lambda company: company.level,
    "manager": people.managers,
    "dotted_managers": people.dotted_managers,
    "location": people.locations,
    "region": people.regions,
    "time_zone": people.time_zones,
    "languages": people.languages,
    "slots": people.slots,
    "hobbies": people.hobbies,
    "past_functions": people.past_functions,
    "style_pace": people.style("style_pace"),
    "style_directness": people.style("style_directness"),
    "style_structure": people.style("style_structure"),
    "style_formality": people.style("style_formality"),
    "hours": people.hours,
    "active": people.active,
    "age": people.age,
    "gender": people.gender,
    "tenure": people.tenure,
}
MENTORS_ONLY: Mapping[str, Column] = {
    "topics_offered": people.topics_offered,
    "wants_back": people.returns("wants_back"),
    "reference_rating": people.reference_rating,
    "capacity": people.capacity,
}
MENTEES_ONLY: Mapping[str, Column] = {
    "topics_wanted": people.topics_wanted,
    "offers_back": people.returns("offers_back"),
    "must_match": people.must_match,
}


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
    """

    mentors: pd.DataFrame
    mentees: pd.DataFrame
    org: pd.DataFrame | None

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``mentors.csv``, ``mentees.csv`` and, where there is one, ``org.csv``; return the paths."""
        tables = {name: table for name, table in self._asdict().items() if table is not None}
        paths = tuple(Path(folder) / f"{name}.csv" for name in tables)
        for path, table in zip(paths, tables.values(), strict=True):
            table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        return paths


def synthetic_frames(*, mentors: int, mentees: int, seed: int = 0) -> Frames:
    """Tables of a fictional company in which juniors mentor their seniors.

    A tree of managers under one chief executive (the first mentee), all of them in the tables; departments
    of very different sizes; offices in many time zones; topics, hobbies, ages and levels after published
    figures; some data missing, as everywhere.

    Parameters
    ----------
    mentors
        Number of mentors, >= 1; levels 1 to 4, mostly 1 to 3.
    mentees
        Number of mentees, >= 1; levels 4 to 6 and the chief executive on 7.
    seed
        >= 0. The same numbers give the same tables.

    Raises
    ------
    CallError
        If a number is out of its range.
    """
    import pandas as pd

    _check(mentors=mentors, mentees=mentees, seed=seed)
    skeleton = company(mentors, mentees, seed)
    juniors, seniors = slice(None, mentors), slice(mentors, None)
    columns = {name: column(skeleton) for name, column in BOTH_SIDES.items()}
    mentor_columns = {name: column(skeleton) for name, column in MENTORS_ONLY.items()}
    mentee_columns = {name: column(skeleton) for name, column in MENTEES_ONLY.items()}
    return Frames(
        pd.DataFrame({name: _series(c[juniors]) for name, c in (columns | mentor_columns).items()}),
        pd.DataFrame({name: _series(c[seniors]) for name, c in (columns | mentee_columns).items()}),
        None,
    )


def synthetic(*, mentors: int, mentees: int, seed: int = 0) -> Cohort:
    """The cohort of :func:`synthetic_frames`."""
    from pairmatch.cohort import Cohort

    frames = synthetic_frames(mentors=mentors, mentees=mentees, seed=seed)
    return Cohort(frames.mentors, frames.mentees, org=frames.org)


def synthetic_policy() -> Policy:
    """A policy of the usual rules and goals that fits every synthetic cohort."""
    from pairmatch.policy import Policy

    with resources.as_file(_policy_file()) as path:
        return Policy.read(path)


def synthetic_policy_text() -> str:
    """The policy of :func:`synthetic_policy` as the text of a TOML file, with comments."""
    return _policy_file().read_text(encoding="utf-8")


def _policy_file() -> Traversable:
    return resources.files("pairmatch.datasets") / "synthetic.toml"


def _series(column: NDArray[Any]) -> NDArray[Any] | pd.Series[Any]:
    """Whole numbers with gaps stay whole; everything else as drawn."""
    import pandas as pd

    whole = column.dtype == np.float64 and bool(np.all(np.isnan(column) | (column % 1 == 0)))
    return pd.Series(column).astype("Int64").reset_index(drop=True) if whole else column


def _check(**numbers: object) -> None:
    """Every count is a whole number and large enough."""
    least = {"seed": 0}
    findings = [
        Finding("bad_argument", f"give a whole number, at least {least.get(name, 1)}", column=name)
        for name, number in numbers.items()
        if isinstance(number, bool) or not isinstance(number, Integral) or number < least.get(name, 1)
    ]
    if findings:
        raise CallError(findings)
