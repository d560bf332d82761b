"""The matchings that are optimal for a proven tier, as a smaller problem of the same kind.

Complementary slackness: given optimal prices, a matching is optimal exactly when it leaves out every
pair with negative reduced gain, takes every pair with positive one, and gives each person a load
that is best at their price. All of that is again pairs, required pairs, minimums and capacities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import Ints, Problem, TierProof
from pairmatch.solver.gains import combine, used


@dataclass(frozen=True)
class Face:
    """A smaller problem, and where its pairs stand in the problem it was cut from."""

    problem: Problem
    index: NDArray[np.intp]


def face(problem: Problem, proofs: Sequence[TierProof]) -> Face:
    """All matchings that give every proven tier its value.

    Raises
    ------
    SolverError
        A proof has a gap, so that its prices say nothing about the best matchings.
    """
    index = np.arange(len(problem.mentor))
    for proof in proofs:
        if proof.value != proof.verified_bound:
            raise SolverError(f"tier '{proof.tier}' has no tight prices to cut a face with")
        kept, problem = _cut(problem, proof)
        index = index[kept]
    return Face(problem, index)


def restrict(problem: Problem, keep: NDArray[np.bool_]) -> Face:
    """The problem with only some of its pairs; required pairs always stay."""
    if keep.all():
        return Face(problem, np.arange(len(keep)))
    index = np.flatnonzero(keep | is_required(problem))
    return Face(_subset(problem, index), index)


def usable(problem: Problem) -> Face:
    """The problem without the pairs of people who have no place left beside their required pairs."""
    used_mentors, used_mentees = used(problem)
    loads = problem.loads
    keep = (loads.mentor_capacity > used_mentors)[problem.mentor]
    keep &= (loads.mentee_capacity > used_mentees)[problem.mentee]
    return restrict(problem, keep)


def is_required(problem: Problem) -> NDArray[np.bool_]:
    """Which of the allowed pairs are required."""
    required = problem.loads.required
    if not len(required):
        return np.zeros(len(problem.mentor), bool)
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    return np.isin(keys, required[:, 0] * problem.n_mentees + required[:, 1])


def _cut(problem: Problem, proof: TierProof) -> tuple[NDArray[np.intp], Problem]:
    gains = combine(problem, {**proof.multipliers, proof.tier: proof.scale})
    u, v = proof.mentor_prices, proof.mentee_prices
    reduced = gains.pair - u[problem.mentor] - v[problem.mentee]
    required = is_required(problem) | (reduced > 0)
    least_mentor, most_mentor = gains.mentors.best_loads(u)
    least_mentee, most_mentee = gains.mentees.best_loads(v)
    kept = np.flatnonzero(required | (reduced == 0))
    loads = replace(
        problem.loads,
        mentor_capacity=most_mentor,
        mentor_minimum=np.maximum(least_mentor, problem.loads.mentor_minimum),
        mentee_capacity=most_mentee,
        mentee_minimum=np.maximum(least_mentee, problem.loads.mentee_minimum),
        required=_pairs(problem, np.flatnonzero(required)),
    )
    part = usable(_subset(replace(problem, loads=loads), kept))
    return kept[part.index], part.problem


def _pairs(problem: Problem, index: NDArray[np.intp]) -> Ints:
    return np.stack([problem.mentor[index], problem.mentee[index]], axis=1).astype(np.int64)


def _subset(problem: Problem, index: NDArray[np.intp]) -> Problem:
    hours = problem.pair_hours
    return replace(
        problem,
        mentor=problem.mentor[index],
        mentee=problem.mentee[index],
        weight=problem.weight[index],
        pair_hours=None if hours is None else hours[index],
    )
