"""Equality of a field between mentor and mentee: for a block in numpy, for one pair in plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.terms import normalise

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Person

__all__ = ["LISTS", "alike", "alike_pair", "entries"]

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
