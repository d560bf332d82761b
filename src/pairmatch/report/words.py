"""Codes in plain words, for readers who never saw the code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TIERS = {
    "must_match": "Named mentees with a mentor",
    "mentees": "Mentees with a mentor",
    "mentors": "Mentors with a mentee",
    "pairs": "Pairs",
    "worst": "Smallest weight of a matched mentee",
    "leximin": "Weights of the matched mentees, smallest first",
    "total": "Sum of the weights",
}

PROOFS = {
    "prices": "by prices that anyone can check against the data",
    "cut": "by a group of people who share too few partners",
    "search": "by the solver's complete search",
}


def plain(code: str, words: Mapping[str, str] = MappingProxyType({})) -> str:
    """The words for a code; a code without words of its own reads as itself, without underscores."""
    text = words.get(code) or code.replace("_", " ").replace("(", " (")
    return text[:1].upper() + text[1:]
