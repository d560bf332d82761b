"""``pairmatch.trade_off``: what more of one objective costs of another, exactly point by point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pairmatch.checking import check_calls
from pairmatch.errors import CallError, Finding, InfeasibleError, amount, counted
from pairmatch.frontier import floors
from pairmatch.match import check_required, with_ids
from pairmatch.matching import Matching
from pairmatch.parameters import is_whole, told
from pairmatch.problem import COVERAGE_TIERS, RESOLUTION, Problem, Report
from pairmatch.scoring import Fit, fit
from pairmatch.scoring.stating import Stated, stated
from pairmatch.scoring.workers import Workers
from pairmatch.supposing.standing import measured, pairs_of, unit_of
from pairmatch.supposing.trading import Budget, Point, by_count, by_spread

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["TradeOff", "trade_off"]

POINTS = 20
"""Most points that are looked at where nobody says."""

BETWEEN = {
    ("total", "worst"): "the least total of a mentee",
    ("total", "mentees"): "mentees with a mentor",
    ("total", "mentors"): "mentors with a mentee",
    ("total", "pairs"): "pairs",
    ("total", "spread"): "what the goals over groups count",
    ("weight", "spread"): "what the goals over groups count",
}
"""What can be traded, and what the second of the two is in words."""

ALL_AT_HAND = (
    "the cohort has more pairs than can be stored, and this trade-off needs them at hand; trade the total "
    "against 'mentees' or 'pairs', or take a part of the cohort"
)


@dataclass(frozen=True, eq=False, repr=False)
class TradeOff:
    """The best of one objective at each level of another: no matching is better in both.

    Attributes
    ----------
    table
        A row per point, the best of the first objective first: a column for each of the two, named as in
        ``between``, and gap: how far the first may be below the best at this level of the second, 0 where it
        is proven.
    between
        The two objectives.
    chosen
        Where the matching itself stands, by objective; empty where a cohort was handed in.
    complete
        False where a time limit ended the work: then points are missing, or a gap is not 0.
    """

    table: pd.DataFrame
    between: tuple[str, str]
    chosen: Mapping[str, float]
    complete: bool

    def __str__(self) -> str:
        first, second = self.between
        ends = self.table[[first, second]].iloc[[0, -1]].to_numpy().tolist()
        lines = [f"{first} against {second} ({BETWEEN[self.between]}): {counted(len(self.table), 'point')}"]
        lines += [f"  {first} {amount(a)} with {second} {amount(b)}" for a, b in ends[: len(self.table)]]
        if self.complete and len(self.table) == 1 and not self.table["gap"].any():
            lines.append("  one matching has the most of both: neither costs anything of the other")
        if self.chosen:
            here = f"{first} {amount(self.chosen[first])} with {second} {amount(self.chosen[second])}"
            lines.append(f"  this matching: {here}")
        return "\n".join(lines if self.complete else [*lines, "  cut short by the time limit"])

    def __repr__(self) -> str:
        first, second = self.between
        cut = "" if self.complete else "; cut short"
        return f"<TradeOff of {first} against {second}: {counted(len(self.table), 'point')}{cut}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0))


def trade_off(
    cohort: Cohort | Matching,
    policy: Policy | None = None,
    *,
    between: tuple[str, str] = ("total", "worst"),
    points: int | None = POINTS,
    time_limit: float | None = None,
    progress: Report | None = None,
) -> TradeOff:
    """Tell what more of one objective costs of another, exactly point by point.

    The policy's tiers that count people or pairs are kept, but those that the traded number takes the place
    of: against ``"mentees"``, the tiers before it alone. Against ``"worst"`` and the counts every point is
    the best total at this level, proven. Against ``"spread"`` points are the corners of the curve, each of
    them proven; what lies between two corners is below the straight line that joins them.

    Parameters
    ----------
    cohort
        The people; or a matching, whose people, policy and frozen values are taken, and which is told as a
        point of its own.
    policy
        The policy; for a matching None.
    between
        ``("total", "worst")``, ``"mentees"``, ``"mentors"``, ``"pairs"`` or ``"spread"``; or
        ``("weight", "spread")``: the sum of the pairs' weights alone, before what goals over groups cost.
    points
        Most points, at least 2, evenly spaced; None for every one there is.
    time_limit
        Seconds for all of it; None for no limit.
    progress
        Called with a :class:`pairmatch.Progress` after each point.

    Returns
    -------
    TradeOff

    Raises
    ------
    CallError
        The arguments cannot be used, or the trade-off needs more pairs at hand than can be stored.
    PolicyError
        The policy does not fit the cohort.
    InfeasibleError
        What is required leaves no valid matching.
    NoSolutionError
        The time limit ended before the first point was found.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf; sewing", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve", "fay"], "hobbies": ["chess; golf; sewing", "chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> curve = pm.trade_off(pm.Cohort(mentors, mentees), policy, between=("total", "pairs"))
    >>> curve.table[["pairs", "gap"]].values.tolist()
    [[2.0, 0.0]]
    """
    matching = cohort if isinstance(cohort, Matching) else None
    people = (cohort, policy) if matching is None else (matching.cohort, matching.policy)
    check_calls(*people, time_limit, progress)
    _check(matching, policy, between, points)
    second = between[1]
    budget = Budget(time_limit, progress)
    with Workers() as workers:
        ready = _stated(matching, *people, workers)  # type: ignore[arg-type]
        built = ready.built
        problem = _asked(built.problem, second)
        _refuse(problem, ready, second)
        check_required(built.scorer.cohort, built, None if matching is None else matching.revision)
        try:
            found = _points(problem, ready, between, points, budget, people[1])
        except InfeasibleError as error:
            raise with_ids(error, built.scorer.cohort, built) from None
    chosen = {}
    if matching is not None:
        rows = pairs_of(matching, built)
        values = measured(built.problem, rows[:, :2], rows[:, 2])
        chosen = {tier: values[tier] / unit_of(tier) for tier in between}
    return TradeOff(_table(found, between), between, chosen, budget.complete)


def _check(matching: Matching | None, policy: Any, between: Any, points: Any) -> None:
    found = []
    if matching is not None and policy is not None:
        found.append(Finding("bad_argument", "a matching has its policy; leave it out", column="policy"))
    if not (isinstance(between, tuple | list) and tuple(between) in BETWEEN):
        known = " or ".join(f"({a!r}, {b!r})" for a, b in BETWEEN)
        found.append(Finding("bad_argument", f"must be {known}", column="between"))
    if points is not None and not (is_whole(points) and points >= 2):
        hint = f"must be a whole number of at least 2, or None, not {told(points)}"
        found.append(Finding("bad_argument", hint, column="points"))
    if found:
        raise CallError(found)


def _stated(matching: Matching | None, cohort: Cohort, policy: Policy, workers: Workers) -> Stated:
    """The problem; of a matching with its frozen values."""
    if matching is None:
        policy.check(cohort)
        return stated(cohort, policy, fit(cohort, policy), workers)
    fitted = Fit.from_dict(matching.fitted)
    return stated(cohort, policy, fitted, workers, revision=matching.revision)


def _asked(problem: Problem, second: str) -> Problem:
    """The problem with the tiers that are kept, then the total; what a re-match counts beside is left out."""
    tiers = problem.objective
    before = tiers[: tiers.index(second)] if second in COVERAGE_TIERS and second in tiers else tiers
    kept = tuple(tier for tier in before if tier in COVERAGE_TIERS)
    return replace(problem, objective=(*kept, "total"), earlier=None, coaching=None)


def _refuse(problem: Problem, ready: Stated, second: str) -> None:
    """Say what cannot be traded here."""
    found = []
    if second in ("worst", "spread") and ready.beyond is not None:
        found.append(Finding("bad_argument", ALL_AT_HAND, column="between"))
    if second == "worst" and problem.objective == ("total",):
        hint = "the least total needs a tier that counts people or pairs in the policy's objective"
        found.append(Finding("bad_argument", hint, column="between"))
    if second == "spread" and not (problem.groups or problem.evens):
        hint = "the policy has no goal over groups, as goals.Spread; there is nothing to trade"
        found.append(Finding("bad_argument", hint, column="between"))
    if found:
        raise CallError(found)


def _points(
    problem: Problem,
    ready: Stated,
    between: tuple[str, str],
    points: int | None,
    budget: Budget,
    policy: Any,
) -> list[Point]:
    first, second = between
    if second == "spread":
        return by_spread(problem, first, points, budget)
    if second != "worst":
        return by_count(problem, ready.beyond, second, points, budget)
    curve = floors(policy, problem, points, budget.ends, budget.progress)
    budget.complete = curve.complete
    table = curve.table[["total", "floor", "gap"]].to_numpy().tolist()
    return [Point(round(total * RESOLUTION), round(floor * RESOLUTION), gap) for total, floor, gap in table]


def _table(found: list[Point], between: tuple[str, str]) -> pd.DataFrame:
    import pandas as pd

    first, second = between
    rows = [[point.first / unit_of(first), point.second / unit_of(second), point.gap] for point in found]
    return pd.DataFrame(rows, columns=[first, second, "gap"])
