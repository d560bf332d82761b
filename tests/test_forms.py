"""Forms: the scratch arrays that curves share."""

from __future__ import annotations

import numpy as np

from pairmatch.forms import EXACT, Form, Work


def test_scratch_is_used_again() -> None:
    """A smaller array of one name is a part of the larger one; another name or type is another one."""
    work = Work()
    first = work.array("a", (3, 4))
    assert (first.shape, first.dtype) == ((3, 4), np.float32)
    assert np.shares_memory(first, work.array("a", (2, 5)))
    assert not np.shares_memory(first, work.array("b", (2, 5)))
    assert not np.shares_memory(first, work.array("a", (5, 5)))
    assert work.array("a", (1, 2), np.int8).dtype == np.int8


def test_whole_numbers_are_exact() -> None:
    """Up to the bound float32 tells neighbouring whole numbers apart, beyond it not."""
    assert np.float32(EXACT - 1) + np.float32(1) == EXACT
    assert np.float32(EXACT) + np.float32(1) == EXACT


def test_a_form_has_no_exceptions_of_its_own() -> None:
    """Pairs about which nothing is said are an empty list, with two columns."""
    nothing = np.empty((2, 0), np.float32)
    assert Form(nothing, nothing).exceptions.shape == (0, 2)
