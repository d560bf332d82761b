"""`Traded`: the best total at every number that is served, against trying every matching."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairmatch.problem import Problem
from pairmatch.solver import solve
from pairmatch.solver.traded import Traded, is_tradable
from pairmatch.testing.oracle import every_matching, tier_scores
from pairmatch.testing.strategies import problems

KEPT = [(), ("must_match",), ("mentors",), ("must_match", "mentors"), ("pairs",)]


def traded(problem: Problem, tier: str, time_limit: float | None = None) -> tuple[Traded, range] | None:
    """The curve, and the numbers between its ends; None where there is nothing between them."""
    kept = problem.objective[:-1]
    ends = []
    for tiers in ((*kept, "total", tier), (*kept, tier, "total")):
        solution = solve(replace(problem, objective=tiers))
        values = {proof.tier: proof.value for proof in solution.tiers}
        ends.append((values[tier], values["total"]))
    if ends[0][0] >= ends[1][0]:
        return None
    proofs = solution.tiers[: len(kept)]
    return Traded(problem, tier, proofs, (ends[0], ends[1]), time_limit=time_limit), range(
        *(n for n, _ in ends)
    )


@settings(max_examples=max(15, settings().max_examples // 4))
@given(problems(), st.sampled_from(["mentees", "pairs", "mentors"]), st.sampled_from(KEPT))
def test_every_number_has_its_best_total(problem: Problem, tier: str, kept: tuple[str, ...]) -> None:
    """With the earlier tiers kept, and at least so many served, no matching has a better total."""
    assume(tier not in kept)
    loads = replace(problem.loads, mentor_hours=None, mentee_hours=None)
    problem = replace(
        problem, objective=(*kept, "total"), groups=(), evens=(), coaching=None, loads=loads, pair_hours=None
    )
    assert is_tradable(problem)
    matchings = every_matching(problem)
    assume(len(matchings.loads))
    for name in kept:
        scores = tier_scores(problem, matchings, name)
        matchings = matchings.where(scores == scores.max())
    found = traded(problem, tier)
    event("a curve" if found else "a point")
    if found is None:
        return
    served, total = (tier_scores(problem, matchings, name) for name in (tier, "total"))
    for count in found[1]:
        assert found[0].best(count) == (total[served >= count].max(), total[served >= count].max())
    assert not found[0].stopped


def test_a_deadline_leaves_a_bound() -> None:
    """What is known when the time is up is a matching that serves more, and the best total of all."""
    drawn = np.random.default_rng(1)
    shape = 6, 9
    places = np.indices(shape).reshape(2, -1).astype(np.int32)
    from pairmatch.problem import Loads

    ones = [np.full(n, c, np.int64) for n, c in zip(shape, (1, 3), strict=True)]
    loads = Loads(*ones, np.zeros(6, np.int64), np.zeros(9, np.int64))
    weight = drawn.integers(0, 1000, 54)
    problem = Problem(*places, weight, loads, np.zeros(9, np.bool_), ("total",))
    whole, cut = traded(problem, "mentees"), traded(problem, "mentees", time_limit=1e-9)
    assert whole is not None
    assert cut is not None
    assert cut[0].stopped
    for count in list(whole[1])[1:]:
        best, bound = whole[0].best(count)
        known, above = cut[0].best(count)
        assert known <= best == bound <= above
