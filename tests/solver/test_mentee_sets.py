"""A mentee's best set of mentors on a floor, against trying every set."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.solver.fairness import mentee_sets
from pairmatch.solver.fairness.mentee_sets import NEVER, Choice, Menu, TooMany, best_choice, choices_within


@st.composite
def menus(draw: st.DrawFn) -> Menu:
    """A few pairs, of which some are fixed."""
    size = draw(st.integers(0, 6))
    numbers = st.lists(st.integers(-5, 9), min_size=size, max_size=size)
    value, weight = draw(numbers), draw(numbers)
    fixed = sorted(draw(st.sets(st.integers(0, size - 1), max_size=2))) if size else []
    least = draw(st.integers(0, 3))
    most = max(draw(st.integers(0, 4)), least, len(fixed))
    floor, first = draw(st.integers(-3, 25)), draw(st.integers(-4, 9))
    arrays = (np.array(value, np.int64), np.array(weight, np.int64))
    return Menu(*arrays, least, most, floor, first, np.array(fixed, np.intp))


def worth(menu: Menu, pairs: tuple[int, ...]) -> int:
    """What a set is worth."""
    return int(menu.value[list(pairs)].sum()) + menu.first if pairs else 0


def every_set(menu: Menu, *, floor: bool = True) -> list[tuple[int, ...]]:
    """All sets that are allowed, the empty one among them where it is."""
    sizes = range(menu.least, menu.most + 1)
    sets = [pairs for size in sizes for pairs in combinations(range(len(menu.value)), size)]
    sets = [pairs for pairs in sets if set(menu.fixed.tolist()) <= set(pairs)]
    return [p for p in sets if not (floor and p) or int(menu.weight[list(p)].sum()) >= menu.floor]


@given(menus())
def test_the_best_set_is_the_best_of_all(menu: Menu) -> None:
    """With the floor and without, and the set is worth what is said."""
    for choice, floor in ((best_choice(menu), True), (menu.free_best(), False)):
        sets = every_set(menu, floor=floor)
        assert choice.worth == max((worth(menu, pairs) for pairs in sets), default=NEVER)
        assert choice.worth == NEVER or tuple(sorted(choice.pairs)) in sets
        assert choice.worth == NEVER or worth(menu, choice.pairs) == choice.worth


@given(menus(), st.integers(-10, 30))
def test_near_sets_are_all_that_are_near(menu: Menu, at_least: int) -> None:
    """None is missing, none is told twice."""
    found = choices_within(menu, at_least)
    wanted = {pairs for pairs in every_set(menu) if pairs and worth(menu, pairs) >= at_least}
    assert sorted(tuple(sorted(choice.pairs)) for choice in found) == sorted(wanted)
    assert all(choice.worth == worth(menu, choice.pairs) for choice in found)


def crowd() -> Menu:
    """Many pairs of much the same worth."""
    value = np.arange(40, dtype=np.int64)
    return Menu(value, value[::-1].copy(), 0, 5, 100, 0, np.empty(0, np.intp))


def test_a_search_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After too many branches, or too many sets."""
    assert isinstance(best_choice(crowd()), Choice)
    with pytest.raises(TooMany):
        choices_within(crowd(), 0)
    monkeypatch.setattr(mentee_sets, "STEPS", 3)
    with pytest.raises(TooMany):
        best_choice(crowd())
