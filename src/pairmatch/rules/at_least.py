"""At least so many of a group have a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pairmatch.errors import Finding
from pairmatch.rules.quota import Quota

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["AtLeast"]


@dataclass(frozen=True)
class AtLeast(Quota):
    """At least ``n`` of those whose columns fit have a pair. Hard: :class:`~pairmatch.goals.Spread` is soft.

    Parameters
    ----------
    n
        Fewest persons with a pair, at least 1.
    where
        Who is counted: column to value, or to a list of values of which one is enough; all columns must
        fit. Of several entries in a list field one is enough. ``"unknown"`` is a blank cell, or
        one that says so.
    of
        ``"mentors"`` or ``"mentees"``.
    purpose
        Why the rule may use its fields; needed where one is sensitive or special.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.AtLeast(3, where={"region": ["North", "East"]}, of="mentees").description
    'at least 3 mentees with region = East or North have a pair'
    """

    name: ClassVar[str] = "at_least"
    word: ClassVar[str] = "at least"
    least_n: ClassVar[int] = 1

    def milder(self) -> tuple[AtLeast, ...]:
        """The rule with one fewer, where that still asks for any."""
        return (replace(self, n=self.n - 1),) if self.n > 1 else ()

    def _bounds(self) -> dict[str, Any]:
        return {"least": self.n}

    def broken(self, pairs: Sequence[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """The count, where too few have a pair."""
        reached = self._reached(pairs, cohort)
        if reached >= self.n:
            return []
        hint = f"the rule '{self.label}' asks for {self.n} at least, {self._told(reached, 'fewer', cohort)}"
        return [Finding("too_few", hint, side=self.of)]
