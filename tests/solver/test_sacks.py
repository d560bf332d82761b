"""Each mentor's best set of pairs, and all sets near it: against all subsets, by both ways of counting."""

from __future__ import annotations

from itertools import chain, combinations
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.solver.bundled import sacks
from pairmatch.solver.bundled.listing import listed
from pairmatch.solver.bundled.sacks import NEVER, Room, best_sets

Pairs = list[tuple[int, int]]


@st.composite
def rooms(draw: st.DrawFn) -> tuple[list[Pairs], Room]:
    """Some rows' pairs (value, hours), and what the rows may take; gains need not be concave."""
    pair = st.tuples(st.integers(-9, 9), st.integers(0, 5))
    rows = draw(st.lists(st.lists(pair, max_size=6), min_size=1, max_size=4))
    each = st.integers(0, 6)
    places, hours = ([draw(each) for _ in rows] for _ in range(2))
    most = max(places) + draw(st.integers(0, 2))
    gain = [[draw(st.integers(-9, 9)) for _ in range(most + 1)] for _ in rows]
    return rows, Room(*(np.array(part, np.int64) for part in (places, hours, gain)))


def columns(rows: list[Pairs]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    row = np.repeat(np.arange(len(rows)), [len(pairs) for pairs in rows])
    flat = np.array(list(chain(*rows)), np.int64).reshape(-1, 2)
    return row, flat[:, 0], flat[:, 1]


def subsets(pairs: Pairs, room: Room, i: int) -> dict[tuple[int, ...], int]:
    """Every set that a row may take, by place in its pairs, and its worth."""
    found = {}
    for size in range(min(int(room.places[i]), len(pairs)) + 1):
        for some in combinations(range(len(pairs)), size):
            if sum(pairs[k][1] for k in some) <= room.hours[i]:
                found[some] = sum(pairs[k][0] for k in some) + int(room.gain[i, size])
    return found


@settings(max_examples=200)
@given(rooms(), st.sampled_from([0, 700]), st.sampled_from([1, 8_000_000]))
def test_the_best_of_all_subsets(drawn: tuple[list[Pairs], Room], counts: int, cells: int) -> None:
    """However counts or sums are tried, in whatever portions."""
    rows, room = drawn
    row, value, hours = columns(rows)
    with mock.patch.object(sacks, "MOST_COUNTS", counts), mock.patch.object(sacks, "CELLS", cells):
        picked = best_sets(row, value, hours, room)
    begin = 0
    for i, pairs in enumerate(rows):
        all_ = subsets(pairs, room, i)
        own = picked.pairs[(picked.pairs >= begin) & (picked.pairs < begin + len(pairs))] - begin
        assert picked.worth[i] == max(all_.values()) == all_[tuple(sorted(own.tolist()))]
        begin += len(pairs)


@settings(max_examples=200)
@given(rooms(), st.integers(0, 12))
def test_all_subsets_near_the_best(drawn: tuple[list[Pairs], Room], slack: int) -> None:
    rows, room = drawn
    row, value, hours = columns(rows)
    least = np.array([max(subsets(pairs, room, i).values()) - slack for i, pairs in enumerate(rows)])
    wanted = [
        (i, some)
        for i, pairs in enumerate(rows)
        for some, told in subsets(pairs, room, i).items()
        if told >= least[i]
    ]
    found = listed(row, value, hours, room, least, 10_000)
    assert found is not None
    first = np.searchsorted(row, np.arange(len(rows)))
    sets = np.split(found.pair, found.start[1:-1])
    told = [(i, tuple(sorted((s - first[i]).tolist()))) for i, s in zip(found.owner, sets, strict=True)]
    assert sorted(told) == sorted(wanted)
    if len(row):
        assert listed(row, value, hours, room, least, 0) is None


def test_worth_of_what_cannot_be_stays_far_from_the_ends_of_numbers() -> None:
    assert -(2**63) < 2 * NEVER < 0
