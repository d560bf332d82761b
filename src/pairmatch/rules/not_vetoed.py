"""Neither of the two said no to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pairmatch.errors import Finding
from pairmatch.forms import Few
from pairmatch.parameters import absent_table, swapped_pairs
from pairmatch.rules.few import named
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["NotVetoed"]


@dataclass(frozen=True)
class NotVetoed:
    """Forbids the pairs of the cohort's table of vetoes, in whichever roles.

    An empty table means that nobody vetoed anybody. A cohort without the table does not fit a policy with
    this rule; nor does one whose table has the roles swapped, because such a veto would be lost.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.NotVetoed().description
    'neither has vetoed the other'
    """

    name: ClassVar[str] = "not_vetoed"
    tables: ClassVar[tuple[str, ...]] = ("vetoes",)

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "neither has vetoed the other"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        if cohort.vetoes is not None:
            return swapped_pairs(cohort, self.name, dict.fromkeys(cohort.vetoes))
        return absent_table(self.name, "vetoes", "vetoes", "'mentor' and 'mentee'")

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        return ~block.barred(self._pairs(block.cohort))

    def few(self, cohort: Cohort) -> Few:
        """All that the rule forbids."""
        return named(cohort, self._pairs(cohort))

    def _pairs(self, cohort: Cohort) -> csr_array[Any]:
        return cohort.cached((self.name,), lambda: cohort.pairs_matrix(_both_ways(cohort)))

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        cohort = mentor.cohort
        vetoes = cohort.cached((self.name, "ids"), lambda: frozenset(cohort.vetoes or ()))
        return (mentor.id, mentee.id) not in vetoes and (mentee.id, mentor.id) not in vetoes


def _both_ways(cohort: Cohort) -> list[tuple[str, str]]:
    """The vetoes, and the same with the roles turned: two who stand in both tables meet in neither role."""
    vetoes = cohort.vetoes or ()
    return [*vetoes, *((mentee, mentor) for mentor, mentee in vetoes)]
