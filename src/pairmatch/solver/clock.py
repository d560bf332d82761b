"""Deadlines: the only place of the solver that looks at a clock."""

from __future__ import annotations

import time


class TimeUp(Exception):
    """The deadline passed where half an answer is none; the caller has a whole one in hand."""


class Clock:
    """Seconds since the start, and whether the limit is reached.

    Parameters
    ----------
    limit
        Seconds allowed, or None for no limit.
    """

    def __init__(self, limit: float | None = None) -> None:
        self._start = time.monotonic()
        self.limit = limit

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds left; infinite without a limit."""
        return float("inf") if self.limit is None else max(self.limit - self.elapsed, 0.0)

    @property
    def over(self) -> bool:
        """Whether the limit is reached."""
        return self.left <= 0
