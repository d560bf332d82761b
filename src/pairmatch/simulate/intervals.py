"""Averages over runs, and how far chance may have moved them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["interval"]


def interval(values: NDArray[np.float64], confidence: float) -> tuple[float, float, float]:
    """Average of independent values, and Student's interval around it; NaN where too few values tell.

    Parameters
    ----------
    values
        One per run; NaN where a run tells nothing, which is left out.
    confidence
        Of the interval, in (0, 1).

    References
    ----------
    Student 1908, https://doi.org/10.1093/biomet/6.1.1.
    """
    from scipy.stats import t

    known = values[~np.isnan(values)]
    if not len(known):
        return (np.nan, np.nan, np.nan)
    mean = float(known.mean())
    if len(known) < 2:
        return (mean, np.nan, np.nan)
    reach = float(t.ppf((1 + confidence) / 2, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return (mean, mean - reach, mean + reach)
