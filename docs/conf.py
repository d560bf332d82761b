"""How Sphinx shows these pages: `make docs`."""

from __future__ import annotations

project = "pairmatch"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "pairmatch"
exclude_patterns = ["_build"]
suppress_warnings = [
    "misc.highlighting_failure",  # the info strings of tests/docs/pages.py: ```output, ```toml policy.toml
    "myst.xref_missing",  # links to files outside docs/, which tests/docs checks
]
