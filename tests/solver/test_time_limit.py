"""A deadline may leave a gap; it is then told, and never wrong."""

from __future__ import annotations

import numpy as np
import pytest

from pairmatch.problem import Loads, Problem
from pairmatch.solver import core, solve
from pairmatch.solver.clock import Clock
from tests.solver.test_against_other_solvers import random_problem


@pytest.mark.parametrize(
    "objective", [("must_match", "mentees", "total"), ("mentees", "worst", "total"), ("mentees", "leximin")]
)
def test_a_deadline_leaves_a_true_gap(objective: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after the first round: values below, bounds above the optimum, and `complete` says so."""
    problem = random_problem(1, 60, 60, share=0.9, objective=objective)
    best = solve(problem)
    monkeypatch.setattr(core, "WORTH_IT", 0)
    monkeypatch.setattr(core, "BEST", 0)
    stopped = solve(problem, time_limit=1e-9)
    assert not stopped.complete
    kept = True
    for cut, whole in zip(stopped.tiers, best.tiers, strict=True):
        # A bound speaks of matchings that give the earlier tiers these values.
        assert cut.value <= cut.bound <= cut.verified_bound
        assert not kept or cut.bound >= whole.value
        kept = kept and cut.value == whole.value


def test_without_a_limit_the_clock_never_stops() -> None:
    """No limit, no deadline."""
    assert Clock().left == float("inf")
    assert not Clock().over
    assert Clock(1e-9).over


def test_a_required_pair_caps_a_floor_that_no_time_was_left_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else can be matched: what the required pair weighs is the bound, and not what is left."""
    one, none = np.ones(1, np.int64), np.zeros(1, np.int64)
    place, pair = np.zeros(1, np.int32), np.zeros((1, 2), np.int64)
    loads = Loads(one, one, none, none, required=pair)
    problem = Problem(place, place, 80 * one, loads, np.ones(1, bool), ("mentees", "worst", "total"))
    monkeypatch.setattr(Clock, "over", property(lambda _: True))
    worst = solve(problem, time_limit=1).tiers[1]
    assert (worst.value, worst.bound) == (80, 80)
