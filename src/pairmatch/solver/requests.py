"""The arguments of ``assign``, read and judged; all problems are gathered before any work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.problem import COVERAGE_TIERS, TIERS, Ints

MOST = 2**44
"""Largest weight in units: a sum over two million people still fits 64 bits."""

HOUR = 100
"""Units in an hour."""


class Request:
    """Reads arguments into arrays and collects what is wrong with them.

    Attributes
    ----------
    shape
        ``(n_mentors, n_mentees)``.
    mentor, mentee, weight
        The allowed pairs, sorted by mentor, then mentee.
    findings
        Problems so far.
    """

    def __init__(self, weights: Any, resolution: float) -> None:
        self.findings: list[Finding] = []
        if not (_is_number(resolution) and 0 < resolution < math.inf):
            raise CallError([_bad("resolution", "must be a number above 0")])
        rows, columns, values, self.shape = _pairs(weights)
        self.mentor, self.mentee = rows.astype(np.int32), columns.astype(np.int32)
        self.weight = self._counted(values, resolution)

    def whole(self, name: str, value: ArrayLike, size: int) -> Ints:
        """One integer >= 0 per person."""
        array = self._numbers(name, value, size)
        if (array < 0).any() or (array != np.floor(array)).any():
            self.findings.append(_bad(name, "must be whole numbers of at least 0"))
            return np.zeros(size, np.int64)
        return np.minimum(array, 2.0**31).astype(np.int64)

    def flags(self, name: str, value: ArrayLike | None, size: int) -> NDArray[np.bool_]:
        """One bool per person; all False when absent."""
        if value is None:
            return np.zeros(size, bool)
        array = np.asarray(value)
        if array.dtype != bool or array.shape != (size,):
            self.findings.append(_bad(name, f"must be {size} true or false values, one per mentee"))
            return np.zeros(size, bool)
        return array

    def positive(self, name: str, value: float | None) -> None:
        """A number above 0, or None."""
        if value is not None and not (_is_number(value) and value > 0):
            self.findings.append(_bad(name, "must be a number of seconds above 0, or None"))

    def compare_minimums(
        self, mentor_most: Ints, mentee_most: Ints, mentor_least: Ints, mentee_least: Ints
    ) -> None:
        """A minimum above its capacity can never hold."""
        for side, least, most in (
            ("mentor", mentor_least, mentor_most),
            ("mentee", mentee_least, mentee_most),
        ):
            for who in np.flatnonzero(least > most):
                hint = f"is above {side}_capacity; lower the one or raise the other"
                self.findings.append(
                    Finding("minimum_above_capacity", hint, id=str(who), column=f"{side}_minimum")
                )

    def hours(self, hours: ArrayLike | None, budgets: ArrayLike | None) -> tuple[Ints | None, Ints | None]:
        """Hours of each allowed pair (rounded up) and each mentor's budget (rounded down), in 1/100 hour."""
        if hours is None and budgets is None:
            return None, None
        if hours is None or budgets is None:
            self.findings.append(_bad("hours", "must be given together with mentor_hours"))
            return None, None
        budget = self._numbers("mentor_hours", budgets, self.shape[0])
        array = _floats(hours)
        if array is None or array.ndim > 2 or (array.ndim == 2 and array.shape != self.shape):
            self.findings.append(_bad("hours", "must be a number, one number per mentee or one per pair"))
            return None, None
        cost = (
            array
            if array.ndim == 2
            else np.broadcast_to(self._numbers("hours", array, self.shape[1]), self.shape)
        )
        spent = cost[self.mentor, self.mentee]
        if not (np.isfinite(spent).all() and (spent >= 0).all() and (budget >= 0).all()):
            self.findings.append(_bad("hours", "and mentor_hours must be finite numbers of at least 0"))
            return None, None
        return np.ceil(_cents(spent)).astype(np.int64), np.floor(_cents(budget)).astype(np.int64)

    def _numbers(self, name: str, value: ArrayLike, size: int) -> NDArray[np.float64]:
        array = _floats(value)
        if array is None or array.shape not in ((), (size,)) or not np.isfinite(array).all():
            self.findings.append(_bad(name, f"must be one finite number, or {size} of them"))
            return np.zeros(size)
        return np.broadcast_to(array, (size,))

    def _counted(self, values: NDArray[np.float64], resolution: float) -> Ints:
        """Weights in units, rounded to the nearest."""
        if np.isinf(values).any():
            self.findings.append(_bad("weights", "must be finite; mark a pair that is not allowed with NaN"))
            return np.zeros(len(values), np.int64)
        parts = round(1 / resolution)
        counted = np.rint(values * parts if parts >= 1 and resolution == 1 / parts else values / resolution)
        if (np.abs(counted) > MOST).any():
            hint = "are too large for this resolution; pass a coarser resolution, as in resolution=1"
            self.findings.append(_bad("weights", hint))
            return np.zeros(len(values), np.int64)
        return counted.astype(np.int64)


def objective_findings(objective: Sequence[str], mentee_minimum: bool) -> list[Finding]:
    """What is wrong with an order of tiers (law §6)."""
    if isinstance(objective, str) or not objective:
        return [_bad("objective", "must be a sequence of tiers, as in ('mentees', 'total')")]
    found = []
    for place, tier in enumerate(objective):
        if tier not in TIERS:
            known = f"is no tier; the tiers are {', '.join(TIERS)}.{did_you_mean(str(tier), TIERS)}"
            found.append(Finding("unknown_tier", known, id=str(tier), column="objective"))
        elif tier in objective[:place]:
            found.append(
                Finding("duplicate_tier", "stands twice; name each tier once", id=tier, column="objective")
            )
        elif tier in ("worst", "leximin") and not (
            mentee_minimum or set(objective[:place]) & set(COVERAGE_TIERS)
        ):
            hint = (
                "needs a coverage tier before it or a mentee minimum; else matching fewer would look fairer"
            )
            found.append(Finding("uncovered_tier", hint, id=tier, column="objective"))
    return found


def _pairs(weights: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64], tuple[int, int]]:
    if hasattr(weights, "tocsr"):
        table = weights.tocsr().copy()
        table.sum_duplicates()
        table = table.tocoo()
        values = np.asarray(table.data, np.float64)
        kept = ~np.isnan(values)
        rows, columns = table.coords if hasattr(table, "coords") else (table.row, table.col)
        return rows[kept], columns[kept], values[kept], _two(table.shape)
    matrix = _floats(weights)
    if matrix is None or matrix.ndim != 2:
        raise CallError(
            [_bad("weights", "must be a matrix of numbers, mentors in rows and mentees in columns")]
        )
    rows, columns = np.nonzero(~np.isnan(matrix))
    return rows, columns, matrix[rows, columns], _two(matrix.shape)


def _two(shape: Sequence[int]) -> tuple[int, int]:
    return int(shape[0]), int(shape[1])


def _floats(value: Any) -> NDArray[np.float64] | None:
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return None
        return array.astype(np.float64)
    except (TypeError, ValueError):
        return None


def _cents(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours in 1/100, with the noise of binary fractions (0.07 * 100 = 7.000000000000001) taken off."""
    return np.round(hours * HOUR, 6)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bad(name: str, hint: str) -> Finding:
    return Finding("bad_argument", hint, column=name)
