"""Nobody is paired who did not ask to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.rules.confirmed import Confirmed

__all__ = ["OptedIn"]


@dataclass(frozen=True)
class OptedIn(Confirmed):
    """Allows only people who asked to take part: :class:`Confirmed` over ``opted_in``.

    Parameters
    ----------
    of
        ``"both"``, ``"mentors"`` or ``"mentees"``: who must have asked.
    missing
        ``"forbid"`` or ``"allow"`` a person of whom nobody says.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.OptedIn().description
    'mentor and mentee have opted in'
    """

    name: ClassVar[str] = "opted_in"

    column: str = field(default="opted_in", init=False)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self._labelled()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"{self.who} {self.has} opted in"
