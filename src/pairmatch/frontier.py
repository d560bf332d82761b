"""``pairmatch.frontier``: what a higher floor for the worst-off mentee costs all of them together."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pairmatch.checking import check_calls
from pairmatch.errors import CallError, Finding, InfeasibleError, NoSolutionError, counted
from pairmatch.match import check_required, with_ids
from pairmatch.parameters import is_whole, told
from pairmatch.problem import COVERAGE_TIERS, RESOLUTION, Problem, Progress, Report
from pairmatch.scoring import fit
from pairmatch.scoring.stating import stated
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Frontier", "floors", "frontier"]

LEAST_SECONDS = 0.01

NO_COVERAGE = (
    "a frontier needs a tier that counts people or pairs before 'total', as in "
    "objective=('mentees', 'total'), or leaving people out would raise the floor"
)

TOO_MANY = (
    "the cohort has more pairs than can be stored, and a frontier needs them at hand; "
    "match with 'worst' before 'total' instead"
)


@dataclass(frozen=True, eq=False, repr=False)
class Frontier:
    """Floors and the best totals above them: no matching has both a higher floor and a higher total.

    Attributes
    ----------
    table
        A row per point, lowest floor first: ``floor``, the smallest total weight of any matched mentee;
        ``total``, the best total of the matchings with that floor; ``cost``, what it is below the best total
        of all; ``percent`` of that; ``gap``, how far the total may be below the best, 0 where it is proven.
    policy
        The policy.
    coverage
        Its tiers that every point keeps, and their values.
    complete
        False where a time limit ended the work: then the highest floors are missing, or a gap is not 0.
    """

    table: pd.DataFrame
    policy: Policy
    coverage: dict[str, int]
    complete: bool

    def __repr__(self) -> str:
        rows = counted(len(self.table), "point")
        if self.table.empty:
            return f"<Frontier: {rows}>"
        first, last = self.table.iloc[0], self.table.iloc[-1]
        return (
            f"<Frontier: {rows}; floor {first.floor:g} to {last.floor:g}, "
            f"total {first.total:g} to {last.total:g}{'' if self.complete else '; cut short'}>"
        )

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))


def frontier(
    cohort: Cohort,
    policy: Policy,
    *,
    points: int | None = None,
    time_limit: float | None = None,
    progress: Report | None = None,
) -> Frontier:
    """Tell exactly what each floor for the worst-off mentee costs the total.

    The policy's tiers that count people or pairs are kept; its other tiers but ``"total"`` are left out. The
    first point is the best total of all; then the floor is raised above what its worst-off mentee has, again
    and again, until no matching keeps the coverage. Each step is one flow.

    Parameters
    ----------
    cohort, policy
        As for :func:`pairmatch.match`. The objective needs a tier that counts people or pairs.
    points
        Most floors to look at, at least 2: evenly spaced from the one of the best total to the highest, each
        exact. None: every point there is.
    time_limit
        Seconds for all of it; None for no limit.
    progress
        Called with a :class:`pairmatch.Progress` after each point.

    Returns
    -------
    Frontier

    Raises
    ------
    PolicyError
        The policy does not fit the cohort.
    InfeasibleError
        Required pairs, minimums and hours leave no valid matching.
    NoSolutionError
        The time limit ended before the first point was found.
    CallError
        The arguments cannot be used, the cohort has more pairs than can be stored, or mentees may have
        several mentors beside hours, group goals or coaches.
    """
    check_calls(cohort, policy, time_limit, progress)
    kept = tuple(tier for tier in policy.objective if tier in COVERAGE_TIERS)
    _check(points, kept)
    policy.check(cohort)
    ends = None if time_limit is None else time.monotonic() + time_limit
    with Workers() as workers:
        built, beyond = stated(cohort, policy, fit(cohort, policy), workers)
    if beyond is not None:
        raise CallError([Finding("bad_argument", TOO_MANY, column="cohort")])
    check_required(cohort, built, None)
    problem = replace(built.problem, objective=(*kept, "total"))
    try:
        return floors(policy, problem, points, ends, progress)
    except InfeasibleError as error:
        raise with_ids(error, cohort, built) from None


def floors(
    policy: Policy, problem: Problem, points: int | None, ends: float | None, progress: Report | None
) -> Frontier:
    """The points of a problem whose objective counts people or pairs and then has ``"total"``.

    Parameters
    ----------
    policy
        The policy that the frontier tells.
    problem
        All its pairs are at hand.
    points, progress
        As for :func:`frontier`.
    ends
        When to end, in seconds of the clock :func:`time.monotonic`; None for never.
    """
    return _Way(policy, problem, ends, progress).run(points)


def _check(points: Any, kept: tuple[str, ...]) -> None:
    found = []
    if points is not None and not (is_whole(points) and points >= 2):
        hint = f"'points' must be a whole number of at least 2, or None, not {told(points)}."
        found.append(Finding("bad_argument", hint, column="points"))
    if not kept:
        found.append(Finding("bad_argument", NO_COVERAGE, column="policy"))
    if found:
        raise CallError(found)


class _Way:
    """The points of one problem, found one after the other."""

    def __init__(self, policy: Policy, problem: Problem, ends: float | None, progress: Report | None) -> None:
        from pairmatch.solver import point_of, refuse_together, solve

        refuse_together(problem)
        self._policy, self.problem, self._ends, self._progress = policy, problem, ends, progress
        self.complete = True
        solution = solve(problem, time_limit=self._left())
        self.kept = tuple(proof.value for proof in solution.tiers[:-1])
        self._found = [point_of(problem, solution)]
        self.complete = solution.complete

    def run(self, points: int | None) -> Frontier:
        """All points, or some of them."""
        try:
            self._all() if points is None else self._some(points)
        except NoSolutionError:
            self.complete = False
        return self._frontier()

    def _all(self) -> None:
        while self._raise(self._found[-1].worst + 1):
            pass

    def _some(self, points: int) -> None:
        low, top = self._found[0].worst, self._highest()
        for step in range(1, points):
            floor = low + (top - low) * step // (points - 1)
            if floor > self._found[-1].worst and not self._raise(floor):
                return

    def _highest(self) -> int:
        """The highest floor that keeps the coverage."""
        from pairmatch.solver import solve

        problem = replace(self.problem, objective=(*self.problem.objective[:-1], "worst"))
        solution = solve(problem, time_limit=self._left())
        self.complete = self.complete and solution.complete
        return solution.tiers[-1].value

    def _raise(self, floor: int) -> bool:
        """Find the best total above a floor, and tell whether there is one.

        One that loses nothing takes the last one's place.
        """
        from pairmatch.solver import best_above

        if self._ends is not None and time.monotonic() > self._ends:
            raise NoSolutionError("the time is up")
        here = best_above(self.problem, floor, self.kept, time_limit=self._left())
        if here is None:
            return False
        self.complete = self.complete and here.total == here.bound
        if here.total >= self._found[-1].total:
            self._found.pop()
        self._found.append(here)
        if self._progress:
            self._progress(Progress("looking for the frontier", len(self._found)))
        return True

    def _left(self) -> float | None:
        return None if self._ends is None else max(LEAST_SECONDS, self._ends - time.monotonic())

    def _frontier(self) -> Frontier:
        import pandas as pd

        found = self._found
        best = max(point.total for point in found)
        rows = [
            {
                "floor": point.worst / RESOLUTION,
                "total": point.total / RESOLUTION,
                "cost": (best - point.total) / RESOLUTION,
                "percent": 100 * (best - point.total) / max(1, abs(best)),
                "gap": (point.bound - point.total) / max(1, abs(point.bound)),
            }
            for point in found
        ]
        coverage = dict(zip(self.problem.objective[:-1], self.kept, strict=True))
        return Frontier(pd.DataFrame(rows), self._policy, coverage, self.complete)
