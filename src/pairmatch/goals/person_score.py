"""One of the two stands high on a scale: selection on merit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from pairmatch.errors import Finding, amount
from pairmatch.forms import Form
from pairmatch.goals.learning import Learning
from pairmatch.goals.protocol import Floats
from pairmatch.parameters import Checks, absent_fields, is_number, set_field, told, wrong_kinds

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["PersonScore"]


RATED = frozenset({"reference_rating", "communication_rating", "skill_rating"})
RATINGS = (1.0, 5.0)
"""The scale of the canonical ratings."""


@dataclass(frozen=True)
class PersonScore(Learning):
    """Scores one side's number alone, whoever the partner is: from 0 at ``low`` evenly to 1 at ``high``.

    Beyond the two the score stays 0 and 1. Where both are one number, who reaches it scores 1.

    Parameters
    ----------
    column
        A number field, as ``reference_rating`` or ``communication_rating``.
    of
        ``"mentors"`` or ``"mentees"``: whose number it is.
    low, high
        Numbers that score 0 and 1. None: for the canonical ratings 1 and 5; for another ordinary field the
        least and the greatest of the active people, learnt once. A sensitive, special or confidential field
        needs both.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Notes
    -----
    What was learnt is kept with the matching: two numbers, without the names of those they belong to.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.PersonScore("reference_rating", weight=0.1).high
    5.0
    """

    name: ClassVar[str] = "person_score"

    column: str
    of: Literal["mentors", "mentees"] = field(default="mentors", kw_only=True)
    low: float | None = field(default=None, kw_only=True)
    high: float | None = field(default=None, kw_only=True)

    def _check(self, checks: Checks) -> None:
        checks.text("column", self.column)
        checks.choice("of", self.of, ("mentors", "mentees"))
        usual = RATINGS if self.column in RATED else (None, None)
        given = {"low": self.low, "high": self.high}
        given = {
            name: end if value is None else value
            for (name, value), end in zip(given.items(), usual, strict=True)
        }
        for name, end in given.items():
            set_field(self, name, None if end is None else checks.number(name, end))
        if all(map(is_number, given.values())) and given["low"] >= given["high"]:  # type: ignore[operator]
            hint = f"'low' must lie below 'high', but {told(self.low)} does not lie below {told(self.high)}."
            checks.add("empty_range", "low", hint)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        side = "" if self.of == "mentors" else ", of=mentees"
        return f"{self.name}({self.column}{side})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"the {self.of.removesuffix('s')} stands high in '{self.column}'"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        absent = absent_fields(cohort, self.label, **{self.of: [self.column]})
        wrong = wrong_kinds(cohort, self.label, [(self.of, self.column)], ("number",))
        return [*absent, *wrong, *(self._unbounded(cohort) if not absent else [])]

    def _unbounded(self, cohort: Cohort) -> list[Finding]:
        """Of numbers that not everybody may see, none is learnt: it would be kept with the matching."""
        if None not in (self.low, self.high) or cohort.field_class(self.column) in ("ordinary", "identifier"):
            return []
        hint = (
            f"'{self.label}' is over a field that not everybody may see; give 'low' and 'high' of its scale."
        )
        return [Finding("needs_range", hint, side="policy", column=self.column)]

    def fit(self, cohort: Cohort) -> dict[str, Any]:
        """The least and the greatest number of the active people, where they are not given.

        Both are None where nobody has one.
        """
        people = cohort.side(self.of)
        known = people.number(self.column)[people.active & people.has(self.column)]
        least, greatest = (float(known.min()), float(known.max())) if len(known) else (None, None)
        learnt = {}
        if self.low is None:
            learnt["low"] = least if self.high is None or least is None else min(least, self.high)
        if self.high is None:
            learnt["high"] = greatest if self.low is None or greatest is None else max(greatest, self.low)
        return learnt

    def _checked(self, fitted: Mapping[str, Any]) -> dict[str, Any]:
        checked = {name: fitted[name] for name in ("low", "high") if getattr(self, name) is None}
        if not all(value is None or is_number(value) for value in checked.values()):
            raise ValueError("a learnt number is no number")
        return checked

    @property
    def _parts(self) -> tuple[Any, ...]:
        return self.column, self.of, self.low, self.high

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs: one row or one column."""
        return block.of(self.of, self._scores(block.cohort))

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form:
        """The goal as one exact feature (see :mod:`pairmatch.forms`)."""
        scores = self._scores(cohort)
        earned = np.minimum(np.rint(scores * share_scale), most)
        units = np.where(np.isnan(scores), instead, earned).astype(np.float32)[:, None]
        other = np.ones((len(cohort.side("mentees" if self.of == "mentors" else "mentors")), 1), np.float32)
        return Form(units, other) if self.of == "mentors" else Form(other, units)

    def _scores(self, cohort: Cohort) -> Floats:
        """The score of each person of the side."""
        values = cohort.side(self.of).number(self.column)
        low, high = self._range(cohort)
        within = np.clip(values, low, high)
        spread = high / 2 - low / 2  # halves, so that no difference of two numbers is infinite
        scores: Floats = (within / 2 - low / 2) / spread if spread > 0 else np.where(values < high, 0.0, 1.0)
        return np.where(np.isnan(values) | np.isnan(spread), np.nan, scores)

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        person = mentor if self.of == "mentors" else mentee
        value = person[self.column]
        low, high = self._range(person.cohort)
        if value is None or math.isnan(low) or math.isnan(high):
            return None
        spread = high / 2 - low / 2
        if spread > 0:
            return float((min(max(value, low), high) / 2 - low / 2) / spread)
        return 0.0 if value < high else 1.0

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """The number, and the scale on which it stands."""
        person = mentor if self.of == "mentors" else mentee
        low, high = self._range(person.cohort)
        return f"{amount(person[self.column])} on a scale from {amount(low)} to {amount(high)}"

    def _range(self, cohort: Cohort) -> tuple[float, float]:
        """The numbers that score 0 and 1, given or learnt; NaN where there was nobody to learn from."""
        learnt = self._learnt(cohort)
        low = learnt["low"] if self.low is None else self.low
        high = learnt["high"] if self.high is None else self.high
        return math.nan if low is None else low, math.nan if high is None else high
