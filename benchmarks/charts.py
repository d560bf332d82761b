"""The page's drawings, from the results: python -m benchmarks.page draws them too."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import growth_charts
from benchmarks.results import OURS, Results
from benchmarks.sweeps import ONE_TO_ONE

BASELINES = ("random", "greedy")
DENSE = "all eligible"
BLUE, GREY, LIGHT = "#1f5fa8", "#9aa3ad", "#c9ced4"
PEERS = ("#505a64", "#882255", "#117733", "#b15928", "#7a5195", "#8a7a00", "#0b7f86", "#c2185b")
SHAPES = ("square", "diamond", "triangle-up", "triangle-down", "cross", "square", "diamond", "triangle-up")
"""Colour and mark of each peer's line, dark enough for its name to be read in it."""

WIDTH = 600

APART = 1.5
"""The least factor between the heights of two names."""


def drawings(results: Results) -> dict[str, Any]:
    """Each drawing by the name of its file."""
    return {
        "end-to-end.svg": end_to_end(results),
        "assignment.svg": assignment(results),
        "sizes.svg": sizes(results, "seconds"),
        "memory.svg": sizes(results, "megabytes"),
        "growth.svg": growth_charts.panels(results),
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


def sizes(results: Results, told: str) -> Any:
    """Seconds or megabytes of the sweep of size: pairmatch for everything, the others for one step."""
    rows = [
        {"people per side": size, told: getattr(entry, told), "peer": peer}
        for family, size in results.cases("size", ONE_TO_ONE)
        for peer in results.peers("size")
        if (entry := results.of("size", family, size, peer)).is_measured
    ]
    title = "pairmatch from profiles to the proof; the others their assignment alone, on a ready matrix"
    return lines(rows, title, told)


def lines(rows: list[dict[str, Any]], title: str, told: str = "seconds") -> Any:
    """One line per peer, both axes logarithmic; pairmatch stands out, and each line is named at its end."""
    import altair as alt

    sizes = sorted({row["people per side"] for row in rows})
    peers = sorted({row["peer"] for row in rows} - {OURS})
    known = [OURS, *peers]
    x = alt.X(
        "people per side:Q",
        scale=alt.Scale(type="log", domain=[sizes[0] * 0.9, right_end(sizes, known)], nice=False),
        axis=alt.Axis(values=sizes, format=",d", grid=False),
    )
    decades = [10.0**power for power in range(-4, 6)]
    y = alt.Y(f"{told}:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=decades, format="~g"))
    paint = alt.Scale(domain=known, range=[BLUE, *(PEERS[k % len(PEERS)] for k in range(len(peers)))])
    marks = alt.Scale(domain=known, range=["circle", *(SHAPES[k % len(SHAPES)] for k in range(len(peers)))])
    colour = alt.Color("peer:N", scale=paint, legend=None)
    length = Counter(row["peer"] for row in rows)
    short_on_top = sorted(rows, key=lambda row: -length[row["peer"]])
    base = alt.Chart(alt.Data(values=short_on_top)).encode(x=x, y=y, color=colour)
    thick = alt.condition(alt.datum.peer == OURS, alt.value(3.5), alt.value(1.5))
    shape = alt.Shape("peer:N", scale=marks, legend=None)
    names = alt.Chart(alt.Data(values=labels(rows, told))).mark_text(align="left", dx=8, fontSize=12)
    return alt.layer(
        base.mark_line().encode(strokeWidth=thick),
        base.mark_point(filled=True, size=50, opacity=1).encode(shape=shape),
        names.encode(x=x, y=y, text="peer:N", color=colour),
    ).properties(width=WIDTH, height=380, title=title)


def right_end(sizes: list[int], names: list[str]) -> float:
    """Where the axis of people ends, so that the longest name fits in behind the last point."""
    room = 16 + 7 * max(map(len, names))
    low, high = sizes[0] * 0.9, sizes[-1]
    return float(high * (high / low) ** (room / (WIDTH - room)))


def labels(rows: list[dict[str, Any]], told: str = "seconds") -> list[dict[str, Any]]:
    """Where each line's name stands: at its end, apart from other names, below a line that goes on."""
    ends = {row["peer"]: row for row in sorted(rows, key=lambda row: row["people per side"])}
    placed: list[dict[str, Any]] = []
    for size in sorted({end["people per side"] for end in ends.values()}):
        here = [end for end in ends.values() if end["people per side"] == size]
        here = sorted((end | {told: clear(end, rows, ends, told)} for end in here), key=lambda e: e[told])
        heights = spread([end[told] for end in here])
        placed += [end | {told: height} for end, height in zip(here, heights, strict=True)]
    return placed


def clear(end: dict[str, Any], rows: list[dict[str, Any]], ends: dict[str, Any], told: str) -> float:
    """The height of a name that no line crosses: lines rise, so there is room below them."""
    size, height = end["people per side"], end[told]
    near = [
        row[told]
        for row in rows
        if row["people per side"] == size < ends[row["peer"]]["people per side"]
        and 1 / APART < row[told] / height < APART
    ]
    return min([height, *near]) / APART if near else float(height)


def spread(heights: list[float]) -> list[float]:
    """Rising heights at least `APART` apart, as near to the given ones as can be."""
    step, blocks = math.log(APART), []
    for place, height in enumerate(heights):
        blocks.append((math.log(height) - place * step, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (above, many), (below, more) = blocks.pop(), blocks.pop()
            blocks.append(((above * many + below * more) / (many + more), many + more))
    level = [height for height, count in blocks for _ in range(count)]
    return [math.exp(height + place * step) for place, height in enumerate(level)]


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
