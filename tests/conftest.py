"""Hypothesis profiles; HYPOTHESIS_PROFILE chooses one.

dev    quick, other examples each time: at the desk
ci     the same examples on every machine: `make test`
proof  many, other examples each time: `make proof`
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}

settings.register_profile("dev", max_examples=40, **_PATIENT)
settings.register_profile(
    "ci", max_examples=100, derandomize=True, database=None, print_blob=True, **_PATIENT
)
settings.register_profile("proof", max_examples=1000, print_blob=True, **_PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
