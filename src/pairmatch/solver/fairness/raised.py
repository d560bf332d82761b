"""The best total above a floor where mentees have several mentors: prices on floors, then a search.

A mentee's total is a sum over several pairs, so a floor is a row of its own for each mentee, and no flow
knows it. But few floors bind. A price on each of those, from a linear programme over the pairs that matter,
moves the weights of that mentee's pairs, and the rest is one flow again, whose bound holds for every
matching on the floor. The bound by mentees' best sets is sharper (see ``floor_sets``), and mostly reached.
Where it is not, no matching with a pair or a set that its prices leave far behind can be best, so the search
sees only the others; and what it finds is best of all once its value is no further below the bound than what
it has not seen. The programmes are in floats and need to be right about nothing: every number that is told
is counted in integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError, SolverError
from pairmatch.problem import MINIMUMS, Ints, Problem, TierProof
from pairmatch.solver.clock import Clock, TimeUp
from pairmatch.solver.faces import Face, restrict
from pairmatch.solver.fairness.floor_sets import FINE, Held, Holder, Rates
from pairmatch.solver.fairness.programme import floor_prices
from pairmatch.solver.fairness.set_programme import COUNTED
from pairmatch.solver.floors import reach, totals
from pairmatch.solver.gains import Gains, combine, first_guess, tier_value
from pairmatch.solver.lexicographic import solve_chain
from pairmatch.solver.network import Network, Optimum
from pairmatch.solver.search import Infeasible, Search

ROUNDS = 6
"""Times that the linear programme is asked again, with the pairs that its prices brought in."""

FIRST = 2**14
"""How far below the prices, in parts of the bound, a pair may be for the first search."""

WIDER = 8
"""How many times further behind a pair may be for each further search, at most."""

SHORT = 16
"""A bound that falls by less than one part in so many of what is open is slow."""

LOWEST = -(2**62)
"""Below any floor."""

SMALL = 300
"""Up to so many pairs, a search of them all is quicker."""


Bools = NDArray[np.bool_]
Near = Mapping[int, Sequence[NDArray[np.intp]]]


@dataclass(frozen=True)
class Raised:
    """The best pairs above a floor (indices), their total, and what no total exceeds."""

    pairs: NDArray[np.intp]
    value: int
    bound: int


@dataclass(frozen=True)
class Barred:
    """No matching has a floor above ``most``."""

    most: int


@dataclass(frozen=True)
class Top:
    """A floor that pairs (indices) reach, and one that nothing exceeds.

    Attributes
    ----------
    total
        The best total above the floor, as far as it is known; None where nothing is.
    slow
        Whether the bound no longer falls quickly.
    """

    reached: int
    bound: int
    pairs: NDArray[np.intp]
    total: Raised | None = None
    slow: bool = False

    def proof(self, cut: TierProof) -> TierProof:
        """The floor's proof: the cut's where the cut is reached, else a search's word."""
        kind = "cut" if self.reached == cut.verified_bound else "search"
        return replace(cut, value=self.reached, bound=self.bound, kind=kind)


class Priced(Network):
    """A network whose mentees pay for their floors: pairs bring more, and being matched costs.

    Parameters
    ----------
    problem, clock
        As for any network.
    prices
        Of each mentee's floor, in parts of ``FINE``.
    floor
        The floor.
    """

    def __init__(self, problem: Problem, clock: Clock, prices: Ints, floor: int) -> None:
        super().__init__(problem, clock)
        self.prices, self.floor = prices, floor

    @property
    def seen(self) -> NDArray[np.intp]:
        """The problem's pairs in the core, and the required ones."""
        core = self.index if self.core is None else self.index[self.core]
        return np.union1d(core, self.required)

    def _gains(self, multipliers: Mapping[str, int]) -> Gains:
        """The mixture, ``FINE`` times, with each floor's price on what is above it."""
        gains = combine(self.problem, {tier: FINE * times for tier, times in multipliers.items()})
        pair = gains.pair + self.prices[self.problem.mentee] * self.problem.weight
        mentees = replace(gains.mentees, first=gains.mentees.first - self.prices * self.floor)
        return Gains(pair, gains.mentors, mentees)

    def reduced(self, multipliers: Mapping[str, int], optimum: Optimum) -> Ints:
        """Gain of each pair of the problem less its partners' prices."""
        gain = self._gains(multipliers).pair
        prices = optimum.mentor_prices[self.problem.mentor] + optimum.mentee_prices[self.problem.mentee]
        return np.asarray(gain - prices)


