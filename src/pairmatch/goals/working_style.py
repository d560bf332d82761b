"""Mentor and mentee like to work in the same way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pairmatch.errors import Finding, counted
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.goals.working_style_form import working_style_form
from pairmatch.parameters import Checks, absent_fields, set_field, told, wrong_kinds

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.forms import Form

__all__ = ["WorkingStyle"]

STYLES = ("style_pace", "style_directness", "style_structure", "style_formality")


@dataclass(frozen=True)
class WorkingStyle(Weighted):
    """Scores 1 for the same style of working: 1 less the mean difference over several scales.

    Each scale runs from 0 to 1. The mean is taken over the scales that both have filled in; where there is
    none, the goal lacks data.

    Parameters
    ----------
    columns
        Number fields that hold scales from 0 to 1.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.WorkingStyle(weight=0.1).columns
    ('style_pace', 'style_directness', 'style_structure', 'style_formality')
    """

    name: ClassVar[str] = "working_style"

    columns: tuple[str, ...] = field(default=STYLES, kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "columns", self._checked_columns(checks))

    def _checked_columns(self, checks: Checks) -> tuple[str, ...]:
        if not isinstance(self.columns, list | tuple) or not self.columns:
            hint = f"'columns' must be a list of fields, as ['style_pace'], not {told(self.columns)}."
            checks.add("bad_columns", "columns", hint)
            return STYLES
        columns = tuple(checks.text("columns", column) for column in self.columns)
        if len(set(columns)) < len(columns):
            checks.add("duplicate_column", "columns", "'columns' names a field twice.")
        return columns

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return self.name if self.columns == STYLES else f"{self.name}({', '.join(self.columns)})"

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "mentor and mentee like to work in the same way"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return self.columns

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        both = [(side, column) for column in self.columns for side in ("mentors", "mentees")]
        unfit = [
            *absent_fields(cohort, self.label, self.columns, self.columns),
            *wrong_kinds(cohort, self.label, both, ("number",)),
        ]
        return unfit or [
            self._no_scale(side, column) for side, column in both if _beyond(cohort, side, column)
        ]

    def _no_scale(self, side: str, column: str) -> Finding:
        hint = (
            f"'{self.label}' compares scales from 0 to 1, and '{column}' holds other numbers; bring it to "
            "that scale, or compare it by a goal 'closeness'."
        )
        return Finding("no_scale", hint, side=side, column=column)

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        apart, scales = np.zeros(block.shape), np.zeros(block.shape)
        for column in self.columns:  # in this order: it decides the last bit of the sum
            mentors, mentees = block.numbers(column)
            differences = np.abs(mentors - mentees)
            filled = ~np.isnan(differences)
            np.add(apart, differences, out=apart, where=filled)
            scales += filled
        return np.where(scales > 0, 1.0 - apart / np.maximum(scales, 1.0), np.nan)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as features and a curve (see :mod:`pairmatch.forms`)."""
        mentors, mentees = (
            np.stack([side.number(column) for column in self.columns], axis=1)
            for side in (cohort.mentors, cohort.mentees)
        )
        return working_style_form(mentors, mentees, (share_scale, most, instead))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        apart, scales = 0.0, 0
        for column in self.columns:
            ours, theirs = mentor[column], mentee[column]
            if ours is not None and theirs is not None:
                apart, scales = apart + abs(ours - theirs), scales + 1
        return 1.0 - apart / scales if scales else None

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """How far the two are apart on average, and on which scale most."""
        both = [(mentor[column], mentee[column], column) for column in self.columns]
        apart = [(abs(ours - theirs), name) for ours, theirs, name in both if None not in (ours, theirs)]
        most, where = max(apart, key=lambda scale: scale[0])
        mean = sum(distance for distance, _ in apart) / len(apart)
        told = f"on average {mean:.2f} apart on {counted(len(apart), 'scale')} from 0 to 1"
        return f"{told}, most in '{where}' ({most:.2f})" if most else told


def _beyond(cohort: Cohort, side: str, column: str) -> bool:
    """Whether a column holds numbers below 0 or above 1."""
    values = cohort.side(side).number(column)
    return bool(((values < 0) | (values > 1)).any())
