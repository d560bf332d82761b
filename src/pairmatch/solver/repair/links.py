"""Who can be paired with whom, person by person; it grows.

People are numbered through: mentors first, then mentees. A pair in hand stands twice in the long arrays,
once among its mentor's places and once among its mentee's; pairs that come later stand in short lists.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints

__all__ = ["Links"]


class Links:
    """The pairs in hand.

    Parameters
    ----------
    mentor, mentee
        Positions of the pairs, each pair once, in any order.
    n_mentors, n_mentees
        How many people there are.

    Attributes
    ----------
    mentor, mentee
        Numbers of each pair's people.
    pair, other
        For each place: which pair, and the other person's number.
    at
        ``(2, pairs)``: each pair's place at its mentor, and at its mentee.
    ends
        Each person's places are ``ends[who]`` to ``ends[who + 1]``.
    later, later_of
        Pairs that came later: mentor's and mentee's number; and which of them are whose.
    """

    def __init__(
        self, mentor: NDArray[np.integer], mentee: NDArray[np.integer], n_mentors: int, n_mentees: int
    ) -> None:
        self.n_mentors, self.people, self.first = n_mentors, n_mentors + n_mentees, len(mentor)
        self.mentor, self.mentee = mentor.astype(np.int32), (mentee + n_mentors).astype(np.int32)
        tail = np.concatenate([self.mentor, self.mentee])
        head = np.concatenate([self.mentee, self.mentor])
        order = np.argsort(tail, kind="stable")
        self.pair = (order % max(1, self.first)).astype(np.int32)
        self.other = head[order]
        at = np.empty(2 * self.first, np.int32)
        at[order] = np.arange(2 * self.first, dtype=np.int32)
        self.at = at.reshape(2, self.first)
        counts = np.bincount(tail, minlength=self.people)
        self.ends: list[int] = np.concatenate([[0], np.cumsum(counts)]).tolist()
        self.later: list[tuple[int, int]] = []
        self.later_of: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return self.first + len(self.later)

    def pairs_of(self, who: int) -> list[int]:
        """All pairs of a person."""
        mine: list[int] = self.pair[self.ends[who] : self.ends[who + 1]].tolist()
        return mine + self.later_of.get(who, [])

    def ends_of(self, pair: int) -> tuple[int, int]:
        """The mentor's and the mentee's number."""
        if pair >= self.first:
            return self.later[pair - self.first]
        return self.mentor.item(pair), self.mentee.item(pair)

    def find(self, mentor: int, mentee: int) -> int | None:
        """The pair of two positions; None where it is not in hand."""
        other = mentee + self.n_mentors
        start, stop = self.ends[mentor], self.ends[mentor + 1]
        here = np.flatnonzero(self.other[start:stop] == other)
        if len(here):
            return int(self.pair[start + here[0]])
        return next(
            (pair for pair in self.later_of.get(mentor, []) if self.later[pair - self.first][1] == other),
            None,
        )

    def join(self, mentor: int, mentee: int) -> int:
        """Take in a pair of two positions that is not in hand yet; its number."""
        pair, ends = len(self), (mentor, mentee + self.n_mentors)
        self.later.append(ends)
        for who in ends:
            self.later_of.setdefault(who, []).append(pair)
        return pair

    def drop(self, size: int) -> None:
        """Let pairs go that came last, so that so many are left; nobody has taken them."""
        gone = self.later[size - self.first :]
        del self.later[size - self.first :]
        for who in {who for ends in gone for who in ends}:
            kept = [pair for pair in self.later_of[who] if pair < size]
            self.later_of[who] = kept
            if not kept:
                del self.later_of[who]

    def positions(self, pairs: list[int]) -> Ints:
        """Positions of pairs, mentor first; sorted."""
        ends: Ints = np.array(sorted(self.ends_of(pair) for pair in pairs), np.int64).reshape(-1, 2)
        ends[:, 1] -= self.n_mentors
        return ends
