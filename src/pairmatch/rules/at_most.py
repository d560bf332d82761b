"""At most so many of a group have a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pairmatch.errors import Finding
from pairmatch.rules.quota import Quota

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["AtMost"]


@dataclass(frozen=True)
class AtMost(Quota):
    """At most ``n`` of those whose columns fit have a pair.

    Parameters
    ----------
    n
        Most persons with a pair, at least 0.
    where, of, purpose
        As for :class:`~pairmatch.rules.AtLeast`.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.AtMost(1, where={"team": "Board office", "level": 7}).description
    'at most 1 mentor with level = 7, team = Board office has a pair'
    """

    name: ClassVar[str] = "at_most"
    word: ClassVar[str] = "at most"
    least_n: ClassVar[int] = 0

    def milder(self) -> tuple[AtMost, ...]:
        """The rule with room for one more."""
        return (replace(self, n=self.n + 1),)

    def _bounds(self) -> dict[str, Any]:
        return {"most": self.n}

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """The count, where too many have a pair."""
        reached = self._reached(pairs, cohort)
        if reached <= self.n:
            return []
        hint = f"the rule '{self.label}' allows {self.n} at most, {self._told(reached, 'more', cohort)}"
        return [Finding("too_many", hint, side=self.of)]
