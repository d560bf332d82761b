"""Any valid matching: found where the oracle finds one, and one that keeps everything."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import event, given, settings

from pairmatch.errors import SolverError
from pairmatch.groups import Group
from pairmatch.problem import Loads, Problem
from pairmatch.solver import feasible
from pairmatch.solver.feasible import any_matching
from pairmatch.solver.search import fits
from pairmatch.testing.oracle import brute_force_problem
from pairmatch.testing.problem_strategies import problems

FEW = 60 if settings.default and settings.default.max_examples <= 100 else 1000


@settings(max_examples=FEW)
@given(problems(3, 4, groups=None))
def test_agrees_with_brute_force(problem: Problem) -> None:
    """There is a matching where trying all finds one."""
    best = brute_force_problem(replace(problem, objective=("pairs",)))
    answer = any_matching(replace(problem, objective=("pairs",)))
    event(f"feasible {answer.feasible}")
    assert answer.feasible == (best is not None)
    if answer.feasible:
        assert_valid(problem, answer.pairs.tolist())


def assert_valid(problem: Problem, pairs: list[list[int]]) -> None:
    """The pairs keep loads, hours and quotas."""
    places = {
        pair: at for at, pair in enumerate(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
    }
    chosen = np.array([places[a, b] for a, b in pairs], np.intp)
    loads = problem.loads
    assert fits(problem, chosen)
    assert {(a, b) for a, b in loads.required.tolist()} <= {(a, b) for a, b in pairs}
    for side, least, most in (
        (problem.mentor, loads.mentor_minimum, loads.mentor_capacity),
        (problem.mentee, loads.mentee_minimum, loads.mentee_capacity),
    ):
        load = np.bincount(side[chosen], minlength=len(most))
        assert ((least <= load) & (load <= most)).all()


def large(least: int) -> Problem:
    """Sixty mentors and mentees, all pairs allowed, and a quota over half of the mentees."""
    mentor, mentee = (side.ravel().astype(np.int32) for side in np.indices((60, 60)))
    ones, none = np.ones(60, np.int64), np.zeros(60, np.int64)
    half = (np.arange(60) % 2).astype(np.int64)
    hours = np.full(60, 100, np.int64)
    loads = Loads(ones, ones, none, none, mentee_hours=hours, mentor_hours=hours)
    quota = Group("at_least", "half of them", mentees=half, least=least)
    weight = np.zeros(len(mentor), np.int64)
    return Problem(mentor, mentee, weight, loads, np.zeros(60, np.bool_), ("pairs",), groups=(quota,))


def test_few_partners_are_tried_first() -> None:
    """A matching among few pairs is one among all; counting alone refuses what is too much."""
    answer = any_matching(large(30))
    assert answer.feasible
    assert 0 < answer.searched < 60 * 60 // 2
    assert any_matching(large(31)).feasible is False
    assert any_matching(large(31)).searched == 0


def test_gives_up() -> None:
    """Without time nobody knows; nor after a quick look that found nothing among few pairs."""
    assert any_matching(large(30), time_limit=1e-9).feasible is None
    with mock.patch.object(feasible, "_answer", return_value=feasible.Answer(False, feasible.NONE)):
        assert any_matching(large(30), quick=True).feasible is None
        assert any_matching(large(30)).feasible is False


@pytest.mark.parametrize(("status", "told"), [("UNKNOWN", None), ("MODEL_INVALID", SolverError)])
def test_other_ends_of_a_search(status: str, told: type | None) -> None:
    """A search without an answer gives none; a word that it must not say is an error."""
    solver = mock.Mock(status_name=lambda _: status)

    def run(search: feasible._Any) -> tuple[object, object]:
        return solver, getattr(search._cp, status)

    with mock.patch.object(feasible._Any, "_run", run):
        if told is None:
            assert any_matching(large(30)).feasible is None
        else:
            with pytest.raises(SolverError, match=status):
                any_matching(large(30))
