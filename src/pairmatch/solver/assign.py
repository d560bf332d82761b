"""``pairmatch.assign``: the solver core for systems that bring their own weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pairmatch.errors import amount, counted
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS, Ints, Loads, Problem, Report, Solution, TierProof
from pairmatch.solver.requests import Request
from pairmatch.solver.solving import solve

if TYPE_CHECKING:
    from scipy.sparse import sparray, spmatrix


@dataclass(frozen=True, eq=False, repr=False)
class Assignment:
    """An assignment and its proof, in positions.

    Attributes
    ----------
    pairs
        int64 ``(n_pairs, 2)``: mentor position, mentee position; sorted.
    objective
        Tiers, most important first.
    values, bounds, gaps
        One per tier (law §9): counts for people and pairs; weight for ``worst``, ``leximin`` and
        ``total``. ``gap = (bound - value) / max(|bound|, one unit)``.
    verified_bounds
        Per tier, the best bound that weights and prices alone prove.
    kinds
        Per tier, the kind of proof: ``"prices"``, ``"cut"`` or ``"search"``.
    mentor_prices, mentee_prices
        Per tier, an array of prices in the unit of the tier.
    levels
        With ``"leximin"``: total weight of each matched mentee, ascending.
    complete
        False where a time limit cut the search short.
    """

    pairs: Ints
    objective: tuple[str, ...]
    values: tuple[float, ...]
    bounds: tuple[float, ...]
    gaps: tuple[float, ...]
    verified_bounds: tuple[float, ...]
    kinds: tuple[str, ...]
    mentor_prices: tuple[NDArray[np.float64], ...]
    mentee_prices: tuple[NDArray[np.float64], ...]
    levels: tuple[float, ...]
    complete: bool

    @property
    def gap(self) -> float:
        """The largest gap of all tiers."""
        return max(self.gaps)

    def __repr__(self) -> str:
        told = ", ".join(
            f"{tier} {amount(value)}" for tier, value in zip(self.objective, self.values, strict=True)
        )
        proof = "proven optimal" if self.gap == 0 else f"gap {self.gap:.2%}"
        return f"<Assignment of {counted(len(self.pairs), 'pair')}: {told}; {proof}>"


def assign(
    weights: ArrayLike | spmatrix | sparray,
    mentor_capacity: ArrayLike = 1,
    mentee_capacity: ArrayLike = 1,
    *,
    mentor_minimum: ArrayLike = 0,
    mentee_minimum: ArrayLike = 0,
    hours: ArrayLike | None = None,
    mentor_hours: ArrayLike | None = None,
    must_match: ArrayLike | None = None,
    objective: Sequence[str] = ("mentees", "total"),
    time_limit: float | None = None,
    resolution: float = 1 / RESOLUTION,
    progress: Report | None = None,
) -> Assignment:
    """Assign mentors to mentees by ready weights: exact, lexicographic, proven.

    Parameters
    ----------
    weights
        ``(n_mentors, n_mentees)`` numbers, NaN (or masked) = not allowed; or a scipy.sparse matrix, in
        which an absent entry is not allowed and a stored zero is, and entries of one pair are added up.
    mentor_capacity, mentee_capacity
        Most pairs per person: one integer >= 0 for all, or one per person.
    mentor_minimum, mentee_minimum
        Fewest pairs per person; hard.
    hours
        Hours that a pair costs its mentor: one number, one per mentee, or ``(n_mentors, n_mentees)``.
        Counted to 1/100 hour, rounded up. At most 1e9.
    mentor_hours
        Hours each mentor has: one number or one per mentor. Given together with ``hours``.
    must_match
        bool per mentee, for the tier ``"must_match"``; nobody when absent.
    objective
        Tiers, most important first: ``"must_match"``, ``"mentees"``, ``"mentors"``, ``"pairs"``,
        ``"worst"``, ``"leximin"``, ``"total"`` (law §6).
    time_limit
        Seconds, > 0. A limit may leave a gap, which is then reported.
    resolution
        Weights are rounded to the nearest multiple of this (> 0) before anything else.
    progress
        Called with a :class:`~pairmatch.problem.Progress` now and then.

    Returns
    -------
    Assignment

    Raises
    ------
    CallError
        The arguments cannot be used; every problem is named.
    InfeasibleError
        Minimums and hours leave no valid assignment.
    NoSolutionError
        The time limit ended before a valid assignment was found.

    Examples
    --------
    >>> import numpy as np
    >>> import pairmatch as pm
    >>> weights = np.array([[0.9, 0.8], [0.7, np.nan]])
    >>> found = pm.assign(weights)
    >>> found.pairs.tolist()
    [[0, 1], [1, 0]]
    >>> found.values, found.gap
    ((2.0, 1.5), 0.0)
    """
    request = Request(weights, resolution)
    sides = (
        request.whole("mentor_capacity", mentor_capacity, 0),
        request.whole("mentee_capacity", mentee_capacity, 1),
        request.whole("mentor_minimum", mentor_minimum, 0),
        request.whole("mentee_minimum", mentee_minimum, 1),
    )
    request.minimums(*sides)
    spent, budgets = request.hours(hours, mentor_hours)
    mandated = request.flags("must_match", must_match, 1)
    tiers = request.objective(objective, bool(sides[3].any()))
    request.seconds("time_limit", time_limit)
    request.listener("progress", progress)
    request.raise_findings()
    problem = Problem(
        request.mentor,
        request.mentee,
        request.weight,
        Loads(*request.possible(*sides), *sides[2:], mentor_hours=budgets),
        mandated,
        tiers,
        pair_hours=spent,
    )
    return _told(solve(problem, time_limit=time_limit, progress=progress), request.resolution)


def _told(solution: Solution, resolution: float) -> Assignment:
    units = [resolution if proof.tier in WEIGHT_TIERS else 1.0 for proof in solution.tiers]
    proofs = solution.tiers

    def scaled(read: Any) -> tuple[Any, ...]:
        return tuple(_exact(read(proof), unit) for proof, unit in zip(proofs, units, strict=True))

    return Assignment(
        pairs=solution.pairs,
        objective=tuple(proof.tier for proof in proofs),
        values=scaled(lambda proof: proof.value),
        bounds=scaled(lambda proof: proof.bound),
        gaps=tuple(proof.gap for proof in proofs),
        verified_bounds=scaled(lambda proof: proof.verified_bound),
        kinds=tuple(proof.kind for proof in proofs),
        mentor_prices=scaled(lambda proof: proof.mentor_prices),
        mentee_prices=scaled(lambda proof: proof.mentee_prices),
        levels=tuple(_exact(level, resolution) for level in _levels(proofs)),
        complete=solution.complete,
    )


def _exact(count: Any, unit: float) -> Any:
    """``count * unit``; by division where the unit is one over a whole number, which rounds best."""
    parts = round(1 / unit)
    return count / parts if parts >= 1 and unit == 1 / parts else count * unit


def _levels(proofs: Sequence[TierProof]) -> tuple[int, ...]:
    return next((proof.levels for proof in proofs if proof.levels), ())
