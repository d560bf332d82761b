"""Mentors who cost something once they have a pair: bundles against trying every set, and what they prove."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.groups import Group
from pairmatch.problem import Loads, Problem
from pairmatch.solver import solve
from pairmatch.solver.groups import opened
from pairmatch.solver.groups.opened import Opened
from pairmatch.testing import brute_force_problem
from tests.solver.test_groups_larger import mixed, sound, whole_model


def chosen(seed: int, mentors: int, mentees: int, capacity: int, most: int) -> Problem:
    """Some pairs of few people, and a limit on how many mentors have any."""
    draw = np.random.default_rng(seed)
    mentor, mentee = np.nonzero(draw.random((mentors, mentees)) < 0.8)
    none = np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
    loads = Loads(none[0] + capacity, none[1] + 1, *none)
    group = Group("chosen", "mentors", mentors=np.ones(mentors, np.int64), most=most)
    arcs = mentor.astype(np.int32), mentee.astype(np.int32), draw.integers(0, 1000, len(mentor))
    return Problem(*arcs, loads, np.zeros(mentees, bool), ("mentees", "total"), 1000, groups=(group,))


@given(seed=st.integers(0, 500), price=st.integers(0, 2000))
def test_losses_are_those_of_the_best_sets(seed: int, price: int) -> None:
    """For each mentor all sets are tried; a pair loses what the best set with it is worse."""
    problem = chosen(seed, 3, 5, 2, 2)
    draw = np.random.default_rng(seed)
    prices = draw.integers(0, 800, 5)
    told = Opened(problem).priced({"total": 1}, prices, np.array([price]))
    bound = 2 * price + int(np.maximum(prices, 0).sum())
    for mentor in range(3):
        mine = np.flatnonzero(problem.mentor == mentor).tolist()
        sets = [(), *combinations(mine, 1), *combinations(mine, 2)]
        value = {
            own: sum(int(problem.weight[a] - prices[problem.mentee[a]]) for a in own) - price * bool(own)
            for own in sets
        }
        best = max(value.values())
        bound += best
        for a in mine:
            assert told.loss[a] == best - max(worth for own, worth in value.items() if a in own)
    assert told.bound == bound


@given(seed=st.integers(0, 500), most=st.integers(1, 3))
def test_choosing_agrees_with_brute_force(seed: int, most: int) -> None:
    """Few mentors with two places each."""
    problem = chosen(seed, 4, 4, 2, most)
    best, solution = brute_force_problem(problem), solve(problem)
    assert best is not None
    assert tuple(proof.value for proof in solution.tiers) == best.values
    assert tuple(proof.bound for proof in solution.tiers) == best.values


@pytest.mark.parametrize("seed", range(3))
def test_bundles_prove_what_prices_on_both_sides_do_not(seed: int) -> None:
    """Sixty mentors of whom twelve are chosen: as good as one whole model, and nearly proven by prices."""
    problem = chosen(seed, 60, 24, 2, 12)
    solution = solve(problem)
    sound(problem, solution)
    held = {"mentees": solution.tiers[0].value}
    assert solution.tiers[1].value == solution.tiers[1].bound == whole_model(problem, "total", held)
    assert solution.tiers[1].bundles
    assert solution.tiers[1].verified_bound - solution.tiers[1].value <= 0.005 * solution.tiers[1].value


def test_several_hundred_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any search a gap of a hundredth of a percent at most is left."""
    monkeypatch.setattr("pairmatch.solver.groups.grouped.CLOSABLE", 0)
    problem = mixed(200, 2, share=0.3, capacity=2)
    group = replace(problem.groups[-1], most=90)
    problem = replace(problem, weight=problem.weight * 1000, groups=(*problem.groups[:-1], group))
    solution = solve(problem)
    sound(problem, solution)
    assert all(proof.gap <= 1e-4 for proof in solution.tiers)
    assert solution.tiers[1].bundles


def test_people_who_must_have_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minimums and required pairs stay, with few candidates at first."""
    monkeypatch.setattr(opened, "CANDIDATES", 1)
    problem = chosen(5, 12, 16, 3, 6)
    pair = np.array([[int(problem.mentor[0]), int(problem.mentee[0])]])
    minimum = np.zeros(12, np.int64)
    minimum[3] = 2
    loads = replace(problem.loads, required=pair, mentor_minimum=minimum)
    solution = solve(replace(problem, loads=loads))
    assert (solution.pairs == pair[0]).all(axis=1).any()
    assert np.bincount(solution.pairs[:, 0], minlength=12)[3] >= 2
    assert len(np.unique(solution.pairs[:, 0])) <= 6
    sound(replace(problem, loads=loads), solution)


def test_the_same_problem_gives_the_same_pairs() -> None:
    """Linear programmes and searches included."""
    problem = chosen(3, 40, 30, 2, 15)
    one, two = solve(problem), solve(problem)
    assert one.pairs.tolist() == two.pairs.tolist()
    assert one.tiers[1].mentee_prices.tolist() == two.tiers[1].mentee_prices.tolist()
