"""The pairs are spread evenly over the people of one side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from pairmatch.goals.priced import Priced
from pairmatch.groups import Even
from pairmatch.parameters import Checks

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.groups import Places

__all__ = ["EvenLoad"]


@dataclass(frozen=True)
class EvenLoad(Priced):
    """Nobody should carry more than an even load: the most pairs divided by the persons, rounded up.

    Parameters
    ----------
    of
        ``"mentors"`` or ``"mentees"``: whose loads.
    price
        As for every cohort goal: :class:`~pairmatch.goals.priced.Priced`; one short is a pair too many.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.EvenLoad(price=0.05).description
    'no mentor carries more than an even load'
    """

    name: ClassVar[str] = "even_load"

    of: Literal["mentors", "mentees"] = field(default="mentors", kw_only=True)

    def _check(self, checks: Checks) -> None:
        checks.choice("of", self.of, ("mentors", "mentees"))

    @property
    def label(self) -> str:
        """The goal's key in tables."""
        return f"{self.name}({self.of})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"no {self.of.removesuffix('s')} carries more than an even load"

    def evens(self, cohort: Cohort, places: Places) -> list[Even]:
        """The even load of each person of the side."""
        load = np.full(len(cohort.side(self.of)), self._load(places), np.int64)
        return [Even(self.label, self.of, load, 0)]

    def shortfall(self, pairs: pd.DataFrame, cohort: Cohort, places: Places) -> int:
        """Pairs beyond the even loads, in plain Python."""
        loads = Counter(pairs[self.of.removesuffix("s")].tolist())
        return sum(max(0, load - self._load(places)) for load in loads.values())

    def _load(self, places: Places) -> int:
        persons = places.mentors if self.of == "mentors" else places.mentees
        return max(1, -(-places.pairs // max(1, persons)))
