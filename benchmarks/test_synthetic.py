"""A synthetic company of 100,000 people: its tables, and the cohort made of them."""

from __future__ import annotations

import resource
from typing import Any

import pytest

import pairmatch as pm


@pytest.mark.parametrize("size", [60_000], indirect=True)
def test_synthetic_tables(benchmark: Any, size: int) -> None:
    """People, wishes, vetoes and earlier pairs; three mentors for two mentees."""
    frames = benchmark.pedantic(
        pm.datasets.synthetic_frames, kwargs={"mentors": size, "mentees": size * 2 // 3, "seed": 1}
    )
    _tell_memory(benchmark)
    assert (len(frames.mentors), len(frames.mentees)) == (size, size * 2 // 3)
    assert len(frames.preferences) > size


@pytest.mark.parametrize("size", [60_000], indirect=True)
def test_synthetic_cohort(benchmark: Any, size: int) -> None:
    """Tables and cohort together: everything checked, coded and ready for rules and goals."""
    cohort = benchmark.pedantic(
        pm.datasets.synthetic, kwargs={"mentors": size, "mentees": size * 2 // 3, "seed": 1}
    )
    _tell_memory(benchmark)
    assert cohort.shape == (size, size * 2 // 3)
    assert set(cohort.notes["code"]) <= {"all_blank"}


def _tell_memory(benchmark: Any) -> None:
    """The process's peak so far, in MB: run one benchmark alone to have its own."""
    benchmark.extra_info["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
