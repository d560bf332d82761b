"""A yes/no field says yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.rules.about_people import AboutPeople
from pairmatch.rules.protocol import Bools

__all__ = ["Confirmed"]


@dataclass(frozen=True)
class Confirmed(AboutPeople):
    """Allows only people whose yes/no field says yes.

    Parameters
    ----------
    column
        A yes/no field, canonical or declared.
    of
        ``"both"``, ``"mentors"`` or ``"mentees"``: who must have a yes.
    missing
        ``"forbid"`` or ``"allow"`` a person whose field is blank.
    purpose
        Why the rule may use the field; needed where the field is sensitive or special.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Confirmed("code_of_conduct", of="mentors").label
    'confirmed(code_of_conduct, mentors)'
    """

    name: ClassVar[str] = "confirmed"
    kinds: ClassVar[tuple[str, ...]] = ("bool",)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self._labelled(self.column)

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"{self.who} {self.has} a yes in '{self.column}'"

    def good(self, values: NDArray[Any]) -> Bools:
        """Which known values keep the rule."""
        return np.asarray(values == 1)

    def is_good(self, value: Any) -> bool:
        """Whether one known value keeps the rule, in plain Python."""
        return value is True
