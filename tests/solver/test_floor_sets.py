"""The bound by mentees' sets on a floor, and what is near it, against trying every matching."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairmatch.problem import MINIMUMS, Loads, Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import usable
from pairmatch.solver.fairness import floor_sets, mentee_sets
from pairmatch.solver.fairness.floor_sets import FINE, Held, Holder, Rates
from pairmatch.solver.fairness.raised import worst_of
from pairmatch.solver.gains import places
from pairmatch.solver.lexicographic import solve_chain
from pairmatch.solver.network import Network
from pairmatch.testing.oracle import every_matching
from pairmatch.testing.strategies import problems

PROBLEMS = problems(
    max_mentors=3, max_mentees=3, hours=False, objective=st.just(("mentees", "worst", "total"))
)


def plain(problem: Problem) -> Problem:
    """The problem with pairs that can be used, and nothing that counts groups."""
    assume(not problem.groups and not problem.evens and problem.coaching is None)
    assume(len(every_matching(problem).loads))
    return usable(problem).problem


def on_floor(problem: Problem, matched: int, floor: int) -> list[np.ndarray]:
    """Pairs (indices) of every matching on a floor with so many mentees."""
    place = {(int(i), int(j)): a for a, (i, j) in enumerate(zip(problem.mentor, problem.mentee, strict=True))}
    every = every_matching(problem)
    found = [np.array([place[pair] for pair in every.pairs(row)], np.intp) for row in range(len(every.loads))]
    found = [pairs for pairs in found if len(np.unique(problem.mentee[pairs])) == matched]
    return [pairs for pairs in found if not len(pairs) or worst_of(problem, pairs) >= floor]


def held(problem: Problem, share: float, noise: int) -> tuple[Holder, Held, list[np.ndarray]]:
    """A bound from poor prices, and all matchings that it is about."""
    tiers = [MINIMUMS, "mentees"] if places(problem) else ["mentees"]
    known = solve_chain(Network(problem, Clock()), tiers).proofs
    floor = int(share * int(problem.weight.max(initial=0)))
    holder = Holder(problem, known, floor, Clock())
    prices = np.random.default_rng(noise).integers(-FINE, FINE * problem.unit, problem.n_mentors)
    rates = Rates(prices, {"mentees": noise * FINE})
    told = holder.run(np.arange(0, len(problem.mentor), 2), rates, -(2**60))
    return holder, told, on_floor(problem, known[-1].value, floor)


@settings(max_examples=100)
@given(PROBLEMS, st.floats(0, 1.6), st.integers(0, 9))
def test_no_matching_on_the_floor_has_more(problem: Problem, share: float, noise: int) -> None:
    """Nor more than is left where it has a pair that is behind, or a set that is not near."""
    problem = plain(problem)
    holder, told, matchings = held(problem, share, noise)
    if told.bound is None:
        assert not matchings
        return
    behind, near = holder.behind(told), holder.near(told, FINE)
    if told.pairs is not None:
        assert any(pairs.tolist() == told.pairs.tolist() for pairs in matchings)
    for pairs in matchings:
        left = told.bound - FINE * int(problem.weight[pairs].sum())
        assert left >= behind[pairs].max(initial=0)
        for mentee, sets in near.items():
            own = pairs[problem.mentee[pairs] == mentee].tolist()
            assert left > FINE or not own or own in [each.tolist() for each in sets]


@settings(max_examples=60)
@given(PROBLEMS, st.floats(0, 1.6))
def test_pairs_that_the_programme_takes_are_often_best(problem: Problem, share: float) -> None:
    """Where their total is the bound, nothing on the floor has more."""
    problem = plain(problem)
    _, told, matchings = held(problem, share, 0)
    if told.bound is None or told.pairs is None or not matchings:
        return
    total = int(problem.weight[told.pairs].sum())
    event("reached" if total == told.bound // FINE else "below")
    assert total <= max(int(problem.weight[pairs].sum()) for pairs in matchings) <= told.bound // FINE


def test_without_an_answer_the_prices_in_hand_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme that tells nothing leaves the first bound."""
    problem = three_each()
    monkeypatch.setattr(floor_sets, "solve_sets", lambda *_: None)
    holder = Holder(problem, (), 0, Clock())
    told = holder.run(np.arange(3), Rates(np.zeros(2, np.int64), {}), 0)
    assert (told.bound, told.pairs) == (FINE * 17, None)


def test_a_mentee_with_too_many_sets_is_bounded_without_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is weaker, and holds."""
    problem = three_each()
    monkeypatch.setattr(mentee_sets, "STEPS", 0)
    told = Holder(problem, (), 10, Clock()).run(np.arange(4), Rates(np.zeros(2, np.int64), {}), 0)
    assert told.bound is not None
    assert told.bound >= FINE * 10


def three_each() -> Problem:
    """Two mentors and two mentees; the first mentee needs both mentors for a floor of 10."""
    loads = Loads(*(np.array(each) for each in ([1, 1], [2, 2], [0, 0], [0, 0])))
    pairs = (np.array([0, 0, 1, 1], np.int32), np.array([0, 1, 0, 1], np.int32))
    return Problem(*pairs, np.array([5, 4, 5, 3]), loads, np.zeros(2, bool), ("worst", "total"))
