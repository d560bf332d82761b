"""How sure a share is that was counted on few: exact intervals."""

from __future__ import annotations

__all__ = ["exact_interval"]


def exact_interval(count: int, base: int, confidence: float = 0.95) -> tuple[float, float]:
    """The shares that a count does not contradict, after Clopper and Pearson.

    Whatever the true share is, the interval holds it with at least this confidence; it is on the wide side.

    Parameters
    ----------
    count, base
        So many of so many, at least one.
    confidence
        Above 0 and below 1.

    References
    ----------
    Clopper and Pearson 1934, The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26:404, https://doi.org/10.1093/biomet/26.4.404

    Examples
    --------
    >>> [round(float(bound), 3) for bound in exact_interval(34, 40)]
    [0.702, 0.943]
    """
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, base - count + 1, tail))
    high = 1.0 if count == base else float(betaincinv(count + 1, base - count, 1 - tail))
    return low, high
