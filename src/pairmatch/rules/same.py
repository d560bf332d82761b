"""Mentor and mentee share a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pairmatch.comparing import alike, alike_pair, alike_words
from pairmatch.rules.on_column import OnColumn
from pairmatch.rules.protocol import Bools

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Person

__all__ = ["Same"]


@dataclass(frozen=True)
class Same(OnColumn):
    """Allows only pairs who have the same value in a field, or an entry of a list field in common.

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
    >>> rules.Same("languages", missing="allow").label
    'same(languages)'
    """

    name: ClassVar[str] = "same"

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return f"mentor and mentee have something in common in '{self.column}'"

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        same, judged = alike(block, self.column)
        return same if self.missing == "forbid" else same | ~judged

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        same = alike_pair(mentor, mentee, self.column)
        return self.missing == "allow" if same is None else same

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """What the two have in common, or what each has; empty where a field is blank."""
        return alike_words(mentor, mentee, self.column)
