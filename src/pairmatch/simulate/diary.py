"""``simulate.diary``: one simulated year as the events and the surveys that a programme would have kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import counted
from pairmatch.simulate.asking import Asked
from pairmatch.simulate.fate import draw
from pairmatch.simulate.life import Life
from pairmatch.simulate.pairing import Remembered
from pairmatch.simulate.plan import Plan
from pairmatch.simulate.world import World
from pairmatch.simulate.year import DONE, FAILED, RUNNING, Year

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Diary", "diary"]

JOINING, STARTING, MEETING, ENDING = 1, 2, 15, 27
"""Days of the month on which things happen."""

REASONS = {DONE: "goals_met", FAILED: "no_chemistry"}
"""Why a pair ended, where it did not because somebody left."""

Row = tuple[datetime.date, str, str, str, str]


@dataclass(frozen=True, eq=False, repr=False)
class Diary:
    """One simulated year as a programme would have kept it. Made by :func:`diary`.

    Attributes
    ----------
    events
        As :meth:`pairmatch.Programme.from_events` reads them: ``date``, ``kind``, ``mentor``, ``mentee``,
        ``reason``, in the order in which they happened.
    outcomes
        As :func:`pairmatch.evaluate` reads them: an answer of the mentee of each pair, ``mentor``,
        ``mentee``, ``by``, ``date``, and ``match_satisfaction`` from 1 to 5, at least 4 where the mentee is
        satisfied.
    """

    events: pd.DataFrame
    outcomes: pd.DataFrame

    def __repr__(self) -> str:
        told = f"{counted(len(self.events), 'event')}, {counted(len(self.outcomes), 'answer')}"
        return f"<Diary of a simulated year: {told}>"


def diary(
    world: World,
    plan: Plan,
    life: Life | None = None,
    *,
    run: int = 0,
    seed: int = 0,
    start: datetime.date | str = "2026-01-01",
) -> Diary:
    """Write one run down as events and surveys, so that everything for real programmes can be tried on it.

    Parameters
    ----------
    world, plan, life
        As for :func:`pairmatch.simulate.run`.
    run, seed
        Which run: the same as the row ``run`` of a simulation of this seed.
    start
        A day of the first month: a date, or text as ``"2026-01-01"``.

    Raises
    ------
    CallError
        If an argument is of the wrong kind or out of its range; all of them at once.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import simulate
    >>> cohort = pm.datasets.synthetic(mentors=30, mentees=20, seed=1)
    >>> world = simulate.World.of(cohort, pm.datasets.synthetic_policy())
    >>> kept = simulate.diary(world, simulate.Plan(name="again"), run=3)
    >>> kept.events["kind"].iloc[[0, -1]].tolist()
    ['joined', 'left']
    """
    import pandas as pd

    first = _check(world, plan, life, run, seed, start)
    assumed = life or Life()
    year = Year(world, assumed, plan, draw(world, assumed, range(run, run + 1), seed), Remembered()).live()
    # The order of equal days is the order of writing, and a sort of days keeps it.
    rows = sorted(
        [*_joined(year, first), *_of_pairs(year, first), *_left(year, first)], key=lambda row: row[0]
    )
    events = pd.DataFrame(rows, columns=["date", "kind", "mentor", "mentee", "reason"])
    return Diary(events, _surveys(year, first))


def _day(first: datetime.date, month: int, day: int) -> datetime.date:
    years, place = divmod(first.month - 1 + month, 12)
    return datetime.date(first.year + years, place + 1, day)


def _joined(year: Year, first: datetime.date) -> Iterator[Row]:
    """Everybody comes on the first day of a month."""
    for mentors, names, side in _sides(year):
        for who, month in enumerate(side.joins[0].tolist()):
            if month < year.life.months:
                yield (_day(first, month, JOINING), "joined", *_alone(mentors, names[who]), "")


def _left(year: Year, first: datetime.date) -> Iterator[Row]:
    """Who leaves does so near the end of a month; so do those who are done for good."""
    retired = _retired(year)
    for mentors, names, side in _sides(year):
        for who, month in enumerate(side.until[0].tolist()):
            last = min(month, retired.get(who, month)) if mentors else month
            if last < year.life.months:
                yield (_day(first, last, ENDING), "left", *_alone(mentors, names[who]), "")


def _retired(year: Year) -> dict[int, int]:
    """The mentors who want no other mentee, and the month in which their last pair ended."""
    last: dict[int, int] = {}
    for _, pair, _, until, _, how in year.pairs.tolist():
        mentor = int(year.world.problem.mentor[pair])
        month = year.life.months if how == RUNNING else until
        last[mentor] = max(month, last.get(mentor, month))
    return {mentor: month for mentor, month in last.items() if year.retired[0, mentor]}


def _of_pairs(year: Year, first: datetime.date) -> Iterator[Row]:
    """Pairs are proposed, start and meet; those that end with nobody leaving end with a reason."""
    problem = year.world.problem
    for _, pair, since, until, _, how in year.pairs.tolist():
        mentor, mentee = int(problem.mentor[pair]), int(problem.mentee[pair])
        names = year.world.mentors[mentor], year.world.mentees[mentee]
        yield (_day(first, since, JOINING), "proposed", *names, "")
        yield (_day(first, since, STARTING), "started", *names, "")
        for month in np.flatnonzero(year.meets[0, mentee, since : until + 1]).tolist():
            yield (_day(first, since + month, MEETING), "met", *names, "")
        if how in REASONS:
            yield (_day(first, until, ENDING), "ended", *names, REASONS[how])


def _sides(year: Year) -> tuple[tuple[bool, tuple[str, ...], Any], ...]:
    """Whether they are mentors, names, state."""
    return (True, year.world.mentors, year.mentors), (False, year.world.mentees, year.mentees)


def _alone(mentor: bool, name: str) -> tuple[str, str]:
    return (name, "") if mentor else ("", name)


def _surveys(year: Year, first: datetime.date) -> pd.DataFrame:
    """Each mentee is asked when the pair ends, or the year."""
    import pandas as pd

    run, pair, _, until, *_ = year.pairs.T
    problem = year.world.problem
    rating = np.clip(np.ceil(year.said(run, pair)) + 3, 1, 5).astype(np.int64)
    return pd.DataFrame(
        {
            "mentor": [year.world.mentors[place] for place in problem.mentor[pair]],
            "mentee": [year.world.mentees[place] for place in problem.mentee[pair]],
            "by": "mentee",
            "date": [_day(first, month, ENDING) for month in until.tolist()],
            "match_satisfaction": rating,
        }
    )


def _check(
    world: object, plan: object, life: object, run: object, seed: object, start: object
) -> datetime.date:
    asked = Asked("diary")
    asked.kind("world", world, World, "a World, as World.of(cohort, policy) makes it")
    asked.kind("plan", plan, Plan, "a Plan")
    if life is not None:
        asked.kind("life", life, Life, "a Life, or None")
    asked.whole("run", run, 0)
    asked.whole("seed", seed, 0, 2**63 - 1)
    first = _date(start)
    if first is None:
        asked.refuse("start", "'start' must be a date, or text as '2026-01-01'.")
    asked.done()
    return first or datetime.date.min


def _date(start: object) -> datetime.date | None:
    """The day that was meant; None where it is none."""
    if isinstance(start, datetime.datetime):
        day = start.date()
        # The missing date of a frame has no date, and is still one of these.
        return None if isinstance(day, datetime.datetime) else day
    if isinstance(start, datetime.date):
        return start
    try:
        return datetime.date.fromisoformat(start)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
