"""What more of one objective costs of another, as a curve; the matching itself is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted
from pairmatch.plot.drawing import INK, SOFT_INK, altair_or_error, titled
from pairmatch.plot.words import TIERS, plain
from pairmatch.trade_off import TradeOff

if TYPE_CHECKING:
    import altair as alt

__all__ = ["trade_off_chart"]

CHOSEN = "#cc3311"
"""Paul Tol's red; the mark is a diamond besides, so that no colour is needed."""


def trade_off_chart(trade_off: TradeOff) -> alt.LayerChart:
    """Draw the best of one objective at each level of another.

    Parameters
    ----------
    trade_off
        What :func:`pairmatch.trade_off` returned.

    Returns
    -------
    altair.LayerChart
        A notebook shows it, and ``chart.save("trade-off.png")`` writes it.

    Raises
    ------
    CallError
        If that is no trade-off.
    MissingExtraError
        If altair is not installed.
    """
    if not isinstance(trade_off, TradeOff):
        hint = "must be a TradeOff, as pairmatch.trade_off(matching) returns it"
        raise CallError([Finding("bad_argument", hint, column="trade_off")])
    altair = altair_or_error()
    up, along = trade_off.between
    points = trade_off.table[[along, up, "gap"]].to_dict("records")
    loose = altair.Scale(zero=False, nice=True, padding=10)
    base = altair.Chart(altair.InlineData(values=points)).encode(
        x=altair.X(f"{along}:Q", title=plain(along, TIERS), scale=loose, axis=altair.Axis(labelFlush=False)),
        y=altair.Y(f"{up}:Q", title=plain(up, TIERS), scale=loose),
    )
    line = base.mark_line(color=SOFT_INK, strokeWidth=1, strokeDash=[3, 3])
    tooltip = [altair.Tooltip(f"{name}:Q", format=".4~f") for name in (along, up, "gap")]
    fill = altair.condition("datum.gap === 0", altair.value(INK), altair.value("white"))
    dots = base.mark_point(stroke=INK, size=50, opacity=1, strokeWidth=1).encode(fill=fill, tooltip=tooltip)
    layers = [line, dots]
    if trade_off.chosen:
        own = altair.Chart(altair.InlineData(values=[dict(trade_off.chosen)]))
        own = own.encode(x=f"{along}:Q", y=f"{up}:Q")
        layers += [
            own.mark_point(shape="diamond", size=170, stroke=CHOSEN, strokeWidth=2, opacity=1, filled=False),
            own.mark_text(text="this matching", color=INK, **_beside(trade_off)),
        ]
    made = altair.layer(*layers).properties(width=420, height=240)
    return titled(made, "What more of one costs of the other", _words(trade_off), None)


def _beside(trade_off: TradeOff) -> dict[str, Any]:
    """Where the matching's name stands: off the curve, which falls to the right, and within the picture."""
    along = trade_off.between[1]
    middle = (trade_off.table[along].min() + trade_off.table[along].max()) / 2
    if trade_off.chosen[along] > middle:
        return {"align": "right", "dx": -12, "dy": 10}
    return {"align": "left", "dx": 12, "dy": -10}


def _words(trade_off: TradeOff) -> list[str]:
    table = trade_off.table
    loose = int((table["gap"] > 0).sum())
    told = f"{counted(len(table), 'point')}, each the best there is"
    told += f"; {counted(loose, 'hollow one is', 'hollow ones are')} not proven" if loose else ", proven"
    return [told] + ([] if trade_off.complete else ["cut short by the time limit"])
