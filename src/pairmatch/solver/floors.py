"""The tiers ``"worst"`` and ``"leximin"`` by flows.

Where no mentee has more than one mentor, a mentee's total is one pair's weight: a floor just takes
the lighter pairs away, and each question "can everybody have at least this much?" is one flow. With
several mentors the same question on what a mentee *could* have gives a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import MINIMUMS, Ints, Problem, TierProof
from pairmatch.solver.clock import Clock, TimeUp
from pairmatch.solver.faces import Face, face, is_required, restrict
from pairmatch.solver.gains import mixed_value, places
from pairmatch.solver.lexicographic import solve_chain, strict_multipliers
from pairmatch.solver.network import Network, Optimum


def reach(problem: Problem) -> Ints:
    """For each pair, the largest total that its mentee can have with it.

    The pair's weight plus the mentee's best other weights, as many as places are left; with one
    place it is the weight itself. A floor above it rules the pair out.
    """
    if problem.single:
        return problem.weight
    order = np.lexsort((-problem.weight, problem.mentee))
    mentee, weight = problem.mentee[order], np.maximum(problem.weight[order], 0)
    starts = np.searchsorted(mentee, np.arange(problem.n_mentees + 1))
    rank = np.arange(len(order)) - starts[mentee]
    sums = np.concatenate([[0], np.cumsum(weight)])
    capacity = np.maximum(problem.loads.mentee_capacity, 1)[mentee]
    ends = np.minimum(starts[mentee] + capacity, starts[mentee + 1])
    with_it = sums[ends] - sums[starts[mentee]]
    with_others = sums[np.minimum(ends, starts[mentee] + capacity - 1)] - sums[starts[mentee]]
    total = np.where(rank < capacity - 1, with_it - weight, with_others) + problem.weight[order]
    reached: Ints = np.empty_like(total)
    reached[order] = total
    return reached


def floor_proof(
    problem: Problem, proofs: Sequence[TierProof], clock: Clock, pairs: NDArray[np.intp] | None = None
) -> tuple[TierProof, NDArray[np.intp] | None]:
    """The largest floor that could keep the proven tiers, and the cut that shows it.

    Where no mentee has two places the floor is reached, so the bound is the value; otherwise the
    value is a bound only, and left for the search to reach.

    Parameters
    ----------
    problem, proofs, clock
        The pairs still allowed, the tiers proven so far, the deadline.
    pairs
        Pairs in hand that keep those tiers: the search for the floor starts at what they reach.

    Returns
    -------
    The proof, and pairs on the floor where other ones than those in hand were found.
    """
    multipliers = strict_multipliers(proofs)
    target = sum(times * value_of(proofs, tier) for tier, times in multipliers.items())
    reached = reach(problem)
    levels = np.unique(np.append(reached, 0))
    flows: dict[int, Optimum] = {}
    found: dict[int, NDArray[np.intp]] = {}

    def holds(level: int) -> bool:
        part = restrict(problem, reached >= level)
        flows[level] = Network(part.problem, clock).solve(multipliers)
        if mixed_value(part.problem, multipliers, flows[level].pairs) < target:
            return False
        found[level] = part.index[flows[level].pairs]
        return True

    start = 0 if pairs is None or not len(pairs) else int(np.searchsorted(levels, reached[pairs].min()))
    best = min(largest_that_holds(levels, holds, start), _required_floor(problem, reached))
    above = (
        int(levels[np.searchsorted(levels, best, side="right")]) if best < levels[-1] else int(levels[-1]) + 1
    )
    if above not in flows:
        holds(above)
    cut = flows[above]
    proven = cut.bound < target or above > levels[-1] or best == _required_floor(problem, reached)
    bound = best if proven else int(levels[-1])
    proof = TierProof("worst", best, bound, bound, "cut", multipliers, cut.mentor_prices, cut.mentee_prices)
    return proof, found.get(best)


def loose_floor(problem: Problem, tier: str, value: int) -> TierProof:
    """A floor tier for which no time is left: what was reached, and the bound that needs no prices."""
    reached = reach(problem)
    required = is_required(problem)
    # A required pair is in every matching, so that no other one can lift or lower what it caps.
    best = int(reached[~required].max(initial=0))
    bound = _required_floor(problem, reached) if required.any() else max(0, best)
    none = (np.zeros(problem.n_mentors, np.int64), np.zeros(problem.n_mentees, np.int64))
    return TierProof(tier, value, bound, bound, "search", {}, *none)


def _required_floor(problem: Problem, reached: Ints) -> int:
    """No floor is above what a mentee with a required pair can reach."""
    return int(reached[is_required(problem)].min(initial=2**62))


def largest_that_holds(levels: Ints, holds: Callable[[int], bool], start: int = 0) -> int:
    """Largest level for which ``holds`` is true; it is for the first and never again once false.

    Gallops up from ``start``, then halves, since the answer is usually near the start.
    """
    low, step = start, 1
    while low + step < len(levels) and holds(int(levels[low + step])):
        low, step = low + step, step * 2
    high = min(low + step, len(levels))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(int(levels[middle])) else (low, middle)
    return int(levels[low])


def value_of(proofs: Sequence[TierProof], tier: str) -> int:
    """Value of a tier among the proofs."""
    return next(proof.value for proof in proofs if proof.tier == tier)


def leximin_face(problem: Problem, proofs: Sequence[TierProof], worst: int, clock: Clock) -> Face:
    """All matchings whose ascending weights of matched mentees are lexicographically largest.

    Level by level: as few mentees as possible at the lowest weight, then the highest possible next
    weight, and so on; each step leaves the face of its best matchings.

    Parameters
    ----------
    problem
        Mentee capacities at most 1; no pair below ``worst`` but required ones.
    proofs
        Proven tiers before this one; among them one that fixes how many mentees are matched.
    worst
        The smallest weight.
    """
    part = face(problem, proofs)
    index, level = part.index, worst
    while True:
        lowest = _fewest_at(part.problem, level, clock)
        index, part = index[lowest.index], lowest
        higher = part.problem.weight > level
        if clock.over:
            raise TimeUp
        if not higher.any():
            return Face(part.problem, index)
        step = _next_level(part.problem, level, clock)
        if step is None:
            return Face(part.problem, index)
        kept = restrict(part.problem, (part.problem.weight <= level) | (part.problem.weight >= step))
        index, part, level = index[kept.index], kept, step


def _fewest_at(problem: Problem, level: int, clock: Clock) -> Face:
    """The matchings with the fewest pairs of exactly this weight."""
    counting = replace(problem, weight=-(problem.weight == level).astype(np.int64), objective=("total",))
    chain = solve_chain(Network(counting, clock), [MINIMUMS, "total"])
    if not chain.proven:
        raise TimeUp
    part = face(counting, chain.proofs)
    return Face(replace(part.problem, weight=problem.weight[part.index]), part.index)


def _next_level(problem: Problem, level: int, clock: Clock) -> int | None:
    """Largest weight above ``level`` that all other pairs can have; None where none are left."""
    higher = np.unique(problem.weight[problem.weight > level])
    target = places(problem)

    def holds(step: int) -> bool:
        return (
            _filled(restrict(problem, (problem.weight <= level) | (problem.weight >= step)).problem, clock)
            == target
        )

    beyond = restrict(problem, problem.weight <= level).problem
    return None if _filled(beyond, clock) == target else largest_that_holds(higher, holds)


def _filled(problem: Problem, clock: Clock) -> int:
    multipliers = {MINIMUMS: 1}
    return mixed_value(problem, multipliers, Network(problem, clock).solve(multipliers).pairs)


def ascending(problem: Problem, pairs: NDArray[np.intp]) -> tuple[int, ...]:
    """Total weight of each matched mentee, ascending."""
    return tuple(sorted(totals(problem, pairs).values()))


def totals(problem: Problem, pairs: NDArray[np.intp]) -> dict[int, int]:
    """Total weight of each matched mentee."""
    sums = np.bincount(problem.mentee[pairs], minlength=problem.n_mentees)
    total = np.zeros(problem.n_mentees, np.int64)
    np.add.at(total, problem.mentee[pairs], problem.weight[pairs])
    return {int(person): int(total[person]) for person in np.flatnonzero(sums)}
