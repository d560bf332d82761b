"""The oracle against trying every set of pairs, and on problems solved by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings

from pairmatch.errors import CallError
from pairmatch.groups import Coaching, Cross, Even, Group
from pairmatch.problem import Loads, Problem
from pairmatch.testing import Best, brute_force_problem, faults, tier_values
from pairmatch.testing.referee import totals
from pairmatch.testing.strategies import problems


def square(weights: list[list[int]], *objective: str, capacity: int = 1, **loads: object) -> Problem:
    """A problem in which every pair is allowed and everybody has the same capacity."""
    matrix = np.array(weights, np.int64)
    n, m = matrix.shape
    mentor, mentee = np.divmod(np.arange(n * m, dtype=np.int32), np.int32(m))
    nothing = {"mentor_minimum": np.zeros(n, np.int64), "mentee_minimum": np.zeros(m, np.int64)}
    full = {"mentor_capacity": np.full(n, capacity), "mentee_capacity": np.full(m, capacity)}
    bounds = Loads(**{**full, **nothing, **loads})
    nobody = np.zeros(m, np.bool_)
    return Problem(mentor, mentee, matrix.ravel(), bounds, nobody, objective or ("mentees", "total"))


def every_coaching(problem: Problem, pairs: tuple[tuple[int, int], ...]) -> list[list[tuple[int, int]]]:
    """Every way to give coaches to pairs."""
    if problem.coaching is None:
        return [[]]
    coaches = [None, *range(len(problem.coaching.capacity))]
    ways = product(coaches, repeat=len(pairs))
    told = [[(place, coach) for place, coach in enumerate(way) if coach is not None] for way in ways]
    return [coached for coached in told if not faults(problem, pairs, coached)]


def by_power_set(problem: Problem) -> Best[int] | None:
    """The best matching among all sets of allowed pairs, judged by the referee alone."""
    pairs = list(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
    sets = chain.from_iterable(combinations(pairs, size) for size in range(len(pairs) + 1))
    valid = [chosen for chosen in sets if not faults(problem, chosen)]
    if not valid:
        return None

    def worth(chosen: tuple[tuple[int, int], ...], coached: list[tuple[int, int]]) -> list[object]:
        values, levels = tier_values(problem, chosen, coached), sorted(totals(problem, chosen).values())
        return [levels if tier == "leximin" else values[tier] for tier in problem.objective]

    worths = {
        chosen: max(worth(chosen, coached) for coached in every_coaching(problem, chosen)) for chosen in valid
    }
    top = max(worths.values())
    best = [chosen for chosen in valid if worths[chosen] == top]
    ways = every_coaching(problem, best[0])
    values = tier_values(problem, best[0], next(way for way in ways if worth(best[0], way) == top))
    levels = totals(problem, best[0]).values() if "leximin" in problem.objective else ()
    told = tuple(values[tier] for tier in problem.objective)
    return Best(problem.objective, told, tuple(sorted(levels)), len(best), best[0])


@settings(deadline=None)
@given(problems(3, 3))
def test_agrees_with_the_power_set(problem: Problem) -> None:
    """Values, vectors and the number of optima are those found by judging every set of pairs."""
    ours, plain = brute_force_problem(problem), by_power_set(problem)
    assert (ours is None) == (plain is None)
    if ours is not None and plain is not None:
        assert replace(ours, pairs=()) == replace(plain, pairs=())


@settings(deadline=None, max_examples=60)
@given(problems(3, 3, groups=True) | problems(2, 3, groups=None, coaching=True))
def test_agrees_with_the_power_set_about_groups_and_coaches(problem: Problem) -> None:
    """The same where there are goals and quotas over groups, even loads, and coaches."""
    test_agrees_with_the_power_set.hypothesis.inner_test(problem)  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=60)
@given(problems(3, 3, earlier=True) | problems(2, 3, groups=None, coaching=None, earlier=True))
def test_agrees_with_the_power_set_about_an_earlier_matching(problem: Problem) -> None:
    """The same where pairs run already and people have waited."""
    test_agrees_with_the_power_set.hypothesis.inner_test(problem)  # type: ignore[attr-defined]


@settings(deadline=None)
@given(problems(5, 4))
def test_its_matching_is_valid_and_worth_the_values(problem: Problem) -> None:
    """The referee finds no fault in the oracle's matching and gives it the same values."""
    best = brute_force_problem(problem)
    if best is not None:
        assert not faults(problem, best.pairs)
        worth = tier_values(problem, best.pairs)
        assert best.by_tier == {tier: worth[tier] for tier in problem.objective}


def test_greedy_trap() -> None:
    """The best pair alone costs more than it brings."""
    best = brute_force_problem(square([[10, 9], [9, 0]]))
    assert best == Best(("mentees", "total"), (2, 18), (), 1, ((0, 1), (1, 0)))


def test_ties_are_counted() -> None:
    """Three like mentors for three like mentees: every one of the six matchings is optimal."""
    best = brute_force_problem(square([[5] * 3] * 3))
    assert best is not None
    assert best.optima == 6


def test_worst_comes_before_total() -> None:
    """The fairer of two matchings wins although its sum is smaller."""
    best = brute_force_problem(square([[10, 4], [4, 1]], "mentees", "worst", "total"))
    assert best is not None
    assert best.values == (2, 4, 8)


def test_leximin_tells_the_vector() -> None:
    """Leximin is told by its smallest total and carries the whole ascending vector."""
    best = brute_force_problem(square([[3, 3], [3, 7]], "mentees", "leximin"))
    assert best is not None
    assert (best.values, best.levels) == ((2, 3), (3, 7))


