"""The levels of mentor and mentee lie so many steps apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from pairmatch.errors import Finding, amount
from pairmatch.parameters import Checks, absent_fields, set_field
from pairmatch.rules.protocol import MISSING, Bools, Missing

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["LevelGap"]


@dataclass(frozen=True)
class LevelGap:
    """Bounds the level of the senior role minus the level of the other (law §2).

    Parameters
    ----------
    at_least, at_most
        Bounds of the gap in levels, both included; at least one of them. A gap below 0 means that the
        role named ``senior`` is in fact the junior one.
    senior
        The role whose level counts positive: ``"mentor"`` in traditional, ``"mentee"`` in reverse mentoring.
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's level is blank.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.LevelGap(at_least=1, at_most=2, senior="mentor").description
    "the mentor's level is 1 to 2 above the mentee's"
    """

    name: ClassVar[str] = "level_gap"
    fields: ClassVar[tuple[str, ...]] = ("level",)

    at_least: int | None = None
    at_most: int | None = None
    senior: Literal["mentor", "mentee"] = field(default="mentor", kw_only=True)
    missing: Missing = field(default="forbid", kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "at_least", checks.optional_whole("at_least", self.at_least))
        set_field(self, "at_most", checks.optional_whole("at_most", self.at_most))
        checks.choice("senior", self.senior, ("mentor", "mentee"))
        checks.choice("missing", self.missing, MISSING)
        if self.at_least is None and self.at_most is None:
            checks.add("no_bound", "at_least", "say 'at_least', 'at_most' or both.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            checks.add("empty_range", "at_most", "'at_most' is below 'at_least', so that no pair could pass.")
        checks.done()

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        low = "" if self.at_least is None else f"at_least={self.at_least}, "
        high = "" if self.at_most is None else f"at_most={self.at_most}, "
        return f"{self.name}({low}{high}senior={self.senior})"

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        other = "mentee" if self.senior == "mentor" else "mentor"
        if self.at_most is None:
            gap = f"at least {self.at_least}"
        elif self.at_least is None:
            gap = f"at most {self.at_most}"
        else:
            gap = f"{self.at_least} to {self.at_most}"
        return f"the {self.senior}'s level is {gap} above the {other}'s"

    def milder(self) -> tuple[LevelGap, ...]:
        """The rule with a level more of room, at either end."""
        low = () if self.at_least is None else (replace(self, at_least=self.at_least - 1),)
        return low if self.at_most is None else (*low, replace(self, at_most=self.at_most + 1))

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        return absent_fields(cohort, self.label, ["level"], ["level"])

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees whose level is blank."""
        return ~cohort.mentors.has("level"), ~cohort.mentees.has("level")

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        mentors, mentees = block.numbers("level")
        gap = mentors - mentees if self.senior == "mentor" else mentees - mentors
        outside = np.zeros(gap.shape, np.bool_)
        if self.at_least is not None:
            outside |= gap < self.at_least
        if self.at_most is not None:
            outside |= gap > self.at_most
        return ~outside & ~np.isnan(gap) if self.missing == "forbid" else ~outside

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        senior, junior = (mentor, mentee) if self.senior == "mentor" else (mentee, mentor)
        if senior["level"] is None or junior["level"] is None:
            return self.missing == "allow"
        if self.at_least is not None and junior["level"] + self.at_least > senior["level"]:
            return False
        return self.at_most is None or junior["level"] + self.at_most >= senior["level"]

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """Both levels, and the gap between them; empty where one is blank."""
        ours, theirs = mentor["level"], mentee["level"]
        if ours is None or theirs is None:
            return ""
        gap = ours - theirs if self.senior == "mentor" else theirs - ours
        return f"mentor: {amount(ours)}; mentee: {amount(theirs)}; the gap is {amount(gap)}"
