"""Who is held back by a quota: whose first pair alone would take a count beyond what it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Group
from pairmatch.problem import Ints

__all__ = ["HeldBack", "held_back"]


@dataclass(frozen=True)
class HeldBack:
    """People without a pair whom a rule about groups leaves no room, whoever the partner is.

    Attributes
    ----------
    mentors, mentees
        bool, by the problem's positions.
    labels
        For each rule that holds anybody back, whom: mentors and mentees.
    """

    mentors: NDArray[np.bool_]
    mentees: NDArray[np.bool_]
    labels: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]

    def of(self, role: str) -> NDArray[np.bool_]:
        """Who of one side."""
        return self.mentors if role == "mentor" else self.mentees

    def quotas(self, role: str, place: int) -> tuple[str, ...]:
        """Rules that are full for one person, else those that are full for partners."""
        own, other = (0, 1) if role == "mentor" else (1, 0)
        full = tuple(label for label, sides in self.labels.items() if sides[own][place])
        return full or tuple(label for label, sides in self.labels.items() if sides[other].any())


def held_back(groups: Sequence[Group], loads: tuple[Ints, Ints], pairs: Ints) -> HeldBack | None:
    """Whom the rules about groups hold back; None where no rule is full.

    Parameters
    ----------
    groups
        Of the problem.
    loads
        How many pairs each mentor and each mentee has.
    pairs
        The pairs, ``(n, 2)`` positions.
    """
    labels: dict[str, Any] = {}
    for group in groups:
        # A partner who lowers a count could make room; a protected field of a person is told to nobody.
        if group.most is not None and not group.protected and _grows(group):
            room = group.most - group.count(*loads, pairs[:, 0], pairs[:, 1])
            sides = [
                np.zeros(len(load), bool) if own is None else (load == 0) & (own > room)
                for own, load in zip((group.mentors, group.mentees), loads, strict=True)
            ]
            if any(side.any() for side in sides):
                before = labels.get(group.part, [False, False])
                labels[group.part] = tuple(one | two for one, two in zip(before, sides, strict=True))
    if not labels:
        return None
    mentors, mentees = (np.logical_or.reduce(side) for side in zip(*labels.values(), strict=True))
    return HeldBack(mentors, mentees, labels)


def _grows(group: Group) -> bool:
    """Whether no person and no pair makes the count smaller."""
    cells = None if group.pairs is None else group.pairs.cells
    parts = (group.mentors, group.mentees, cells)
    return all(part is None or int(part.min(initial=0)) >= 0 for part in parts)
