"""Synthetic cohorts of any size: a company of fictional people, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.datasets import people, tastes, vitals, wishes
from pairmatch.datasets.company import Company, company
from pairmatch.datasets.frames import Frames
from pairmatch.datasets.knobs import Knobs
from pairmatch.errors import CallError, Finding

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["synthetic", "synthetic_frames", "synthetic_policy", "synthetic_policy_text"]

MOST_PEOPLE = 10_000_000
"""On one side; far more than any programme has."""

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
    "hobbies": tastes.hobbies,
    "past_functions": tastes.past_functions,
    **{field: partial(vitals.style, field) for field in vitals.STYLES},
    "hours": people.hours,
    "active": people.active,
    **{field: partial(people.confirmed, field) for field in people.YES},
    "trained_for": tastes.trained_for,
    "age": vitals.age,
    "gender": vitals.gender,
    "tenure": vitals.tenure,
}
MENTORS_ONLY: Mapping[str, Column] = {
    "topics_offered": tastes.topics_offered,
    "wants_back": partial(tastes.returned, "wants_back"),
    "reference_rating": vitals.reference_rating,
    "communication_rating": vitals.communication_rating,
    "capacity": people.capacity,
}
MENTEES_ONLY: Mapping[str, Column] = {
    "topics_wanted": tastes.topics_wanted,
    "offers_back": partial(tastes.returned, "offers_back"),
    "must_match": people.must_match,
}


def synthetic_frames(
    *,
    mentors: int,
    mentees: int,
    seed: int = 0,
    herding: float = 0.3,
    ties: float = 0.0,
    eligibility: float | None = None,
    missing: float | None = None,
) -> Frames:
    """Tables of a fictional company in which juniors mentor their seniors.

    A tree of managers under one chief executive (the first mentee), all of them in the tables; departments
    of very different sizes; offices in many time zones; level, age, tenure, gender and hobbies after
    published figures and going together as those do; topics that suit function, age and level; wishes of
    both sides, a few vetoes and earlier pairs; some data missing, as everywhere.

    Parameters
    ----------
    mentors
        Number of mentors, 1 to 10,000,000; levels 1 to 4, mostly 1 to 3. Ten times as many mentors as
        mentees are about a whole company.
    mentees
        Number of mentees, 1 to 10,000,000; levels 4 to 6 and the chief executive on 7.
    seed
        >= 0. The same arguments give the same tables.
    herding
        0 to 1: how far wishes gather on a few star mentors, and the topics in demand with them.
    ties
        0 to 1: which share of the people gives the standard answers instead of their own (topics, hobbies,
        scales, office and so on), so that many pairs weigh the same; wishes become coarse as well, and at 1
        all of them are first choices.
    eligibility
        0 to 1: about which share of the pairs of active people :func:`synthetic_policy` allows, as near as a
        company of that size can come; None for a company as it comes, with about two thirds.
    missing
        0 to 1: which share is missing of the cells that people fill in about themselves; None for the usual
        gaps of 1 to 15 percent. Department, level, team, manager and the like are never missing.

    Returns
    -------
    Frames
        The tables.

    Raises
    ------
    CallError
        If a number is out of its range; all of them at once.

    Examples
    --------
    >>> import pairmatch as pm
    >>> frames = pm.datasets.synthetic_frames(mentors=30, mentees=12, seed=7, missing=0.2)
    >>> len(frames.mentors), len(frames.mentees), sorted(frames.preferences["by"].unique())
    (30, 12, ['mentee', 'mentor'])
    """
    import pandas as pd

    knobs = Knobs(herding, ties, eligibility, missing)
    _check(knobs, mentors=mentors, mentees=mentees, seed=seed)
    skeleton = company(mentors, mentees, seed, knobs)
    juniors, seniors = slice(None, mentors), slice(mentors, None)
    columns = {name: column(skeleton) for name, column in BOTH_SIDES.items()}
    mentor_columns = {name: column(skeleton) for name, column in MENTORS_ONLY.items()}
    mentee_columns = {name: column(skeleton) for name, column in MENTEES_ONLY.items()}
    wished = wishes.preferences(skeleton)
    return Frames(
        pd.DataFrame({name: _series(c[juniors]) for name, c in (columns | mentor_columns).items()}),
        pd.DataFrame({name: _series(c[seniors]) for name, c in (columns | mentee_columns).items()}),
        preferences=wished,
        vetoes=wishes.vetoes(skeleton, wished),
        history=wishes.history(skeleton),
    )


def synthetic(
    *,
    mentors: int,
    mentees: int,
    seed: int = 0,
    herding: float = 0.3,
    ties: float = 0.0,
    eligibility: float | None = None,
    missing: float | None = None,
) -> Cohort:
    """The cohort of :func:`synthetic_frames`, which says what the parameters mean.

    Examples
    --------
    >>> import pairmatch as pm
    >>> pm.datasets.synthetic(mentors=30, mentees=12, seed=7).shape
    (30, 12)
    """
    from pairmatch.cohort import Cohort

    frames = synthetic_frames(
        mentors=mentors,
        mentees=mentees,
        seed=seed,
        herding=herding,
        ties=ties,
        eligibility=eligibility,
        missing=missing,
    )
    return Cohort(
        frames.mentors,
        frames.mentees,
        org=frames.org,
        history=frames.history,
        preferences=frames.preferences,
        vetoes=frames.vetoes,
    )


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


def _check(knobs: Knobs, **numbers: object) -> None:
    """Every count is a whole number and large enough, every knob in its range."""
    hints = {name: _miscounted(name, number) for name, number in numbers.items()}
    findings = [Finding("bad_argument", hint, column=name) for name, hint in hints.items() if hint]
    if findings or knobs.findings:
        raise CallError([*findings, *knobs.findings])


def _miscounted(name: str, number: object) -> str:
    """What is wrong with a number of people, or a seed; empty where nothing is."""
    least = 0 if name == "seed" else 1
    if isinstance(number, bool) or not isinstance(number, Integral) or number < least:
        return f"give a whole number, at least {least}"
    fits = name == "seed" or number <= MOST_PEOPLE
    return "" if fits else f"give a whole number, at most {MOST_PEOPLE:,}"
