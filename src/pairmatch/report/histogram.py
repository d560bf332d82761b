"""The distribution of the pairs' weights as bars of a drawing 640 x 200."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 20
WIDTH, HEIGHT, BASE, SIDE = 640, 200, 170, 40


@dataclass(frozen=True)
class Bar:
    """One bar and what it counts."""

    x: float
    y: float
    width: float
    height: float
    count: int
    text: str


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Histogram:
    """Bars, axis marks, the drawing in words, and how many pairs the highest bar counts."""

    bars: tuple[Bar, ...]
    weights: tuple[Tick, ...]
    counts: tuple[Tick, ...]
    words: str
    tallest: int


def histogram(weights: NDArray[np.float64], room: int = 0) -> Histogram:
    """Count weights in [0, 1] in twenty bins, with room for bars of at least so many pairs."""
    counts = np.histogram(weights, bins=BINS, range=(0.0, 1.0))[0].tolist()
    top = _round_up(max(*counts, room))
    step = (WIDTH - 2 * SIDE) / BINS
    bars = tuple(_bar(i, count, step, top) for i, count in enumerate(counts) if count)
    marks = tuple(Tick(SIDE + share * (WIDTH - 2 * SIDE), f"{share:g}") for share in (0, 0.25, 0.5, 0.75, 1))
    lines = tuple(Tick(_height(count, top), f"{count:,}") for count in (0, top // 2, top))
    return Histogram(bars, marks, lines, _words(weights), max(counts))


def _bar(index: int, count: int, step: float, top: int) -> Bar:
    y = _height(count, top)
    text = f"{count:,} pair{'s' if count != 1 else ''} from {index / BINS:.2f} to {(index + 1) / BINS:.2f}"
    return Bar(round(SIDE + index * step + 1, 2), y, round(step - 2, 2), round(BASE - y, 2), count, text)


def _height(count: int, top: int) -> float:
    return round(BASE - (BASE - 15) * count / top, 2)


def _round_up(count: int) -> int:
    """The next even number of one leading digit, so that the middle line is a whole number too."""
    magnitude = int("1" + "0" * (len(str(count)) - 1))
    top = -(-max(count, 2) // magnitude) * magnitude
    return top + magnitude if top % 2 else top


def _words(weights: NDArray[np.float64]) -> str:
    if len(weights) == 0:
        return "No pairs."
    low, middle, high = np.quantile(weights, (0.25, 0.5, 0.75))
    return f"Half of the pairs weigh between {low:.2f} and {high:.2f}; the middle one weighs {middle:.2f}."
