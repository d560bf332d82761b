"""Lists of pairs, scored by the definition: what passed a filter, wherever it stands in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pairmatch.cohort import Block, Pairs
from pairmatch.errors import PairmatchError
from pairmatch.problem import Ints

if TYPE_CHECKING:
    from pairmatch.scoring.scorer import Scorer

__all__ = ["exact", "light", "reads_lists"]

Bools = NDArray[np.bool_]
Positions = NDArray[np.int64]

AT_ONCE = 1 << 17
"""Pairs of one list: its arrays are a megabyte each."""

SAMPLE = 24
"""Mentors and mentees whose pairs are scored both as a block and as a list."""


def exact(scorer: Scorer, mentors: ArrayLike, mentees: ArrayLike) -> tuple[Ints, Bools]:
    """Each pair's weight in units, and whether every rule allows it.

    Parameters
    ----------
    scorer
        Rules and goals.
    mentors, mentees
        Rows of the two tables, as many of the one as of the other, in any order.

    Returns
    -------
    tuple
        Weights (int64) and bools, one per pair. Neither the least weight that a policy accepts nor who is
        active matters here.
    """
    rows, columns = np.asarray(mentors, np.int64), np.asarray(mentees, np.int64)
    weight, allowed = np.zeros(len(rows), np.int64), np.ones(len(rows), np.bool_)
    if scorer.reads_lists:
        for start in range(0, len(rows), AT_ONCE):
            at = slice(start, start + AT_ONCE)
            pairs = Pairs(scorer.cohort, rows[at], columns[at])
            weight[at], allowed[at] = scorer.weight(pairs)[:, 0], scorer.eligible(pairs)[:, 0]
        return weight, allowed
    for mentor, at_ in _by_mentor(rows):
        block = Block(scorer.cohort, [mentor], columns[at_])
        weight[at_], allowed[at_] = scorer.weight(block)[0], scorer.eligible(block)[0]
    return weight, allowed


def light(scorer: Scorer, mentors: ArrayLike, mentees: ArrayLike, weight: Ints) -> Bools:
    """Which pairs of a list weigh less than the policy accepts, exceptions aside."""
    found = weight < scorer.bar
    if found.any() and len(scorer.excepted):
        at = np.flatnonzero(found)
        pairs = Pairs(scorer.cohort, np.asarray(mentors)[at], np.asarray(mentees)[at])
        found[at] = scorer.light(pairs, weight[at, None])[:, 0]
    return found


def reads_lists(scorer: Scorer) -> bool:
    """Whether all rules and goals say of a list of pairs what they say of a block, tried on a sample."""
    cohort = scorer.cohort
    rows, columns = (_spread(len(side)) for side in (cohort.mentors, cohort.mentees))
    block = Block(cohort, rows, columns)
    pairs = Pairs(cohort, np.repeat(rows, len(columns)), np.tile(columns, len(rows)))
    try:
        weights, allowed = scorer.weight(pairs), scorer.eligible(pairs)
    # Code of others that was written for blocks may fail on a list in any way.
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, PairmatchError):
        return False
    same = np.array_equal(weights.ravel(), scorer.weight(block).ravel())
    return same and np.array_equal(allowed.ravel(), scorer.eligible(block).ravel())


def _spread(n: int) -> Positions:
    """Rows from all over a table; some twice where it is short, so that a list is never one pair alone."""
    return np.linspace(0, n - 1, SAMPLE).astype(np.int64)


def _by_mentor(rows: Positions) -> list[tuple[Any, NDArray[np.intp]]]:
    """Each mentor, and where their pairs stand in the list."""
    order = np.argsort(rows, kind="stable")
    different, starts = np.unique(rows[order], return_index=True)
    if not len(rows):
        return []
    return list(zip(different.tolist(), np.split(order, starts[1:]), strict=True))
