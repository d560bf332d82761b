"""A tier's bound, computed pair by pair in plain Python from the formula in TierProof."""

from __future__ import annotations

from pairmatch.problem import MINIMUMS, Problem, TierProof


def bound_by_prices(problem: Problem, proof: TierProof, values: dict[str, int], floor: int | None) -> int:
    """The bound that the prices prove by weak duality."""
    times = (
        {**proof.multipliers} if proof.tier in ("worst", "leximin") else {**proof.multipliers, proof.tier: 1}
    )
    u, v = proof.mentor_prices.tolist(), proof.mentee_prices.tolist()
    required = {tuple(pair) for pair in problem.loads.required.tolist()}
    used = [
        [sum(pair[side] == k for pair in required) for k in range(n)]
        for side, n in enumerate(_sizes(problem))
    ]
    total = 0
    for i, j, w in zip(
        problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True
    ):
        gain = times.get("total", 0) * w + times.get("pairs", 0) - u[i] - v[j]
        open_ = (
            used[0][i] < problem.loads.mentor_capacity[i] and used[1][j] < problem.loads.mentee_capacity[j]
        )
        if (i, j) in required:
            total += gain
        elif open_ and (floor is None or w >= floor):
            total += max(0, gain)
    loads = problem.loads
    sides = (
        (
            u,
            used[0],
            loads.mentor_capacity,
            loads.mentor_minimum,
            [times.get("mentors", 0)] * problem.n_mentors,
        ),
        (v, used[1], loads.mentee_capacity, loads.mentee_minimum, _first(problem, times)),
    )
    for prices, least, most, minimum, first in sides:
        for k, price in enumerate(prices):
            total += max(
                first[k] * (load >= 1) + times.get(MINIMUMS, 0) * min(load, int(minimum[k])) + price * load
                for load in range(least[k], int(most[k]) + 1)
            )
    return total - sum(multiplier * values[tier] for tier, multiplier in proof.multipliers.items())


def _first(problem: Problem, times: dict[str, int]) -> list[int]:
    return [times.get("mentees", 0) + times.get("must_match", 0) * int(must) for must in problem.must_match]


def _sizes(problem: Problem) -> tuple[int, int]:
    return problem.n_mentors, problem.n_mentees
