"""One monolithic model of a problem with groups, for CP-SAT and for HiGHS: every pair is a variable."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack, vstack

from pairmatch.groups import Group
from pairmatch.problem import Problem

Ints = NDArray[np.int64]
NO_BOUND = 1e17
Rows = tuple[csr_array, float, float]
WORKERS = 2


@dataclass(frozen=True)
class Answer:
    """What somebody reached: the total and its bound in units (None: nothing), seconds, and its pairs."""

    value: int | None
    bound: int | None
    seconds: float
    pairs: Ints
    mentees: int = 0

    @property
    def gap(self) -> float | None:
        """``(bound - value) / bound``; None where nothing was found or proven."""
        if self.value is None or self.bound is None:
            return None
        return (self.bound - self.value) / max(abs(self.bound), 1)


def worth(problem: Problem, pairs: Ints) -> int:
    """The total, counted anew: weights of the pairs less what the groups' shortfalls cost."""
    mentor, mentee = pairs[:, 0], pairs[:, 1]
    most = problem.loads.mentor_capacity, problem.loads.mentee_capacity
    loads = [np.bincount(side, minlength=len(can)) for side, can in zip((mentor, mentee), most, strict=True)]
    if any((load > can).any() for load, can in zip(loads, most, strict=True)):
        raise ValueError("somebody has too many pairs")
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    at = np.searchsorted(keys, mentor * problem.n_mentees + mentee)
    if not np.array_equal(keys[at], mentor * problem.n_mentees + mentee):
        raise ValueError("a pair is not allowed")
    counts = [group.count(*loads, mentor, mentee) for group in problem.groups]
    if not all(group.holds(count) for group, count in zip(problem.groups, counts, strict=True)):
        raise ValueError("a quota is broken")
    charges = sum(g.price * g.short(count) for g, count in zip(problem.groups, counts, strict=True))
    return int(problem.weight[at].sum()) - charges


@dataclass(frozen=True)
class Model:
    """Maximise ``gain @ x`` with ``low <= rows @ x <= high`` and ``0 <= x <= most``, all x whole.

    First a variable for each pair, then one for each mentor who may have several (has a pair or not), then
    one for each group with a target or limit (how many are short).
    """

    gain: Ints
    rows: csr_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    most: Ints


def model(problem: Problem, mentees: int) -> Model:
    """The model of the total where so many mentees are matched, each at most once."""
    pairs, soft = len(problem.weight), [g for g in problem.groups if g.target is not None]
    several = np.flatnonzero(problem.loads.mentor_capacity > 1)
    width = pairs + len(several) + len(soft)
    numbers = np.arange(pairs)
    ones = np.ones(pairs, np.int64)
    by_mentor = coo_array((ones, (problem.mentor, numbers)), shape=(problem.n_mentors, width)).tocsr()
    by_mentee = coo_array((ones, (problem.mentee, numbers)), shape=(problem.n_mentees, width)).tocsr()
    whole = csr_array(by_mentee.sum(axis=0).reshape(1, -1))
    blocks = [
        (by_mentor, 0, problem.loads.mentor_capacity),
        (by_mentee, 0, problem.loads.mentee_capacity),
        (whole, mentees, mentees),
        *_used(problem, several, width),
        *_counted(problem, soft, several, width),
    ]
    low, high = ([np.broadcast_to(b[k], b[0].shape[0]) for b in blocks] for k in (1, 2))
    gain = np.concatenate(
        [problem.weight, np.zeros(len(several), np.int64), np.array([-g.price for g in soft], np.int64)]
    )
    most = np.concatenate(
        [np.ones(width - len(soft), np.int64), np.array([g.target for g in soft], np.int64)]
    )
    rows = vstack([b[0] for b in blocks], format="csr")
    return Model(gain, rows, np.concatenate(low), np.concatenate(high), most)


def _used(problem: Problem, several: Ints, width: int) -> list[Rows]:
    """A mentor who may have several pairs is used with any of them, and not without."""
    if not len(several):
        return []
    place = np.full(problem.n_mentors, -1)
    place[several] = np.arange(len(several))
    theirs = np.flatnonzero(place[problem.mentor] >= 0)
    numbers, of = np.arange(len(theirs)), place[problem.mentor[theirs]]
    used = len(problem.weight) + of
    ones = np.ones(len(theirs), np.int64)
    entries = np.concatenate([ones, -ones]), (np.tile(numbers, 2), np.concatenate([theirs, used]))
    each = coo_array(entries, shape=(len(theirs), width)).tocsr()
    columns = np.concatenate([len(problem.weight) + np.arange(len(several)), theirs])
    signs = np.concatenate([np.ones(len(several), np.int64), -ones])
    places = np.concatenate([np.arange(len(several)), of]), columns
    not_without = coo_array((signs, places), shape=(len(several), width)).tocsr()
    return [(each, -np.inf, 0), (not_without, -np.inf, 0)]


