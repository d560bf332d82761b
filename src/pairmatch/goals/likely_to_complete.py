"""Both partners are likely to stay to the programme's end: as many completed pairs as can be expected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairmatch.dropping import MONTHS, by_level, leaving, level_range, within
from pairmatch.errors import Finding
from pairmatch.forms import Form
from pairmatch.goals.learning import Learning
from pairmatch.goals.product_form import product_form
from pairmatch.goals.protocol import Floats
from pairmatch.parameters import Checks, absent_fields, is_number, set_field, wrong_kinds

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["LikelyToComplete"]

FEW = 64
"""Different probabilities on one side that are better told by a table."""


@dataclass(frozen=True)
class LikelyToComplete(Learning):
    """Scores the probability that both stay to the end, and that the pair does not fail for other reasons.

    Where it is the only goal, ``"total"`` is the number of pairs that can be expected to be completed.
    What the goal says of a pair is told to the programme lead and the auditor, never to the partners.

    Parameters
    ----------
    column
        A number field of both sides: the probability to drop out before the end, from 0 to 1. None: the
        default for the person's level (see :mod:`pairmatch.dropping`); the lowest and the highest level of
        the active people are learnt once.
    months
        Length of the programme in months, for the defaults; above 0.
    failure
        Probability that a pair fails though both would stay, in [0, 1].
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.LikelyToComplete(weight=1).label
    'likely_to_complete'
    """

    name: ClassVar[str] = "likely_to_complete"
    confidential: ClassVar[bool] = True

    column: str | None = None
    months: float = field(default=MONTHS, kw_only=True)
    failure: float = field(default=0.0, kw_only=True)

    def _check(self, checks: Checks) -> None:
        checks.optional_text("column", self.column)
        set_field(self, "months", checks.positive("months", self.months))
        set_field(self, "failure", checks.share("failure", self.failure))

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return self.name if self.column is None else f"{self.name}({self.column})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "mentor and mentee are both likely to stay to the programme's end"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return ("level" if self.column is None else self.column,)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        both = [("mentors", self.fields[0]), ("mentees", self.fields[0])]
        unfit = [
            *absent_fields(cohort, self.label, self.fields, self.fields),
            *wrong_kinds(cohort, self.label, both, ("number",)),
        ]
        return unfit or [self._no_probability(side) for side, _ in both if self._beyond(cohort, side)]

    def _no_probability(self, side: str) -> Finding:
        hint = (
            f"'{self.label}' reads probabilities of drop-out from 0 to 1, and '{self.column}' holds other "
            "numbers; 15 % is 0.15."
        )
        return Finding("no_probability", hint, side=side, column=self.column or "")

    def _beyond(self, cohort: Cohort, side: str) -> bool:
        if self.column is None:
            return False
        values = cohort.side(side).number(self.column)
        return bool(((values < 0) | (values > 1)).any())

    def fit(self, cohort: Cohort) -> dict[str, Any]:
        """The lowest and the highest level of the active people; None where nobody has one."""
        return {} if self.column is not None else dict(zip(("low", "high"), level_range(cohort), strict=True))

    def _checked(self, fitted: Mapping[str, Any]) -> dict[str, Any]:
        checked = {name: fitted[name] for name in (() if self.column is not None else ("low", "high"))}
        if not all(value is None or is_number(value) for value in checked.values()):
            raise ValueError("a learnt level is no number")
        return checked

    @property
    def _parts(self) -> tuple[Any, ...]:
        return (self.column,)

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        ours, theirs = self._staying(block.cohort, "mentors"), self._staying(block.cohort, "mentees")
        both = block.of_mentors(ours) * block.of_mentees(theirs)
        return both * (1.0 - self.failure)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as features (see :mod:`pairmatch.forms`); None where a table of few numbers is better."""
        ours, theirs = self._staying(cohort, "mentors"), self._staying(cohort, "mentees")
        if min(len(np.unique(ours)), len(np.unique(theirs))) <= FEW:
            return None
        return product_form(ours, theirs * (1.0 - self.failure), (share_scale, most, instead))

    def _staying(self, cohort: Cohort, side: str) -> Floats:
        """Each person's probability to stay, NaN where data lack."""
        key = (self.name, "staying", self.column, self.months, self.stamp, side)
        return cohort.cached(key, lambda: 1.0 - self._dropping(cohort, side))

    def _dropping(self, cohort: Cohort, side: str) -> Floats:
        numbers = cohort.side(side).number(self.fields[0])
        if self.column is not None:
            return numbers
        low, high = self._ends(cohort)
        usual = by_level(numbers, months=self.months, low=low, high=high)
        return np.where(np.isnan(numbers) | math.isnan(low), np.nan, usual)

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        ours, theirs = self._chance(mentor), self._chance(mentee)
        return (
            None if ours is None or theirs is None else (1.0 - ours) * (1.0 - theirs) * (1.0 - self.failure)
        )

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """How likely each of the two is to stay."""
        ours, theirs = self._chance(mentor), self._chance(mentee)
        if ours is None or theirs is None:
            return ""
        return f"the mentor stays with {1.0 - ours:.0%}, the mentee with {1.0 - theirs:.0%}"

    def _chance(self, person: Person) -> float | None:
        """One person's probability of drop-out."""
        value = person[self.fields[0]]
        if value is None or self.column is not None:
            return None if value is None else float(value)
        low, high = self._ends(person.cohort)
        return None if math.isnan(low) else within(self.months, leaving(value, low, high))

    def _ends(self, cohort: Cohort) -> tuple[float, float]:
        """The lowest and the highest level; NaN where there was nobody to learn from."""
        learnt = self._learnt(cohort)
        low, high = learnt["low"], learnt["high"]
        return (math.nan, math.nan) if low is None or high is None else (low, high)
