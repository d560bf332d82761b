"""Tiny problems with hours: the generators, the recount, and the monolithic models agree."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import hours
from pairmatch.problem import Problem


def test_as_many_pairs_as_said_and_the_same_each_time() -> None:
    one, again, other = hours.programme(200), hours.programme(200), hours.programme(200, seed=2)
    assert 13 <= len(one.weight) / 200 <= 21
    assert np.array_equal(one.weight, again.weight)
    assert not np.array_equal(one.weight[:50], other.weight[:50])
    keys = one.mentor.astype(np.int64) * 200 + one.mentee
    assert (np.diff(keys) > 0).all()


@pytest.mark.parametrize("kind", hours.SIZES)
def test_every_agent_has_four_fifths_of_an_even_share(kind: str) -> None:
    problem = hours.classic(kind, 4, 12)
    needs = hours.hours(problem).reshape(4, 12).sum(axis=1)
    assert problem.loads.mentor_hours is not None
    assert np.abs(problem.loads.mentor_hours - 0.8 * needs / 4).max() <= 100
    assert (problem.weight > 0).all()


@pytest.mark.parametrize("problem", [hours.programme(20), hours.classic("c", 3, 9), hours.classic("d", 3, 9)])
def test_the_models_find_what_pairmatch_proves(problem: Problem) -> None:
    own = hours.ours(problem)
    made = len(own.pairs) if "pairs" in problem.objective else 0
    assert own.gap == 0
    for name, peer in hours.PEERS.items():
        answer = peer(problem, made, 20.0)
        assert (answer.gap, answer.value) == (0, own.value), name


def test_a_recount_finds_what_is_too_much() -> None:
    problem = hours.classic("c", 2, 6)
    with pytest.raises(ValueError, match="too many hours"):
        hours.worth(problem, np.arange(6))
    with pytest.raises(ValueError, match="mentee has too many"):
        hours.worth(problem, np.array([0, 6]))


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hours, "SIZES", {"c": ((2, 6),)})
    monkeypatch.setattr(hours, "apart", hours.answered)
    hours.main(["20", "--classic", "c", "--peers", "--limit", "20"])
    printed = capsys.readouterr().out
    assert [printed.count(name) for name in ("pairmatch", "CP-SAT", "HiGHS", "1/1")] == [2, 2, 2, 6]
