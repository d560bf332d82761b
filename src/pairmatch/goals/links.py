"""Pairs are spread over the links between one value and another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding
from pairmatch.goals.priced import BOTH, Priced, active_keys, crowded, id_pairs, lacks
from pairmatch.grouping import TO, Key, grouping
from pairmatch.groups import Cross, Group
from pairmatch.parameters import Checks

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.groups import Places

__all__ = ["Links"]


@dataclass(frozen=True)
class Links(Priced):
    """Spreads the pairs over links, as those from the mentors' departments to the mentees'.

    No link should have more pairs than its even part: the most pairs that there can be, divided by the
    number of links between different values that somebody could make, rounded up. Pairs within one value
    are a link too, with the same limit. A blank cell is a value of its own.

    Parameters
    ----------
    column
        A field of both sides. A pair of people with several entries in a list field is on several links.
    price, purpose
        As for every cohort goal: :class:`~pairmatch.goals.priced.Priced`; one short is a pair too many.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Links("department", price=0.1).label
    'links(department)'
    """

    name: ClassVar[str] = "links"

    column: str

    def _check(self, checks: Checks) -> None:
        checks.text("column", self.column)

    @property
    def label(self) -> str:
        """The goal's key in tables."""
        return f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"the pairs are spread over the links from one '{self.column}' to another"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """Columns that are absent or have too many values."""
        return lacks(cohort, self.label, BOTH, self.fields) or crowded(cohort, self.label, BOTH, self.fields)

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """A group for each link that could have more pairs than its part."""
        ours, theirs = (grouping(cohort, side, self.fields) for side in BOTH)
        limit = _limit(set(ours.keys), set(theirs.keys), places)
        return [
            Group(
                self.label,
                f"pairs with {self.column} = {ours.told(one)}{TO}{theirs.told(other)}",
                pairs=Cross(
                    ours.kind, theirs.kind, np.outer(ours.of(one), theirs.of(other)).astype(np.int64)
                ),
                limit=limit,
            )
            for one, other in product(ours.keys, theirs.keys)
            if ours.count(one) * theirs.count(other) > limit
        ]

    def shortfall(self, pairs: pd.DataFrame, cohort: Cohort, places: Places) -> int:
        """Pairs beyond the parts of their links, in plain Python."""
        ours, theirs = (active_keys(cohort, side, self.fields) for side in BOTH)
        limit = _limit(_all(ours), _all(theirs), places)
        there: Counter[tuple[Key, Key]] = Counter()
        for mentor, mentee in id_pairs(pairs):
            there.update(product(ours.get(mentor, ()), theirs.get(mentee, ())))
        return sum(max(0, count - limit) for count in there.values())


def _all(keys: Mapping[str, list[Key]]) -> set[Key]:
    return {key for own in keys.values() for key in own}


def _limit(ours: set[Key], theirs: set[Key], places: Places) -> int:
    """The even part of a link, rounded up."""
    links = sum(one != other for one, other in product(ours, theirs))
    return -(-places.pairs // max(1, links))
