"""What a re-match changed as a picture: each mentee's mentor before and after, by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted
from pairmatch.matching import CHANGES, Matching
from pairmatch.plot.drawing import INK, MUTED, SOFT_INK, altair_or_error, titled
from pairmatch.plot.words import plain

if TYPE_CHECKING:
    import altair as alt

__all__ = ["changes_chart"]

MOST_ROWS = 50
"""Changes that are drawn one by one; of more, those with each reason are counted."""

NOBODY = "nobody"

COLOURS = dict(zip(CHANGES, (MUTED[k] for k in (4, 1, 2, 3, 6, 0, 7)), strict=True))
"""Each reason's; neighbours in a picture are far apart."""

SIDES = {"before": 0.0, "after": 1.0}
"""Where the mentors stand along the picture."""


def changes_chart(revised: Matching) -> alt.LayerChart:
    """Draw what a re-match changed: a line for each mentee, from the mentor before to the mentor after.

    More than 50 changes are counted by their reason instead.

    Parameters
    ----------
    revised
        What :func:`pairmatch.rematch` returned.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("changes.png")`` writes it.

    Raises
    ------
    CallError
        If that is no matching.
    MissingExtraError
        If altair is not installed.
    """
    if not isinstance(revised, Matching):
        hint = "must be a Matching, as pairmatch.rematch makes it"
        raise CallError([Finding("bad_argument", hint, column="revised")])
    altair = altair_or_error()
    rows = revised.changes.to_dict("records")
    rows.sort(key=lambda row: (list(CHANGES).index(row["reason"]), row["mentee"], row["before"]))
    colour = _colour([str(row["reason"]) for row in rows])
    layers = _lines(rows, colour) if len(rows) <= MOST_ROWS else _bars(rows, colour)
    if not rows:
        layers = altair.layer(altair.Chart(altair.InlineData(values=[{}])).mark_point(opacity=0))
    return titled(layers, "What the re-match changed", [_kept(revised), *_words(rows)], revised)


def _kept(revised: Matching) -> str:
    """How many running pairs go on; all where nothing has changed."""
    now = {(made.mentor, made.mentee) for made in revised.made}
    running = now if revised.revision is None else set(revised.revision.running)
    kept = len(running & now)
    return f"{kept:,} of {counted(len(running), 'running pair')} " + ("goes on" if kept == 1 else "go on")


def _words(rows: list[dict[Any, Any]]) -> list[str]:
    """How many mentees are concerned."""
    mentees = counted(len({row["mentee"] for row in rows}), "mentee")
    return [f"{mentees} with another partner, or with none any more"] if rows else ["no pair has changed"]


def _colour(reasons: list[str]) -> Any:
    """A reason keeps its colour from picture to picture."""
    from altair import Color, Scale

    there = [reason for reason in CHANGES if reason in reasons]
    scale = Scale(domain=[plain(reason) for reason in there], range=[COLOURS[reason] for reason in there])
    return Color("reason:N", scale=scale, title="why")


def _lines(rows: list[dict[Any, Any]], colour: Any) -> alt.LayerChart:
    """A line for each change, with both mentors at its ends."""
    altair = altair_or_error()
    ends = [
        {
            "row": f"{place:03} {row['mentee']}",
            "mentee": row["mentee"],
            "reason": plain(str(row["reason"])),
            "meaning": CHANGES[str(row["reason"])],
            "side": side,
            "at": at,
            "mentor": row[side] or NOBODY,
        }
        for place, row in enumerate(rows)
        for side, at in SIDES.items()
    ]
    names = "slice(datum.label, 4)"
    base = altair.Chart(altair.InlineData(values=ends)).encode(
        x=altair.X("at:Q", scale=altair.Scale(domain=[-0.35, 1.35]), axis=_sides()),
        y=altair.Y("row:N", axis=altair.Axis(title="mentee", labelExpr=names, labelLimit=160)),
    )
    tooltip = ["mentee:N", "side:N", "mentor:N", altair.Tooltip("meaning:N", title="why")]
    lines = base.mark_line(strokeWidth=2).encode(color=colour, detail="row:N")
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(color=colour, tooltip=tooltip)
    texts = [
        base.mark_text(align=align, dx=dx)
        .encode(
            text="mentor:N",
            color=altair.condition(f"datum.mentor === '{NOBODY}'", _value(SOFT_INK), _value(INK)),
        )
        .transform_filter(f"datum.side === '{side}'")
        for side, align, dx in (("before", "right", -9), ("after", "left", 9))
    ]
    return altair.layer(lines, dots, *texts).properties(width=300, height=altair.Step(20))


def _value(colour: str) -> Any:
    from altair import value

    return value(colour)


def _sides() -> Any:
    """The words before and after instead of numbers."""
    from altair import Axis

    words = "datum.value === 0 ? 'mentor before' : 'mentor after'"
    return Axis(title=None, values=list(SIDES.values()), labelExpr=words, orient="top")


def _bars(rows: list[dict[Any, Any]], colour: Any) -> alt.LayerChart:
    """How many changes have each reason."""
    altair = altair_or_error()
    reasons = [str(row["reason"]) for row in rows]
    counts = [
        {"reason": plain(reason), "meaning": CHANGES[reason], "changes": reasons.count(reason)}
        for reason in CHANGES
        if reason in reasons
    ]
    base = altair.Chart(altair.InlineData(values=counts)).encode(
        x=altair.X("changes:Q", title="changes"),
        y=altair.Y("reason:N", sort=None, title=None, axis=altair.Axis(labelLimit=160)),
    )
    bars = base.mark_bar().encode(color=colour.legend(None), tooltip=["meaning:N", "changes:Q"])
    numbers = base.mark_text(align="left", dx=4, color=INK).encode(text="changes:Q")
    return altair.layer(bars, numbers).properties(width=420, height=altair.Step(24))
