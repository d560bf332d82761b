"""A solved matching with everything needed to repair it: per tier its mixture, loads and prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import (
    MINIMUMS,
    REMATCH_TIERS,
    Found,
    Ints,
    Problem,
    Solution,
    TierProof,
    never,
    rank_among_equals,
)
from pairmatch.solver.gains import combine, pair_gains, places, tier_value
from pairmatch.solver.repair.events import Events
from pairmatch.solver.repair.links import Links
from pairmatch.solver.repair.mending import Mending
from pairmatch.solver.repair.reach import FEW, MOST, Margin, Reach, beating, cheaper
from pairmatch.solver.repair.repaired import Repaired
from pairmatch.solver.repair.residual import FIXED, TAKEN, Residual
from pairmatch.solver.repair.worths import Worths

__all__ = ["Standing", "is_repairable"]

LINEAR = ("must_match", "mentees", "mentors", "pairs", "total", *REMATCH_TIERS)
"""Tiers that a flow can say, and hence a path repair."""

NOTHING = np.empty(0, np.intp)

MANY = 2048
"""Where more pairs came in hand for what is undone, they go again."""


def is_repairable(problem: Problem, solution: Solution) -> bool:
    """Whether a solved problem is of the kind that paths repair, and proven by prices in every tier."""
    plain = problem.loads.mentor_hours is None and problem.coaching is None
    plain = plain and not problem.groups and not problem.evens
    proven = all(proof.kind == "prices" and proof.value == proof.verified_bound for proof in solution.tiers)
    return plain and proven and bool(solution.tiers) and set(problem.objective) <= set(LINEAR)


class Standing:
    """A matching that can be repaired.

    Parameters
    ----------
    problem
        Its pairs are those in hand: all allowed ones, or where there is a ``reach`` at least the chosen ones.
    solution
        Its best matching, see :func:`is_repairable`.
    reach
        The way to all other pairs; None where all are in hand.
    margin
        What is known of them, see :func:`in_hand`; None for nothing.
    """

    def __init__(
        self,
        problem: Problem,
        solution: Solution,
        reach: Reach | None = None,
        margin: Margin | None = None,
    ) -> None:
        if not is_repairable(problem, solution):
            raise SolverError("only what prices prove alone can be repaired")
        self.problem, self._reach, self.margin = problem, reach, margin
        self.links = Links(problem.mentor, problem.mentee, problem.n_mentors, problem.n_mentees)
        self._worths = Worths(problem, self.links)
        self._keys = np.sort(problem.mentor * np.int64(problem.n_mentees) + problem.mentee)
        self._later = set[int]()
        taken, fixed = (self._which(pairs) for pairs in (solution.pairs, problem.loads.required))
        self._mixtures = [{**proof.multipliers, proof.tier: proof.scale} for proof in solution.tiers]
        self._scales = [proof.scale for proof in solution.tiers]
        self._parts = []
        for proof, mixture in zip(solution.tiers, self._mixtures, strict=True):
            prices = proof.mentor_prices, proof.mentee_prices
            self._parts.append(Mending(Residual(self.links, combine(problem, mixture), taken, fixed, prices)))
        self._running = np.flatnonzero(self._which(problem.earlier.pairs)) if problem.earlier else NOTHING
        chosen = np.flatnonzero(taken)
        self.values = {tier: tier_value(problem, tier, chosen) for tier in (*problem.objective, MINIMUMS)}
        self._sums = [_mixed(mixture, self.values) for mixture in self._mixtures]
        self._places = places(problem)
        self._before, self._size = (dict(self.values), list(self._sums), self._places), len(self.links)
        for part in self._parts:
            part.check_all()
        self._mend(never)
        self.keep()

    # -- what callers ask --------------------------------------------------------------------

    def repair(self, events: Events, stop: Callable[[], bool] = never) -> Repaired:
        """Let something happen, and find the best matching again; :meth:`keep` it or :meth:`undo` it.

        Raises
        ------
        SolverError
            Fewer places are left than pairs that may not end, or a failed pair is not in hand.
        Stopped
            ``stop()`` was true; :meth:`undo` before anything else.
        """
        searches, size = self._searches(), len(self.links)
        failed = self._known(events.failed)
        if self._reach is not None and len(failed) < len(events.failed):
            raise SolverError("a failed pair is not in hand")
        for part in self._parts:
            self._happen(part, events, failed)
        self._mend(stop)
        ended, begun = self._changed()
        values = {tier: self.values[tier] for tier in self.problem.objective}
        full = self.values[MINIMUMS] == self._places
        found = self._searches() - searches, len(self.links) - size
        return Repaired(ended, begun, values, self._bounds(), *found, full)

    def keep(self) -> None:
        """What was repaired stands from now on."""
        for part in self._parts:
            part.begin()
        self._before = (dict(self.values), list(self._sums), self._places)
        self._size = len(self.links)

    def undo(self) -> None:
        """The matching as it was when it was last kept; a few pairs that came in hand stay there."""
        gone = self.links.later[self._size - self.links.first :]
        drop = len(gone) > MANY
        for part in self._parts:
            part.undo(self._size, drop=drop)
        if drop:
            n, width = self.problem.n_mentors, self.problem.n_mentees
            self._later -= {mentor * width + mentee - n for mentor, mentee in gone}
            self.links.drop(self._size)
            self._worths.drop(len(gone))
        values, sums, self._places = self._before
        self.values, self._sums = dict(values), list(sums)

    @property
    def pairs(self) -> Ints:
        """The matching: positions, mentor first; sorted."""
        residual = self._parts[-1].residual
        first = np.flatnonzero(residual.taken()).tolist()
        later = range(self.links.first, len(self.links))
        return self.links.positions(
            [*first, *(pair for pair in later if residual.state_of(pair) in (TAKEN, FIXED))]
        )

    def in_hand(self) -> tuple[Ints, Ints]:
        """All pairs in hand, allowed or not any more: positions, mentor first, and weights."""
        later = np.array(self.links.later, np.int64).reshape(-1, 2)
        later[:, 1] -= self.problem.n_mentors
        first = np.stack([self.problem.mentor, self.problem.mentee], axis=1).astype(np.int64)
        weight = np.concatenate([self.problem.weight, np.array(self._worths.later, np.int64)])
        return np.concatenate([first, later]), weight

    @property
    def loads(self) -> tuple[Ints, Ints]:
        """How many pairs each mentor and each mentee has."""
        load, n = self._parts[-1].residual.load, self.problem.n_mentors
        return load[:n].copy(), load[n:].copy()

    @property
    def proofs(self) -> tuple[TierProof, ...]:
        """One proof per tier; prices are copies."""
        n, bounds = self.problem.n_mentors, self._bounds()
        proofs = []
        for at, tier in enumerate(self.problem.objective):
            level = self._parts[at].residual.level
            earlier = {name: times for name, times in self._mixtures[at].items() if name != tier}
            value, bound = self.values[tier], bounds[tier]
            prices = level[:n].copy(), -level[n:]
            proofs.append(
                TierProof(tier, value, bound, bound, "prices", earlier, *prices, scale=self._scales[at])
            )
        return tuple(proofs)

    # -- what a curve asks -------------------------------------------------------------------

    def worth_of(self, tier: str) -> int:
        """How often the last mixture counts a tier."""
        return self._mixtures[-1][tier]

    def reward(self, more: int, stop: Callable[[], bool] = never) -> None:
        """Let every running pair count so much more in the last mixture, and find its best matching.

        Raises
        ------
        SolverError
            The earlier tiers do not keep their values.
        """
        part, mixture = self._parts[-1], self._mixtures[-1]
        for pair in part.residual.reward(self._running, more):
            part.check_pair(pair)
        part.settle()
        while self._reach is not None and self._look(part, mixture, stop):
            part.settle()
        for tier in self.problem.objective[:-2]:
            if self._before[0][tier] + self._worths.change(tier, part.residual) != self.values[tier]:
                raise SolverError(f"the tier '{tier}' has lost its value")

    def kept_and_total(self) -> tuple[int, int]:
        """Running pairs kept, and the total, of the last mixture's best matching."""
        last, (before, _, _) = self._parts[-1].residual, self._before
        kept, total = (before[tier] + self._worths.change(tier, last) for tier in ("kept", "total"))
        return kept, total

    # -- repairing ---------------------------------------------------------------------------

    def _happen(self, part: Mending, events: Events, failed: Sequence[int]) -> None:
        n = self.problem.n_mentors
        for who in (*events.mentors_left.tolist(), *(events.mentees_left + n).tolist()):
            part.leave(who)
        for pair in failed:
            part.forbid(pair)
        for pair in self._known(events.released):
            part.release(pair)
        sizes = {**events.mentor_capacity, **{n + who: size for who, size in events.mentee_capacity.items()}}
        for who, size in sizes.items():
            part.resize(who, size)
        for pair in self._known(events.fixed):
            part.fix(pair)

    def _known(self, pairs: Ints) -> list[int]:
        return [pair for i, j in pairs.tolist() if (pair := self.links.find(i, j)) is not None]

    def _mend(self, stop: Callable[[], bool]) -> None:
        """Find the best matching again, over all pairs, and count it."""
        self._settle()
        while self._reach is not None and self._look_beyond(stop):
            self._settle()
        self._count()

    def _settle(self) -> None:
        for part in self._parts:
            part.settle()

    def _look_beyond(self, stop: Callable[[], bool]) -> bool:
        """Take in pairs not in hand that beat changed prices; False where there are none."""
        looked = [
            self._look(part, mixture, stop) for part, mixture in zip(self._parts, self._mixtures, strict=True)
        ]
        return any(looked)

    def _look(self, part: Mending, mixture: Mapping[str, int], stop: Callable[[], bool]) -> bool:
        n, few = self.problem.n_mentors, self._few(part)
        most = max(MOST, 2 * few)
        while self._reach is not None:
            people = cheaper(part, n)
            margin = self.margin if part is self._parts[-1] else None
            found = beating(self._reach, part, people, mixture, self.problem, most, stop, margin)
            part.held()
            if found is None:
                return False
            joined, over = self._join(part, found, people, few)
            part.held(over if found.complete else {*over, *people[0].tolist(), *(people[1] + n).tolist()})
            if joined or found.complete:
                return joined > 0
            # All that were told may be in hand already, and may not be taken.
            most *= 4
        return False

    def _join(
        self, beaten: Mending, found: Found, people: tuple[Ints, Ints], few: int
    ) -> tuple[int, set[int]]:
        """Take in the best few of each changed person's new pairs; how many, and who has more of them."""
        n, level = self.problem.n_mentors, beaten.residual.level
        above = self._mixed_gain(beaten, found) - level[found.mentor] + level[n + found.mentee]
        shut = beaten.residual.shut()
        usable = (above > 0) & ~shut[found.mentor] & ~shut[n + found.mentee]
        new = np.flatnonzero(usable)
        new = new[self._unknown(found, new)]
        come: dict[int, int] = {}
        over: list[tuple[int, int]] = []
        for side, changed in enumerate(people):
            own = (found.mentee if side else found.mentor)[new]
            order = np.lexsort((-found.weight[new], -above[new], own))
            order = order[np.isin(own[order], changed)]
            rank = rank_among_equals(own[order])
            who = own[order] + (n if side else 0)
            for at, person, place in zip(new[order].tolist(), who.tolist(), rank.tolist(), strict=True):
                if place < few:
                    come.setdefault(at, person)
                else:
                    over.append((at, person))
        self._take_in(found, come)
        beaten.joins += bool(come)
        return len(come), {person for at, person in over if at not in come}

    def _few(self, part: Mending) -> int:
        """How many pairs of a person join at a time: more each time.

        Where weights do not count, somebody may have to be kept from all partners, who are all alike.
        """
        at = self._parts.index(part)
        times: int = (2 if self._mixtures[at].get("total") else 8) ** min(8, part.joins)
        return FEW * times

    def _unknown(self, found: Found, some: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of some pairs found are not in hand."""
        keys = found.mentor[some] * np.int64(self.problem.n_mentees) + found.mentee[some]
        if not len(self._keys):
            return np.array([key not in self._later for key in keys.tolist()], np.bool_)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        unknown = np.asarray(self._keys[at] != keys)
        for k in np.flatnonzero(unknown).tolist():
            unknown[k] = int(keys[k]) not in self._later
        return unknown

    def _mixed_gain(self, part: Mending, found: Found) -> Ints:
        return pair_gains(found.weight, self._mixtures[self._parts.index(part)])

    def _take_in(self, found: Found, come: Mapping[int, int]) -> None:
        """Let some of the pairs found be in hand, each for somebody whose price it beats."""
        pairs, at = [], list(come)
        for mentor, mentee in zip(found.mentor[at].tolist(), found.mentee[at].tolist(), strict=True):
            pairs.append(self.links.join(mentor, mentee))
            self._later.add(mentor * self.problem.n_mentees + mentee)
        for weight in found.weight[at].tolist():
            self._worths.join(weight)
        for part, mixture in zip(self._parts, self._mixtures, strict=True):
            for gain in pair_gains(found.weight[at], mixture).tolist():
                part.residual.join(gain)
            part.joined(list(zip(pairs, come.values(), strict=True)))

    # -- counting ----------------------------------------------------------------------------

    def _count(self) -> None:
        """Values, sums and places after what has changed since the matching was last kept."""
        values, sums, filled = self._before
        last = self._parts[-1].residual
        self.values = {tier: value + self._worths.change(tier, last) for tier, value in values.items()}
        self._sums = [before + part.residual.change() for before, part in zip(sums, self._parts, strict=True)]
        people = last.people_before.items()
        self._places = filled + sum(last.person(who).minimum - person.minimum for who, person in people)

    def _bounds(self) -> dict[str, int]:
        """What the prices prove, tier by tier."""
        bounds = {}
        for tier, mixture, scale, worth in zip(
            self.problem.objective, self._mixtures, self._scales, self._sums, strict=True
        ):
            earlier = {name: times for name, times in mixture.items() if name != tier}
            bounds[tier] = (worth - _mixed(earlier, self.values)) // scale
        return bounds

    def _changed(self) -> tuple[Ints, Ints]:
        last, taken = self._parts[-1].residual, (TAKEN, FIXED)
        moved = [
            (pair, before in taken, last.state_of(pair) in taken)
            for pair, before in last.pairs_before.items()
        ]
        ended = [pair for pair, before, now in moved if before and not now]
        begun = [pair for pair, before, now in moved if now and not before]
        return self.links.positions(ended), self.links.positions(begun)

    def _searches(self) -> int:
        return sum(part.searches for part in self._parts)

    def _which(self, pairs: Ints) -> NDArray[np.bool_]:
        """Which pairs in hand these are."""
        width = np.int64(self.problem.n_mentees)
        keys = self.problem.mentor * width + self.problem.mentee
        found = np.isin(keys, pairs[:, 0] * width + pairs[:, 1])
        if np.count_nonzero(found) != len(pairs):
            raise SolverError("a chosen pair is not in hand")
        return np.asarray(found)


def _mixed(mixture: Mapping[str, int], values: Mapping[str, int]) -> int:
    return sum(times * values[tier] for tier, times in mixture.items() if times)
