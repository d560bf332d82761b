"""The best matching that ends at most so many running pairs.

To keep so many running pairs is one row over the pairs. A price on it, which every kept pair is worth more,
leaves the problem that is solved anyway; the best price proves a bound, and mostly finds the matching. Where
it does not, and pairs are few, the row is a quota like others, and a search closes the gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import CallError, Finding, InfeasibleError, NoSolutionError
from pairmatch.groups import Cross, Group
from pairmatch.problem import MINIMUMS, Beyond, Problem, Report, Solution, TierProof
from pairmatch.solver.beyond import refuse_unsweepable
from pairmatch.solver.clock import NO_TIME, Clock
from pairmatch.solver.contradictions import below_minimum, check_required
from pairmatch.solver.faces import usable
from pairmatch.solver.gains import combine, first_guess, mixed_value, places, tier_value
from pairmatch.solver.groups.quotas import contradiction
from pairmatch.solver.hand import places_of, worth
from pairmatch.solver.lexicographic import solve_chain
from pairmatch.solver.network import Network, Optimum, Solver
from pairmatch.solver.restated import restated
from pairmatch.solver.revised import in_weights
from pairmatch.solver.rounds import Rounds
from pairmatch.solver.solving import solve

__all__ = ["limited"]

CLOSABLE = 20_000
"""Pairs up to which a gap that prices leave is closed as a quota's is."""

CELLS = 4_000_000
"""Mentors beside mentees of running pairs up to which the row can be a quota."""

STEPS = 60
"""Most prices that are tried for one tier."""

SCALES = (840, 12, 1)
"""How much finer than a tier's units prices of kept pairs are, where numbers allow it: simple fractions."""

WORTH = 4
"""A pair that must be kept is worth so often what any other can be, and a minimum so often that."""

FLOORS = {"worst", "leximin"}

TOO_MANY = (
    "max_changes together with hours, group goals, coaches, 'worst' or 'leximin' is too much for so many "
    "pairs; mark few pairs as movable in its place, or re-match region by region"
)


