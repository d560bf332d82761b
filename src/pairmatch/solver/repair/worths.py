"""What a repair changes in the value of each tier."""

from __future__ import annotations

import numpy as np

from pairmatch.errors import SolverError
from pairmatch.problem import MINIMUMS, Problem
from pairmatch.solver.repair.links import Links
from pairmatch.solver.repair.residual import FIXED, TAKEN, Person, Residual

__all__ = ["Worths"]


class Worths:
    """Values of pairs and people, tier by tier.

    Parameters
    ----------
    problem
        The pairs in hand at first.
    links
        The pairs in hand.

    Attributes
    ----------
    later
        Weights of the pairs that came later.
    """

    def __init__(self, problem: Problem, links: Links) -> None:
        self._problem, self._links = problem, links
        self.later: list[int] = []

    def join(self, weight: int) -> None:
        """The pair that the links took in last weighs so much."""
        self.later.append(weight)

    def drop(self, pairs: int) -> None:
        """The links have let the last so many pairs go."""
        del self.later[len(self.later) - pairs :]

    def change(self, tier: str, residual: Residual) -> int:
        """By how much a tier's value changed since the residual last began."""
        if tier in ("total", "pairs", "kept", "held"):
            return sum(
                self._of_pair(tier, pair) * (_is_taken(residual.state_of(pair)) - _is_taken(before))
                for pair, before in residual.pairs_before.items()
                if _is_taken(residual.state_of(pair)) != _is_taken(before)
            )
        return sum(
            self._of_person(tier, who, residual.person(who)) - self._of_person(tier, who, before)
            for who, before in residual.people_before.items()
        )

    def _of_pair(self, tier: str, pair: int) -> int:
        """What a pair counts."""
        if tier == "pairs":
            return 1
        row = self._row(pair)
        earlier = self._problem.earlier
        if tier == "total":
            bonus = 0 if earlier is None or row < 0 else earlier.bonus
            return self._weight(pair) + bonus
        if earlier is None:
            raise SolverError(f"no earlier matching for the tier '{tier}'")
        return int(row >= 0 and (tier == "kept" or bool(earlier.held[row])))

    def _of_person(self, tier: str, who: int, person: Person) -> int:
        """What a person's load counts."""
        mentor = who < self._links.n_mentors
        at = who if mentor else who - self._links.n_mentors
        if tier == MINIMUMS:
            return min(person.load, person.minimum)
        if person.load == 0:
            return 0
        earlier = self._problem.earlier
        if tier == "waited" and earlier is not None:
            return int((earlier.mentors_waited if mentor else earlier.mentees_waited)[at])
        if tier == "must_match":
            return int(not mentor and self._problem.must_match[at])
        return int(tier == ("mentors" if mentor else "mentees"))

    def _weight(self, pair: int) -> int:
        first = self._links.first
        return int(self._problem.weight[pair]) if pair < first else self.later[pair - first]

    def _row(self, pair: int) -> int:
        """The pair's row among the running ones; -1 where it is none."""
        if self._problem.earlier is None:
            return -1
        mentor, mentee = self._links.ends_of(pair)
        at = np.array([mentor]), np.array([mentee - self._links.n_mentors])
        return int(self._problem.earlier.among(*at)[0])


def _is_taken(state: int) -> int:
    return int(state in (TAKEN, FIXED))
