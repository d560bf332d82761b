"""How a weight of 1 is divided among the goals."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pairmatch.problem import RESOLUTION
from pairmatch.scoring.shares import Share, bar_units, shares

weights = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=20)


@given(weights)
@example([1.0] * 6)
@example([1.0] * 3)
@example([12.0, 10.0, 6.0])
def test_shares_never_exceed_one_weight(values: list[float]) -> None:
    """Each share is the goal's part of the weight, and all of them together are at most one weight."""
    divided = shares(values)
    assert sum(share.most for share in divided) <= RESOLUTION
    for share, weight in zip(divided, values, strict=True):
        assert share.scale == weight / math.fsum(values) * RESOLUTION
        assert abs(share.most - share.scale) < 1.5


@given(weights, st.randoms(use_true_random=False))
def test_scales_do_not_depend_on_order(values: list[float], random: object) -> None:
    """A goal's scale is the same wherever it stands in the policy."""
    turned = values[::-1]
    assert [share.scale for share in shares(turned)] == [share.scale for share in shares(values)][::-1]


def test_six_equal_goals() -> None:
    """Two of six equal goals give up a unit so that a perfect pair weighs exactly 1."""
    assert sorted(share.most for share in shares([1.0] * 6)) == [166_666, 166_666, *[166_667] * 4]


@pytest.mark.parametrize(("score", "units"), [(0, 0), (0.5, 2), (0.7, 4), (1, 5), (0.1, 0), (0.3, 2)])
def test_units_round_half_to_even(score: float, units: int) -> None:
    """Scores are rounded once, half to even, and never above the share."""
    assert Share(5.0, 5).units(score) == units
    assert Share(5.5, 5).units(1.0) == 5


@given(st.floats(0, 1))
@example(0.29)
@example(0.57)
def test_bar_is_the_least_weight_that_passes(minimum: float) -> None:
    """A weight passes iff the float that is shown for it is not below the bar."""
    bar = bar_units(minimum)
    assert bar / RESOLUTION >= minimum
    assert bar == 0 or (bar - 1) / RESOLUTION < minimum


def test_no_bar() -> None:
    """Without a minimum weight every weight passes."""
    assert bar_units(None) == 0
