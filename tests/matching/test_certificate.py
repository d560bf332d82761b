"""What a tier loses from one answer to another."""

from __future__ import annotations

import numpy as np
import pytest

from pairmatch.matching import lost
from pairmatch.problem import RESOLUTION, TierProof


def proof(tier: str, value: int, *levels: int) -> TierProof:
    """A tier's claim, without prices."""
    nobody = np.empty(0, np.int64)
    return TierProof(tier, value, value, value, "search", {}, nobody, nobody, levels=levels)


def leximin(*levels: float) -> TierProof:
    """The ascending totals of the mentees."""
    units = [round(level * RESOLUTION) for level in levels]
    return proof("leximin", units[0] if units else 0, *units)


def test_people_are_whole_and_weights_are_not() -> None:
    assert lost(proof("mentees", 5), proof("mentees", 3)) == 2
    assert lost(proof("total", 1_500_000), proof("total", 2_000_000)) == -0.5


@pytest.mark.parametrize(
    ("now", "then", "loss"),
    [
        (leximin(0.3, 0.5), leximin(0.3, 0.4), 0.1),
        (leximin(0.3, 0.5), leximin(0.3), 0.3),  # one mentee fewer
        (leximin(0.4), leximin(0.3, 0.5), 0.1),  # one more, and a smaller one, which comes first
        (leximin(0.4), leximin(), 0.4),
        (leximin(0.3, 0.5), leximin(0.3, 0.5), 0),
    ],
)
def test_leximin_loses_at_the_smallest_total_first(now: TierProof, then: TierProof, loss: float) -> None:
    assert lost(now, then) == pytest.approx(loss)
