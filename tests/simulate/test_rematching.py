"""The rounds inside a simulated year are those of `pm.rematch`, month after month."""

from __future__ import annotations

import numpy as np
import pytest

import pairmatch as pm
from pairmatch.simulate import Life, Plan, World
from pairmatch.simulate.fate import draw
from pairmatch.simulate.pairing import Remembered
from pairmatch.simulate.year import FAILED, RUNNING, Year

RESTLESS = Life(
    months=5,
    sessions=20,
    mentor_leaving=0.5,
    mentee_leaving=0.4,
    failing=0.15,
    drifting=0,
    stepping_back=0,
    insight=0.5,
)
"""A year in which much happens, and nothing that a re-match is not told of."""

Pairs = set[tuple[str, str]]


def told(year: Year, numbers: np.ndarray) -> Pairs:
    """Pairs by ids, from their numbers."""
    problem = year.world.problem
    return {
        (year.world.mentors[problem.mentor[pair]], year.world.mentees[problem.mentee[pair]])
        for pair in numbers
    }


def leavers(year: Year, month: int) -> list[tuple[str, str]]:
    """Side and id of everybody who left at the end of a month."""
    sides = (("mentors", year.world.mentors, year.mentors), ("mentees", year.world.mentees, year.mentees))
    return [(name, ids[who]) for name, ids, side in sides for who in np.flatnonzero(side.until[0] == month)]


@pytest.mark.parametrize("seed", range(4))
def test_each_round_is_the_re_match(seed: int) -> None:
    """Told who failed and who left, month by month, `pm.rematch` makes the very pairs of the simulation."""
    cohort = pm.datasets.synthetic(mentors=24, mentees=20, seed=seed)
    policy = pm.datasets.synthetic_policy()
    world = World.of(cohort, policy)
    fates = draw(world, RESTLESS, range(1), seed)
    year = Year(world, RESTLESS, Plan(name="again"), fates, Remembered()).live()
    _, pair, first, last, _, how = year.pairs.T
    matching = pm.match(cohort, policy)
    changed = 0
    for month in range(RESTLESS.months):
        running = told(year, pair[(first <= month) & ((last >= month) | (how == RUNNING))])
        assert set(matching.pairs[["mentor", "mentee"]].itertuples(index=False, name=None)) == running
        failed = told(year, pair[(last == month) & (how == FAILED)])
        left = leavers(year, month)
        changed += len(failed) + len(left)
        matching = pm.rematch(matching, failed=sorted(failed), left=left)
    assert changed > 10
