"""The mentor has what the mentee names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.comparing import LISTS, entries, in_words
from pairmatch.errors import Finding
from pairmatch.forms import Form
from pairmatch.goals.forming import dense, instead_of, on_both_sides, slack, stacked
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_fields, mixed_meaning, wrong_kinds

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["Overlap"]


@dataclass(frozen=True)
class Overlap(Weighted):
    """Scores the share of the mentee's entries that the mentor has too.

    Parameters
    ----------
    mentors, mentees
        List fields: the mentor's and the mentee's.
    when
        A yes/no field of the mentees: only those whose field says yes are judged; for the others, and
        where it is blank, the goal lacks data (law §12).
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Overlap("interests", "interests", weight=0.2).label
    'overlap(interests)'
    """

    name: ClassVar[str] = "overlap"

    mentors: str
    mentees: str
    when: str | None = field(default=None, kw_only=True)

    def _check(self, checks: Checks) -> None:
        checks.text("mentors", self.mentors)
        checks.text("mentees", self.mentees)
        checks.optional_text("when", self.when)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        fields = self.mentors if self.mentors == self.mentees else f"{self.mentors}, {self.mentees}"
        return f"{self.name}({fields})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        asked = f", judged where '{self.when}' says yes" if self.when else ""
        return f"the mentor has in '{self.mentors}' what the mentee names in '{self.mentees}'{asked}"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return tuple(dict.fromkeys(name for name in (self.mentors, self.mentees, self.when) if name))

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        mentees = [self.mentees] + ([self.when] if self.when else [])
        asked = [("mentees", self.when)] if self.when else []
        return [
            *absent_fields(cohort, self.label, [self.mentors], mentees),
            *wrong_kinds(cohort, self.label, [("mentors", self.mentors), ("mentees", self.mentees)], LISTS),
            *mixed_meaning(cohort, self.label, self.mentors, self.mentees),
            *wrong_kinds(cohort, self.label, asked, ("bool",)),
        ]

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        judged = block.has(self.mentors, "mentors") & block.has(self.mentees, "mentees")
        if self.when:
            judged = judged & (block.flags(self.when, "mentees") == 1)
        named = block.of_mentees(self._named(block.cohort))
        shares = block.shared(self.mentors, self.mentees) / np.maximum(named, 1.0)
        return np.where(judged, shares, np.nan)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form:
        """The goal as features (see :mod:`pairmatch.forms`)."""
        index = cohort.term_index(self.mentors, self.mentees)
        known = cohort.present("mentors", self.mentors), cohort.present("mentees", self.mentees)
        if self.when:
            known = known[0], known[1] & (cohort.mentees.flag(self.when) == 1)
        terms = on_both_sides(index.mentors, index.mentees)
        parts = np.rint(share_scale / np.maximum(self._named(cohort), 1.0)) * known[1]
        ours, theirs = dense(index.mentors, terms, np.float32), dense(index.mentees, terms, np.float32)
        shared = min(float(side.sum(axis=1).max(initial=0.0)) for side in (ours, theirs))
        theirs *= parts.astype(np.float32)[:, None]
        left, right = stacked([(ours, theirs), instead_of(*known, instead)])
        return Form(left, right, shared / 2 + slack(share_scale, most))

    def _named(self, cohort: Cohort) -> Floats:
        """How many entries each mentee names."""
        terms = cohort.term_index(self.mentors, self.mentees).mentees
        return cohort.cached((self.name, *self.fields), lambda: np.asarray(terms.sum(axis=1), np.float64))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        offered = {term.key for term in mentor[self.mentors]}
        named = {term.key for term in mentee[self.mentees]}
        if not offered or not named or (self.when and mentee[self.when] is not True):
            return None
        return len(offered & named) / len(named)

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """How many of the mentee's entries the mentor has, and which."""
        offered = entries(mentor, self.mentors)
        had = tuple(term for term in mentee[self.mentees] if term.key in offered)
        named = len(entries(mentee, self.mentees))
        return f"{len(had)} of {named}: {in_words(had)}" if had else f"none of {named}"
