"""Blocks: the pairs of a cohort cut into rectangles that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["BLOCK_PAIRS", "Positions", "blocks", "strip_height"]

Positions = NDArray[np.int64]

BLOCK_PAIRS = 1 << 19
"""Pairs in one block: four megabytes for each array of float64."""


def blocks(
    cohort: Cohort, mentors: Positions, mentees: Positions, block_pairs: int = BLOCK_PAIRS
) -> Iterator[tuple[int, Block]]:
    """Blocks of whole rows, top to bottom, so that the pairs come sorted by mentor, then mentee.

    Parameters
    ----------
    mentors, mentees
        Rows of the two tables, in the order in which the pairs are wanted.
    block_pairs
        Most pairs in one block; a block is never less than one row.

    Yields
    ------
    The first row of each block within ``mentors``, and the block.
    """
    if len(mentees) == 0:
        return
    height = strip_height(len(mentees), block_pairs)
    for start in range(0, len(mentors), height):
        yield start, Block(cohort, mentors[start : start + height], mentees)


def strip_height(width: int, block_pairs: int = BLOCK_PAIRS) -> int:
    """How many rows of ``width`` pairs make one block."""
    return max(1, block_pairs // max(1, width))


def positions(block: Block) -> tuple[Positions, Positions]:
    """The rows of the two tables that a block spans."""
    return block.mentor_positions, block.mentee_positions
