"""Short lists for one side: each person's few best of the other side, and nobody on too many lists.

Everything is in positions and whole numbers. Side 0 are the mentors, side 1 the mentees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Beyond, Ints, Loads, Problem
from pairmatch.solver.solving import solve

__all__ = ["Wanted", "lists_of", "shortlists"]

WIDE = 3
"""The pool holds so many times the length of a list for each person, and nobody more often than that."""

SERVED = ("mentors", "mentees")
"""The tier that counts whose list has somebody on it."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What lists are wanted.

    Attributes
    ----------
    side
        Who gets lists: 0 the mentors, 1 the mentees.
    lengths
        Most people on each one's list, int64, one per person of that side.
    limits
        Most lists on which each person of the other side may stand.
    kinds
        int64 ``(n_others, n_fields)``: what each person of the other side has in each field by which people
        are alike; negative where nothing is known.
    variety
        Units by which a pair weighs less for a partner who is like somebody on the list in every field.
    """

    side: int
    lengths: Ints
    limits: Ints
    kinds: Ints
    variety: int

    def loads(self, times: int = 1) -> Loads:
        """Lengths and limits as capacities, all of them so many times."""
        both = (times * self.limits, times * self.lengths)
        mentors, mentees = both if self.side == 1 else both[::-1]
        return Loads(mentors, mentees, np.zeros_like(mentors), np.zeros_like(mentees))

    def objective(self, *more: str) -> tuple[str, ...]:
        """First of all as many as can be get somebody."""
        return (SERVED[self.side], *more, "total")


def lists_of(
    problem: Problem, wanted: Wanted, beyond: Beyond | None, weigh: Callable[[Ints], Ints]
) -> tuple[Ints, Ints]:
    """The pairs on the lists, ``(n, 2)`` positions sorted by mentor, then mentee, and their weights.

    They are drawn from a pool: the best lists of three times the length with three times the limits, if
    nothing but weights counted. Where lists drawn from it are short, the best lists of the length that is
    wanted join the pool: these are as full as lists from all pairs can be.

    Parameters
    ----------
    problem, beyond
        All allowed pairs, as :func:`~pairmatch.solver.solve` takes them; loads and objective are passed over.
    wanted
        What lists are wanted.
    weigh
        Tells the weights of pairs, in units.
    """
    found = _pool(problem, wanted, beyond, WIDE)
    weight = weigh(found)
    rows = shortlists(found, weight, wanted)
    have = np.bincount(found[rows, wanted.side], minlength=len(wanted.lengths))
    if (have < wanted.lengths).any():
        found = np.unique(np.concatenate([found, _pool(problem, wanted, beyond, 1)]), axis=0)
        weight = weigh(found)
        rows = shortlists(found, weight, wanted)
    return found[rows], weight[rows]


def _pool(problem: Problem, wanted: Wanted, beyond: Beyond | None, times: int) -> Ints:
    """As many people as can be have a list; then the lists are as full, then as heavy as can be."""
    asked = replace(problem, loads=wanted.loads(times), objective=wanted.objective("pairs"))
    return solve(asked, beyond=beyond).pairs


def shortlists(pairs: Ints, weight: Ints, wanted: Wanted) -> NDArray[np.intp]:
    """Which of the pairs stand on the lists: rows of ``pairs``, sorted.

    Everybody's list gets one more person in each round, by the best assignment there is: first as many lists
    as can be, then the largest sum of the weights, less what likeness to those already on the list costs.
    Where lists stay short that could be longer, a last flow fills them and keeps what it can.

    Parameters
    ----------
    pairs
        ``(n, 2)`` positions, sorted by mentor, then mentee, each once.
    weight
        Their weights in units.
    wanted
        What lists are wanted.

    References
    ----------
    J. Carbonell and J. Goldstein (1998), The use of MMR, diversity-based reranking for reordering documents
    and producing summaries, SIGIR, 335-336, https://doi.org/10.1145/290941.291025; here for all at once.
    """
    taken = np.zeros(len(pairs), np.bool_)
    likeness = np.zeros(len(pairs), np.float64)
    owner, other = pairs[:, wanted.side], pairs[:, 1 - wanted.side]
    left = wanted.limits.copy()
    for length in range(int(wanted.lengths.max(initial=0))):
        due = replace(wanted, lengths=(wanted.lengths > length).astype(np.int64), limits=left)
        open_ = np.flatnonzero(~taken)
        # No gain is below 0: what all pairs have more changes nothing, as each list gets one.
        gain = weight + np.rint(wanted.variety * (1 - likeness)).astype(np.int64)
        chosen = open_[_best(pairs[open_], gain[open_], due, due.objective())]
        taken[chosen] = True
        np.subtract.at(left, other[chosen], 1)
        newest = np.full(len(wanted.lengths), -1, np.int64)
        newest[owner[chosen]] = other[chosen]
        np.maximum(likeness, _likeness(other, newest[owner], wanted.kinds), out=likeness)
    return _filled(pairs, weight, wanted, taken)


def _filled(pairs: Ints, weight: Ints, wanted: Wanted, taken: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The lists as full as the pairs allow, with as many as can be of those that are taken."""
    owner = pairs[:, wanted.side]
    lengths = np.bincount(owner[taken], minlength=len(wanted.lengths))
    if (lengths >= np.minimum(wanted.lengths, np.bincount(owner, minlength=len(lengths)))).all():
        return np.flatnonzero(taken)
    kept = (int(weight.max()) + 1) * len(pairs) * taken
    return _best(pairs, weight + kept, wanted, wanted.objective("pairs"))


def _best(pairs: Ints, gain: Ints, wanted: Wanted, objective: tuple[str, ...]) -> NDArray[np.intp]:
    """The best choice of pairs: their rows, sorted."""
    loads = wanted.loads()
    mentor, mentee = pairs.T.astype(np.int32)
    nobody = np.zeros(len(loads.mentee_capacity), np.bool_)
    found = solve(Problem(mentor, mentee, gain, loads, nobody, objective)).pairs
    width = np.int64(len(nobody))
    return np.searchsorted(pairs[:, 0] * width + pairs[:, 1], found[:, 0] * width + found[:, 1])


def _likeness(one: Ints, other: Ints, kinds: Ints) -> NDArray[np.float64]:
    """In what share of the fields two people are known to be alike; 0 where there is no other one."""
    if not kinds.shape[1]:
        return np.zeros(len(one), np.float64)
    same = (kinds[one] == kinds[other]) & (kinds[one] >= 0)
    return np.where(other >= 0, same.mean(axis=1), 0.0)
