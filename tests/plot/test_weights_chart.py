"""The weights beside greedy and random ones: every pair counted once."""

from __future__ import annotations

import pytest

import pairmatch as pm
from pairmatch.plot import weights_chart
from pairmatch.uplift import uplift
from tests.plot.test_charts import records, spec


def test_every_pair_is_in_one_bar() -> None:
    """In each panel; the means stand below the title and as lines."""
    matching = pm.match(pm.datasets.synthetic(mentors=20, mentees=15, seed=3), pm.datasets.synthetic_policy())
    found = uplift(matching, draws=3)
    chart = weights_chart(found)
    counts: dict[str, int] = {}
    for row in records(chart):
        counts[row["method"]] = counts.get(row["method"], 0) + row["pairs"]
    names = ("This matching", "Greedy", "Random")
    assert counts == {
        name: len(found.weights[method]) for name, method in zip(names, found.weights, strict=True)
    }
    subtitle = spec(chart)["title"]["subtitle"][0]
    assert all(f"{mean:.3f}" in subtitle for mean in found.table["mean"])


def test_only_uplifts_are_drawn() -> None:
    """Anything else is refused."""
    with pytest.raises(pm.CallError, match="must be an Uplift"):
        weights_chart((0.1, 0.2))  # type: ignore[arg-type]
