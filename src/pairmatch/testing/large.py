"""Checks of what rules and goals tell for large cohorts: lists of pairs, and forms."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block, Cohort, Pairs
from pairmatch.errors import PairmatchError
from pairmatch.forms import Form, Positions, Whole, Work
from pairmatch.scoring.gauge import Gauge
from pairmatch.scoring.scorer import Part, units
from pairmatch.scoring.shares import Share

__all__ = ["assert_form", "assert_reads_lists", "form_error", "form_units"]

LARGEST = 3
"""Features of one goal add up to at most so many times its share, signs aside: all goals' sums stay exact."""

REFUSALS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, PairmatchError)
"""What code that was written for blocks alone may raise on a list of pairs."""


def assert_reads_lists(read: Callable[[Block], NDArray[Any]], cohort: Cohort, *, must: bool = False) -> None:
    """What is said of a list of pairs is what is said of the block; a refusal is in order unless it must."""
    n, m = cohort.shape
    block = Block.whole(cohort)
    expected = np.broadcast_to(read(block), block.shape).reshape(-1, 1)
    # Each pair twice: a list of a single pair is a block like any other.
    pairs = Pairs(cohort, np.tile(np.repeat(np.arange(n), m), 2), np.tile(np.arange(m), 2 * n))
    try:
        told = np.broadcast_to(read(pairs), pairs.shape)
    except REFUSALS:
        if must:
            raise
        return
    assert np.array_equal(told, np.tile(expected, (2, 1)), equal_nan=told.dtype.kind == "f"), (
        "a list of pairs is told otherwise than the block"
    )


def assert_form(goal: Any, cohort: Cohort, share: Share, instead: int) -> float | None:
    """A goal's form keeps its promises; the largest error that was seen, in units, None without a form.

    Parameters
    ----------
    goal
        A goal, bound to what it learnt.
    cohort
        The cohort.
    share, instead
        The goal's share of the weight, and the units that count where data lack.
    """
    form = goal.form(cohort, share.scale, share.most, instead)
    if form is None:
        return None
    left, right = form.left, form.right
    assert left.dtype == right.dtype == np.float32, "features are float32"
    assert (len(left), len(right)) == cohort.shape, "features have one row per person"
    for side in (left, right):
        assert np.array_equal(side, np.rint(side)), "features are whole numbers"
    most = (np.abs(left) @ np.abs(right).T).max(initial=0.0)
    assert most <= LARGEST * share.scale + share.scale / 100 + 100, "features are to be of the share's size"
    told = form_units(form, np.arange(len(left)), np.arange(len(right)))
    _assert_cuts(form, told)
    seen = form_error(goal, cohort, share, instead, form, told)
    assert seen <= form.error, f"the form is {seen} units off, and promises {form.error}"
    return seen


def form_error(goal: Any, cohort: Cohort, share: Share, instead: int, form: Form, told: Whole) -> float:
    """The most units by which a form's whole block differs from the contributions, exceptions apart."""
    part = Part(goal.name, Gauge(goal, cohort), share, instead)
    off = np.abs(told - np.broadcast_to(units(part, Block.whole(cohort))[0], told.shape).astype(np.float64))
    off[form.exceptions[:, 0], form.exceptions[:, 1]] = 0.0
    return float(off.max(initial=0.0))


def form_units(
    form: Form, mentors: Positions, mentees: Positions, cuts: tuple[Sequence[int], Sequence[int]] = ((), ())
) -> Whole:
    """A form's units for these people, made block by block.

    Parameters
    ----------
    form
        The form.
    mentors, mentees
        Rows of the tables.
    cuts
        Where the rows and columns of the answer are cut into blocks.
    """
    told: Whole = form.left[mentors] @ form.right[mentees].T
    curves, work = [curve.taken(mentors, mentees) for curve in form.curves], Work()
    for rows in _slices(cuts[0], len(mentors)):
        for columns in _slices(cuts[1], len(mentees)):
            for curve in curves:
                curve.add(rows, columns, told[rows, columns], work)
    return told


def _assert_cuts(form: Form, told: Whole) -> None:
    """Another order of people, other blocks and a trip to another process change no bit."""
    n, m = told.shape
    mentors, mentees = np.roll(np.arange(n)[::-1], n // 3), np.roll(np.arange(m), m // 2)
    again = form_units(pickle.loads(pickle.dumps(form)), mentors, mentees, ((1, n // 2), (m // 2, m - 1)))
    assert np.array_equal(again, told[mentors][:, mentees]), "blocks and order of people make a difference"


def _slices(cuts: Sequence[int], n: int) -> list[slice]:
    places = sorted({0, n, *(cut for cut in cuts if 0 < cut < n)})
    return [slice(a, b) for a, b in pairwise(places)]
