"""Terms: when two words count as the same one, and what a list cell holds."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

__all__ = ["THOUSAND", "Term", "normalise"]

THOUSAND = 1000
"""A term's weight of 1, in the thousandths in which weights are kept."""

CACHED_TERMS = 1 << 17
"""How many spellings are remembered."""


class Term(NamedTuple):
    """One entry of a list or topics field.

    Attributes
    ----------
    key
        The normalised spelling; two terms are the same iff their keys are equal.
    label
        The entry as it was written.
    weight
        Proficiency (offered) or priority (wanted), in thousandths.
    must
        Whether the mentee marked the topic as a must.
    """

    key: str
    label: str
    weight: int = THOUSAND
    must: bool = False


AMERICAN = {
    "analyze": "analyse", "analyzing": "analysing", "behavior": "behaviour", "behavioral": "behavioural",
    "center": "centre", "color": "colour", "counseling": "counselling", "fiber": "fibre", "harbor": "harbour",
    "honor": "honour", "humor": "humour", "jewelry": "jewellery", "labor": "labour", "modeling": "modelling",
    "neighbor": "neighbour", "theater": "theatre", "traveling": "travelling",
}  # fmt: skip
"""American spellings and the British ones they are read as; besides, -ization is read as -isation."""

_IZATION = re.compile(r"(?<=[a-z]{3})ization(s?|al)$")
_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`]")
_GAPS = re.compile(r"[\s\-_/\u2010-\u2015\u2212]+")


@lru_cache(maxsize=CACHED_TERMS)
def normalise(text: str) -> str:
    """The spelling by which texts are compared.

    Case, accents, apostrophes, hyphens, ``&`` for *and*, full stops and exclamation marks at the end
    and American spelling make no difference; ``+``, ``#`` and inner dots do, so that *C*, *C++* and
    *C#* stay apart. Nothing is matched by parts: *AI* is not in *retail*.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The normalised text; the folded text itself where nothing would be left of it.
    """
    folded = _folded(text)
    plain = _MARKS.sub("", unicodedata.normalize("NFD", folded))
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", plain)).replace("&", " and ")
    words = _GAPS.sub(" ", plain).rstrip(" .!").split()
    return " ".join(_british(word) for word in words) or folded


def _folded(text: str) -> str:
    """Compatibility forms and case unified. Twice, because folding can undo the first normalisation."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).casefold().split())


def _british(word: str) -> str:
    return AMERICAN.get(word) or _IZATION.sub(r"isation\1", word)
