"""Where quotas stand and time is short: a good matching that keeps them is there nevertheless."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairmatch.groups import Cross, Group
from pairmatch.problem import Ints, Loads, Problem, Solution
from pairmatch.solver import solve
from pairmatch.solver.clock import Clock
from pairmatch.solver.gains import tier_value
from pairmatch.solver.groups.directed import is_valid
from pairmatch.solver.groups.picked import priced_starts, starts
from tests.solver.naive import Naive, only_required

TIERS = ("mentees", "spread", "total")


def crowd(mentors: int, mentees: int, capacity: int, seed: int = 5) -> Problem:
    """Half of all pairs, with targets for mentors of four regions and mentees of three kinds."""
    rng = np.random.default_rng(seed)
    mentor, mentee = np.nonzero(rng.random((mentors, mentees)) < 0.5)
    region, kind = np.arange(mentors) % 4, np.arange(mentees) % 3
    groups = [
        Group("s", f"{k}", mentors=(region == k).astype(np.int64), target=mentees // (k + 2), price=300_000)
        for k in range(4)
    ]
    cells = np.eye(4, 3, dtype=np.int64)
    cross = Cross(region.astype(np.int32), kind.astype(np.int32), cells)
    groups.append(Group("x", "x", pairs=cross, target=mentees // 2, price=150_000))
    one, none = np.ones, np.zeros
    loads = Loads(
        np.full(mentors, capacity), one(mentees, np.int64), none(mentors, np.int64), none(mentees, np.int64)
    )
    return Problem(
        mentor.astype(np.int32),
        mentee.astype(np.int32),
        rng.integers(0, 10**6, len(mentor)),
        loads,
        np.zeros(mentees, bool),
        TIERS,
        groups=tuple(groups),
    )


def with_quotas(problem: Problem, *quotas: Group) -> Problem:
    """The problem with more groups."""
    return replace(problem, groups=(*problem.groups, *quotas))


def chosen(problem: Problem, most: int) -> Group:
    """A quota over all mentors."""
    return Group("chosen", "mentors", mentors=np.ones(problem.n_mentors, np.int64), most=most)


def among(n: int, of: int, rest: int) -> Ints:
    """Ones for every so many."""
    return (np.arange(n) % of == rest).astype(np.int64)


def check(problem: Problem, solution: Solution) -> None:
    """Valid pairs, values that are theirs, bounds that hold."""
    keys = problem.mentor.astype(np.int64) * problem.n_mentees + problem.mentee
    pairs = np.searchsorted(keys, solution.pairs[:, 0] * problem.n_mentees + solution.pairs[:, 1])
    assert is_valid(problem, pairs)
    for proof in solution.tiers:
        assert tier_value(problem, proof.tier, pairs) == proof.value
        assert proof.value <= proof.bound <= proof.verified_bound


@pytest.mark.parametrize("limit", [0.05, 0.3])
def test_few_chosen_mentors_are_filled_up(limit: float) -> None:
    """Everybody has a partner where the mentors who may be chosen have places for all."""
    problem = crowd(150, 150, 3)
    problem = with_quotas(problem, chosen(problem, 60))
    solution = solve(problem, time_limit=limit)
    check(problem, solution)
    assert solution.tiers[0].value == 150


def test_few_chosen_mentors_are_filled_up_when_swept() -> None:
    """The pairs in hand when the time ends are enough for that."""
    problem = crowd(60, 60, 3)
    problem = with_quotas(problem, chosen(problem, 26))
    solution = solve(only_required(problem), beyond=Naive(problem), time_limit=0.3)
    check(problem, solution)
    assert solution.tiers[0].value >= 58


@pytest.mark.parametrize("limit", [0.05, 0.3])
def test_quotas_from_below_and_above_in_no_time(limit: float) -> None:
    """As many as mentors may be chosen, a quarter of a region among them."""
    problem = crowd(200, 160, 1)
    least = Group("least", "last region", mentors=among(200, 4, 3), least=40)
    problem = with_quotas(problem, chosen(problem, 100), least)
    solution = solve(problem, time_limit=limit)
    check(problem, solution)
    assert solution.tiers[0].value == 100


@pytest.mark.parametrize(
    ("quota", "best"),
    [
        (Group("q", "q", mentees=among(90, 3, 0), most=10), 60),
        (Group("q", "q", mentors=among(60, 4, 0), mentees=among(90, 3, 0), most=20), 58),
        (Group("q", "q", mentees=among(90, 3, 0), least=30), 60),
        (Group("q", "q", pairs=Cross(*(np.arange(n, dtype=np.int32) % 2 for n in (60, 90)),
                                     np.eye(2, dtype=np.int64)), most=12), 60),
        (Group("q", "q", pairs=Cross(*(np.arange(n, dtype=np.int32) % 2 for n in (60, 90)),
                                     np.eye(2, dtype=np.int64)), least=50), 60),
    ],
)  # fmt: skip
def test_every_kind_of_quota(quota: Group, best: int) -> None:
    """Over either side, both, and pairs: some start is valid, and nearly covers as many as can be."""
    problem = with_quotas(crowd(60, 90, 1), quota)
    offered = [pairs for pairs in starts(problem, TIERS, Clock()) if is_valid(problem, pairs)]
    assert max(tier_value(problem, "mentees", pairs) for pairs in offered) >= best * 0.9


def test_required_pairs_and_minimums_stay() -> None:
    """Whoever must have a pair has one."""
    problem = crowd(60, 50, 2)
    required = np.stack([problem.mentor[::400], problem.mentee[::400]], axis=1).astype(np.int64)
    required = required[np.unique(required[:, 1], return_index=True)[1]]
    minimum = np.zeros(60, np.int64)
    minimum[:5] = 1
    problem = replace(problem, loads=replace(problem.loads, required=required, mentor_minimum=minimum))
    problem = with_quotas(problem, chosen(problem, 28))
    solution = solve(problem, time_limit=0.05)
    check(problem, solution)
    assert solution.tiers[0].value == 50


def test_where_a_plain_flow_keeps_the_quotas_it_is_all() -> None:
    """Nothing is picked then."""
    problem = with_quotas(crowd(30, 20, 1), Group("q", "q", mentors=np.ones(30, np.int64), most=30))
    (only,) = starts(problem, TIERS, Clock())
    assert is_valid(problem, only)


def test_prices_of_groups_bring_more() -> None:
    """Who is short in a group is worth more; the quotas hold as before."""
    problem = crowd(80, 60, 1)
    problem = with_quotas(problem, chosen(problem, 40))
    plain = list(starts(problem, TIERS, Clock()))[-1]
    times = 10**6
    prices = np.array([-300_000 * times] * 4 + [-150_000 * times] + [0])
    priced = list(priced_starts(problem, TIERS, Clock(), prices))[-1]
    assert is_valid(problem, priced)
    assert tier_value(problem, "mentees", priced) == tier_value(problem, "mentees", plain) == 40
    assert tier_value(problem, "spread", priced) >= tier_value(problem, "spread", plain)


def test_nothing_to_start_from() -> None:
    """Without pairs, or without costs, nothing is offered."""
    problem = crowd(10, 10, 1)
    bare = replace(problem, mentor=problem.mentor[:0], mentee=problem.mentee[:0], weight=problem.weight[:0])
    assert not list(starts(bare, TIERS, Clock()))
    free = replace(problem, groups=(chosen(problem, 3),))
    assert not list(priced_starts(free, TIERS, Clock(), np.zeros(1, np.int64)))
