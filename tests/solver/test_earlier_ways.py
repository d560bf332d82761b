"""Re-matches by the ways of larger problems: small ones are sent there, and bounds hold all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pairmatch.errors import InfeasibleError, NoSolutionError
from pairmatch.problem import Problem
from pairmatch.solver import core, solve
from pairmatch.solver.bundled import budgets, packer, packing
from pairmatch.solver.coaches import coached, jointly, mixed
from pairmatch.solver.fairness import raised
from pairmatch.solver.groups import costed, grouped
from pairmatch.testing import brute_force_problem, faults
from pairmatch.testing.problem_strategies import REMATCH_OBJECTIVES
from pairmatch.testing.strategies import problems

FLOORED = (
    ("mentees", "kept", "worst", "total"),
    ("must_match", "mentees", "worst", "kept", "total"),
    ("held", "mentees", "waited", "worst", "total"),
    ("mentees", "kept", "leximin", "total"),
    ("pairs", "worst", "total", "kept"),
)

PLAIN = st.sampled_from([tiers for tiers in REMATCH_OBJECTIVES if "worst" not in tiers])

SPREAD = (("mentees", "kept", "spread", "total"), ("spread", "kept", "waited"), ("held", "total"))

COACHED = (("mentees", "kept", "coached", "total"), ("coached", "kept"), ("mentees", "waited", "total"))


@contextmanager
def sent(*ways: tuple[ModuleType, str, Any]) -> Iterator[None]:
    """Small problems are no longer small."""
    with ExitStack() as stack:
        for where, name, value in ways:
            stack.enter_context(mock.patch.object(where, name, value))
        yield


def holds(problem: Problem, *, exact: bool) -> None:
    """A valid matching; values of the best one, or bounds that hold."""
    best = brute_force_problem(problem)
    try:
        solution = solve(problem)
    except (InfeasibleError, NoSolutionError):
        assert best is None or not exact
        return
    assert best is not None
    chosen, with_coach = ([tuple(p) for p in found.tolist()] for found in (solution.pairs, solution.coached))
    assert not faults(problem, chosen, with_coach)
    same = True
    for proof, value in zip(solution.tiers, best.values, strict=True):
        assert proof.value <= proof.bound <= proof.verified_bound
        assert not same or proof.value <= value <= proof.bound
        same = same and proof.value == value
    assert same or not exact
    event("the best" if same else "a gap")


@settings(max_examples=20)
@given(problems(earlier=True, hours=False, objective=st.sampled_from(FLOORED)))
def test_floors_by_climbing(problem: Problem) -> None:
    """Where mentees have several mentors, prices on floors."""
    several = np.maximum(problem.loads.mentee_capacity, 2)
    with sent((raised, "SMALL", 0)):
        holds(replace(problem, loads=replace(problem.loads, mentee_capacity=several)), exact=True)


@settings(max_examples=30)
@given(problems(earlier=True, hours=True, objective=PLAIN))
def test_hours_by_bundles(problem: Problem) -> None:
    """Bundles alone, with no search."""
    ways = ((budgets, "SEARCHABLE", 0), (packer, "SMALL", 0), (packing, "FEW", 0))
    with sent(*ways):
        holds(problem, exact=False)


@settings(max_examples=20)
@given(problems(earlier=True, hours=True, groups=True, objective=PLAIN | st.sampled_from(SPREAD)))
def test_groups_within_hours_by_prices(problem: Problem) -> None:
    """Prices of groups and bundles, with no search."""
    with sent((costed, "SEARCHABLE", 0), (costed, "QUOTED", 0), (budgets, "SEARCHABLE", 0)):
        holds(problem, exact=False)


@settings(max_examples=30)
@given(problems(earlier=True, hours=False, groups=True, objective=PLAIN | st.sampled_from(SPREAD)))
def test_groups_by_prices(problem: Problem) -> None:
    """Prices of groups, with no search."""
    soft = tuple(group for group in problem.groups if group.least is None and group.most is None)
    problem = replace(problem, groups=soft)
    with sent((grouped, "CLOSABLE", 0), (grouped, "LIKELY", 0)):
        holds(problem, exact=False)


@settings(max_examples=20)
@given(problems(3, 3, earlier=True, hours=False, coaching=True, objective=st.sampled_from(COACHED)))
def test_coaches_by_prices(problem: Problem) -> None:
    """Prices of coaches, with no search."""
    with sent((jointly, "STAGES", ())):
        holds(problem, exact=False)


@settings(max_examples=20)
@given(
    problems(3, 3, earlier=True, hours=None, groups=True, coaching=True, objective=st.sampled_from(COACHED))
)
def test_coaches_and_groups_by_prices(problem: Problem) -> None:
    """Prices of both, and bounds one after the other."""
    never = [(room, "is_searchable", lambda _: False) for room in (coached, mixed)]
    with sent(*never):
        holds(problem, exact=False)


@settings(max_examples=30)
@given(problems(4, 4, earlier=True, hours=False, objective=PLAIN))
def test_a_first_core_of_few_pairs(problem: Problem) -> None:
    """Most pairs come in by prices; the running ones are there from the start."""
    with sent((core, "WORTH_IT", 0), (core, "BEST", 0), (core, "JOINING", 1)):
        holds(problem, exact=True)
