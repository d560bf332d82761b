"""The mentor offers everything that the mentee cannot do without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding
from pairmatch.parameters import absent_fields
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["CoversMustTopics"]


@dataclass(frozen=True)
class CoversMustTopics:
    """Allows only mentors who offer every topic that the mentee marked as a must, as in ``python!``.

    A topic is offered under any of its names that the cohort's thesaurus knows; a near one does not do. A
    mentee without a must, or without wishes, asks for nothing and may have any mentor; a mentor whose
    ``topics_offered`` is blank offers nothing.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.CoversMustTopics().description
    'the mentor offers every topic that the mentee must learn'
    """

    name: ClassVar[str] = "covers_must_topics"
    fields: ClassVar[tuple[str, ...]] = ("topics_offered", "topics_wanted")

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "the mentor offers every topic that the mentee must learn"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        return absent_fields(cohort, self.name, ["topics_offered"], ["topics_wanted"])

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Nobody: a blank cell says that a person offers nothing, or must learn nothing."""
        return np.zeros(len(cohort.mentors), np.bool_), np.zeros(len(cohort.mentees), np.bool_)

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed; a single yes where nobody must learn anything."""
        index = block.cohort.term_index(*self.fields)
        musts = index.mentee_must[block.mentee_positions]
        asked = np.diff(musts.indptr)
        asking = np.flatnonzero(asked)
        if not len(asking):
            return np.ones((1, 1), np.bool_)
        allowed = np.ones(block.shape, np.bool_)
        covered = (index.mentors[block.mentor_positions] @ musts[asking].T).toarray()
        allowed[:, asking] = covered == asked[asking]
        return allowed

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        offered = {term.key for term in mentor["topics_offered"]}
        return all(term.key in offered for term in mentee["topics_wanted"] if term.must)
