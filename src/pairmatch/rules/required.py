"""Named pairs that must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding, shown
from pairmatch.parameters import Checks, pair_list, set_field

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles
    from pairmatch.problem import Loads

__all__ = ["Required"]


@dataclass(frozen=True)
class Required:
    """Puts the pairs named into every matching. They must pass the policy's other rules too.

    Parameters
    ----------
    pairs
        Pairs of ids, the mentor's first, or a frame with the columns ``mentor`` and ``mentee``.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Required([("m3", "e17")]).description
    'every pair on the list of required pairs is made'
    """

    name: ClassVar[str] = "required"

    pairs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "pairs", pair_list(checks, "pairs", self.pairs))
        checks.done()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "every pair on the list of required pairs is made"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """People of required pairs who are not in the cohort, or do not take part."""
        mentors = sorted({mentor for mentor, _ in self.pairs})
        mentees = sorted({mentee for _, mentee in self.pairs})
        return [*_absent(cohort.mentors, mentors), *_absent(cohort.mentees, mentees)]

    def bound(self, loads: Loads, cohort: Cohort) -> Loads:
        """The loads with the required pairs, those of unknown people left out."""
        mentors, mentees = _rows(cohort.mentors), _rows(cohort.mentees)
        pairs = [(mentors[m], mentees[e]) for m, e in self.pairs if m in mentors and e in mentees]
        added = np.array(pairs, np.int64).reshape(-1, 2)
        return replace(loads, required=np.concatenate([loads.required, added]))

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """Required pairs that a matching does not have."""
        made = set(pairs)
        absent = [pair for pair in self.pairs if pair not in made]
        return [
            Finding("required_pair_absent", _not_made(mentee), side="mentors", id=mentor)
            for mentor, mentee in absent
        ]


def _not_made(mentee: str) -> str:
    return f"the required pair with mentee {shown(mentee)} was not made"


def _rows(profiles: Profiles) -> dict[str, int]:
    return {identifier: row for row, identifier in enumerate(profiles.ids)}


def _absent(profiles: Profiles, ids: Sequence[str]) -> list[Finding]:
    rows, active = _rows(profiles), profiles.active
    unknown = f"'required' names people who are not among the {profiles.side}; correct or drop the pairs."
    resting = "'required' names people who are not active; make them active or drop the pairs."
    return [
        *(Finding("unknown_person", unknown, side=profiles.side, id=i) for i in ids if i not in rows),
        *(
            Finding("inactive_person", resting, side=profiles.side, id=i)
            for i in ids
            if i in rows and not active[rows[i]]
        ),
    ]
