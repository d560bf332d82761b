"""Coaches chosen together with the pairs: against trying everything, and what prices prove."""

from __future__ import annotations

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError
from pairmatch.problem import MINIMUMS, Problem, Solution, TierProof
from pairmatch.solver import solve
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.referee import tier_values
from pairmatch.testing.strategies import problems

LINEAR = ("must_match", "mentees", "mentors", "pairs", "coached", "total")

linear = st.one_of(
    st.sampled_from(
        [
            ("must_match", "mentees", "coached", "total"),
            ("mentees", "total"),
            ("coached", "total"),
            ("total", "coached", "pairs"),
        ]
    ),
    st.lists(st.sampled_from(LINEAR), min_size=1, unique=True).map(tuple),
)


def solved(problem: Problem) -> Solution | None:
    """The solution, or None where the solver says that there is none."""
    try:
        return solve(problem)
    except InfeasibleError:
        return None


def agrees(problem: Problem) -> Solution | None:
    """The solution, held against trying every matching with every choice of coaches."""
    best, solution = brute_force_problem(problem), solved(problem)
    assert (best is None) == (solution is None)
    if best is None or solution is None:
        return None
    pairs, coached = solution.pairs.tolist(), solution.coached.tolist()
    assert not faults(problem, [(i, j) for i, j in pairs], [(k, c) for k, c in coached])
    told = tier_values(problem, [(i, j) for i, j in pairs], [(k, c) for k, c in coached])
    for proof, value in zip(solution.tiers, best.values, strict=True):
        assert proof.value == value == told[proof.tier]
        assert proof.value == proof.bound <= proof.verified_bound
    return solution


@settings(max_examples=250)
@given(problems(max_mentors=3, max_mentees=4, objective=linear, hours=False, coaching=True))
def test_linear_tiers_agree_with_brute_force(problem: Problem) -> None:
    """Values and bounds are those of the best of all matchings with all coaches."""
    solution = agrees(problem)
    if solution is None:
        return
    for proof in solution.tiers:
        event(f"{proof.tier} by {proof.kind}")
        values = {one.tier: one.value for one in solution.tiers}
        assert plain_bound(problem, proof, values) == proof.verified_bound


def plain_bound(problem: Problem, proof: TierProof, values: dict[str, int]) -> int:
    """The bound of a linear tier, pair by pair, from the formula alone."""
    loads, coaching = problem.loads, problem.coaching
    assert coaching is not None
    times = {**proof.multipliers, proof.tier: proof.scale}
    values = {**values, MINIMUMS: int(loads.mentor_minimum.sum() + loads.mentee_minimum.sum())}
    u, v = proof.mentor_prices.tolist(), proof.mentee_prices.tolist()
    w = proof.coach_prices.tolist() or [0] * len(coaching.capacity)
    required = {(i, j) for i, j in loads.required.tolist()}
    full = [
        {
            k
            for k, (mine, most) in enumerate(zip(own.tolist(), capacity.tolist(), strict=True))
            if mine >= most
        }
        for own, capacity in zip(used(problem), (loads.mentor_capacity, loads.mentee_capacity), strict=True)
    ]
    bound = sum(price * most for price, most in zip(w, coaching.capacity.tolist(), strict=True))
    for i, j, weight in zip(
        problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True
    ):
        gain = times.get("total", 0) * weight + times.get("pairs", 0)
        coached = [
            times.get("coached", 0)
            + times.get("total", 0) * int(coaching.mentor_score[i, c] + coaching.mentee_score[j, c])
            - w[c]
            for c in range(len(w))
            if coaching.mentor_allowed[i, c] and coaching.mentee_allowed[j, c]
        ]
        reduced = gain + max([0, *coached]) - u[i] - v[j]
        if (i, j) in required:
            bound += reduced
        elif i not in full[0] and j not in full[1]:
            bound += max(0, reduced)
    firsts = (
        [times.get("mentors", 0)] * problem.n_mentors,
        [times.get("mentees", 0) + times.get("must_match", 0) * int(on) for on in problem.must_match],
    )
    sides = (
        (u, firsts[0], loads.mentor_minimum, used(problem)[0], loads.mentor_capacity),
        (v, firsts[1], loads.mentee_minimum, used(problem)[1], loads.mentee_capacity),
    )
    for prices, first, minimum, least, most in sides:
        for price, gain, low, few, many in zip(prices, first, minimum, least, most, strict=True):
            filled = times.get(MINIMUMS, 0)
            bound += max(
                gain * (load >= 1) + filled * min(load, int(low)) + price * load
                for load in range(int(few), int(many) + 1)
            )
    bound -= sum(often * values[tier] for tier, often in proof.multipliers.items())
    return bound // proof.scale


def used(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Required pairs of each person."""
    required = problem.loads.required
    return (
        np.bincount(required[:, 0], minlength=problem.n_mentors),
        np.bincount(required[:, 1], minlength=problem.n_mentees),
    )


@settings(max_examples=120)
@given(problems(max_mentors=3, max_mentees=3, hours=None, groups=None, coaching=True))
def test_every_mixture_agrees_with_brute_force(problem: Problem) -> None:
    """With groups, even loads, hours and floors too."""
    agrees(problem)
