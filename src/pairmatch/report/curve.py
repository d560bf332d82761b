"""The trade-off curve of the page, as a drawing 640 x 280 and as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import amount, counted
from pairmatch.plot.words import TIERS, plain
from pairmatch.report.histogram import Tick

if TYPE_CHECKING:
    from pairmatch.trade_off import TradeOff

__all__ = ["Curve", "Point", "curve"]

LEFT, RIGHT, TOP, BASE = 84.0, 610.0, 20.0, 225.0


@dataclass(frozen=True)
class Point:
    """One point: where it is drawn, and its figures."""

    x: float
    y: float
    along: str
    up: str
    proven: bool


@dataclass(frozen=True)
class Curve:
    """The curve with its axes and the matching's own point."""

    along: str
    up: str
    words: str
    points: tuple[Point, ...]
    line: str
    chosen: Point | None
    marks_along: tuple[Tick, ...]
    marks_up: tuple[Tick, ...]

    @property
    def drawn(self) -> bool:
        """Whether there is more to see than one point."""
        seen = {(point.x, point.y) for point in (*self.points, *([self.chosen] if self.chosen else []))}
        return len(seen) > 1


def curve(trade_off: TradeOff) -> Curve | None:
    """Lay out the points; None where there are none."""
    up, along = trade_off.between
    rows = [
        (float(row[along]), float(row[up]), float(row["gap"])) for row in trade_off.table.to_dict("records")
    ]
    if not rows:
        return None
    own = trade_off.chosen
    everything = [*rows, (float(own[along]), float(own[up]), 0.0)] if own else rows
    x = _Scale.over([row[0] for row in everything], LEFT, RIGHT)
    y = _Scale.over([row[1] for row in everything], BASE, TOP)
    points = tuple(Point(x.at(a), y.at(b), f"{a:,.4g}", f"{b:,.4f}", gap == 0) for a, b, gap in sorted(rows))
    return Curve(
        along=plain(along, TIERS),
        up=plain(up, TIERS),
        words=_words(trade_off),
        points=points,
        line=" ".join(f"{point.x},{point.y}" for point in points),
        chosen=_own(own[along], own[up], x, y) if own else None,
        marks_along=x.marks,
        marks_up=y.marks,
    )


def _own(along: float, up: float, x: _Scale, y: _Scale) -> Point:
    return Point(x.at(along), y.at(up), f"{along:,.4g}", f"{up:,.4f}", True)


@dataclass(frozen=True)
class _Scale:
    """Numbers to places along an axis."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: list[float], start: float, end: float) -> _Scale:
        low, high = min(values), max(values)
        # A little room at both ends; one value alone stands in the middle.
        room = 0.06 * (high - low) or max(abs(high), 1.0) / 2
        return cls(low - room, high + room, start, end)

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)

    @property
    def marks(self) -> tuple[Tick, ...]:
        """Round numbers along the axis, from three to seven of them."""
        step = _round((self.high - self.low) / 5)
        first = math.ceil(self.low / step)
        values = (number * step for number in range(first, math.floor(self.high / step) + 1))
        return tuple(Tick(self.at(value), amount(round(value, 9))) for value in values)


def _round(step: float) -> float:
    """The nearest of 1, 2 and 5 times a power of ten that is no smaller."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)


def _one_point(trade_off: TradeOff) -> str:
    """What a single point says: one matching has the most of both, so that neither costs anything."""
    if not trade_off.complete or (trade_off.table["gap"] > 0).any():
        return "One point is known; whether there are others is not proven."
    point = trade_off.table.iloc[0]
    own = trade_off.chosen
    here = bool(own) and all(abs(own[name] - float(point[name])) < 1e-9 for name in trade_off.between)
    which = "This" if here else "One"
    return f"{which} matching has the most of both at once: neither costs anything of the other."


def _words(trade_off: TradeOff) -> str:
    if len(trade_off.table) == 1:
        return _one_point(trade_off)
    loose = int((trade_off.table["gap"] > 0).sum())
    told = f"{counted(len(trade_off.table), 'point')}, each the best there is"
    told += f"; {counted(loose, 'hollow one is', 'hollow ones are')} not proven" if loose else ", proven"
    return f"{told}." + ("" if trade_off.complete else " The work was cut short by its time limit.")
