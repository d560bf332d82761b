"""The two were not a pair in an earlier round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pairmatch.errors import Finding
from pairmatch.forms import Few
from pairmatch.parameters import absent_table
from pairmatch.rules.few import named
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["NotPairedBefore"]


@dataclass(frozen=True)
class NotPairedBefore:
    """Forbids pairs that stand in the cohort's history, in the same roles.

    An empty history means that nobody was paired before. A cohort without a history table does not
    fit a policy with this rule.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.NotPairedBefore().description
    'mentor and mentee were not a pair before'
    """

    name: ClassVar[str] = "not_paired_before"
    tables: ClassVar[tuple[str, ...]] = ("history",)

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "mentor and mentee were not a pair before"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        if cohort.history is not None:
            return []
        return absent_table(self.name, "history", "earlier pairs", "'mentor' and 'mentee'")

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        return ~block.barred(self._pairs(block.cohort))

    def few(self, cohort: Cohort) -> Few:
        """All that the rule forbids."""
        return named(cohort, self._pairs(cohort))

    def _pairs(self, cohort: Cohort) -> csr_array[Any]:
        return cohort.cached((self.name,), lambda: cohort.pairs_matrix(list(cohort.history or ())))

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        cohort = mentor.cohort
        history = cohort.cached((self.name, "ids"), lambda: frozenset(cohort.history or ()))
        return (mentor.id, mentee.id) not in history
