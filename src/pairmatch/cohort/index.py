"""Terms and codes of the whole cohort, made once and shared by every block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort.profiles import Profiles, Terms
from pairmatch.errors import CallError, Finding
from pairmatch.terms import normalise

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["TermIndex", "codes", "comparable", "frozen", "pair_matrix", "term_index"]


S = TypeVar("S", bound=np.generic)


@dataclass(frozen=True)
class TermIndex:
    """The terms of a mentor field and a mentee field over one vocabulary.

    All numbers are whole, so that sums of their products are exact in float64 in any order.

    Attributes
    ----------
    vocabulary
        Keys, sorted.
    mentors, mentees
        float64 CSR matrices (people × terms), 1.0 for every term that a person has.
    mentor_weights, mentee_weights
        The same with the terms' weights in thousandths.
    mentee_must
        1.0 for every term that a mentee marked as a must.
    """

    vocabulary: tuple[str, ...]
    mentors: csr_array[np.float64]
    mentees: csr_array[np.float64]
    mentor_weights: csr_array[np.float64]
    mentee_weights: csr_array[np.float64]
    mentee_must: csr_array[np.float64]


def term_index(mentors: Terms, mentees: Terms) -> TermIndex:
    """Both sides' terms as sparse matrices over one vocabulary."""
    keys = {term.key for side in (mentors, mentees) for terms in side for term in terms}
    vocabulary = tuple(sorted(keys))
    column = {key: k for k, key in enumerate(vocabulary)}
    ours, theirs = _Entries(mentors, column), _Entries(mentees, column)
    return TermIndex(
        vocabulary,
        ours.matrix(1.0),
        theirs.matrix(1.0),
        ours.matrix(term.weight for term in ours.terms),
        theirs.matrix(term.weight for term in theirs.terms),
        theirs.matrix(term.must for term in theirs.terms),
    )


class _Entries:
    """All terms of one side, and where each stands: people × terms."""

    def __init__(self, side: Terms, column: Mapping[str, int]) -> None:
        self.terms = [term for terms in side for term in terms]
        self._columns = np.array([column[term.key] for term in self.terms], np.int32)
        self._starts = np.cumsum([0, *map(len, side)], dtype=np.int32)
        self._shape = len(side), len(column)

    def matrix(self, numbers: float | Iterable[float]) -> csr_array[np.float64]:
        """A sparse matrix with one number for every term, those that are 0 left out."""
        from scipy.sparse import csr_array

        data = np.empty(len(self.terms))
        data[:] = numbers if isinstance(numbers, float) else np.fromiter(numbers, np.float64, len(data))
        matrix = csr_array((data, self._columns.copy(), self._starts.copy()), shape=self._shape)
        matrix.eliminate_zeros()
        matrix.sort_indices()
        frozen(matrix.data)
        return matrix


def frozen(array: NDArray[S]) -> NDArray[S]:
    """The array, read-only from now on."""
    array.flags.writeable = False
    return array


def comparable(people: Profiles, name: str) -> NDArray[Any]:
    """A field as values that are equal iff they count as the same; texts and lists as objects."""
    kind = people.kind(name)
    if kind == "number":
        return people.number(name)
    if kind == "bool":
        return people.flag(name)
    values = np.empty(len(people), dtype=object)
    if kind == "text":
        values[:] = [None if text is None else normalise(text) for text in people.text(name)]
    else:
        values[:] = [frozenset(term.key for term in terms) for terms in people.terms(name)]
    return frozen(values)


def codes(
    mentors: Profiles, mentor_name: str, mentees: Profiles, mentee_name: str
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Both fields as numbers over one vocabulary, -1 where missing."""
    kinds = mentors.kind(mentor_name), mentees.kind(mentee_name)
    if kinds[0] != kinds[1] or kinds[0] in ("list", "topics"):
        hint = f"fields of one kind are compared, and no lists; these are '{kinds[0]}' and '{kinds[1]}'"
        raise CallError([Finding("wrong_kind", hint, column=mentor_name)])
    sides = (comparable(mentors, mentor_name), comparable(mentees, mentee_name))
    known: dict[Any, int] = {}
    first = _coded(sides[0], mentors.has(mentor_name), known)
    return first, _coded(sides[1], mentees.has(mentee_name), known)


def _coded(values: NDArray[Any], present: NDArray[np.bool_], known: dict[Any, int]) -> NDArray[np.int32]:
    cells = zip(values.tolist(), present.tolist(), strict=True)
    numbers = [known.setdefault(value, len(known)) if there else -1 for value, there in cells]
    return frozen(np.array(numbers, dtype=np.int32))


def pair_matrix(rows: list[int], columns: list[int], shape: tuple[int, int]) -> csr_array[np.bool_]:
    """A sparse bool matrix of the given pairs."""
    from scipy.sparse import csr_array

    pairs = np.unique(np.array([rows, columns], dtype=np.int64).reshape(2, -1), axis=1)
    return csr_array((np.ones(pairs.shape[1], bool), (pairs[0], pairs[1])), shape=shape)
