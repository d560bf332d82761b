"""The chart of a frontier: its points as they are in the table."""

from __future__ import annotations

import pytest

import pairmatch as pm
from pairmatch.plot import frontier_chart
from tests.plot.test_charts import records, spec

COHORT = pm.datasets.synthetic(mentors=40, mentees=30, seed=3)
POLICY = pm.datasets.synthetic_policy()


def test_the_points_are_those_of_the_table() -> None:
    """Floors along, totals up; what is kept stands below the title."""
    found = pm.frontier(COHORT, POLICY)
    chart = frontier_chart(found)
    assert [each["floor"] for each in records(chart)] == found.table.floor.tolist()
    assert [each["total"] for each in records(chart)] == found.table.total.tolist()
    title = spec(chart)["title"]
    assert title["text"] == "What a higher floor costs"
    assert "every one keeps" in title["subtitle"][0]


def test_a_frontier_cut_short_says_so() -> None:
    """The time limit is told below the title."""
    chart = frontier_chart(pm.frontier(COHORT, POLICY, time_limit=1e-9))
    assert spec(chart)["title"]["subtitle"][0].endswith("cut short by the time limit")


def test_only_frontiers_are_drawn() -> None:
    """Anything else is refused."""
    with pytest.raises(pm.CallError, match="must be a Frontier"):
        frontier_chart(POLICY)  # type: ignore[arg-type]
