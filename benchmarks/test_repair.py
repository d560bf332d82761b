"""The repairs' cohorts and table, on a small one."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import repair
from benchmarks.factors import cohort
from pairmatch.problem import Priced
from pairmatch.solver import solve
from pairmatch.solver.repair import in_hand


def test_a_repair_agrees_with_solving_anew() -> None:
    problem, factors = cohort(60, 120)
    solution = solve(problem, beyond=factors)
    assert repair.agrees(problem, factors, solution, in_hand(problem, solution, factors)[0])


def test_sweeps_of_some_people_find_what_whole_ones_find() -> None:
    _, factors = cohort(30, 50)
    draw = np.random.default_rng(1)
    priced = Priced(draw.integers(0, 4000, 30), draw.integers(0, 4000, 50), 1, 0)
    every = factors.beating(priced, 50, lambda: False)
    ours, theirs = np.array([3, 7]), np.array([5])
    nothing = np.full(30, -1), np.zeros(50, np.int64)
    some = factors.touching(priced, (ours, theirs), 50, lambda: False, [nothing])
    own = np.isin(every.mentor, ours) | np.isin(every.mentee, theirs)
    np.testing.assert_array_equal(every.mentor[own], some.mentor)
    np.testing.assert_array_equal(every.mentee[own], some.mentee)
    assert some.complete


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    repair.main(["60", "120", "--single", "5"])
    printed = capsys.readouterr().out
    for name in ("one failed", "a mentee leaves", "a mentor leaves", "1% failed", "5% failed"):
        assert name in printed
