"""Equality of a field between mentor and mentee: for a block in numpy, for one pair, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import amount, listed, shown
from pairmatch.terms import normalise

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Person

__all__ = ["LISTS", "alike", "alike_pair", "alike_words", "entries", "in_words"]

Bools = NDArray[np.bool_]

LISTS = ("list", "topics")
"""Kinds of field that hold several entries."""


def alike(block: Block, column: str) -> tuple[Bools, Bools]:
    """Which pairs of a block share a field's value, or an entry of a list, and which of them can be judged.

    Parameters
    ----------
    block
        The pairs.
    column
        A field that both tables have, of any kind.

    Returns
    -------
    tuple
        Two bool arrays of the block's shape; the first is False wherever the second is.
    """
    if block.cohort.mentors.kind(column) in LISTS:
        judged = block.has(column, "mentors") & block.has(column, "mentees")
        return block.shared(column, column) > 0, judged
    mentors, mentees = block.codes(column)
    judged = (mentors >= 0) & (mentees >= 0)
    return (mentors == mentees) & judged, judged


def alike_pair(mentor: Person, mentee: Person, column: str) -> bool | None:
    """The same for one pair, in plain Python; None where either person's field is blank."""
    ours, theirs = entries(mentor, column), entries(mentee, column)
    return not ours.isdisjoint(theirs) if ours and theirs else None


def entries(person: Person, column: str) -> frozenset[object]:
    """What stands in a person's field, in the form in which it is compared; empty where it is blank."""
    value = person[column]
    if value is None:
        return frozenset()
    if isinstance(value, tuple):
        return frozenset(term.key for term in value)
    if isinstance(value, str):
        return frozenset([normalise(value)])
    return frozenset([value])


def alike_words(mentor: Person, mentee: Person, column: str) -> str:
    """What both have in a field, as ``"both: chess"``, or what each has; empty where either is blank."""
    ours, theirs = mentor[column], mentee[column]
    same = alike_pair(mentor, mentee, column)
    if same is None:
        return ""
    if not same:
        return f"mentor: {in_words(ours)}; mentee: {in_words(theirs)}"
    if not isinstance(ours, tuple):
        return f"both: {in_words(ours)}"
    there = entries(mentee, column)
    return f"both: {in_words(tuple(term for term in ours if term.key in there))}"


def in_words(value: Any) -> str:
    """A cell as a sentence may show it: on one line, at most five entries of a list."""
    if isinstance(value, tuple):
        return listed(shown(term.label) for term in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown(value) if isinstance(value, str) else amount(value)
