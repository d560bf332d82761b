"""Hypothesis strategies for problems in arrays, and for whole cohorts and policies."""

from __future__ import annotations

from pairmatch.testing.problem_strategies import objectives, problems, weights
from pairmatch.testing.table_strategies import cohorts, reorderings, tables
from pairmatch.testing.tables import Column, Tables

__all__ = ["Column", "Tables", "cohorts", "objectives", "problems", "reorderings", "tables", "weights"]
