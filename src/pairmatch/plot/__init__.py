"""Pictures, made with altair: of scores, matchings, groups, re-matches and what might be.

::

    scores = pm.score(cohort, policy)
    pm.plot.heat_map(scores).save("weights.png")
    pm.plot.contribution_bars(scores, mentee="e17")
    pm.plot.group_chart(matching)                       # spread: applied, aimed at, matched
    pm.plot.flow_chart(matching)                        # between departments
    pm.plot.load_chart(matching)
    pm.plot.weights_chart(pm.uplift(matching))          # against greedy and random
    pm.plot.trade_off_chart(pm.trade_off(matching))
    pm.plot.frontier_chart(pm.frontier(cohort, policy))
    pm.plot.changes_chart(pm.rematch(matching, failed=[("m3", "e17")]))
    pm.plot.disturbance_chart(pm.disturbance_frontier(matching, failed=[("m3", "e17")]))
"""

from __future__ import annotations

from pairmatch.plot.changes_chart import changes_chart
from pairmatch.plot.charts import contribution_bars, heat_map
from pairmatch.plot.disturbance_chart import disturbance_chart
from pairmatch.plot.flow_chart import flow_chart
from pairmatch.plot.frontier_chart import frontier_chart
from pairmatch.plot.group_chart import group_chart
from pairmatch.plot.load_chart import load_chart
from pairmatch.plot.trade_off_chart import trade_off_chart
from pairmatch.plot.weights_chart import weights_chart

__all__ = [
    "changes_chart",
    "contribution_bars",
    "disturbance_chart",
    "flow_chart",
    "frontier_chart",
    "group_chart",
    "heat_map",
    "load_chart",
    "trade_off_chart",
    "weights_chart",
]
