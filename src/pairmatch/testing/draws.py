"""Cheap draws for Hypothesis: whole arrays at once, few zeros, and they shrink well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from hypothesis import strategies as st

from pairmatch.problem import Ints

__all__ = ["integers", "permutations", "picks", "sizes"]

T = TypeVar("T")

ONE_BYTE = 20
"""Up to this many values one byte is enough for each to be about equally likely."""


def integers(count: int, least: int, most: int, grain: int = 0) -> st.SearchStrategy[Ints]:
    """An array of integers, each about equally likely; drawn as bytes, which is fast and shrinks well.

    Hypothesis likes to draw nothing but zero bytes. A ``grain`` is added once more at each place, so
    that they too make an array worth having; without it they are ``least`` everywhere.
    """
    span = most - least + 1
    size = 1 if span <= ONE_BYTE else 4
    drawn = st.binary(min_size=count * size, max_size=count * size)
    return drawn.map(lambda raw: least + (_numbers(raw, size) + grain * (1 + np.arange(count))) % span)


def picks(count: int, pool: Sequence[T], grain: int = 1) -> st.SearchStrategy[list[T]]:
    """So many values of a pool."""
    return integers(count, 0, len(pool) - 1, grain).map(lambda places: [pool[k] for k in places.tolist()])


def permutations(count: int) -> st.SearchStrategy[list[int]]:
    """The numbers from 0 to ``count - 1`` in any order."""
    return integers(count, 0, 2**24, grain=7_368_787).map(
        lambda keys: np.argsort(keys, kind="stable").tolist()
    )


def sizes(most: int) -> st.SearchStrategy[int]:
    """1 to ``most``, mostly ``most``."""
    return st.sampled_from([*range(1, most + 1), *[most] * 3 * most])


def _numbers(raw: bytes, size: int) -> Ints:
    digits = np.frombuffer(raw, np.uint8).reshape(-1, size).astype(np.int64)
    return np.asarray(digits @ (256 ** np.arange(size))[::-1])
