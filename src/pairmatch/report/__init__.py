"""What people read and look at: one HTML page about a matching, charts of scores and of groups.

::

    scores = pm.score(cohort, policy)
    pm.report.heat_map(scores).save("weights.png")
    pm.report.contribution_bars(scores, mentee="e17")
    pm.report.group_chart(matching)
    pm.report.frontier_chart(pm.frontier(cohort, policy))
    pm.report.changes_chart(pm.rematch(matching, failed=[("m3", "e17")]))
    pm.report.disturbance_chart(pm.disturbance_frontier(matching, failed=[("m3", "e17")]))
"""

from __future__ import annotations

from pairmatch.report.changes_chart import changes_chart
from pairmatch.report.charts import contribution_bars, heat_map
from pairmatch.report.disturbance_chart import disturbance_chart
from pairmatch.report.frontier_chart import frontier_chart
from pairmatch.report.group_charts import group_chart
from pairmatch.report.html import render_report, write_report

__all__ = [
    "changes_chart",
    "contribution_bars",
    "disturbance_chart",
    "frontier_chart",
    "group_chart",
    "heat_map",
    "render_report",
    "write_report",
]
