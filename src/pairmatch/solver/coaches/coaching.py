"""Coaches for pairs that stand: exact and proven, the most pairs coached first, then the largest score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Coaching
from pairmatch.problem import Ints, Loads, Problem, Solution, TierProof
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.flow import best_flow
from pairmatch.solver.gains import SideGains

__all__ = ["assign_coaches", "coach_places", "coach_values", "suited"]

NAMES = {"mentors": "coached", "total": "total"}
"""Tiers of the problem in which pairs stand in the mentors' place and coaches in the mentees'."""


def assign_coaches(
    coaching: Coaching,
    pairs: Ints,
    *,
    time_limit: float | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """The coaches of a matching's pairs.

    Parameters
    ----------
    coaching
        Who suits whom, and capacities.
    pairs
        Positions of mentor and mentee, ``(n, 2)``.
    time_limit, cancelled
        As for :func:`pairmatch.solver.solve`; a flow that runs is never stopped.

    Returns
    -------
    Solution
        ``coached`` holds the coaches; ``tiers`` are proofs of ``"coached"`` and ``"total"``, whose mentor
        prices are the pairs' and whose mentee prices are the coaches'.
    """
    problem = _of_pairs(coaching, pairs)
    found = Course(problem, Clock(time_limit, cancelled)).run()
    tiers = tuple(_renamed(proof) for proof in found.tiers)
    return Solution(pairs, tiers, found.complete, found.stats, found.pairs)


def _of_pairs(coaching: Coaching, pairs: Ints) -> Problem:
    """The pairs as mentors and the coaches as mentees of a problem of their own."""
    allowed, score = suited(coaching, pairs[:, 0], pairs[:, 1])
    allowed &= coaching.capacity > 0
    pair, coach = np.nonzero(allowed)
    n, c = allowed.shape
    loads = Loads(np.ones(n, np.int64), coaching.capacity, np.zeros(n, np.int64), np.zeros(c, np.int64))
    return Problem(
        pair.astype(np.int32),
        coach.astype(np.int32),
        score[allowed],
        loads,
        np.zeros(c, bool),
        tuple(NAMES),
    )


def _renamed(proof: TierProof) -> TierProof:
    multipliers = {NAMES[name]: times for name, times in proof.multipliers.items()}
    return replace(proof, tier=NAMES[proof.tier], multipliers=multipliers, canonical=False)


def suited(coaching: Coaching, mentor: NDArray[Any], mentee: NDArray[Any]) -> tuple[NDArray[np.bool_], Ints]:
    """Which coaches suit these pairs, and their scores, 0 where one does not suit: ``(pairs, coaches)``."""
    allowed = coaching.mentor_allowed[mentor] & coaching.mentee_allowed[mentee]
    score = coaching.mentor_score[mentor] + coaching.mentee_score[mentee]
    return allowed, np.where(allowed, score, 0)


def coach_places(
    coaching: Coaching, mentor: NDArray[Any], mentee: NDArray[Any], objective: Sequence[str]
) -> Ints:
    """The best coaches of pairs, in the order in which the objective asks, by one flow.

    Returns
    -------
    int64 ``(k, 2)``: place of the pair, coach; sorted.
    """
    allowed, score = suited(coaching, mentor, mentee)
    pair, coach = np.nonzero(allowed)
    n = len(allowed)
    gain = _worths(score[allowed], n, objective)
    sides = [np.ones(n, np.int64), coaching.capacity]
    ours, theirs = (
        SideGains(size, zeros, zeros, 0, zeros)
        for size, zeros in zip(sides, map(np.zeros_like, sides), strict=True)
    )
    chosen = best_flow(pair.astype(np.int32), coach.astype(np.int32), gain, ours, theirs)
    return np.stack([pair[chosen], coach[chosen]], axis=1).astype(np.int64)


def _worths(score: Ints, pairs: int, objective: Sequence[str]) -> Ints:
    """Gains under which the earlier of the two tiers of coaches goes first."""
    first = next((tier for tier in objective if tier in ("coached", "total")), "coached")
    if first == "total":
        return score * (pairs + 1) + 1
    return score + (int(score.max(initial=0)) * pairs + 1)


def coach_values(
    coaching: Coaching, mentor: NDArray[Any], mentee: NDArray[Any], coached: Ints
) -> tuple[int, int]:
    """How many pairs have a coach, and the sum of the coaches' scores."""
    place, coach = coached[:, 0], coached[:, 1]
    score = coaching.mentor_score[mentor[place], coach] + coaching.mentee_score[mentee[place], coach]
    return len(coached), int(score.sum())
