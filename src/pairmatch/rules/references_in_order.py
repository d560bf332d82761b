"""References are good enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.errors import amount
from pairmatch.rules.enough import EnoughOf

__all__ = ["ReferencesInOrder"]


@dataclass(frozen=True)
class ReferencesInOrder(EnoughOf):
    """Allows only people whose references rate them well enough: a bar on ``reference_rating``.

    Parameters
    ----------
    at_least
        The least rating that is enough.
    of
        ``"mentors"``, ``"mentees"`` or ``"both"``: whose references are looked at.
    missing
        ``"forbid"`` or ``"allow"`` a person without a rating.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.ReferencesInOrder().description
    'the references of the mentor are rated at least 3'
    """

    name: ClassVar[str] = "references_in_order"

    column: str = field(default="reference_rating", init=False)
    at_least: float = 3.0

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"the references of {self.who} are rated at least {amount(self.at_least)}"