def _counted(problem: Problem, soft: list[Group], several: Ints, width: int) -> list[Rows]:
    """Each group's count: what is short fills it up to the target; a quota bounds it."""
    single = problem.loads.mentor_capacity <= 1
    blocks = []
    for group in problem.groups:
        of_pairs = np.zeros(len(problem.weight), np.int64)
        of_used = np.zeros(len(several), np.int64)
        if group.mentors is not None:
            of_pairs += np.where(single, group.mentors, 0)[problem.mentor]
            of_used += group.mentors[several]
        if group.mentees is not None:
            of_pairs += group.mentees[problem.mentee]
        if group.pairs is not None:
            of_pairs += group.pairs.of(problem.mentor, problem.mentee)
        short = np.array([int(group is other) for other in soft], np.int64)
        row = hstack([csr_array(part.reshape(1, -1)) for part in (of_pairs, of_used, short)], format="csr")
        low = max((at for at in (group.target, group.least) if at is not None), default=-np.inf)
        blocks.append((row, low, np.inf if group.most is None else group.most))
    return blocks


def cp_sat(problem: Problem, mentees: int, limit: float) -> Answer:
    """One CP-SAT model with two workers."""
    from ortools.sat.python import cp_model

    before = time.perf_counter()
    made, program = model(problem, mentees), cp_model.CpModel()
    x = [program.new_int_var(0, int(most), "") for most in made.most]
    for row, low, high in zip(range(made.rows.shape[0]), made.low, made.high, strict=True):
        part = slice(made.rows.indptr[row], made.rows.indptr[row + 1])
        terms = [x[k] for k in made.rows.indices[part]], made.rows.data[part]
        least = cp_model.INT_MIN if np.isinf(low) else int(low)
        most = cp_model.INT_MAX if np.isinf(high) else int(high)
        program.add_linear_constraint(cp_model.LinearExpr.weighted_sum(*terms), least, most)
    program.maximize(cp_model.LinearExpr.weighted_sum(x, made.gain))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = limit
    found = solver.solve(program) in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    seconds = time.perf_counter() - before
    values = np.array([solver.value(each) for each in x[: len(problem.weight)]]) if found else None
    return answer(problem, values, solver.best_objective_bound, seconds)


def highs(problem: Problem, mentees: int, limit: float) -> Answer:
    """One model for the HiGHS inside of scipy."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    before = time.perf_counter()
    made = model(problem, mentees)
    whole = np.ones(len(made.gain))
    done = milp(
        -made.gain.astype(float),
        integrality=whole,
        bounds=Bounds(0, made.most),
        constraints=LinearConstraint(made.rows, made.low, made.high),
        options={"time_limit": limit, "mip_rel_gap": 0.0},
    )
    seconds = time.perf_counter() - before
    values = None if done.x is None else np.rint(done.x[: len(problem.weight)])
    return answer(problem, values, None if done.mip_dual_bound is None else -done.mip_dual_bound, seconds)


def answer(problem: Problem, values: NDArray[Any] | None, bound: float | None, seconds: float) -> Answer:
    """The answer with its total counted anew."""
    told = None if bound is None or abs(bound) > NO_BOUND else int(np.floor(bound + 1e-6))
    if values is None:
        return Answer(None, told, seconds, np.empty((0, 2), np.int64))
    taken = np.flatnonzero(values > 0)
    pairs = np.column_stack([problem.mentor[taken], problem.mentee[taken]]).astype(np.int64)
    return Answer(worth(problem, pairs), told, seconds, pairs, len(np.unique(pairs[:, 1])))


def ours(problem: Problem, limit: float) -> Answer:
    """The solver of pairmatch: the tiers of the problem's objective, the last of which is the total."""
    from pairmatch.solver import solve

    before = time.perf_counter()
    solution = solve(problem, time_limit=limit)
    seconds = time.perf_counter() - before
    total = solution.tiers[-1]
    if worth(problem, solution.pairs) != total.value:
        raise ValueError(f"pairmatch says {total.value}, the recount {worth(problem, solution.pairs)}")
    return Answer(total.value, total.bound, seconds, solution.pairs, len(np.unique(solution.pairs[:, 1])))


PEERS: MappingProxyType[str, Callable[[Problem, int, float], Answer]] = MappingProxyType(
    {"CP-SAT": cp_sat, "HiGHS": highs}
)
