"""Coaches chosen together with the pairs, against one model of everything."""

from __future__ import annotations

import pytest

from benchmarks.coaches import figures, instance, peer
from pairmatch.solver import solve


@pytest.mark.parametrize(("seed", "slack", "worth"), [(0, 1.1, 1.0), (1, 1.0, 0.3), (2, 0.7, 1.0)])
def test_the_answer_is_that_of_one_model(seed: int, slack: float, worth: float) -> None:
    """At a size that one CP-SAT model can prove, where everybody can have a mentor."""
    problem = instance(16, 3, seed, slack=slack, worth=worth)
    solution = solve(problem)
    assert [proof.gap for proof in solution.tiers] == [0, 0, 0]
    assert "one after the other loses" in figures(solution, 1.0)
    mentees, coached, total = (proof.value for proof in solution.tiers)
    assert mentees == 16
    # The model knows no tiers: it is told how many pairs and coached pairs it must have.
    assert peer(problem, 60, nearest=16, least=(mentees, coached)) == (total, total)
    assert peer(problem, 60, nearest=16, least=(mentees, coached + 1))[0] == 0


def test_the_gap_is_small_at_once() -> None:
    """A hundred pairs and eight coaches: less than a ten-thousandth is left open by prices alone."""
    total = solve(instance(100, 8)).tiers[-1]
    assert (total.verified_bound - total.value) / total.verified_bound < 1e-4
