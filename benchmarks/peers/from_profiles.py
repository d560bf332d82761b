"""pairmatch from profiles: no weights are given, and none of all pairs are kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.companies import Stored
from benchmarks.registry import Answer, Peer

if TYPE_CHECKING:
    import pairmatch as pm

Given = tuple["pm.Cohort", "pm.Policy"]


def given(stored: Stored) -> Given:
    """Cohort and policy, read from their files."""
    return stored.cohort(), stored.policy()


def match(ready: Given, draw: int) -> Answer:
    """The whole of `pairmatch.match`: scoring, solving, proof, reasons of the unmatched, its own check."""
    import pairmatch as pm

    matching = pm.match(*ready)
    proven = tuple(proof.verified_bound for proof in matching.certificate.proofs)
    return Answer(positions(matching), proven, figures(matching), matching)


def positions(matching: pm.Matching) -> Any:
    """Rows of mentor and mentee of each pair, and its weight."""
    sides = (matching.cohort.mentors.ids, matching.cohort.mentees.ids)
    mentors, mentees = ({who: row for row, who in enumerate(ids)} for ids in sides)
    made = [(mentors[pair.mentor], mentees[pair.mentee], pair.weight) for pair in matching.made]
    return np.array(made, np.int64).reshape(-1, 3)


def figures(matching: pm.Matching) -> dict[str, float]:
    """The gap, and all that the matching tells of the work."""
    told = {name: float(value) for name, value in matching.stats.items() if np.isscalar(value)}
    return {"gap": matching.certificate.gap, **told}


def verified(ready: Given, answer: Answer) -> Mapping[str, float]:
    """Seconds of `pairmatch.verify`, which holds all pairs against the prices without the solver."""
    import pairmatch as pm

    before = time.perf_counter()
    told = pm.verify(answer.kept, *ready)
    return {"verify_seconds": time.perf_counter() - before, "verify_pairs_swept": told.pairs_swept}


PAIRMATCH = Peer("pairmatch", match, given, packages=("pairmatch", "ortools"), exact=True, after=verified)
