"""Hypothesis strategies for what concerns more than one pair: groups, even loads, coaches."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st

from pairmatch.groups import Coaching, Cross, Even, Group
from pairmatch.problem import RESOLUTION, Ints
from pairmatch.testing.draws import integers

__all__ = ["coachings", "evens", "groups"]

PRICES = (50, RESOLUTION // 10, 3, RESOLUTION // 2, 2 * RESOLUTION, 1, 0)
"""From a price that never matters to one that nothing outweighs."""


@st.composite
def groups(draw: st.DrawFn, n_mentors: int, n_mentees: int) -> tuple[Group, ...]:
    """Up to three goals over groups that overlap, and now and then a quota.

    Groups of persons of one side, of both, of pairs, and of persons and pairs; counts may go down too.
    Some quotas leave no valid matching.
    """
    soft = [draw(_soft(k, n_mentors, n_mentees)) for k in range(draw(st.sampled_from((2, 3, 1, 3, 0))))]
    hard = [draw(_hard(n_mentors, n_mentees))] if draw(st.integers(0, 3)) == 3 else []
    return (*soft, *hard)


@st.composite
def evens(draw: st.DrawFn, n_mentors: int, n_mentees: int) -> tuple[Even, ...]:
    """Mostly none; else one side's loads, or both, that should be even."""
    choices: tuple[tuple[Literal["mentors", "mentees"], ...], ...] = (
        *((), ()),
        ("mentors",),
        ("mentees",),
        ("mentors", "mentees"),
    )
    sides = draw(st.sampled_from(choices))
    counts = {"mentors": n_mentors, "mentees": n_mentees}
    return tuple(
        Even("even load", side, draw(integers(counts[side], 1, 2)), draw(st.sampled_from(PRICES)))
        for side in sides
    )


@st.composite
def coachings(draw: st.DrawFn, n_mentors: int, n_mentees: int) -> Coaching:
    """One to three coaches, most of whom suit most people."""
    n = draw(st.integers(1, 3))
    span, times = draw(st.sampled_from(((5, 1), (2, 1), (9, RESOLUTION // 10), (0, 1))))

    def scores(people: int) -> st.SearchStrategy[Ints]:
        return integers(people * n, 0, span, grain=3).map(lambda drawn: drawn.reshape(people, n) * times)

    def suits(people: int) -> st.SearchStrategy[Ints]:
        return integers(people * n, 0, 4, grain=3).map(lambda drawn: drawn.reshape(people, n))

    return Coaching(
        capacity=draw(integers(n, 0, 2, grain=1)),
        mentor_allowed=draw(suits(n_mentors)) > 0,
        mentee_allowed=draw(suits(n_mentees)) > 0,
        mentor_score=draw(scores(n_mentors)),
        mentee_score=draw(scores(n_mentees)),
    )


@st.composite
def _soft(draw: st.DrawFn, number: int, n_mentors: int, n_mentees: int) -> Group:
    counted, most = draw(_counted(n_mentors, n_mentees))
    bounds: dict[str, Any] = {}
    which = draw(st.sampled_from(("target", "target", "limit", "both")))
    if which != "limit":
        bounds["target"] = draw(st.sampled_from((most // 2 + 1, *range(most + 2))))
    if which != "target":
        bounds["limit"] = bounds.get("target", draw(st.integers(0, 1))) + draw(st.integers(0, 1))
    price = draw(st.sampled_from(PRICES))
    return Group(f"goal {number}", f"group {number}", **counted, **bounds, price=price)


@st.composite
def _hard(draw: st.DrawFn, n_mentors: int, n_mentees: int) -> Group:
    counted, most = draw(_counted(n_mentors, n_mentees))
    kind = draw(st.sampled_from(("most", "least", "most", "both")))
    least = draw(st.integers(1, most + 1)) if kind != "most" else None
    above = draw(st.integers(0, max(1, most - 1))) if kind != "least" else None
    return Group("quota", "quota", **counted, least=least, most=above)


@st.composite
def _counted(draw: st.DrawFn, n_mentors: int, n_mentees: int) -> tuple[dict[str, Any], int]:
    """What a group counts, and about how far that can go."""
    kind = draw(st.sampled_from(("pairs", "mentors", "sides", "pairs", "mentees", "everything")))
    low = draw(st.sampled_from((0, 0, 0, -1)))
    counted: dict[str, Any] = {}
    if kind in ("mentors", "sides", "everything"):
        counted["mentors"] = draw(integers(n_mentors, low, 1, grain=1))
    if kind in ("mentees", "sides", "everything"):
        counted["mentees"] = draw(integers(n_mentees, low, 1, grain=1))
    if kind in ("pairs", "everything"):
        rows, columns = draw(st.sampled_from(((2, 2), (1, 2), (2, 3))))
        counted["pairs"] = Cross(
            draw(integers(n_mentors, 0, rows - 1, grain=1)).astype(np.int32),
            draw(integers(n_mentees, 0, columns - 1, grain=1)).astype(np.int32),
            draw(integers(rows * columns, low, draw(st.sampled_from((1, 1, 2))), grain=1)).reshape(
                rows, columns
            ),
        )
    return counted, min(n_mentors, n_mentees)
