"""The tiers one by one within hours: what bundles find, and what bundles or flows prove of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import MINIMUMS, Ints, Problem, Progress, Report, Solution, TierProof
from pairmatch.solver.bundled.bundles import Bundling, finer
from pairmatch.solver.bundled.closing import closed_in, settled_among_bundles
from pairmatch.solver.bundled.covered import COVERING, held_tiers
from pairmatch.solver.bundled.packer import Packer
from pairmatch.solver.bundled.packing import Pool
from pairmatch.solver.bundled.quick import half_of, positions
from pairmatch.solver.clock import Clock
from pairmatch.solver.gains import first_guess, places, tier_value

__all__ = ["Packed", "Work", "retold"]

SURE = 0.7
"""A gap of so much of the least earlier tier's multiplier leaves no hope for more in these tiers."""


@dataclass(frozen=True)
class Packed:
    """A matching by bundles, and a proof per tier."""

    pairs: NDArray[np.intp]
    proofs: tuple[TierProof, ...]

    @property
    def is_open(self) -> bool:
        """Whether some tier has a gap."""
        return any(proof.bound > proof.value for proof in self.proofs)


@dataclass(frozen=True, eq=False)
class _Mixed:
    """A packer of a mixture in which the last tier counts ``scale`` times, the earlier ones as said."""

    packer: Packer
    scale: int
    earlier: dict[str, int]

    def proof(self, tier: str, values: Mapping[str, int]) -> TierProof:
        """What the packer's prices prove, where the earlier tiers have these values."""
        best, mixture = self.packer.best, self.packer.mixture
        known = sum(times * values[name] for name, times in self.earlier.items())
        verified = (best.bound - known) // self.scale
        bound = max((self.packer.bound - known) // self.scale, values[tier])
        none = np.zeros(self.packer.bundling.problem.n_mentors, np.int64)
        earlier, prices = self.earlier, best.prices
        if mixture.held is not None:
            earlier, prices = mixture.held.stated(earlier, prices, mixture.gains.mentees)
        kind = _kind(values[tier], verified)
        told = TierProof(tier, values[tier], bound, verified, kind, earlier, none, prices)
        return replace(told, scale=self.scale, bundles=True)


class Work:
    """One problem within hours, its bundles, and the mixtures of its tiers.

    Parameters
    ----------
    problem
        Its pairs are sorted.
    names
        The tiers, the minimums first where there are any.
    flows
        Their proofs without the hours.
    clock, report
        The deadline, and who is told.
    """

    def __init__(
        self,
        problem: Problem,
        names: Sequence[str],
        flows: Sequence[TierProof],
        clock: Clock,
        report: Report | None,
    ) -> None:
        self.problem, self.names, self.clock = problem, list(names), clock
        self._flows = {proof.tier: proof for proof in flows}
        self._report = report or (lambda _: None)
        self.bundling = Bundling(problem)
        self._last: _Mixed | None = None

    def packed(self) -> Packed | None:
        """A matching by bundles, with what is proven of each tier; None where no valid one was found."""
        main = self._mixed(len(self.names) - 1)
        main.packer.run(enough=SURE * min(main.earlier.values(), default=0))
        if main.packer.taken is None:
            return None
        pairs = self.bundling.pairs(main.packer.taken)
        if tier_value(self.problem, MINIMUMS, pairs) < places(self.problem):
            return None
        self._last = main
        if not main.packer.closed:
            pairs = self._held_at(pairs, main.packer.pool)
        return self._proven(pairs)

    def stated(self, pairs: NDArray[np.intp], searched: Solution) -> Packed:
        """A search's answer, with what bundles or flows prove of each tier beside its bounds."""
        self._last = self._mixed(len(self.names) - 1)
        self._held_at(pairs, None, self._values(pairs))
        return self._tied(self._proven(pairs), searched)

    def better(self, found: Packed, searched: Solution) -> Packed:
        """The better one of two matchings, with the best that is known of each tier."""
        theirs = positions(self.problem, searched.pairs)
        pairs = max((found.pairs, theirs), key=lambda each: list(self._values(each).values()))
        if pairs is theirs:
            found = self._anew(pairs)
        return self._tied(found, searched)

    def closed(self, found: Packed, effort: float) -> Packed:
        """The last tier by a search among bundles, or among the pairs that prices leave open."""
        last = self._last
        if last is None or self.clock.over or Packed(found.pairs, found.proofs[:-1]).is_open:
            return found
        clock, packer = half_of(self.clock), last.packer
        if settled_among_bundles(self.bundling, packer, clock, effort) and packer.taken is not None:
            pairs: NDArray[np.intp] | None = self.bundling.pairs(packer.taken)
        else:
            pairs = closed_in(packer, last.scale, self.names, found.pairs, clock, effort)
        if pairs is None:
            return found
        value = tier_value(self.problem, self.names[-1], pairs)
        proof = replace(found.proofs[-1], value=value, bound=value)
        return Packed(pairs, (*found.proofs[:-1], replace(proof, kind=_kind(value, proof.verified_bound))))

    # -- mixtures ----------------------------------------------------------------------------

    def _mixed(self, at: int) -> _Mixed:
        """All tiers up to one, each counting far more than the next."""
        times = first_guess(self.problem, self.names[: at + 1])
        flow, scale = self._flows[self.names[at]], finer(self.problem, times)
        mixture = self.bundling.mixture({name: scale * count for name, count in times.items()})
        same = {**flow.multipliers, flow.tier: 1} == times
        start = flow.mentee_prices * scale if same else np.zeros_like(flow.mentee_prices)
        earlier = {name: scale * count for name, count in times.items() if name != self.names[at]}
        return _Mixed(Packer(self.bundling, mixture, start, self.clock, self._tell), scale, earlier)

    def _held_at(
        self, pairs: NDArray[np.intp], pool: Pool | None, target: Mapping[str, int] | None = None
    ) -> NDArray[np.intp]:
        """The last tier alone, where as many mentees are covered as by some pairs; better pairs, if any."""
        values, last = self._values(pairs), self._last
        held = held_tiers(self.problem, self.names[:-1], values)
        if held is not None:
            single = int(self.problem.loads.mentee_capacity.max(initial=0)) <= 1
            idle = [name for name in COVERING[: 2 + single] if name in self.names[:-1]]
            times = first_guess(self.problem, [name for name in self.names if name not in idle])
            scale = finer(self.problem, times)
            earlier = {name: scale * times.get(name, 0) for name in self.names[:-1]}
            mixture = self.bundling.mixture({**earlier, self.names[-1]: scale}, held)
            start = self._start(scale)
            last = _Mixed(Packer(self.bundling, mixture, start, self.clock, self._tell, pool), scale, earlier)
            last.packer.offer(self.bundling.taken(pairs))
            last.packer.start(shifted=pool is None)
        if last is None or (held is None and target is None):
            return pairs
        self._last = last
        last.packer.offer(self.bundling.taken(pairs))
        last.packer.run(last.packer.value if target is not None else None)
        return pairs if last.packer.taken is None else self.bundling.pairs(last.packer.taken)

    def _start(self, scale: int) -> Ints:
        """The flow's prices, without what the tiers before the last one add to them."""
        prices, largest = self._flows[self.names[-1]].mentee_prices, int(np.abs(self.problem.weight).max())
        middle = np.sort(prices)[len(prices) // 2]
        return np.asarray(scale * np.clip(prices - middle, -largest, largest))

    def _tell(self, gap: float) -> None:
        self._report(Progress("packing hours", gap=gap))

    # -- proofs ------------------------------------------------------------------------------

    def _values(self, pairs: NDArray[np.intp]) -> dict[str, int]:
        return {name: tier_value(self.problem, name, pairs) for name in self.names}

    def _proven(self, pairs: NDArray[np.intp]) -> Packed:
        """What flows or bundles prove of each tier, whichever is more."""
        values, there = self._values(pairs), {name: self._flows[name].value for name in self.names}
        proofs = []
        for at, tier in enumerate(self.names):
            best = retold(self._flows[tier], there, values)
            if best.bound > best.value:
                best = min(best, self._by_bundles(at, values), key=lambda proof: proof.verified_bound)
            proofs.append(best)
        return Packed(pairs, tuple(proofs))

    def _by_bundles(self, at: int, values: Mapping[str, int]) -> TierProof:
        tier, mixed = self.names[at], self._last
        if mixed is None or at < len(self.names) - 1:
            mixed = self._mixed(at)
            known = sum(times * values[name] for name, times in mixed.earlier.items())
            mixed.packer.run(mixed.scale * values[tier] + known)
        return mixed.proof(tier, values)

    def _anew(self, pairs: NDArray[np.intp]) -> Packed:
        """A better matching, proven as far as bundles go."""
        last = self._last
        if last is not None:
            last.packer.offer(self.bundling.taken(pairs))
            kept = last.packer.taken
            if kept is None or not np.array_equal(self.bundling.pairs(kept), pairs):
                pairs = self._held_at(pairs, last.packer.pool)
        return self._proven(pairs)

    def _tied(self, found: Packed, searched: Solution) -> Packed:
        """The bounds of a search too, as far as the tiers before have the values that it found."""
        theirs, proofs, same = {proof.tier: proof for proof in searched.tiers}, [], True
        for proof in found.proofs:
            told = theirs.get(proof.tier, proof)
            bound = min(proof.bound, max(told.bound, proof.value)) if same else proof.bound
            proofs.append(replace(proof, bound=bound))
            same = same and told.value == proof.value
        return Packed(found.pairs, tuple(proofs))


def retold(proof: TierProof, there: Mapping[str, int], here: Mapping[str, int]) -> TierProof:
    """A proof for other values of its own tier and the earlier ones.

    Parameters
    ----------
    proof
        Its bound is what its prices alone prove.
    there, here
        The values it was told for, and those it shall be told for.
    """
    lost = sum(times * (there[name] - here[name]) for name, times in proof.multipliers.items())
    bound, value = proof.verified_bound + lost // proof.scale, here[proof.tier]
    told = replace(proof, value=value, bound=bound, verified_bound=bound, canonical=False)
    return replace(told, kind=_kind(value, bound))


def _kind(value: int, verified: int) -> str:
    return "prices" if value == verified else "search"
