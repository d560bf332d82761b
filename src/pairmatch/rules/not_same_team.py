"""Mentor and mentee are not in the same team."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.rules.different import Different

__all__ = ["NotSameTeam"]


@dataclass(frozen=True)
class NotSameTeam(Different):
    """Forbids pairs of the same team: :class:`Different` over ``team``.

    Parameters
    ----------
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's team is blank.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.NotSameTeam(missing="allow").description
    'mentor and mentee are not in the same team'
    """

    name: ClassVar[str] = "not_same_team"

    column: str = field(default="team", init=False)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self.name

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "mentor and mentee are not in the same team"
