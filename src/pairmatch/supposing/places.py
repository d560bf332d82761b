"""What one more place of one person brings: by a repair of the matching, or by solving again.

Where a person's prices say that a further place is worth nothing in any tier, nothing is solved: the bound
that the prices prove holds for the larger problem too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import InfeasibleError, NoSolutionError, SolverError
from pairmatch.match import Work, solved_again
from pairmatch.problem import Ints, Loads, Problem, Stopped, TierProof
from pairmatch.scoring import Fit, loads, suiting, wholes
from pairmatch.scoring.sweep import Sweep
from pairmatch.supposing.standing import Made, gained

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.scoring.workers import Workers
    from pairmatch.solver.repair import Standing

__all__ = ["Gain", "Places"]

Bools = NDArray[np.bool_]

LINEAR = frozenset({"must_match", "mentees", "mentors", "pairs", "total", "spread", "held", "kept", "waited"})
"""Tiers whose prices are those of places."""


@dataclass(frozen=True)
class Gain:
    """What one more place of somebody brings.

    Attributes
    ----------
    side, at
        0 for a mentor, 1 for a mentee; the position.
    tiers
        What each tier gains, in units; None where that is not known, or where it is proven that then there
        is no valid matching.
    exact
        Whether it is proven; else the gains are bounds.
    """

    side: int
    at: int
    tiers: tuple[int | None, ...]
    exact: bool


class Places:
    """One more place of one person after the other.

    Parameters
    ----------
    made
        The matching and its problem.
    workers
        Who sweeps, where there is no room for all pairs.
    work
        When to end.
    """

    def __init__(self, made: Made, workers: Workers, work: Work) -> None:
        self._made, self._workers, self._work = made, workers, work
        self._proofs = made.matching.certificate.proofs
        self.complete = True

    def bounds(self, side: int) -> list[Gain]:
        """What the prices say of everybody of a side: at most so much."""
        return [self._bounded(side, at) for at in range(len(self._capacity(side)))]

    def gains(self, side: int) -> Iterator[Gain]:
        """What solving says of everybody of a side; only bounds once the time is up."""
        for at in range(len(self._capacity(side))):
            bound = self._bounded(side, at)
            if not bound.exact and not self._counts(side, at):
                bound = replace(bound, tiers=(0,) * len(self._proofs), exact=self._proven)
            yield bound if bound.exact else self._found(bound)

    @property
    def _proven(self) -> bool:
        return self._made.matching.certificate.proven

    def _counts(self, side: int, at: int) -> bool:
        """Whether rules about loads let one more place count."""
        if not self._made.matching.policy.load_rules:
            return True
        bounds = self._loads(side, at)
        return bool((bounds.mentor_capacity, bounds.mentee_capacity)[side][at] > self._capacity(side)[at])

    # -- prices ------------------------------------------------------------------------------

    def _bounded(self, side: int, at: int) -> Gain:
        """The first tier that may gain gains at most so much; nothing is known of those after it."""
        if not self._tell or not self._told_alike(side, at):
            return Gain(side, at, (None,) * len(self._proofs), exact=False)
        told: list[int | None] = []
        for rise in self._rises[side]:
            told.append(None if told and told[-1] != 0 else int(rise[at]))
        return Gain(side, at, tuple(told), exact=all(each == 0 for each in told))

    @cached_property
    def _tell(self) -> bool:
        """Whether prices prove every tier, and are those of places."""
        problem = self._made.problem
        plain = {*problem.objective} <= LINEAR and problem.coaching is None
        plain = plain and problem.loads.mentor_hours is None and self._revision_lets
        # Prices of whole sets of partners tell nothing of a mentor who can have more of them.
        return plain and all(
            proof.kind == "prices" and not proof.bundles and proof.value == proof.verified_bound
            for proof in self._proofs
        )

    def _told_alike(self, side: int, at: int) -> bool:
        """Whether the prices tell of the problem with one more place too."""
        problem = self._made.problem
        if self._capacity(side)[at] <= self._used[side][at]:
            return False  # nobody has held pairs of people without a free place against the prices
        return not (problem.groups or problem.evens) or self._same_groups(side, at)

    @cached_property
    def _used(self) -> tuple[Ints, Ints]:
        """How many required pairs each mentor and each mentee has."""
        problem = self._made.problem
        ours, theirs = problem.loads.required.T
        sizes = problem.n_mentors, problem.n_mentees
        return np.bincount(ours, minlength=sizes[0]), np.bincount(theirs, minlength=sizes[1])

    def _same_groups(self, side: int, at: int) -> bool:
        """Whether goals and rules over groups ask the same with one more place."""
        problem = self._made.problem
        if any(group.pairs is not None for group in problem.groups):
            return False
        return _told(self._larger(side, at)) == _told(problem)

    @cached_property
    def _rises(self) -> tuple[list[Ints], list[Ints]]:
        return _rises(self._made.problem, self._proofs)

    # -- solving -----------------------------------------------------------------------------

    def _found(self, bound: Gain) -> Gain:
        left = self._work.left
        if not self.complete or (self._work.time_limit is not None and left is not None and left <= 0.01):
            self.complete = False
            return bound
        repaired = self._repaired(bound)
        return repaired if repaired is not None else self._solved(bound)

    def _repaired(self, bound: Gain) -> Gain | None:
        """By paths from the matching as it stands; None where that is not possible, or proves nothing."""
        from pairmatch.solver.repair import Events

        standing, capacity = self._standing, int(self._capacity(bound.side)[bound.at])
        if standing is None or capacity == 0:
            return None
        more = {bound.at: capacity + 1}
        try:
            event = Events(mentee_capacity=more) if bound.side else Events(mentor_capacity=more)
            found = standing.repair(event)
            if not found.proven:
                return None
            told = tuple(found.values[proof.tier] - proof.value for proof in self._proofs)
            return replace(bound, tiers=told, exact=True)
        except SolverError:
            return None
        finally:
            standing.undo()

    @cached_property
    def _standing(self) -> Standing | None:
        from pairmatch.solver.repair import Standing, in_hand, is_repairable

        made, problem, solution = self._made, self._made.problem, self._made.solution
        if not (is_repairable(problem, solution) and self._revision_lets):
            return None
        if made.beyond is None:
            return Standing(problem, solution)
        sweep = made.beyond
        if len(problem.loads.required):
            # Whoever has no place beside required pairs has one now.
            everybody = replace(problem.loads, required=np.empty((0, 2), np.int64))
            people = made.built.scorer, made.built.mentors, made.built.mentees
            sweep = Sweep(*people, everybody, self._workers)
        problem, margin = in_hand(problem, solution, sweep)
        return Standing(problem, solution, sweep, margin)

    def _solved(self, bound: Gain) -> Gain:
        made, work = self._made, self._work
        problem = self._larger(bound.side, bound.at)
        beyond = made.beyond
        if beyond is not None:
            built = made.built
            beyond = Sweep(built.scorer, built.mentors, built.mentees, problem.loads, self._workers)
        try:
            found = solved_again(problem, beyond, made.matching.revision, work.left)
        except InfeasibleError:
            # Quotas that are shares of all places may ask for more than there is.
            return replace(bound, tiers=(None,) * len(self._proofs), exact=True)
        except (NoSolutionError, Stopped):
            self.complete = False
            return bound
        told = tuple(gained(now, then) for now, then in zip(self._proofs, found.tiers, strict=True))
        exact = found.proven and self._proven
        self.complete = self.complete and found.complete
        return replace(bound, tiers=told, exact=exact)

    def _larger(self, side: int, at: int) -> Problem:
        """The problem with one more place, and whatever follows from that."""
        made, built = self._made, self._made.built
        problem, bounds = made.problem, self._loads(side, at)
        people = self._with_place(side, at), made.matching.policy
        rows = built.mentors, built.mentees
        if problem.groups or problem.evens:
            whole = wholes(*people, bounds, *rows)
            problem = replace(problem, groups=whole.groups, evens=whole.evens)
        if problem.coaching is not None:
            found = suiting(*people, Fit.from_dict(made.matching.fitted).coaches, *rows, bounds)
            problem = replace(problem, coaching=None if found is None else found.coaching)
        return replace(problem, loads=bounds)

    def _with_place(self, side: int, at: int) -> Cohort:
        """The people, of whom this one has a place more."""
        cohort, built = self._made.matching.cohort, self._made.built
        people, rows = ((cohort.mentors, built.mentors), (cohort.mentees, built.mentees))[side]
        more = {people.ids[rows[at]]: int(self._capacity(side)[at]) + 1}
        return cohort.with_capacities({}, more) if side else cohort.with_capacities(more, {})

    def _loads(self, side: int, at: int) -> Loads:
        """Everybody's loads with this place; running pairs that may not end stay required."""
        built, required = self._made.built, self._made.problem.loads.required
        policy = self._made.matching.policy
        found = loads(self._with_place(side, at), policy, built.mentors, built.mentees)
        return replace(found, required=required)

    def _capacity(self, side: int) -> Ints:
        bounds = self._made.problem.loads
        return (bounds.mentor_capacity, bounds.mentee_capacity)[side]

    @property
    def _revision_lets(self) -> bool:
        """Whether no limit on changes stands beside the prices."""
        revision = self._made.matching.revision
        return revision is None or revision.max_changes is None


def _rises(problem: Problem, proofs: tuple[TierProof, ...]) -> tuple[list[Ints], list[Ints]]:
    """By how much one more place raises what the prices prove, tier by tier, for mentors and mentees."""
    from pairmatch.solver.gains import combine

    found: tuple[list[Ints], list[Ints]] = ([], [])
    for proof in proofs:
        times = {**proof.multipliers, proof.tier: proof.scale}
        gains = combine(problem, times, proof.group_prices if len(proof.group_prices) else None)
        sides = (gains.mentors, proof.mentor_prices), (gains.mentees, proof.mentee_prices)
        for told, (side, prices) in zip(found, sides, strict=True):
            more = replace(side, capacity=side.capacity + 1)
            told.append((more.best(prices) - side.best(prices)) // proof.scale)
    return found


def _told(problem: Problem) -> list[object]:
    """What goals and rules over groups ask, in plain values."""
    groups: list[object] = []
    for g in problem.groups:
        counted = [None if own is None else own.tobytes() for own in (g.mentors, g.mentees)]
        groups.append((g.part, g.name, g.target, g.limit, g.least, g.most, g.price, *counted))
    return groups + [(even.part, even.side, even.price, even.load.tobytes()) for even in problem.evens]
