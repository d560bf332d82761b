"""A linear programme in floats, whose duals say which floors bind and how dearly.

Nothing that it says is believed: prices from here only make an integer bound better or worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Problem, TierProof
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required

DEAREST = 32.0
"""Price of a floor, at most: what one unit below it costs in units of the total."""


def floor_prices(
    problem: Problem, core: NDArray[np.intp], known: Sequence[TierProof], floor: int, clock: Clock
) -> NDArray[np.float64] | None:
    """What a unit of each mentee's floor costs the total; None where that could not be told.

    Parameters
    ----------
    problem, core
        The pairs, and the indices of those that the programme sees.
    known
        Tiers that keep their values.
    floor
        What each matched mentee has at least, or pays for.
    clock
        The deadline.
    """
    from scipy.optimize import linprog

    rows, limits = _rows(problem, core, known, floor)
    m, e = problem.n_mentees, len(core)
    least = np.concatenate([is_required(problem)[core].astype(float), np.zeros(2 * m)])
    most = np.concatenate([np.ones(e + m), np.full(m, np.inf)])
    cost = np.concatenate([-problem.weight[core] / problem.unit, np.zeros(m), np.full(m, DEAREST)])
    call: Any = linprog
    told = call(
        cost,
        A_ub=rows,
        b_ub=limits,
        bounds=np.stack([least, most], axis=1),
        method="highs",
        options={} if clock.limit is None else {"time_limit": max(clock.left, 0.01)},
    )
    return None if told.status != 0 else np.maximum(0.0, -told.ineqlin.marginals[:m])


def _rows(
    problem: Problem, core: NDArray[np.intp], known: Sequence[TierProof], floor: int
) -> tuple[Any, NDArray[np.float64]]:
    """Rows over pairs, over who is matched and over what each mentee lacks, and their limits."""
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    n, m, e = problem.n_mentors, problem.n_mentees, len(core)
    loads, columns, one = problem.loads, np.arange(e), np.ones(e)
    by_mentor = csr_array((one, (problem.mentor[core], columns)), shape=(n, e))
    by_mentee = csr_array((one, (problem.mentee[core], columns)), shape=(m, e))
    weight = problem.weight[core] / problem.unit
    weights = csr_array((weight, (problem.mentee[core], columns)), shape=(m, e))
    has, none_n, none_m = eye_array(m), csr_array((n, m)), csr_array((m, m))
    parts: list[tuple[Any, Any]] = [
        (hstack([-weights, floor / problem.unit * has, -has]), np.zeros(m)),
        (hstack([by_mentor, none_n, none_n]), loads.mentor_capacity),
        (hstack([-by_mentor, none_n, none_n]), -loads.mentor_minimum),
        (hstack([by_mentee, -has * loads.mentee_capacity[:, None], none_m]), np.zeros(m)),
        (hstack([-by_mentee, has, none_m]), np.zeros(m)),
        (hstack([-by_mentee, none_m, none_m]), -loads.mentee_minimum),
    ]
    for proof in known:
        row = _row(problem, proof.tier, e)
        if row is not None:
            parts.append((csr_array(-row[None, :]), [-proof.value]))
    limits = np.concatenate([np.asarray(limit, float) for _, limit in parts])
    return vstack([rows for rows, _ in parts]).tocsr(), limits


def _row(problem: Problem, tier: str, pairs: int) -> NDArray[np.float64] | None:
    """What each pair, and each mentee who is matched, adds to a tier; None where that is not said here."""
    none = np.zeros(problem.n_mentees)
    if tier == "pairs":
        return np.concatenate([np.ones(pairs), none, none])
    if tier == "mentees":
        return np.concatenate([np.zeros(pairs), none + 1, none])
    if tier == "must_match":
        return np.concatenate([np.zeros(pairs), problem.must_match.astype(float), none])
    return None
