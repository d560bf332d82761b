"""The tiers ``"worst"`` and ``"leximin"`` by flows.

Where no mentee has more than one mentor, a mentee's total is one pair's weight: a floor just takes
the lighter pairs away, and each question "can everybody have at least this much?" is one flow. With
several mentors the same question on what a mentee *could* have gives a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import Ints, Problem, TierProof
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required, restrict
from pairmatch.solver.gains import mixed_value, tier_value
from pairmatch.solver.groups.counts import constant
from pairmatch.solver.lexicographic import strict_multipliers
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
    problem: Problem,
    proofs: Sequence[TierProof],
    clock: Clock,
    pairs: NDArray[np.intp] | None = None,
    more: int = 0,
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
    more
        What groups, which the problem has not, add to every bound.

    Returns
    -------
    The proof, and pairs on the floor where other ones than those in hand were found.
    """
    multipliers = strict_multipliers(proofs)
    target = sum(times * value_of(proofs, tier) for tier, times in multipliers.items()) - more
    reached = reach(problem)
    levels = np.unique(np.append(reached, 0))
    flows: dict[int, Optimum] = {}
    found: dict[int, NDArray[np.intp]] = {}

    def holds(level: int) -> bool:
        if flows and clock.over:
            return False
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
    cut = flows[above] if above in flows else next(iter(flows.values()))
    shown = [level for level, flow in flows.items() if flow.bound < target]
    proven = above in shown or above > levels[-1] or best == _required_floor(problem, reached)
    # Cut short, a flow for a higher floor may have shown something.
    below = levels[levels < min(shown, default=2**62)]
    bound = best if proven else int(below.max(initial=best))
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


def still_proven(
    problem: Problem, flows: Mapping[str, TierProof], tier: str, before: Sequence[TierProof]
) -> TierProof | None:
    """The bound of an earlier flow's prices, where the earlier tiers have the values it gave them."""
    flow = flows.get(tier)
    if flow is None or not set(flow.multipliers) <= {proof.tier for proof in before}:
        return None
    here = {proof.tier: proof.value for proof in before}
    if any(flows[name].value != here[name] for name in flow.multipliers):
        return None
    bound = flow.verified_bound + constant(problem, {**flow.multipliers, tier: 1})
    return replace(flow, value=bound, bound=bound, verified_bound=bound, kind="search", canonical=False)


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


def ascending(problem: Problem, pairs: NDArray[np.intp]) -> tuple[int, ...]:
    """Total weight of each matched mentee, ascending."""
    return tuple(sorted(totals(problem, pairs).values()))


def totals(problem: Problem, pairs: NDArray[np.intp]) -> dict[int, int]:
    """Total weight of each matched mentee."""
    sums = np.bincount(problem.mentee[pairs], minlength=problem.n_mentees)
    total = np.zeros(problem.n_mentees, np.int64)
    np.add.at(total, problem.mentee[pairs], problem.weight[pairs])
    return {int(person): int(total[person]) for person in np.flatnonzero(sums)}


def worth(problem: Problem, pairs: NDArray[np.intp]) -> list[tuple[int, ...]]:
    """Values of all tiers, in the objective's order; leximin's with all its levels."""
    levels = ascending(problem, pairs)
    worst = min(levels, default=0)
    floors = {"worst": (worst,), "leximin": (worst, len(levels), *levels)}
    return [floors.get(tier) or (tier_value(problem, tier, pairs),) for tier in problem.objective]


def revalued(problem: Problem, proof: TierProof, pairs: NDArray[np.intp], complete: bool) -> TierProof:
    """The proof with the value of the final pairs, which differs only after a deadline."""
    if proof.tier in ("worst", "leximin"):
        levels = ascending(problem, pairs)
        value = levels[0] if levels else 0
        proof = replace(proof, levels=levels if proof.tier == "leximin" else ())
    else:
        value = tier_value(problem, proof.tier, pairs)
    if value != proof.value and complete:
        raise SolverError(f"tier '{proof.tier}' lost its value")
    return replace(proof, value=value, canonical=proof.canonical and value == proof.bound)
