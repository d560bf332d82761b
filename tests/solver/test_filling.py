"""Pairs that join what is taken, as far as hours and quotas go: the same as asking of all pairs each time."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from pairmatch.problem import Problem
from pairmatch.solver.faces import is_required
from pairmatch.solver.filling import filled
from pairmatch.solver.search import fits
from pairmatch.testing.strategies import problems
from tests.solver.test_budgets import programme


def one_by_one(problem: Problem, taken: NDArray[np.intp], pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """The plain twin: every pair is checked with all that are there."""
    for pair in pairs[np.argsort(-problem.weight[pairs], kind="stable")]:
        more = np.union1d(taken, [pair])
        taken = more if fits(problem, more) else taken
    return taken


@settings(max_examples=200)
@pytest.mark.parametrize("hours", [False, True])
@given(st.data())
def test_as_if_each_pair_were_checked_with_all(hours: bool, data: st.DataObject) -> None:
    problem = data.draw(problems(hours=hours))
    required = np.flatnonzero(is_required(problem))
    if not fits(problem, required):
        return
    pairs = np.flatnonzero(data.draw(arrays(bool, len(problem.mentor))))
    assert filled(problem, required, pairs).tolist() == one_by_one(problem, required, pairs).tolist()


def test_many_pairs_take_no_long_time() -> None:
    """Checking all pairs for each one took minutes."""
    problem = programme(20_000, 1)
    problem = replace(problem, loads=replace(problem.loads, mentor_hours=np.full(10_000, 500)))
    start = time.process_time()
    found = filled(problem, np.empty(0, np.intp), np.arange(len(problem.mentor)))
    assert time.process_time() - start < 3
    assert fits(problem, found)
