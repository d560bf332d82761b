"""What people read and look at: one HTML page about a matching, and charts of scores.

::

    scores = pm.score(cohort, policy)
    pm.report.heat_map(scores).save("weights.png")
    pm.report.contribution_bars(scores, mentee="e17")
"""

from __future__ import annotations

from pairmatch.report.charts import contribution_bars, heat_map
from pairmatch.report.html import render_report, write_report

__all__ = ["contribution_bars", "heat_map", "render_report", "write_report"]
