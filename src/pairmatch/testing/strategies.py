"""Hypothesis strategies for problems in arrays, and for whole cohorts and policies.

- `problems`: matching problems in arrays, for the solver alone.
- `cohorts`, `tables`: people, checked, and as the raw tables that they came from.
- `policies`, `cases`: policies, and cohorts each with a policy that fits it.
"""

from __future__ import annotations

from pairmatch.testing.policy_strategies import Case, cases, policies
from pairmatch.testing.problem_strategies import objectives, problems, weights
from pairmatch.testing.table_strategies import cohorts, reorderings, tables
from pairmatch.testing.tables import Column, Tables

__all__ = [
    "Case",
    "Column",
    "Tables",
    "cases",
    "cohorts",
    "objectives",
    "policies",
    "problems",
    "reorderings",
    "tables",
    "weights",
]
