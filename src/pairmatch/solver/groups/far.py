"""Groups over more pairs than anybody can store.

The groups are solved on the pairs in hand; their prices, those of groups included, are held against all
pairs; those that beat them join, and the groups are solved again. A group over persons changes what a first
pair is worth and nothing else. A group over pairs makes a pair dearer or cheaper by the class of its mentor
and that of its mentee, so the mentors of each class are swept by themselves, at mentee prices of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import (
    MINIMUMS,
    Beyond,
    Found,
    Ints,
    Priced,
    Problem,
    Progress,
    Report,
    Solution,
    Stopped,
    TierProof,
)
from pairmatch.solver.beyond import Expedition
from pairmatch.solver.bounds import dual_bound, excess_beyond
from pairmatch.solver.clock import NO_TIME, Clock
from pairmatch.solver.gains import combine, places
from pairmatch.solver.groups.best_sets import best_sets
from pairmatch.solver.groups.counts import constant
from pairmatch.solver.hand import worth
from pairmatch.solver.pool import Pool, few_of_each
from pairmatch.solver.search import Infeasible

__all__ = ["Far"]

JOINING = 24
"""Pairs of each mentor that a sweep brings."""

EACH = 12
"""Pairs of each person that join after a round."""

MOST = 16_000_000
"""Pairs up to which more are taken in, where those in hand keep no quota."""

ENOUGH = 1e-6
"""A gap at which no further round is worth its time."""

ROUNDS = 8
"""Most rounds; what pairs are left then is paid for by the bound."""

NOTHING_FITS = (
    "no valid matching was found among each person's best pairs: quotas, minimums and required pairs "
    "stand against each other; relax one of them, or match region by region"
)


class Solve(Protocol):
    """Who solves the groups on the pairs in hand."""

    def __call__(self, problem: Problem, clock: Clock, /, *, start: Ints | None = None) -> Solution:
        """Solve them; ``start`` are prices of the groups for a unit of the last tier, from the last round."""
        ...


class Far:
    """Solves a problem with groups round by round, and keeps what is proven over all pairs.

    Parameters
    ----------
    problem
        Its pairs are the required ones and, in a re-match, the running ones.
    beyond
        All other pairs.
    clock, report
        The deadline, and who is told.
    inner
        Who solves the groups on the pairs in hand.
    """

    def __init__(
        self, problem: Problem, beyond: Beyond, clock: Clock, report: Report | None, inner: Solve
    ) -> None:
        self._problem, self._beyond, self._clock, self._inner = problem, beyond, clock, inner
        self._report = report or (lambda _: None)
        self._pool = Pool(problem)
        self._stats: dict[str, float] = {}
        self._sweeps = 0

    def run(self) -> Solution:
        """Solve, price, sweep, join, until no pair beats the prices.

        Raises
        ------
        NoSolutionError
            The time was up before a valid matching was found.
        """
        self._start()
        best = start = None
        for number in range(1, ROUNDS + 1):
            if best is not None and self._clock.over:
                break
            try:
                solution = self._inner(self._ordered(), self._clock, start=start)
            except Infeasible:
                if not self._more(number):
                    raise
                continue
            start = _prices(solution)
            told, found = self._held(solution)
            best = _better(self._pool.problem, best, replace(solution, tiers=told))
            self._report(Progress("solving groups", round=number, gap=max(t.gap for t in best.tiers)))
            if found is None or max(proof.gap for proof in best.tiers) <= ENOUGH:
                break
            if not self._join(found):
                break
        if best is None:
            raise NoSolutionError(NO_TIME if self._clock.over else NOTHING_FITS)
        return self._told(best)

    def _more(self, number: int) -> int:
        """More of each person's best pairs, as those in hand keep no quota; 0 where they are all in hand.

        Raises
        ------
        NoSolutionError
            The time was up, or there would be too many.
        """
        each, people = EACH << (2 * number), max(self._problem.n_mentors, self._problem.n_mentees)
        while each * people <= MOST or each <= EACH << 2:
            try:
                found = self._beyond.best(each, each, lambda: self._clock.over)
            except Stopped:
                raise NoSolutionError(NO_TIME) from None
            joined = self._pool.join(found, self._pool.unknown(found))
            if self._clock.over:
                raise NoSolutionError(NO_TIME)
            if joined or each >= people:
                return joined
            each *= 4
        raise NoSolutionError(NOTHING_FITS)

    def _start(self) -> None:
        """Take in the pairs that matter when there are no groups."""
        plain = tuple(tier for tier in self._problem.objective if tier != "spread")
        plain = plain if "total" in plain else (*plain, "total")
        bare = replace(self._problem, groups=(), evens=(), objective=plain)
        expedition = Expedition(bare, self._beyond, self._clock, self._report)
        self._stats = dict(expedition.run().stats)
        had = expedition.rounds.problem
        free = slice(self._pool.begun, None)
        nothing = np.zeros(had.n_mentors, np.int64)
        known = Found(had.mentor[free], had.mentee[free], had.weight[free], nothing, complete=False)
        self._pool.join(known, np.ones(len(known.mentor), bool))

    def _ordered(self) -> Problem:
        """The pairs in hand, sorted by mentor and mentee."""
        problem = self._pool.problem
        order = np.lexsort((problem.mentee, problem.mentor))
        arcs = problem.mentor[order], problem.mentee[order], problem.weight[order]
        return replace(problem, mentor=arcs[0], mentee=arcs[1], weight=arcs[2])

    # -- over all pairs ----------------------------------------------------------------------

    def _held(self, solution: Solution) -> tuple[tuple[TierProof, ...], list[tuple[Found, Ints]] | None]:
        """The proofs as they hold over all pairs, and for each the pairs that beat its prices.

        None for the pairs where the time was up before all were seen: then only the loosest prices hold.
        """
        values = {proof.tier: proof.value for proof in solution.tiers}
        values[MINIMUMS] = places(self._problem)
        told, found = [], []
        for proof in solution.tiers:
            times = {**proof.multipliers, proof.tier: proof.scale}
            try:
                beating = self._beating(proof, times)
            except Stopped:
                return self._loosest(solution, values), None
            reduced = self._reduced(beating, proof, times)
            told.append(self._raised(proof, times, (beating, reduced), values))
            found.append((beating, reduced))
        return tuple(told), found

    def _raised(
        self,
        proof: TierProof,
        times: Mapping[str, int],
        beating: tuple[Found, Ints],
        values: Mapping[str, int],
    ) -> TierProof:
        """A proof with mentor prices raised for the pairs that are not in hand."""
        found, reduced = beating
        if proof.bundles:
            return self._proven(proof, times, values, found)
        u = proof.mentor_prices + excess_beyond(found, reduced, self._pool.unknown(found) & (reduced > 0))
        return self._proven(replace(proof, mentor_prices=u), times, values)

    def _proven(
        self,
        proof: TierProof,
        times: Mapping[str, int],
        values: Mapping[str, int],
        found: Found | None = None,
    ) -> TierProof:
        """A proof with the bound that its prices prove, when only pairs in hand or found beat them."""
        problem, required = self._pool.problem, self._pool.required
        if found is not None:
            problem = self._with(found)
        u, v = proof.mentor_prices, proof.mentee_prices
        prices = proof.group_prices if len(proof.group_prices) else None
        gains = combine(problem, times, prices)
        if proof.bundles:
            dual = best_sets(problem, gains, v, required).worth + int(gains.mentees.best(v).sum())
        else:
            reduced = gains.pair - u[problem.mentor] - v[problem.mentee]
            dual = dual_bound(gains, reduced, required, u, v).bound
        dual += constant(problem, times, prices)
        earlier = sum(often * values[tier] for tier, often in proof.multipliers.items())
        bound = (dual - earlier) // proof.scale
        kind = "prices" if bound == proof.value else "search"
        return replace(proof, bound=bound, verified_bound=bound, kind=kind, canonical=False)

    def _with(self, found: Found) -> Problem:
        """The pairs in hand and those found besides."""
        had, new = self._pool.problem, self._pool.unknown(found)
        return replace(
            had,
            mentor=np.concatenate([had.mentor, found.mentor[new]]),
            mentee=np.concatenate([had.mentee, found.mentee[new]]),
            weight=np.concatenate([had.weight, found.weight[new]]),
        )

    def _loosest(self, solution: Solution, values: Mapping[str, int]) -> tuple[TierProof, ...]:
        """Proofs by prices that no pair can beat, whatever it weighs."""
        problem = self._problem
        told = []
        for proof in solution.tiers:
            times = {proof.tier: 1}
            largest = times.get("total", 0) * problem.unit + times.get("pairs", 0)
            u = np.zeros(problem.n_mentors, np.int64)
            v = np.full(problem.n_mentees, largest)
            bare = replace(
                proof,
                multipliers={},
                mentor_prices=u,
                mentee_prices=v,
                group_prices=np.empty(0, np.int64),
                scale=1,
                bundles=False,
            )
            told.append(self._proven(bare, times, values))
        return tuple(told)

    def _reduced(self, found: Found, proof: TierProof, times: Mapping[str, int]) -> Ints:
        """What pairs gain above all prices."""
        gain = found.weight * np.int64(times.get("total", 0)) + np.int64(times.get("pairs", 0))
        for group, price in zip(self._problem.groups, proof.group_prices, strict=False):
            if price and group.pairs is not None:
                gain = gain - price * group.pairs.of(found.mentor, found.mentee)
        ours = self._last(proof, times) if proof.bundles else proof.mentor_prices
        return np.asarray(gain - ours[found.mentor] - proof.mentee_prices[found.mentee])

    def _last(self, proof: TierProof, times: Mapping[str, int]) -> Ints:
        """With bundles: what a pair must be worth to come into its mentor's best set."""
        problem = self._pool.problem
        gains = combine(problem, times, proof.group_prices if len(proof.group_prices) else None)
        return best_sets(problem, gains, proof.mentee_prices, self._pool.required).last

    def _beating(self, proof: TierProof, times: Mapping[str, int]) -> Found:
        """All pairs that beat a proof's prices, or the best of them."""
        total, pair = times.get("total", 0), times.get("pairs", 0)
        ours, most, parts = proof.mentor_prices, JOINING, []
        if proof.bundles:
            ours, most = self._last(proof, times), max(most, int(self._problem.loads.mentor_capacity.max()))
        for among, dearer in self._classes(proof):
            priced = Priced(ours, proof.mentee_prices + dearer, total, pair)
            if self._unbeatable(priced, among):
                continue
            self._sweeps += 1
            parts.append(self._beyond.beating(priced, most, lambda: self._clock.over, among=among))
        return _together(parts, self._problem.n_mentors)

    def _unbeatable(self, priced: Priced, among: Ints | None) -> bool:
        """Whether even the heaviest pair of the two cheapest people would not beat the prices."""
        u = priced.mentor_prices if among is None else priced.mentor_prices[among]
        if not len(u) or not len(priced.mentee_prices):
            return True
        heaviest = priced.total * self._problem.unit + priced.pair
        return heaviest <= int(u.min()) + int(priced.mentee_prices.min())

    def _classes(self, proof: TierProof) -> Iterator[tuple[Ints | None, Ints]]:
        """Mentors for whom mentees cost the same, and by how much more than their prices."""
        priced = [
            (group.pairs, int(price))
            for group, price in zip(self._problem.groups, proof.group_prices, strict=False)
            if price and group.pairs is not None
        ]
        if not priced:
            yield None, np.zeros(self._problem.n_mentees, np.int64)
            return
        codes = np.stack([cross.mentor for cross, _ in priced], axis=1)
        kinds, of = np.unique(codes, axis=0, return_inverse=True)
        for place, kind in enumerate(kinds):
            dearer = np.zeros(self._problem.n_mentees, np.int64)
            for (cross, price), own in zip(priced, kind, strict=True):
                dearer += price * cross.cells[own, cross.mentee]
            yield np.flatnonzero(of.ravel() == place), dearer

    def _join(self, found: Sequence[tuple[Found, Ints]]) -> int:
        """Take in the best of the pairs that beat the prices of any tier; how many they are."""
        joined = 0
        for beating, reduced in found:
            wanted = self._pool.unknown(beating) & (reduced > 0)
            joined += self._pool.join(beating, few_of_each(beating, reduced, wanted, EACH))
        return joined

    def _told(self, solution: Solution) -> Solution:
        counts = {"group_sweeps": float(self._sweeps), "pairs_core": float(len(self._pool))}
        stats = {**solution.stats, **self._stats, **counts, "seconds": self._clock.elapsed}
        return replace(solution, stats=stats)


