"""The points of a trade-off: counts by prices or quotas, goals over groups by prices of their shortfalls."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.groups import Cross, Group
from pairmatch.problem import Beyond, Ints, Problem, Progress, Report, Solution, TierProof
from pairmatch.supposing.standing import measured

__all__ = ["Budget", "Point", "by_count", "by_spread"]

FINEST = 1000
"""Shares of a price that are tried have no larger denominator: numbers stay small enough to search."""

LEAST_SECONDS = 0.01

PART = "trade_off"
"""The label of the quota that asks for so many served."""


@dataclass(frozen=True)
class Point:
    """One point: what is reached of both, and how far the first may be below the best there is."""

    first: int
    second: int
    gap: float


class Budget:
    """How long the work may take, and who is told of it.

    Parameters
    ----------
    time_limit
        Seconds; None for no limit.
    progress
        Told after each point.

    Attributes
    ----------
    complete
        Whether nothing was cut short so far.
    """

    def __init__(self, time_limit: float | None, progress: Report | None) -> None:
        self.ends = None if time_limit is None else time.monotonic() + time_limit
        self.progress, self._done = progress, 0
        self.complete = True

    @property
    def left(self) -> float | None:
        """Seconds left; None for no limit."""
        return None if self.ends is None else max(LEAST_SECONDS, self.ends - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether the time is up; then the work is not complete."""
        if self.ends is not None and time.monotonic() > self.ends:
            self.complete = False
        return not self.complete

    def tell(self) -> None:
        """Tell of one more point."""
        self._done += 1
        if self.progress is not None:
            self.progress(Progress("looking for the trade-off", self._done))

    def solve(self, problem: Problem, beyond: Beyond | None = None) -> Solution:
        """The best matching of a problem in the time that is left."""
        from pairmatch.solver import solve

        solution = solve(problem, beyond=beyond, time_limit=self.left)
        self.complete = self.complete and solution.complete
        return solution


def _gap(value: int, bound: int) -> float:
    return (bound - value) / max(1, abs(bound))


# -- people and pairs -----------------------------------------------------------------------------


def by_count(
    problem: Problem, beyond: Beyond | None, tier: str, points: int | None, budget: Budget
) -> list[Point]:
    """The best total at each number that is served, from the best total of all to the most served.

    Parameters
    ----------
    problem, beyond
        The objective has the tiers that are kept, then ``"total"``.
    tier
        What is counted.
    points
        Most points, at least 2; None for every number.
    budget
        Time.
    """
    kept = problem.objective[:-1]
    first = budget.solve(replace(problem, objective=(*kept, "total", tier)), beyond)
    last = budget.solve(replace(problem, objective=(*kept, tier, "total")), beyond)
    few, many = _point(first.tiers, tier), _point(last.tiers, tier)
    ends = [few] if few.second >= many.second else [few, many]
    if len(ends) == 1 or budget.over:
        return ends
    best = _by_prices(problem, beyond, tier, first, (few, many), budget) or _by_quotas(
        problem, beyond, tier, budget
    )
    found = [few]
    for count in _between(few.second, many.second, points):
        if budget.over:
            break
        point = best(count)
        if point is None:
            break
        found.append(point)
        budget.tell()
    return [*found, many]


def _point(tiers: tuple[TierProof, ...], tier: str) -> Point:
    proofs = {proof.tier: proof for proof in tiers}
    return Point(proofs["total"].value, proofs[tier].value, proofs["total"].gap)


def _between(low: int, high: int, points: int | None) -> list[int]:
    """Numbers between two, evenly spaced."""
    if points is None:
        return list(range(low + 1, high))
    steps = np.linspace(low, high, points).round().astype(int).tolist()
    return sorted({step for step in steps if low < step < high})


def _by_prices(
    problem: Problem,
    beyond: Beyond | None,
    tier: str,
    first: Solution,
    ends: tuple[Point, Point],
    budget: Budget,
) -> Callable[[int], Point | None] | None:
    """By flows with a price on each one served; None where flows cannot say all of it."""
    from pairmatch.solver.traded import Traded, is_tradable

    if not is_tradable(problem):
        return None
    few, many = ((end.second, end.first) for end in ends)
    kept = first.tiers[: len(problem.objective) - 1]
    traded = Traded(problem, tier, kept, (few, many), beyond=beyond, time_limit=budget.left)

    def best(count: int) -> Point:
        total, bound = traded.best(count)
        budget.complete = budget.complete and not traded.stopped
        return Point(total, count, _gap(total, bound))

    return best


def _by_quotas(
    problem: Problem, beyond: Beyond | None, tier: str, budget: Budget
) -> Callable[[int], Point | None]:
    """By solving with a quota of so many served."""

    def best(count: int) -> Point | None:
        asked = replace(problem, groups=(*problem.groups, _quota(problem, tier, count)))
        try:
            total = budget.solve(asked, beyond).tiers[-1]
        except (InfeasibleError, NoSolutionError):
            budget.complete = False
            return None
        return Point(total.value, count, total.gap)

    return best


