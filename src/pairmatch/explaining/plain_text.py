"""Text that somebody typed, made fit for a line, a page of HTML or of Markdown."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["in_markdown", "one_line"]

LONGEST = 200
"""Characters of one entry that are shown."""

JOINERS = frozenset("\u200c\u200d")
"""Invisible, but words and emoji are written with them."""

RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

ISOLATED = "\u2068{}\u2069"
"""Marks around a text that keep its direction from spreading."""

MARKUP = re.compile(r"[\\`*_{}\[\]#!|~$^=@]|(?<=www)\.|:(?=//)", re.IGNORECASE)
"""What Markdown reads as more than a character amid a line, its dialects' links without brackets among it."""

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def one_line(text: str, longest: int = LONGEST) -> str:
    """A text as one line: no control or direction marks, no halves of characters, at most so long.

    A text with right-to-left letters is put between marks that keep its direction to itself.

    Parameters
    ----------
    text
        As somebody typed it.
    longest
        Characters that are kept.
    """
    # Of very long texts only the front is looked at: 10 times as much as is kept.
    seen = "".join(_shown(character) for character in text[: 10 * longest])
    line = " ".join(seen.split())
    line = line if len(line) <= longest and len(text) <= 10 * longest else f"{line[: longest - 1]}…"
    return ISOLATED.format(line) if _turns(line) else line


def in_markdown(text: str, longest: int = LONGEST) -> str:
    """The same as text of a Markdown page: nothing in it is markup, link or HTML."""
    escaped = MARKUP.sub(r"\\\g<0>", one_line(text, longest))
    return "".join(ENTITIES.get(character, character) for character in escaped)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if category == "Cf" and character not in JOINERS else character


def _turns(line: str) -> bool:
    """Whether a line has letters that run from right to left."""
    return any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in line)