def _prices(solution: Solution) -> Ints | None:
    """The groups' prices for a unit of the last tier; None where they have none."""
    last = solution.tiers[-1]
    return np.rint(last.group_prices / last.scale).astype(np.int64) if len(last.group_prices) else None


def _better(problem: Problem, best: Solution | None, new: Solution) -> Solution:
    """The better matching, with the better bounds where both speak of the same values of earlier tiers."""
    if best is None:
        return new
    older, newer = worth(problem, _indices(problem, best)), worth(problem, _indices(problem, new))
    first, second = (new, best) if newer >= older else (best, new)
    tiers, same = [], True
    for own, other in zip(first.tiers, second.tiers, strict=True):
        tighter = same and own.value <= other.verified_bound < own.verified_bound
        tiers.append(_revalued(other, own.value) if tighter else own)
        same = same and own.value == other.value
    return replace(first, tiers=tuple(tiers))


def _revalued(proof: TierProof, value: int) -> TierProof:
    """A proof's bound, told of another matching's value."""
    return replace(proof, value=value, kind="prices" if value == proof.verified_bound else "search")


def _indices(problem: Problem, solution: Solution) -> NDArray[np.intp]:
    """Where a solution's pairs stand among those in hand."""
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    order = np.argsort(keys)
    wanted = solution.pairs[:, 0] * problem.n_mentees + solution.pairs[:, 1]
    return order[np.searchsorted(keys[order], wanted)]


def _together(parts: Sequence[Found], mentors: int) -> Found:
    """What several sweeps found, each of other mentors."""
    nobody, nothing = np.empty(0, np.int32), np.empty(0, np.int64)
    mentor = np.concatenate([nobody, *(part.mentor for part in parts)])
    mentee = np.concatenate([nobody, *(part.mentee for part in parts)])
    weight = np.concatenate([nothing, *(part.weight for part in parts)])
    excess = sum((part.excess for part in parts), np.zeros(mentors, np.int64))
    order = np.lexsort((mentee, mentor))
    complete = all(part.complete for part in parts)
    return Found(mentor[order], mentee[order], weight[order], np.asarray(excess), complete)
