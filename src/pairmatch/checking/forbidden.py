"""How many pairs each rule forbids, counted over all pairs of active people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairmatch.scoring import Fit, Scorer, blocks

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["MOST_PAIRS", "forbidden_counts"]

MOST_PAIRS = 50_000_000
"""Beyond so many the sweep would take longer than a page is worth; the rules are then not counted."""


def forbidden_counts(matching: Matching) -> dict[str, int]:
    """By rule label, in the policy's order; empty for a cohort that is too large."""
    cohort = matching.cohort
    mentors, mentees = np.flatnonzero(cohort.mentors.active), np.flatnonzero(cohort.mentees.active)
    if len(mentors) * len(mentees) > MOST_PAIRS:
        return {}
    scorer = Scorer(cohort, matching.policy, Fit.from_dict(matching.fitted))
    counts = dict.fromkeys(scorer.rule_labels, 0)
    for _, block in blocks(cohort, mentors, mentees):
        for label, forbidden in scorer.forbidding(block):
            counts[label] += int(np.count_nonzero(forbidden))
    return counts
