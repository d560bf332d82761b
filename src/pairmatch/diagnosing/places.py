"""Whose place could serve people without a partner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.diagnosing.trial import Trial
from pairmatch.errors import shown
from pairmatch.scoring import loads

if TYPE_CHECKING:
    from pairmatch.blocking import Reach
    from pairmatch.cohort import Cohort
    from pairmatch.diagnosing.diagnosed import Diagnosed
    from pairmatch.matching import Matching

__all__ = ["Places"]


class Places:
    """One more place with each of those who hold people up.

    Parameters
    ----------
    matching
        The matching.
    reach
        Its reach.
    people
        Those who are asked about.
    """

    def __init__(self, matching: Matching, reach: Reach, people: Sequence[Diagnosed]) -> None:
        self._matching, self._reach, self._people = matching, reach, people

    def wanted(self, most: int) -> list[tuple[str, str]]:
        """Roles and ids of those whose place would serve most people, half of them mentors at most."""
        votes = Counter[tuple[str, str]]()
        for one in self._people:
            votes.update(self._of(one))
        ranked = sorted(votes, key=lambda key: (-votes[key], -self._prices.get(key, 0.0), key))
        able = [key for key in ranked if self._raised[key] > self.capacity[key]]
        half = max(1, most // 2)
        ours, theirs = ([key for key in able if key[0] == role][:half] for role in ("mentor", "mentee"))
        return [*ours, *theirs]

    def trials(self, most: int) -> Iterator[Trial]:
        """One more place with each of these."""
        for role, who in self.wanted(most):
            words = f"one more place with {role} {shown(who)}"
            yield Trial("place", words, role=role, id=who)

    def _of(self, one: Diagnosed) -> list[tuple[str, str]]:
        """Whose place could serve a person."""
        if one.reason == "no_place":
            return [(one.role, one.id)]
        other = "mentee" if one.role == "mentor" else "mentor"
        if one.blocking is not None:
            return [(other, who) for who in one.blocking.partners]
        if not one.eligible:
            return []
        allowed = self._reach.side(one.role).partners_of(self._reach.places(one.role)[one.id])
        ids = self._reach.ids(other)
        return [(other, ids[at]) for at in np.flatnonzero(allowed).tolist()]

    @cached_property
    def capacity(self) -> dict[tuple[str, str], int]:
        """Most pairs of each, by role and id."""
        return self._capacities(self._matching.cohort)

    @cached_property
    def _raised(self) -> dict[tuple[str, str], int]:
        """The same if everybody had one more, where no rule caps it and there are partners enough."""
        more: dict[str, dict[str, int]] = {"mentor": {}, "mentee": {}}
        for (role, who), capacity in self.capacity.items():
            more[role][who] = capacity + 1
        return self._capacities(self._matching.cohort.with_capacities(more["mentor"], more["mentee"]))

    def _capacities(self, cohort: Cohort) -> dict[tuple[str, str], int]:
        ours, theirs = self._reach.rows("mentor"), self._reach.rows("mentee")
        found = loads(cohort, self._matching.policy, ours, theirs)
        return {
            (role, cohort.side(f"{role}s").ids[row]): int(n)
            for role, rows, capacity in (
                ("mentor", ours, found.mentor_capacity),
                ("mentee", theirs, found.mentee_capacity),
            )
            for row, n in zip(rows.tolist(), capacity.tolist(), strict=True)
        }

    @cached_property
    def _prices(self) -> dict[tuple[str, str], float]:
        """What the last proof by prices says of one more place of each."""
        certificate = self._matching.certificate
        proofs = [proof for proof in certificate.proofs if proof.kind == "prices"]
        if not proofs:
            return {}
        ours, theirs = proofs[-1].mentor_prices, proofs[-1].mentee_prices
        sides = ("mentor", certificate.mentors, ours), ("mentee", certificate.mentees, theirs)
        return {
            (role, who): float(price)
            for role, ids, prices in sides
            for who, price in zip(ids, prices.tolist(), strict=True)
        }
