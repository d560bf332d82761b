"""What rules have in common by which a person's number must reach a bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.rules.about_people import AboutPeople
from pairmatch.rules.protocol import Bools

__all__ = ["Enough"]


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
