"""Mentors' hours, beside one monolithic model: python -m benchmarks.hours 1000 --classic --peers --limit 60.

Programmes have half as many mentors as mentees, needs of 1 to 3 hours, budgets of 2 to 10, places for 1 to 4,
and some 17 pairs for each mentee: the best ones of each person by vectors that tell how well two fit, some
mentors being popular. ``--classic`` adds generalised-assignment instances of the kinds C, D and E, as they
are drawn in the literature: every job with an agent, within the agents' resources. ``--seeds`` of
them are drawn for each size.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.monolith import NO_BOUND, WORKERS, Answer
from pairmatch.problem import RESOLUTION, Loads, Problem

SIZES = {
    "c": ((5, 15), (5, 20), (5, 25), (5, 30), (8, 24), (8, 32), (8, 40), (8, 48), (10, 30), (10, 60)),
    "d": ((5, 30), (5, 100)),
    "e": ((5, 30), (5, 100)),
}
TRAITS, BLOCK, BARRED = 12, 500, 0.45
BASE, FIT, POPULAR = 0.4, 0.05, 0.08
BEST_OF_MENTEE, BEST_OF_MENTOR = 6, 24
OURS = "pairmatch"

Ints = NDArray[np.int64]


def programme(mentees: int, seed: int = 1, objective: tuple[str, ...] = ("total",)) -> Problem:
    """Mentees with needs of 1 to 3 hours, and half as many mentors with budgets."""
    draw, mentors = np.random.default_rng([seed, mentees]), mentees // 2
    ours, theirs = (draw.normal(size=(n, TRAITS)).astype(np.float32) for n in (mentors, mentees))
    popular = POPULAR * draw.normal(size=mentors).astype(np.float32)
    keys, worth = [], []
    for begin in range(0, mentors, BLOCK):
        part = slice(begin, min(begin + BLOCK, mentors))
        fit = BASE + FIT * ours[part] @ theirs.T + popular[part, None]
        fit[draw.random(fit.shape, np.float32) < BARRED] = -1
        keys.append(_best(fit, BEST_OF_MENTOR, begin, mentees))
        worth.append(fit.ravel()[keys[-1] - begin * mentees])
    for begin in range(0, mentees, BLOCK):
        part = slice(begin, min(begin + BLOCK, mentees))
        fit = (BASE + FIT * ours @ theirs[part].T + popular[:, None]).T
        fit[draw.random(fit.shape, np.float32) < BARRED] = -1
        column, mentor = np.divmod(_best(fit, BEST_OF_MENTEE, 0, mentors), mentors)
        keys.append(mentor * mentees + begin + column)
        worth.append(fit[column, mentor])
    key, first = np.unique(np.concatenate(keys), return_index=True)
    weight = np.concatenate(worth)[first]
    key, weight = key[weight >= 0], np.clip(weight[weight >= 0], 0, 1)
    mentor, mentee = np.divmod(key, mentees)
    needs, budgets = draw.integers(1, 4, mentees) * 100, draw.integers(2, 11, mentors) * 100
    places = draw.integers(1, 5, mentors)
    units = np.rint(1000 * weight).astype(np.int64) * (RESOLUTION // 1000)
    return problem(mentor, mentee, units, (places, np.ones(mentees, np.int64)), budgets, needs, objective)


def _best(fit: NDArray[Any], most: int, begin: int, width: int) -> Ints:
    """Keys of the largest few of each row."""
    most = min(most, fit.shape[1])
    column = np.argpartition(fit, -most, axis=1)[:, -most:]
    return np.asarray(((begin + np.arange(len(fit)))[:, None] * width + column).ravel(), np.int64)


def classic(kind: str, agents: int, jobs: int, seed: int = 1) -> Problem:
    """A generalised-assignment instance; the costs of the kinds D and E are turned into gains."""
    draw = np.random.default_rng([seed, agents, jobs, ord(kind)])
    shape = agents, jobs
    if kind == "c":
        need, gain = draw.integers(5, 26, shape), draw.integers(15, 26, shape)
    elif kind == "d":
        need = draw.integers(1, 101, shape)
        cost = 111 - need + draw.integers(-10, 11, shape)
        gain = cost.max() + 1 - cost
    else:
        need = np.maximum(1, np.rint(1 - 10 * np.log(1 - draw.random(shape)))).astype(np.int64)
        cost = np.rint(1000 / need - 10 * draw.random(shape)).astype(np.int64)
        gain = cost.max() + 1 - cost
    budgets = (0.8 * need.sum(axis=1) / agents).astype(np.int64) * 100
    mentor, mentee = np.divmod(np.arange(agents * jobs), jobs)
    places = np.full(agents, jobs), np.ones(jobs, np.int64)
    weight = gain.ravel().astype(np.int64) * (RESOLUTION // 1000)
    return problem(mentor, mentee, weight, places, budgets, None, ("pairs", "total"), 100 * need.ravel())


def problem(
    mentor: Ints,
    mentee: Ints,
    weight: Ints,
    places: tuple[Ints, Ints],
    budgets: Ints,
    needs: Ints | None,
    objective: tuple[str, ...],
    costs: Ints | None = None,
) -> Problem:
    """A problem without minimums or required pairs; hours by mentee or by pair."""
    none = np.zeros(len(places[1]), np.int64)
    loads = Loads(
        *places,
        np.zeros(len(places[0]), np.int64),
        none,
        mentee_hours=none if needs is None else needs,
        mentor_hours=budgets,
    )
    sides = mentor.astype(np.int32), mentee.astype(np.int32)
    return Problem(*sides, weight, loads, np.zeros(len(none), bool), objective, pair_hours=costs)


def hours(problem: Problem) -> Ints:
    """Of each pair."""
    if problem.pair_hours is not None:
        return problem.pair_hours
    needs = problem.loads.mentee_hours
    return np.zeros(len(problem.mentor), np.int64) if needs is None else needs[problem.mentee]


def worth(problem: Problem, taken: NDArray[np.intp]) -> int:
    """The total, counted anew; raises where somebody has too much."""
    mentor, mentee, loads = problem.mentor[taken], problem.mentee[taken], problem.loads
    spent = np.bincount(mentor, hours(problem)[taken], problem.n_mentors)
    if (np.bincount(mentor, minlength=problem.n_mentors) > loads.mentor_capacity).any():
        raise ValueError("a mentor has too many pairs")
    if (np.bincount(mentee, minlength=problem.n_mentees) > loads.mentee_capacity).any():
        raise ValueError("a mentee has too many pairs")
    if loads.mentor_hours is not None and (spent > loads.mentor_hours).any():
        raise ValueError("a mentor spends too many hours")
    return int(problem.weight[taken].sum())


def rows(problem: Problem) -> tuple[csr_array, Ints]:
    """Hours and places of mentors, places of mentees: rows over pairs, and what they may be at the most."""
    n, count, loads = problem.n_mentors, len(problem.mentor), problem.loads
    row = np.concatenate([problem.mentor, n + problem.mentor, 2 * n + problem.mentee])
    entries = np.concatenate([hours(problem), np.ones(2 * count, np.int64)])
    shape = (2 * n + problem.n_mentees, count)
    table = csr_array((entries, (row, np.tile(np.arange(count), 3))), shape=shape)
    budgets = np.full(n, hours(problem).sum()) if loads.mentor_hours is None else loads.mentor_hours
    return table, np.concatenate([budgets, loads.mentor_capacity, loads.mentee_capacity])


def cp_sat(problem: Problem, pairs: int, limit: float) -> Answer:
    """One CP-SAT model with two workers; ``pairs`` must be made, if that is above 0."""
    from ortools.sat.python import cp_model

    before = time.perf_counter()
    program = cp_model.CpModel()
    x = [program.new_bool_var("") for _ in problem.weight]
    table, most = rows(problem)
    for k in range(len(most)):
        part = slice(table.indptr[k], table.indptr[k + 1])
        terms = [x[c] for c in table.indices[part]], table.data[part]
        program.add(cp_model.LinearExpr.weighted_sum(*terms) <= int(most[k]))
    if pairs:
        program.add(sum(x) == pairs)
    program.maximize(cp_model.LinearExpr.weighted_sum(x, problem.weight))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = WORKERS, limit
    found = solver.solve(program) in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    seconds = time.perf_counter() - before
    taken = np.flatnonzero([solver.value(each) for each in x]) if found else None
    return answer(problem, taken, solver.best_objective_bound, seconds)


def highs(problem: Problem, pairs: int, limit: float) -> Answer:
    """One model for the HiGHS inside of scipy."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    before = time.perf_counter()
    table, most = rows(problem)
    some = np.ones((1, len(problem.weight)))
    made = [LinearConstraint(some, pairs, pairs)] if pairs else []
    done = milp(
        -problem.weight.astype(float),
        integrality=np.ones(len(problem.weight)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(table, -np.inf, most), *made],
        options={"time_limit": limit, "mip_rel_gap": 0.0},
    )
    seconds = time.perf_counter() - before
    taken = None if done.x is None else np.flatnonzero(done.x > 0.5)
    return answer(problem, taken, None if done.mip_dual_bound is None else -done.mip_dual_bound, seconds)


