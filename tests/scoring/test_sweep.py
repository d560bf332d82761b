"""The sweep finds exactly what looking at every pair finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pairmatch.cohort import Cohort
from pairmatch.datasets import synthetic
from pairmatch.forms import EXACT, Work
from pairmatch.policy import Policy
from pairmatch.problem import Found, Ints, Priced, Progress, Stopped
from pairmatch.scoring import Built, build, build_required, fit, lenses, scan, sketch, sweep, view
from pairmatch.scoring.sweep import Sweep
from pairmatch.scoring.workers import Workers
from pairmatch.testing.policy_strategies import Case
from pairmatch.testing.strategies import cases

NONE = -(10**9)
"""Stands for a pair that is not allowed or not free."""


def never() -> bool:
    """Nobody stops the sweep."""
    return False


@contextmanager
def opened(
    cohort: Cohort, policy: Policy, progress: list[Progress] | None = None
) -> Iterator[tuple[Sweep, Built, Ints]]:
    """A sweep of a drawn cohort, the problem with all its pairs, and all weights as a matrix."""
    fitted = fit(cohort, policy)
    held, bare = build(cohort, policy, fitted), build_required(cohort, policy, fitted)
    problem, loads = held.problem, held.problem.loads
    weights = np.full((problem.n_mentors, problem.n_mentees), NONE)
    weights[problem.mentor, problem.mentee] = problem.weight
    used = [np.bincount(loads.required[:, k], minlength=size) for k, size in enumerate(weights.shape)]
    weights[loads.mentor_capacity <= used[0]] = NONE
    weights[:, loads.mentee_capacity <= used[1]] = NONE
    weights[loads.required[:, 0], loads.required[:, 1]] = NONE
    with Workers(None, threads=2) as workers:
        report = None if progress is None else progress.append
        yield Sweep(bare.scorer, bare.mentors, bare.mentees, loads, workers, report), held, weights


def told(found: Found) -> dict[tuple[int, int], int]:
    """What was found, by places."""
    keys = zip(found.mentor.tolist(), found.mentee.tolist(), strict=True)
    out = dict(zip(keys, found.weight.tolist(), strict=True))
    assert list(out) == sorted(out)
    assert len(out) == len(found.weight)
    return out


def reduced(weights: Ints, priced: Priced) -> Ints:
    """Every pair's reduced gain; far below 0 where it does not count."""
    gains = weights * priced.total + priced.pair - priced.mentor_prices[:, None] - priced.mentee_prices
    floor = 0 if priced.floor is None else priced.floor
    return np.where((weights == NONE) | (weights < floor), NONE, gains)


def pairs_of(mask: NDArray[np.bool_]) -> set[tuple[int, int]]:
    """Places that are true."""
    return {(i, j) for i, j in np.argwhere(mask).tolist()}


def knows_all(sweep_: Sweep, weights: Ints) -> bool:
    """Whether the filter knows all pairs, so that nothing is dropped after it."""
    seen = sweep_._view
    if len(seen.sketch.exceptions):
        return False
    rows, columns = (slice(0, size) for size in seen.sketch.shape)
    numbers = seen.sketch.block(rows, columns, Work()) if all(seen.sketch.shape) else np.empty((0, 0))
    return np.count_nonzero(numbers >= seen.sketch.forbidden) == np.count_nonzero(weights != NONE)


