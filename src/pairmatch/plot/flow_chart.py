"""Pairs between departments as bands: the mentors' departments on the left, the mentees' on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted
from pairmatch.matching import Matching
from pairmatch.plot.drawing import INK, MUTED, altair_or_error, titled
from pairmatch.plot.flows import BAR, Band, Flows, Node, flows_of, laid_out
from pairmatch.plot.words import plain

if TYPE_CHECKING:
    import altair as alt

__all__ = ["flow_chart"]

STEPS = 24
"""Pieces of a band's curve."""

WIDTH, HEIGHT = 420, 360


def flow_chart(matching: Matching, *, field: str | None = None) -> alt.LayerChart:
    """Draw how many pairs there are between the departments of the mentors and those of the mentees.

    A band is as high as there are pairs; its colour is the mentors' department. Of more than twelve
    departments of a side the smaller ones are put together.

    Parameters
    ----------
    matching
        The matching.
    field
        A text field that both sides have; None: department, organisation, function, region or location,
        the first that there is.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("flows.png")`` writes it.

    Raises
    ------
    CallError
        If the arguments cannot be used, or there is nothing to draw.
    MissingExtraError
        If altair is not installed.
    """
    if not isinstance(matching, Matching):
        raise CallError([Finding("bad_argument", "must be a Matching, as match makes it", column="matching")])
    flows = flows_of(matching, field)
    if flows is None:
        hint = "there are no pairs, or no text field that both sides have; name one with field=."
        raise CallError([Finding("nothing_to_draw", hint, column="field")])
    altair = altair_or_error()
    sources, targets, bands = laid_out(flows)
    x = altair.X("x:Q", axis=None, scale=altair.Scale(domain=[-0.55, 1.55], nice=False))
    records = [record for band in bands for record in _curve(band)]
    ends = [*_bars(sources, 0.0, "mentors"), *_bars(targets, 1.0, "mentees")]
    curves = altair.Chart(altair.InlineData(values=records)).mark_area(opacity=0.6)
    curves = curves.encode(
        x=x,
        y=altair.Y("top:Q", axis=None, scale=altair.Scale(domain=[1, 0], nice=False)),
        y2="bottom:Q",
        color=_colour([node.name for node in sources]),
        detail="band:N",
        tooltip=["mentors:N", "mentees:N", "pairs:Q"],
    )
    nodes = altair.Chart(altair.InlineData(values=ends))
    bars = nodes.mark_rect(color=INK).encode(x=x, x2="x2:Q", y="top:Q", y2="bottom:Q")
    texts = [
        nodes.mark_text(align=align, dx=dx, color=INK, limit=170)
        .encode(x="at:Q", y="middle:Q", text="words:N", tooltip=["name:N", "pairs:Q"])
        .transform_filter(f"datum.side === '{side}'")
        for side, align, dx in (("mentors", "right", -6), ("mentees", "left", 6))
    ]
    layers = altair.layer(curves, bars, *texts).properties(width=WIDTH, height=HEIGHT)
    return titled(layers, "Pairs between departments", _words(flows), matching)


def _colour(names: list[str]) -> Any:
    from altair import Color, Scale

    ranged = [MUTED[place % len(MUTED)] for place in range(len(names))]
    return Color("mentors:N", scale=Scale(domain=names, range=ranged), legend=None)


def _curve(band: Band) -> list[dict[str, Any]]:
    """The band as points along its way: level at both ends."""
    flow = band.flow
    told = {"band": f"{flow.source} > {flow.target}", "mentors": flow.source, "mentees": flow.target}
    points = []
    for step in range(STEPS + 1):
        share = step / STEPS
        turned = share * share * (3 - 2 * share)
        top = band.source_top + turned * (band.target_top - band.source_top)
        bottom = band.source_bottom + turned * (band.target_bottom - band.source_bottom)
        x = BAR + share * (1 - 2 * BAR)
        points.append({**told, "pairs": flow.pairs, "x": x, "top": top, "bottom": bottom})
    return points


def _bars(nodes: tuple[Node, ...], at: float, side: str) -> list[dict[str, Any]]:
    """One record for each department, at one of the two ends."""
    left = 0.0 if at == 0 else 1 - BAR
    return [
        {
            "side": side,
            "name": node.name,
            "words": f"{node.name} ({node.pairs:,})",
            "pairs": node.pairs,
            "at": at,
            "x": left,
            "x2": left + BAR,
            "top": node.top,
            "bottom": node.bottom,
            "middle": (node.top + node.bottom) / 2,
        }
        for node in nodes
    ]


def _words(flows: Flows) -> list[str]:
    within = f", {flows.within:,} of them within one" if flows.within else ""
    return [
        f"{counted(flows.pairs, 'pair')} by {plain(flows.field).lower()}{within}",
        "left: the mentors’; right: the mentees’",
    ]
