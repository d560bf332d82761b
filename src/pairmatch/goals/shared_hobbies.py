"""Mentor and mentee share hobbies, and rare ones above all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.goals.shared_terms import SharedTerms

__all__ = ["SharedHobbies"]


@dataclass(frozen=True)
class SharedHobbies(SharedTerms):
    """Scores shared hobbies: :class:`~pairmatch.goals.shared_terms.SharedTerms` over ``hobbies``.

    Parameters
    ----------
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.SharedHobbies(weight=0.15).description
    'mentor and mentee share hobbies, rare ones above all'
    """

    name: ClassVar[str] = "shared_hobbies"

    column: str = field(default="hobbies", init=False)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return self.name

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "mentor and mentee share hobbies, rare ones above all"