@st.composite
def prices(draw: st.DrawFn, shape: tuple[int, int]) -> Priced:
    """Prices of the size of weights, so that some pairs beat them and others do not."""
    total = draw(st.sampled_from([1, 1, 1, 0, 3]))
    scale = max(total, 1) * (500_000 if total else 2)
    kinds = st.integers(-scale // 4, scale)
    floor = draw(st.sampled_from([None, None, 300_000, 0]))
    both = [np.array(draw(st.lists(kinds, min_size=n, max_size=n)), np.int64) for n in shape]
    return Priced(*both, total, draw(st.sampled_from([0, 1, 400_000])), floor)


@settings(max_examples=120)
@given(case=cases(), data=st.data())
def test_finds_all_pairs_that_beat_the_prices(case: Case, data: st.DataObject) -> None:
    """All of them, with their weights, and the most that any exceeds them by."""
    with opened(case.cohort, case.policy) as (sweep_, _, weights):
        priced = data.draw(prices(weights.shape))
        least = data.draw(st.sampled_from([0, 1]))
        found = sweep_.attaining(priced, least, 50, never)
        expected = reduced(weights, priced)
        assert found.complete
        assert told(found) == {pair: int(weights[pair]) for pair in pairs_of(expected >= least)}
        assert found.excess.tolist() == np.maximum(expected.max(axis=1, initial=0), 0).tolist()
        assert sweep_.audit() == 0


@settings(max_examples=60)
@given(case=cases(), data=st.data())
def test_few_of_each_mentor(case: Case, data: st.DataObject) -> None:
    """With room for few, each mentor who has any is found, nothing false is, and the excess is no less."""
    with opened(case.cohort, case.policy) as (sweep_, _, weights):
        priced = data.draw(prices(weights.shape))
        found = sweep_.beating(priced, 0, never)
        expected = reduced(weights, priced)
        assert set(told(found)) <= pairs_of(expected > 0)
        assert set(found.mentor.tolist()) == set(np.flatnonzero((expected > 0).any(axis=1)).tolist())
        assert (found.excess >= np.maximum(expected.max(axis=1, initial=0), 0)).all()


@settings(max_examples=60)
@given(case=cases(), each=st.integers(1, 3))
def test_best_pairs(case: Case, each: int) -> None:
    """Everybody's best pairs are found, up to the error of the filter and the noise that parts ties."""
    with opened(case.cohort, case.policy) as (sweep_, _, weights):
        found = told(sweep_.best(each, each, never))
        assert all(weights[pair] == weight for pair, weight in found.items())
        slack = 2 * (sweep_.error + lenses.LOUDEST)
        if not knows_all(sweep_, weights):
            return
        for own, others in ((weights, 0), (weights.T, 1)):
            for person, row in enumerate(own):
                mine = [weight for pair, weight in found.items() if pair[others] == person]
                possible = np.sort(row[row != NONE])[::-1][:each]
                assert len(mine) >= len(possible)
                assert all(a >= b - slack for a, b in zip(sorted(mine)[::-1], possible, strict=False))


@given(case=cases())
@settings(max_examples=60)
def test_filter_keeps_its_word(case: Case) -> None:
    """Every number lies within the error, forbidden pairs far below, and all sums are exact."""
    with opened(case.cohort, case.policy) as (sweep_, _, weights):
        seen = sweep_._view
        drawing = seen.sketch
        if not all(drawing.shape):
            return
        numbers = drawing.block(slice(0, drawing.shape[0]), slice(0, drawing.shape[1]), Work())
        true = weights[np.ix_(seen.mentors, seen.mentees)]
        special = np.zeros(true.shape, bool)
        special[tuple(drawing.exceptions.T)] = True
        known = (true != NONE) & ~special
        assert (np.abs(numbers - true)[known] <= drawing.error).all()
        assert (numbers[known] >= drawing.forbidden).all()
        assert (np.abs(drawing.left) @ np.abs(drawing.right).T).max(initial=0) < EXACT
        assert (drawing.left == np.rint(drawing.left)).all()


@settings(max_examples=25)
@given(case=cases(), data=st.data())
def test_size_of_blocks_changes_nothing(case: Case, data: st.DataObject) -> None:
    """Neither strips nor tiles nor waves change what is found."""
    outcomes = []
    with opened(case.cohort, case.policy) as (_, _, weights):
        priced = data.draw(prices(weights.shape))
    for height, width in ((256, 1024), (1, 2), (3, 1)):
        with pytest.MonkeyPatch.context() as patch:
            for module in (sketch, scan, view, sweep):
                patch.setattr(module, "HEIGHT", height)
            for module in (sketch, scan):
                patch.setattr(module, "WIDTH", width)
            with opened(case.cohort, case.policy) as (sweep_, _, _):
                outcomes.append((told(sweep_.best(2, 2, never)), told(sweep_.beating(priced, 20, never))))
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_stops_when_asked_and_tells_how_far_it_is() -> None:
    """A sweep asks before each strip whether it should go on, and reports after each."""
    people = synthetic(mentors=600, mentees=80, seed=5)
    seen: list[Progress] = []
    with opened(people, Policy.reverse_mentoring().fitting(people), seen) as (sweep_, _, weights):
        whole = told(sweep_.best(4, 2, never))
        assert len(seen) > 1
        assert seen[-1].total == seen[-1].done > 0
        assert sweep_.stats["pairs_swept"] >= seen[-1].total
        with pytest.raises(Stopped):
            sweep_.beating(at_random(weights.shape, weights, 1), 4, lambda: True)
        before = len(seen)
        part = told(sweep_.best(4, 2, lambda: len(seen) > before))
        assert 0 < len(part) < len(whole)


def at_random(shape: tuple[int, int], weights: Ints, seed: int) -> Priced:
    """Prices near those of an optimum: each mentor's eighth best weight, and something for each mentee."""
    numbers = np.random.default_rng(seed)
    ours = np.sort(weights, axis=1)[:, -8].clip(0)
    return Priced(ours, numbers.integers(-20_000, 20_000, shape[1]), 1, 0)


@pytest.mark.parametrize("moved", [0, 3, 40, 500])
def test_later_sweeps_look_where_prices_fell(moved: int) -> None:
    """After a whole sweep the next one looks at less, and finds the same."""
    people = synthetic(mentors=500, mentees=400, seed=6)
    terms = Policy.reverse_mentoring().fitting(people)
    with opened(people, terms) as (sweep_, _, weights), opened(people, terms) as (fresh, _, _):
        first = at_random(weights.shape, weights, 1)
        sweep_.beating(first, 400, never)
        swept = sweep_.stats["pairs_swept"]
        numbers = np.random.default_rng(moved)
        prices_ = [first.mentor_prices.copy(), first.mentee_prices.copy()]
        for side in prices_:
            at = numbers.integers(0, len(side), moved)
            side[at] += numbers.integers(-60_000, 30_000, moved)
        then = Priced(*prices_, 1, 0)
        found, expected = sweep_.beating(then, 400, never), fresh.beating(then, 400, never)
        assert told(found) == told(expected)
        assert set(told(found)) == pairs_of(reduced(weights, then) > 0)
        assert found.excess.tolist() == expected.excess.tolist()
        again = sweep_.stats["pairs_swept"] - swept
        assert again < swept if moved < 100 else again >= swept / 2


def test_other_multipliers_need_a_whole_sweep() -> None:
    """What was seen of one mixture of tiers says nothing of another one."""
    people = synthetic(mentors=200, mentees=150, seed=6)
    with opened(people, Policy.reverse_mentoring().fitting(people)) as (sweep_, _, weights):
        first = at_random(weights.shape, weights, 1)
        sweep_.beating(first, 50, never)
        other = Priced(2 * first.mentor_prices, 2 * first.mentee_prices, 2, 5)
        found = sweep_.beating(other, 400, never)
        assert set(told(found)) == pairs_of(reduced(weights, other) > 0)


def test_a_wrong_filter_is_found_out() -> None:
    """The audit holds the filter against the definition."""
    people = synthetic(mentors=200, mentees=150, seed=6)
    with opened(people, Policy.reverse_mentoring().fitting(people)) as (sweep_, _, _):
        assert sweep_.audit() == 0
        sweep_._view.sketch.left[:, 0] += 1e5
        assert sweep_.audit() > 0
