"""The way through the objective where there are groups: one mixture for all tiers, then a proof for each.

All tiers are solved together, the earlier ones with multipliers that probably hold them. Each tier is then
proven by prices of its own; where these leave a gap and few pairs can matter, a search closes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import InfeasibleError, NoSolutionError, SolverError
from pairmatch.groups import span
from pairmatch.problem import MINIMUMS, Ints, Problem, Progress, Report, Solution, TierProof
from pairmatch.solver.clock import NO_TIME, Clock
from pairmatch.solver.contradictions import below_minimum
from pairmatch.solver.faces import is_required, restrict
from pairmatch.solver.gains import combine, first_guess, mixed_value, places, tier_value
from pairmatch.solver.groups.counts import has_charges, has_quotas, ungrouped, varied
from pairmatch.solver.groups.directed import Directed, Standing
from pairmatch.solver.groups.opened import Opened
from pairmatch.solver.groups.picked import priced_starts, starts
from pairmatch.solver.groups.softened import ranges
from pairmatch.solver.lexicographic import solve_chain
from pairmatch.solver.network import Network
from pairmatch.solver.search import Infeasible, Search

__all__ = ["Grouped", "is_grouped"]

CLOSABLE = 4_000
"""Pairs that can matter up to which a search is asked to close a gap."""

SURELY = 500
"""Pairs that can matter up to which it is given all the time it needs."""

EFFORT = 4.0
"""Else how much, in the search's own measure, which is the same on every machine."""

SEARCHABLE = 20_000
"""Pairs up to which a search is asked for any valid matching at all."""

VARIED = (1, 4)
"""Where there are more, pairs of each person with each kind of partner among which one is looked for."""

LIKELY = 2_000
"""Pairs among which better ones are looked for where the gap is loose."""

LOOSE = 1e-4
"""A gap from which on they are."""

GROWTH = 8

TWELFTHS = 12
"""Prices on the groups of a tier that counts are mostly simple fractions."""

NOTHING_FITS = (
    "no matching that meets the quotas was found, nor was it shown that there is none; relax a quota, or "
    "match region by region"
)


def is_grouped(problem: Problem) -> bool:
    """Whether this way serves: groups, and nothing else that a flow cannot say."""
    floors = {"worst", "leximin"} & set(problem.objective)
    plain = problem.loads.mentor_hours is None and problem.coaching is None and not floors
    return plain and (has_charges(problem) or has_quotas(problem))


@dataclass(frozen=True)
class Claim:
    """What is known about a tier: a mixture, its bound by prices, and perhaps a search's bound.

    ``before`` holds the values of the earlier tiers that the search kept.
    """

    tier: str
    times: Mapping[str, int]
    standing: Standing
    searched: int | None = None
    before: tuple[int, ...] = ()


