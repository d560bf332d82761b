"""A tier's bound, computed pair by pair in plain Python from the formula in TierProof."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from pairmatch.problem import MINIMUMS, Problem, TierProof


def bound_by_prices(problem: Problem, proof: TierProof, values: dict[str, int], floor: int | None) -> int:
    """The bound that the prices prove by weak duality."""
    times = {**proof.multipliers}
    if proof.tier not in ("worst", "leximin"):
        times[proof.tier] = proof.scale
    u, v = proof.mentor_prices.tolist(), proof.mentee_prices.tolist()
    required = {tuple(pair) for pair in problem.loads.required.tolist()}
    used = [
        [sum(pair[side] == k for pair in required) for k in range(n)]
        for side, n in enumerate(_sizes(problem))
    ]
    total, over = 0, [dict[int, int]() for _ in u]
    for k, (i, j, w) in enumerate(
        zip(problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True)
    ):
        gain = times.get("total", 0) * w + times.get("pairs", 0) - u[i] - v[j]
        gain += of_running(problem, times, i, j)
        open_ = (
            used[0][i] < problem.loads.mentor_capacity[i] and used[1][j] < problem.loads.mentee_capacity[j]
        )
        if (i, j) in required:
            total += gain
        elif open_ and (floor is None or w >= floor):
            total += 0 if proof.bundles else max(0, gain)
            over[i][k] = gain
    loads = problem.loads
    sides = (
        (
            u,
            used[0],
            loads.mentor_capacity,
            loads.mentor_minimum,
            [times.get("mentors", 0) + of_waiting(problem, times, 0, i) for i in range(problem.n_mentors)],
        ),
        (v, used[1], loads.mentee_capacity, loads.mentee_minimum, _first(problem, times)),
    )
    if proof.bundles:
        assert not proof.mentor_prices.any()
        total += sum(_best_bundle(problem, times, i, over[i]) for i in range(problem.n_mentors))
    for prices, least, most, minimum, first in sides[proof.bundles :]:
        for k, price in enumerate(prices):
            total += max(
                first[k] * (load >= 1) + times.get(MINIMUMS, 0) * min(load, int(minimum[k])) + price * load
                for load in range(least[k], int(most[k]) + 1)
            )
    total -= sum(multiplier * values[tier] for tier, multiplier in proof.multipliers.items())
    return total // proof.scale


def _best_bundle(problem: Problem, times: dict[str, int], mentor: int, gain: dict[int, int]) -> int:
    """The best that one mentor can do alone, by trying all sets of pairs."""
    loads = problem.loads
    required = [j for i, j in loads.required.tolist() if i == mentor]
    hours = _hours(problem)
    left = _budget(problem, mentor) - sum(hours[mentor, j] for j in required)
    cost = {k: hours[mentor, int(problem.mentee[k])] for k in gain}
    most, best = int(loads.mentor_capacity[mentor]) - len(required), -(10**18)
    for count in range(min(most, len(gain)) + 1):
        load = count + len(required)
        side = (times.get("mentors", 0) + of_waiting(problem, times, 0, mentor)) * (load >= 1)
        side += times.get(MINIMUMS, 0) * min(load, int(loads.mentor_minimum[mentor]))
        for some in combinations(gain, count):
            if sum(cost[k] for k in some) <= left:
                best = max(best, side + sum(gain[k] for k in some))
    return best


def _budget(problem: Problem, mentor: int) -> int:
    return 0 if problem.loads.mentor_hours is None else int(problem.loads.mentor_hours[mentor])


def _hours(problem: Problem) -> dict[tuple[int, int], int]:
    need = problem.loads.mentee_hours
    costs = problem.pair_hours
    if costs is None:
        costs = np.zeros(len(problem.mentor), np.int64) if need is None else need[problem.mentee]
    where = zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True)
    return dict(zip(where, costs.tolist(), strict=True))


def _first(problem: Problem, times: dict[str, int]) -> list[int]:
    must = [times.get("must_match", 0) * int(must) for must in problem.must_match]
    waited = [of_waiting(problem, times, 1, j) for j in range(problem.n_mentees)]
    return [times.get("mentees", 0) + one + other for one, other in zip(must, waited, strict=True)]


def of_running(problem: Problem, times: dict[str, int], mentor: int, mentee: int) -> int:
    """What a pair gains for running already."""
    earlier = problem.earlier
    if earlier is None or [mentor, mentee] not in earlier.pairs.tolist():
        return 0
    held = bool(earlier.held[earlier.pairs.tolist().index([mentor, mentee])])
    kept = times.get("kept", 0) + times.get("total", 0) * earlier.bonus
    return kept + times.get("held", 0) * held


def of_waiting(problem: Problem, times: dict[str, int], side: int, who: int) -> int:
    """What a person's first pair gains for the rounds they have waited."""
    earlier = problem.earlier
    if earlier is None:
        return 0
    return times.get("waited", 0) * int((earlier.mentors_waited, earlier.mentees_waited)[side][who])


def _sizes(problem: Problem) -> tuple[int, int]:
    return problem.n_mentors, problem.n_mentees
