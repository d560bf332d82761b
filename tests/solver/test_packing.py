"""Bundles, their prices and choice: bounds that hold at any prices, and exact choices of few bundles."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from pairmatch.problem import Problem
from pairmatch.solver.bundled import packing
from pairmatch.solver.bundled.bundles import Bundling, Mixture
from pairmatch.solver.bundled.covered import held_tiers
from pairmatch.solver.bundled.descent import mended
from pairmatch.solver.bundled.listing import listed
from pairmatch.solver.bundled.packing import Pool
from pairmatch.solver.bundled.sacks import Room
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import is_required, usable
from pairmatch.solver.gains import tier_value, used
from pairmatch.solver.search import within_hours
from pairmatch.testing.strategies import problems
from tests.solver.test_budgets import programme

COVERING = ("must_match", "mentees", "pairs")


@st.composite
def bundled(draw: st.DrawFn) -> tuple[Problem, Bundling]:
    """A small problem with hours, whose required pairs keep them."""
    problem = usable(draw(problems(hours=True))).problem
    required = np.flatnonzero(is_required(problem))
    carried = zip(used(problem), (problem.loads.mentor_capacity, problem.loads.mentee_capacity), strict=True)
    valid = all((load <= most).all() for load, most in carried) and within_hours(problem, required)
    if len(problem.mentor) > 9 or not valid:
        keep = np.zeros(len(problem.mentor), bool)
        keep[:9] = True
        loads = replace(
            problem.loads,
            required=np.empty((0, 2), np.int64),
            mentor_minimum=np.zeros_like(problem.loads.mentor_minimum),
            mentee_minimum=np.zeros_like(problem.loads.mentee_minimum),
        )
        hours = None if problem.pair_hours is None else problem.pair_hours[keep]
        pairs = problem.mentor[keep], problem.mentee[keep], problem.weight[keep]
        problem = Problem(
            *pairs, loads, problem.must_match, problem.objective, problem.unit, pair_hours=hours
        )
    problem = usable(problem).problem
    return problem, Bundling(problem)


def matchings(problem: Problem) -> list[NDArray[np.intp]]:
    """All that keep places and hours and have the required pairs."""
    required = set(np.flatnonzero(is_required(problem)).tolist())
    loads, found = problem.loads, []
    for size in range(len(problem.mentor) + 1):
        for some in combinations(range(len(problem.mentor)), size):
            pairs = np.array(some, np.intp)
            sides = (problem.mentor, loads.mentor_capacity), (problem.mentee, loads.mentee_capacity)
            fits = all((np.bincount(own[pairs], minlength=len(most)) <= most).all() for own, most in sides)
            if required <= set(some) and fits and within_hours(problem, pairs):
                found.append(pairs)
    return found


multipliers = st.fixed_dictionaries({name: st.integers(0, 5) for name in (*COVERING, "mentors", "total")})


@settings(max_examples=80)
@given(bundled(), multipliers, st.data())
def test_what_prices_prove_is_never_exceeded(
    drawn: tuple[Problem, Bundling], times: dict[str, int], data: st.DataObject
) -> None:
    """At any prices, for all matchings and for those that cover as many as some matching."""
    problem, bundling = drawn
    prices = data.draw(arrays(np.int64, problem.n_mentees, elements=st.integers(-9, 9)))
    mixture, all_ = bundling.mixture(times), matchings(problem)
    bound = bundling.priced(mixture, prices).bound
    assert max(bundling.worth(mixture, bundling.taken(pairs)) for pairs in all_) <= bound
    earlier = data.draw(st.lists(st.sampled_from(COVERING), unique=True))
    some = data.draw(st.sampled_from(all_))
    values = {name: tier_value(problem, name, some) for name in COVERING}
    held = held_tiers(problem, earlier, values)
    if held is None:
        return
    single = int(problem.loads.mentee_capacity.max(initial=0)) <= 1
    alone = {name: 0 if name in COVERING[: 2 + single] else count for name, count in times.items()}
    mixture = bundling.mixture(alone, held)
    told = bundling.priced(mixture, prices).bound
    for pairs in all_:
        kept = held.keeps(problem.mentee[pairs], problem.n_mentees)
        assert not kept or bundling.worth(mixture, bundling.taken(pairs)) <= told
        assert kept or any(tier_value(problem, name, pairs) != values[name] for name in earlier)
    stated, shifted = held.stated(alone, prices, mixture.gains.mentees)
    known = sum((stated[name] - alone[name]) * values[name] for name in COVERING)
    assert bundling.priced(bundling.mixture(stated), shifted).bound - known == told


@settings(max_examples=60)
@given(bundled(), multipliers)
def test_the_best_choice_of_whole_bundles(drawn: tuple[Problem, Bundling], times: dict[str, int]) -> None:
    """Of all bundles, by both searches: the best matching; the relaxed choice is no worse."""
    problem, bundling = drawn
    mixture = bundling.mixture(times)
    pool = every_bundle(bundling, mixture)
    best = max(bundling.worth(mixture, bundling.taken(pairs)) for pairs in matchings(problem))
    base = bundling.worth(mixture, np.empty(0, np.intp))
    if not len(pool):
        assert best == base
        return
    relaxed = pool.relaxed(Clock())
    assert relaxed is not None
    assert relaxed.value + base >= best - 1e-6 * max(abs(best), 1)
    for few in (0, 10**6):
        with mock.patch.object(packing, "FEW", few):
            taken, settled = pool.searched(best - base, Clock(), 5.0)
            above = pool.searched(best - base + 1, Clock(), 5.0)
        assert settled
        assert taken is not None
        assert bundling.worth(mixture, taken) == best
        assert above == (None, True)
    packed = pool.packed(Clock(), 20)
    assert packed is not None
    assert bundling.worth(mixture, packed) <= best


def every_bundle(bundling: Bundling, mixture: Mixture) -> Pool:
    """A pool of all bundles."""
    room = Room(bundling.places, bundling.budget, mixture.load_gain)
    least = np.full(len(bundling.places), -(2**40))
    value = np.zeros(len(bundling.mentor), np.int64)
    found = listed(bundling.mentor, value, bundling.hours, room, least, 10_000)
    assert found is not None
    pool = Pool(bundling, mixture)
    pool.take(found.owner, found.start, found.pair)
    return pool


@settings(max_examples=80)
@given(bundled(), multipliers, st.data())
def test_conflicts_are_mended_into_a_matching(
    drawn: tuple[Problem, Bundling], times: dict[str, int], data: st.DataObject
) -> None:
    problem, bundling = drawn
    mixture = bundling.mixture(times)
    prices = data.draw(arrays(np.int64, problem.n_mentees, elements=st.integers(-9, 9)))
    picked = bundling.priced(mixture, prices).picked.pairs
    value = mixture.gain - prices[bundling.mentee]
    pairs = bundling.pairs(mended(bundling, mixture, picked, value))
    assert any(np.array_equal(pairs, each) for each in matchings(problem))


def test_a_bundle_is_taken_in_once() -> None:
    bundling = Bundling(programme(20, 1))
    mixture = bundling.mixture({"total": 1})
    pool, picked = Pool(bundling, mixture), bundling.priced(mixture, np.zeros(20, np.int64)).picked
    assert pool.add(picked.pairs) == len(pool) == len(np.unique(bundling.mentor[picked.pairs]))
    assert pool.add(picked.pairs) == 0
    assert pool.add(picked.pairs[:0]) == 0
    assert (pool.short(np.zeros(20, np.int64), picked.worth) == 0).all()
    last = pool.owner[-3:].tolist()
    pool.nearest(np.zeros(20, np.int64), picked.worth, 3)
    assert pool.owner.tolist() == last  # all come equally near
