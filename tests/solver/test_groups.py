"""Groups and even loads against trying every matching: values, feasibility, and what the prices prove."""

from __future__ import annotations

import numpy as np
from hypothesis import event, given, settings

from pairmatch.errors import InfeasibleError
from pairmatch.groups import span
from pairmatch.problem import MINIMUMS, Problem, Solution, TierProof
from pairmatch.solver import solve
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.strategies import problems
from tests.solver.plain import of_running, of_waiting

MANY = max(120, settings.default.max_examples if settings.default else 0)


def solved(problem: Problem) -> Solution | None:
    """The solution, or None where the solver says that there is none."""
    try:
        return solve(problem)
    except InfeasibleError:
        return None


@settings(max_examples=MANY)
@given(problems(groups=True, max_mentors=4, max_mentees=4))
def test_every_mixture_agrees_with_brute_force(problem: Problem) -> None:
    """With hours, floors, minimums and required pairs: the best values, proven, or that there are none."""
    best, solution = brute_force_problem(problem), solved(problem)
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        event("no valid matching")
        return
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values
    assert not faults(problem, [tuple(pair) for pair in solution.pairs.tolist()])
    assert not any(proof.canonical for proof in solution.tiers if problem.groups)


@settings(max_examples=MANY)
@given(problems(groups=True, hours=False))
def test_prices_prove_the_verified_bound(problem: Problem) -> None:
    """Weak duality with prices on groups, recomputed pair by pair, gives exactly the claimed bound."""
    solution = solved(problem)
    if solution is None or {"worst", "leximin"} & set(problem.objective):
        return
    loads = problem.loads
    values = {proof.tier: proof.value for proof in solution.tiers}
    values[MINIMUMS] = int(loads.mentor_minimum.sum() + loads.mentee_minimum.sum())
    for proof in solution.tiers:
        event(f"{proof.kind} {proof.tier}")
        assert plain_bound(problem, proof, values) == proof.verified_bound
        assert proof.value <= proof.bound <= proof.verified_bound
        assert (proof.kind == "prices") == (proof.value == proof.verified_bound)


def plain_bound(problem: Problem, proof: TierProof, values: dict[str, int]) -> int:
    """The bound of TierProof's formula, in plain Python."""
    times = {**proof.multipliers, proof.tier: proof.scale}
    prices = proof.group_prices.tolist() or [0] * len(problem.groups)
    tau = times.get("total", 0) + times.get("spread", 0)
    required = {tuple(pair) for pair in problem.loads.required.tolist()}
    used = [
        [sum(pair[side] == who for pair in required) for who in range(n)]
        for side, n in enumerate(sizes(problem))
    ]
    bound = 0
    bundles: list[list[int]] = [[] for _ in range(problem.n_mentors)]
    for i, j, weight in zip(
        problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True
    ):
        gain = times.get("total", 0) * weight + times.get("pairs", 0) + of_running(problem, times, i, j)
        for group, price in zip(problem.groups, prices, strict=True):
            if group.pairs is not None:
                gain -= price * int(group.pairs.cells[group.pairs.mentor[i], group.pairs.mentee[j]])
        gain -= int(proof.mentor_prices[i] + proof.mentee_prices[j])
        free = used[0][i] < problem.loads.mentor_capacity[i] and used[1][j] < problem.loads.mentee_capacity[j]
        if (i, j) in required or not free:
            bound += gain if (i, j) in required else 0
        elif proof.bundles:
            bundles[i].append(gain)
        else:
            bound += max(0, gain)
    for side in (0, 1):
        for who in range(sizes(problem)[side]):
            own = sorted(bundles[who], reverse=True) if proof.bundles and side == 0 else None
            bound += best_of_person(problem, proof, times, prices, tau, side, who, used[side][who], own)
    for group, price in zip(problem.groups, prices, strict=True):
        low, high = span(group, problem.loads)
        bound += max(
            price * count - tau * group.price * group.short(count)
            for count in range(low, high + 1)
            if group.holds(count)
        )
    return (bound - sum(often * values[tier] for tier, often in proof.multipliers.items())) // proof.scale


def best_of_person(
    problem: Problem,
    proof: TierProof,
    times: dict[str, int],
    prices: list[int],
    tau: int,
    side: int,
    who: int,
    least: int,
    bundle: list[int] | None,
) -> int:
    """The most that a person's load can gain at their price; with the best pairs of a bundle."""
    loads, name = problem.loads, ("mentors", "mentees")[side]
    first = times.get(name, 0) + of_waiting(problem, times, side, who)
    if side == 1 and problem.must_match[who]:
        first += times.get("must_match", 0)
    for group, price in zip(problem.groups, prices, strict=True):
        own = group.mentors if side == 0 else group.mentees
        first -= price * int(own[who]) if own is not None else 0
    minimum = int((loads.mentor_minimum, loads.mentee_minimum)[side][who])
    capacity = int((loads.mentor_capacity, loads.mentee_capacity)[side][who])
    price = int((proof.mentor_prices, proof.mentee_prices)[side][who])
    evens = [even for even in problem.evens if even.side == name]
    most = capacity if bundle is None else min(capacity, least + len(bundle))
    return max(
        (first if load else 0)
        + sum(bundle[: load - least] if bundle else [])
        + times.get(MINIMUMS, 0) * min(load, minimum)
        + price * load
        - tau * sum(even.price * max(0, load - int(even.load[who])) for even in evens)
        for load in range(least, most + 1)
    )


def sizes(problem: Problem) -> tuple[int, int]:
    """Persons per side."""
    return problem.n_mentors, problem.n_mentees


@settings(max_examples=MANY // 4)
@given(problems(groups=True))
def test_the_same_problem_gives_the_same_pairs(problem: Problem) -> None:
    """Nothing random, nothing remembered."""
    one, two = solved(problem), solved(problem)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert np.array_equal(one.pairs, two.pairs)
