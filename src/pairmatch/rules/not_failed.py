"""The two have not been a pair that did not work out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pairmatch.forms import Few
from pairmatch.parameters import Checks, pair_list, set_field
from pairmatch.rules.few import named
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["NotFailed"]


@dataclass(frozen=True)
class NotFailed:
    """Forbids pairs that have failed, in whichever roles. Why a pair failed is not told, and not known here.

    :func:`pairmatch.rematch` adds the rule to a matching's policy, and each re-match the pairs that failed
    since. Ids that are not in the cohort are passed over, so that a list can outlive the people on it.

    Parameters
    ----------
    pairs
        Pairs of ids, the mentor's first, or a frame with the columns ``mentor`` and ``mentee``.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.NotFailed([("m3", "e17")]).description
    'the two have not been a pair that did not work out'
    """

    name: ClassVar[str] = "not_failed"

    pairs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "pairs", pair_list(checks, "pairs", self.pairs))
        checks.done()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "the two have not been a pair that did not work out"

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        return ~block.barred(self._matrix(block.cohort))

    def few(self, cohort: Cohort) -> Few:
        """All that the rule forbids."""
        return named(cohort, self._matrix(cohort))

    def _matrix(self, cohort: Cohort) -> csr_array[Any]:
        return cohort.cached((self.name, self.pairs), lambda: cohort.pairs_matrix(self._both_ways))

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        return (mentor.id, mentee.id) not in self._set and (mentee.id, mentor.id) not in self._set

    @cached_property
    def _both_ways(self) -> list[tuple[str, str]]:
        return [*self.pairs, *((mentee, mentor) for mentor, mentee in self.pairs)]

    @cached_property
    def _set(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.pairs)
