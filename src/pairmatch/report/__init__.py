"""What people read: one HTML page about a matching.

::

    pm.report(matching, "report.html")
    pm.report(matching, "report.html", diagnosis=pm.diagnose(matching), uplift=pm.uplift(matching))
"""

from __future__ import annotations

from pairmatch.report.html import render_report, report

__all__ = ["render_report", "report"]
