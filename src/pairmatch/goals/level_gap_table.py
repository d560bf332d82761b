"""The gap between two levels scores as a table says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from pairmatch.errors import Finding
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, FrozenTable, absent_fields, set_field, told

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["LevelGapTable"]


@dataclass(frozen=True)
class LevelGapTable(Weighted):
    """Scores the gap in levels by a table; a gap that is not in the table scores 0.

    Parameters
    ----------
    table
        Gap in levels to score in [0, 1].
    senior
        ``"mentor"`` or ``"mentee"``: the gap is this role's level minus the other's. None: the gap is the
        absolute difference.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.LevelGapTable({1: 0.75, 2: 1}, weight=12).table
    {1: 0.75, 2: 1.0}
    """

    name: ClassVar[str] = "level_gap_table"
    fields: ClassVar[tuple[str, ...]] = ("level",)

    table: Mapping[int, float]
    senior: Literal["mentor", "mentee"] | None = field(default=None, kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "table", self._checked_table(checks))
        if self.senior is not None:
            checks.choice("senior", self.senior, ("mentor", "mentee"))

    def _checked_table(self, checks: Checks) -> FrozenTable[int, float]:
        if not isinstance(self.table, Mapping) or not self.table:
            hint = (
                f"'table' must map gaps in levels to scores, as {{1: 0.75, 2: 1.0}}, not {told(self.table)}."
            )
            checks.add("bad_table", "table", hint)
            return FrozenTable({})
        least = 0 if self.senior is None else None
        checked: dict[int, float] = {}
        for key, value in self.table.items():
            gap = checks.whole("table", _gap(key), least)
            if gap in checked:
                checks.add("duplicate_gap", "table", f"'table' says {gap} twice.")
            checked[gap] = checks.share(f"table.{gap}", value)
        return FrozenTable(checked)

    def parameters(self) -> dict[str, object]:
        """The parameters as plain data, as a policy file tells them."""
        table = {str(gap): score for gap, score in self.table.items()}
        return {
            "table": table,
            "senior": self.senior,
            "weight": self.weight,
            "missing": self.missing,
            "purpose": self.purpose,
        }

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return self.name if self.senior is None else f"{self.name}(senior={self.senior})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        gaps = " or ".join(str(gap) for gap, score in self.table.items() if score > 0)
        above = "apart" if self.senior is None else f"with the {self.senior} above"
        return f"the levels lie {gaps} {above}"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return absent_fields(cohort, self.label, ["level"], ["level"])

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        mentors, mentees = block.numbers("level")
        gaps = mentees - mentors if self.senior == "mentee" else mentors - mentees
        if self.senior is None:
            gaps = np.abs(gaps)
        scores = np.where(np.isnan(gaps), np.nan, 0.0)
        for gap, score in self.table.items():
            scores[gaps == gap] = score
        return scores

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        if mentor["level"] is None or mentee["level"] is None:
            return None
        senior, junior = (mentee, mentor) if self.senior == "mentee" else (mentor, mentee)
        gap = int(senior["level"]) - int(junior["level"])
        return self.table.get(abs(gap) if self.senior is None else gap, 0.0)

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """How far the levels lie apart, and who stands above."""
        gap = int(mentor["level"]) - int(mentee["level"])
        if gap == 0:
            return "the same level"
        above = "" if self.senior is None else f", the {'mentor' if gap > 0 else 'mentee'} above"
        return f"levels {abs(gap)} apart{above}"


def _gap(key: object) -> object:
    """A gap as a number; TOML and JSON tell it as text."""
    return int(key) if isinstance(key, str) and re.fullmatch(r"-?[0-9]{1,9}", key) else key