class Climb:
    """Looks for the best total above floors, in one problem with the tiers before held at their values.

    Parameters
    ----------
    problem
        The allowed pairs; no hours, groups or coaches.
    known
        Proofs of the tiers before, ``"total"`` not among them.
    clock
        The deadline.
    """

    def __init__(self, problem: Problem, known: Sequence[TierProof], clock: Clock) -> None:
        self.problem, self.known, self.clock = problem, known, clock
        self._mixture = first_guess(problem, [*(proof.tier for proof in known), "total"])
        self._earlier = sum(self._mixture[proof.tier] * proof.value for proof in known)
        self._matched = _matched_at_least(problem, known)
        self._best: NDArray[np.intp] | None = None
        self._bounds: dict[int, int] = {}

    def highest(self, bound: int, pairs: NDArray[np.intp]) -> Top:
        """The highest floor that can be kept; where the deadline passes, the highest found.

        Parameters
        ----------
        bound
            No floor is higher.
        pairs
            Pairs that keep the tiers before.
        """
        top = Top(self._worst(pairs), bound, pairs)
        self._note(pairs)
        try:
            self._freely()
            while top.reached < top.bound or top.total is None:
                top = self._step(top)
        except (TimeUp, NoSolutionError):
            return self._noted(top)
        return top

    def _freely(self) -> None:
        """The best total of all, whose bound holds above any floor."""
        optimum = Network(self.problem, self.clock).solve(self._mixture)
        self._bounds[LOWEST] = optimum.bound - self._earlier
        self._note(optimum.pairs)

    def _noted(self, top: Top) -> Top:
        """The best pairs noted on the way, where the work was ended before they were told."""
        if self._best is None or self._rank(self._best) < self._rank(top.pairs):
            return top
        floor, value = self._rank(self._best)
        bounds = [bound for at, bound in self._bounds.items() if at <= floor]
        return replace(top, reached=floor, pairs=self._best, total=Raised(self._best, value, min(bounds)))

    def _rank(self, pairs: NDArray[np.intp]) -> tuple[int, int]:
        return self._worst(pairs), int(self.problem.weight[pairs].sum())

    def _note(self, pairs: NDArray[np.intp]) -> None:
        """Remember pairs that keep the tiers before, where they have the best floor, then total."""
        if self._best is None or self._rank(pairs) > self._rank(self._best):
            self._best = pairs if self._keeps(self.problem, pairs) else self._best

    def _step(self, top: Top) -> Top:
        """Try one floor: the bound while prices tell at once how far down to go, else the middle."""
        halves = top.slow or top.total is not None
        floor = -(-(top.reached + top.bound) // 2) if halves else top.bound
        found = self.above(floor)
        if isinstance(found, Raised):
            return Top(self._worst(found.pairs), top.bound, found.pairs, found)
        return replace(top, bound=found.most, slow=SHORT * (floor - found.most) < floor - top.reached)

    def _worst(self, pairs: NDArray[np.intp]) -> int:
        return worst_of(self.problem, pairs)

    def above(self, floor: int) -> Raised | Barred:
        """The best total above a floor, or how high no floor is.

        Raises
        ------
        TimeUp
            The deadline passed before that was known.
        """
        try:
            return self._above(floor)
        except (TimeUp, NoSolutionError):
            bounds = [bound for at, bound in self._bounds.items() if at <= floor]
            if self._best is None or not bounds or self._worst(self._best) < floor:
                raise TimeUp from None
            return Raised(self._best, int(self.problem.weight[self._best].sum()), min(bounds))

    def _above(self, floor: int) -> Raised | Barred:
        reached = reach(self.problem)
        part = restrict(self.problem, reached >= floor)
        network, optimum = self._priced(part, floor)
        bound = self._bounded(floor, optimum.bound - FINE * self._earlier)
        found = self._proven(part, optimum.pairs, floor)
        if found:
            return found
        least = self._least_total(floor)
        if bound < least:
            return Barred(self._highest(network, optimum, floor, reached))
        holder = Holder(part.problem, self.known, floor, self.clock)
        held = holder.run(network.seen, self._rates(optimum), FINE * least)
        if held.bound is None or self._bounded(floor, held.bound) < least:
            return Barred(floor - 1)
        found = None if held.pairs is None else self._proven(part, held.pairs, floor)
        return found or self._searched(part, holder, held, floor) or Barred(floor - 1)

    def _bounded(self, floor: int, bound: int) -> int:
        """What no total above a floor exceeds, by all bounds so far, of which this is one, in fine steps."""
        self._bounds[floor] = min(self._bounds.get(floor, bound // FINE), bound // FINE)
        return self._bounds[floor]

    def _rates(self, optimum: Optimum) -> Rates:
        """The flow's prices, for a start."""
        times = {tier: FINE * times for tier, times in self._mixture.items() if tier in COUNTED}
        return Rates(optimum.mentor_prices, times)

    def _proven(self, part: Face, pairs: NDArray[np.intp], floor: int) -> Raised | None:
        """Pairs on the floor that have all that the bound allows."""
        whole = part.index[pairs]
        self._note(whole)
        value = int(self.problem.weight[whole].sum())
        if value != self._bounds[floor] or not self._keeps(self.problem, whole, floor):
            return None
        return Raised(whole, value, value)

    def _least_total(self, floor: int) -> int:
        """No matching above a floor has less."""
        return floor * (self._matched if floor > 0 else self.problem.n_mentees)

    def _highest(self, network: Priced, optimum: Optimum, floor: int, reached: Ints) -> int:
        """By the prices for a floor: how high a lower one can be, since every matched mentee has it.

        A lower floor leaves more pairs; each adds to the bound what it is above the prices.
        """
        paid = int(network.prices.sum())
        if floor <= 0 or not paid + self._matched:
            return floor - 1
        whole = Priced(self.problem, self.clock, network.prices, floor)
        left = np.flatnonzero(reached < floor)
        over = np.maximum(whole.reduced(self._mixture, optimum)[left], 0)
        left, over = left[over > 0], over[over > 0]
        order = np.argsort(-reached[left], kind="stable")
        more = np.concatenate([[0], np.cumsum(over[order])])
        limits = np.concatenate([[floor - 1], reached[left][order]])
        worth = optimum.bound - FINE * self._earlier + paid * floor + more
        return max(-1, int(np.minimum(limits, worth // (self._matched * FINE + paid)).max()))

    def _priced(self, part: Face, floor: int) -> tuple[Priced, Optimum]:
        """The flow with the best floor prices found, and what they prove."""
        best, problem = None, part.problem
        prices = np.zeros(problem.n_mentees, np.int64)
        core: NDArray[np.intp] | None = None
        for _ in range(ROUNDS):
            network = Priced(problem, self.clock, prices, floor)
            network.core = core
            optimum = network.solve(self._mixture)
            self._note(part.index[optimum.pairs])
            if self.clock.over:
                raise TimeUp
            best = (network, optimum) if best is None or optimum.bound < best[1].bound else best
            if self._keeps(problem, optimum.pairs, floor) and not prices.any():
                break
            core = network.core
            told = floor_prices(problem, network.seen, self.known, floor, self.clock)
            new = prices if told is None else np.rint(told * FINE).astype(np.int64)
            if (new == prices).all():
                break
            prices = new
        if best is None:
            raise SolverError("no round of prices")
        return best

    def _keeps(self, problem: Problem, pairs: NDArray[np.intp], floor: int | None = None) -> bool:
        """Whether pairs keep the tiers before, and the floor."""
        held = all(tier_value(problem, proof.tier, pairs) == proof.value for proof in self.known)
        return held and (floor is None or worst_of(problem, pairs) >= floor)

    def _searched(self, part: Face, holder: Holder, held: Held, floor: int) -> Raised | None:
        """Search ever more pairs, until what is found is as good as anything with a pair not searched."""
        top = held.bound or 0
        behind = holder.behind(held)
        # A matching with a pair that is further behind would be below the floor on average.
        most = top - FINE * self._least_total(floor)
        slack = min(most, max(FINE, abs(top) // FIRST))
        found: Raised | None = None
        while True:
            found = self._search(part, behind <= slack, holder.near(held, slack), floor) or found
            if found and (found.value < found.bound or found.value == self._bounds[floor]):
                return replace(found, bound=self._bounds[floor])
            left = top - (FINE * found.value if found else 0)
            if slack >= (left if found else most):
                return found and replace(found, bound=found.value)
            slack = min(slack * WIDER, left if found else most)

    def _search(self, part: Face, seen: Bools, near: Near, floor: int) -> Raised | None:
        """The best total above the floor with some of the pairs, and some mentees' near sets only."""
        inner = restrict(part.problem, seen)
        try:
            search = self._model(inner, floor)
            for mentee, sets in near.items():
                search.choose(mentee, [np.searchsorted(inner.index, pairs) for pairs in sets])
            if self._best is not None and self._worst(self._best) >= floor:
                search.hint(_places(part.index[inner.index], self._best))
            found = search.maximise(search.linear("total"))
        except Infeasible:
            return None
        pairs = part.index[inner.index[found.pairs]]
        self._note(pairs)
        return Raised(pairs, found.value, found.bound)

    def _model(self, inner: Face, floor: int) -> Search:
        """The search of some pairs, with all that is to be kept."""
        search = Search(inner.problem, self.clock)
        for proof in self.known:
            if proof.tier != MINIMUMS:
                search.keep(search.linear(proof.tier), proof.value)
        search.keep_floor(floor)
        search.at_most(search.linear("total"), self._bounds[floor])
        return search


def can_climb(problem: Problem, known: Sequence[TierProof]) -> bool:
    """Whether prices on floors can do it, and are worth it."""
    more = problem.groups or problem.evens or problem.coaching or problem.loads.mentor_hours is not None
    told = "total" in [proof.tier for proof in known] or (problem.earlier and problem.earlier.bonus)
    return not (problem.single or more or told) and len(problem.mentor) > SMALL


def pairs_above(problem: Problem, known: Sequence[TierProof], floor: int, clock: Clock) -> NDArray[np.intp]:
    """Pairs that a flow takes, of those that can be above a floor: they may be above it by luck."""
    keep = restrict(problem, reach(problem) >= floor)
    names = [proof.tier for proof in known]
    more = [] if "total" in names else ["total"]
    return keep.index[solve_chain(Network(keep.problem, clock), [*names, *more], known).pairs]


def worst_of(problem: Problem, pairs: NDArray[np.intp]) -> int:
    """The smallest total of a matched mentee."""
    return min(totals(problem, pairs).values(), default=0)


def _matched_at_least(problem: Problem, known: Sequence[TierProof]) -> int:
    """How many mentees are matched in every matching that keeps the known tiers."""
    told = [proof.value for proof in known if proof.tier in ("mentees", "must_match")]
    return max(int((problem.loads.mentee_minimum > 0).sum()), *told, 0)


def _places(index: NDArray[np.intp], pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where pairs stand in an ascending index; those that are not there are left out."""
    return np.flatnonzero(np.isin(index, pairs))
