"""Where the time of a long solve goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Spent"]


class Spent:
    """Seconds and counts by name.

    Attributes
    ----------
    told
        The sums so far; seconds are named ``seconds_...``.
    """

    def __init__(self) -> None:
        self.told: dict[str, float] = {}

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Count the seconds of what is done within, even if it ends badly."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.count(f"seconds_{name}", time.monotonic() - start)

    def count(self, name: str, more: float = 1) -> None:
        """Add to a sum."""
        self.told[name] = self.told.get(name, 0) + more
