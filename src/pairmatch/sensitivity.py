"""``pairmatch.sensitivity``: which pairs stay when the goals' weights are a little other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking import check_calls
from pairmatch.errors import CallError, Finding, counted, shown
from pairmatch.explain import check_matching, columns_for
from pairmatch.match import Work
from pairmatch.parameters import is_number, is_whole, told
from pairmatch.problem import Progress, Report
from pairmatch.scoring import OTHER
from pairmatch.scoring.workers import Workers
from pairmatch.supposing.weighing import Weighing

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["Sensitivity", "sensitivity"]

Bools = NDArray[np.bool_]

SHOWN = 10
"""Pairs that are named in words before the rest is counted."""


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """How a matching changes when the goals' weights do.

    Attributes
    ----------
    table
        A row per pair, the least certain first: mentor, mentee, survives (share of the joint draws whose best
        matching has the pair, in [0, 1]; NaN where none was solved), survives_each (whether the best matching
        has it whichever single weight is lower or higher).
    goals
        A row per goal: goal, lower, upper: how many pairs of the matching change when this weight alone is
        lower or higher; NaN where the time ended before. Goals over protected fields are told together as
        ``other`` (law §12).
    by
        How far weights were changed: 0.2 is a fifth.
    draws
        How many joint draws were solved.
    complete
        False where a time limit ended the work: then fewer draws were solved than asked for.
    """

    table: pd.DataFrame
    goals: pd.DataFrame
    by: float
    draws: int
    complete: bool

    def __str__(self) -> str:
        firm = int(self.table["survives_each"].sum())
        lines = [
            f"{firm:,} of {counted(len(self.table), 'pair')} stay whichever single weight is "
            f"{self.by:.0%} lower or higher"
        ]
        if self.draws and len(self.table):
            mean = self.table["survives"].mean()
            lines.append(f"{mean:.0%} of the pairs stay on average of {counted(self.draws, 'joint draw')}")
        rows = self.goals.dropna().itertuples(index=False)
        lines += [
            f"  {shown(goal)}: {lower:g} pairs change when lower, {upper:g} when higher"
            for goal, lower, upper in rows
        ]
        weak = self.table[self.table["survives"] < 1]
        for mentor, mentee, survives, _ in weak.head(SHOWN).itertuples(index=False):
            lines.append(
                f"  mentor {shown(mentor)} and mentee {shown(mentee)}: in {survives:.0%} of the draws"
            )
        more = len(weak) - SHOWN
        return "\n".join([*lines, *([f"  and {counted(more, 'more pair')}"] if more > 0 else [])])

    def __repr__(self) -> str:
        firm = int(self.table["survives_each"].sum())
        cut = "" if self.complete else "; cut short"
        return f"<Sensitivity by {self.by:.0%}: {firm:,} of {counted(len(self.table), 'pair')} stay{cut}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0)) + str(self.goals.to_html(index=False, border=0))


def sensitivity(
    matching: Matching,
    *,
    by: float = 0.2,
    draws: int = 50,
    seed: int = 0,
    time_limit: float | None = None,
    progress: Report | None = None,
) -> Sensitivity:
    """Tell which pairs stay when the goals' weights are a little other.

    Each weight alone is made lower and higher by the share ``by``, and all weights together are drawn
    evenly from between these; each time the best matching is found anew, with the same rules, places and
    fitted values. Where several matchings are equally good, the one that :func:`pairmatch.match` would give
    is looked at.

    Parameters
    ----------
    matching
        The matching.
    by
        How far weights change: a share, above 0 and below 1.
    draws
        Joint draws of all weights, at least 0.
    seed
        Of the draws, at least 0.
    time_limit
        Seconds for all of it; None for no limit. Each draw costs as much as a match.
    progress
        Called with a :class:`pairmatch.Progress` after each solve.

    Returns
    -------
    Sensitivity

    Raises
    ------
    CallError
        The arguments cannot be used, or the policy has no goals over pairs.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame(
    ...     {"id": ["ana", "ben"], "hobbies": ["chess", "golf"], "department": ["IT", "Law"]}
    ... )
    >>> mentees = pd.DataFrame({"id": ["eve"], "hobbies": ["chess"], "department": ["Law"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1), goals.Same("department", weight=0.9)])
    >>> found = pm.sensitivity(pm.match(pm.Cohort(mentors, mentees), policy), draws=10)
    >>> found.goals.values.tolist()
    [['shared_hobbies', 1.0, 0.0], ['same(department)', 0.0, 1.0]]
    """
    check_matching(matching)
    check_calls(matching.cohort, matching.policy, time_limit, progress)
    _check(by, draws, seed)
    work = Work(time_limit, progress)
    with Workers() as workers:
        weighing = Weighing(matching, workers, work)
        if not weighing.weights:
            hint = "the policy has no goals over pairs that anybody has data for; there is nothing to weigh"
            raise CallError([Finding("bad_argument", hint, column="matching")])
        return _Trial(matching, weighing, by, progress).run(draws, np.random.default_rng(seed))


def _check(by: Any, draws: Any, seed: Any) -> None:
    found = []
    if not (is_number(by) and 0 < float(by) < 1):
        hint = f"must be a share above 0 and below 1, not {told(by)}"
        found.append(Finding("bad_argument", hint, column="by"))
    for name, value in (("draws", draws), ("seed", seed)):
        if not (is_whole(value) and value >= 0):
            hint = f"must be a whole number of at least 0, not {told(value)}"
            found.append(Finding("bad_argument", hint, column=name))
    if found:
        raise CallError(found)


class _Trial:
    """All changes of the weights, one after the other."""

    def __init__(self, matching: Matching, weighing: Weighing, by: float, progress: Report | None) -> None:
        self._matching, self._weighing, self._by, self._progress = matching, weighing, by, progress
        self._weights = np.array(list(weighing.weights.values()))
        self._told = _told_together(matching, list(weighing.weights))
        self._complete = True
        self._done = self._total = 0

    def run(self, draws: int, generator: np.random.Generator) -> Sensitivity:
        """Single changes first, then the draws."""
        self._total = 2 * len(self._told) + draws
        single = {name: [self._kept(times) for times in self._single(at)] for name, at in self._told.items()}
        found = list(self._drawn(draws, generator))
        own = self._weighing.pairs
        each = [kept for both in single.values() for kept in both if kept is not None]
        firm = np.logical_and.reduce([np.ones(len(own), np.bool_), *each])
        share = np.mean(found, axis=0) if found else np.full(len(own), np.nan)
        return Sensitivity(
            self._pairs(share, firm), _goals(single), float(self._by), len(found), self._complete
        )

    def _single(self, at: Bools) -> Iterator[NDArray[np.float64]]:
        """Some weights lower, then higher."""
        for change in (-self._by, self._by):
            yield np.where(at, 1 + change, 1.0)

    def _drawn(self, draws: int, generator: np.random.Generator) -> Iterator[Bools]:
        for _ in range(draws):
            times = generator.uniform(1 - self._by, 1 + self._by, len(self._weights))
            kept = self._kept(times)
            if kept is None:
                return
            yield kept

    def _kept(self, times: NDArray[np.float64]) -> Bools | None:
        """Which pairs stay; None once the time is up."""
        pairs = self._weighing.solved((self._weights * times).tolist()) if self._complete else None
        if pairs is None:
            self._complete = False
            return None
        self._done += 1
        if self._progress is not None:
            self._progress(Progress("trying other weights", self._done, self._total))
        return self._weighing.kept(pairs)

    def _pairs(self, share: NDArray[np.float64], firm: Bools) -> pd.DataFrame:
        import pandas as pd

        ids = self._weighing.ids
        table = pd.DataFrame({"mentor": ids[0], "mentee": ids[1], "survives": share, "survives_each": firm})
        return table.sort_values(["survives", "survives_each", "mentor", "mentee"], ignore_index=True)


def _told_together(matching: Matching, labels: list[str]) -> dict[str, Bools]:
    """For each goal that the lead may see, and the others as one, which weights change with it."""
    columns = columns_for(matching, "lead")
    return {name: np.isin(labels, columns.merged if name == OTHER else [name]) for name in columns.names}


def _goals(single: dict[str, list[Bools | None]]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        [name, *(float("nan") if kept is None else float(np.count_nonzero(~kept)) for kept in both)]
        for name, both in single.items()
    ]
    return pd.DataFrame(rows, columns=["goal", "lower", "upper"])
