"""The drawing of growth: pairmatch's time by possible pairs and its memory by people, each with its line."""

from __future__ import annotations

from typing import Any

from benchmarks import growth
from benchmarks.growth import Growth
from benchmarks.results import Entry, Results
from benchmarks.sweeps import ONE_TO_ONE, PLACES

COLOURS = ("#1f5fa8", "#b15928")
FAMILIES = (ONE_TO_ONE, PLACES)

Points = list[tuple[float, float]]


def panels(results: Results) -> Any:
    """Both panels, side by side."""
    import altair as alt

    kinds = [growth.family(results, name) for name in FAMILIES]
    time = panel(kinds, growth.by_pairs, "possible pairs", "seconds")
    memory = panel(kinds, growth.by_people, "people per side", "megabytes")
    return alt.hconcat(time, memory, title="How pairmatch's cost grows: from profiles to the proof")


def panel(kinds: list[list[Entry]], points: Any, across: str, up: str) -> Any:
    """Measured points, and the line through those that count."""
    import altair as alt

    dots, strokes = [], []
    for name, entries in zip(FAMILIES, kinds, strict=True):
        measured: Points = points(entries)
        dots += [{across: x, up: y, "kind": name} for x, y in measured]
        line = growth.fitted(points(growth.large_enough(entries)))
        if line:
            strokes += ends(line, points(growth.large_enough(entries)), across, up, name)
    x = alt.X(f"{across}:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=decades(1, 11), format="~s"))
    y = alt.Y(f"{up}:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=decades(-3, 5), format="~g"))
    colour = alt.Color("kind:N", scale=alt.Scale(domain=list(FAMILIES), range=list(COLOURS)), legend=None)
    base = alt.Chart(alt.Data(values=dots)).mark_point(filled=True, size=55, opacity=1)
    lines = alt.Chart(alt.Data(values=strokes)).encode(x=x, y=y, color=colour)
    names = lines.transform_filter("datum.told").mark_text(align="right", dx=-6, dy=-8, fontSize=11)
    return alt.layer(
        lines.mark_line(strokeDash=[5, 3]),
        base.encode(x=x, y=y, color=colour),
        names.encode(text="told:N"),
    ).properties(width=290, height=300)


def ends(line: Growth, points: Points, across: str, up: str, name: str) -> list[dict[str, Any]]:
    """Both ends of a line; the upper one is told."""
    low, high = min(points)[0], max(points)[0]
    return [
        {across: low, up: line.at(low), "kind": name, "told": ""},
        {across: high, up: line.at(high), "kind": name, "told": f"{name}: slope {line.slope:.2f}"},
    ]


def decades(first: int, last: int) -> list[float]:
    """Powers of ten."""
    return [10.0**power for power in range(first, last + 1)]
