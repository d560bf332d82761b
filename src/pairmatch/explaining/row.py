"""One person held against everybody of the other side who takes part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.problem import Ints
from pairmatch.scoring.scorer import MINIMUM_WEIGHT

if TYPE_CHECKING:
    from pairmatch.scoring import Scorer

__all__ = ["Row", "row_of"]


@dataclass(frozen=True, eq=False)
class Row:
    """All pairs of one person.

    Attributes
    ----------
    others
        Rows of the other side's table: everybody who takes part.
    weight
        What the pair with each of them weighs, in units.
    labels
        The rules, and the minimum weight last where the policy sets one.
    forbids
        Rules × others: whom each forbids; the minimum weight only whom every rule allows.
    """

    others: Ints
    weight: NDArray[np.int32]
    labels: tuple[str, ...]
    forbids: NDArray[np.bool_]

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Whom nothing forbids."""
        return np.asarray(~self.forbids.any(axis=0))

    @property
    def alone(self) -> Ints:
        """How many each rule forbids by itself."""
        return np.asarray(self.forbids.sum(axis=1), np.int64)

    @property
    def last_standing(self) -> Ints:
        """How many each rule is the only one to forbid."""
        return np.asarray((self.forbids & (self.forbids.sum(axis=0) == 1)).sum(axis=1), np.int64)

    def against(self, place: int) -> list[str]:
        """Labels of what forbids the pair with one of the others."""
        return [label for label, forbids in zip(self.labels, self.forbids[:, place], strict=True) if forbids]


def row_of(scorer: Scorer, role: str, who: str) -> Row:
    """A person's row: weights and rules of all their pairs, in one block."""
    cohort = scorer.cohort
    own, other = cohort.side(f"{role}s"), cohort.mentees if role == "mentor" else cohort.mentors
    others = np.flatnonzero(other.active).astype(np.int64)
    person = [own.position(who)]
    block = Block(cohort, person, others) if role == "mentor" else Block(cohort, others, person)
    found = {label: forbidden.ravel() for label, forbidden in scorer.forbidding(block)}
    weight = scorer.weight(block)
    if scorer.bar:
        free = ~np.logical_or.reduce(list(found.values()))
        found[MINIMUM_WEIGHT] = scorer.light(block, weight).ravel() & free
    return Row(others, weight.ravel(), tuple(found), np.stack(list(found.values())))
