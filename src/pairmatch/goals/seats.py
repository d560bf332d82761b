"""Shares of a number as whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

__all__ = ["exact_share", "seats"]


def seats(quotas: Sequence[Fraction]) -> list[int]:
    """Quotas as whole numbers by largest remainder; of equal remainders the earlier one is rounded up.

    Examples
    --------
    >>> from fractions import Fraction
    >>> seats([Fraction(9, 2), Fraction(7, 2), Fraction(2)])
    [5, 3, 2]
    """
    whole = [floor(quota) for quota in quotas]
    left = floor(sum(quotas, start=Fraction(1, 2))) - sum(whole)
    first = sorted(range(len(quotas)), key=lambda place: (whole[place] - quotas[place], place))
    for place in first[:left]:
        whole[place] += 1
    return whole


def exact_share(share: float) -> Fraction:
    """A share as it was written: 0.1 is one tenth."""
    return Fraction(str(share))
