"""The objective's linear tiers within budgets of hours: a flow where it fits, else bundles, then a search.

A budget also limits how many pairs fit: where that is all it does, as when pairs cost the same, the flow that
knows these limits is exact. Otherwise its prices are where bundles begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import MINIMUMS, Problem, Report, Solution, TierProof
from pairmatch.solver.bundled.bundles import Bundling
from pairmatch.solver.bundled.quick import half_of, limited, positions, searchable
from pairmatch.solver.bundled.tiered import Packed, Work
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.gains import places
from pairmatch.solver.hand import places_of
from pairmatch.solver.lexicographic import solve_chain
from pairmatch.solver.network import Network
from pairmatch.solver.search import within_hours

__all__ = ["is_budgeted", "solve_budgeted", "tightened"]

SEARCHABLE = 5_000
"""Pairs up to which tiers are searched."""

EFFORTS = (0.5, 5.0, 40.0)
"""Work of a search: before bundles, and after them."""


def is_budgeted(problem: Problem) -> bool:
    """Whether budgets of hours act, and nothing else that flows cannot say."""
    other = problem.groups or problem.evens or problem.coaching
    floors = {"worst", "leximin"} & {*problem.objective}
    return problem.loads.mentor_hours is not None and not other and not floors


def solve_budgeted(problem: Problem, clock: Clock, report: Report | None = None) -> Solution:
    """The best matching within hours, or a good one with bounds by bundles."""
    names = [MINIMUMS] * bool(places(problem)) + list(problem.objective)
    required = _required(problem)
    limited = tightened(problem)
    network = Network(limited, clock)
    if not within_hours(problem, required):
        return Course(problem, clock, report).run()
    chain = solve_chain(network, names)
    if names[0] == MINIMUMS and chain.proofs[0].value < places(problem):
        return Course(problem, clock, report).run()
    proofs = [restated(problem, limited, proof, chain.proofs) for proof in chain.proofs]
    if within_hours(problem, chain.pairs):
        return _told(problem, Packed(chain.pairs, tuple(proofs)), clock, complete=network.complete)
    if clock.over:
        return Course(problem, clock, report).run()
    return _bundled(problem, names, proofs, clock, report)


def _bundled(
    problem: Problem, names: Sequence[str], flows: Sequence[TierProof], clock: Clock, report: Report | None
) -> Solution:
    """Bundles; where pairs are few, a short search before them, and ever longer ones after."""
    work = Work(problem, names, flows, clock, report)
    small = len(problem.mentor) <= SEARCHABLE
    searched = limited(problem, half_of(clock), report, EFFORTS[0]) if small else None
    if searched is not None and searched.complete:
        best = work.stated(positions(problem, searched.pairs), searched)
        return _told(problem, best, clock, complete=True)
    found = work.packed()
    if found is None:
        return Course(problem, clock, report).run()
    if small:
        found = _closed(work, found, clock, report)
        if found.is_open and not searchable(problem):
            return Course(problem, clock, report).run()
    return _told(problem, found, clock, complete=not clock.over)


def _closed(work: Work, found: Packed, clock: Clock, report: Report | None) -> Packed:
    """Searches among bundles and among pairs in turn, until one closes the gap."""
    for effort in EFFORTS[1:]:
        if found.is_open and not clock.over:
            found = work.closed(found, effort)
        if found.is_open and not clock.over:
            searched = limited(work.problem, half_of(clock), report, effort)
            found = found if searched is None else work.better(found, searched)
    return found


# -- budgets as places -----------------------------------------------------------------------


def tightened(problem: Problem) -> Problem:
    """The problem with no more places for a mentor than pairs fit into the hours, or a minimum asks."""
    bundling, loads = Bundling(problem), problem.loads
    order = np.lexsort((bundling.hours, bundling.mentor))
    mentor, cost = bundling.mentor[order], np.cumsum(bundling.hours[order])
    before = np.concatenate([[0], cost])[np.searchsorted(mentor, mentor)]
    fit = np.bincount(mentor[cost - before <= bundling.budget[mentor]], minlength=problem.n_mentors)
    carried = np.bincount(loads.required[:, 0], minlength=problem.n_mentors)
    most = np.maximum(np.minimum(loads.mentor_capacity, carried + fit), loads.mentor_minimum)
    capacity = np.minimum(loads.mentor_capacity, np.maximum(most, carried))
    return replace(problem, loads=replace(loads, mentor_capacity=capacity.astype(np.int64)))


def restated(problem: Problem, limited: Problem, proof: TierProof, proofs: Sequence[TierProof]) -> TierProof:
    """A proof that knew fewer places, told with all of them: by bundles, which know the hours."""
    if (problem.loads.mentor_capacity == limited.loads.mentor_capacity).all():
        return proof
    bundling = Bundling(problem)
    mixture = bundling.mixture({**proof.multipliers, proof.tier: 1})
    values = {each.tier: each.value for each in proofs}
    dual = bundling.priced(mixture, proof.mentee_prices).bound
    bound = dual - sum(times * values[name] for name, times in proof.multipliers.items())
    return replace(
        proof,
        bound=bound,
        verified_bound=bound,
        kind="prices" if proof.value == bound or proof.kind == "prices" else "search",
        mentor_prices=np.zeros_like(proof.mentor_prices),
        canonical=False,
        bundles=True,
    )


# -- the answer ------------------------------------------------------------------------------


def _told(problem: Problem, found: Packed, clock: Clock, *, complete: bool) -> Solution:
    tiers = tuple(proof for proof in found.proofs if proof.tier != MINIMUMS)
    stats = {"pairs_allowed": len(problem.mentor), "seconds": clock.elapsed}
    return Solution(
        places_of(problem, found.pairs), tiers, complete or all(not proof.gap for proof in tiers), stats
    )


def _required(problem: Problem) -> NDArray[np.intp]:
    """Where the required pairs stand."""
    return Bundling(problem).required
