"""The best matching so far, by the whole objective."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import MINIMUMS, Ints, Problem
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import tier_value

__all__ = ["Hand", "places_of", "worst_total"]


class Hand:
    """Keeps the best of the matchings it is offered; at first, the required pairs alone.

    Attributes
    ----------
    pairs
        Indices of its pairs, ascending.
    """

    def __init__(self, problem: Problem) -> None:
        self.pairs: NDArray[np.intp] = np.flatnonzero(is_required(problem))
        self._worth = worth(problem, self.pairs)

    def offer(self, problem: Problem, pairs: NDArray[np.intp]) -> None:
        """Take these pairs unless those in hand are better; between equals the newer ones."""
        offered = worth(problem, pairs)
        if offered >= self._worth:
            self.pairs, self._worth = pairs, offered


def worth(problem: Problem, pairs: NDArray[np.intp]) -> list[int]:
    """Filled places of minimums, then the value of each tier, in the objective's order."""
    values = [tier_value(problem, MINIMUMS, pairs)]
    for tier in problem.objective:
        values.append(worst_total(problem, pairs) if tier == "worst" else tier_value(problem, tier, pairs))
    return values


def worst_total(problem: Problem, pairs: NDArray[np.intp]) -> int:
    """Smallest total of any matched mentee; 0 where nobody is matched."""
    total = np.zeros(problem.n_mentees, np.int64)
    np.add.at(total, problem.mentee[pairs], problem.weight[pairs])
    matched = np.bincount(problem.mentee[pairs], minlength=problem.n_mentees) > 0
    return int(total[matched].min()) if matched.any() else 0


def places_of(problem: Problem, pairs: NDArray[np.intp]) -> Ints:
    """Positions of pairs, mentor first; sorted."""
    chosen = np.stack([problem.mentor[pairs], problem.mentee[pairs]], axis=1).astype(np.int64)
    ordered: Ints = chosen[np.lexsort((chosen[:, 1], chosen[:, 0]))]
    return ordered
