"""A deadline may leave a gap; it is then told, and never wrong."""

from __future__ import annotations

import pytest

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
