"""Small cases in smoke mode, real ones when measuring."""

from __future__ import annotations

import pytest


@pytest.fixture
def size(request: pytest.FixtureRequest) -> int:
    """People per side: the parameter when measuring, at most 30 in smoke mode."""
    measuring = request.config.getoption("--benchmark-enable")
    return int(request.param) if measuring else min(30, int(request.param))
