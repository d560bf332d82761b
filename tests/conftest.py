"""Hypothesis profiles; HYPOTHESIS_PROFILE chooses one.

dev    quick, other examples each time: at the desk
ci     the same examples on every machine: `make test`
proof  many, other examples each time: `make proof`
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from coverage import Coverage

_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}

settings.register_profile("dev", max_examples=40, **_PATIENT)
settings.register_profile(
    "ci", max_examples=100, derandomize=True, database=None, print_blob=True, **_PATIENT
)
settings.register_profile("proof", max_examples=1000, print_blob=True, **_PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Run a test marked `untraced` without measuring coverage, here and in processes that it starts."""
    measured = _measuring() if item.get_closest_marker("untraced") else None
    if measured is None:
        return (yield)
    told = {name: os.environ.pop(name) for name in TOLD if name in os.environ}
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()
        os.environ.update(told)


TOLD = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
"""How a process knows that coverage is to be measured in it."""


def _measuring() -> Coverage | None:
    """Coverage as it is being measured here; None where it is not."""
    module = sys.modules.get("coverage")
    return None if module is None else module.Coverage.current()
