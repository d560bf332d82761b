"""Coaches chosen together with the pairs: python -m benchmarks.coaches 400 20 --peer 60.

As many mentors as mentees, seven of ten pairs eligible, and coaches who suit whoever is of another region
than their own. A pair is worth how well two fit, and its coach how well the coach fits both, by vectors of
traits and a little chance; the places of coaches are a tenth more than the pairs. With ``--peer`` one
monolithic CP-SAT model has so many seconds, over everybody's nearest pairs.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Coaching
from pairmatch.problem import RESOLUTION, Loads, Problem, Solution
from pairmatch.solver import solve

TRAITS, REGIONS = 6, 8
ELIGIBLE, SLACK, WORTH = 0.7, 1.1, 1.0

NOBODY = -1
"""In a coach's place: the pair has none."""

Ints = NDArray[np.int64]


def instance(
    people: int, coaches: int, seed: int = 0, *, slack: float = SLACK, worth: float = WORTH
) -> Problem:
    """Seeded; ``slack``: coaches' places for each pair, ``worth``: of the best coach, in perfect pairs."""
    draw = np.random.default_rng(seed)
    mentors, mentees, helpers = (draw.normal(size=(n, TRAITS)) for n in (people, people, coaches))
    weight = _scaled(mentors @ mentees.T, draw, 0.2)
    allowed = draw.random((people, people)) < ELIGIBLE
    home = draw.integers(0, REGIONS, coaches)
    suits = [draw.integers(0, REGIONS, people)[:, None] != home for _ in range(2)]
    scores = [
        np.rint(_scaled(own @ helpers.T, draw, 0.3) * worth / 2).astype(np.int64)
        for own in (mentors, mentees)
    ]
    one, none = np.ones(people, np.int64), np.zeros(people, np.int64)
    capacity = np.full(coaches, int(np.ceil(people * slack / coaches)), np.int64)
    mentor, mentee = np.nonzero(allowed)
    return Problem(
        mentor.astype(np.int32),
        mentee.astype(np.int32),
        np.rint(weight[allowed]).astype(np.int64),
        Loads(one, one, none, none),
        np.zeros(people, bool),
        ("mentees", "coached", "total"),
        coaching=Coaching(capacity, *suits, *scores),
    )


def _scaled(fit: NDArray[Any], draw: np.random.Generator, chance: float) -> NDArray[Any]:
    """From 0 to a perfect pair's weight, a part of it by chance."""
    fit = (fit - fit.min()) / (fit.max() - fit.min())
    return ((1 - chance) * fit + chance * draw.random(fit.shape)) * RESOLUTION


def peer(
    problem: Problem, seconds: float, nearest: int = 30, least: tuple[int, int] = (0, 0)
) -> tuple[int, int]:
    """Total and bound of one CP-SAT model of everybody's nearest pairs with all coaches; two workers.

    ``least``: mentees with a mentor, and pairs with a coach, that it must have.
    """
    from ortools.sat.python import cp_model

    own = problem.coaching
    if own is None:
        raise ValueError("a problem without coaches")
    kept = _nearest(problem, nearest)
    model = cp_model.CpModel()
    terms: list[Any] = []
    of: dict[tuple[str, int], list[Any]] = {}
    for i, j, weight in zip(problem.mentor[kept], problem.mentee[kept], problem.weight[kept], strict=True):
        for c in (NOBODY, *np.flatnonzero(own.mentor_allowed[i] & own.mentee_allowed[j]).tolist()):
            chosen = model.new_bool_var("")
            more = 0 if c == NOBODY else own.mentor_score[i, c] + own.mentee_score[j, c]
            terms.append((chosen, int(weight + more)))
            for who in (("mentor", int(i)), ("mentee", int(j)), ("coach", c)):
                of.setdefault(who, []).append(chosen)
    model.add(sum(variable for variable, _ in terms) >= least[0])
    helped = [of["coach", c] for c in range(len(own.capacity)) if ("coach", c) in of]
    model.add(sum(variable for chosen in helped for variable in chosen) >= least[1])
    for (side, who), chosen in of.items():
        if (side, who) == ("coach", NOBODY):
            continue
        if side == "coach":
            model.add(sum(chosen) <= int(own.capacity[who]))
        else:
            model.add_at_most_one(chosen)
    model.maximize(sum(variable * worth for variable, worth in terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0, int(solver.best_objective_bound)
    return round(solver.objective_value), int(solver.best_objective_bound)


def _nearest(problem: Problem, most: int) -> NDArray[np.intp]:
    order = np.lexsort((-problem.weight, problem.mentor))
    rank = np.arange(len(order)) - np.searchsorted(problem.mentor[order], problem.mentor[order])
    return np.asarray(np.sort(order[rank < most]))


def figures(solution: Solution, seconds: float) -> str:
    """One line: time, total, gap, and what choosing coaches after the pairs would have lost."""
    total = solution.tiers[-1]
    alone = int(solution.stats["one_after_the_other_total"])
    by_prices = (total.verified_bound - total.value) / max(abs(total.verified_bound), 1)
    return (
        f"{seconds:6.2f} s  total {total.value:,}  gap {total.gap:.5%} (by prices {by_prices:.5%})  "
        f"one after the other loses {(total.value - alone) / total.value:.2%}"
    )


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int)
    parser.add_argument("coaches", type=int)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--slack", type=float, default=SLACK)
    parser.add_argument("--worth", type=float, default=WORTH)
    parser.add_argument("--time-limit", type=float, default=None)
    parser.add_argument("--peer", type=float, metavar="SECONDS", help="let one CP-SAT model try as long")
    asked = parser.parse_args(arguments)
    for seed in range(asked.seeds):
        problem = instance(asked.people, asked.coaches, seed, slack=asked.slack, worth=asked.worth)
        start = time.perf_counter()
        solution = solve(problem, time_limit=asked.time_limit)
        print(f"seed {seed}: {figures(solution, time.perf_counter() - start)}")
        if asked.peer:
            start = time.perf_counter()
            total, bound = peer(problem, asked.peer)
            spent, gap = time.perf_counter() - start, (bound - total) / max(bound, 1)
            print(f"  CP-SAT: {spent:6.2f} s  total {total:,}  gap {gap:.5%}")


if __name__ == "__main__":
    main(sys.argv[1:])
