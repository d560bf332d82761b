"""The arguments of ``assign``, read and judged; all problems are gathered before any work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.problem import COVERAGE_TIERS, RESOLUTION, TIERS, Ints, is_above_zero, possible_capacity

MOST = 2**44
"""Largest weight in units: a sum over two million people still fits 64 bits."""

HOUR = 100
"""Units in an hour."""

MOST_HOURS = 10**9
"""Hours of a pair or a mentor: their sum over two million pairs still fits 64 bits."""

SIDES = ("mentor", "mentee")
"""Who stands on the two axes of the weights."""

NO_MATRIX = (
    "must be a matrix of real numbers, mentors in rows and mentees in columns, with NaN where a pair is not "
    "allowed (in a scipy.sparse matrix: no entry)"
)

NO_HOURS = f"must be one number of hours from 0 to {MOST_HOURS:,}"


class Request:
    """Reads arguments into arrays and collects what is wrong with them.

    Where the weights cannot be read, the other arguments are judged as far as is possible without
    knowing how many people there are.

    Attributes
    ----------
    shape
        ``(n_mentors, n_mentees)``; ``(0, 0)`` where the weights cannot be read.
    mentor, mentee, weight
        The allowed pairs, sorted by mentor, then mentee.
    resolution
        Weight of one unit.
    findings
        Problems so far.
    """

    def __init__(self, weights: Any, resolution: Any) -> None:
        self.findings: list[Finding] = []
        self.shape = (0, 0)
        self.mentor, self.mentee = np.empty(0, np.int32), np.empty(0, np.int32)
        self.weight = np.empty(0, np.int64)
        self.resolution = self._resolution(resolution)
        read = _pairs(weights)
        self._sized = read is not None
        if read is None:
            self.findings.append(_bad("weights", NO_MATRIX))
            return
        rows, columns, values, self.shape = read
        self.mentor, self.mentee = rows.astype(np.int32), columns.astype(np.int32)
        self.weight = self._counted(values, self.resolution)

    def raise_findings(self) -> None:
        """Refuse the call if anything is wrong with it.

        Raises
        ------
        CallError
            With everything that is wrong.
        """
        if self.findings:
            raise CallError(self.findings)

    def whole(self, name: str, value: ArrayLike, axis: int) -> Ints:
        """One integer >= 0 per person."""
        array = self._numbers(value, axis)
        if array is None or (array < 0).any() or (array != np.floor(array)).any():
            self.findings.append(_bad(name, f"must be one whole number of at least 0, or {self._each(axis)}"))
            return np.zeros(self.shape[axis], np.int64)
        return np.minimum(array, 2.0**31).astype(np.int64)

    def flags(self, name: str, value: ArrayLike | None, axis: int) -> NDArray[np.bool_]:
        """One bool per person; all False when absent."""
        none = np.zeros(self.shape[axis], bool)
        if value is None:
            return none
        array = _array(value)
        if array is None or (array.dtype != bool and array.size) or not self._fits(array, axis):
            self.findings.append(_bad(name, f"must be true or false values, {self._each(axis)}"))
            return none
        return array.astype(bool)

    def seconds(self, name: str, value: Any) -> None:
        """A number above 0, or None."""
        if value is not None and not is_above_zero(value):
            self.findings.append(_bad(name, "must be a number of seconds above 0, or None"))

    def listener(self, name: str, value: Any) -> None:
        """Something that can be called, or None."""
        if value is not None and not callable(value):
            self.findings.append(_bad(name, "must be a function that takes a pairmatch.Progress, or None"))

    def possible(
        self, mentor_most: Ints, mentee_most: Ints, mentor_least: Ints, mentee_least: Ints
    ) -> tuple[Ints, Ints]:
        """Capacities no larger than the other side, which nobody can exceed, nor below a minimum."""
        mentors, mentees = self.shape
        return (
            possible_capacity(mentor_most, mentor_least, mentees),
            possible_capacity(mentee_most, mentee_least, mentors),
        )

    def minimums(self, mentor_most: Ints, mentee_most: Ints, mentor_least: Ints, mentee_least: Ints) -> None:
        """A minimum above its capacity can never hold."""
        sides = ((mentor_least, mentor_most), (mentee_least, mentee_most))
        for side, (least, most) in zip(SIDES, sides, strict=True):
            hint = f"{side}s whose minimum is above their {side}_capacity; lower the one or raise the other"
            for who in np.flatnonzero(least > most) if len(least) == len(most) else ():
                code = "minimum_above_capacity"
                self.findings.append(Finding(code, hint, id=str(who), column=f"{side}_minimum"))

    def hours(self, hours: ArrayLike | None, budgets: ArrayLike | None) -> tuple[Ints | None, Ints | None]:
        """Hours of each allowed pair (rounded up) and each mentor's budget (rounded down), in 1/100 hour."""
        if hours is None and budgets is None:
            return None, None
        if hours is None or budgets is None:
            self.findings.append(_bad("hours", "must be given together with 'mentor_hours'"))
            return None, None
        spent, budget = self._spent(hours), self._numbers(budgets, 0)
        if spent is None or not _are_hours(spent):
            hint = f"{NO_HOURS}, or {self._each(1)}, or a matrix with one per pair"
            self.findings.append(_bad("hours", hint))
        if budget is None or not _are_hours(budget):
            self.findings.append(_bad("mentor_hours", f"{NO_HOURS}, or {self._each(0)}"))
        if spent is None or budget is None or self.findings:
            return None, None
        return np.ceil(_cents(spent)).astype(np.int64), np.floor(_cents(budget)).astype(np.int64)

    def objective(self, objective: Any, mentee_minimum: bool) -> tuple[str, ...]:
        """Tiers, most important first (law §6)."""
        if not isinstance(objective, Sequence) or isinstance(objective, str) or not len(objective):
            self.findings.append(_bad("objective", "must be a sequence of tiers, as in ('mentees', 'total')"))
            return ()
        tiers = tuple(objective)
        self.findings += _tier_findings(tiers, mentee_minimum)
        return tiers

    def _resolution(self, value: Any) -> float:
        if is_above_zero(value) and math.isfinite(value) and math.isfinite(1 / value):
            return float(value)
        self.findings.append(_bad("resolution", "must be a number above 0, as in 0.000001"))
        return 1 / RESOLUTION

    def _spent(self, hours: ArrayLike) -> NDArray[np.float64] | None:
        """Hours of each allowed pair."""
        array = _floats(hours)
        if array is not None and array.ndim == 2:
            fits = array.shape == self.shape or not self._sized
            return array[self.mentor, self.mentee] if fits else None
        each = self._numbers(hours, 1)
        return None if each is None else each[self.mentee] if self._sized else each

    def _numbers(self, value: ArrayLike, axis: int) -> NDArray[np.float64] | None:
        """One finite number per person; None where they are no such numbers."""
        array = _floats(value)
        if array is None or not np.isfinite(array).all():
            return None
        if array.ndim == 0:
            return np.full(self.shape[axis] if self._sized else 1, array)
        return array if self._fits(array, axis) else None

    def _fits(self, array: NDArray[Any], axis: int) -> bool:
        return array.ndim == 1 and (not self._sized or len(array) == self.shape[axis])

    def _each(self, axis: int) -> str:
        """How many values are asked for, in words."""
        return (
            f"{self.shape[axis]} of them, one per {SIDES[axis]}" if self._sized else f"one per {SIDES[axis]}"
        )

    def _counted(self, values: NDArray[np.float64], resolution: float) -> Ints:
        """Weights in units, rounded to the nearest."""
        none = np.zeros(len(values), np.int64)
        if np.isinf(values).any():
            self.findings.append(_bad("weights", "must be finite; mark a pair that is not allowed with NaN"))
            return none
        parts = round(1 / resolution)
        with np.errstate(over="ignore"):
            counted = np.rint(
                values * parts if parts >= 1 and resolution == 1 / parts else values / resolution
            )
        if (np.abs(counted) > MOST).any():
            hint = "are too large for this resolution; pass a coarser resolution, as in resolution=1"
            self.findings.append(_bad("weights", hint))
            return none
        return counted.astype(np.int64)


