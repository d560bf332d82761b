"""Budgets of hours over more pairs than anybody can store: bounds over all, a matching of those in hand.

Flows know no hours. Without them the problem is solved and proven by sweeps, which bounds it with them; the
matching is filled greedily from the pairs in hand, and searched for where they are few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import MINIMUMS, Beyond, Problem, Report, Solution, TierProof
from pairmatch.solver.beyond import Expedition
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.gains import places, tier_value
from pairmatch.solver.hand import Hand, places_of
from pairmatch.solver.search import Infeasible, hours_of_pairs, within_hours

__all__ = ["solve_with_hours"]

SEARCHABLE = 20_000
"""Pairs in hand up to which they are searched, and not only filled from."""

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
    if not within_hours(problem, np.arange(len(problem.mentor))):
        raise Infeasible
    loads = replace(problem.loads, mentee_hours=None, mentor_hours=None)
    expedition = Expedition(replace(problem, loads=loads), beyond, clock, report)
    relaxed = expedition.run()
    whole = replace(expedition.rounds.problem, loads=problem.loads)
    if within_hours(whole, expedition.rounds.hand.pairs):
        return relaxed
    pairs = _best(problem, whole, expedition.rounds.hand.pairs, clock)
    return _told(whole, pairs, relaxed)


def _best(problem: Problem, whole: Problem, best: NDArray[np.intp], clock: Clock) -> NDArray[np.intp]:
    """The better one of a filled and a searched matching.

    Parameters
    ----------
    problem
        With the required pairs alone.
    whole
        With all pairs in hand, the required ones first.
    best
        The best pairs when hours do not count.
    """
    hand = Hand(problem)
    hand.offer(whole, _filled(whole, len(problem.mentor), best))
    if len(whole.mentor) <= SEARCHABLE and not clock.over:
        searched = _searched(whole, clock)
        if searched is not None:
            hand.offer(whole, searched)
    if tier_value(whole, MINIMUMS, hand.pairs) < places(whole):
        raise NoSolutionError(NOTHING_FITS)
    return hand.pairs


def _searched(whole: Problem, clock: Clock) -> NDArray[np.intp] | None:
    """The best matching of the pairs in hand; None where none was found."""
    order = np.lexsort((whole.mentee, whole.mentor))
    ordered = replace(
        whole, mentor=whole.mentor[order], mentee=whole.mentee[order], weight=whole.weight[order]
    )
    try:
        found = Course(ordered, clock).run()
    except (Infeasible, NoSolutionError):
        return None
    keys = ordered.mentor.astype(np.int64) * whole.n_mentees + ordered.mentee
    return np.sort(order[np.searchsorted(keys, found.pairs[:, 0] * whole.n_mentees + found.pairs[:, 1])])


def _filled(whole: Problem, required: int, best: NDArray[np.intp]) -> NDArray[np.intp]:
    """The required pairs, then as many of the best ones as fit, then of the others; the heaviest first."""
    first = np.zeros(len(whole.mentor), bool)
    first[best] = True
    order = np.lexsort((-whole.weight, ~first))
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


def _told(whole: Problem, pairs: NDArray[np.intp], relaxed: Solution) -> Solution:
    """The bounds that hold without hours, told for the values that the tiers have with them."""
    there = {proof.tier: proof.value for proof in relaxed.tiers} | {MINIMUMS: places(whole)}
    here = {proof.tier: tier_value(whole, proof.tier, pairs) for proof in relaxed.tiers}
    here[MINIMUMS] = places(whole)
    tiers = tuple(_retold(proof, there, here) for proof in relaxed.tiers)
    complete = relaxed.complete and all(proof.gap == 0 for proof in tiers)
    return Solution(places_of(whole, pairs), tiers, complete, relaxed.stats)


def _retold(proof: TierProof, there: Mapping[str, int], here: Mapping[str, int]) -> TierProof:
    lost = sum(times * (there[name] - here[name]) for name, times in proof.multipliers.items())
    bound, value = proof.verified_bound + lost, here[proof.tier]
    kind = "prices" if bound == value else "search"
    return replace(proof, value=value, bound=bound, verified_bound=bound, kind=kind, canonical=False)