class Grouped:
    """Solves a problem with groups tier by tier and keeps what is proven.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`.
    clock, report
        The deadline, and who is told.
    start
        Prices of the groups near the best ones, for a unit of the last tier, where they are known.
    """

    def __init__(
        self, problem: Problem, clock: Clock, report: Report | None = None, start: Ints | None = None
    ) -> None:
        self.problem, self.clock, self._start = problem, clock, start
        self._report = report or (lambda _: None)
        self.tiers = [*([MINIMUMS] if places(problem) else []), *problem.objective]
        self.claims: list[Claim] = []
        self.directed = Directed(problem, self.tiers, clock, self._tell)
        self._stage = self.tiers[-1]

    def run(self) -> Solution:
        """Solve every tier of the objective.

        Raises
        ------
        Infeasible, InfeasibleError
            No matching is valid.
        NoSolutionError
            None was found.
        """
        loads = self.problem.loads
        if any(group.dearest(0, 0, span(group, loads)) is None for group in self.problem.groups):
            raise Infeasible
        self.directed.offer(np.flatnonzero(is_required(self.problem)))
        self._before_groups()
        if has_quotas(self.problem):
            self._offer(starts(self.problem, self.tiers, self.clock))
        rest = self.tiers[len(self.claims) :]
        if rest:
            self._together(rest)
        return self._solution()

    # -- all tiers together --------------------------------------------------------------------

    def _before_groups(self) -> None:
        """The tiers that groups do not touch, by flows."""
        untouched = list(self.tiers)
        if has_quotas(self.problem):
            untouched = untouched[: places(self.problem) > 0]
        else:
            charged = [at for at, tier in enumerate(self.tiers) if tier in ("spread", "total")]
            untouched = untouched[: charged[0]] if charged else untouched
        if not untouched:
            return
        network = Network(ungrouped(self.problem), self.clock)
        chain = solve_chain(network, untouched)
        if untouched[0] == MINIMUMS and chain.proofs[0].bound < places(self.problem):
            raise InfeasibleError(below_minimum(self.problem, chain.pairs))
        self.directed.offer(chain.pairs)
        self.directed.complete = network.complete
        values = {proof.tier: proof.value for proof in chain.proofs}
        none = np.zeros(len(self.problem.groups), np.int64)
        for proof in chain.proofs:
            base = sum(often * values[tier] for tier, often in proof.multipliers.items())
            standing = Standing(proof.verified_bound + base, proof.mentor_prices, proof.mentee_prices, none)
            self.claims.append(Claim(proof.tier, {**proof.multipliers, proof.tier: 1}, standing))

    def _together(self, rest: list[str]) -> None:
        times = first_guess(self.problem, self.tiers, worth=1)
        last = self._maximise(times)
        if has_quotas(self.problem) and self._is_loose(last):
            prices = np.rint(last.standing.group_prices / last.standing.scale).astype(np.int64)
            self._offer(priced_starts(self.problem, self.tiers, self.clock, prices))
        for tier in rest[:-1]:
            self._prove(tier, times, last.standing)
        for _ in range(2):
            if self.clock.over or not self.directed.loose or self._left(last) <= 0:
                break
            times = {tier: often * (1 if tier == rest[-1] else GROWTH) for tier, often in times.items()}
            last = min(last, self._maximise(times), key=self._verified)
        self.claims.append(self._closed(last))

    def _maximise(self, times: Mapping[str, int]) -> Claim:
        self._stage = self.tiers[-1]
        start = None if self._start is None else self._start * times[self.tiers[-1]]
        found = self.directed.maximise(times, self.tiers[-1], start)
        if self.directed.pairs is None:
            self._anything(times)
        return Claim(self.tiers[-1], times, found)

    def _anything(self, times: Mapping[str, int]) -> None:
        """Any valid matching at all: quotas may leave few."""
        if len(self.problem.mentor) > SEARCHABLE:
            for each in VARIED:
                if self.directed.pairs is None and not self.clock.over:
                    self.directed.mend(times, varied(self.problem, each))
        if self.directed.pairs is not None:
            return
        if self.clock.over:
            raise NoSolutionError(NO_TIME)
        if len(self.problem.mentor) > SEARCHABLE:
            raise NoSolutionError(NOTHING_FITS)
        search = Search(self.problem, self.clock)
        self.directed.offer(search.maximise(search.linear(self.problem.objective[0])).pairs)

    # -- one tier ------------------------------------------------------------------------------

    def _prove(self, tier: str, times: Mapping[str, int], last: Standing) -> None:
        """A proof of a tier before the last one: by simple prices on groups, or by its own."""
        self._stage = tier
        own = {name: times[name] for name in self.tiers[: self.tiers.index(tier) + 1]}
        useful = np.clip(last.group_prices, *ranges(self.problem, own))
        steps = (times[tier], -(-times[tier] // TWELFTHS), 1)
        tried = [np.rint(useful / step) * step for step in steps]
        best = None
        for prices in (tried[0], np.zeros_like(useful), *tried[1:]):
            if best is None or (self._left(Claim(tier, own, best)) > 0 and not self.clock.over):
                other = self.directed.bound(own, prices.astype(np.int64))
                best = other if best is None or other.bound < best.bound else best
        if best is None:
            raise SolverError("no prices of groups were tried")
        if self._left(Claim(tier, own, best)) > 0 and not self.clock.over:
            other = self.directed.maximise(own, tier)
            best = other if other.bound < best.bound else best
        self.claims.append(self._closed(Claim(tier, own, best)))

    def _closed(self, claim: Claim) -> Claim:
        """A claim without a gap, where a search can close it; else at least better pairs."""
        if self._left(claim) <= 0 or self.clock.over:
            return claim
        if self._is_loose(claim):
            self.directed.mend(claim.times, self._likely(claim))
        matter = self._matter(claim)
        small = int(matter.sum()) <= CLOSABLE and not self.clock.over
        return self._searched(claim, matter) if small and self._left(claim) > 0 else claim

    def _matter(self, claim: Claim) -> NDArray[np.bool_]:
        """The pairs that a better matching can have, by what prices prove."""
        problem, standing = self.problem, claim.standing
        slack = (standing.bound + 1) * standing.scale - 1
        slack -= mixed_value(problem, claim.times, self._hand()) * standing.scale
        matter = self._reduced(claim) >= -slack
        matter[self._hand()] = True
        return matter

    def _likely(self, claim: Claim) -> NDArray[np.bool_]:
        """The likeliest few of them; where many are as likely, the heaviest ones."""
        order = np.lexsort((-self.problem.weight, -self._reduced(claim)))
        likely = np.zeros(len(order), bool)
        likely[order[:LIKELY]] = likely[self._hand()] = True
        return likely

    def _reduced(self, claim: Claim) -> Ints:
        """By how much each pair changes the bound for matchings that hold it, or less; scaled."""
        problem, standing = self.problem, claim.standing
        times = {tier: often * standing.scale for tier, often in claim.times.items()}
        if standing.bundles:
            return -Opened(problem).priced(times, standing.mentee_prices, standing.group_prices).loss
        gain = combine(problem, times, standing.group_prices).pair
        return gain - standing.mentor_prices[problem.mentor] - standing.mentee_prices[problem.mentee]

    def _searched(self, claim: Claim, matter: NDArray[np.bool_]) -> Claim:
        part = restrict(self.problem, matter)
        search = Search(part.problem, self.clock)
        search.effort = None if len(part.index) <= SURELY else EFFORT
        before = self.tiers[: self.tiers.index(claim.tier)]
        pairs = self._hand()
        values = tuple(tier_value(self.problem, tier, pairs) for tier in before)
        for tier, value in zip(before, values, strict=True):
            if tier != MINIMUMS:
                search.keep(search.linear(tier), value)
        expression = search.linear(claim.tier)
        search.keep(expression, tier_value(self.problem, claim.tier, pairs))
        search.at_most(expression, self._verified(claim))
        search.hint(np.searchsorted(part.index, pairs))
        try:
            found = search.maximise(expression)
        except (NoSolutionError, Infeasible):
            return claim
        self.directed.offer(part.index[found.pairs])
        return replace(claim, searched=found.bound, before=values)

    # -- what holds ----------------------------------------------------------------------------

    def _hand(self) -> NDArray[np.intp]:
        if self.directed.pairs is None:
            raise NoSolutionError(NO_TIME)
        return self.directed.pairs

    def _verified(self, claim: Claim) -> int:
        """What the claim's prices prove, given the values that the earlier tiers have."""
        earlier = {tier: often for tier, often in claim.times.items() if tier != claim.tier}
        left = claim.standing.bound - mixed_value(self.problem, earlier, self._hand())
        return left // claim.times[claim.tier]

    def _left(self, claim: Claim) -> int:
        return self._verified(claim) - tier_value(self.problem, claim.tier, self._hand())

    def _is_loose(self, claim: Claim) -> bool:
        return self._left(claim) > LOOSE * max(abs(self._verified(claim)), 1)

    def _offer(self, several: Iterable[NDArray[np.intp]]) -> None:
        for pairs in several:
            self.directed.offer(pairs)

    def _tell(self, gap: float) -> None:
        done = len([claim for claim in self.claims if claim.tier != MINIMUMS])
        self._report(Progress(f"solving {self._stage}", done, len(self.problem.objective), gap=gap))

    def _solution(self) -> Solution:
        pairs = self._hand()
        proofs = [self._proof(claim) for claim in self.claims if claim.tier != MINIMUMS]
        chosen = np.stack([self.problem.mentor[pairs], self.problem.mentee[pairs]], axis=1).astype(np.int64)
        stats = {
            "pairs_allowed": len(self.problem.mentor),
            "flow_rounds": self.directed.network.rounds,
            "seconds": self.clock.elapsed,
        }
        exact = all(proof.value == proof.bound for proof in proofs)
        return Solution(chosen, tuple(proofs), exact and self.directed.complete, stats)

    def _proof(self, claim: Claim) -> TierProof:
        pairs, standing = self._hand(), claim.standing
        value, verified = tier_value(self.problem, claim.tier, pairs), self._verified(claim)
        before = tuple(tier_value(self.problem, tier, pairs) for tier in self.tiers[: len(claim.before)])
        bound = verified
        if claim.searched is not None and before == claim.before:
            bound = max(value, min(verified, claim.searched))
        return TierProof(
            claim.tier,
            value,
            bound,
            verified,
            "prices" if value == verified else "search",
            {tier: often * standing.scale for tier, often in claim.times.items() if tier != claim.tier},
            standing.mentor_prices,
            standing.mentee_prices,
            group_prices=standing.group_prices,
            scale=claim.times[claim.tier] * standing.scale,
            bundles=standing.bundles,
        )
