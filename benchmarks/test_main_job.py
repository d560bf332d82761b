"""From two CSV files to a verified matching."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import pairmatch as pm


@pytest.mark.parametrize("size", [500, 2000], indirect=True)
def test_files_to_verified_matching(benchmark: Any, size: int, tmp_path: Path) -> None:
    """Read, match, verify; proven optimal."""
    pm.datasets.synthetic_frames(mentors=size, mentees=size, seed=1).write(tmp_path)
    policy = pm.datasets.synthetic_policy()

    def job() -> pm.Matching:
        cohort = pm.Cohort.read(tmp_path / "mentors.csv", tmp_path / "mentees.csv")
        matching = pm.match(cohort, policy)
        pm.verify(matching, cohort, policy)
        return matching

    matching = benchmark.pedantic(job, rounds=3)
    assert matching.certificate.gap == 0
    assert len(matching.pairs) > 0


@pytest.mark.parametrize("size", [500, 2000], indirect=True)
def test_scores(benchmark: Any, size: int) -> None:
    """Weights of all pairs."""
    cohort = pm.datasets.synthetic(mentors=size, mentees=size, seed=1)
    scores = benchmark.pedantic(pm.score, (cohort, pm.datasets.synthetic_policy()), rounds=3)
    assert 0 < scores.n_eligible < size * size
