"""The matching beside greedy and random ones: the distributions of weights, and the figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.plot.words import METHODS
from pairmatch.report.histogram import SIDE, WIDTH, Histogram, histogram

if TYPE_CHECKING:
    from pairmatch.uplift import Uplift

__all__ = ["Beside", "Panel", "beside", "gains"]

WORTH_TELLING = 0.0005
"""Shares below this would read as 0.0 %."""


@dataclass(frozen=True)
class Panel:
    """One way to match: its weights as bars, and its figures."""

    name: str
    own: bool
    bars: Histogram
    mean_at: float | None
    mean: str
    mentees: str
    pairs: str
    total: str
    lowest: str


@dataclass(frozen=True)
class Beside:
    """All ways to match the same people."""

    words: str
    panels: tuple[Panel, ...]


def beside(uplift: Uplift) -> Beside:
    """The panels, all drawn to one scale."""
    rows = {str(row["method"]): row for row in uplift.table.to_dict("records")}
    weights = {method: np.array(values, float) for method, values in uplift.weights.items()}
    tallest = max((histogram(values).tallest for values in weights.values()), default=0)
    panels = tuple(
        Panel(
            name=METHODS.get(method, method),
            own=method == "pairmatch",
            bars=histogram(values, tallest),
            mean_at=round(SIDE + float(values.mean()) * (WIDTH - 2 * SIDE), 2) if len(values) else None,
            mean=_figure(rows[method]["mean"], 3),
            mentees=_figure(rows[method]["mentees"], 1),
            pairs=_figure(rows[method]["pairs"], 1),
            total=_figure(rows[method]["total"], 2),
            lowest=_figure(rows[method]["lowest"], 3),
        )
        for method, values in weights.items()
    )
    return Beside(_words(uplift), panels)


def _figure(value: float, digits: int) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if digits == 1 and float(value).is_integer() else f"{value:,.{digits}f}"


def gains(uplift: Uplift) -> tuple[tuple[str, float], ...]:
    """How much larger the total is than that of the other ways, as a share; without those of 0."""
    totals = {str(row["method"]): float(row["total"]) for row in uplift.table.to_dict("records")}
    own = totals.get("pairmatch", 0.0)
    others = (name for name in ("greedy", "random") if totals.get(name, 0.0) > 0)
    return tuple((name, own / totals[name] - 1) for name in others)


def _words(uplift: Uplift) -> str:
    told = [f"{_than(share)} {METHODS[name].lower()} matching" for name, share in gains(uplift)]
    total = ""
    if told:
        total = f"The weights add up to {' and '.join(told)} of the same people under the same rules. "
    return f"{total}Of the random ones the figures are means of all draws, the bars those of a typical draw."


def _than(share: float) -> str:
    if abs(share) < WORTH_TELLING:
        return "as much as in"
    return f"{abs(share):.1%} {'more' if share > 0 else 'less'} than in"