def limited(
    problem: Problem,
    most: int,
    *,
    beyond: Beyond | None = None,
    time_limit: float | None = None,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """The best matching in which at most so many running pairs end.

    Parameters
    ----------
    problem
        Its running pairs that are not required are those of ``problem.earlier``.
    most
        How many of them may end, at least 0.
    beyond, time_limit, progress, cancelled
        As for :func:`~pairmatch.solver.solve`.

    Returns
    -------
    Solution
        Exact where pairs are few. Else the tiers' bounds hold for all matchings within the limit;
        ``verified_bound`` holds for all matchings, since prices alone know of no limit.

    Raises
    ------
    CallError
        The problem is too large for a limit together with what flows cannot say.
    InfeasibleError
        No matching within the limit is valid.
    NoSolutionError
        The work was ended before a valid matching was found.
    """
    clock = Clock(time_limit, cancelled)
    how: dict[str, Any] = {"time_limit": time_limit, "progress": progress, "cancelled": lambda: clock.over}
    earlier = problem.earlier
    if earlier is None or most >= len(earlier.pairs):
        return solve(problem, beyond=beyond, **how)
    least = len(earlier.pairs) - most
    check_required(problem)
    if not _is_linear(problem):
        return _as_quota(problem, least, beyond, how)
    if beyond is not None:
        refuse_unsweepable(problem)
        rounds = Rounds(usable(in_weights(problem)).problem, beyond, clock, progress or (lambda _: None))
        rounds.start()
        return _Limited(rounds, least, clock).run()
    part = usable(in_weights(problem)).problem
    found = _Limited(Network(part, clock), least, clock).run()
    if found.proven or clock.over or len(part.mentor) > CLOSABLE:
        return found
    return _as_quota(problem, least, None, {**how, "time_limit": _left(clock)})


def _left(clock: Clock) -> float | None:
    return None if clock.limit is None else max(clock.left, 0.01)


def _is_linear(problem: Problem) -> bool:
    """Whether flows can say all but the limit."""
    more = problem.groups or problem.evens or problem.coaching or problem.loads.mentor_hours is not None
    return not more and not FLOORS & {*problem.objective}


# -- by prices --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Point:
    """What one more kept pair is worth, and the best pairs then: how many they keep, and their own worth.

    Worth and bound are those of the mixture as often as prices are finer than its units.
    """

    price: int
    kept: int
    worth: int
    bound: int


@dataclass(frozen=True)
class _Claim:
    """A tier's mixture, its best pairs without the limit, and what the mixture cannot exceed within it."""

    tier: str
    times: Mapping[str, int]
    free: Optimum
    bound: int


class _Limited:
    """Goes from tier to tier; the best pairs within the limit are in hand."""

    def __init__(self, network: Solver, least: int, clock: Clock) -> None:
        self.network, self.least, self._clock = network, least, clock
        self._hand: tuple[list[int], NDArray[np.intp]] | None = None

    @property
    def problem(self) -> Problem:
        """The pairs at hand."""
        return self.network.problem

    def run(self) -> Solution:
        """A price on kept pairs for each tier, then what all of it proves."""
        self._check_minimums()
        claims = [self._claim(at) for at in range(len(self.problem.objective))]
        pairs = self._keeping_most() if self._hand is None else self._hand[1]
        proofs = tuple(self._proof(claim, pairs) for claim in claims)
        complete = not self.network.stopped and all(proof.value == proof.bound for proof in proofs)
        stats = {"pairs_allowed": len(self.problem.mentor), "seconds": self._clock.elapsed}
        return Solution(places_of(self.problem, pairs), proofs, complete, stats)

    def _check_minimums(self) -> None:
        """Say who cannot be served at all."""
        if not places(self.problem):
            return
        chain = solve_chain(self.network, [MINIMUMS])
        if chain.proofs[0].bound < places(self.problem):
            raise InfeasibleError(below_minimum(self.problem, chain.pairs))

    def _keeping_most(self) -> NDArray[np.intp]:
        """Where no price kept enough pairs: as many as can be; or the word that these are too few."""
        chain = solve_chain(self.network, [*([MINIMUMS] if places(self.problem) else []), "kept"])
        if chain.proofs[-1].bound < self.least:
            raise contradiction(replace(self.problem, groups=(_told(self.least),)))
        kept = chain.proofs[-1].value >= self.least
        if not kept or tier_value(self.problem, MINIMUMS, chain.pairs) < places(self.problem):
            raise NoSolutionError(NO_TIME)
        return chain.pairs

    def _claim(self, at: int) -> _Claim:
        tiers = self.problem.objective[: at + 1]
        times, dear = first_guess(self.problem, tiers), self._dear(first_guess(self.problem, tiers))
        if places(self.problem):
            # Minimums come before the limit too.
            times = {MINIMUMS: WORTH * dear, **times}
        free = self.network.solve(times)
        few = _Point(0, self._kept(free), self._worth(times, free), free.bound)
        if few.kept >= self.least:
            self._offer(free)
            return _Claim(tiers[-1], times, free, free.bound)
        return _Claim(tiers[-1], times, free, self._bound(times, few, dear))

    def _dear(self, times: Mapping[str, int]) -> int:
        """More than any other pair is worth in a mixture."""
        gains = combine(self.problem, times)
        steps = (gains.pair, gains.mentors.first, gains.mentees.first)
        return WORTH * sum(int(np.abs(step).max(initial=1)) for step in steps)

    def _bound(self, times: Mapping[str, int], few: _Point, dear: int) -> int:
        """What the mixture cannot exceed within the limit: the least over prices of a kept pair."""
        scale = self._scale(times, dear)
        few, bound = replace(few, worth=scale * few.worth, bound=scale * few.bound), scale * few.bound
        many = self._at(times, scale, dear * scale)
        for _ in range(STEPS):
            bound = min(bound, many.bound - many.price * self.least)
            if many.kept < self.least or self.network.stopped:
                break
            price = -(-(few.worth - many.worth) // (many.kept - few.kept))
            if price in (few.price, many.price):
                break
            point = self._at(times, scale, price)
            bound = min(bound, point.bound - price * self.least)
            reached = [each.worth + price * each.kept for each in (few, many)]
            if point.worth + price * point.kept <= max(reached):
                break
            few, many = (few, point) if point.kept >= self.least else (point, many)
        return bound // scale

    def _scale(self, times: Mapping[str, int], dear: int) -> int:
        """How much finer than the mixture's units prices are: as fine as numbers allow."""
        for scale in SCALES[:-1]:
            with suppress(CallError):
                combine(self.problem, _mixed(times, scale, dear * scale))
                return scale
        return SCALES[-1]

    def _at(self, times: Mapping[str, int], scale: int, price: int) -> _Point:
        """The best pairs where a kept pair is worth so much more; offered where they are within the limit."""
        best = self.network.solve(_mixed(times, scale, price))
        if self._kept(best) >= self.least:
            self._offer(best)
        return _Point(price, self._kept(best), scale * self._worth(times, best), best.bound)

    def _kept(self, best: Optimum) -> int:
        return tier_value(self.problem, "kept", best.pairs)

    def _worth(self, times: Mapping[str, int], best: Optimum) -> int:
        return mixed_value(self.problem, times, best.pairs)

    def _offer(self, best: Optimum) -> None:
        """Take valid pairs in hand unless those there are better."""
        offered = worth(self.problem, best.pairs)
        valid = offered[0] == places(self.problem)
        if valid and (self._hand is None or offered > self._hand[0]):
            self._hand = offered, best.pairs

    def _proof(self, claim: _Claim, pairs: NDArray[np.intp]) -> TierProof:
        """The bound that prices alone prove, and the one within the limit."""
        value = tier_value(self.problem, claim.tier, pairs)
        earlier = {tier: often for tier, often in claim.times.items() if tier != claim.tier}
        known = mixed_value(self.problem, earlier, pairs)
        verified, bound = claim.free.bound - known, min(claim.bound, claim.free.bound) - known
        prices = (claim.free.mentor_prices, claim.free.mentee_prices)
        kind = "prices" if value == verified else "search"
        return TierProof(claim.tier, value, max(bound, value), verified, kind, earlier, *prices)


def _mixed(times: Mapping[str, int], scale: int, price: int) -> dict[str, int]:
    """The mixture so many times, and what a kept pair is worth besides."""
    mixture = {tier: scale * often for tier, often in times.items()}
    return {**mixture, "kept": mixture.get("kept", 0) + price}


# -- as a quota -------------------------------------------------------------------------------


def _row(problem: Problem, least: int) -> Group:
    """The limit as a quota: each running pair counts, by the class of its mentor and that of its mentee."""
    none = np.empty((0, 2), np.int64)
    pairs = none if problem.earlier is None else problem.earlier.pairs
    sides = [np.unique(pairs[:, side], return_inverse=True) for side in (0, 1)]
    sizes = [len(who) + 1 for who, _ in sides]
    if sizes[0] * sizes[1] > CELLS:
        raise CallError([Finding("bad_argument", TOO_MANY, column="max_changes")])
    tables = [np.zeros(people, np.int32) for people in (problem.n_mentors, problem.n_mentees)]
    for table, (who, _) in zip(tables, sides, strict=True):
        table[who] = np.arange(1, len(who) + 1)
    cells = np.zeros(sizes, np.int64)
    cells[sides[0][1] + 1, sides[1][1] + 1] = 1
    cross = Cross(tables[0], tables[1], cells)
    return replace(_told(least), pairs=cross)


def _told(least: int) -> Group:
    """The limit, as messages call it."""
    return Group("max_changes", "running pairs that stay", least=least)


def _as_quota(problem: Problem, least: int, beyond: Beyond | None, how: Mapping[str, Any]) -> Solution:
    """The limit as one more quota; proofs are told without it, as prices that know of no limit hold."""
    if beyond is not None:
        raise CallError([Finding("bad_argument", TOO_MANY, column="max_changes")])
    whole = replace(problem, groups=(*problem.groups, _row(problem, least)))
    found = solve(whole, **how)
    part = usable(problem).problem
    values = {proof.tier: proof.value for proof in found.tiers} | {MINIMUMS: places(problem)}
    return replace(found, tiers=tuple(_without_row(part, proof, values) for proof in found.tiers))


def _without_row(problem: Problem, proof: TierProof, values: Mapping[str, int]) -> TierProof:
    """The proof as prices alone show it, beside the bound within the limit."""
    if proof.tier in FLOORS or not len(proof.group_prices) or not proof.group_prices[-1]:
        return replace(proof, group_prices=proof.group_prices[: len(problem.groups)], canonical=False)
    if len(proof.coach_prices):
        raise CallError([Finding("bad_argument", TOO_MANY, column="max_changes")])
    told = restated(problem, replace(proof, group_prices=proof.group_prices[:-1]), values)
    return replace(told, bound=min(proof.bound, told.bound))
