"""The mentor stands so many levels below the mentee: reverse mentoring."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pairmatch.rules.level_gap import LevelGap

__all__ = ["LevelsBelow"]


@dataclass(frozen=True)
class LevelsBelow(LevelGap):
    """Allows only mentors at least so many levels below the mentee: :class:`LevelGap` with a senior mentee.

    Parameters
    ----------
    at_least
        Least value of the mentee's level minus the mentor's.
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's level is blank.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.LevelsBelow(at_least=2).description
    "the mentee's level is at least 2 above the mentor's"
    """

    name: ClassVar[str] = "levels_below"

    at_least: int | None = 1
    at_most: int | None = field(default=None, init=False)
    senior: Literal["mentor", "mentee"] = field(default="mentee", init=False)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self.name
