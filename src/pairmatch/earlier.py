"""What an earlier matching leaves to a re-match: running pairs and waiting people. Arrays, no people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["REMATCH_TIERS", "Earlier"]

Ints = NDArray[np.int64]
Some = NDArray[np.integer]

REMATCH_TIERS = ("held", "kept", "waited")
"""Tiers that only a re-match has (law §13): pairs that may not end, running pairs kept, rounds waited."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """Running pairs and waiting people of an earlier matching, in a problem's positions.

    Attributes
    ----------
    pairs
        Running pairs, int64 ``(n, 2)``, mentor first; sorted by mentor, then mentee, each once. All are
        allowed pairs of the problem. What is required already is not among them.
    held
        bool ``(n,)``: pairs that may not end, where that can be helped; the others are movable.
    mentors_waited, mentees_waited
        Rounds for which each person has waited, at least 0, int64 ``(n_mentors,)`` and ``(n_mentees,)``.
    bonus
        What each running pair that is kept counts in the tier ``"total"`` beside its weight, in units.
    """

    pairs: Ints
    held: NDArray[np.bool_]
    mentors_waited: Ints
    mentees_waited: Ints
    bonus: int = 0

    def among(self, mentor: Some, mentee: Some) -> NDArray[np.intp]:
        """For each pair of positions its row in ``pairs``, -1 where it is not running."""
        width = np.int64(len(self.mentees_waited))
        mine = self.pairs[:, 0] * width + self.pairs[:, 1]
        asked = mentor.astype(np.int64) * width + mentee
        if not len(mine):
            return np.full(len(asked), -1, np.intp)
        at = np.minimum(np.searchsorted(mine, asked), len(mine) - 1)
        return np.where(mine[at] == asked, at, -1)

    def gains(self, mentor: Some, mentee: Some, times: Mapping[str, int]) -> Ints:
        """What each pair of positions gains for running already, under a mixture of tiers."""
        kept = times.get("kept", 0) + self.bonus * times.get("total", 0)
        held = times.get("held", 0)
        gain = np.zeros(len(mentor), np.int64)
        if kept or held:
            row = self.among(mentor, mentee)
            here = np.flatnonzero(row >= 0)
            gain[here] = kept + held * self.held[row[here]]
        return gain

    def kept(self, mentor: Some, mentee: Some) -> int:
        """How many running pairs are among these."""
        return int(np.count_nonzero(self.among(mentor, mentee) >= 0))

    def value(self, tier: str, mentor: Some, mentee: Some) -> int:
        """The value of one of the tiers of a re-match for chosen pairs."""
        if tier == "waited":
            mentors, mentees = np.unique(mentor), np.unique(mentee)
            return int(self.mentors_waited[mentors].sum() + self.mentees_waited[mentees].sum())
        row = self.among(mentor, mentee)
        running = row[row >= 0]
        return int(self.held[running].sum()) if tier == "held" else len(running)
