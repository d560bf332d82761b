"""The mentor offers everything that the mentee cannot do without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.comparing import entries, in_words
from pairmatch.errors import Finding
from pairmatch.forms import Whole
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
        asked = block.of_mentees(np.diff(index.mentee_must.indptr))
        if not asked.any():
            return np.ones((1, 1), np.bool_)
        return np.asarray(block.product(index.mentors, index.mentee_must) == asked)

    def short(self, cohort: Cohort) -> tuple[Whole, Whole]:
        """Two matrices whose product counts the musts that a mentor does not offer; 0 where allowed."""
        index = cohort.term_index(*self.fields)
        asked = np.flatnonzero(np.diff(index.mentee_must.tocsc().indptr))
        lacked = 1.0 - np.minimum(index.mentors[:, asked].toarray(), 1.0)
        return lacked.astype(np.float32), index.mentee_must[:, asked].toarray().astype(np.float32)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        offered = {term.key for term in mentor["topics_offered"]}
        return all(term.key in offered for term in mentee["topics_wanted"] if term.must)

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """The musts that the mentor does not offer."""
        offered = entries(mentor, "topics_offered")
        wanting = [term for term in mentee["topics_wanted"] if term.must and term.key not in offered]
        return f"not offered: {in_words(tuple(wanting))}"
