"""The page's drawings, from the results: python -m benchmarks.page draws them too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.results import OURS, Results

BASELINES = ("random", "greedy")
DENSE = "all eligible"
BLUE, GREY, LIGHT, DARK = "#1f5fa8", "#9aa3ad", "#c9ced4", "#505a64"

APART = 1.5
"""The least factor between the heights of two names."""


def drawings(results: Results) -> dict[str, Any]:
    """Each drawing by the name of its file."""
    return {
        "end-to-end.svg": end_to_end(results),
        "assignment.svg": assignment(results),
        "baselines.svg": baselines(results),
    }


def draw(results: Results, folder: Path) -> None:
    """Write all drawings."""
    folder.mkdir(exist_ok=True)
    for name, chart in drawings(results).items():
        chart.save(folder / name)


def end_to_end(results: Results) -> Any:
    """Seconds from CSV files to files, by size."""
    rows = [
        {"people per side": size, "seconds": entry.seconds, "peer": peer}
        for family, size in results.cases("end to end", "points")
        for peer in (OURS, "mentor-match")
        if (entry := results.of("end to end", family, size, peer)).is_measured
    ]
    return lines(rows, "From CSV files to a matching in files, three pairs each")


def assignment(results: Results) -> Any:
    """Seconds of the solvers on dense weights, by size."""
    rows = [
        {"people per side": size, "seconds": entry.seconds, "peer": peer}
        for family, size in results.cases("assignment", DENSE)
        for peer in results.peers("assignment")
        if peer not in BASELINES and (entry := results.of("assignment", family, size, peer)).is_measured
    ]
    return lines(rows, "The solver alone, all pairs eligible, one to one")


def lines(rows: list[dict[str, Any]], title: str) -> Any:
    """One line per peer, both axes logarithmic; pairmatch stands out, and each line is named at its end."""
    import altair as alt

    sizes = sorted({row["people per side"] for row in rows})
    x = alt.X(
        "people per side:Q",
        scale=alt.Scale(type="log", domain=[sizes[0] * 0.9, sizes[-1] * 1.9], nice=False),
        axis=alt.Axis(values=sizes, format=",d", grid=False),
    )
    decades = [10.0**power for power in range(-4, 3)]
    y = alt.Y("seconds:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=decades, format="~g"))
    colour, named = (
        alt.condition(alt.datum.peer == OURS, alt.value(BLUE), alt.value(c)) for c in (GREY, DARK)
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, detail="peer:N")
    names = alt.Chart(alt.Data(values=labels(rows))).mark_text(align="left", dx=7, fontSize=12)
    return alt.layer(
        base.mark_line(strokeWidth=2).encode(color=colour),
        base.mark_point(filled=True, size=45, opacity=1).encode(color=colour),
        names.encode(x=x, y=y, text="peer:N", color=named),
    ).properties(width=520, height=320, title=title)


def labels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where each line's name stands: at its end, moved up where it would cover the one below."""
    ends = {row["peer"]: row for row in sorted(rows, key=lambda row: row["people per side"])}
    placed: list[dict[str, Any]] = []
    for end in sorted(ends.values(), key=lambda row: (row["people per side"], row["seconds"])):
        below = placed[-1] if placed and placed[-1]["people per side"] == end["people per side"] else None
        least = below["seconds"] * APART if below else 0
        placed.append(end | {"seconds": max(end["seconds"], least)})
    return placed


def baselines(results: Results) -> Any:
    """How much weight the ways that users know leave lying, by severity."""
    import altair as alt

    rows = [
        {"data": family, "peer": peer, "percent of the optimum": 100 * (1 - results.below(entry, "total"))}
        for family, size in severities(results)
        for peer in BASELINES
        if (entry := results.of("assignment", family, size, peer)).is_measured
    ]
    share = alt.X(
        "percent of the optimum:Q",
        scale=alt.Scale(domain=[0, 100]),
        title="total weight, % of the proven optimum",
    )
    bars = alt.Chart(alt.Data(values=rows)).encode(
        x=share,
        y=alt.Y("peer:N", title=None, sort=list(BASELINES)),
        color=alt.Color("peer:N", legend=None, scale=alt.Scale(domain=list(BASELINES), range=[LIGHT, GREY])),
    )
    text = bars.mark_text(align="right", dx=-5, color="black", fontSize=11)
    layers = alt.layer(
        bars.mark_bar(),
        text.encode(text=alt.Text("percent of the optimum:Q", format=".1f"), color=alt.value("black")),
    )
    order = [family for family, _ in severities(results)]
    return layers.properties(width=520, height=40).facet(
        row=alt.Row("data:N", sort=order, title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
        title="What the ways that users know reach",
    )


def severities(results: Results) -> list[tuple[str, int]]:
    """The cases on which baselines are shown: the smaller size of each."""
    found: dict[str, int] = {}
    for family, size in results.cases("assignment"):
        if family != DENSE:
            found.setdefault(family, size)
    return list(found.items())
