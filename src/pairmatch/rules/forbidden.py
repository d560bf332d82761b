"""Named pairs that must not be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pairmatch.errors import Finding
from pairmatch.forms import Few
from pairmatch.parameters import Checks, pair_list, set_field, swapped_pairs
from pairmatch.rules.few import named
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["Forbidden"]


@dataclass(frozen=True)
class Forbidden:
    """Forbids the pairs named.

    Ids that are not in the cohort are passed over, so that a list can outlive the people on it; a pair
    with the roles swapped is refused.

    Parameters
    ----------
    pairs
        Pairs of ids, the mentor's first, or a frame with the columns ``mentor`` and ``mentee``.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Forbidden([("m3", "e17"), ("m3", "e17")]).pairs
    (('m3', 'e17'),)
    """

    name: ClassVar[str] = "forbidden"

    pairs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "pairs", pair_list(checks, "pairs", self.pairs))
        checks.done()

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "the pair is not on the list of forbidden pairs"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """Pairs that name a mentee first and a mentor second."""
        return swapped_pairs(cohort, self.name, self.pairs)

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        return ~block.barred(self._matrix(block.cohort))

    def few(self, cohort: Cohort) -> Few:
        """All that the rule forbids."""
        return named(cohort, self._matrix(cohort))

    def _matrix(self, cohort: Cohort) -> csr_array[Any]:
        return cohort.cached((self.name, self.pairs), lambda: cohort.pairs_matrix(list(self.pairs)))

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        return (mentor.id, mentee.id) not in self._set

    @cached_property
    def _set(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.pairs)
