"""What rules with one number per side have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pairmatch.parameters import Checks, set_field

__all__ = ["Sides"]


@dataclass(frozen=True)
class Sides:
    """A rule with a whole number for every mentor, one for every mentee, or both.

    Parameters
    ----------
    mentors, mentees
        Pairs per person, at least 0; None leaves the side alone.
    """

    name: ClassVar[str]

    mentors: int | None = None
    mentees: int | None = None

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "mentors", checks.optional_whole("mentors", self.mentors, least=0))
        set_field(self, "mentees", checks.optional_whole("mentees", self.mentees, least=0))
        if self.mentors is None and self.mentees is None:
            checks.add("no_bound", "mentees", "say a number for 'mentors', for 'mentees' or for both.")
        checks.done()

    def told(self, word: str) -> str:
        """The numbers in words."""
        sides = ((self.mentors, "mentor"), (self.mentees, "mentee"))
        parts = [f"a {side} has {word} {n} pair{'s' if n != 1 else ''}" for n, side in sides if n is not None]
        return " and ".join(parts)


def counted(pairs: Sequence[tuple[str, str]]) -> tuple[Counter[str], Counter[str]]:
    """How many pairs each mentor and each mentee has."""
    return Counter(mentor for mentor, _ in pairs), Counter(mentee for _, mentee in pairs)
