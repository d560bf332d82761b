"""A line of text that shows how far long work is; to be handed over as ``progress``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Self, TextIO

from pairmatch.problem import Progress

__all__ = ["ProgressBar", "progress_bar"]

WIDTH = 24
"""Characters of the bar."""

EVERY = 0.1
"""Seconds between two drawings on a terminal."""

LINE_EVERY = 10.0
"""Seconds between two lines in a log."""

COUNTED = ("pairs", "programmes")
"""Steps that take about the same time each; a stage that counts them ends with their name."""

WARM = 0.5
"""Seconds of a stage before its speed means anything."""


def progress_bar(stream: TextIO | None = None, *, always: bool = False) -> ProgressBar:
    """A progress bar for the argument ``progress`` of :func:`pairmatch.match` and other verbs.

    It shows the stage, the round, how far the best matching so far can be from the best one (the gap), pairs
    per second and an estimate of the time left for the stage. Where the stream is no terminal it is silent.

    Parameters
    ----------
    stream
        Where to write; None for stderr.
    always
        Where the stream is no terminal: write a line for each stage, and every ten seconds, as suits a log.

    Examples
    --------
    >>> import pairmatch as pm
    >>> cohort, policy = pm.datasets.synthetic(mentors=20, mentees=10), pm.datasets.synthetic_policy()
    >>> with pm.progress_bar() as bar:
    ...     matching = pm.match(cohort, policy, progress=bar)
    """
    return ProgressBar(sys.stderr if stream is None else stream, always=always)


class ProgressBar:
    """Writes what it is told; in ``with``, it wipes its line away in the end.

    Parameters
    ----------
    stream
        Where to write.
    always
        Whether to write lines where the stream is no terminal.
    clock
        Seconds, for measuring speed.
    """

    def __init__(
        self, stream: TextIO, *, always: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream, self._clock = stream, clock
        self._live = bool(getattr(stream, "isatty", lambda: False)())
        self._silent = not (self._live or always)
        self._pace = EVERY if self._live else LINE_EVERY
        self._stage = ("", 0)
        self._gap: float | None = None
        self._start = self._first = self._drawn = 0.0
        self._long = 0

    def __call__(self, state: Progress) -> None:
        """Show a state of the work."""
        if self._silent:
            return
        now, self._gap = self._clock(), self._gap if state.gap is None else state.gap
        new = (state.stage, state.round) != self._stage
        if new:
            self._stage, self._start, self._first = (state.stage, state.round), now, state.done
        if new or now - self._drawn >= self._pace or (self._live and state.done == state.total):
            self._drawn = now
            self._write(self.line(state, now - self._start))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Wipe the line away."""
        if self._live and self._long:
            self._stream.write("\r" + " " * self._long + "\r")
            self._stream.flush()
            self._long = 0

    def line(self, state: Progress, seconds: float) -> str:
        """What is shown of a state, so many seconds into its stage."""
        parts = [f"{state.stage}, round {state.round}" if state.round else state.stage]
        if state.total:
            share = min(state.done / state.total, 1.0)
            parts += [f"[{'#' * round(share * WIDTH):{WIDTH}}]", f"{share:.0%}"]
        if self._gap is not None:
            parts.append(f"gap {self._gap:.2%}")
        return "  ".join([*parts, *self._speed(state, seconds)])

    def _speed(self, state: Progress, seconds: float) -> list[str]:
        """Steps per second by name, as in ``120M pairs/s``, and the seconds left."""
        done, steps = state.done - self._first, state.stage.rpartition(" ")[2]
        if steps not in COUNTED or not state.total or done <= 0 or seconds < WARM:
            return []
        rate = done / seconds
        left = (state.total - state.done) / rate
        return [f"{short(rate)} {steps}/s", f"{in_time(left)} left"]

    def _write(self, text: str) -> None:
        if self._live:
            self._stream.write("\r" + text.ljust(self._long))
            self._long = len(text)
        else:
            self._stream.write(text + "\n")
        self._stream.flush()


def short(number: float) -> str:
    """A number in at most four characters: ``7.5``, ``320``, ``12k``, ``210M``, ``1.2G``."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            number /= size
            return f"{number:.0f}{letter}" if number >= 10 else f"{number:.1f}{letter}"
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


def in_time(seconds: float) -> str:
    """Seconds as people say them: ``12 s``, ``3 min 05 s``, ``2 h 10 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
