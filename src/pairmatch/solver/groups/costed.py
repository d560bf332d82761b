"""Budgets of hours beside groups and even loads.

Groups that only cost something forbid nothing: what hours allow without them is proven and valid with them,
for all tiers before the first that counts what they cost. From there on, prices on groups move what bundles
are worth. They come from the problem without hours; the bound that bundles prove with them holds. Where there
are quotas, whoever is chosen without hours is likely to keep them, and a search begins there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.problem import MINIMUMS, Ints, Problem, Report, Solution, TierProof
from pairmatch.solver.bundled.budgets import solve_budgeted, tightened
from pairmatch.solver.bundled.bundles import Bundling, Mixture, finer
from pairmatch.solver.bundled.covered import COVERING, held_tiers
from pairmatch.solver.bundled.packer import Packer
from pairmatch.solver.bundled.quick import positions, searchable
from pairmatch.solver.clock import Clock
from pairmatch.solver.course import Course
from pairmatch.solver.faces import restrict
from pairmatch.solver.gains import first_guess, places
from pairmatch.solver.groups.counts import charged, has_quotas, swing
from pairmatch.solver.groups.grouped import Grouped
from pairmatch.solver.groups.started import Started, values_of
from pairmatch.solver.hand import places_of, worth
from pairmatch.solver.restated import mixture_at, restated
from pairmatch.solver.search import Infeasible, fits

__all__ = ["is_costed", "solve_costed"]

CHARGED = ("spread", "total")

SHARES = (1.0, 0.5)
"""Parts of the prices of groups that are tried."""

SEARCHABLE = 3_000
"""Pairs up to which tiers are searched."""

SURELY = 500
"""Pairs up to which a search has all the time it needs."""

EFFORT = 40.0
"""Else how much, in the search's own measure."""

QUOTED = 100_000
"""The same where there are quotas, which bundles keep only by luck."""

FIRST, PRICED, PACKED = 0.5, 0.3, 0.4
"""Parts of the time left for hours without groups, for groups without hours, and for each mixture of both."""

CHOSEN = 0.25
"""The same for hours among the people whom groups chose."""


def is_costed(problem: Problem) -> bool:
    """Whether budgets of hours act, and groups or even loads, and no floors."""
    counted = bool(problem.groups or problem.evens) and problem.coaching is None
    floors = {"worst", "leximin"} & {*problem.objective}
    return problem.loads.mentor_hours is not None and counted and not floors


def solve_costed(problem: Problem, clock: Clock, report: Report | None = None) -> Solution:
    """The best matching within hours and quotas, or a good one with bounds by bundles.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`.
    clock, report
        The deadline, and who is told.
    """
    return _Costed(problem, clock, report).run()


@dataclass(frozen=True)
class _Hand:
    """The best matching so far, and what it is worth tier by tier."""

    pairs: NDArray[np.intp]
    worth: Sequence[int]


