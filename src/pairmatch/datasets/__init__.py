"""Seeded synthetic cohorts and one small shipped example, all people fictional.

::

    cohort = pm.datasets.synthetic(mentors=500, mentees=200, seed=1)
    frames = pm.datasets.synthetic_frames(mentors=500, mentees=200, seed=1)   # the same as pandas tables
    example = pm.datasets.example()                                           # paths of a programme's files
"""

from __future__ import annotations

from pairmatch.datasets.frames import Frames
from pairmatch.datasets.shipped import Example, example
from pairmatch.datasets.synthetic import (
    synthetic,
    synthetic_frames,
    synthetic_policy,
    synthetic_policy_text,
)

__all__ = [
    "Example",
    "Frames",
    "example",
    "synthetic",
    "synthetic_frames",
    "synthetic_policy",
    "synthetic_policy_text",
]
