"""Small figures are withheld, and others with them, so that nothing can be worked out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.checking.withholding import FEWEST, Figure, withheld


def hidden(
    kinds: list[set[str]],
    groups: list[set[str]],
    protected: list[bool] | None = None,
    untold: list[set[str]] | None = None,
) -> list[int]:
    """Which groups are withheld among people of some kinds; a group has who has all its kinds."""
    counts = [np.array([group <= kind for kind in kinds], np.int64) for group in groups]
    figures = [Figure(count, count) for count in counts]
    everybody = np.ones(len(kinds), np.int64)
    flags = np.array([True] * len(groups) if protected is None else protected)
    rest = [np.array([group <= kind for kind in kinds], np.int64) for group in untold or []]
    seen = [Figure(everybody, everybody)] * len(groups)
    out = withheld(figures, seen, flags, [Figure(count, count) for count in rest])
    return np.flatnonzero(out).tolist()


def people(**counts: int) -> list[set[str]]:
    """So many people of each kind; ``f_north=3`` are three of two kinds."""
    return [set(kind.split("_")) for kind, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("kinds", "groups", "out"),
    [
        # Both are large enough.
        (people(f=10, m=12), [{"f"}, {"m"}], []),
        # Three women: the number of men would tell.
        (people(f=3, m=12), [{"f"}, {"m"}], [0, 1]),
        # The only figure there is leaves three out.
        (people(f=3, m=12), [{"m"}], [0]),
        # A third group with the second one keeps the first.
        (people(f=3, m=12, x=9), [{"f"}, {"m"}, {"x"}], [0, 2]),
        # Two small groups keep each other, and there are five in them.
        (people(f=2, m=12, x=3), [{"f"}, {"m"}, {"x"}], [0, 2]),
        # Nobody at all is fewer than five; where nobody is, there is nobody to tell of.
        (people(m=12, x=9), [{"f"}, {"m"}, {"x"}], [0]),
    ],
)
def test_by_hand(kinds: list[set[str]], groups: list[set[str]], out: list[int]) -> None:
    """Groups of one field."""
    assert hidden(kinds, groups) == out


def test_groups_that_are_not_told_complete_others() -> None:
    """Who has no target is the rest of those who have one: a small rest keeps another group back."""
    kinds, groups = people(f=20, m=22, nb=3), [{"f"}, {"m"}]
    assert hidden(kinds, groups) == []
    assert hidden(kinds, groups, untold=[{"nb"}]) == [0]
    assert hidden(people(f=20, m=22, nb=9), groups, untold=[{"nb"}]) == []
    assert hidden(people(f=20, m=22), groups, untold=[{"nb"}]) == []


def test_that_nobody_was_chosen_is_not_told() -> None:
    """Three women applied among many, and none has a pair: the number of matched men would tell."""
    women = np.repeat([1, 0], [3, 20])
    matched = np.repeat([0, 1, 0], [3, 12, 8])
    figures = [Figure(women, women * matched), Figure(1 - women, (1 - women) * matched)]
    whole = Figure(np.ones(23, np.int64), matched)
    assert withheld(figures, [whole, whole], np.array([True, True])).all()


def test_intersections_cannot_be_worked_out() -> None:
    """A cell of two fields is not the rest of its row, nor of its column."""
    kinds = people(f_n=2, f_s=20, m_n=20, m_s=30)
    groups = [{"f"}, {"m"}, {"f", "n"}, {"f", "s"}, {"m", "n"}, {"m", "s"}]
    out = hidden(kinds, groups)
    assert {2, 3} <= set(out)


def test_ordinary_fields_are_told_in_any_case() -> None:
    """Only what is about protected fields is withheld."""
    kinds = people(f_n=2, f_s=20, m_n=20, m_s=3)
    groups = [{"f"}, {"m"}, {"n"}, {"s"}, {"s", "m"}]
    assert hidden(kinds, groups, [True, True, False, False, False]) == []
    assert hidden(kinds, groups, [False] * 5) == []


@settings(deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=6))
def test_no_small_figure_is_the_rest_of_those_that_are_told(counts: list[int]) -> None:
    """For groups that share out everybody: those withheld are at least two, or there is nothing to hide."""
    kinds = people(**{f"k{k}": count for k, count in enumerate(counts)})
    out = hidden(kinds, [{f"k{k}"} for k in range(len(counts))])
    told = [k for k in range(len(counts)) if k not in out and kinds]
    assert all(counts[k] >= FEWEST and len(kinds) - counts[k] >= FEWEST for k in told)
    there = [k for k, count in enumerate(counts) if count]
    if len(there) < 2:
        return
    assert len([k for k in out if counts[k]]) != 1
    for size in range(1, len(told) + 1):
        for some in combinations(told, size):
            rest = [k for k in there if k not in some]
            assert len(rest) != 1 or rest[0] not in out
