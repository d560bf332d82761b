"""The pairs in hand: the required ones, the running ones, then what sweeps brought, in the order of coming.

A pair never leaves and never moves, so that its index stays good for as long as the pool lives.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Found, Ints, Problem, rank_among_equals
from pairmatch.solver.core import parted
from pairmatch.solver.faces import is_required

__all__ = ["Pool", "few_of_each"]

Bools = NDArray[np.bool_]


class Pool:
    """A problem that grows.

    Parameters
    ----------
    problem
        Its pairs are the required ones and, in a re-match, the running ones.

    Attributes
    ----------
    problem
        The problem with all pairs in hand, sorted by nothing.
    required
        How many pairs are required; they come first.
    begun
        How many pairs there were at first.
    """

    def __init__(self, problem: Problem) -> None:
        first = is_required(problem)
        order = np.argsort(~first, kind="stable")
        arcs = problem.mentor[order], problem.mentee[order], problem.weight[order]
        self.problem = replace(problem, mentor=arcs[0], mentee=arcs[1], weight=arcs[2])
        self.required, self.begun = int(first.sum()), len(order)
        self._keys = np.sort(self._key(problem.mentor, problem.mentee))

    def __len__(self) -> int:
        return len(self.problem.mentor)

    def unknown(self, found: Found) -> Bools:
        """Which of the pairs found are not in hand yet."""
        if not len(self._keys):
            return np.ones(len(found.mentor), bool)
        keys = self._key(found.mentor, found.mentee)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.asarray(self._keys[at] != keys)

    def join(self, found: Found, which: Bools) -> int:
        """Take in some of the pairs found, which are not in hand yet; how many they are."""
        old = self.problem
        mentor, mentee = found.mentor[which], found.mentee[which]
        both = np.concatenate([self._keys, self._key(mentor, mentee)])
        both.sort(kind="stable")
        self._keys = both
        self.problem = replace(
            old,
            mentor=np.concatenate([old.mentor, mentor]),
            mentee=np.concatenate([old.mentee, mentee]),
            weight=np.concatenate([old.weight, found.weight[which]]),
        )
        return len(mentor)

    def above(self, floor: int | None) -> slice | NDArray[np.intp]:
        """The pairs not below a floor; the required ones are always among them, and first."""
        if floor is None:
            return slice(0, len(self))
        free = self.required + np.flatnonzero(self.problem.weight[self.required :] >= floor)
        return np.concatenate([np.arange(self.required), free])

    def _key(self, mentor: NDArray[np.int32], mentee: NDArray[np.int32]) -> Ints:
        return mentor.astype(np.int64) * self.problem.n_mentees + mentee


def few_of_each(found: Found, reduced: Ints, wanted: Bools, few: int) -> Bools:
    """Which of the wanted pairs are among the best few of their mentor or of their mentee.

    Equals are parted by a noise of the pair, so that not everybody asks for the same few people.
    """
    at = np.flatnonzero(wanted)
    key = parted(reduced[at], at)
    chosen = np.zeros(len(wanted), bool)
    for person in (found.mentor[at], found.mentee[at]):
        order = np.lexsort((-key, person))
        chosen[at[order[rank_among_equals(person[order]) < few]]] = True
    return chosen