def answer(problem: Problem, taken: NDArray[np.intp] | None, bound: float | None, seconds: float) -> Answer:
    """The answer with its total counted anew."""
    told = None if bound is None or abs(bound) > NO_BOUND else int(np.floor(bound + 1e-6))
    if taken is None:
        return Answer(None, told, seconds, np.empty((0, 2), np.int64))
    pairs = np.column_stack([problem.mentor[taken], problem.mentee[taken]]).astype(np.int64)
    return Answer(worth(problem, taken), told, seconds, pairs)


def ours(problem: Problem, limit: float | None = None) -> Answer:
    """The solver of pairmatch: the tiers of the problem's objective, the last of which is the total."""
    from pairmatch.solver import solve

    before = time.perf_counter()
    solution = solve(problem, time_limit=limit)
    seconds = time.perf_counter() - before
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    taken = np.searchsorted(keys, solution.pairs[:, 0] * problem.n_mentees + solution.pairs[:, 1])
    total = solution.tiers[-1]
    if worth(problem, taken) != total.value:
        raise ValueError(f"pairmatch says {total.value}, the recount {worth(problem, taken)}")
    return Answer(total.value, total.bound, seconds, solution.pairs)


PEERS: MappingProxyType[str, Callable[[Problem, int, float], Answer]] = MappingProxyType(
    {"CP-SAT": cp_sat, "HiGHS": highs}
)


