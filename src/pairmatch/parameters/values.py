"""What a parameter may be: small questions about plain values."""

from __future__ import annotations

import math
from numbers import Integral, Real

from pairmatch.errors import shown

__all__ = ["is_number", "is_share", "is_whole", "told"]


def is_whole(value: object) -> bool:
    """Whether a value is a whole number; True and False are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Whether a value is a finite number; True and False are not."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def told(value: object) -> str:
    """A parameter's value as a message may show it: scalars in full, anything larger by its type."""
    if value is None or isinstance(value, bool | int | float):
        return shown(repr(value))
    if isinstance(value, list | tuple) and not value:
        return "an empty list"
    return f"'{shown(value)}'" if isinstance(value, str) else f"a {type(value).__name__}"


def is_share(value: object) -> bool:
    """Whether a value is a number in [0, 1]."""
    return is_number(value) and 0 <= float(value) <= 1  # type: ignore[arg-type]
