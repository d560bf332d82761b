"""References are good enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.errors import amount
from pairmatch.parameters import Checks, set_field
from pairmatch.rules.about_people import Of
from pairmatch.rules.enough import Enough

__all__ = ["ReferencesInOrder"]


@dataclass(frozen=True)
class ReferencesInOrder(Enough):
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
    usually_of: ClassVar[str] = "mentors"

    column: str = field(default="reference_rating", init=False)
    at_least: float = 3.0
    of: Of = field(default="mentors", kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "at_least", checks.number("at_least", self.at_least))

    @property
    def bar(self) -> float:
        """The least number that is enough."""
        return self.at_least

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"the references of {self.who} are rated at least {amount(self.at_least)}"
