"""What is found of a few people is what a sweep of all finds of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import pairmatch as pm
from pairmatch.problem import Priced, never
from pairmatch.scoring import fit
from pairmatch.scoring.stating import stated
from pairmatch.scoring.sweep import Sweep
from pairmatch.scoring.workers import Workers

FAR = 2**60


@pytest.mark.parametrize("total", [0, 1, 7])
@pytest.mark.parametrize("bar", [None, 0.5])
def test_of_a_few_people(total: int, bar: float | None) -> None:
    cohort = pm.datasets.synthetic(mentors=60, mentees=80, seed=2)
    policy = replace(pm.datasets.synthetic_policy(), minimum_weight=bar)
    with Workers() as workers:
        built = stated(cohort, policy, fit(cohort, policy), workers, None).built
        problem = built.problem
        sweep = Sweep(built.scorer, built.mentors, built.mentees, problem.loads, workers)
        draw = np.random.default_rng(total)
        u, v = draw.integers(0, 400_000, problem.n_mentors), draw.integers(0, 400_000, problem.n_mentees)
        priced = Priced(max(1, total) * u, max(1, total) * v, total, 0 if total else 500_000)
        ours, theirs = np.array([3, 8, 40]), np.array([0, 5])
        rise = draw.integers(-9, 9, problem.n_mentors), draw.integers(-9, 9, problem.n_mentees)
        some = sweep.touching(priced, (ours, theirs), 1000, never, [rise])
        few = sweep.touching(priced, (ours, theirs), 2, never, [(np.full_like(u, -FAR), np.zeros_like(v))])
    gain = total * problem.weight + priced.pair - priced.mentor_prices[problem.mentor]
    beats = gain - priced.mentee_prices[problem.mentee] > 0
    beats &= np.isin(problem.mentor, ours) | np.isin(problem.mentee, theirs)
    told = beats & (rise[0][problem.mentor] + rise[1][problem.mentee] < 0)
    found = {*zip(some.mentor.tolist(), some.mentee.tolist(), strict=True)}
    assert {*zip(problem.mentor[told].tolist(), problem.mentee[told].tolist(), strict=True)} <= found
    assert found <= {*zip(problem.mentor[beats].tolist(), problem.mentee[beats].tolist(), strict=True)}
    assert some.complete
    assert not few.complete
