"""Mentor and mentee share entries of a list, and rare ones above all."""

from __future__ import annotations

import copy
import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairmatch.comparing import LISTS
from pairmatch.errors import Finding
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_fields, set_field, wrong_kinds

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["SharedTerms"]

PARTS = 1024
"""Rarities are whole numbers of parts of 1/1024 bit."""


@dataclass(frozen=True)
class SharedTerms(Weighted):
    """Scores shared entries of a list field: rare ones count more, and the first one most (law §4).

    An entry that ``d`` of ``N`` active people have weighs ``log2(1 + N / d)``. The weights of the shared
    entries are added up and divided by those of all entries of whoever of the two has the weightier list,
    so that ticking every box does not win; the score is the square root of that.

    Parameters
    ----------
    column
        A list or topics field.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Notes
    -----
    How rare an entry is, is learnt once: see :meth:`fit` and :meth:`bind`. A goal that is not bound learns
    from the cohort that it scores.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.SharedTerms("interests", weight=0.1).label
    'shared_terms(interests)'
    """

    name: ClassVar[str] = "shared_terms"

    column: str
    fitted: Mapping[str, Any] | None = field(default=None, init=False, repr=False, compare=False)
    stamp: str = field(default="", init=False, repr=False, compare=False)

    def _check(self, checks: Checks) -> None:
        checks.text("column", self.column)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"mentor and mentee share entries of '{self.column}', rare ones above all"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return [
            *absent_fields(cohort, self.label, [self.column], [self.column]),
            *wrong_kinds(cohort, self.label, [("mentors", self.column), ("mentees", self.column)], LISTS),
        ]

    def fit(self, cohort: Cohort) -> dict[str, Any]:
        """How rare each entry is among the active people, as plain data.

        Entries are told by a hash, so that no entry is written. One that nobody had counts as one that
        one person has.
        """
        owned = _owned(cohort, self.column)
        counts = Counter(key for keys in owned.values() for key in keys)
        people = sum(1 for keys in owned.values() if keys)
        rarity = {_hashed(key): _rarity(people, having) for key, having in counts.items()}
        return {"rarity": dict(sorted(rarity.items())), "unknown": _rarity(max(1, people), 1)}

    def bind(self, fitted: Mapping[str, Any]) -> SharedTerms:
        """The goal with what was learnt, frozen."""
        bound = copy.copy(self)
        plain = {"rarity": dict(fitted["rarity"]), "unknown": int(fitted["unknown"])}
        set_field(bound, "fitted", plain)
        set_field(bound, "stamp", blake2b(json.dumps(plain, sort_keys=True).encode()).hexdigest())
        return bound

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        index = block.cohort.term_index(self.column, self.column)
        rarity = block.cohort.cached(
            (self.name, "rarity", self.column, self.stamp),
            lambda: self._rarities(block.cohort, index.vocabulary),
        )
        ours: Floats = np.asarray(index.mentors[block.mentor_positions] @ rarity)[:, None]
        theirs: Floats = np.asarray(index.mentees[block.mentee_positions] @ rarity)[None, :]
        shared = block.shared(self.column, self.column, weights=rarity)
        # Whole numbers up to here: only the division and the root round.
        scores = np.sqrt(shared / np.maximum(np.maximum(ours, theirs), 1.0))
        return np.where((ours > 0) & (theirs > 0), scores, np.nan)

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        ours = {term.key for term in mentor[self.column]}
        theirs = {term.key for term in mentee[self.column]}
        if not ours or not theirs:
            return None
        fitted = self._learnt(mentor.cohort)
        weighed = {key: fitted["rarity"].get(_hashed(key), fitted["unknown"]) for key in ours | theirs}
        whole = max(sum(weighed[key] for key in ours), sum(weighed[key] for key in theirs))
        return math.sqrt(sum(weighed[key] for key in ours & theirs) / whole)

    def _learnt(self, cohort: Cohort) -> Mapping[str, Any]:
        """What was learnt: of the fit's cohort, else of this one."""
        if self.fitted is not None:
            return self.fitted
        return cohort.cached((self.name, "fit", self.column), lambda: self.fit(cohort))

    def _rarities(self, cohort: Cohort, vocabulary: tuple[str, ...]) -> Floats:
        fitted = self._learnt(cohort)
        rarity, unknown = fitted["rarity"], fitted["unknown"]
        return np.array([rarity.get(_hashed(key), unknown) for key in vocabulary], np.float64)


def _owned(cohort: Cohort, column: str) -> dict[str, set[str]]:
    """The entries of each active person by id; who stands in both tables is one person."""
    owned: dict[str, set[str]] = {}
    for profiles in (cohort.mentors, cohort.mentees):
        for row, terms in enumerate(profiles.terms(column)):
            if profiles.active[row]:
                owned.setdefault(profiles.ids[row], set()).update(term.key for term in terms)
    return owned


def _rarity(people: int, having: int) -> int:
    return round(PARTS * math.log2(1 + people / having))


def _hashed(key: str) -> str:
    return blake2b(key.encode(), digest_size=8).hexdigest()
