"""Exact intervals: as scipy has them, and wide enough for every true share."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from pairmatch.checking.intervals import exact_interval


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
def test_as_scipy_has_them(confidence: float) -> None:
    """For every count of small numbers."""
    for base in range(1, 25):
        for count in range(base + 1):
            expected = binomtest(count, base).proportion_ci(confidence, method="exact")
            assert exact_interval(count, base, confidence) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("base", [1, 5, 12, 40])
def test_they_hold_the_true_share(base: int) -> None:
    """With at least the confidence, whatever the share is."""
    counts = np.arange(base + 1)
    bounds = np.array([exact_interval(int(count), base) for count in counts])
    for share in np.linspace(0.001, 0.999, 400):
        inside = (bounds[:, 0] <= share) & (share <= bounds[:, 1])
        assert binom.pmf(counts, base, share)[inside].sum() >= 0.95 - 1e-9
