"""The chart of a disturbance frontier: its points as they are in the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.disturbance_frontier import DisturbanceFrontier, disturbance_frontier
from pairmatch.plot.disturbance_chart import disturbance_chart
from tests.plot.test_charts import records, spec

TABLE = pd.DataFrame(
    {
        "moved": [0, 1],
        "total": [3.0, 3.5],
        "gain": [0.0, 0.5],
        "bound": [3.0, 3.75],
        "exact": [True, False],
    }
)
FOUND = DisturbanceFrontier(TABLE, 1, 9, {"mentees": 8}, True)


def told(chart: Any) -> list[str]:
    """The lines below the title."""
    lines: list[str] = spec(chart)["title"]["subtitle"]
    return lines


def test_the_points_are_those_of_the_table() -> None:
    """Further pairs along, totals up; what must end and what is kept stands below the title."""
    cohort = pm.datasets.synthetic(mentors=20, mentees=15, seed=3)
    matching = pm.match(cohort, pm.datasets.synthetic_policy())
    made = matching.made[0]
    found = disturbance_frontier(matching, failed=[(made.mentor, made.mentee)], most=3)
    chart = disturbance_chart(found)
    assert [each["moved"] for each in records(chart)] == [0, 1, 2, 3]
    assert [each["total"] for each in records(chart)] == found.table["total"].tolist()
    assert told(chart)[0].startswith(f"{found.ended} of {len(matching.made) - 1} running pairs must end")
    assert "every point keeps" in told(chart)[0]


def test_what_is_not_proven_is_told() -> None:
    """Below the title, and by a line up to the bound."""
    chart = disturbance_chart(FOUND)
    assert told(chart) == [
        "1 of 9 running pairs must end; every point keeps 8 in mentees",
        "1 point not proven: the dashed line ends at what nothing exceeds",
    ]
    layers = spec(chart)["layer"]
    assert layers[1]["encoding"]["y2"]["field"] == "bound"
    assert layers[1]["transform"] == [{"filter": "!datum.exact"}]
    assert told(disturbance_chart(replace(FOUND, complete=False)))[-1] == "cut short by the time limit"
    assert told(disturbance_chart(replace(FOUND, coverage={})))[0] == "1 of 9 running pairs must end"


def test_only_disturbance_frontiers_are_drawn() -> None:
    """Anything else is refused."""
    with pytest.raises(pm.CallError, match="must be a DisturbanceFrontier"):
        disturbance_chart(TABLE)  # type: ignore[arg-type]
