"""Bundles over more pairs than anybody can store: of those in hand first, then of all that could matter.

Mentee prices are held against all pairs, for one length of pairs after the other: of each mentor no more
pairs of a length can be in a bundle than there are places. Once no unknown pair is better than so many known
ones, the bundles in hand are the best over all pairs, and what they prove holds over all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import (
    MINIMUMS,
    Beyond,
    Found,
    Ints,
    Priced,
    Problem,
    Progress,
    Report,
    Stopped,
    TierProof,
    rank_among_equals,
)
from pairmatch.solver.bundled.bundles import Bundling, Mixture, finer
from pairmatch.solver.bundled.closing import settled_among_bundles
from pairmatch.solver.bundled.packer import Packer
from pairmatch.solver.clock import Clock
from pairmatch.solver.gains import first_guess, places
from pairmatch.solver.hand import Hand

__all__ = ["Widening"]

ROUNDS = 6
"""How often pairs join."""

LENGTHS = 24
"""Different needs of hours up to which sweeps are asked for each."""

SEARCHABLE = 700
"""Pairs in hand up to which their bundles are searched."""

EFFORT = 60.0
"""Work of such a search."""

Told = tuple[TierProof, Mapping[str, int]]


class Widening:
    """The pairs in hand, which grow by those that could be in a better bundle.

    Parameters
    ----------
    problem
        All pairs in hand, the required ones first; hours by mentee.
    required
        How many are required.
    beyond
        All other pairs.
    clock, report
        The deadline, and who is told.
    """

    def __init__(
        self, problem: Problem, required: int, beyond: Beyond, clock: Clock, report: Report | None
    ) -> None:
        self.problem, self._required = problem, required
        self._beyond, self._clock = beyond, clock
        self._report = report or (lambda _: None)
        self._round = 0

    def run(self, hand: Hand, flows: tuple[TierProof, ...]) -> tuple[Told, ...]:
        """Offer matchings to the hand; proofs of the last tier, with the values they are told for."""
        need = self.problem.loads.mentee_hours
        if need is None or len(np.unique(need)) > LENGTHS:
            return ()
        names = [MINIMUMS] * bool(places(self.problem)) + list(self.problem.objective)
        times = first_guess(self.problem, names)
        scale = finer(self.problem, times)
        multipliers = {name: scale * count for name, count in times.items()}
        prices, best = scale * self._start(flows, times), None
        for self._round in range(1, ROUNDS + 1):
            bundling = Bundling(self.problem)
            mixture = bundling.mixture(multipliers)
            packer = Packer(bundling, mixture, prices, self._clock, self._tell)
            packer.run()
            self._offer(hand, packer)
            prices = packer.best.prices
            bound = self._held(multipliers, mixture, bundling, prices)
            if bound is None:
                break
            dual, joined = bound
            if best is None or dual < best[0]:
                best = dual, prices
            if not joined:
                self._settle(hand, packer)
                break
        return () if best is None else (self._proof(names, multipliers, scale, *best),)

    def _offer(self, hand: Hand, packer: Packer) -> None:
        if packer.taken is not None:
            hand.offer(self.problem, packer.bundling.pairs(packer.taken))

    def _settle(self, hand: Hand, packer: Packer) -> None:
        """Where the pairs in hand are few: a search among their bundles."""
        if len(self.problem.mentor) <= SEARCHABLE and not packer.closed and not self._clock.over:
            settled_among_bundles(packer.bundling, packer, self._clock, EFFORT)
            self._offer(hand, packer)

    def _tell(self, gap: float) -> None:
        self._report(Progress("packing hours", round=self._round, gap=gap))

    def _start(self, flows: tuple[TierProof, ...], multipliers: Mapping[str, int]) -> Ints:
        last = flows[-1]
        same = {**last.multipliers, last.tier: 1} == dict(multipliers)
        return last.mentee_prices if same else np.zeros(self.problem.n_mentees, np.int64)

    def _held(
        self, multipliers: Mapping[str, int], mixture: Mixture, bundling: Bundling, prices: Ints
    ) -> tuple[int, int] | None:
        """What prices prove over all pairs, and how many of these joined; None where the time was up."""
        found = self._of_all_lengths(multipliers, mixture, bundling, prices)
        if found is None:
            return None
        joined = self._join(found)
        wider = Bundling(self.problem) if joined else bundling
        told = wider.priced(wider.mixture(multipliers) if joined else mixture, prices).bound
        return told, joined

    def _of_all_lengths(
        self, multipliers: Mapping[str, int], mixture: Mixture, bundling: Bundling, prices: Ints
    ) -> list[Found] | None:
        """The pairs of each length that are better than as many known ones as there are places."""
        need = self.problem.loads.mentee_hours
        if need is None:
            return []
        spread = int((mixture.load_gain.max(axis=1) - mixture.load_gain.min(axis=1)).max(initial=0))
        total, pair = multipliers.get("total", 0), multipliers.get("pairs", 0)
        barrier = total * self.problem.unit + abs(pair) + spread + 1
        most, found = int(self.problem.loads.mentor_capacity.max(initial=1)), []
        for length in np.unique(need).tolist():
            mentors = self._least_of_use(mixture, bundling, prices, need == length, -spread)
            mentees = np.where(need == length, prices, barrier)
            try:
                asked = Priced(mentors, mentees, total, pair)
                found.append(self._beyond.beating(asked, most, lambda: self._clock.over))
            except Stopped:
                return None
        return found

    def _least_of_use(
        self,
        mixture: Mixture,
        bundling: Bundling,
        prices: Ints,
        mine: NDArray[np.bool_],
        least: int,
    ) -> Ints:
        """For each mentor, the value that a pair must beat: that of the last known one that has a place."""
        at = np.flatnonzero(mine[bundling.mentee])
        value = mixture.gain[at] - prices[bundling.mentee[at]]
        order = np.lexsort((-value, bundling.mentor[at]))
        mentor, value = bundling.mentor[at][order], value[order]
        free = self._free_places()
        last = rank_among_equals(mentor) == free[mentor] - 1
        told = np.full(self.problem.n_mentors, least)
        told[mentor[last]] = np.maximum(value[last], least)
        return told

    def _free_places(self) -> Ints:
        loads = self.problem.loads
        carried = np.bincount(loads.required[:, 0], minlength=self.problem.n_mentors)
        return np.asarray(loads.mentor_capacity - carried)

    def _join(self, found: list[Found]) -> int:
        """Take in the pairs that are not in hand; how many they are."""
        old, width = self.problem, self.problem.n_mentees
        mentor = np.concatenate([each.mentor for each in found])
        mentee = np.concatenate([each.mentee for each in found])
        weight = np.concatenate([each.weight for each in found])
        known = old.mentor.astype(np.int64) * width + old.mentee
        new = ~np.isin(mentor.astype(np.int64) * width + mentee, known)
        self.problem = replace(
            old,
            mentor=np.concatenate([old.mentor, mentor[new]]),
            mentee=np.concatenate([old.mentee, mentee[new]]),
            weight=np.concatenate([old.weight, weight[new]]),
        )
        return int(new.sum())

    def _proof(
        self, names: list[str], multipliers: Mapping[str, int], scale: int, dual: int, prices: Ints
    ) -> Told:
        """The last tier's bound, as if all tiers before it were 0."""
        earlier = {name: times for name, times in multipliers.items() if name != names[-1]}
        none = np.zeros(self.problem.n_mentors, np.int64)
        bound = dual // scale
        proof = TierProof(
            names[-1], bound, bound, bound, "search", earlier, none, prices, scale=scale, bundles=True
        )
        return proof, dict.fromkeys(names, 0)
