"""Ways round the solver's verb: at most so many running pairs end, or all stay where nothing is gained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pairmatch.problem import Beyond, Problem, Solution

__all__ = ["Limited", "solve_staying"]


class Limited:
    """Solves so that at most so many running pairs end beside those that must.

    Parameters
    ----------
    most
        At least 0.

    Attributes
    ----------
    without_room
        How many must end, because not all of them fit; worked out where the limit may depend on it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.without_room = 0

    def __call__(self, problem: Problem, *, beyond: Beyond | None = None, **work: Any) -> Solution:
        """The best matching within the limit."""
        from pairmatch.solver import solve
        from pairmatch.solver.limited import limited

        solution = solve(problem, beyond=beyond, **work)
        ended = _ended(problem, solution)
        held = tuple(tier for tier in ("held",) if tier in problem.objective)
        if held or ended > self._most:
            keeping = replace(problem, objective=(*held, "kept"))
            self.without_room = _ended(problem, solve(keeping, beyond=beyond, **work))
        most = self.without_room + self._most
        return solution if ended <= most else limited(problem, most, beyond=beyond, **work)


def solve_staying(problem: Problem, *, beyond: Beyond | None = None, **work: Any) -> Solution:
    """The best matching; the required pairs alone where these are as good."""
    from pairmatch.solver import solve, staying

    return staying(problem, solve(problem, beyond=beyond, **work))


def _ended(problem: Problem, solution: Solution) -> int:
    """How many of the running pairs that are not required end."""
    earlier = problem.earlier
    return 0 if earlier is None else len(earlier.pairs) - earlier.kept(*solution.pairs.T)
