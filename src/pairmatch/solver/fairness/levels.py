"""The tier ``"leximin"`` where no mentee has more than one mentor: many levels in one flow.

A guess says which weights are the next levels. Integers that separate these exactly are the costs of one
flow, in which any other weight counts as the next higher one of them, so that it is never worse than the
truth. Where the guess is as good as that flow, all these levels are settled at once. Where not, the levels
before the first difference are; if there are none, the next level is looked for by itself. Then there is a
new guess.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import CallError, SolverError
from pairmatch.problem import MINIMUMS, Ints, Problem, TierProof
from pairmatch.solver.clock import Clock, TimeUp
from pairmatch.solver.faces import Face, face, is_required, restrict
from pairmatch.solver.gains import places
from pairmatch.solver.lexicographic import Chain, solve_chain
from pairmatch.solver.network import Network

STEEP = 100
"""In a guess, how much more a low weight hurts than a higher one: the power of its distance from the top."""

ROOM = 2**49
"""Costs times people stay below this at first; the solver's limit leaves room for multipliers on minimums."""

NARROWER = 2**8
"""By how much less room there is after the multipliers found none."""


def leximin_face(
    problem: Problem,
    proofs: Sequence[TierProof],
    clock: Clock,
    report: Callable[[int, int], None] = lambda done, of: None,
) -> Face:
    """All matchings whose ascending weights of matched mentees are lexicographically largest.

    Parameters
    ----------
    problem
        Mentee capacities at most 1.
    proofs
        Proven tiers before this one; among them one that fixes how many mentees are matched.
    clock
        The deadline.
    report
        Told how many of the mentees' weights are settled, and how many there are.

    Raises
    ------
    TimeUp
        The deadline passed before all levels were settled.
    """
    return _Descent(face(problem, proofs), clock, report).run()


@dataclass(frozen=True)
class _Steps:
    """Levels to settle in one flow, and what each pair costs there.

    Attributes
    ----------
    levels
        Ascending weights.
    step
        For each pair, -1 where it is settled; ``2 * k + 1`` on level ``k``, ``2 * k`` between it and the
        level before, and ``2 * len(levels)`` above all.
    cost
        Of each pair; one pair on a step costs more than all that can be on the steps after it.
    """

    levels: Ints
    step: NDArray[np.intp]
    cost: Ints

    def counts(self, pairs: NDArray[np.intp]) -> Ints:
        """How many pairs are on each step."""
        return np.bincount(self.step[pairs] + 1, minlength=2 * len(self.levels) + 2)[1:-1].astype(np.int64)


class _Descent:
    """What is settled so far: the matchings that are best in all levels up to one.

    All matchings of the face have the same weights up to the level.
    """

    def __init__(self, part: Face, clock: Clock, report: Callable[[int, int], None]) -> None:
        self.part, self.clock, self._report = part, clock, report
        self.level = int(part.problem.weight.min(initial=0)) - 1
        self._room = max(1, ROOM // (part.problem.n_mentors + part.problem.n_mentees + 2))

    def run(self) -> Face:
        """Settle all levels."""
        guess: NDArray[np.intp] | None = None
        while self._is_open():
            try:
                guess = self._guess() if guess is None else guess
                weights = self.part.problem.weight[guess]
                self._report(int((weights <= self.level).sum()), len(weights))
                if (weights <= self.level).all():
                    break
                guess = self._settle(guess)
            except CallError:
                if self._room == 1:
                    raise
                self._room = max(1, self._room // NARROWER)
        return self.part

    def _is_open(self) -> bool:
        """Whether any pair above the level can still be chosen or not."""
        problem = self.part.problem
        return bool(((problem.weight > self.level) & ~is_required(problem)).any())

    def _guess(self) -> NDArray[np.intp]:
        """Pairs of the face that are likely to be best on the next levels."""
        problem = self.part.problem
        above = problem.weight > self.level
        top = int(problem.weight.max(initial=0))
        short = np.where(above, (top - problem.weight) / max(1, top - self.level), 0.0)
        return self._best(-np.rint(short**STEEP * self._room).astype(np.int64)).pairs

    def _settle(self, guess: NDArray[np.intp]) -> NDArray[np.intp] | None:
        """Settle at least one level; the guess as it stands in what is left, or None where it was beaten.

        Nothing between the levels is in the guess. So what beats it has fewer pairs on some level and the
        same before, and is truly better: up to that level there is nothing better still.
        """
        ahead = np.unique(self.part.problem.weight[guess])
        steps = self._steps(ahead[ahead > self.level])
        chain = self._best(-steps.cost)
        differs = steps.counts(guess) != steps.counts(chain.pairs)
        if not differs.any():
            return np.searchsorted(self._cut(steps, chain), guess)
        steps = self._steps(steps.levels[: int(np.argmax(differs)) // 2 + 1])
        self._cut(steps, self._best(-steps.cost))
        return None

    def _steps(self, levels: Ints) -> _Steps:
        """As many of the levels ahead as there is room for, one at least."""
        problem = self.part.problem
        step = np.searchsorted(levels, problem.weight) * 2
        step += np.isin(problem.weight, levels)
        step[problem.weight <= self.level] = -1
        most = self._most(step, 2 * len(levels))
        bits = np.cumsum(np.log2(most[1:] + 1.0))
        fits = max(1, (int((bits < np.log2(self._room)).sum()) + 1) // 2)
        cost = np.zeros(2 * fits + 2, np.int64)
        dearer = 1
        for place in range(2 * fits - 1, -1, -1):
            cost[place + 1] = dearer
            dearer *= int(most[place]) + 1
        step = np.minimum(step, 2 * fits)
        return _Steps(levels[:fits], step, cost[step + 1])

    def _most(self, step: NDArray[np.intp], steps: int) -> Ints:
        """For each step, the most mentees who can have a pair on it that is not required."""
        problem = self.part.problem
        on = np.flatnonzero((step >= 0) & (step < steps) & ~is_required(problem))
        each = np.unique(step[on].astype(np.int64) * problem.n_mentees + problem.mentee[on])
        return np.bincount(each // max(1, problem.n_mentees), minlength=steps).astype(np.int64)

    def _best(self, gain: Ints) -> Chain:
        """Pairs of the face with the largest sum of gains, proven."""
        counting = _counting(self.part.problem, gain)
        chain = solve_chain(Network(counting, self.clock), [MINIMUMS, "total"])
        if self.clock.over:
            raise TimeUp
        if not chain.proven or chain.proofs[0].value < places(counting):
            raise SolverError("a face of proven tiers has no matching")
        return chain

    def _cut(self, steps: _Steps, chain: Chain) -> NDArray[np.intp]:
        """Keep the matchings that are best on some levels; which pairs are left."""
        problem = self.part.problem
        part = face(_counting(problem, -steps.cost), chain.proofs)
        own = replace(part.problem, weight=problem.weight[part.index], groups=problem.groups)
        own = replace(own, evens=problem.evens, objective=problem.objective, earlier=problem.earlier)
        kept = Face(own, part.index)
        weight, last = kept.problem.weight, int(steps.levels[-1])
        exact = restrict(
            kept.problem, (weight <= self.level) | (weight > last) | np.isin(weight, steps.levels)
        )
        index = kept.index[exact.index]
        self.part, self.level = Face(exact.problem, self.part.index[index]), last
        return index


def _counting(problem: Problem, gain: Ints) -> Problem:
    """The problem with other gains of its pairs, and nothing else that counts."""
    return replace(problem, weight=gain, groups=(), evens=(), objective=("total",), earlier=None)
