"""Mentor and mentee differ in a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pairmatch.comparing import alike, alike_pair, alike_words
from pairmatch.forms import Few
from pairmatch.rules.few import alike_pairs, named
from pairmatch.rules.on_column import OnColumn
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["Different"]


@dataclass(frozen=True)
class Different(OnColumn):
    """Forbids pairs who have the same value in a field, or any entry of a list field in common.

    Text is compared after normalisation: case, spaces and accents make no difference.

    Parameters
    ----------
    column
        The field, canonical or declared.
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's field is blank.
    purpose
        Why the rule may use the field; needed where the field is sensitive or special.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.Different("organisation").label
    'different(organisation)'
    """

    name: ClassVar[str] = "different"

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"mentor and mentee have nothing in common in '{self.column}'"

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        same, judged = alike(block, self.column)
        return ~same & judged if self.missing == "forbid" else ~same

    def few(self, cohort: Cohort) -> Few | None:
        """All that the rule forbids; None where many share a value."""
        pairs = alike_pairs(cohort, self.column)
        if pairs is None or self.missing == "allow":
            return None if pairs is None else named(cohort, pairs)
        return Few(*self.lacking(cohort), pairs)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        same = alike_pair(mentor, mentee, self.column)
        return self.missing == "allow" if same is None else not same

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """What the two have in common, or what each has; empty where a field is blank."""
        return alike_words(mentor, mentee, self.column)
