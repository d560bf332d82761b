"""``pairmatch.uplift``: how much better a matching is than greedy and random ones of the same cohort."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import CallError, Finding, amount, counted
from pairmatch.explain import check_matching
from pairmatch.parameters import is_whole, told
from pairmatch.problem import RESOLUTION
from pairmatch.scoring.workers import Workers
from pairmatch.supposing.plainly import Taken, greedy, random
from pairmatch.supposing.standing import made_by

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["Uplift", "uplift"]

FIGURES = ("mentees", "pairs", "total", "mean", "lowest")

OTHERS = {"greedy": "the heaviest pair first, again and again", "random": "random pairs"}

BETWEEN = (0.025, 0.975)
"""The shares of the draws that are below an interval, and not above it."""


@dataclass(frozen=True, eq=False, repr=False)
class Uplift:
    """A matching beside greedy and random ones of the same cohort.

    Attributes
    ----------
    table
        A row per method, ``"pairmatch"``, ``"greedy"`` and ``"random"``: method, mentees (with a mentor),
        pairs, total (sum of the pairs' weights), mean and lowest (weight of a pair; NaN without pairs). Of
        the random ones the mean of all draws.
    weights
        By method the weight of each pair, ascending; of the random ones those of the draw whose total is the
        middle one.
    intervals
        A row per figure of the random ones: figure, mean, low, high: 95 of 100 draws lie from low to high.
    """

    table: pd.DataFrame
    weights: Mapping[str, tuple[float, ...]]
    intervals: pd.DataFrame

    def over(self, method: str, figure: str = "total") -> float:
        """By how much the matching is above another one, as a share of it; NaN where that one has nothing.

        Parameters
        ----------
        method
            ``"greedy"`` or ``"random"``.
        figure
            ``"mentees"``, ``"pairs"``, ``"total"``, ``"mean"`` or ``"lowest"``.

        Raises
        ------
        CallError
            There is no such method or figure.
        """
        found = [
            Finding("bad_argument", f"must be {' or '.join(repr(name) for name in known)}", column=column)
            for column, value, known in (("method", method, tuple(OTHERS)), ("figure", figure, FIGURES))
            if value not in known
        ]
        if found:
            raise CallError(found)
        figures = self.table.set_index("method")[figure]
        base = float(figures[method])
        return float(figures["pairmatch"]) / base - 1 if base else float("nan")

    def __str__(self) -> str:
        figures = {str(row.pop("method")): row for row in self.table.to_dict("records")}
        own = figures["pairmatch"]
        lines = [f"{counted(int(own['pairs']), 'pair')} of total weight {_short(own['total'])}"]
        for method, words in OTHERS.items():
            share, other = self.over(method), figures[method]
            more = "more" if share >= 0 else "less"
            above = "" if math.isnan(share) else f"; the matching has {abs(share):.1%} {more}"
            served = f"mentees with a mentor: {_short(other['mentees'])} against {int(own['mentees']):,}"
            lines.append(f"  {words}: total {_short(other['total'])}{above}; {served}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        totals = self.table.set_index("method")["total"]
        return f"<Uplift: {', '.join(f'{method} {total:.3f}' for method, total in totals.items())}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0))


def uplift(matching: Matching, *, draws: int = 20, seed: int = 0) -> Uplift:
    """Hold a matching against greedy and random ones of the same cohort, under the same pair rules.

    Greedy takes the heaviest pair that still fits, again and again; random takes any pair that still fits.
    Both keep the pair rules, the least weight, everybody's places and hours, and take the required pairs
    first, but look at no minimum, quota or goal over groups: so people work who have no solver.

    Parameters
    ----------
    matching
        The matching.
    draws
        How many random matchings are drawn, at least 1.
    seed
        Of the draws, at least 0.

    Returns
    -------
    Uplift

    Raises
    ------
    CallError
        The arguments cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf; sewing", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve", "fay"], "hobbies": ["chess; golf", "chess; golf; sewing"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> found = pm.uplift(pm.match(pm.Cohort(mentors, mentees), policy))
    >>> found.table[["method", "pairs"]].values.tolist()
    [['pairmatch', 2.0], ['greedy', 2.0], ['random', 2.0]]
    """
    check_matching(matching)
    _check(draws, seed)
    generator = np.random.default_rng(seed)
    with Workers() as workers:
        made = made_by(matching, workers)
        heaviest = greedy(made, workers)
        drawn = [random(made, generator) for _ in range(draws)]
    own = Taken(made.pairs, made.weight)
    middle = sorted(drawn, key=lambda taken: int(taken.weight.sum()))[len(drawn) // 2]
    shown = {"pairmatch": own, "greedy": heaviest, "random": middle}
    weights = {name: tuple((np.sort(taken.weight) / RESOLUTION).tolist()) for name, taken in shown.items()}
    return Uplift(_table(own, heaviest, drawn), weights, _intervals(drawn))


def _check(draws: Any, seed: Any) -> None:
    found = [
        Finding("bad_argument", f"must be a whole number of at least {least}, not {told(value)}", column=name)
        for name, value, least in (("draws", draws, 1), ("seed", seed, 0))
        if not (is_whole(value) and value >= least)
    ]
    if found:
        raise CallError(found)


def _short(value: float) -> str:
    return amount(round(value, 3))


def _figures(taken: Taken) -> list[float]:
    """Each figure of one matching."""
    weight = taken.weight / RESOLUTION
    each = [float(weight.mean()), float(weight.min())] if len(weight) else [float("nan")] * 2
    total = int(taken.weight.sum()) / RESOLUTION
    return [float(len(np.unique(taken.pairs[:, 1]))), float(len(weight)), total, *each]


def _table(own: Taken, heaviest: Taken, drawn: list[Taken]) -> pd.DataFrame:
    import pandas as pd

    mean = np.mean([_figures(taken) for taken in drawn], axis=0).tolist()
    rows = [
        ["pairmatch", *_figures(own)],
        ["greedy", *_figures(heaviest)],
        ["random", *mean],
    ]
    return pd.DataFrame(rows, columns=["method", *FIGURES])


def _intervals(drawn: list[Taken]) -> pd.DataFrame:
    import pandas as pd

    figures = np.array([_figures(taken) for taken in drawn])
    low, high = np.quantile(figures, BETWEEN, axis=0)
    rows = zip(FIGURES, figures.mean(axis=0).tolist(), low.tolist(), high.tolist(), strict=True)
    return pd.DataFrame(rows, columns=["figure", "mean", "low", "high"])
