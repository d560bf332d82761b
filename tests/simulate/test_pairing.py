"""The three ways of making pairs, many runs at once, against plain twins that take one run at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.problem import Ints
from pairmatch.simulate.pairing import Question, Remembered, best, greedy, in_order
from pairmatch.simulate.world import World
from tests.simulate.worlds import company, grid


def plainly(world: World, open_: Any, places: Any, rank: Any) -> list[int]:
    """The pairs made from the highest rank down, one after the other."""
    room, taken, made = places.copy(), set(), []
    for pair in sorted(np.flatnonzero(open_), key=lambda pair: (-rank[pair], pair)):
        mentor, mentee = world.problem.mentor[pair], world.problem.mentee[pair]
        if room[mentor] and mentee not in taken:
            room[mentor] -= 1
            taken.add(mentee)
            made.append(int(pair))
    return sorted(made)


def nobody(world: World, runs: int) -> tuple[Ints, Ints]:
    """Nobody has waited."""
    mentors, mentees = world.shape
    return np.zeros((runs, mentors), np.int64), np.zeros((runs, mentees), np.int64)


@st.composite
def questions(draw: st.DrawFn) -> tuple[World, Question]:
    """A small world and a question of one to three runs; weights with many ties."""
    mentors, mentees, runs = draw(st.integers(1, 5)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    table = random.integers(-1, draw(st.integers(1, 9)), (mentors, mentees))
    table[0, 0] = max(table[0, 0], 0)
    world = grid(table, random.integers(1, 4, mentors))
    places: Ints = random.integers(0, world.problem.loads.mentor_capacity + 1, (runs, mentors))
    open_ = (random.random((runs, len(world.problem.weight))) < 0.8) & (places > 0)[:, world.problem.mentor]
    waited = [random.integers(0, 3, (runs, n)) * draw(st.integers(0, 1)) for n in (mentors, mentees)]
    return world, Question(open_, places, *waited, world.fine)


@settings(max_examples=50)
@given(questions())
def test_in_order_is_what_one_does_by_hand(asked: tuple[World, Question]) -> None:
    """Side by side, the runs come out as when one goes through each run's pairs one after the other."""
    world, question = asked
    made = in_order(world, question, question.weight)
    again = greedy(world, question, Remembered())
    for run, row in enumerate(made):
        expected = plainly(world, question.open[run], question.places[run], question.weight)
        assert np.flatnonzero(row).tolist() == expected
        assert np.flatnonzero(again[run]).tolist() == expected


def every_matching(world: World, question: Question, run: int) -> list[list[int]]:
    """All sets of open pairs that keep the places."""
    problem, found = world.problem, [[]]
    for pair in np.flatnonzero(question.open[run]).tolist():
        for made in found.copy():
            mentors = [problem.mentor[other] for other in made]
            free = mentors.count(problem.mentor[pair]) < question.places[run][problem.mentor[pair]]
            if free and problem.mentee[pair] not in [problem.mentee[other] for other in made]:
                found.append([*made, pair])
    return found


@settings(max_examples=25)
@given(questions())
def test_best_is_the_best_of_all_matchings(asked: tuple[World, Question]) -> None:
    """Each run has the most mentees, then those who waited longest, then the most weight: by brute force."""
    world, question = asked
    mentor, mentee = world.problem.mentor, world.problem.mentee
    made = best(world, question, Remembered())

    def worth(run: int, pairs: list[int]) -> tuple[int, int, int]:
        served = set(mentor[pairs].tolist())
        waited = sum(question.mentors_waited[run][who] for who in served)
        waited += sum(question.mentees_waited[run][mentee[pair]] for pair in pairs)
        return len(pairs), int(waited), int(world.problem.weight[pairs].sum()) if pairs else 0

    for run, row in enumerate(made):
        everything = every_matching(world, question, run)
        pairs = np.flatnonzero(row).tolist()
        assert sorted(pairs) in [sorted(other) for other in everything]
        assert worth(run, pairs) == max(worth(run, other) for other in everything)


def test_the_first_round_is_the_match() -> None:
    """With everybody there, the pairs are those of `pm.match`."""
    world = company()
    matching = pm.match(pm.datasets.synthetic(mentors=40, mentees=30, seed=1), pm.datasets.synthetic_policy())
    everything = np.ones((1, len(world.problem.weight)), bool)
    places = world.problem.loads.mentor_capacity[None]
    question = Question(everything, places, *nobody(world, 1), world.fine)
    pairs = np.flatnonzero(best(world, question, Remembered())[0])
    made = {
        (world.mentors[m], world.mentees[e])
        for m, e in zip(world.problem.mentor[pairs], world.problem.mentee[pairs], strict=True)
    }
    assert made == set(matching.pairs[["mentor", "mentee"]].itertuples(index=False, name=None))


def test_equal_questions_are_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver sees each question once, however many runs ask it, and never again."""
    from pairmatch import solver

    seen = []
    real = solver.solve
    monkeypatch.setattr(solver, "solve", lambda problem: seen.append(problem.n_mentees) or real(problem))
    world, known = grid([[3, 1], [2, 2]]), Remembered()
    open_ = np.array([[True] * 4, [True] * 4, [True, False, False, True]])
    question = Question(open_, np.ones((3, 2), np.int64), *nobody(world, 3), world.fine)
    first = best(world, question, known)
    assert seen == [4]
    assert (best(world, question, known) == first).all()
    assert seen == [4]


def test_weights_of_a_run_are_its_own() -> None:
    """Where surveys have corrected weights, each run goes by its own."""
    world = grid([[3, 1], [2, 2]])
    weight = np.array([[9, 0, 0, 9], [0, 9, 9, 0]])
    question = Question(np.ones((2, 4), bool), np.ones((2, 2), np.int64), *nobody(world, 2), weight)
    for way in (best, greedy):
        assert way(world, question, Remembered()).tolist() == [
            [True, False, False, True],
            [False, True, True, False],
        ]


def test_nothing_open_makes_nothing() -> None:
    """A round in which no pair may be made is no error."""
    world = grid([[3, 1], [2, 2]])
    question = Question(np.zeros((2, 4), bool), np.zeros((2, 2), np.int64), *nobody(world, 2), world.fine)
    assert not best(world, question, Remembered()).any()
    assert not greedy(world, question, Remembered()).any()
