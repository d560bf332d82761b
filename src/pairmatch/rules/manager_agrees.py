"""Nobody is paired whose manager does not agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.rules.about_people import Of
from pairmatch.rules.confirmed import Confirmed

__all__ = ["ManagerAgrees"]


@dataclass(frozen=True)
class ManagerAgrees(Confirmed):
    """Allows only people whose manager knows and agrees: :class:`Confirmed` over ``manager_agrees``.

    Parameters
    ----------
    of
        ``"mentors"``, ``"mentees"`` or ``"both"``: whose manager is asked.
    missing
        ``"forbid"`` or ``"allow"`` a person of whom nobody says.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.ManagerAgrees().description
    "the mentor's manager agrees"
    """

    name: ClassVar[str] = "manager_agrees"
    usually_of: ClassVar[str] = "mentors"

    column: str = field(default="manager_agrees", init=False)
    of: Of = field(default="mentors", kw_only=True)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self._labelled()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "both managers agree" if self.of == "both" else f"{self.who}'s manager agrees"
