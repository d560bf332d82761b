"""Where nothing is asked for, nothing is done: the required pairs alone, where they are as good as any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pairmatch.problem import Problem, Solution
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import tier_value
from pairmatch.solver.hand import places_of, worst_total

__all__ = ["staying"]

UNTOLD = ("leximin", "coached")
"""Tiers whose value does not follow from a sum over pairs."""


def staying(problem: Problem, solution: Solution) -> Solution:
    """The required pairs with the proofs of a solution, where they reach its values; else the solution.

    Parameters
    ----------
    problem
        Its required pairs fit together.
    solution
        An answer to it.
    """
    required = np.flatnonzero(is_required(problem))
    if any(proof.tier in UNTOLD for proof in solution.tiers):
        return solution
    for proof in solution.tiers:
        worst = proof.tier == "worst"
        value = worst_total(problem, required) if worst else tier_value(problem, proof.tier, required)
        if value != proof.value:
            return solution
    return replace(solution, pairs=places_of(problem, required))
