"""What a matching with something given up is, held against the matching as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.matching import lost
from pairmatch.problem import RESOLUTION, Ints, Solution, TierProof
from pairmatch.scoring.listed import exact

if TYPE_CHECKING:
    from pairmatch.matching import Matching
    from pairmatch.scoring import Scorer

__all__ = ["Before", "Outcome"]

Bools = NDArray[np.bool_]

People = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Outcome:
    """Another matching held against the one as it is.

    Attributes
    ----------
    costs
        What each tier loses, in the objective's order.
    served, unmatched
        Roles and ids of those who have a partner only now, and only before; mentees first.
    changed
        How many people who had partners have others.
    cost
        Weight that all pairs together lose.
    lost
        Weight that is lost beside the pairs of those who are served only now.
    partners
        Ids of everybody's partners now, by role and id, of those who are served only now.
    exact
        Whether both are proven.
    """

    costs: Mapping[str, float]
    served: People
    unmatched: People
    changed: int
    cost: float
    lost: float
    partners: Mapping[tuple[str, str], tuple[str, ...]]
    exact: bool

    @property
    def order(self) -> tuple[float, ...]:
        """The costs in the order that decides between two."""
        return tuple(round(cost, 6) for cost in self.costs.values())


class Before:
    """The matching as it is, in the positions of its problem.

    Parameters
    ----------
    matching
        The matching.
    scorer
        Its rules and goals.
    rows
        For each position the row of the table, mentors first.
    """

    def __init__(self, matching: Matching, scorer: Scorer, rows: tuple[Ints, Ints]) -> None:
        self._matching, self._scorer, self._rows = matching, scorer, rows

    def against(self, solution: Solution) -> Outcome:
        """What another matching changes."""
        pairs = solution.pairs.astype(np.int64)
        rows = self._rows[0][pairs[:, 0]], self._rows[1][pairs[:, 1]]
        weight = exact(self._scorer, *rows)[0]
        loads = tuple(np.bincount(pairs[:, k], minlength=len(self._rows[k])) for k in (0, 1))
        new = [(now > 0) & (before == 0) for now, before in zip(loads, self.loads, strict=True)]
        gone = [(now == 0) & (before > 0) for now, before in zip(loads, self.loads, strict=True)]
        theirs = new[0][pairs[:, 0]] | new[1][pairs[:, 1]]
        # Whatever tiers follow those of the matching only choose among the best.
        claimed = self._matching.certificate.proofs
        then = solution.tiers[: len(claimed)]
        return Outcome(
            costs={old.tier: lost(old, now) for old, now in zip(claimed, then, strict=True)},
            served=self._named(new),
            unmatched=self._named(gone),
            changed=self._changed(pairs, new),
            cost=(self._weight - int(weight.sum())) / RESOLUTION,
            lost=(self._weight - int(weight[~theirs].sum())) / RESOLUTION,
            partners=self._partners(pairs, new),
            exact=_proven(solution, then) and self._matching.certificate.proven,
        )

    def _changed(self, pairs: Ints, new: list[Bools]) -> int:
        """How many people, other than those who are new, are in a pair that ended or began."""
        width = np.int64(len(self._rows[1]))
        before, now = (some[:, 0] * width + some[:, 1] for some in (self.pairs, pairs))
        moved = np.setxor1d(before, now)
        people = np.unique(moved // width), np.unique(moved % width)
        return sum(int(np.count_nonzero(~new[k][people[k]])) for k in (0, 1))

    def _partners(self, pairs: Ints, new: list[Bools]) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for i, j in pairs[new[0][pairs[:, 0]] | new[1][pairs[:, 1]]].tolist():
            mentor, mentee = self._ids[0][i], self._ids[1][j]
            if new[0][i]:
                found["mentor", mentor] = (*found.get(("mentor", mentor), ()), mentee)
            if new[1][j]:
                found["mentee", mentee] = (*found.get(("mentee", mentee), ()), mentor)
        return found

    def _named(self, flags: list[Bools]) -> People:
        return tuple(
            (role, who)
            for role, k in (("mentee", 1), ("mentor", 0))
            for who in sorted(self._ids[k][at] for at in np.flatnonzero(flags[k]).tolist())
        )

    @cached_property
    def _ids(self) -> tuple[list[str], list[str]]:
        cohort = self._matching.cohort
        sides = zip((cohort.mentors, cohort.mentees), self._rows, strict=True)
        ours, theirs = ([people.ids[row] for row in rows.tolist()] for people, rows in sides)
        return ours, theirs

    @cached_property
    def pairs(self) -> Ints:
        """Its pairs in positions, mentor first."""
        places = [{who: at for at, who in enumerate(ids)} for ids in self._ids]
        pairs = [(places[0][made.mentor], places[1][made.mentee]) for made in self._matching.made]
        return np.array(pairs, np.int64).reshape(-1, 2)

    @cached_property
    def loads(self) -> tuple[Ints, Ints]:
        """How many pairs each mentor and each mentee has."""
        ours, theirs = (np.bincount(self.pairs[:, k], minlength=len(self._rows[k])) for k in (0, 1))
        return ours, theirs

    @cached_property
    def _weight(self) -> int:
        return sum(made.weight for made in self._matching.made)


def _proven(solution: Solution, tiers: Sequence[TierProof]) -> bool:
    return solution.complete and all(proof.gap == 0 for proof in tiers)
