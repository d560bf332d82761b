"""Goals that come as factors have a form: whole numbers within a proven error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pairmatch.cohort import Block, Cohort
from pairmatch.forms import Form
from pairmatch.scoring import factor_form as made
from pairmatch.scoring.factors import Factors
from pairmatch.scoring.gauge import Gauge
from pairmatch.scoring.scorer import Part, units
from pairmatch.scoring.shares import Share
from pairmatch.testing.large import form_units
from tests.scoring import people

COHORT = people.cohort(2, 23, 31)
SHARE = Share(300_000.0, 300_000)


class Given:
    """A goal whose factors are handed in."""

    name, weight = "given", 1.0

    def __init__(self, left: Any, right: Any) -> None:
        self.left, self.right = left, right

    def factors(self, cohort: Cohort) -> Any:
        return self.left, self.right


def form_of(left: Any, right: Any) -> tuple[Form | None, Part]:
    """The form, and the goal that it is of."""
    part = Part("given", Gauge(Given(left, right), COHORT), SHARE, 4321)
    factors = part.gauge.factors
    assert isinstance(factors, Factors)
    return made.factor_form(factors, SHARE, part.instead), part


def unit_rows(random: np.random.Generator, people: int, width: int) -> NDArray[np.float64]:
    """Rows of length 1, none below 0."""
    rows = random.random((people, width))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 40), st.booleans(), st.booleans(), st.booleans())
def test_within_its_error(seed: int, width: int, marked: bool, blank: bool, sparse: bool) -> None:
    """Every pair is within the error; marks of 0 and 1 leave the rounding to the other side."""
    random = np.random.default_rng(seed)
    left, right = unit_rows(random, 23, width), unit_rows(random, 31, width)
    if marked:
        left = (left > left.mean()) / width
    if blank:
        left[random.random(23) < 0.2] = np.nan
        right[random.random(31) < 0.2, 0] = np.nan
    form, part = form_of(csr_array(left), right) if sparse else form_of(left, right)
    assert form is not None
    told = form_units(form, np.arange(23), np.arange(31))
    off = np.abs(told - units(part, Block.whole(COHORT))[0]).max()
    assert off <= form.error
    assert form.error < (width / 2 + 1 if marked else 700 * width**0.5)


def test_signs_and_scales() -> None:
    """Columns may have any sign and any scale, and hold nothing at all."""
    random = np.random.default_rng(1)
    left, right = unit_rows(random, 23, 4), unit_rows(random, 31, 4)
    scales = np.array([-1e6, 1e-3, 1.0, 1.0])
    left[:, 3] = 0.0
    form, part = form_of(left * scales, right / scales)
    assert form is not None
    told = form_units(form, np.arange(23), np.arange(31))
    assert np.abs(told - units(part, Block.whole(COHORT))[0]).max() <= form.error


def test_marks_of_the_mentees() -> None:
    """Where the mentees' numbers are marks, the mentors' alone are rounded."""
    random = np.random.default_rng(1)
    form, _ = form_of(unit_rows(random, 23, 8) / 8, random.integers(0, 3, (31, 8)) / 2)
    assert form is not None
    assert form.error < 10


def test_what_has_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wide factors, and large ones that cancel out, are scored block by block."""
    left = np.tile([1e9, 1.0], (23, 1))
    right = np.tile([1e-3, 1e-3], (31, 1)) * np.array([[0.0, 500.0]])
    assert form_of(left, right)[0] is not None
    steep = np.linspace(1, 2, 31)[:, None] * np.array([[1e3, -1e3]])
    even = np.linspace(1, np.pi, 23)[:, None] * np.array([[1.0, 1.0]])
    assert form_of(even, steep)[0] is None
    monkeypatch.setattr(made, "WIDEST", 1)
    assert form_of(left, right)[0] is None
