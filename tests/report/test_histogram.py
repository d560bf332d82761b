"""The drawing of the weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.report.histogram import BASE, SIDE, WIDTH, histogram


@given(st.lists(st.floats(0, 1), max_size=60))
def test_every_weight_is_counted_once_and_bars_fit(weights):
    """Bars count all weights, stand on the base line and stay within the drawing."""
    drawn = histogram(np.array(weights))
    assert sum(bar.count for bar in drawn.bars) == len(weights)
    for bar in drawn.bars:
        assert bar.y + bar.height == pytest.approx(BASE)
        assert 0 < bar.y < BASE
        assert SIDE <= bar.x < bar.x + bar.width <= WIDTH - SIDE
    assert len({tick.text for tick in drawn.counts}) == 3


def test_words_give_the_middle_half():
    """The sentence for those who cannot see the drawing."""
    assert "between 0.25 and 0.75" in histogram(np.linspace(0, 1, 101)).words
    assert histogram(np.array([])).words == "No pairs."
