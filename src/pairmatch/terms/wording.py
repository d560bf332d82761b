"""In words, why two texts have something to do with each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pairmatch.terms.spelling import normalise
from pairmatch.terms.tree import FARTHEST, Tree

__all__ = ["Reading", "why"]


class Reading(NamedTuple):
    """How a text was read.

    Attributes
    ----------
    text
        As somebody wrote it.
    key
        What it is compared by.
    name
        The concept's name, or the text itself where it is no known word.
    word
        The known word that it was read as.
    how
        ``"name"``, ``"alias"``, ``"spelling"``, or empty where it is no known word.
    """

    text: str
    key: str
    name: str
    word: str
    how: str


def why(one: Reading, other: Reading, tree: Tree, names: Mapping[str, str]) -> str:
    """The reason in one line; empty where the two are not related."""
    if one.key == other.key:
        return _same(one, other)
    relation = _relation(one, other, tree, names)
    return "; ".join([*_readings(one, other), relation]) if relation else ""


def _same(one: Reading, other: Reading) -> str:
    """Why two texts mean the same."""
    if one.text == other.text:
        return f"both say '{one.text}'"
    if normalise(one.text) == normalise(other.text):
        return f"'{one.text}' and '{other.text}' are one word in two spellings"
    if one.how == other.how == "alias":
        return f"'{one.text}' and '{other.text}' are both other names of '{one.name}'"
    return "; ".join(_readings(one, other))


def _readings(*readings: Reading) -> list[str]:
    """What became of texts that are not written as their concept's name."""
    notes = (_note(reading) for reading in readings)
    return [note for note in dict.fromkeys(notes) if note]


def _note(reading: Reading) -> str:
    if reading.how == "alias":
        return f"'{reading.text}' is another name of '{reading.name}'"
    if reading.how != "spelling":
        return ""
    also = "" if reading.word == reading.name else f", another name of '{reading.name}'"
    return f"'{reading.text}' was read as '{reading.word}'{also}"


def _relation(one: Reading, other: Reading, tree: Tree, names: Mapping[str, str]) -> str:
    """Why two different concepts are related."""
    for lower, upper in ((one, other), (other, one)):
        above = [names[key] for key in tree.above(lower.key)[:FARTHEST]]
        if upper.name in above:
            way = above[: above.index(upper.name) + 1]
            return f"'{lower.name}' belongs to " + ", and that to ".join(f"'{name}'" for name in way)
    common = names.get(tree.common(one.key, other.key), "")
    return f"'{one.name}' and '{other.name}' both belong to '{common}'" if common else ""
