"""The frontier as a picture: how high a floor can be, and what it costs all together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted
from pairmatch.frontier import Frontier
from pairmatch.plot.drawing import INK, altair_or_error, titled

if TYPE_CHECKING:
    import altair as alt

__all__ = ["frontier_chart"]


def frontier_chart(frontier: Frontier) -> alt.LayerChart:
    """Draw floors for the worst-off mentee against the best totals above them.

    Parameters
    ----------
    frontier
        What :func:`pairmatch.frontier` returned.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("frontier.png")`` writes it.

    Raises
    ------
    CallError
        If that is no frontier.
    MissingExtraError
        If altair is not installed.
    """
    if not isinstance(frontier, Frontier):
        hint = "must be a Frontier, as pairmatch.frontier(cohort, policy) returns it"
        raise CallError([Finding("bad_argument", hint, column="frontier")])
    altair = altair_or_error()
    columns = ["floor", "total", "cost", "percent"]
    base = altair.Chart(altair.InlineData(values=frontier.table[columns].to_dict("records"))).encode(
        x=_axis(altair.X, "floor", "smallest total of a mentee"),
        y=_axis(altair.Y, "total", "best total of all"),
    )
    line = base.mark_line(color=INK, interpolate="step-before", strokeWidth=1)
    tooltip = [altair.Tooltip(f"{name}:Q", format=".4~f") for name in columns]
    dots = base.mark_point(color=INK, filled=True, size=50).encode(tooltip=tooltip)
    kept = ", ".join(f"{value} in {tier}" for tier, value in frontier.coverage.items())
    told = f"{counted(len(frontier.table), 'point')}; every one keeps {kept}"
    told += "" if frontier.complete else "; cut short by the time limit"
    return titled(altair.layer(line, dots), "What a higher floor costs", [told], frontier)


def _axis(kind: Any, name: str, title: str) -> Any:
    from altair import Scale

    return kind(f"{name}:Q", title=title, scale=Scale(zero=False, nice=True))
