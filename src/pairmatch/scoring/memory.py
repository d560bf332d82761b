"""How much memory a match will need, told from counts alone before any work.

An estimate: what is measured on large cohorts, and a bit more. It errs on the side of more.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import Any

from pairmatch.problem import Loads
from pairmatch.scoring.size import is_swept
from pairmatch.scoring.sketch import HEIGHT, WIDTH

__all__ = ["Need", "bytes_of", "in_words", "need_of", "resident"]

SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
BINARY_SIZES = {"ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}

TEXT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?\s*", re.IGNORECASE)

LIBRARIES = 60_000_000
"""What the solver's library and others take when they are first used."""

PERSON = 3_000
"""Bytes of a person in the tables of reasons, contributions and prices."""

FEATURES = 128
"""Features of a person, where nobody knows better."""

FEATURE = 2 * 4
"""A feature in float32, and its copy while the sketch is made."""

CANDIDATES = 40
"""Pairs that each person brings into the solver's hands, over all rounds."""

CANDIDATE = 150
"""Bytes of such a pair: positions, weight, its arc in the flow, and what a round works on."""

HELD_PAIR = 60
"""Bytes of a pair where all pairs are held in memory."""

BUFFERS = 12
"""Arrays in float32 of a block's size that each thread works with."""


@dataclass(frozen=True)
class Need:
    """Bytes that a match needs beside what the process holds already.

    Attributes
    ----------
    people
        Features of the people, and what is told of them in the end.
    pairs
        Pairs in the solver's hands.
    blocks
        Scratch arrays of all threads.
    libraries
        Code that is loaded when it is first used.
    """

    people: int
    pairs: int
    blocks: int
    libraries: int = LIBRARIES

    @property
    def total(self) -> int:
        """All of it."""
        return self.people + self.pairs + self.blocks + self.libraries


def need_of(
    loads: Loads, objective: Sequence[str], threads: int, features: int = FEATURES, *, groups: bool = False
) -> Need:
    """What a match needs.

    Parameters
    ----------
    loads
        Capacities and hours of the people who take part.
    objective
        The policy's tiers.
    threads
        How many blocks of pairs are in work at once in this process.
    features
        Features of a person in the sketch.
    groups
        Whether the policy has goals or quotas over groups.
    """
    mentors, mentees = len(loads.mentor_capacity), len(loads.mentee_capacity)
    people = mentors + mentees
    blocks = threads * BUFFERS * HEIGHT * WIDTH * 4
    if not is_swept(loads, objective, groups=groups):
        return Need(people * PERSON, mentors * mentees * HELD_PAIR, blocks)
    places = int(loads.mentor_capacity.sum() + loads.mentee_capacity.sum())
    candidates = min(CANDIDATES * people + places, mentors * mentees)
    return Need(people * (PERSON + FEATURE * features), candidates * CANDIDATE, blocks)


def bytes_of(value: Any) -> int | None:
    """A memory limit in bytes, from a number above 0 or text like ``"2 GB"`` or ``"1.5 GiB"``; else None."""
    if isinstance(value, str) and (match := TEXT.fullmatch(value)):
        size = {**SIZES, **BINARY_SIZES}[(match[2] or "").lower()]
        return int(float(match[1]) * size) or None
    if isinstance(value, Integral) and not isinstance(value, bool):
        return max(int(value), 0) or None
    return None


def in_words(size: int) -> str:
    """Bytes as people say them: ``1.4 GB``, ``30 MB``."""
    for unit, name in ((10**9, "GB"), (10**6, "MB")):
        if size >= unit:
            return f"{size / unit:.2g} {name}" if size < 100 * unit else f"{size // unit:,} {name}"
    return f"{size:,} bytes"


def resident() -> int:
    """Bytes that this process holds: now, or at most so far, or 0, as the system can tell."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        import resource

        return int(statistics.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
