"""The weights of a matching's pairs beside those of greedy and random matchings of the same cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import CallError, Finding
from pairmatch.plot.drawing import INK, SOFT_INK, altair_or_error, titled
from pairmatch.plot.words import METHODS
from pairmatch.uplift import Uplift

if TYPE_CHECKING:
    import altair as alt

__all__ = ["weights_chart"]

BINS = 25

COLOURS = ("#4477aa", "#88a8c8", "#bbbbbb")
"""Of the matching, of greedy, of random: the darker, the better; each has a panel and a name besides."""


def weights_chart(uplift: Uplift) -> alt.FacetChart:
    """Draw how many pairs have which weight: in the matching, in a greedy one, in a typical random one.

    The line across each panel is the mean.

    Parameters
    ----------
    uplift
        What :func:`pairmatch.uplift` returned.

    Returns
    -------
    altair.FacetChart
        A notebook shows it, and ``chart.save("weights.png")`` writes it.

    Raises
    ------
    CallError
        If that is no uplift.
    MissingExtraError
        If altair is not installed.
    """
    if not isinstance(uplift, Uplift):
        hint = "must be an Uplift, as pairmatch.uplift(matching) returns it"
        raise CallError([Finding("bad_argument", hint, column="uplift")])
    altair = altair_or_error()
    names = [METHODS.get(method, method) for method in uplift.weights]
    records = [record for method in uplift.weights for record in _bins(method, uplift.weights[method])]
    base = altair.Chart()
    scale = altair.Scale(domain=[0, 1])
    bars = (
        base.transform_calculate(floor="0")
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=altair.X("low:Q", title="weight of a pair", scale=scale),
            x2="high:Q",
            y=altair.Y("pairs:Q", title="pairs", axis=altair.Axis(tickMinStep=1, tickCount=3, format=",d")),
            y2="floor:Q",
            color=altair.Color(
                "method:N", scale=altair.Scale(domain=names, range=list(COLOURS)), legend=None
            ),
            tooltip=[
                "method:N",
                altair.Tooltip("low:Q", title="from"),
                altair.Tooltip("high:Q", title="to"),
                "pairs:Q",
            ],
        )
    )
    mean = base.mark_rule(color=INK, strokeWidth=2).encode(x="mean:Q")
    mean = mean.transform_filter("datum.low === 0 && datum.mean !== null")
    header = altair.Header(
        labelAngle=0, labelOrient="top", labelAnchor="start", labelColor=SOFT_INK, labelPadding=2
    )
    chart = altair.layer(bars, mean, data=altair.InlineData(values=records))
    chart = chart.properties(width=420, height=80).facet(
        row=altair.Row("method:N", sort=names, title=None, header=header), spacing=8
    )
    return titled(chart, "How the pairs weigh against greedy and random ones", _words(uplift), None)


def _bins(method: str, weights: tuple[float, ...]) -> list[dict[str, Any]]:
    counts, edges = np.histogram(np.array(weights), bins=BINS, range=(0.0, 1.0))
    mean = float(np.mean(weights)) if weights else None
    return [
        {
            "method": METHODS.get(method, method),
            "low": round(float(edges[place]), 4),
            "high": round(float(edges[place + 1]), 4),
            "pairs": count,
            "mean": mean,
        }
        for place, count in enumerate(counts.tolist())
    ]


def _words(uplift: Uplift) -> list[str]:
    """The means, method by method."""
    told = [
        f"{METHODS.get(str(row['method']), str(row['method'])).lower()} {row['mean']:.3f}"
        for row in uplift.table.to_dict("records")
    ]
    return [f"mean weight of a pair: {', '.join(told)}"]
