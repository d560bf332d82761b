"""``pairmatch.disturbance_frontier``: what it would bring to end more running pairs than must."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pairmatch.checking import Cancel, check_memory
from pairmatch.errors import CallError, Finding, InfeasibleError, NoSolutionError, counted
from pairmatch.match import Work, check_required, with_ids
from pairmatch.matching import DISTURBANCE, Matching
from pairmatch.parameters import is_whole, told
from pairmatch.problem import COVERAGE_TIERS, RESOLUTION, Progress, Report, Solution
from pairmatch.rematch import Before, before
from pairmatch.rematching import asked_of
from pairmatch.scoring.stating import Stated, stated
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["DisturbanceFrontier", "disturbance_frontier"]

POINTS = 20
"""How many further ended pairs are looked at where nobody says."""

CLOSABLE = 20_000
"""Pairs up to which what lies between two corners is searched for."""

NO_TOTAL = "a frontier tells what the tier 'total' gains, and the policy's objective has none"


@dataclass(frozen=True, eq=False, repr=False)
class DisturbanceFrontier:
    """The best totals by how many running pairs end beyond those that must.

    Attributes
    ----------
    table
        A row for each number: ``moved``, how many running pairs may end beyond those that must; ``total``,
        the best total known with at most so many; ``gain``, what it is above the first; ``bound``, what no
        matching exceeds; ``exact``, whether the two are the same.
    ended
        How many running pairs must end so that nobody who can be served is left.
    running
        How many pairs could go on.
    coverage
        The tiers that every row keeps, and their values.
    complete
        False where a time limit ended the work: then some rows are not exact that could be.
    """

    table: pd.DataFrame
    ended: int
    running: int
    coverage: dict[str, int]
    complete: bool

    def __repr__(self) -> str:
        rows = counted(len(self.table), "point")
        first, last = self.table.iloc[0], self.table.iloc[-1]
        ended = counted(self.ended, "running pair")
        return (
            f"<DisturbanceFrontier: {rows}; total {first.total:g} with {ended} ended, {last.total:g} with "
            f"{int(last.moved)} more{'' if self.complete else '; cut short'}>"
        )

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))


def disturbance_frontier(
    matching: Matching,
    cohort: Cohort | None = None,
    *,
    policy: Policy | None = None,
    failed: pd.DataFrame | Iterable[Any] = (),
    left: pd.DataFrame | Iterable[Any] = (),
    capacities: pd.DataFrame | Mapping[str, int] | Iterable[Any] = (),
    movable: pd.DataFrame | Iterable[Any] | str = "all",
    most: int = POINTS,
    time_limit: float | None = None,
    progress: Report | None = None,
    executor: Executor | None = None,
    cancel: Cancel | None = None,
    memory_limit: int | str | None = None,
) -> DisturbanceFrontier:
    """Tell what it would bring to end 0, 1, 2, ... more running pairs than must.

    The first row is the re-match that ends as few pairs as the best coverage allows. Each further row is the
    best total where one running pair more may end. Coverage is the same in all of them.

    Parameters
    ----------
    matching, cohort, policy, failed, left, capacities
        As for :func:`pairmatch.rematch`.
    movable
        Running pairs that may end: pairs, a table, or ``"all"``.
    most
        How many further pairs to look at, at least 0.
    time_limit, progress, executor, cancel, memory_limit
        As for :func:`pairmatch.match`.

    Returns
    -------
    DisturbanceFrontier

    Raises
    ------
    CallError
        The arguments cannot be used; all problems at once.
    PolicyError
        The policy does not fit the cohort.
    InfeasibleError
        What is required leaves no valid matching.
    NoSolutionError
        The work was ended before the first row was found.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben", "cem"], "hobbies": ["chess", "golf", "chess; golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve", "fay"], "hobbies": ["chess; golf", "golf"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> frontier = pm.disturbance_frontier(matching, failed=[("cem", "eve")], most=1)
    >>> frontier.table[["moved", "exact"]].values.tolist()
    [[0, True], [1, True]]
    """
    if not is_whole(most) or most < 0:
        hint = f"'most' must be a whole number of at least 0, not {told(most)}."
        raise CallError([Finding("bad_argument", hint, column="most")])
    given: dict[str, Any] = {"failed": failed, "left": left, "capacities": capacities, "movable": movable}
    given |= {"cooled": (), "returned": (), "max_changes": None, "waited": (), "minimum_weight": None}
    how = {"time_limit": time_limit, "progress": progress, "executor": executor, "cancel": cancel}
    of = {"disturbance": DISTURBANCE[0], "stability": 0.0}
    asked = asked_of(matching, cohort, policy, **given, **of, **how, memory_limit=memory_limit)
    state = before(matching, cohort, policy, asked)
    check_memory(state.cohort, state.policy, memory_limit, executor)
    work = Work(**how)  # type: ignore[arg-type]
    with Workers(executor) as workers:
        try:
            return _points(state, workers, work, most)
        except InfeasibleError:
            if not (state.revision.required and state.revision.held):
                raise
        # Not all that must not end fit together: as many as can be, as for the re-match.
        return _points(replace(state, revision=replace(state.revision, required=False)), workers, work, most)


def _points(state: Before, workers: Workers, work: Work, most: int) -> DisturbanceFrontier:
    """All points of one problem; errors tell ids."""
    people = state.cohort, state.policy, state.fitted
    ready = stated(*people, workers, work.progress, revision=state.revision)
    check_required(state.cohort, ready.built, state.revision)
    try:
        return _Way(ready, work, len(state.revision.running)).run(most)
    except InfeasibleError as error:
        raise with_ids(error, state.cohort, ready.built) from None


class _Way:
    """The points of one problem, in which so many pairs could go on."""

    def __init__(self, ready: Stated, work: Work, running: int) -> None:
        problem = ready.built.problem
        if "total" not in problem.objective:
            raise CallError([Finding("bad_argument", NO_TOTAL, column="policy")])
        self._kept = tuple(tier for tier in problem.objective if tier in ("held", *COVERAGE_TIERS))
        if "kept" in problem.objective:
            before = problem.objective[: problem.objective.index("kept")]
            self._kept = tuple(tier for tier in self._kept if tier in before)
        self.problem = replace(problem, objective=(*self._kept, "kept", "total"))
        self._beyond, self._work, self._running = ready.beyond, work, running
        self._complete = True

    def run(self, most: int) -> DisturbanceFrontier:
        """All points."""
        from pairmatch.solver import solve

        first = solve(self.problem, beyond=self._beyond, **self._left())
        self._complete = first.complete
        found = self._by_prices(first, most) or self._one_by_one(first, most)
        return self._told(first, found)

    def _left(self) -> dict[str, Any]:
        return {"time_limit": self._work.left, "cancelled": self._work.cancelled}

    def _by_prices(self, first: Solution, most: int) -> list[tuple[int, int]]:
        """By turning down what a running pair counts, and by search; none where prices do not tell."""
        from pairmatch.solver.repair import Curve, Standing, in_hand, is_repairable

        if not is_repairable(self.problem, first):
            return []
        problem = self.problem
        if self._beyond is not None:
            problem, _ = in_hand(problem, first, self._beyond)
        curve = Curve(Standing(problem, first, self._beyond), self._work.cancelled or (lambda: False))
        curve.look(most)
        points = [curve.best(moved) for moved in range(most + 1)]
        if self._beyond is None and len(problem.mentor) <= CLOSABLE:
            points = [self._closed(curve.most, moved, point) for moved, point in enumerate(points)]
        return points

    def _closed(self, kept: int, moved: int, point: tuple[int, int]) -> tuple[int, int]:
        """A point between two corners, by search."""
        if point[0] == point[1]:
            return point
        total, bound = self._limited(kept, moved)
        return max(total, point[0]), min(bound, point[1])

    def _one_by_one(self, first: Solution, most: int) -> list[tuple[int, int]]:
        """Each point by itself: what hours, quotas, goals over groups and coaches ask for."""
        kept = next(proof.value for proof in first.tiers if proof.tier == "kept")
        last = first.tiers[-1]
        return [
            (last.value, last.bound) if moved == 0 else self._limited(kept, moved)
            for moved in range(most + 1)
        ]

    def _limited(self, kept: int, moved: int) -> tuple[int, int]:
        """The best total that keeps all but so many of the pairs that can be kept."""
        from pairmatch.solver.limited import limited

        earlier = self.problem.earlier
        running = 0 if earlier is None else len(earlier.pairs)
        problem = replace(self.problem, objective=(*self._kept, "total"))
        try:
            proof = limited(problem, running - kept + moved, beyond=self._beyond, **self._left()).tiers[-1]
        except NoSolutionError:
            self._complete = False
            raise
        self._complete = self._complete and proof.value == proof.bound
        if self._work.progress is not None:
            self._work.progress(Progress("looking for the frontier", moved))
        return proof.value, proof.bound

    def _told(self, first: Solution, found: list[tuple[int, int]]) -> DisturbanceFrontier:
        import pandas as pd

        rows = [
            {
                "moved": moved,
                "total": total / RESOLUTION,
                "gain": (total - found[0][0]) / RESOLUTION,
                "bound": bound / RESOLUTION,
                "exact": total == bound,
            }
            for moved, (total, bound) in enumerate(found)
        ]
        earlier, values = self.problem.earlier, {proof.tier: proof.value for proof in first.tiers}
        ended = (0 if earlier is None else len(earlier.pairs)) - values["kept"]
        coverage = {tier: values[tier] for tier in self._kept}
        return DisturbanceFrontier(pd.DataFrame(rows), ended, self._running, coverage, self._complete)
