"""A linear programme in floats over mentees' sets of mentors, whose duals are good mentor prices.

Mentees whose best pairs may be below the floor choose among sets; the others take single pairs. Nothing that
it says is believed: its prices make an integer bound, and its pairs are counted anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required

__all__ = ["COUNTED", "Sets", "Told", "solve_sets"]

COUNTED = ("must_match", "mentees", "pairs")
"""Tiers that each mentee's set adds to."""

WHOLE = 1e-6
"""How far from a whole number a share may be."""

Floats = NDArray[np.float64]


class Sets:
    """The pairs and sets that the programme sees, each once, in the order of their coming.

    Parameters
    ----------
    problem
        Whose pairs they are.

    Attributes
    ----------
    needing
        Mentees who choose among sets.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.needing: dict[int, dict[tuple[int, ...], None]] = {}
        self._seen = is_required(problem)

    def start(self, pairs: NDArray[np.intp]) -> None:
        """Take in single pairs."""
        self._seen[pairs] = True

    def needs(self, mentee: int) -> None:
        """From now on, a mentee chooses among sets."""
        self.needing.setdefault(mentee, {})

    def add(self, mentee: int, pairs: NDArray[np.intp]) -> int:
        """Take in a set, or its pairs; 1 where it was not there."""
        if mentee in self.needing:
            known = self.needing[mentee]
            key = tuple(pairs.tolist())
            new = bool(key) and key not in known
            if new:
                known[key] = None
            return int(new)
        new = not self._seen[pairs].all()
        self._seen[pairs] = True
        return int(new)

    def columns(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Pairs by column, the column of each, and the mentee of each column; single pairs first."""
        mentee = self.problem.mentee
        single = np.flatnonzero(self._seen & ~np.isin(mentee, list(self.needing)))
        sets = [(who, key) for who, keys in self.needing.items() for key in keys]
        sizes = np.array([len(key) for _, key in sets], np.intp)
        pairs = np.concatenate([single, np.array([a for _, key in sets for a in key], np.intp)])
        at = np.concatenate([np.arange(len(single)), len(single) + np.repeat(np.arange(len(sets)), sizes)])
        owner = np.concatenate([mentee[single], np.array([who for who, _ in sets], np.intp)])
        return pairs, at.astype(np.intp), owner.astype(np.intp)


@dataclass(frozen=True, eq=False)
class Told:
    """What the programme says.

    Attributes
    ----------
    mentors, times
        Prices of mentors and of the tiers before, in weights of 1.
    pairs
        The pairs taken, where each is taken or left.
    lacking
        Whether somebody who needs a set has none.
    """

    mentors: Floats
    times: dict[str, float]
    pairs: NDArray[np.intp] | None
    lacking: bool


def solve_sets(sets: Sets, known: Mapping[str, int], penalty: float, clock: Clock) -> Told | None:
    """The best mixture of sets and pairs, with prices; None where that could not be told."""
    from scipy.optimize import linprog

    programme = _Programme(sets, known)
    table, limits = programme.rows()
    cost, bounds = programme.cost(penalty), programme.bounds()
    options: Any = {} if clock.limit is None else {"time_limit": max(clock.left, 0.01)}
    call: Any = linprog
    told = call(cost, A_ub=table, b_ub=limits, bounds=bounds, method="highs", options=options)
    return programme.told(told.x, -told.ineqlin.marginals) if told.status == 0 else None


class _Programme:
    """Columns: pairs and sets, then whether each mentee is matched, then what each lacks."""

    def __init__(self, sets: Sets, known: Mapping[str, int]) -> None:
        from scipy.sparse import csr_array

        self.problem, self.known = sets.problem, known
        self.pairs, self.at, self.owner = sets.columns()
        n, m, e = self.problem.n_mentors, self.problem.n_mentees, len(self.owner)
        self.size = np.bincount(self.at, minlength=e).astype(float)
        self.chooses = np.zeros(m, bool)
        self.chooses[list(sets.needing)] = True
        one = np.ones(len(self.pairs))
        self._by_mentor = csr_array((one, (self.problem.mentor[self.pairs], self.at)), shape=(n, e))
        self._by_mentee = csr_array((np.ones(e), (self.owner, np.arange(e))), shape=(m, e))

    def rows(self) -> tuple[Any, Floats]:
        """Mentors' loads, what mentees have, and the tiers before."""
        from scipy.sparse import csr_array, diags_array, eye_array, hstack, vstack

        n, m = self._by_mentor.shape[0], len(self.chooses)
        loads, none, has = self.problem.loads, csr_array((n, 2 * m)), eye_array(m)
        most = np.where(self.chooses, 1, loads.mentee_capacity).astype(float)
        least = np.where(self.chooses, 1, np.maximum(loads.mentee_minimum, 1)).astype(float)
        lacks = diags_array(self.chooses.astype(float))
        parts: list[tuple[Any, Any]] = [
            (hstack([self._by_mentor, none]), loads.mentor_capacity),
            (hstack([-self._by_mentor, none]), -loads.mentor_minimum),
            (hstack([self._by_mentee, -has * most[:, None], lacks]), np.zeros(m)),
            (hstack([-self._by_mentee, has * least[:, None], -lacks]), np.zeros(m)),
        ]
        parts += [(csr_array(-self._counts(tier)[None, :]), [-value]) for tier, value in self.known.items()]
        limits = np.concatenate([np.asarray(limit, float) for _, limit in parts])
        return vstack([rows for rows, _ in parts]).tocsr(), limits

    def _counts(self, tier: str) -> Floats:
        """What each column adds to a tier."""
        m, e = len(self.chooses), len(self.owner)
        if tier == "pairs":
            more = self.chooses * self.problem.loads.mentee_capacity
            return np.concatenate([self.size, np.zeros(m), more]).astype(float)
        matched = self.problem.must_match if tier == "must_match" else np.ones(m)
        return np.concatenate([np.zeros(e), matched, np.zeros(m)]).astype(float)

    def cost(self, penalty: float) -> Floats:
        """What columns cost, in weights of 1."""
        weight = np.bincount(self.at, self.problem.weight[self.pairs], len(self.owner)) / self.problem.unit
        m = len(self.chooses)
        return np.concatenate([-weight, np.zeros(m), np.full(m, penalty)])

    def bounds(self) -> Floats:
        """Least and most of each column."""
        loads, none = self.problem.loads, np.zeros(len(self.chooses))
        must = np.zeros(len(self.owner))
        required = is_required(self.problem)[self.pairs] & ~self.chooses[self.problem.mentee[self.pairs]]
        must[self.at[required]] = 1
        matched = loads.mentee_minimum > 0
        matched[loads.required[:, 1]] = True
        least = np.concatenate([must, matched, none])
        most = np.concatenate([np.ones(len(must) + len(none)), self.chooses])
        return np.stack([least, most], axis=1).astype(float)

    def told(self, shares: Floats, prices: Floats) -> Told:
        """Shares and row prices, read."""
        n, m, e = self._by_mentor.shape[0], len(self.chooses), len(self.owner)
        taken = shares[:e]
        whole = bool((np.abs(taken - np.rint(taken)) < WHOLE).all())
        lacking = bool((shares[e + m :] > WHOLE).any())
        pairs = np.sort(self.pairs[np.rint(taken)[self.at] > 0]) if whole and not lacking else None
        times = dict(zip(self.known, prices[2 * n + 2 * m :].tolist(), strict=True))
        return Told(prices[:n] - prices[n : 2 * n], times, pairs, lacking)
