"""A rectangle of pairs: what a rule or goal sees of the cohort at one time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort.cohort import Cohort

__all__ = ["Block", "SideView"]

Positions = NDArray[np.int64]

DENSE_GAIN = 30
"""How many multiplications of a dense product take the time of one of a sparse product."""

LARGEST = 1 << 23
"""Numbers in the dense matrices that a product may be made from."""


class SideView:
    """One side of a block, field by field, shaped so that numpy broadcasting makes pairs of it."""

    __slots__ = ("_cohort", "_positions", "_side")

    def __init__(self, cohort: Cohort, side: str, positions: Positions) -> None:
        self._cohort, self._side, self._positions = cohort, side, positions

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A field as a column (mentors) or a row (mentees).

        Texts come normalised (None where missing), numbers as float64 (NaN), flags as int8 (-1),
        lists and topics as frozensets of their keys.
        """
        return self._shaped(self._cohort.comparable(self._side, name)[self._positions])

    def has(self, name: str) -> NDArray[np.bool_]:
        """Who has a value in this field."""
        return self._shaped(self._cohort.present(self._side, name)[self._positions])

    def _shaped(self, values: NDArray[Any]) -> NDArray[Any]:
        return values[:, None] if self._side == "mentors" else values[None, :]


class Block:
    """The pairs of some mentors with some mentees.

    Parameters
    ----------
    cohort
        The cohort.
    mentors, mentees
        Rows of the two tables, counted from 0, in any order.
    """

    __slots__ = ("cohort", "mentee_positions", "mentees", "mentor_positions", "mentors")

    def __init__(self, cohort: Cohort, mentors: ArrayLike, mentees: ArrayLike) -> None:
        self.cohort = cohort
        self.mentor_positions: Positions = np.asarray(mentors, dtype=np.int64)
        self.mentee_positions: Positions = np.asarray(mentees, dtype=np.int64)
        self.mentors = SideView(cohort, "mentors", self.mentor_positions)
        self.mentees = SideView(cohort, "mentees", self.mentee_positions)

    @classmethod
    def whole(cls, cohort: Cohort) -> Block:
        """All pairs of a cohort."""
        return cls(cohort, np.arange(len(cohort.mentors)), np.arange(len(cohort.mentees)))

    @property
    def shape(self) -> tuple[int, int]:
        """Mentors, mentees."""
        return len(self.mentor_positions), len(self.mentee_positions)

    def __repr__(self) -> str:
        return f"<Block of {self.shape[0]} mentors x {self.shape[1]} mentees>"

    def codes(self, name: str, mentee_name: str | None = None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Numbers that are equal iff the values are: a column and a row, -1 where missing.

        Parameters
        ----------
        name
            Field of the mentors; text, number or bool.
        mentee_name
            Field of the mentees, if it is another one.
        """
        mentors, mentees = self.cohort.codes(name, mentee_name)
        return mentors[self.mentor_positions][:, None], mentees[self.mentee_positions][None, :]

    def numbers(
        self, name: str, mentee_name: str | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A number field as a column and a row, NaN where missing."""
        mentors = self.cohort.mentors.number(name)[self.mentor_positions]
        mentees = self.cohort.mentees.number(mentee_name or name)[self.mentee_positions]
        return mentors[:, None], mentees[None, :]

    def flags(self, name: str, side: str) -> NDArray[np.int8]:
        """A yes/no field of one side: 1, 0, or -1 where missing."""
        if side == "mentors":
            return self.cohort.mentors.flag(name)[self.mentor_positions][:, None]
        return self.cohort.mentees.flag(name)[self.mentee_positions][None, :]

    def has(self, name: str, side: str) -> NDArray[np.bool_]:
        """Who of one side has a value in this field; nobody when the table has no such field."""
        return (self.mentors if side == "mentors" else self.mentees).has(name)

    def shared(
        self, mentor_name: str, mentee_name: str, *, weights: str | NDArray[np.float64] = "count"
    ) -> NDArray[np.float64]:
        """Shared terms of every pair, as whole float64 numbers, so that the order of summation is no matter.

        Parameters
        ----------
        mentor_name, mentee_name
            List or topics fields.
        weights
            ``"count"`` counts the shared terms, ``"product"`` adds up the products of both weights in
            thousandths, an array (one whole number per term of the index) adds up its numbers.
        """
        index = self.cohort.term_index(mentor_name, mentee_name)
        weighted = isinstance(weights, str) and weights == "product"
        left = (index.mentor_weights if weighted else index.mentors)[self.mentor_positions]
        right = (index.mentee_weights if weighted else index.mentees)[self.mentee_positions]
        if not isinstance(weights, str):
            right = right.copy()
            right.data = right.data * np.asarray(weights, np.float64)[right.indices]
        return _product(left, right)

    def product(self, mentors: csr_array[Any], mentees: csr_array[Any]) -> NDArray[np.float64]:
        """Products of rows: of the block's mentors in one matrix over terms with its mentees in another.

        Parameters
        ----------
        mentors, mentees
            People of the whole cohort × terms, whole numbers in float64, so that the sums are exact.
        """
        return _product(mentors[self.mentor_positions], mentees[self.mentee_positions])

    def barred(self, pairs: csr_array[Any]) -> NDArray[np.bool_]:
        """The part of a cohort-wide sparse pair matrix that falls into this block, dense."""
        part = pairs[self.mentor_positions][:, self.mentee_positions]
        return np.asarray(part.toarray(), dtype=bool)


def _product(left: csr_array[Any], right: csr_array[Any]) -> NDArray[np.float64]:
    """Products of all rows of one matrix with all rows of another, over the terms that occur in both."""
    width = left.shape[1]
    shared = np.bincount(left.indices, minlength=width) * np.bincount(right.indices, minlength=width)
    terms = np.flatnonzero(shared)
    dense = left.shape[0] * right.shape[0] * len(terms)
    if DENSE_GAIN * int(shared.sum()) > dense and (left.shape[0] + right.shape[0]) * len(terms) < LARGEST:
        left, right = left[:, terms], right[:, terms]
        product: NDArray[np.float64] = left.toarray() @ right.toarray().T
        return product
    sparse: NDArray[np.float64] = (left @ right.T).toarray()
    return sparse
