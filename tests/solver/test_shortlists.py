"""Short lists: limits, fullness and variety, against flows and by trying everything."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pairmatch.problem import Ints, Loads, Problem
from pairmatch.solver.shortlists import Wanted, lists_of


def problem_of(weight: dict[tuple[int, int], int], mentors: int, mentees: int) -> Problem:
    """The pairs with weights, as everything that is allowed."""
    pairs = np.array(sorted(weight), np.int32).reshape(-1, 2)
    one = [np.ones(n, np.int64) for n in (mentors, mentees)]
    none = [np.zeros(n, np.int64) for n in (mentors, mentees)]
    numbers = np.array([weight[i, j] for i, j in pairs.tolist()], np.int64)
    return Problem(pairs[:, 0], pairs[:, 1], numbers, Loads(*one, *none), np.zeros(mentees, np.bool_))


def listed(weight: dict[tuple[int, int], int], wanted: Wanted, mentors: int, mentees: int) -> Ints:
    """The pairs on the lists."""

    def weigh(pairs: Ints) -> Ints:
        return np.array([weight[i, j] for i, j in pairs.tolist()], np.int64)

    pairs, weights = lists_of(problem_of(weight, mentors, mentees), wanted, None, weigh)
    assert weights.tolist() == weigh(pairs).tolist()
    assert pairs.tolist() == sorted(pairs.tolist())
    return pairs


def most_pairs(weight: Any, wanted: Wanted, mentors: int, mentees: int) -> int:
    """How many pairs lists and limits allow, by augmenting paths in plain Python."""
    room = dict(enumerate(wanted.lengths.tolist()))
    limit = dict(enumerate(wanted.limits.tolist()))
    edges = {(p[wanted.side], p[1 - wanted.side]) for p in weight}
    used: set[tuple[int, int]] = set()

    def path(owner: int, seen: set[int]) -> bool:
        for one, other in sorted(edges - used):
            if one != owner or other in seen:
                continue
            seen.add(other)
            holders = [o for o, x in used if x == other]
            if len(holders) < limit[other]:
                used.add((owner, other))
                return True
            for holder in holders:
                used.discard((holder, other))
                if path(holder, seen):
                    used.add((owner, other))
                    return True
                used.add((holder, other))
        return False

    return sum(path(owner, set()) for owner, length in room.items() for _ in range(length))


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[tuple[int, int], int], Wanted, int, int]:
    """A few people, some pairs, lengths, limits and kinds."""
    mentors, mentees = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    every = list(product(range(mentors), range(mentees)))
    allowed = draw(st.lists(st.sampled_from(every), unique=True))
    weight = {pair: draw(st.integers(0, 9)) * 100_000 for pair in allowed}
    side = draw(st.integers(0, 1))
    own, others = (mentors, mentees) if side == 0 else (mentees, mentors)
    lengths = draw(st.lists(st.integers(0, 3), min_size=own, max_size=own))
    limits = draw(st.lists(st.integers(0, 3), min_size=others, max_size=others))
    kinds = draw(st.lists(st.integers(-1, 1), min_size=others, max_size=others))
    columns = np.array(kinds, np.int64)[:, None][:, : draw(st.integers(0, 1))]
    numbers = np.array(lengths, np.int64), np.array(limits, np.int64)
    return weight, Wanted(side, *numbers, columns, draw(st.sampled_from([0, 300_000]))), mentors, mentees


@settings(max_examples=150)
@given(cases())
def test_lists_keep_their_limits_and_reach_everybody(case: Any) -> None:
    """Nobody stands on too many lists, no list is too long, and everybody who can be is served."""
    weight, wanted, mentors, mentees = case
    found = listed(weight, wanted, mentors, mentees)
    assert len(np.unique(found, axis=0)) == len(found)
    assert {tuple(pair) for pair in found.tolist()} <= set(weight)
    assert (np.bincount(found[:, wanted.side], minlength=len(wanted.lengths)) <= wanted.lengths).all()
    assert (np.bincount(found[:, 1 - wanted.side], minlength=len(wanted.limits)) <= wanted.limits).all()
    single = Wanted(wanted.side, np.minimum(wanted.lengths, 1), wanted.limits, wanted.kinds, wanted.variety)
    served = len(set(found[:, wanted.side].tolist()))
    event(f"{served} served")
    assert served == most_pairs(weight, single, mentors, mentees)


@settings(max_examples=100)
@given(cases())
def test_lists_are_as_full_as_can_be(case: Any) -> None:
    """Though variety and turns decide who stands on them, no lists from all pairs have more names."""
    weight, wanted, mentors, mentees = case
    assert len(listed(weight, wanted, mentors, mentees)) == most_pairs(weight, wanted, mentors, mentees)


def test_one_name_each_is_the_best_assignment() -> None:
    """With lists of one, the sum is the largest there is."""
    chance = np.random.default_rng(5)
    weight = {(i, j): int(chance.integers(0, 10**6)) for i in range(4) for j in range(4)}
    one = np.ones(4, np.int64)
    found = listed(weight, Wanted(1, one, one, np.empty((4, 0), np.int64), 0), 4, 4)
    total = sum(weight[i, j] for i, j in found.tolist())
    orders = ([2, 0, 1, 3], *map(list, np.array(list(product(range(4), repeat=4)))))
    best = max(sum(weight[i, j] for j, i in enumerate(o)) for o in orders if len(set(o)) == 4)
    assert total == best


@pytest.mark.parametrize(("variety", "expected"), [(0, [0, 1]), (300_000, [0, 2])])
def test_variety_brings_another_kind(variety: int, expected: list[int]) -> None:
    """The second of a kind gives way to somebody of another kind who is not much worse."""
    weight = {(0, 0): 900_000, (1, 0): 800_000, (2, 0): 600_000}
    kinds = np.array([[1], [1], [2]], np.int64)
    wanted = Wanted(1, np.array([2]), np.ones(3, np.int64), kinds, variety)
    assert listed(weight, wanted, 3, 1)[:, 0].tolist() == expected


def test_unknown_is_like_nobody() -> None:
    """Two people of whom nothing is known are not alike."""
    weight = {(0, 0): 900_000, (1, 0): 800_000, (2, 0): 600_000}
    kinds = np.array([[-1], [-1], [2]], np.int64)
    wanted = Wanted(1, np.array([2]), np.ones(3, np.int64), kinds, 300_000)
    assert listed(weight, wanted, 3, 1)[:, 0].tolist() == [0, 1]


def test_the_popular_one_is_not_on_every_list() -> None:
    """Those to whom it matters least do without."""
    weight = {(0, j): 900_000 + j for j in range(4)} | {(1, j): 500_000 for j in range(4)}
    wanted = Wanted(1, np.ones(4, np.int64), np.array([2, 4]), np.empty((2, 0), np.int64), 0)
    assert listed(weight, wanted, 2, 4).tolist() == [[0, 2], [0, 3], [1, 0], [1, 1]]
