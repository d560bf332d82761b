"""A programme's life, month by month, many times over: what a plan is worth before anybody lives it.

::

    world = simulate.World.of(cohort, policy)           # everybody who may take part, scored once
    plans = [simulate.Plan(name="again"), simulate.Plan(name="once", rematch=False)]
    year = simulate.run(world, plans, runs=200, seed=1)
    year.differences(against="once")                    # with intervals, under the same fates
"""

from __future__ import annotations

from pairmatch.simulate.calibrating import Calibration, calibrated
from pairmatch.simulate.diary import Diary, diary
from pairmatch.simulate.life import Life
from pairmatch.simulate.measures import MEASURES
from pairmatch.simulate.plan import Plan
from pairmatch.simulate.running import run
from pairmatch.simulate.simulation import Simulation
from pairmatch.simulate.world import World

__all__ = [
    "MEASURES",
    "Calibration",
    "Diary",
    "Life",
    "Plan",
    "Simulation",
    "World",
    "calibrated",
    "diary",
    "run",
]