PLAIN_TIERS = tuple(tier for tier in TIERS if tier not in ("coached", "spread"))
"""Tiers that weights alone can have."""


def _tier_findings(tiers: tuple[Any, ...], mentee_minimum: bool) -> list[Finding]:
    found = []
    for place, tier in enumerate(tiers):
        if tier in ("coached", "spread"):
            code, hint = "wrong_tier", "weights alone have no coaches and no cohort goals; leave the tier out"
        elif tier not in PLAIN_TIERS:
            near = did_you_mean(tier, PLAIN_TIERS) if isinstance(tier, str) else ""
            code = "unknown_tier"
            hint = f"there is no such tier; the tiers are {', '.join(PLAIN_TIERS)}.{near}"
        elif tier in tiers[:place]:
            code, hint = "duplicate_tier", "the tier stands twice; name each tier once"
        elif tier in ("worst", "leximin") and not (
            mentee_minimum or set(tiers[:place]) & set(COVERAGE_TIERS)
        ):
            code = "uncovered_tier"
            hint = (
                "the tier would be best with hardly anybody matched; put 'mentees' or another tier that "
                "counts people before it, or give a mentee_minimum"
            )
        else:
            continue
        found.append(Finding(code, hint, id=str(tier), column="objective"))
    return found


Pairs = tuple[NDArray[Any], NDArray[Any], NDArray[np.float64], tuple[int, int]]


