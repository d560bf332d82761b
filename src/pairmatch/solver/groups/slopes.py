"""Descent along slopes that remembers how they changed (limited-memory BFGS; Nocedal 1980).

Plain sums instead of a linear algebra library: its threads would cost more than they bring, and what several
threads add up may differ from run to run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Function = Callable[[Reals], tuple[float, Reals]]

REMEMBERED = 12
"""Steps whose changes are remembered."""

ENOUGH = 1e-7
"""Over five steps, a smaller relative gain ends the descent."""

SHORTEST = 1e-4
"""A step shortened below this ends it too."""


class Descent:
    """Finds a low point of a smooth convex function.

    Parameters
    ----------
    function
        Gives value and slopes at a point.
    steps
        Most steps.
    stop
        Asked before every step; True ends the descent.
    """

    def __init__(self, function: Function, steps: int, stop: Callable[[], bool]) -> None:
        self._function, self._steps, self._stop = function, steps, stop
        self._moves: list[Reals] = []
        self._turns: list[Reals] = []

    def run(self, start: Reals) -> Reals:
        """The lowest point that was found."""
        at = start
        value, slope = self._function(at)
        seen = [value]
        for _ in range(self._steps):
            if self._stop():
                break
            found = self._step(at, value, slope)
            if found is None:
                break
            new, lower, turned = found
            self._remember(new - at, turned - slope)
            at, value, slope = new, lower, turned
            seen.append(value)
            if len(seen) > 5 and seen[-6] - value < ENOUGH * max(abs(value), 1):
                break
        return at

    def _step(self, at: Reals, value: float, slope: Reals) -> tuple[Reals, float, Reals] | None:
        """A lower point, its value and slopes; None where there is none along the direction."""
        direction = self._direction(slope)
        down = _dot(direction, slope)
        if down >= 0:
            self._moves, self._turns = [], []
            direction, down = -slope, -_dot(slope, slope)
        length = 1.0 if self._moves else min(1.0, 1 / max(float(np.abs(slope).max()), 1e-12))
        while length > SHORTEST * SHORTEST:
            new = at + length * direction
            lower, turned = self._function(new)
            if lower <= value + 1e-4 * length * down:
                return new, lower, turned
            length *= 0.35
        return None

    def _direction(self, slope: Reals) -> Reals:
        """The two-loop recursion."""
        direction = -slope
        kept = []
        for move, turn in zip(reversed(self._moves), reversed(self._turns), strict=True):
            factor = _dot(move, direction) / _dot(move, turn)
            direction = direction - factor * turn
            kept.append(factor)
        if self._moves:
            direction = direction * (
                _dot(self._moves[-1], self._turns[-1]) / _dot(self._turns[-1], self._turns[-1])
            )
        for move, turn, factor in zip(self._moves, self._turns, reversed(kept), strict=True):
            direction = direction + move * (factor - _dot(turn, direction) / _dot(move, turn))
        return direction

    def _remember(self, move: Reals, turn: Reals) -> None:
        if _dot(move, turn) <= 1e-12 * _dot(turn, turn):
            return
        self._moves, self._turns = [*self._moves, move][-REMEMBERED:], [*self._turns, turn][-REMEMBERED:]


def _dot(one: Reals, other: Reals) -> float:
    return float((one * other).sum())
