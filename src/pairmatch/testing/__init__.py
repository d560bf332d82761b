"""Public helpers for testing matchings, and rules and goals of one's own.

- ``pairmatch.testing`` itself: the brute-force oracle, the greedy baseline and the plain referee.
- ``pairmatch.testing.strategies``: Hypothesis strategies for problems, cohorts and policies.
- ``pairmatch.testing.contracts``: test classes to inherit for a rule or goal.

The last two need ``hypothesis``; nothing here uses the solver.
"""

from __future__ import annotations

from pairmatch.testing.baseline import classify, greedy_problem
from pairmatch.testing.oracle import Best, brute_force_problem
from pairmatch.testing.referee import faults, tier_values
from pairmatch.testing.reference import Stated, brute_force, reference_fit, reference_problem

__all__ = [
    "Best",
    "Stated",
    "brute_force",
    "brute_force_problem",
    "classify",
    "faults",
    "greedy_problem",
    "reference_fit",
    "reference_problem",
    "tier_values",
]
