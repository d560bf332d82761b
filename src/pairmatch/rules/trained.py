"""Nobody is paired who was not trained for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.rules.confirmed import Confirmed

__all__ = ["Trained"]


@dataclass(frozen=True)
class Trained(Confirmed):
    """Allows only people who had the programme's training: :class:`Confirmed` over ``trained``.

    Parameters
    ----------
    of
        ``"both"``, ``"mentors"`` or ``"mentees"``: who must be trained.
    missing
        ``"forbid"`` or ``"allow"`` a person of whom nobody says.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Trained(of="mentors").description
    'the mentor has been trained'
    """

    name: ClassVar[str] = "trained"

    column: str = field(default="trained", init=False)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self._labelled()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"{self.who} {self.has} been trained"
