"""The margin: what a whole sweep saw just below the prices, so that the next one need not look everywhere.

A pair beats new prices only if it stood near the old ones, or if one of its two people became much cheaper.
So after a whole sweep the pairs near its prices are kept, and the next sweep looks at those, and at all pairs
of the people whose prices fell by much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Priced
from pairmatch.scoring.lenses import doubt
from pairmatch.scoring.scan import Hits
from pairmatch.scoring.view import Strip, View, joined

__all__ = ["EACH", "NEAR", "Margin", "Moved"]

Floats = NDArray[np.float64]
Places = NDArray[np.int32]

NEAR = 20_000.0
"""Units below the prices down to which pairs are kept."""

EACH = 48
"""Pairs that are kept for each mentor."""

WORTH_IT = 0.4
"""With a larger share of all pairs to look at, a whole sweep is as quick, and leaves a new margin."""

QUANTILES = (0.0, 0.5, 0.9, 0.97, 0.99, 0.997, 0.999, 1.0)
"""Where it is tried to draw the line between mentees who became much cheaper and others."""

ROUNDING = 1.0
"""Units by which keys may be off besides, after the prices were changed."""


@dataclass(frozen=True)
class Moved:
    """Where pairs that beat new prices can be: places in the view's sketch.

    Attributes
    ----------
    rows, columns
        Mentors and mentees all of whose pairs are to be looked at.
    mentor, mentee
        Pairs that stood near the old prices and may beat the new ones.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    mentor: Places
    mentee: Places


class Margin:
    """What one whole sweep saw.

    Parameters
    ----------
    view
        The people.
    priced
        The prices that the sweep held all pairs against.
    """

    def __init__(self, view: View, priced: Priced) -> None:
        self._priced = priced
        self._prices = self._of(view, priced)
        self._doubt = doubt(*self._prices, max(1, priced.total))
        self._limit = np.full(view.sketch.shape[0], np.inf)
        self._hits: list[Hits] = []

    def add(self, batch: Sequence[tuple[Strip, Hits]]) -> None:
        """Pairs of some strips, and up to which key some may have been left out."""
        for strip, hits in batch:
            self._limit[slice(*strip)] = hits.limit
            self._hits.append(hits)

    def moved(self, view: View, priced: Priced, zero: float) -> Moved | None:
        """Where to look under new prices; None where a whole sweep is no dearer.

        Parameters
        ----------
        view
            The people of the whole sweep.
        priced
            The new prices.
        zero
            No pair whose key is up to this beats the prices.
        """
        same = (self._priced.total, self._priced.pair, self._priced.floor)
        if not priced.total or same != (priced.total, priced.pair, priced.floor):
            return None
        now = self._of(view, priced)
        cheaper = self._prices[0] - now[0], self._prices[1] - now[1]
        zero -= self._doubt + ROUNDING
        line = self._line(cheaper, zero)
        if line is None:
            return None
        rows = np.flatnonzero(self._limit + cheaper[0] + line > zero)
        columns = np.flatnonzero(cheaper[1] > line)
        mentor, mentee = joined(self._hits)
        key = np.concatenate([hits.key for hits in self._hits]) + cheaper[0][mentor] + cheaper[1][mentee]
        near = key > zero
        return Moved(rows, columns, mentor[near], mentee[near])

    def _line(self, cheaper: tuple[Floats, Floats], zero: float) -> float | None:
        """How much cheaper a mentee must be to be looked at as a whole, so that least is looked at."""
        n, m = (len(side) for side in cheaper)
        if not n or not m:
            return None
        shares = {}
        for line in np.quantile(cheaper[1], QUANTILES).tolist():
            rows = np.count_nonzero(self._limit + cheaper[0] + line > zero)
            shares[line] = rows / n + np.count_nonzero(cheaper[1] > line) / m
        best = min(shares, key=lambda line: shares[line])
        return best if shares[best] < WORTH_IT else None

    def _of(self, view: View, priced: Priced) -> tuple[Floats, Floats]:
        times = max(1, priced.total)
        return priced.mentor_prices[view.mentors] / times, priced.mentee_prices[view.mentees] / times
