"""The two would hardly have met: they stand far apart in the organisation."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import Finding, counted
from pairmatch.goals.novelty_form import DEEPEST, novelty_form
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, absent_chart, chart_of, set_field, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pairmatch.cohort import Block, Cohort, Organisation, Person
    from pairmatch.forms import Form

__all__ = ["Novelty"]

MOST_LINES = 100
"""A larger scale than this has no meaning in an organisation, and would need large tables."""


@dataclass(frozen=True)
class Novelty(Weighted):
    """Scores the distance in the organisation: 0 for oneself, rising evenly to 1 at ``scale`` lines.

    The distance counts the direct lines up to the nearest common manager and down again: two people of one
    manager are 2 apart. People below different tops are as far apart as can be. Where the top of either
    line is not known, the goal lacks data.

    Parameters
    ----------
    scale
        Distance from which on the score is 1, in lines; above 0, at most 100.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Novelty(weight=0.05).description
    'mentor and mentee stand far apart in the organisation'
    """

    name: ClassVar[str] = "novelty"
    fields: ClassVar[tuple[str, ...]] = ("manager", "dotted_managers")

    scale: float = field(default=10.0, kw_only=True)

    def _check(self, checks: Checks) -> None:
        scale = checks.positive("scale", self.scale)
        if scale > MOST_LINES:
            hint = f"'scale' counts lines in the organisation, at most {MOST_LINES}, not {told(self.scale)}."
            checks.add("bad_number", "scale", hint)
        set_field(self, "scale", scale)

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "mentor and mentee stand far apart in the organisation"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return absent_chart(cohort, self.name, "goal")

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        cohort, reach = block.cohort, math.ceil(self.scale)
        mentors, mentees = cohort.cached((self.name, reach), lambda: _lines(cohort, reach))
        ours, theirs = block.of_mentors(mentors.depths), block.of_mentees(mentees.depths)
        shared = np.zeros(block.shape, np.int16)
        for left, right in zip(mentors.above, mentees.above, strict=True):
            shared += block.of_mentors(left) == block.of_mentees(right)
        # Those whom both lines share stand below each other, from where the shorter of the two reaches down.
        reached = np.maximum(0, np.maximum(ours, theirs) - (len(mentors.above) - 1))
        apart = ours + theirs - 2 * (reached + shared - 1)
        scores = np.where(shared > 0, np.minimum(apart / self.scale, 1.0), 1.0)
        return np.where((ours < 0) | (theirs < 0), np.nan, scores)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as a curve (see :mod:`pairmatch.forms`); None where the organisation is very deep."""
        chart = chart_of(cohort, self.name, "goal")
        deepest = max(int(chart.depths(side.ids).max(initial=0)) for side in (cohort.mentors, cohort.mentees))
        if deepest > DEEPEST:
            return None
        return novelty_form(*_lines(cohort, DEEPEST), self.scale, (share_scale, most, instead))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        chart = chart_of(mentor.cohort, self.name, "goal")
        if chart.depth(mentor.id) is None or chart.depth(mentee.id) is None:
            return None
        distance = chart.distance(mentor.id, mentee.id)
        return 1.0 if distance is None or distance >= self.scale else distance / self.scale

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """How many lines lie between the two."""
        distance = chart_of(mentor.cohort, self.name, "goal").distance(mentor.id, mentee.id)
        return "below different tops" if distance is None else f"{counted(distance, 'line')} apart"


class Lines(NamedTuple):
    """One side's lines upwards.

    Attributes
    ----------
    depths
        Direct lines up to the top; -1 where the top is not known.
    above
        Each person and who stands so many steps above them, as positions in the chart. All who stand at one
        depth stand in one row, whomever they are above: the rows are depths modulo the number of rows.
    """

    depths: NDArray[np.int64]
    above: NDArray[np.int32]


def _lines(cohort: Cohort, reach: int) -> tuple[Lines, Lines]:
    """Both sides' lines up to ``reach`` steps; where nobody stands, the two sides differ."""
    chart, sides = chart_of(cohort, Novelty.name, "goal"), (cohort.mentors.ids, cohort.mentees.ids)
    steps = min(reach, max(chart.depths(ids).max(initial=0) for ids in sides))
    mentors, mentees = (_side(chart, ids, steps) for ids in sides)
    return mentors, mentees._replace(above=np.where(mentees.above < 0, -2, mentees.above))


def _side(chart: Organisation, identifiers: Sequence[str], steps: int) -> Lines:
    depths, upwards = chart.depths(identifiers), chart.upwards(identifiers, steps)
    by_depth = np.empty_like(upwards)
    places = (depths[:, None] - np.arange(steps + 1)) % (steps + 1)
    np.put_along_axis(by_depth, places, upwards, axis=1)
    return Lines(depths, np.ascontiguousarray(by_depth.T))
