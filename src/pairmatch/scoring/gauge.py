"""A gauge reads one goal in whole units: for a block of pairs, or in plain Python for one pair.

A goal comes in one of two shapes: ``score(block)``, which equals its reference form bit for bit, or
``factors(cohort)``, whose product is only nearly the score: every pair whose rounding that could decide
is scored again by the reference form.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Pairs
from pairmatch.errors import Finding, PolicyError
from pairmatch.parameters import label_of
from pairmatch.scoring.blocks import positions
from pairmatch.scoring.factors import Factors

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["Gauge", "Reading"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Reading(NamedTuple):
    """One goal over a block, in units; both arrays broadcast to the block's shape.

    Attributes
    ----------
    units
        Whole numbers in float64; 0 where the goal lacks data. The reader's own, to be written into.
    missing
        True where the goal lacks data; None where it lacks none.
    """

    units: Floats
    missing: Bools | None


class Gauge:
    """Reads one goal.

    Parameters
    ----------
    goal
        A pair goal, bound to its fitted values.
    cohort
        The cohort whose pairs are read.
    """

    def __init__(self, goal: Any, cohort: Cohort) -> None:
        self.label = label_of(goal)
        self.goal, self._cohort = goal, cohort
        self._factors = None if hasattr(goal, "score") else self._checked_factors()

    @property
    def factors(self) -> Factors | None:
        """The factors that the goal comes as, if it does."""
        return self._factors

    def read(self, block: Block, scale: float) -> Reading:
        """The scores of a block times ``scale``, rounded half to even.

        Raises
        ------
        PolicyError
            If the goal's scores are not numbers in [0, 1] of the block's shape.
        """
        if self._factors is None:
            return self.rounded(self.goal.score(block), block.shape, scale)
        return self._read_product(self._factors, block, scale)

    def read_pair(self, mentor: Person, mentee: Person, scale: float) -> int | None:
        """The reference: the same whole number for one pair, or None where the goal lacks data."""
        score = self.score_pair(mentor, mentee)
        return None if score is None else round(score * scale)

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in [0, 1] in plain Python, or None where the goal lacks data."""
        score = self._reference(mentor, mentee)
        if score is None or math.isnan(score):
            return None
        if not 0 <= score <= 1:
            raise PolicyError([_out_of_range(self.label)])
        return float(score)

    def _reference(self, mentor: Person, mentee: Person) -> float | None:
        if self._factors is None or hasattr(self.goal, "score_pair"):
            score: float | None = self.goal.score_pair(mentor, mentee)
            return score
        cohort = self._cohort
        return self._factors.pair(cohort.mentors.position(mentor.id), cohort.mentees.position(mentee.id))

    def rounded(self, told: Any, shape: tuple[int, int], scale: float) -> Reading:
        """What the goal's own ``score`` told of a block of a shape, times ``scale``, as :meth:`read` does."""
        scores = np.asarray(told)
        if scores.dtype.kind not in "fiub" or not _spans(scores.shape, shape):
            raise PolicyError([_wrong_shape(self.label)])
        missing = np.isnan(scores)
        units: Floats = np.multiply(scores, scale, dtype=np.float64)
        some = bool(missing.any())
        if some:
            units[missing] = 0.0
        if units.size and not (units.min() >= 0 and units.max() <= scale):
            raise PolicyError([_out_of_range(self.label)])
        return Reading(np.rint(units, out=units), missing if some else None)

    def _read_product(self, factors: Factors, block: Block, scale: float) -> Reading:
        listed = isinstance(block, Pairs)
        scores, error = (factors.products if listed else factors.product)(*positions(block))
        # Beyond [0, 1] by no more than the product's error: the reference form decides below.
        with np.errstate(invalid="ignore"):
            edge = ((scores < 0) & (scores >= -error)) | ((scores > 1) & (scores <= 1 + error))
        scaled = scores * scale
        scores[edge] = np.rint(scores[edge])
        reading = self.rounded(scores, block.shape, scale)
        doubt = np.abs(np.abs(scaled - reading.units) - 0.5) <= error * scale + 1e-9
        for row, column in np.argwhere(doubt | edge).tolist():
            mentor, mentee = block.pair(row, column)
            people = self._cohort.mentors.person(mentor), self._cohort.mentees.person(mentee)
            reading.units[row, column] = self.read_pair(*people, scale) or 0
        return reading

    def _checked_factors(self) -> Factors:
        factors = Factors(self.goal, self._cohort)
        if factors.shape != (len(self._cohort.mentors), len(self._cohort.mentees)):
            raise PolicyError([_wrong_shape(self.label)])
        return factors


def _spans(shape: tuple[int, ...], block: tuple[int, int]) -> bool:
    """Whether an array has the block's shape, or is one row or one column of it."""
    return len(shape) == 2 and all(have in (1, want) for have, want in zip(shape, block, strict=True))


def _out_of_range(label: str) -> Finding:
    hint = "A goal's scores lie between 0 and 1, or are NaN (None for one pair) where data lack."
    return Finding("score_out_of_range", hint, side="policy", column=label)


def _wrong_shape(label: str) -> Finding:
    hint = "A goal's score(block) returns floats of the block's shape; its factors one row per person."
    return Finding("wrong_shape", hint, side="policy", column=label)
