"""How many pairs people have, as bars: who has no place left is darker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairmatch.errors import CallError, Finding, counted
from pairmatch.matching import Matching
from pairmatch.plot.drawing import INK, altair_or_error, titled
from pairmatch.plot.loads import Load, loads_of

if TYPE_CHECKING:
    import altair as alt

__all__ = ["load_chart"]

FULL, FREE = "no place left", "places left"

COLOURS = {FULL: "#4477aa", FREE: "#bbccdd"}
"""One colour, dark and light: they differ in grey too."""


def load_chart(matching: Matching, *, of: str = "mentors") -> alt.LayerChart:
    """Draw how many mentors, or mentees, have no pair, one pair, two and so on.

    Parameters
    ----------
    matching
        The matching.
    of
        ``"mentors"`` or ``"mentees"``. Who could have no pair, as one who does not take part, is not
        counted.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("loads.png")`` writes it.

    Raises
    ------
    CallError
        If the arguments cannot be used, or there is nobody to count.
    MissingExtraError
        If altair is not installed.
    """
    loads = _checked(matching, of)
    altair = altair_or_error()
    records = [
        {"pairs": load.pairs, "people": people, "places": words, "all": load.people, "order": order}
        for load in loads
        for order, (words, people) in enumerate(((FULL, load.full), (FREE, load.people - load.full)))
    ]
    base = altair.Chart(altair.InlineData(values=records)).encode(
        y=altair.Y("pairs:O", title="pairs per person", sort=None)
    )
    scale = altair.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    legend = altair.Legend(title=None, orient="top", symbolType="square")
    bars = base.mark_bar(stroke="white", strokeWidth=0.5).encode(
        x=altair.X("people:Q", title=of, axis=altair.Axis(tickMinStep=1, format=",d")),
        color=altair.Color("places:N", scale=scale, legend=legend),
        order="order:O",
        tooltip=["pairs:O", "places:N", altair.Tooltip("people:Q", title=of)],
    )
    numbers = base.transform_filter("datum.order === 0").mark_text(align="left", dx=4, color=INK)
    numbers = numbers.encode(x="all:Q", text=altair.Text("all:Q", format=","))
    layers = altair.layer(bars, numbers).properties(width=420, height=altair.Step(26))
    return titled(layers, f"How many pairs {of} have", [_words(loads, of)], matching)


def _checked(matching: object, of: object) -> list[Load]:
    if not isinstance(matching, Matching):
        raise CallError([Finding("bad_argument", "must be a Matching, as match makes it", column="matching")])
    if of not in ("mentors", "mentees"):
        raise CallError([Finding("bad_argument", "must be 'mentors' or 'mentees'", column="of")])
    loads = [load for load in loads_of(matching) if f"{load.role}s" == of]
    if not loads:
        hint = f"none of the {of} could have a pair, so there is nothing to draw."
        raise CallError([Finding("nobody_to_draw", hint, column="of")])
    return loads


def _words(loads: list[Load], of: str) -> str:
    people, full = sum(load.people for load in loads), sum(load.full for load in loads)
    pairs = sum(load.people * load.pairs for load in loads)
    return f"{counted(pairs, 'pair')}; {full:,} of {people:,} {of} have no place left"
