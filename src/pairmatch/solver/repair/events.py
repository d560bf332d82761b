"""What can happen to a matching, in positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pairmatch.problem import Ints

__all__ = ["Events"]


def _nobody() -> Ints:
    return np.empty(0, np.int64)


def _no_pairs() -> Ints:
    return np.empty((0, 2), np.int64)


@dataclass(frozen=True)
class Events:
    """What has happened since the matching was made.

    Attributes
    ----------
    failed
        Pairs that are no longer allowed, ``(n, 2)``, mentor first; running or not.
    mentors_left, mentees_left
        Who no longer takes part: no pair, no place and no minimum.
    mentor_capacity, mentee_capacity
        New capacities by position, at least 0.
    released, fixed
        Running pairs that may end from now on though they were required; running pairs that may not.
    """

    failed: Ints = field(default_factory=_no_pairs)
    mentors_left: Ints = field(default_factory=_nobody)
    mentees_left: Ints = field(default_factory=_nobody)
    mentor_capacity: Mapping[int, int] = field(default_factory=dict)
    mentee_capacity: Mapping[int, int] = field(default_factory=dict)
    released: Ints = field(default_factory=_no_pairs)
    fixed: Ints = field(default_factory=_no_pairs)