def answered(name: str, case: tuple[Any, ...], limit: float, pairs: int) -> Answer:
    """One solver's answer to a programme or a classic instance; the clock runs once that is drawn."""
    drawn = programme(*case) if len(case) == 2 else classic(*case)
    return ours(drawn, limit) if name == OURS else PEERS[name](drawn, pairs, limit)


def apart(name: str, *arguments: Any) -> Answer:
    """The same in a process of its own: solvers do not share memory, threads or libraries."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(answered, name, *arguments).result()


def table(cases: list[tuple[Any, ...]], limit: float, peers: list[str]) -> Iterator[str]:
    """One line for each solver: how many proven, the mean gap and time, and both relative to pairmatch's."""
    yield f"{'':<10}{'proven':>8}{'mean gap':>12}{'mean s':>9}{'longest':>9}{'time x':>8}{'gap x':>9}"
    own = [apart(OURS, case, limit, 0) for case in cases]
    yield line(OURS, own, own)
    for name in peers:
        yield line(
            name, [apart(name, case, limit, made(case, o)) for case, o in zip(cases, own, strict=True)], own
        )


def made(case: tuple[Any, ...], own: Answer) -> int:
    """How many pairs a peer must make: all jobs of a classic instance."""
    return 0 if len(case) == 2 else len(own.pairs)


def line(name: str, answers: list[Answer], own: list[Answer]) -> str:
    """A line of the table; gaps in percent, 100 where nothing was found."""
    gaps, ours_ = ([1.0 if a.gap is None else a.gap for a in some] for some in (answers, own))
    gap, least = float(np.mean(gaps)), float(np.mean(ours_))
    seconds, mine = ([a.seconds for a in some] for some in (answers, own))
    slower = f"{np.mean(seconds) / np.mean(mine):.1f}"
    wider = f"{gap / least:,.0f}" if least and gap else ""
    proven = f"{sum(not g for g in gaps)}/{len(gaps)}"
    times = f"{np.mean(seconds):>9.2f}{max(seconds):>9.2f}"
    return f"{name:<10}{proven:>8}{100 * gap:>10.5f} %{times}{slower:>8}{wider:>9}"


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hours", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", help="mentees of programmes")
    parser.add_argument("--classic", nargs="*", choices=[*SIZES], help="kinds of classic instances")
    parser.add_argument("--peers", action="store_true", help="also one CP-SAT and one HiGHS model")
    parser.add_argument("--limit", type=float, default=60, help="seconds for each solver")
    parser.add_argument("--seeds", type=int, default=1, help="how many are drawn of each size")
    chosen = parser.parse_args(arguments)
    peers, seeds = list(PEERS) if chosen.peers else [], range(1, chosen.seeds + 1)
    groups: list[tuple[str, list[tuple[Any, ...]]]] = [
        (f"{size:,} mentees", [(size, seed) for seed in seeds]) for size in chosen.sizes
    ]
    kinds = ["c"] if chosen.classic == [] else chosen.classic or []
    groups += [
        (f"classic {kind.upper()}", [(kind, *shape, seed) for shape in SIZES[kind] for seed in seeds])
        for kind in kinds
    ]
    for name, cases in groups:
        print(name, flush=True)
        for each in table(cases, chosen.limit, peers):
            print(each, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
