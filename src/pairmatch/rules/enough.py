"""What rules have in common by which a person's number must reach a bar."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.parameters import Checks, set_field
from pairmatch.rules.about_people import AboutPeople, Of
from pairmatch.rules.protocol import Bools

__all__ = ["Enough", "EnoughOf"]


@dataclass(frozen=True)
class Enough(AboutPeople):
    """A rule by which a person's number must reach a bar.

    Parameters
    ----------
    column
        A number field.
    of, missing, purpose
        As for every rule about people.
    """

    kinds: ClassVar[tuple[str, ...]] = ("number",)

    @property
    def bar(self) -> float:
        """The least number that is enough."""
        raise NotImplementedError

    def good(self, values: NDArray[Any]) -> Bools:
        """Which known values keep the rule."""
        return np.asarray(values >= self.bar)

    def is_good(self, value: Any) -> bool:
        """Whether one known value keeps the rule, in plain Python."""
        return not value < self.bar


@dataclass(frozen=True)
class EnoughOf(Enough):
    """A rule by which a named number of a person, usually of the mentor, must reach a bar.

    Parameters
    ----------
    at_least
        The least number that is enough.
    of, missing, purpose
        As for every rule about people.
    """

    usually_of: ClassVar[str] = "mentors"

    at_least: float = 0.0
    of: Of = field(default="mentors", kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "at_least", checks.number("at_least", self.at_least))

    @property
    def bar(self) -> float:
        """The least number that is enough."""
        return self.at_least
