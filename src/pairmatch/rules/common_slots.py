"""Mentor and mentee have time for each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.errors import counted
from pairmatch.rules.in_common import InCommon

__all__ = ["CommonSlots"]


@dataclass(frozen=True)
class CommonSlots(InCommon):
    """Allows only pairs who are free at the same hours so often: :class:`InCommon` over ``slots``.

    Parameters
    ----------
    at_least
        Fewest slots in common, at least 1.
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's slots are blank.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.CommonSlots().description
    'mentor and mentee have at least 3 slots in common'
    """

    name: ClassVar[str] = "common_slots"

    column: str = field(default="slots", init=False)
    at_least: int = 3

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self.name

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"mentor and mentee have at least {counted(self.at_least, 'slot')} in common"