class _Costed:
    """One problem, the best matching so far, and proofs of each tier."""

    def __init__(self, problem: Problem, clock: Clock, report: Report | None) -> None:
        self.problem, self.clock, self._report = problem, clock, report
        tiers = problem.objective
        self._quotas = has_quotas(problem)
        self._touched = self._quotas or bool({*CHARGED} & {*tiers})
        self._proofs: dict[str, list[TierProof]] = {tier: [] for tier in tiers}
        self._hand: _Hand | None = None

    def run(self) -> Solution:
        """Hours alone, groups alone, both, and a search where pairs are few."""
        first = self._without_groups()
        searched = None
        if self._touched and not (self._hand and self.clock.over):
            grouped = self._without_hours()
            self._of_chosen(grouped)
            proofs = () if grouped is None else grouped.tiers
            proof = next((proof for proof in proofs if proof.tier == self._last), None)
            for share in SHARES:
                self._packed(proof, share)
            searched = self._searched()
        elif first is None and not self.clock.over:
            searched = self._from_nothing()
        return self._told(first, searched)

    # -- parts -------------------------------------------------------------------------------

    def _without_groups(self) -> Solution | None:
        tiers = tuple(tier for tier in self.problem.objective if tier != "spread") or ("total",)
        plain = replace(self.problem, groups=(), evens=(), objective=tiers)
        return self._budgeted(plain, self._slice(FIRST) if self._touched else self.clock)

    def _budgeted(self, plain: Problem, clock: Clock) -> Solution | None:
        """Hours alone; what is found is offered, and its prices are kept."""
        try:
            found = solve_budgeted(plain, clock, self._report)
        except (Infeasible, NoSolutionError):
            return None
        self._offer(positions(self.problem, found.pairs))
        if len(plain.mentor) == len(self.problem.mentor):
            self._keep(found.tiers)
        return found

    def _without_hours(self) -> Solution | None:
        """What groups ask for, without hours but for the places they leave."""
        tight = tightened(self.problem)
        loads = replace(tight.loads, mentor_hours=None, mentee_hours=None)
        part = replace(tight, loads=loads, pair_hours=None)
        try:
            found = Grouped(part, self._slice(PRICED), None).run()
        except (Infeasible, NoSolutionError):
            return None
        self._keep(found.tiers)
        return found

    def _of_chosen(self, grouped: Solution | None) -> None:
        """Hours alone among the people whom groups chose: likely to keep the quotas."""
        if grouped is None or not self._quotas or self.clock.over:
            return
        self._offer(positions(self.problem, grouped.pairs))
        chosen = [np.isin(self.problem.mentor, grouped.pairs[:, 0])]
        chosen.append(chosen[0] & np.isin(self.problem.mentee, grouped.pairs[:, 1]))
        for own in chosen:
            part = restrict(self.problem, own).problem
            tiers = tuple(tier for tier in self.problem.objective if tier != "spread") or ("total",)
            with suppress(InfeasibleError):
                self._budgeted(replace(part, groups=(), evens=(), objective=tiers), self._slice(CHOSEN))

    @property
    def _last(self) -> str:
        """The last tier that groups touch."""
        return [tier for tier in self.problem.objective if self._quotas or tier in CHARGED][-1]

    def _packed(self, proof: TierProof | None, share: float) -> None:
        """Bundles, with prices on groups; the coverage of the matching in hand held where that is said."""
        if self.clock.over:
            return
        problem, tier = self.problem, self._last
        bundling = Bundling(problem)
        names = [MINIMUMS, *problem.objective[: problem.objective.index(tier)]]
        held = (
            None if self._hand is None else held_tiers(problem, names, values_of(problem, self._hand.pairs))
        )
        single = int(problem.loads.mentee_capacity.max(initial=0)) <= 1
        idle = [] if held is None else [name for name in COVERING[: 2 + single] if name in names]
        times = first_guess(problem, [*(name for name in names if name not in idle), tier])
        scale = self._scale(times)
        times = {name: scale * times.get(name, 0) for name in (*names, tier)}
        mu = self._at(proof, times[tier], share)
        mixture = mixture_at(bundling, bundling.mixture(times, held), times, mu)
        packer = Packer(bundling, mixture, self._begin(proof, mixture, times[tier]), self._slice(PACKED))
        if self._hand is not None:
            packer.offer(bundling.taken(self._hand.pairs))
        packer.start(shifted=True)
        packer.run()
        if packer.taken is not None:
            self._offer(bundling.pairs(packer.taken))
        earlier, prices = {name: times[name] for name in names}, packer.best.prices
        if held is not None:
            earlier, prices = held.stated(earlier, prices, mixture.gains.mentees)
        none = np.zeros(problem.n_mentors, np.int64)
        told = TierProof(tier, 0, 0, 0, "search", earlier, none, prices, group_prices=mu)
        self._keep([replace(told, scale=times[tier], bundles=True)])

    def _begin(self, proof: TierProof | None, mixture: Mixture, scale: int) -> Ints:
        """Mentee prices to begin with, without what the tiers before add to them."""
        if proof is None or not self.problem.n_mentees:
            return np.zeros(self.problem.n_mentees, np.int64)
        prices = np.rint(proof.mentee_prices * (scale / proof.scale)).astype(np.int64)
        largest = int(np.abs(mixture.gain).max(initial=1))
        return np.asarray(np.clip(prices - int(np.median(prices)), -largest, largest), np.int64)

    def _scale(self, times: Mapping[str, int]) -> int:
        """How finely prices can be told."""
        fine = finer(self.problem, times)
        return fine if charged(times) * swing(self.problem) * fine < 2**40 else 1

    def _at(self, proof: TierProof | None, scale: int, share: float) -> Ints:
        """Prices of groups for a tier that counts so often."""
        if proof is None or not len(proof.group_prices):
            return np.zeros(len(self.problem.groups), np.int64)
        return np.asarray(np.rint(proof.group_prices * (share * scale / proof.scale)), np.int64)

    def _searched(self) -> Solution | None:
        """All tiers by search, from the best matching on."""
        size, hand = len(self.problem.mentor), self._hand
        if hand is None:
            return self._from_nothing()
        most = QUOTED if self._quotas else SEARCHABLE
        if size > most or not searchable(self.problem) or self.clock.over:
            return None
        effort = None if size <= SURELY else EFFORT
        try:
            found = Started(self.problem, hand.pairs, self.clock, self._report, effort).run()
        except NoSolutionError:
            return None
        self._offer(positions(self.problem, found.pairs))
        return found

    def _from_nothing(self) -> Solution:
        """All tiers by search; there may be no valid matching at all."""
        found = Course(self.problem, self.clock, self._report).run()
        self._offer(positions(self.problem, found.pairs))
        return found

    # -- what holds --------------------------------------------------------------------------

    def _slice(self, share: float) -> Clock:
        clock = self.clock
        return Clock(None if clock.limit is None else clock.left * share, lambda: clock.over)

    def _offer(self, pairs: NDArray[np.intp]) -> None:
        told = worth(self.problem, pairs)
        if not fits(self.problem, pairs):
            return
        if self._hand is None or told > list(self._hand.worth):
            self._hand = _Hand(np.sort(pairs), told)

    def _keep(self, proofs: Sequence[TierProof]) -> None:
        """Proofs whose prices may prove something here; by bundles they prove at least as much."""
        for proof in proofs:
            if proof.tier in self._proofs and proof.kind != "cut":
                none = np.zeros_like(proof.mentor_prices)
                self._proofs[proof.tier].append(replace(proof, mentor_prices=none, bundles=True))

    def _plain(self, tier: str) -> TierProof:
        """Prices of nothing, which prove little, but always something."""
        none = [np.zeros(count, np.int64) for count in (self.problem.n_mentors, self.problem.n_mentees)]
        return TierProof(tier, 0, 0, 0, "search", {}, none[0], none[1], bundles=True)

    def _told(self, first: Solution | None, searched: Solution | None) -> Solution:
        if self._hand is None or self._hand.worth[0] < places(self.problem):
            raise NoSolutionError("no valid matching")
        problem, pairs = self.problem, self._hand.pairs
        values = values_of(problem, pairs)
        known = {} if first is None else {proof.tier: proof for proof in first.tiers}
        theirs = {} if searched is None else {proof.tier: proof for proof in searched.tiers}
        proofs, same, as_first = [], True, True
        for at, tier in enumerate(problem.objective):
            told = [restated(problem, proof, values) for proof in self._proofs[tier] or [self._plain(tier)]]
            best = min(told, key=lambda proof: proof.verified_bound)
            bounds = [best.bound]
            if same and tier in theirs:
                bounds.append(theirs[tier].bound)
            if as_first and tier in known and "spread" not in problem.objective[:at]:
                bounds.append(known[tier].bound)
            proofs.append(replace(best, bound=max(min(bounds), values[tier])))
            same = same and tier in theirs and theirs[tier].value == values[tier]
            as_first = as_first and tier in known and known[tier].value == values[tier]
        stats = {"pairs_allowed": len(problem.mentor), "seconds": self.clock.elapsed}
        complete = not self.clock.over or all(not proof.gap for proof in proofs)
        return Solution(places_of(problem, pairs), tuple(proofs), complete, stats)
