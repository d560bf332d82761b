"""Hypothesis strategies for problems in arrays, and for whole cohorts and policies."""

from __future__ import annotations

from pairmatch.testing.problem_strategies import objectives, problems, weights

__all__ = ["objectives", "problems", "weights"]
