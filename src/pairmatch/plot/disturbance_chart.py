"""What stability costs as a picture: the best total by how many running pairs end beyond those that must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairmatch.disturbance_frontier import DisturbanceFrontier
from pairmatch.errors import CallError, Finding, counted
from pairmatch.plot.drawing import INK, SOFT_INK, altair_or_error, titled

if TYPE_CHECKING:
    import altair as alt

__all__ = ["disturbance_chart"]

ALONG = "running pairs that end beyond those that must"

NUMBERS = ("total", "gain", "bound")


def disturbance_chart(frontier: DisturbanceFrontier) -> alt.LayerChart:
    """Draw how many further running pairs end against the best totals.

    A full dot is proven; a hollow one has a line up to what no matching exceeds.

    Parameters
    ----------
    frontier
        What :func:`pairmatch.disturbance_frontier` returned.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("disturbance.png")`` writes it.

    Raises
    ------
    CallError
        If that is no such frontier.
    MissingExtraError
        If altair is not installed.
    """
    if not isinstance(frontier, DisturbanceFrontier):
        hint = "must be a DisturbanceFrontier, as pairmatch.disturbance_frontier(matching, ...) returns it"
        raise CallError([Finding("bad_argument", hint, column="frontier")])
    altair = altair_or_error()
    base = altair.Chart(altair.InlineData(values=frontier.table.to_dict("records"))).encode(
        x=altair.X("moved:Q", title=ALONG, axis=_whole(altair), scale=altair.Scale(padding=10, nice=False)),
        y=altair.Y("total:Q", title="best total", scale=altair.Scale(zero=False, nice=True)),
    )
    line = base.mark_line(color=INK, interpolate="step-after", strokeWidth=1)
    open_ = base.mark_rule(color=SOFT_INK, strokeDash=[2, 2]).encode(y2="bound:Q")
    open_ = open_.transform_filter("!datum.exact")
    tooltip = [altair.Tooltip("moved:Q"), *(altair.Tooltip(f"{n}:Q", format=".4~f") for n in NUMBERS)]
    fill = altair.condition("datum.exact", altair.value(INK), altair.value("white"))
    dots = base.mark_point(stroke=INK, size=50, opacity=1, strokeWidth=1).encode(fill=fill, tooltip=tooltip)
    layers = altair.layer(line, open_, dots).properties(width=420, height=240)
    return titled(layers, "What it costs to leave running pairs alone", _words(frontier), None)


def _whole(altair: Any) -> Any:
    """Ticks at whole numbers only."""
    return altair.Axis(tickMinStep=1, format="d")


def _words(frontier: DisturbanceFrontier) -> list[str]:
    """What must end, what every point keeps, and what is not known."""
    must = f"{frontier.ended:,} of {counted(frontier.running, 'running pair')} must end"
    kept = ", ".join(f"{value:,} in {tier}" for tier, value in frontier.coverage.items())
    lines = [f"{must}; every point keeps {kept}" if kept else must]
    loose = int((~frontier.table["exact"]).sum())
    if loose:
        lines.append(f"{counted(loose, 'point')} not proven: the dashed line ends at what nothing exceeds")
    return lines + ([] if frontier.complete else ["cut short by the time limit"])