def _quota(problem: Problem, tier: str, least: int) -> Group:
    """At least so many served."""
    ours, theirs = np.ones(problem.n_mentors, np.int64), np.ones(problem.n_mentees, np.int64)
    if tier == "mentors":
        return Group(PART, tier, mentors=ours, least=least)
    if tier == "mentees":
        return Group(PART, tier, mentees=theirs, least=least)
    nobody = np.zeros(problem.n_mentors, np.int32), np.zeros(problem.n_mentees, np.int32)
    return Group(PART, tier, pairs=Cross(*nobody, np.ones((1, 1), np.int64)), least=least)


# -- goals over groups ----------------------------------------------------------------------------


def by_spread(problem: Problem, first: str, points: int | None, budget: Budget) -> list[Point]:
    """The corners of the trade-off between weight and what goals over groups cost.

    At each corner no matching has more of both together at some price of a shortfall, so that none has more
    of the one without less of the other.

    Parameters
    ----------
    problem
        The objective has the tiers that are kept, then ``"total"``; all pairs are at hand.
    first
        ``"weight"``, the sum of the pairs' weights alone, or ``"total"``, that less what goals cost.
    points
        Most corners, at least 2; None for all.
    budget
        Time.
    """
    corners = _Corners(problem, first, budget)
    corners.add(corners.heaviest(), corners.evenest())
    while (points is None or len(corners.found) < points) and not budget.over:
        if not corners.look():
            break
        budget.tell()
    return corners.best()


class _Corners:
    """Corners found so far, by what they cost."""

    def __init__(self, problem: Problem, first: str, budget: Budget) -> None:
        self._problem, self._first, self._budget = problem, first, budget
        self._kept = problem.objective[:-1]
        self._keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
        self.found: list[Point] = []
        self._done = set[tuple[int, int]]()

    def heaviest(self) -> Point:
        """The best of the first measure."""
        if self._first == "total":
            solution = self._budget.solve(replace(self._problem, objective=(*self._kept, "total", "spread")))
            proof = solution.tiers[-2]
            return self._told(solution.pairs, proof.bound - proof.value)
        return self._at(Fraction(0))

    def evenest(self) -> Point:
        """The best spread, and the best of the first measure with it."""
        solution = self._budget.solve(replace(self._problem, objective=(*self._kept, "spread", "total")))
        proof = solution.tiers[-1]
        return self._told(solution.pairs, proof.bound - proof.value)

    def add(self, *points: Point) -> None:
        """Keep points that none is better than."""
        self.found = sorted({*self.found, *points}, key=lambda point: (point.second, point.first))
        self.found = [
            p
            for p in self.found
            if not any(q != p and q.first >= p.first and q.second >= p.second for q in self.found)
        ]

    def best(self) -> list[Point]:
        """All points, the best of the first measure first."""
        return self.found

    def look(self) -> bool:
        """Look between the two neighbours furthest apart; False where nothing is left to look for."""
        gaps = [(a, b) for a, b in pairwise(self.found) if (a.second, b.second) not in self._done]
        if not gaps:
            return False
        cheap, dear = max(
            gaps, key=lambda two: (two[1].second - two[0].second) * (two[0].first - two[1].first)
        )
        self._done.add((cheap.second, dear.second))
        times = Fraction(cheap.first - dear.first, dear.second - cheap.second)
        times = times.limit_denominator(FINEST)
        self.add(self._at(times if self._first == "weight" else 1 + times))
        return True

    def _at(self, times: Fraction) -> Point:
        """The best matching where every shortfall costs so many times its price."""
        problem, scale = self._problem, times.denominator
        groups = tuple(replace(group, price=group.price * times.numerator) for group in problem.groups)
        evens = tuple(replace(even, price=even.price * times.numerator) for even in problem.evens)
        if not times:
            groups, evens = tuple(group for group in groups if _is_quota(group)), ()
        scaled = replace(
            problem,
            weight=problem.weight * scale,
            groups=groups,
            evens=evens,
            unit=problem.unit * scale,
            objective=(*self._kept, "total"),
        )
        solution = self._budget.solve(scaled)
        total = solution.tiers[-1]
        return self._told(solution.pairs, (total.bound - total.value) / scale)

    def _told(self, pairs: Ints, above: float) -> Point:
        """A matching as a point; the first measure may be so much above it."""
        width = self._problem.n_mentees
        at = np.searchsorted(self._keys, pairs[:, 0] * width + pairs[:, 1])
        values = measured(self._problem, pairs, self._problem.weight[at])
        first = values[self._first]
        return Point(first, values["spread"], above / max(1.0, abs(first + above)))


def _is_quota(group: Group) -> bool:
    """Whether a group belongs to a rule and not to a goal."""
    return group.least is not None or group.most is not None
