"""Texts of the data on the page: what cannot be seen, or turns what follows around, stands as a sign."""

from __future__ import annotations

import unicodedata
from typing import Any

__all__ = ["named", "visible"]

LONGEST = 80
"""Characters of an id or a name on the page; two that agree so far are still two rows."""

SIGN = "\N{REPLACEMENT CHARACTER}"

TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of the text after them."""


def visible(value: Any) -> Any:
    """A text without control characters, lone surrogates and turns of direction; anything else as it is."""
    if not isinstance(value, str) or hasattr(value, "__html__") or (value.isascii() and value.isprintable()):
        return value
    return "".join(_sign(character) for character in value)


def _sign(character: str) -> str:
    if character in "\t\n\r\u2028\u2029":
        return " "
    hidden = character in TURNING or unicodedata.category(character) in ("Cc", "Cs")
    return SIGN if hidden else character


def named(value: str) -> str:
    """An id or a name, cut where it is very long."""
    text = str(visible(str(value)))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
