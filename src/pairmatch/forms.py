"""Forms: goals and rules in a shape in which all pairs of a large cohort can be swept.

A form is a *filter*: it tells a goal's contribution to every pair within a proven error, quickly. Its
features are whole numbers whose products and sums stay below 2**24, so that float32 arithmetic is exact and
no order of summing, no shape of a block and no processor can change a bit. What passes the filter is
scored again by the definition (law §4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["EXACT", "Curve", "Few", "Form", "Positions", "Whole", "Work"]

Whole = NDArray[np.float32]
Positions = NDArray[np.int64]

EXACT = 1 << 24
"""Below this float32 holds every whole number."""


class Work:
    """Scratch arrays of one thread, made once and used again for every block."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike = np.float32) -> NDArray[Any]:
        """An array of this shape, with whatever was left in it."""
        size = int(np.prod(shape))
        kept = self._arrays.get(name)
        if kept is None or kept.size < size or kept.dtype != dtype:
            kept = self._arrays[name] = np.empty(size, dtype)
        return kept[:size].reshape(shape)


class Curve(Protocol):
    """A part of a form that is no product. Immutable, and can be pickled."""

    def taken(self, mentors: Positions, mentees: Positions) -> Curve:
        """The curve for these people, rows of the tables, in this order; a slice means all it names."""
        ...

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add this part's units to a block: rows and columns of the order that was taken."""
        ...


@dataclass(frozen=True)
class Form:
    """A goal's contributions over a whole cohort.

    Attributes
    ----------
    left, right
        Whole numbers in float32, ``(n_mentors, k)`` and ``(n_mentees, k)``, in the order of the tables;
        their products are units. Signs aside, a pair's products add up to three times the goal's share at
        most, so that the sums of all goals together stay exact.
    error
        The most units by which products and curves together can differ from the goal's contribution.
    curves
        Parts that are no products.
    exceptions
        Pairs ``(n, 2)``, rows of the tables, about which the form says nothing.
    """

    left: Whole
    right: Whole
    error: float = 0.0
    curves: tuple[Curve, ...] = ()
    exceptions: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))


@dataclass(frozen=True)
class Few:
    """Everything that a rule forbids, where that is few pairs.

    Attributes
    ----------
    mentors, mentees
        bool: people who may have no pair at all.
    pairs
        Sparse bool, mentors × mentees: pairs that are forbidden besides.
    """

    mentors: NDArray[np.bool_]
    mentees: NDArray[np.bool_]
    pairs: csr_array[Any]
