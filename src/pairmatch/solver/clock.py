"""Deadlines: the only place of the solver that looks at a clock."""

from __future__ import annotations

import time
from collections.abc import Callable

NO_TIME = (
    "the work was ended, by a time limit or a cancellation, before any valid matching was found; "
    "allow more time"
)


class TimeUp(Exception):
    """The deadline passed where half an answer is none; the caller has a whole one in hand."""


class Clock:
    """Seconds since the start, and whether the limit is reached.

    Parameters
    ----------
    limit
        Seconds allowed, or None for no limit.
    cancelled
        Whether the caller wants no more; what it has once said stands.
    """

    def __init__(self, limit: float | None = None, cancelled: Callable[[], bool] | None = None) -> None:
        self._start = time.monotonic()
        self._cancelled = cancelled
        self._ended = False
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
        """Whether the limit is reached, or the caller has cancelled."""
        if self._cancelled is not None and not self._ended:
            self._ended = self._cancelled()
        return self._ended or self.left <= 0
