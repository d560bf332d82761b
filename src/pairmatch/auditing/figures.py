"""The figures of an audit: measures by group, compared with the group that fared best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

import numpy as np

from pairmatch.auditing.people import Fared
from pairmatch.auditing.rows import Row
from pairmatch.checking.intervals import exact_interval
from pairmatch.errors import shown
from pairmatch.grouping import AND

__all__ = [
    "ALL",
    "FOUR_FIFTHS",
    "MEASURES",
    "SMALL_SHARE",
    "Audited",
    "compared",
    "figures_of",
    "measures_of",
]

MEASURES = {
    "admitted": "people whom the rules about people let have a partner, of those who take part",
    "matched": "people with a partner, of those who may have one",
    "mean_weight": "mean weight of the pairs of a person, over those who have a partner",
    "above_median": "people whose pairs weigh more than the median of all, of those who have a partner",
    "wish_met": "people who have a partner whom they wished for, of those who wished for somebody",
}
"""Measures and what they count."""

FOUR_FIFTHS = 0.8
"""A ratio to the best-off group below this is flagged: a reason to look, not a proof."""

SMALL_SHARE = 0.02
"""Groups with a smaller share of the people are not compared with others: chance rules their figures."""

ALL = "all"


@dataclass(frozen=True, slots=True)
class Audited:
    """One figure.

    Attributes
    ----------
    of
        ``"mentors"`` or ``"mentees"``.
    by
        The column; several with " & " between them; empty for everybody.
    group
        The value, ``"unknown"`` where there is none, or ``"all"``.
    measure
        One of :data:`MEASURES`.
    count, base
        So many of so many; the count of a mean is None. Both are None where the figure is withheld.
    value
        The share, or the mean, in [0, 1]; None where it is withheld or nobody is counted.
    low, high
        Ends of the exact interval of a share; None for a mean.
    best
        The group of the same table that fared best; empty where there is nothing to compare.
    ratio
        The value by that of the best-off group; None where there is nothing to compare.
    p_value
        How likely so large a difference to the best-off group is by chance alone: Fisher's exact test,
        two-sided. None for a mean, and for the best-off group.
    """

    of: str
    by: str
    group: str
    measure: str
    count: int | None = None
    base: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    best: str = ""
    ratio: float | None = None
    p_value: float | None = None

    @property
    def withheld(self) -> bool:
        """Whether the figure is hidden, because it or another would tell of fewer than five."""
        return self.base is None

    @property
    def below_four_fifths(self) -> bool | None:
        """Whether the ratio is below four fifths: a flag, not a proof. None where there is no ratio."""
        return None if self.ratio is None else self.ratio < FOUR_FIFTHS

    @property
    def told(self) -> str:
        """The figure in words."""
        where = (
            self.of
            if self.group == ALL and not self.by
            else f"{self.of}, {shown(self.by)} = {shown(self.group)}"
        )
        return f"{self._name} ({where}): {self._found}"

    @property
    def words(self) -> str:
        """The same without the group, for a line under its name."""
        return f"{self._name}: {self._found}"

    @property
    def _name(self) -> str:
        return self.measure.replace("_", " ")

    @property
    def _found(self) -> str:
        if self.withheld:
            return "withheld, for privacy"
        if self.value is None:
            return "nobody to count"
        return f"{self._amount}{self._comparison}"

    @property
    def _amount(self) -> str:
        if self.count is None or self.low is None or self.high is None:
            return f"{self.value:.3f} over {self.base:,}"
        return f"{self.count:,} of {self.base:,}, {self.value:.0%} ({self.low:.0%} to {self.high:.0%})"

    @property
    def _comparison(self) -> str:
        if self.ratio is None or self.best == self.group:
            return ""
        test = "" if self.p_value is None else f", p = {self.p_value:.2g}"
        flag = ", below four fifths" if self.below_four_fifths else ""
        return f"; {self.ratio:.2f} of {shown(self.best)}{test}{flag}"


def figures_of(
    row: Row | None, of: str, people: Mapping[str, Fared], confidence: float, hidden: Iterable[str]
) -> Iterator[Audited]:
    """All measures of one group, or of everybody, those that are hidden without their numbers.

    Parameters
    ----------
    row
        The group; None for everybody.
    of
        The side.
    people
        Everybody of the side who is counted.
    confidence
        Of the intervals.
    hidden
        Measures that are withheld.
    """
    by, group = ("", ALL) if row is None else (AND.join(row.by), row.group)
    own = people.values() if row is None else [people[who] for who in sorted(row.members)]
    own, shown = list(own), measures_of(people)
    middle = median([one.weight for one in people.values() if one.weight is not None] or [0.0])
    out = set(hidden)
    for measure in shown:
        figure = Audited(of, by, group, measure)
        yield figure if measure in out else _counted(figure, own, middle, confidence)


def measures_of(people: Mapping[str, Fared]) -> Sequence[str]:
    """The measures that there is something to count for."""
    absent = set()
    if all(one.admitted for one in people.values()):
        absent.add("admitted")
    if all(one.wish_met is None for one in people.values()):
        absent.add("wish_met")
    return [measure for measure in MEASURES if measure not in absent]


def _counted(figure: Audited, own: Sequence[Fared], middle: float, confidence: float) -> Audited:
    """The figure with its numbers."""
    if figure.measure == "mean_weight":
        weights = [one.weight for one in own if one.weight is not None]
        return replace(figure, base=len(weights), value=fmean(weights) if weights else None)
    hits = list(_hits(figure.measure, own, middle))
    count, base = sum(hits), len(hits)
    if not base:
        return replace(figure, count=0, base=0)
    low, high = exact_interval(count, base, confidence)
    return replace(figure, count=count, base=base, value=count / base, low=low, high=high)


def _hits(measure: str, own: Sequence[Fared], middle: float) -> Iterator[bool]:
    """For everybody who is counted in a measure, whether it holds."""
    if measure == "admitted":
        yield from (one.admitted for one in own)
    elif measure == "matched":
        yield from (one.weight is not None for one in own if one.admitted)
    elif measure == "above_median":
        yield from (one.weight > middle for one in own if one.weight is not None)
    else:
        yield from (one.wish_met for one in own if one.admitted and one.wish_met is not None)


def compared(figures: Sequence[Audited], rows: Sequence[Row], everybody: int) -> list[Audited]:
    """The figures of one measure and table, each beside that of the group that fared best.

    Parameters
    ----------
    figures, rows
        One figure for each group.
    everybody
        How many people of the side are counted.
    """
    able = [
        figure
        for figure, row in zip(figures, rows, strict=True)
        if figure.value is not None and row.known and len(row.members) >= SMALL_SHARE * everybody
    ]
    if len(able) < 2:
        return list(figures)
    best = min(able, key=lambda figure: (-(figure.value or 0), -(figure.base or 0), figure.group))
    return [_beside(figure, best) if figure in able else figure for figure in figures]


def _beside(figure: Audited, best: Audited) -> Audited:
    if not best.value or figure.value is None:
        return figure
    p_value = None if figure is best or figure.count is None else _fisher(figure, best)
    return replace(figure, best=best.group, ratio=figure.value / best.value, p_value=p_value)


def _fisher(figure: Audited, best: Audited) -> float:
    """Fisher's exact test of two shares, two-sided."""
    from scipy.stats import fisher_exact

    rows = [[one.count or 0, (one.base or 0) - (one.count or 0)] for one in (figure, best)]
    return min(1.0, float(fisher_exact(np.array(rows, np.int64)).pvalue))
