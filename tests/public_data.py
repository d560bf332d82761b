"""Public data sets that are not the project's to ship; tests that need them are skipped without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.source import ROOT

DATA = Path(os.environ.get("PAIRMATCH_DATA", ROOT.parent / "shared" / "data"))


def folder(name: str) -> Path:
    """A folder of public data, or the test is skipped."""
    if not (DATA / name).is_dir():
        pytest.skip(f"the public data set {name} is not at hand; set PAIRMATCH_DATA to where it is")
    return DATA / name