def test_longer_vector_wins() -> None:
    """Where one vector is the beginning of the other, the longer one is better."""
    minimum = np.array([1, 0])
    best = brute_force_problem(square([[5, 9], [5, 9]], "leximin", mentee_minimum=minimum))
    assert best is not None
    assert best.levels == (5, 9)


def test_nobody_matched_is_worth_zero() -> None:
    """With no capacity at all the empty matching is the only one, and every tier is 0."""
    tiers = ("mentees", "worst", "leximin", "total")
    assert brute_force_problem(square([[1]], *tiers, capacity=0)) == Best(tiers, (0, 0, 0, 0), (), 1, ())


def test_hours_bound_a_mentor() -> None:
    """A mentor with hours for one pair takes one, although there is capacity for two."""
    hours = {"mentee_hours": np.array([200, 300]), "mentor_hours": np.array([400])}
    best = brute_force_problem(square([[1, 5]], "total", capacity=2, **hours))
    assert best is not None
    assert best.pairs == ((0, 1),)


def test_pair_hours_come_before_mentee_hours() -> None:
    """Where hours differ by pair, those count."""
    hours = {"mentee_hours": np.array([200, 200]), "mentor_hours": np.array([400])}
    problem = square([[1, 5]], "total", capacity=2, **hours)
    best = brute_force_problem(replace(problem, pair_hours=np.array([100, 500])))
    assert best is not None
    assert best.pairs == ((0, 0),)


@pytest.mark.parametrize(
    "loads",
    [
        {"mentee_minimum": np.array([1, 1])},  # one mentor for two
        {"mentor_minimum": np.array([2])},  # above the capacity
        {"required": np.array([[0, 0], [0, 1]])},  # both need the same place
    ],
)
def test_contradicting_loads_leave_nothing(loads: dict[str, object]) -> None:
    """Where no matching is valid the answer is None."""
    assert brute_force_problem(square([[1, 1]], **loads)) is None


def test_forbidden_required_pair_leaves_nothing() -> None:
    """A required pair that is not allowed makes every matching invalid."""
    whole = square([[1, 1]], required=np.array([[0, 1]]))
    first = replace(whole, mentor=whole.mentor[:1], mentee=whole.mentee[:1], weight=whole.weight[:1])
    assert brute_force_problem(first) is None


def test_large_problems_are_refused() -> None:
    """Brute force says that it cannot, instead of filling the memory."""
    with pytest.raises(CallError, match="too_large"):
        brute_force_problem(square([[1] * 8] * 8, capacity=8))


def test_unknown_tier_is_refused() -> None:
    """A tier that the oracle does not know is an error, not a zero."""
    with pytest.raises(CallError, match="unknown_tier"):
        brute_force_problem(square([[1]], "harmony"))


def test_a_short_group_costs_its_price() -> None:
    """The heavier pair is given up where the group that it leaves short costs more."""
    wanted = Group("spread", "the second mentor", mentors=np.array([0, 1]), target=1, price=4)
    problem = square([[10], [7]], "total")
    one = brute_force_problem(replace(problem, groups=(wanted,)))
    two = brute_force_problem(replace(problem, groups=(replace(wanted, price=2),)))
    assert one is not None
    assert two is not None
    assert (one.values, one.pairs) == ((7,), ((1, 0),))
    assert (two.values, two.pairs) == ((8,), ((0, 0),))


def test_spread_is_minus_the_charges() -> None:
    """Goals over pairs and over loads are told together, and come before the weights where asked to."""
    classes = np.zeros(2, np.int32), np.array([0, 1], np.int32)
    crossed = Group("links", "second", pairs=Cross(*classes, np.array([[0, 1]])), limit=0, price=3)
    even = Even("even", "mentors", np.array([1, 1]), 2)
    problem = square([[9, 9], [0, 0]], "pairs", "spread", "total", capacity=2)
    best = brute_force_problem(replace(problem, groups=(crossed,), evens=(even,)))
    assert best is not None
    assert best.values == (4, -10, 8)


def test_quotas_leave_other_matchings_out() -> None:
    """A hard group holds in every tier, and may leave nothing."""
    few = Group("few", "chosen mentors", mentors=np.array([1, 1]), most=1)
    problem = square([[5, 1], [4, 4]], "mentees", "total", capacity=2)
    best = brute_force_problem(replace(problem, groups=(few,)))
    assert best is not None
    assert (best.values, best.pairs) == ((2, 8), ((1, 0), (1, 1)))
    assert brute_force_problem(replace(problem, groups=(replace(few, least=2),))) is None


def test_coaches_are_placed_exactly() -> None:
    """The order of the tiers tells whether a coach with a place is given a pair of the worse kind."""
    coaching = Coaching(
        capacity=np.array([1, 1]),
        mentor_allowed=np.array([[True, True], [True, False]]),
        mentee_allowed=np.ones((2, 2), bool),
        mentor_score=np.array([[9, 1], [0, 0]]),
        mentee_score=np.zeros((2, 2), np.int64),
    )
    problem = replace(square([[5, 0], [0, 5]], "coached", "total"), coaching=coaching)
    first = brute_force_problem(problem)
    second = brute_force_problem(replace(problem, objective=("total", "coached")))
    assert first is not None
    assert second is not None
    assert first.values == (2, 11)
    assert second.values == (19, 1)
