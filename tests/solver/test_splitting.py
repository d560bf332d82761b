"""Splits into parts that are as mixed as the whole, against trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.errors import NoSolutionError, SolverError
from pairmatch.solver import splitting
from pairmatch.solver.search import Infeasible
from pairmatch.solver.splitting import Split, even_range, missed, split


@st.composite
def problems(draw: st.DrawFn) -> Split:
    """Up to seven things, one of each kind, in up to three parts."""
    n, parts = draw(st.integers(1, 7)), draw(st.integers(1, 3))
    cuts = sorted(draw(st.lists(st.integers(0, n), min_size=parts - 1, max_size=parts - 1)))
    flags = st.lists(st.booleans(), min_size=n, max_size=n)
    return Split(
        count=np.ones(n, np.int64),
        sizes=np.diff([0, *cuts, n]).astype(np.int64),
        first=np.array(
            draw(st.lists(st.sampled_from([0, 0, 0, parts - 1]), min_size=n, max_size=n)), np.int64
        ),
        groups=np.array(draw(st.lists(flags, max_size=4)), bool).reshape(-1, n),
        bundle=np.array(draw(st.lists(st.integers(-1, 1), min_size=n, max_size=n)), np.int64),
        most=np.array(draw(st.lists(st.integers(1, 4), min_size=2, max_size=2)), np.int64),
    )


def best(problem: Split) -> tuple[int, int] | None:
    """The least misses of the first part, then of all; None where no split is possible."""
    n, parts = len(problem.count), len(problem.sizes)
    low, high = even_range(problem)
    found = []
    for where in product(range(parts), repeat=n):
        sizes = [where.count(part) for part in range(parts)]
        if sizes != problem.sizes.tolist() or any(
            w < f for w, f in zip(where, problem.first.tolist(), strict=True)
        ):
            continue
        loads = [
            sum(w == part and b == k for w, b in zip(where, problem.bundle.tolist(), strict=True)) <= most
            for k, most in enumerate(problem.most.tolist())
            for part in range(parts)
        ]
        if not all(loads):
            continue
        misses = []
        for part in range(parts):
            counts = [
                sum(w == part for w, of in zip(where, row, strict=True) if of)
                for row in problem.groups.tolist()
            ]
            misses.append(
                sum(max(0, int(low[g, part]) - c, c - int(high[g, part])) for g, c in enumerate(counts))
            )
        found.append((misses[0], sum(misses)))
    return min(found) if found else None


@settings(max_examples=80)
@given(problems())
def test_against_trying_everything(problem: Split) -> None:
    """The first part is as mixed as can be, then all of them; or there is no split at all."""
    expected = best(problem)
    if expected is None:
        with pytest.raises(Infeasible):
            split(problem)
        return
    found = split(problem)
    assert found.complete
    assert found.values == found.bounds == expected
    assert found.held.sum(axis=0).tolist() == problem.sizes.tolist()
    assert found.held.sum(axis=1).tolist() == problem.count.tolist()
    assert missed(problem, found.held).sum() == expected[1]
    parts = np.arange(len(problem.sizes))
    assert not found.held[parts[None, :] < problem.first[:, None]].any()


def simple(**more: object) -> Split:
    """Ten things of two kinds in two parts."""
    whole = {
        "count": np.array([6, 4]),
        "sizes": np.array([5, 5]),
        "first": np.zeros(2, np.int64),
        "groups": np.eye(2, dtype=bool),
        "bundle": np.array([-1, -1]),
        "most": np.zeros(0, np.int64),
    }
    return Split(**{**whole, **more})  # type: ignore[arg-type]


def test_kinds_are_counted() -> None:
    """Things of one kind need not be told apart."""
    found = split(simple())
    assert found.held.tolist() == [[3, 3], [2, 2]]
    assert even_range(simple())[0].tolist() == [[3, 3], [2, 2]]


def test_nothing_to_split_and_nothing_to_mix() -> None:
    """Empty problems have an answer too."""
    none = simple(
        count=np.zeros(0, np.int64),
        sizes=np.zeros(1, np.int64),
        first=np.zeros(0, np.int64),
        groups=np.zeros((1, 0), bool),
        bundle=np.zeros(0, np.int64),
    )
    assert split(none).values == (0, 0)
    assert split(simple(groups=np.zeros((0, 2), bool))).complete


def test_a_search_that_is_cut_short_says_so() -> None:
    """With no work allowed nothing is found, or nothing is proven."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "EFFORT", 0.0)
        try:
            found = split(simple())
        except NoSolutionError:
            return
        assert found.values[0] >= found.bounds[0]


def test_without_a_better_split_the_one_in_hand_stays() -> None:
    """The bound is then a mere 0."""
    model = splitting._Model(simple(), splitting.Clock(None))
    with pytest.raises(NoSolutionError):
        model._undecided()
    model.least(model.misses[0])
    assert model._undecided() == 0


@pytest.mark.parametrize(("status", "error"), [("UNKNOWN", NoSolutionError), ("MODEL_INVALID", SolverError)])
def test_states_that_are_no_answer(status: str, error: type[Exception]) -> None:
    """Nothing found in time, and a solver that broke its word."""
    from ortools.sat.python import cp_model

    model = splitting._Model(simple(), splitting.Clock(None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cp_model.CpSolver, "solve", lambda *_: getattr(cp_model, status))
        patch.setattr(cp_model.CpSolver, "status_name", lambda *_: status)
        with pytest.raises(error):
            model.least(model.misses[0])
