"""The way through the objective over more pairs than anybody can store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pairmatch.errors import CallError, Finding, InfeasibleError, NoSolutionError, SolverError
from pairmatch.problem import MINIMUMS, Beyond, Ints, Problem, Report, Solution, TierProof
from pairmatch.solver.bounds import Dual
from pairmatch.solver.clock import NO_TIME, Clock
from pairmatch.solver.contradictions import below_minimum
from pairmatch.solver.floors import largest_that_holds, value_of
from pairmatch.solver.gains import places, tier_value
from pairmatch.solver.hand import places_of, worst_total
from pairmatch.solver.lexicographic import groups, solve_chain, strict_multipliers
from pairmatch.solver.rounds import Rounds

__all__ = ["Expedition", "refuse_unsweepable"]

NEVER = 2**62
"""Above every weight."""

UNSWEPT = {
    "leximin": (
        "'leximin' asks for all pairs at once, and there are too many to hold; "
        "take 'worst' in its place, or match region by region"
    ),
    "worst": (
        "'worst' over mentees with several mentors, or with hours, asks for all pairs at once, and there "
        "are too many to hold; give each mentee one mentor and leave hours out, leave 'worst' out, or match "
        "region by region"
    ),
}

GROUPS = (
    "goals and quotas over groups together with 'worst', or with hours, ask for all pairs at once, and there "
    "are too many to hold; leave one of them out, or match region by region"
)


def refuse_unsweepable(problem: Problem) -> None:
    """Refuse tiers that need all pairs at once."""
    unsweepable = not problem.single or problem.loads.mentor_hours is not None
    for tier, hint in UNSWEPT.items():
        if tier in problem.objective and (tier == "leximin" or unsweepable):
            raise CallError([Finding("bad_argument", hint, column="objective")])
    beside = "worst" in problem.objective or problem.loads.mentor_hours is not None
    if beside and (problem.groups or problem.evens):
        raise CallError([Finding("bad_argument", GROUPS, column="objective")])


class Expedition:
    """Solves one run of tiers after another, and keeps what is proven over all pairs.

    Parameters
    ----------
    problem
        Its pairs are the required ones and, in a re-match, the running ones.
    beyond
        All other pairs.
    clock, report
        The deadline, and who is told.
    """

    def __init__(self, problem: Problem, beyond: Beyond, clock: Clock, report: Report | None = None) -> None:
        self.rounds = Rounds(problem, beyond, clock, report or (lambda _: None))
        self._known: list[TierProof] = []
        self._published: list[TierProof] = []

    def run(self) -> Solution:
        """Solve every tier of the objective."""
        self.rounds.start()
        runs = groups(self.rounds.problem.objective)
        if runs[0] == ["worst"]:
            self._linear([])
        for run in runs:
            self._published += [self._worst()] if run == ["worst"] else self._linear(run)
        if runs[-1] == ["worst"]:
            self._linear(["total"])
        return self._solution()

    # -- linear tiers ------------------------------------------------------------------------

    def _linear(self, tiers: Sequence[str]) -> list[TierProof]:
        """A run of linear tiers; with the first one, the hard minimums."""
        names = [proof.tier for proof in self._known]
        more = [tier for tier in tiers if tier not in names]
        if places(self.rounds.problem) and MINIMUMS not in names:
            more = [MINIMUMS, *more]
        if more:
            chain = solve_chain(self.rounds, [*names, *more], self._known)
            self._known = list(chain.proofs)
            self._check_minimums()
        return [proof for proof in self._known if proof.tier in tiers]

    def _check_minimums(self) -> None:
        """Say who cannot be served; only what is proven over all pairs says so."""
        problem, filled = self.rounds.problem, self._known[0]
        if filled.tier != MINIMUMS or filled.value == places(problem):
            return
        if filled.bound < places(problem):
            raise InfeasibleError(below_minimum(problem, self.rounds.hand.pairs))
        raise NoSolutionError(NO_TIME)

    # -- floors ------------------------------------------------------------------------------

    def _worst(self) -> TierProof:
        """The largest floor that keeps the tiers so far, and the cut that shows it."""
        rounds = self.rounds
        multipliers = strict_multipliers(self._known)
        target = sum(times * value_of(self._known, tier) for tier, times in multipliers.items())
        most = int(rounds.problem.weight[: rounds.required].min(initial=NEVER))
        # Where the tiers so far ask for nobody, one pair is asked for: the heaviest.
        asked, aim = (multipliers, target) if target or rounds.required else ({"pairs": 1}, 1)
        cut = None
        while cut is None and not rounds.stopped:
            best = self._highest(asked, aim, most)
            rounds.floor = best + 1
            # A required pair caps the floor by itself, whatever the prices.
            cut = rounds.capped(asked, aim) if best < most else Dual(*self._silence(), 0)
        value = worst_total(rounds.problem, rounds.hand.pairs)
        rounds.floor = value
        if cut is None:
            return self._loose_floor(value, most)
        prices = (cut.mentor_prices, cut.mentee_prices)
        return TierProof("worst", value, value, value, "cut", multipliers, *prices)

    def _highest(self, multipliers: Mapping[str, int], target: int, most: int) -> int:
        """The largest floor that the pairs in hand can have."""
        rounds = self.rounds
        levels = np.unique(np.append(rounds.problem.weight, 0))
        levels = levels[levels <= most]
        start = np.searchsorted(levels, worst_total(rounds.problem, rounds.hand.pairs))

        def holds(level: int) -> bool:
            rounds.floor = level
            return rounds.reaches(multipliers, target)

        return largest_that_holds(levels, holds, min(int(start), len(levels) - 1))

    def _loose_floor(self, value: int, most: int) -> TierProof:
        """A floor for which no time was left: no pair weighs more than the unit."""
        problem = self.rounds.problem
        bound = max(value, min(problem.unit, most))
        return TierProof("worst", value, bound, bound, "search", {}, *self._silence())

    def _silence(self) -> tuple[Ints, Ints]:
        """Prices that say nothing."""
        problem = self.rounds.problem
        return np.zeros(problem.n_mentors, np.int64), np.zeros(problem.n_mentees, np.int64)

    # -- the answer --------------------------------------------------------------------------

    def _solution(self) -> Solution:
        rounds = self.rounds
        tiers = tuple(self._final(proof) for proof in self._published)
        complete = not rounds.stopped and all(proof.value == proof.bound for proof in tiers)
        return Solution(places_of(rounds.problem, rounds.hand.pairs), tiers, complete, rounds.stats)

    def _final(self, proof: TierProof) -> TierProof:
        """A proof that speaks of the matching in hand."""
        problem, pairs = self.rounds.problem, self.rounds.hand.pairs
        worst = proof.tier == "worst"
        if proof.value != (worst_total(problem, pairs) if worst else tier_value(problem, proof.tier, pairs)):
            raise SolverError(f"tier '{proof.tier}' lost its value")
        return proof
