"""Rules that forbid few pairs tell all of them at once: a large cohort need not be asked pair by pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.comparing import LISTS
from pairmatch.forms import Few

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Cohort
    from pairmatch.rules.protocol import Bools

__all__ = ["alike_pairs", "named", "people_only"]

MOST_EACH = 30
"""Pairs per person, of both sides together, that still are few."""


def named(cohort: Cohort, pairs: csr_array[Any]) -> Few:
    """Nothing but these pairs is forbidden."""
    return Few(_nobody(len(cohort.mentors)), _nobody(len(cohort.mentees)), pairs)


def people_only(cohort: Cohort, mentors: Bools, mentees: Bools) -> Few:
    """Nothing but all pairs of these people is forbidden."""
    return Few(mentors, mentees, cohort.pairs_matrix([]))


def _nobody(people: int) -> Bools:
    return np.zeros(people, np.bool_)


def alike_pairs(cohort: Cohort, column: str) -> csr_array[Any] | None:
    """The pairs who share a field's value or an entry of a list; None where they are, or may be, many."""
    return cohort.cached(("alike_pairs", column), lambda: _alike_pairs(cohort, column))


def _alike_pairs(cohort: Cohort, column: str) -> csr_array[Any] | None:
    if cohort.mentors.kind(column) in LISTS:
        index = cohort.term_index(column, column)
        ours, theirs = index.mentors, index.mentees
    else:
        ours, theirs = (_marked(codes, cohort.codes(column)) for codes in cohort.codes(column))
    # Who shares two entries counts twice here: more than there are, never fewer.
    per_value = [np.bincount(side.indices, minlength=side.shape[1]) for side in (ours, theirs)]
    if int(per_value[0] @ per_value[1]) > MOST_EACH * sum(cohort.shape):
        return None
    pairs = (ours @ theirs.T).astype(np.bool_)
    pairs.sort_indices()
    return pairs


def _marked(codes: Any, both: tuple[Any, Any]) -> csr_array[Any]:
    """One row per person with a 1 at their value; an empty one where it is blank."""
    from scipy.sparse import csr_array

    width = 1 + max(int(side.max(initial=-1)) for side in both)
    rows = np.flatnonzero(codes >= 0)
    return csr_array((np.ones(len(rows)), (rows, codes[rows])), shape=(len(codes), width))
