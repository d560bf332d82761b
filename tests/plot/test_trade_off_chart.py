"""The trade-off as a picture: its points as they are in the table, the matching's own among them."""

from __future__ import annotations

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.plot import trade_off_chart
from pairmatch.trade_off import TradeOff, trade_off
from tests.plot.test_charts import spec


def test_the_points_are_those_of_the_table() -> None:
    """And the diamond stands where the matching is."""
    matching = pm.match(pm.datasets.synthetic(mentors=30, mentees=25, seed=3), pm.datasets.synthetic_policy())
    found = trade_off(matching)
    told = spec(trade_off_chart(found))
    own, points = sorted(told["datasets"].values(), key=len)
    assert [[each["worst"], each["total"]] for each in points] == found.table[
        ["worst", "total"]
    ].values.tolist()
    assert own == [dict(found.chosen)]
    assert told["title"]["subtitle"][0] == f"{len(found.table)} points, each the best there is, proven"


def test_what_is_not_proven_is_told() -> None:
    """Hollow points are counted, a time limit is named; without a matching there is no diamond."""
    table = pd.DataFrame({"worst": [0.1, 0.2], "total": [3.0, 2.0], "gap": [0.0, 0.5]})
    told = spec(trade_off_chart(TradeOff(table, ("total", "worst"), {}, complete=False)))
    assert told["title"]["subtitle"] == [
        "2 points, each the best there is; 1 hollow one is not proven",
        "cut short by the time limit",
    ]
    assert len(told["datasets"]) == 1


def test_only_trade_offs_are_drawn() -> None:
    """Anything else is refused."""
    with pytest.raises(pm.CallError, match="must be a TradeOff"):
        trade_off_chart(pd.DataFrame())  # type: ignore[arg-type]
