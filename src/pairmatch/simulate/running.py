"""``simulate.run``: the same years under several plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.problem import Progress, Report
from pairmatch.simulate.asking import Asked
from pairmatch.simulate.fate import draw
from pairmatch.simulate.life import Life
from pairmatch.simulate.measures import measured
from pairmatch.simulate.pairing import Remembered
from pairmatch.simulate.plan import Plan
from pairmatch.simulate.simulation import Simulation
from pairmatch.simulate.world import World
from pairmatch.simulate.year import COUNTS, ENDS, Year

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["run"]

LOT_PAIRS = 500_000
"""Eligible pairs of the runs that are lived through side by side, about."""

MOST_RUNS = 100_000

Tables = dict[str, "pd.DataFrame"]


def run(
    world: World,
    plans: Plan | Sequence[Plan],
    life: Life | None = None,
    *,
    runs: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Report | None = None,
) -> Simulation:
    """Simulate a programme's year many times under each of several plans, with the same fates.

    Parameters
    ----------
    world
        The people, as ``World.of(cohort, policy)`` makes it.
    plans
        How the programme is run; their names differ.
    life
        The assumptions; None for the defaults.
    runs
        How many years to simulate under each plan, at least 1.
    seed
        At least 0. The same arguments give the same answer, and a run is the same among few or many.
    executor
        Where runs are simulated, in lots; None: here. A ``ProcessPoolExecutor`` uses more than one core.
    progress
        Called with a :class:`pairmatch.Progress` after each lot of runs.

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
    >>> plans = [simulate.Plan(name="again"), simulate.Plan(name="once", rematch=False)]
    >>> year = simulate.run(world, plans, runs=40, seed=1)
    >>> gain = year.differences(against="once").set_index("measure")
    >>> bool(gain.loc["sessions", "low"] > 0)
    True
    """
    listed = (plans,) if isinstance(plans, Plan) else tuple(plans) if isinstance(plans, Iterable) else ()
    _check(world, listed, life, runs=runs, seed=seed)
    assumed = life or Life()
    size = max(1, min(50, LOT_PAIRS // len(world.problem.weight)))
    lots = [range(start, min(start + size, runs)) for start in range(0, runs, size)]
    task = partial(_lot, world, listed, assumed, seed=seed)
    tables = []
    for done, lot in enumerate((map if executor is None else executor.map)(task, lots), 1):
        tables.append(lot)
        if progress is not None:
            progress(Progress("simulating", done, len(lots)))
    return Simulation(**_together(tables, listed), plans=listed, life=assumed, seed=seed)


def _lot(world: World, plans: Sequence[Plan], life: Life, runs: range, *, seed: int) -> list[Tables]:
    """The tables of some runs, plan by plan."""
    fates = draw(world, life, runs, seed)
    known = {plan.matching: Remembered() for plan in plans}
    years = (Year(world, life, plan, fates, known[plan.matching]).live() for plan in plans)
    return [_tables(year, runs.start) for year in years]


def _tables(year: Year, first: int) -> Tables:
    """One lot of one plan, as it stands in the tables."""
    import pandas as pd

    name, months = year.plan.name, year.life.months
    runs = first + np.arange(year.runs)
    counts = dict(zip(COUNTS, year.counts.reshape(len(COUNTS), -1), strict=True))
    whose, month = np.repeat(runs, months), np.tile(np.arange(months), year.runs)
    run_, pair, since, until, held, how = year.pairs[np.lexsort(year.pairs.T[1::-1])].T
    problem = year.world.problem
    pairs = {
        "mentor": np.array(year.world.mentors, object)[problem.mentor[pair]],
        "mentee": np.array(year.world.mentees, object)[problem.mentee[pair]],
        "first": since,
        "last": until,
        "sessions": held,
        "ended": np.array(ENDS, object)[how],
    }
    return {
        "runs": pd.DataFrame({"plan": name, "run": runs, **measured(year)}),
        "months": pd.DataFrame({"plan": name, "run": whose, "month": month, **counts}),
        "pairs": pd.DataFrame({"plan": name, "run": first + run_, **pairs}),
    }


def _together(lots: list[list[Tables]], plans: Sequence[Plan]) -> Any:
    """The tables of all lots, plan by plan."""
    import pandas as pd

    in_order = [lot[place] for place in range(len(plans)) for lot in lots]
    return {name: pd.concat([part[name] for part in in_order], ignore_index=True) for name in in_order[0]}


def _check(world: object, plans: Sequence[object], life: object, **numbers: Any) -> None:
    asked = Asked("simulate")
    asked.kind("world", world, World, "a World, as World.of(cohort, policy) makes it")
    names = [plan.name for plan in plans if isinstance(plan, Plan)]
    if not plans or len(names) < len(plans):
        asked.refuse("plans", "'plans' must be a Plan, or several of them.")
    elif len(set(names)) < len(names):
        asked.refuse("plans", "two plans share a name; give each its own, as its figures are found by it.")
    if life is not None:
        asked.kind("life", life, Life, "a Life, or None")
    asked.whole("runs", numbers["runs"], 1, MOST_RUNS)
    asked.whole("seed", numbers["seed"], 0, 2**63 - 1)
    asked.done()
