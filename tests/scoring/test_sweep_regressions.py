"""Faults that a review of the sweep found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.forms import Few, Form
from pairmatch.problem import Priced
from pairmatch.scoring import counting, fit, size
from pairmatch.scoring.stating import stated
from pairmatch.scoring.workers import Workers

N = 60
WEIGHTS = np.round(np.random.default_rng(0).random((N, N)), 6)


class Given:
    """A home-made goal that knows every pair's score."""

    name = "given"
    weight = 1.0

    def score(self, block: Any) -> Any:
        return WEIGHTS[np.ix_(block.mentor_positions, block.mentee_positions)]

    def score_pair(self, mentor: Any, mentee: Any) -> float:
        cohort = mentor.cohort
        return float(WEIGHTS[cohort.mentors.position(mentor.id), cohort.mentees.position(mentee.id)])


class Formed(Given):
    """The same with a form, which may be damaged."""

    def __init__(self, error: float = 1.0, *, damaged: bool = False) -> None:
        self.error, self.damaged = error, damaged

    def score(self, block: Any) -> Any:
        return super().score(block)

    def form(self, cohort: Any, scale: float, most: int, instead: int) -> Form:
        left = np.eye(N, dtype=np.float32)
        left[:20, :1] = np.nan if self.damaged else left[:20, :1]
        return Form(left, np.rint(WEIGHTS * scale).T.astype(np.float32), self.error)


class Open:
    """A home-made rule that allows everything, and says something else of all pairs at once."""

    name = "open"

    def allowed(self, block: Any) -> Any:
        return np.ones(block.shape, bool)

    def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
        return True

    def few(self, cohort: Any) -> Few:
        barred = np.arange(N) < 20
        return Few(barred, np.zeros(N, bool), cohort.pairs_matrix([]))


class Wrapped(Open):
    """A rule that defines itself, and hands all else to another."""

    few = None  # type: ignore[assignment]

    def allowed(self, block: Any) -> Any:
        return np.ones(block.shape, bool)


class Shapeless(Open):
    """A rule whose answer does not fit the block."""

    few = None  # type: ignore[assignment]

    def allowed(self, block: Any) -> Any:
        return np.ones(7, bool)


def people(**columns: Any) -> pm.Cohort:
    """As many mentors as mentees."""
    ids = [f"{k:03}" for k in range(N)]
    return pm.Cohort(
        pd.DataFrame({"id": [f"m{i}" for i in ids], **columns}),
        pd.DataFrame({"id": [f"e{i}" for i in ids], **columns}),
    )


@pytest.fixture
def everything_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few pairs there are."""
    monkeypatch.setattr(size, "HELD", 0)


@pytest.mark.usefixtures("everything_swept")
@pytest.mark.parametrize("large", [0, 5 * 10**8, 25 * 10**8, 5 * 10**10])
def test_large_prices_before_small_ones(large: int) -> None:
    """What large prices rounded away is not lost to the sweep that follows, nor to the excess."""
    cohort, policy = people(), pm.Policy(goals=[Given()])
    numbers = np.random.default_rng(5)
    with Workers(threads=1) as workers:
        built, sweep = stated(cohort, policy, fit(cohort, policy), workers)
        assert sweep is not None
        units = np.rint(WEIGHTS[np.ix_(built.mentors, built.mentees)] * 1e6).astype(np.int64)
        for _ in range(10):
            ours, theirs = numbers.integers(960_000, 999_900, N), np.zeros(N, np.int64)
            first = sweep.beating(Priced(ours + large, theirs - large, 1, 0), 2, lambda: False)
            reduced = units - ours[:, None]
            assert (first.excess >= reduced.max(axis=1)).all()
            sweep.beating(Priced(ours + large, theirs - large, 1, 0), 24, lambda: False)
            found = sweep.beating(Priced(ours, theirs, 1, 0), 24, lambda: False)
            pairs = {(i, j) for i, j in np.argwhere(reduced > 0).tolist()}
            assert set(zip(found.mentor.tolist(), found.mentee.tolist(), strict=True)) == pairs


@pytest.mark.usefixtures("everything_swept")
@pytest.mark.parametrize(
    "terms",
    [
        {"goals": [Formed(damaged=True)]},
        {"goals": [Formed(float("nan"))]},
        {"goals": [Formed(float("inf"))]},
        {"goals": [Given()], "rules": [Open()]},
    ],
)
def test_who_speaks_falsely_of_all_pairs_is_refused(terms: dict[str, Any]) -> None:
    """NaN is no number within an error, and nobody may be left out whom the rule allows."""
    with pytest.raises(pm.PolicyError, match="not what it says of single pairs"):
        pm.match(people(), pm.Policy(**terms))


@pytest.mark.usefixtures("everything_swept")
def test_who_speaks_truly_is_believed() -> None:
    """A form that is right is used; what another class says of a rule is not."""
    assert len(pm.match(people(), pm.Policy(goals=[Formed()])).made) == N
    assert len(pm.match(people(), pm.Policy(goals=[Given()], rules=[Wrapped()])).made) == N


@pytest.mark.usefixtures("everything_swept")
def test_a_rule_of_the_wrong_shape_is_named() -> None:
    """As in a small cohort."""
    with pytest.raises(pm.PolicyError, match="booleans of the block's shape") as caught:
        pm.match(people(), pm.Policy(goals=[Given()], rules=[Shapeless()]))
    assert [finding.column for finding in caught.value.findings] == ["open"]


@pytest.mark.usefixtures("everything_swept")
def test_very_many_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """More tables than features have room for still forbid their pairs, also where a bar is set."""
    monkeypatch.setattr(counting, "MOST_WEIGHED", 0)
    numbers = np.random.default_rng(3)
    fields = {f"f{k}": {"kind": "text"} for k in range(14)}
    columns = {name: numbers.choice(["a", "b", "c"], N, p=[0.1, 0.2, 0.7]) for name in fields}
    ids = [f"{k:03}" for k in range(N)]
    others = {name: numbers.permutation(values) for name, values in columns.items()}
    cohort = pm.Cohort(
        pd.DataFrame({"id": [f"m{i}" for i in ids], **columns}),
        pd.DataFrame({"id": [f"e{i}" for i in ids], **others}),
        schema=pm.Schema.from_dict({"fields": fields}),
    )
    policy = pm.Policy(
        rules=[rules.Different(name) for name in fields],
        goals=[goals.Same("f0", weight=1), Given()],
        minimum_weight=0.05,
    )
    matching = pm.match(cohort, policy)
    pm.verify(matching, cohort, policy)
    monkeypatch.setattr(size, "HELD", 10**9)
    pm.verify(matching, cohort, policy)
    assert all(count >= 0 for left in matching.left for count in left.taken.values())
