"""Assignment: the same weights for every solver; as many pairs as can be, then the largest total."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.registry import Case, InvalidAnswer, Value

UNIT = 1_000_000
SEED = 1


def in_units(weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Millionths; -1 for NaN."""
    return np.rint(np.where(np.isnan(weights), -1 / UNIT, weights) * UNIT).astype(np.int64)


@dataclass(frozen=True)
class Task:
    """Weights and capacities, and the forms that solvers take them in.

    Attributes
    ----------
    weights
        float ``(n_mentors, n_mentees)`` in whole millionths; NaN where the pair is not eligible.
    capacity
        Most pairs per mentor and per mentee.
    """

    weights: NDArray[np.float64]
    capacity: tuple[int, int]

    @cached_property
    def units(self) -> NDArray[np.int64]:
        """Weights in millionths; -1 where the pair is not eligible."""
        return in_units(self.weights)

    def gains(self) -> NDArray[np.int64]:
        """What a solver of plain sums maximises: millionths, plus more than all of them for each pair."""
        units = in_units(self.weights)
        bonus = min(units.shape) * max(self.capacity) * UNIT + 1
        return np.where(units < 0, 0, units + bonus)

    def places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For solvers of one-to-one problems: gains with a row per place of a mentor, and whose each is."""
        rows = np.repeat(np.arange(len(self.weights)), self.capacity[0])
        return self.gains()[rows], rows

    def kept(self, mentors: Any, mentees: Any) -> NDArray[np.int64]:
        """Pairs of positions, without those that a solver had to fill up with."""
        pairs = np.column_stack([np.asarray(mentors, np.int64), np.asarray(mentees, np.int64)])
        return pairs[~np.isnan(self.weights[pairs[:, 0], pairs[:, 1]])]


def families() -> dict[str, dict[str, Any]]:
    """The severities of synthetic cohorts, as arguments of `pairmatch.datasets.synthetic`."""
    return {
        "as usual": {},
        "herding": {"herding": 1.0},
        "ties": {"ties": 0.7},
        "few eligible": {"eligibility": 0.25},
        "missing data": {"missing": 0.5},
    }


def write(case: Case, folder: Path) -> int:
    """Draw or score the weights of a case; how many pairs are eligible."""
    if case.family == "all eligible":
        weights = np.random.default_rng([SEED, case.size]).integers(1, UNIT, (case.size, case.size)) / UNIT
    else:
        weights = scored(case.size, **families().get(case.family, {}))
    np.savez(folder / "weights.npz", weights=weights)
    return int((~np.isnan(weights)).sum())


def scored(size: int, **severity: Any) -> NDArray[np.float64]:
    """Weights of a synthetic cohort under its own policy."""
    import pairmatch as pm

    cohort = pm.datasets.synthetic(mentors=size, mentees=size, seed=SEED, **severity)
    return pm.score(cohort, pm.datasets.synthetic_policy()).weights.to_numpy()


def read(case: Case, folder: Path) -> Task:
    """The weights of a case."""
    with np.load(folder / "weights.npz") as stored:
        return Task(stored["weights"], case.capacity)


def value(task: Task, found: Any) -> Value:
    """Pairs, mentees served, total in millionths, and blocking pairs."""
    pairs = [(int(mentor), int(mentee)) for mentor, mentee in found]
    check(task, pairs)
    return {
        "pairs": len(pairs),
        "total": sum(int(task.units[pair]) for pair in pairs),
        "mentees": len({mentee for _, mentee in pairs}),
        "blocking": blocking(task, pairs),
    }


def tiers(case: Case) -> tuple[str, ...]:
    """As many pairs as can be, then the largest total."""
    return ("pairs", "total")


def check(task: Task, pairs: list[tuple[int, int]]) -> None:
    """Every pair eligible and there once, nobody above their capacity."""
    loads = [Counter(side) for side in zip(*pairs, strict=True)] or [Counter(), Counter()]
    over = [
        side for side, most in zip(loads, task.capacity, strict=True) if max(side.values(), default=0) > most
    ]
    if len(set(pairs)) < len(pairs) or over or any(task.units[pair] < 0 for pair in pairs):
        raise InvalidAnswer("a pair stands twice or is not eligible, or somebody has too many")


def blocking(task: Task, pairs: list[tuple[int, int]]) -> int:
    """Eligible pairs that were not made although both would gain: each has room or a lighter partner."""
    chosen = np.zeros(task.units.shape, bool)
    for pair in pairs:
        chosen[pair] = True
    mine = np.where(chosen, task.units, np.iinfo(np.int64).max)
    full = [chosen.sum(axis=1 - side) >= most for side, most in enumerate(task.capacity)]
    least = [np.where(full[side], mine.min(axis=1 - side), -1) for side in (0, 1)]
    gains = (task.units > least[0][:, None]) & (task.units > least[1][None, :])
    return int((gains & ~chosen).sum())
