"""The best set of each mentor, against trying every set; large numbers stay exact."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.checking import bundling
from pairmatch.checking.bundling import Sets, best_sets
from pairmatch.testing.draws import integers


@st.composite
def choices(draw: st.DrawFn) -> Sets:
    """A few mentors, seven mentees, with or without hours."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 7))
    places = draw(integers(rows, 0, 3))
    hours = draw(st.booleans())
    return Sets(
        value=draw(integers(rows * columns, -3, 9)).reshape(rows, columns),
        usable=draw(integers(rows * columns, 0, 3, grain=1)).reshape(rows, columns) > 0,
        places=places,
        gain=draw(integers(rows * 4, -6, 6)).reshape(rows, 4).astype(object),
        need=draw(integers(columns, 0, 5)) * 25 if hours else None,
        budget=draw(integers(rows, -1, 9)) * 30 if hours else None,
    )


def by_hand(sets: Sets) -> int:
    """Every set of every mentor."""
    total = 0
    for i, places in enumerate(sets.places.tolist()):
        mentees = np.flatnonzero(sets.usable[i]).tolist()
        worths = [
            int(sets.value[i, list(some)].sum()) + int(sets.gain[i, size])
            for size in range(min(places, len(mentees)) + 1)
            for some in combinations(mentees, size)
            if not size or fits(sets, i, some)
        ]
        total += max(worths)
    return total


def fits(sets: Sets, mentor: int, some: tuple[int, ...]) -> bool:
    """Whether a set is within the hours."""
    if sets.need is None or sets.budget is None:
        return True
    return bool(sets.need[list(some)].sum() <= sets.budget[mentor])


@settings(max_examples=300, deadline=None)
@given(choices())
def test_agrees_with_every_set(sets: Sets) -> None:
    """The sum of the best worths."""
    assert best_sets(sets) == by_hand(sets)


@settings(deadline=None)
@given(choices())
def test_large_numbers_stay_exact(sets: Sets) -> None:
    """Numbers of which a few overflow 64 bits together give the same, so many times."""
    large = replace(sets, value=sets.value * 2**59, gain=sets.gain * 2**59)
    assert best_sets(large) == best_sets(sets) * 2**59


def test_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mentors that do not fit into memory at once are taken one after the other."""
    rng = np.random.default_rng(1)
    shape = 40, 30
    sets = Sets(
        rng.integers(-50, 100, shape),
        rng.random(shape) < 0.7,
        np.full(40, 3),
        np.zeros((40, 4), object),
        rng.integers(50, 300, 30),
        rng.integers(0, 900, 40),
    )
    whole = best_sets(sets)
    monkeypatch.setattr(bundling, "CELLS", 5000)
    assert best_sets(sets) == whole


def test_nobody() -> None:
    """Without mentors there is nothing to choose."""
    nobody, nothing = np.empty(0, np.int64), np.empty((0, 3), np.int64)
    assert best_sets(Sets(nothing, nothing > 0, nobody, np.empty((0, 1), object))) == 0
