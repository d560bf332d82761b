"""The mentor offers everything that the mentee cannot do without."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding
from pairmatch.parameters import Checks, absent_fields
from pairmatch.rules.protocol import MISSING, Bools, Missing

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["CoversMustTopics"]


@dataclass(frozen=True)
class CoversMustTopics:
    """Allows only mentors who offer every topic that the mentee marked as a must, as in ``python!``.

    A topic is offered under any of its names that the cohort's thesaurus knows; a near one does not do. A
    mentee without a must, or without wishes, asks for nothing.

    Parameters
    ----------
    missing
        ``"forbid"`` or ``"allow"`` a pair where the mentor's ``topics_offered`` is blank.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.CoversMustTopics().description
    'the mentor offers every topic that the mentee must learn'
    """

    name: ClassVar[str] = "covers_must_topics"
    fields: ClassVar[tuple[str, ...]] = ("topics_offered", "topics_wanted")

    missing: Missing = field(default="forbid", kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        checks.choice("missing", self.missing, MISSING)
        checks.done()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "the mentor offers every topic that the mentee must learn"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        return absent_fields(cohort, self.name, ["topics_offered"], ["topics_wanted"])

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors who say of no topic that they offer it; no mentee, as who wants nothing lacks nothing."""
        return ~cohort.present("mentors", "topics_offered"), np.zeros(len(cohort.mentees), np.bool_)

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        index = block.cohort.term_index(*self.fields)
        musts = index.mentee_must[block.mentee_positions]
        asked = np.diff(musts.indptr)
        offers = block.has("topics_offered", "mentors")
        asking = np.flatnonzero(asked)
        if not len(asking):
            return offers | (self.missing == "allow")
        allowed = np.ones(block.shape, np.bool_)
        covered = (index.mentors[block.mentor_positions] @ musts[asking].T).toarray()
        allowed[:, asking] = covered == asked[asking]
        return allowed & offers if self.missing == "forbid" else allowed | ~offers

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        offered = {term.key for term in mentor["topics_offered"]}
        if not offered:
            return self.missing == "allow"
        return all(term.key in offered for term in mentee["topics_wanted"] if term.must)