def _pairs(weights: Any) -> Pairs | None:
    """Rows, columns and values of the allowed pairs; None where the weights are no matrix of numbers."""
    if hasattr(weights, "tocsr"):
        return _stored(weights)
    matrix = _floats(weights)
    if matrix is None or matrix.ndim != 2:
        return None
    rows, columns = np.nonzero(~np.isnan(matrix))
    return rows, columns, matrix[rows, columns], (matrix.shape[0], matrix.shape[1])


def _stored(weights: Any) -> Pairs | None:
    """The stored entries of a scipy.sparse matrix; those of one pair are added up."""
    if len(weights.shape) != 2 or weights.dtype.kind not in "iuf":
        return None
    # Summed as floats: duplicates of a narrow integer type could overflow it.
    table = weights.astype(np.float64, copy=True).tocsr()
    table.sum_duplicates()
    table = table.tocoo()
    kept = ~np.isnan(table.data)
    return table.row[kept], table.col[kept], table.data[kept], (int(table.shape[0]), int(table.shape[1]))


def _array(value: Any) -> NDArray[Any] | None:
    """What numpy makes of a value; None where it can make nothing of it."""
    try:
        return np.asarray(value)
    except (TypeError, ValueError):
        return None


def _floats(value: Any) -> NDArray[np.float64] | None:
    """Real numbers as float64, a masked one as NaN; None where they are no real numbers."""
    array = _array(value)
    if array is None or (array.dtype.kind not in "iuf" and array.size):
        return None
    floats = array.astype(np.float64)
    masked = np.ma.getmaskarray(value) if isinstance(value, np.ma.MaskedArray) else False
    return np.where(masked, np.nan, floats)


def _are_hours(hours: NDArray[np.float64]) -> bool:
    return bool(((hours >= 0) & (hours <= MOST_HOURS)).all())


def _cents(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours in 1/100, with the noise of binary fractions (0.07 * 100 = 7.000000000000001) taken off."""
    return np.round(hours * HOUR, 6)


def _bad(name: str, hint: str) -> Finding:
    return Finding("bad_argument", hint, column=name)
