"""A share of the pairs bring different people together."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import Finding
from pairmatch.goals.priced import BOTH, Priced, active_keys, crowded, id_pairs, lacks
from pairmatch.goals.seats import exact_share
from pairmatch.grouping import Grouping, Key, grouping, in_order
from pairmatch.groups import Cross, Group
from pairmatch.parameters import Checks, set_field

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.groups import Places

__all__ = ["DifferentPairs"]


@dataclass(frozen=True)
class DifferentPairs(Priced):
    """At least a share of the pairs have different values in a field; which pairs, is left open.

    For each pair alone there is :class:`~pairmatch.rules.Different`. A pair of whom one left the cell blank
    does not count as different.

    Parameters
    ----------
    column
        A field of both sides; two lists are different that have no entry in common.
    share
        The share, from 0 to 1, of the most pairs that there can be, rounded up.
    price, purpose
        As for every cohort goal: :class:`~pairmatch.goals.priced.Priced`; one short is a pair too few.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.DifferentPairs("gender", share=0.5, purpose="reach across").description
    "at least 50 % of the pairs have different values in 'gender'"
    """

    name: ClassVar[str] = "different_pairs"

    column: str
    share: float = field(default=0.5, kw_only=True)

    def _check(self, checks: Checks) -> None:
        checks.text("column", self.column)
        set_field(self, "share", checks.share("share", self.share))

    @property
    def label(self) -> str:
        """The goal's key in tables."""
        return f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"at least {100 * self.share:.10g} % of the pairs have different values in '{self.column}'"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """Columns that are absent or have too many values."""
        absent = lacks(cohort, self.label, BOTH, self.fields)
        return absent or crowded(cohort, self.label, BOTH, self.fields, groups=1)

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """One group: the pairs with known and different values."""
        ours, theirs = (grouping(cohort, side, self.fields) for side in BOTH)
        keys = [key for key in in_order({*ours.keys, *theirs.keys}) if key != (None,)]
        left, right = _entries(ours, keys), _entries(theirs, keys)
        common = left.astype(np.float32) @ right.astype(np.float32).T
        known = np.outer(left.any(axis=1), right.any(axis=1))
        table = ((common == 0) & known).astype(np.int64)
        name = f"pairs with different {self.column}"
        return [
            Group(self.label, name, pairs=Cross(ours.kind, theirs.kind, table), target=self._target(places))
        ]

    def shortfall(self, pairs: pd.DataFrame, cohort: Cohort, places: Places) -> int:
        """Pairs by which those with different values fall short, in plain Python."""
        ours, theirs = (active_keys(cohort, side, self.fields) for side in BOTH)
        blank = (None,)
        different = 0
        for mentor, mentee in id_pairs(pairs):
            one, other = ours.get(mentor, [blank]), theirs.get(mentee, [blank])
            different += blank not in one and blank not in other and set(one).isdisjoint(other)
        return max(0, self._target(places) - different)

    def _target(self, places: Places) -> int:
        return ceil(exact_share(self.share) * places.pairs)


def _entries(people: Grouping, keys: list[Key]) -> NDArray[np.bool_]:
    """Which kinds of people have which keys."""
    places = {key: place for place, key in enumerate(keys)}
    has = np.zeros((len(people.kinds), len(keys)), np.bool_)
    for row, kind in enumerate(people.kinds):
        has[row, [places[key] for key in kind if key in places]] = True
    return has
