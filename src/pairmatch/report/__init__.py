"""What people read: one HTML page about a matching."""

from __future__ import annotations

from pairmatch.report.html import render_report, write_report

__all__ = ["render_report", "write_report"]
