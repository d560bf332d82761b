"""The mentor offers what the mentee wants to learn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairmatch.comparing import LISTS
from pairmatch.errors import Finding
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_fields, set_field, wrong_kinds

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["TopicCoverage"]

MOST = 1000
"""Full proficiency, in thousandths."""


@dataclass(frozen=True)
class TopicCoverage(Weighted):
    """Scores the share of the mentee's wishes that the mentor covers, by priority and proficiency.

    A topic counts by the mentee's priority times the mentor's proficiency (1 at most), divided by the sum of
    the mentee's priorities. A mentor who offers more than ``focus`` topics that the mentee does not want is
    taken at ``focus`` divided by their number, so that ticking every box does not win (law §4).

    Parameters
    ----------
    focus
        Unwanted topics that a mentor may offer before their score falls; from 1 to 1000.
    mentors, mentees
        Topics or list fields: offered and wanted.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.TopicCoverage(weight=0.3).fields
    ('topics_offered', 'topics_wanted')
    """

    name: ClassVar[str] = "topic_coverage"

    focus: int = field(default=10, kw_only=True)
    mentors: str = field(default="topics_offered", kw_only=True)
    mentees: str = field(default="topics_wanted", kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "focus", checks.whole("focus", self.focus, least=1, most=1000))
        checks.text("mentors", self.mentors)
        checks.text("mentees", self.mentees)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        usual = self.fields == ("topics_offered", "topics_wanted")
        return self.name if usual else f"{self.name}({self.mentors}, {self.mentees})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "the mentor offers what the mentee wants to learn"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.mentors, self.mentees)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return [
            *absent_fields(cohort, self.label, [self.mentors], [self.mentees]),
            *wrong_kinds(cohort, self.label, [("mentors", self.mentors), ("mentees", self.mentees)], LISTS),
        ]

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        index = block.cohort.term_index(self.mentors, self.mentees)
        offered: Floats = index.mentors[block.mentor_positions].sum(axis=1)[:, None]
        wishes: Floats = index.mentee_weights[block.mentee_positions].sum(axis=1)[None, :] * 1000.0
        able = block.cohort.cached((self.name, *self.fields), lambda: _capped(index.mentor_weights))
        right = index.mentee_weights[block.mentee_positions].T
        covered: Floats = (able[block.mentor_positions] @ right).toarray()
        unwanted = offered - block.shared(self.mentors, self.mentees)
        # Whole numbers up to the division: it is the only step that rounds.
        parts = np.maximum(wishes, 1.0) * np.maximum(float(self.focus), unwanted)
        return np.where((offered > 0) & (wishes > 0), covered * float(self.focus) / parts, np.nan)

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        offered = {term.key: min(term.weight, MOST) for term in mentor[self.mentors]}
        wanted = {term.key: term.weight for term in mentee[self.mentees]}
        if not offered or not sum(wanted.values()):
            return None
        covered = sum(priority * offered.get(topic, 0) for topic, priority in wanted.items())
        unwanted = sum(1 for topic in offered if topic not in wanted)
        score: float = covered * self.focus / (sum(wanted.values()) * 1000 * max(self.focus, unwanted))
        return score


def _capped(weights: csr_array[Any]) -> csr_array[Any]:
    """The mentors' proficiencies, none above 1: another field's weights may be priorities."""
    able = weights.copy()
    able.data = np.minimum(able.data, float(MOST))
    return able
