"""The form of a goal that is a product of one number of each partner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Form
from pairmatch.goals.forming import Features, instead_of, slack, stacked

__all__ = ["product_form"]

BASE = 16
"""Each feature holds one more digit, to this base, of the mentor's number."""

DIGITS = 5
"""The fifth digit is worth a unit of a share of one."""

Floats = NDArray[np.float64]


def product_form(mentors: Floats, mentees: Floats, share: tuple[float, int, int]) -> Form:
    """The form of ``mentor * mentee``, both numbers in [0, 1], NaN where missing.

    The mentor's number is taken apart into digits, each of which is whole; the mentee's, in the units
    that the digit is worth, is rounded. So no product is wrong by more than half the digit, and the digits'
    rest counts too.

    Parameters
    ----------
    mentors, mentees
        Each person's number.
    share
        Units of a perfect score, the most of them, and those that count where data lack.
    """
    scale, most, instead = share
    known = ~np.isnan(mentors), ~np.isnan(mentees)
    ours, theirs = (np.where(there, side, 0.0) for side, there in zip((mentors, mentees), known, strict=True))
    parts: list[Features] = []
    rest, error = ours, 0.0
    for digit in range(1, DIGITS + 1):
        worth = float(BASE) ** -digit
        whole, units = np.rint(rest / worth), np.rint(theirs * scale * worth)
        rest = rest - whole * worth
        largest = float(np.abs(whole).max(initial=0.0))
        error += largest * float(np.abs(units - theirs * scale * worth).max(initial=0.0))
        parts.append((whole.astype(np.float32)[:, None], units.astype(np.float32)[:, None]))
    error += float(np.abs(rest).max(initial=0.0)) * scale * float(theirs.max(initial=0.0))
    left, right = stacked([*parts, instead_of(*known, instead)])
    return Form(left, right, error + slack(scale, most) + 0.01)
