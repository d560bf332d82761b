"""Cutting the pairs of a cohort into blocks."""

from __future__ import annotations

import numpy as np
import pytest

from pairmatch.scoring.blocks import blocks, positions, strip_height
from tests.scoring.people import cohort


@pytest.mark.parametrize("block_pairs", [1, 7, 8, 24, 1000])
def test_blocks_cover_every_pair_in_order(block_pairs: int) -> None:
    """Rows come in the order wanted, each once, and no block is larger than asked unless it is one row."""
    people = cohort(1, 9, 8)
    rows, columns = np.arange(9)[::-1], np.arange(8)[::-1]
    seen = []
    for start, block in blocks(people, rows, columns, block_pairs):
        mentors, mentees = positions(block)
        assert start == len(seen)
        assert block.shape[0] == 1 or block.shape[0] * block.shape[1] <= block_pairs
        assert mentees.tolist() == columns.tolist()
        seen += mentors.tolist()
    assert seen == rows.tolist()


def test_no_people_no_blocks() -> None:
    """Where one side is empty there is nothing to score."""
    people = cohort(1)
    nobody = np.empty(0, np.int64)
    assert list(blocks(people, nobody, np.arange(8))) == []
    assert list(blocks(people, np.arange(9), nobody)) == []


def test_a_strip_is_at_least_one_row() -> None:
    """Rows are never cut."""
    assert strip_height(10, 3) == 1
    assert strip_height(0, 3) == 3
