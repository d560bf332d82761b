"""A rectangle of pairs: what a rule or goal sees of the cohort at one time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort.cohort import Cohort

__all__ = ["Block", "Pairs", "SideView"]

Positions = NDArray[np.int64]
S = TypeVar("S", bound=np.generic)

DENSE_GAIN = 30
"""How many multiplications of a dense product take the time of one of a sparse product."""

LARGEST = 1 << 23
"""Numbers in the dense matrices that a product may be made from."""


NARROW, MANY = 100, 8
"""Rows of so few terms are quicker dense, if a list has a pair for so many people of the tables."""

AT_ONCE = 1 << 12
"""Pairs of a list whose dense rows are held at one time."""


class SideView:
    """One side of a block, field by field, shaped so that numpy broadcasting makes pairs of it."""

    __slots__ = ("_block", "_side")

    def __init__(self, block: Block, side: str) -> None:
        self._block, self._side = block, side

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A field as a column (mentors) or a row (mentees).

        Texts come normalised (None where missing), numbers as float64 (NaN), flags as int8 (-1),
        lists and topics as frozensets of their keys.
        """
        return self._block.of(self._side, self._block.cohort.comparable(self._side, name))

    def has(self, name: str) -> NDArray[np.bool_]:
        """Who has a value in this field."""
        return self._block.of(self._side, self._block.cohort.present(self._side, name))


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
        self.mentors = SideView(self, "mentors")
        self.mentees = SideView(self, "mentees")

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

    def pair(self, row: int, column: int) -> tuple[int, int]:
        """Rows of the tables of one pair's mentor and mentee."""
        return int(self.mentor_positions[row]), int(self.mentee_positions[column])

    def of_mentors(self, numbers: NDArray[S]) -> NDArray[S]:
        """The block's part of an array with one entry per mentor of the cohort, as a column."""
        return numbers[self.mentor_positions][:, None]

    def of_mentees(self, numbers: NDArray[S]) -> NDArray[S]:
        """The block's part of an array with one entry per mentee of the cohort, as a row."""
        return numbers[self.mentee_positions][None, :]

    def of(self, side: str, numbers: NDArray[S]) -> NDArray[S]:
        """The same for ``"mentors"`` or ``"mentees"``."""
        return self.of_mentors(numbers) if side == "mentors" else self.of_mentees(numbers)

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
        return self.of_mentors(mentors), self.of_mentees(mentees)

    def numbers(
        self, name: str, mentee_name: str | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A number field as a column and a row, NaN where missing."""
        mentees = self.cohort.mentees.number(mentee_name or name)
        return self.of_mentors(self.cohort.mentors.number(name)), self.of_mentees(mentees)

    def flags(self, name: str, side: str) -> NDArray[np.int8]:
        """A yes/no field of one side: 1, 0, or -1 where missing."""
        people = self.cohort.mentors if side == "mentors" else self.cohort.mentees
        return self.of(side, people.flag(name))

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
        left = index.mentor_weights if weighted else index.mentors
        right = index.mentee_weights if weighted else index.mentees
        if not isinstance(weights, str):
            right = right.copy()
            right.data = right.data * np.asarray(weights, np.float64)[right.indices]
        return self.product(left, right)

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
        return np.asarray(self.part(pairs), dtype=bool)

    def looked_up(
        self, table: NDArray[S], mentor_codes: NDArray[Any], mentee_codes: NDArray[Any]
    ) -> NDArray[S]:
        """What a table says of each pair's two codes, of which there is one per person of the cohort."""
        found: NDArray[S] = table[mentor_codes[self.mentor_positions]]
        return found[:, mentee_codes[self.mentee_positions]]

    def part(self, pairs: csr_array[Any]) -> NDArray[Any]:
        """The same of a sparse matrix of numbers."""
        part: NDArray[Any] = pairs[self.mentor_positions][:, self.mentee_positions].toarray()
        return part


class Pairs(Block):
    """A list of pairs, seen as a block of one column: both sides come as columns.

    Rules and goals that read a block through its methods alone read a list as well. One that works with
    the positions themselves does not; :func:`pairmatch.scoring.listed.exact` finds that out.

    Parameters
    ----------
    cohort
        The cohort.
    mentors, mentees
        Rows of the two tables, as many of the one as of the other.
    """

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Pairs, 1."""
        return len(self.mentor_positions), 1

    def __repr__(self) -> str:
        return f"<List of {self.shape[0]} pairs>"

    def pair(self, row: int, column: int) -> tuple[int, int]:
        """Rows of the tables of the mentor and mentee in a row."""
        return int(self.mentor_positions[row]), int(self.mentee_positions[row])

    def of_mentees(self, numbers: NDArray[S]) -> NDArray[S]:
        """Each pair's part of an array with one entry per mentee of the cohort, as a column."""
        return numbers[self.mentee_positions][:, None]

    def product(self, mentors: csr_array[Any], mentees: csr_array[Any]) -> NDArray[np.float64]:
        """Products of each pair's two rows."""
        people = mentors.shape[0] + mentees.shape[0]
        blank = 2 * min(mentors.nnz, mentees.nnz) < people  # as musts are, of which few mentees have any
        if not blank and mentors.shape[1] <= NARROW and people <= MANY * self.shape[0]:
            return self._dense_product(mentors.toarray(), mentees.toarray())
        products = mentors[self.mentor_positions].multiply(mentees[self.mentee_positions])
        sums: NDArray[np.float64] = np.asarray(products.sum(axis=1), np.float64)
        return sums[:, None]

    def looked_up(
        self, table: NDArray[S], mentor_codes: NDArray[Any], mentee_codes: NDArray[Any]
    ) -> NDArray[S]:
        """What a table says of each pair's two codes."""
        found: NDArray[S] = table[mentor_codes[self.mentor_positions], mentee_codes[self.mentee_positions]]
        return found[:, None]

    def _dense_product(
        self, mentors: NDArray[np.float64], mentees: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        products = np.empty(self.shape)
        for start in range(0, len(products), AT_ONCE):
            at = slice(start, start + AT_ONCE)
            ours, theirs = mentors[self.mentor_positions[at]], mentees[self.mentee_positions[at]]
            np.einsum("ij,ij->i", ours, theirs, out=products[at, 0])
        return products

    def part(self, pairs: csr_array[Any]) -> NDArray[Any]:
        """Each pair's number in a cohort-wide sparse matrix."""
        found: NDArray[Any] = np.zeros(self.shape[0], pairs.dtype)
        some = np.flatnonzero(np.diff(pairs.indptr)[self.mentor_positions])
        if len(some):
            # Places in two dimensions: the answer is a sparse column.
            rows, columns = self.mentor_positions[some, None], self.mentee_positions[some, None]
            numbers: Any = pairs[rows, columns]
            found[some] = numbers.toarray()[:, 0]
        return found[:, None]


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
