"""The plain code that recounts everybody's answers, against code that is plainer still."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from benchmarks import assignment, civil_service
from benchmarks.assignment import UNIT, Task
from benchmarks.civil_service import points
from benchmarks.groups import group
from benchmarks.peers.baselines import greedy
from benchmarks.registry import Case, InvalidAnswer
from pairmatch.problem import Loads, Problem
from pairmatch.testing import greedy_problem

MENTOR = {"grade": "SEO", "organisation": "A", "profession": "HR", "characteristics": "remote,carers"}
MENTEE = {
    "grade": "HEO",
    "organisation": "B",
    "profession": "HR",
    "match with similar identity": "yes",
    "identity to match": "carers",
}


def task(seed: int, capacity: tuple[int, int]) -> Task:
    """Twelve by ten, coarse weights, two pairs in five not eligible."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 6, (12, 10)) / 5
    weights[rng.random((12, 10)) < 0.4] = np.nan
    return Task(weights, capacity)


@pytest.mark.parametrize(
    ("change", "worth"),
    [
        ({}, 9 + 10 + 6),
        ({"grade": "EO"}, 12 + 10 + 6),
        ({"grade": "SEO"}, None),
        ({"grade": "AO"}, None),
        ({"organisation": "A"}, None),
        ({"profession": "Digital"}, 9 + 6),
        ({"match with similar identity": "no"}, 9 + 10),
        ({"identity to match": ""}, 9 + 10),
        ({"identity to match": "care"}, 9 + 10),
    ],
)
def test_points(change: dict[str, str], worth: int | None) -> None:
    """The civil service's points, one by one."""
    assert points(MENTOR, MENTEE | change) == worth


@pytest.mark.parametrize("capacity", [(1, 1), (3, 1), (3, 2)])
@pytest.mark.parametrize("seed", range(5))
def test_blocking_pairs(seed: int, capacity: tuple[int, int]) -> None:
    """The count agrees with asking each pair whether both would gain."""
    given = task(seed, capacity)
    pairs = [tuple(pair) for pair in group("assignment").peer("random").run(given, seed).found.tolist()]

    def gains(person: int, side: int, worth: int) -> bool:
        own = [int(given.units[pair]) for pair in pairs if pair[side] == person]
        return len(own) < capacity[side] or worth > min(own)

    asked = [pair for pair in product(range(12), range(10)) if given.units[pair] >= 0 and pair not in pairs]
    both = [p for p in asked if all(gains(p[side], side, int(given.units[p])) for side in (0, 1))]
    assert assignment.blocking(given, pairs) == len(both)


@pytest.mark.parametrize("capacity", [(1, 1), (3, 2)])
@pytest.mark.parametrize("seed", range(5))
def test_greedy_is_the_librarys_greedy(seed: int, capacity: tuple[int, int]) -> None:
    """The fast baseline takes the pairs of `pairmatch.testing.greedy_problem`."""
    given = task(seed, capacity)
    mentor, mentee = np.nonzero(given.units >= 0)
    sides = [np.full(n, most, np.int64) for n, most in zip((12, 10), capacity, strict=True)]
    none = [np.zeros(n, np.int64) for n in (12, 10)]
    weight = given.units[mentor, mentee]
    problem = Problem(
        mentor.astype(np.int32),
        mentee.astype(np.int32),
        weight,
        Loads(*sides, *none),
        np.zeros(10, bool),
        ("pairs",),
    )
    assert sorted(map(tuple, greedy(given, 0).found.tolist())) == list(greedy_problem(problem) or ())


@pytest.mark.parametrize("wrong", [[(0, 0), (0, 0)], [(0, 0), (0, 1)], [(0, 0), (1, 0)], [(1, 1)]])
def test_an_assignment_that_breaks_a_rule(wrong: list[tuple[int, int]]) -> None:
    """Twice, above a capacity on either side, not eligible."""
    given = Task(np.array([[0.5, 0.5], [0.5, np.nan]]), (1, 1))
    with pytest.raises(InvalidAnswer):
        assignment.value(given, np.array(wrong))
    assert assignment.value(given, np.array([(0, 1), (1, 0)]))["total"] == UNIT


def test_points_that_break_a_rule(tmp_path: Path) -> None:
    """A pair twice, a forbidden pair, a fourth partner."""
    group("end to end").write(Case("end to end", "points", 40), tmp_path)
    people = civil_service.read(tmp_path)
    address = "email address"
    valid, forbidden = (
        [
            (m[address], e[address])
            for m, e in product(people.mentors, people.mentees)
            if (points(m, e) is None) == no
        ]
        for no in (False, True)
    )
    assert civil_service.recounted(people, valid[:1])["pairs"] == 1
    assert civil_service.recounted(people, [])["pairs"] == 0
    busiest = Counter(mentor for mentor, _ in valid).most_common(1)[0][0]
    busy = [pair for pair in valid if pair[0] == busiest]
    assert len(busy) > civil_service.MOST
    for wrong in (valid[:1] * 2, forbidden[:1], busy[: civil_service.MOST + 1]):
        with pytest.raises(InvalidAnswer):
            civil_service.recounted(people, wrong)
