"""Budgets of hours over more pairs than anybody can store: bounds over all, a matching of those in hand.

Flows know no hours. Without them the problem is solved and proven by sweeps, which bounds it with them.
Bundles of the pairs in hand give a matching and better prices; sweeps hold these against all pairs, and bring
in those that could be in a better bundle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import MINIMUMS, Beyond, Problem, Report, Solution, TierProof
from pairmatch.solver.beyond import Expedition
from pairmatch.solver.bundled.tiered import retold
from pairmatch.solver.bundled.widening import Widening
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import places, tier_value
from pairmatch.solver.hand import Hand, places_of
from pairmatch.solver.revised import running
from pairmatch.solver.search import Infeasible, hours_of_pairs, within_hours

__all__ = ["solve_with_hours"]

NOTHING_FITS = (
    "no valid matching was found among each person's best pairs: minimums, required pairs and hour budgets "
    "stand against each other; relax one of them, or match region by region"
)


def solve_with_hours(
    problem: Problem, beyond: Beyond, clock: Clock, report: Report | None = None
) -> Solution:
    """A good matching within everybody's hours, with bounds that hold over all pairs.

    Raises
    ------
    Infeasible
        The required pairs alone break a budget.
    NoSolutionError
        No valid matching was found.
    """
    required = int(is_required(problem).sum())
    if not within_hours(problem, np.flatnonzero(is_required(problem))):
        raise Infeasible
    loads = replace(problem.loads, mentee_hours=None, mentor_hours=None)
    expedition = Expedition(replace(problem, loads=loads), beyond, clock, report)
    relaxed = expedition.run()
    whole = replace(expedition.rounds.problem, loads=problem.loads)
    if within_hours(whole, expedition.rounds.hand.pairs):
        return relaxed
    hand = Hand(whole)
    hand.offer(whole, _filled(whole, required, expedition.rounds.hand.pairs))
    stats = dict(relaxed.stats)
    widened = Widening(whole, required, beyond, clock, report)
    bundled = () if clock.over else widened.run(hand, relaxed.tiers)
    whole, stats["pairs_core"] = widened.problem, len(widened.problem.mentor)
    if tier_value(whole, MINIMUMS, hand.pairs) < places(whole):
        raise NoSolutionError(NOTHING_FITS)
    told = _told(whole, hand.pairs, replace(relaxed, stats=stats), clock)
    tiers = tuple(_tighter(proof, bundled, whole, hand.pairs) for proof in told.tiers)
    return replace(told, tiers=tiers)


def _tighter(
    proof: TierProof,
    bundled: Sequence[tuple[TierProof, Mapping[str, int]]],
    whole: Problem,
    pairs: NDArray[np.intp],
) -> TierProof:
    """The better one of two bounds on a tier."""
    here = {name: tier_value(whole, name, pairs) for name in (MINIMUMS, *whole.objective)}
    ours = [retold(each, there, here) for each, there in bundled if each.tier == proof.tier]
    return min([proof, *ours], key=lambda each: each.verified_bound)


def _filled(whole: Problem, required: int, best: NDArray[np.intp]) -> NDArray[np.intp]:
    """The required pairs, then as many as fit: running ones, the best ones, others; the heaviest first."""
    first = np.zeros(len(whole.mentor), bool)
    first[best] = True
    order = np.lexsort((-whole.weight, ~first, ~running(whole)))
    order = np.concatenate([np.arange(required), order[order >= required]])
    budgets = whole.loads.mentor_hours
    mentor_left, mentee_left = whole.loads.mentor_capacity.tolist(), whole.loads.mentee_capacity.tolist()
    hours_left = [] if budgets is None else budgets.tolist()
    cost = hours_of_pairs(whole).tolist()
    mentor, mentee = whole.mentor.tolist(), whole.mentee.tolist()
    taken = []
    for pair in order.tolist():
        i, j = mentor[pair], mentee[pair]
        if mentor_left[i] and mentee_left[j] and cost[pair] <= hours_left[i]:
            mentor_left[i] -= 1
            mentee_left[j] -= 1
            hours_left[i] -= cost[pair]
            taken.append(pair)
    return np.sort(np.array(taken, np.intp))


def _told(whole: Problem, pairs: NDArray[np.intp], relaxed: Solution, clock: Clock) -> Solution:
    """The bounds that hold without hours, told for the values that the tiers have with them."""
    there = {proof.tier: proof.value for proof in relaxed.tiers} | {MINIMUMS: places(whole)}
    here = {proof.tier: tier_value(whole, proof.tier, pairs) for proof in relaxed.tiers}
    here[MINIMUMS] = places(whole)
    tiers = tuple(retold(proof, there, here) for proof in relaxed.tiers)
    return Solution(places_of(whole, pairs), tiers, relaxed.complete and not clock.over, relaxed.stats)
