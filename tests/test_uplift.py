"""`uplift`: greedy and random matchings of the same cohort, held against plain definitions of both."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.problem import Problem
from pairmatch.scoring import size
from pairmatch.scoring.workers import Workers
from pairmatch.supposing import plainly
from pairmatch.supposing.plainly import Taken, greedy, random
from pairmatch.supposing.standing import made_by
from pairmatch.testing.referee import faults, pair_need
from pairmatch.testing.strategies import Case, cases
from pairmatch.uplift import uplift

COHORT = pm.datasets.synthetic(mentors=40, mentees=36, seed=3)
POLICY = pm.datasets.synthetic_policy()
PEOPLE = {
    "mentors": pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf; sewing", "golf"]}),
    "mentees": pd.DataFrame({"id": ["eve", "fay"], "hobbies": ["chess; golf; sewing", "chess"]}),
}
HOBBIES = pm.Policy(goals=[goals.SharedHobbies(weight=1)])


def would_fit(problem: Problem, taken: Taken, pair: tuple[int, int], above: int) -> bool:
    """Whether a pair fits beside the required pairs and those taken of at least a weight."""
    need, required = pair_need(problem), set(map(tuple, problem.loads.required.tolist()))
    both = zip(map(tuple, taken.pairs.tolist()), taken.weight.tolist(), strict=True)
    beside = [other for other, weight in both if other in required or weight >= above]
    ours, theirs = Counter(i for i, _ in beside), Counter(j for _, j in beside)
    spent = sum(need[other] for other in beside if other[0] == pair[0])
    hours = problem.loads.mentor_hours
    return (
        ours[pair[0]] < problem.loads.mentor_capacity[pair[0]]
        and theirs[pair[1]] < problem.loads.mentee_capacity[pair[1]]
        and (hours is None or spent + need[pair] <= hours[pair[0]])
    )


def unbound(problem: Problem) -> Problem:
    """The problem without what nobody looks at here."""
    loads = problem.loads
    none = np.zeros_like(loads.mentor_minimum), np.zeros_like(loads.mentee_minimum)
    loads = replace(loads, mentor_minimum=none[0], mentee_minimum=none[1])
    return replace(problem, loads=loads, groups=(), evens=())


@settings(max_examples=max(8, settings().max_examples // 10))
@given(cases())
def test_both_are_what_they_say(case: Case) -> None:
    """All pairs are allowed; no untaken pair fits, for greedy not even beside the heavier ones alone."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    with Workers() as workers:
        made = made_by(matching, workers)
        taken = greedy(made, workers), random(made, np.random.default_rng(7))
    problem = unbound(made.problem)
    event("hours" if problem.loads.mentor_hours is not None else "no hours")
    places = list(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
    weights = dict(zip(places, problem.weight.tolist(), strict=True))
    for each, heaviest_first in zip(taken, (True, False), strict=True):
        pairs = list(map(tuple, each.pairs.tolist()))
        assert faults(problem, pairs) == []
        assert [weights[pair] for pair in pairs] == each.weight.tolist()
        for pair in set(places) - set(pairs):
            assert not would_fit(problem, each, pair, weights[pair] if heaviest_first else 0)


def test_figures() -> None:
    """Counts and weights of each method, and how far random draws lie apart."""
    matching = pm.match(COHORT, POLICY)
    found = uplift(matching, draws=9)
    table = found.table.set_index("method")
    assert table.index.tolist() == ["pairmatch", "greedy", "random"]
    for method in ("pairmatch", "greedy"):
        weights = found.weights[method]
        assert list(weights) == sorted(weights)
        assert table.pairs[method] == len(weights)
        assert table.total[method] == pytest.approx(sum(weights))
        assert table["mean"][method] == pytest.approx(np.mean(weights))
        assert table.lowest[method] == min(weights)
    assert found.weights["pairmatch"] == tuple(sorted(matching.pairs["weight"]))
    spans = found.intervals.set_index("figure")
    assert (spans.low <= spans["mean"]).all()
    assert (spans["mean"] <= spans.high).all()
    assert spans["mean"].tolist() == pytest.approx(table.loc["random"].tolist())
    assert spans.low["total"] <= sum(found.weights["random"]) <= spans.high["total"]
    assert table.total["pairmatch"] >= table.total["greedy"] > table.total["random"]


def test_seeds_decide() -> None:
    """The same seed gives the same draws, another one others."""
    matching = pm.match(COHORT, POLICY)
    one, same, other = (uplift(matching, draws=3, seed=seed) for seed in (1, 1, 2))
    assert one.weights == same.weights
    pd.testing.assert_frame_equal(one.table, same.table)
    assert one.weights["random"] != other.weights["random"]


@pytest.mark.parametrize("capacity", [1, 3])
def test_swept_cohorts(monkeypatch: pytest.MonkeyPatch, capacity: int) -> None:
    """Where no pair is stored, greedy takes the same weights, and random pairs are as heavy on average."""
    policy = replace(POLICY, mentors={"capacity": capacity}, mentees={"capacity": 2})
    at_hand = uplift(pm.match(COHORT, policy), draws=30)
    monkeypatch.setattr(size, "HELD", 0)
    monkeypatch.setattr(plainly, "EACH", 2)
    monkeypatch.setattr(plainly, "FEW", 100)
    swept = uplift(pm.match(COHORT, policy), draws=30)
    assert swept.weights["greedy"] == at_hand.weights["greedy"]
    tables = [found.table.set_index("method").loc["random"] for found in (at_hand, swept)]
    assert tables[0].pairs == pytest.approx(tables[1].pairs, rel=0.05)
    assert tables[0]["mean"] == pytest.approx(tables[1]["mean"], rel=0.1)


def test_swept_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours are kept where no pair is stored too, and nobody looks for ever."""
    policy = replace(POLICY, rules=[*POLICY.rules, rules.Hours(missing="allow")], mentors={"capacity": 3})
    at_hand = uplift(pm.match(COHORT, policy), draws=1)
    monkeypatch.setattr(size, "HELD", 0)
    monkeypatch.setattr(plainly, "EACH", 1)
    swept = uplift(pm.match(COHORT, policy), draws=1)
    assert swept.weights["greedy"] == at_hand.weights["greedy"]


def test_words() -> None:
    """What the others reach, and how far above them the matching is."""
    found = uplift(pm.match(pm.Cohort(**PEOPLE), HOBBIES), draws=40)
    lines = str(found).splitlines()
    assert lines[0].startswith("2 pairs of total weight ")
    assert lines[1].startswith("  the heaviest pair first, again and again: total ")
    assert lines[2].startswith("  random pairs: total ")
    assert lines[2].endswith("mentees with a mentor: 2 against 2")
    assert found.over("random") > 0
    assert found.over("greedy", "mentees") == 0
    assert repr(found).startswith("<Uplift: pairmatch ")
    assert "<table" in found._repr_html_()


def test_nobody_to_pair() -> None:
    """Without an allowed pair there is nothing to be above."""
    policy = replace(
        HOBBIES, rules=[rules.Forbidden([(a, b) for a in ("ana", "ben") for b in ("eve", "fay")])]
    )
    found = uplift(pm.match(pm.Cohort(**PEOPLE), policy))
    assert found.table[["mentees", "pairs", "total"]].to_numpy().tolist() == [[0, 0, 0]] * 3
    assert found.table["mean"].isna().all()
    assert math.isnan(found.over("random"))
    assert found.weights == {"pairmatch": (), "greedy": (), "random": ()}
    assert str(found).splitlines()[2] == "  random pairs: total 0; mentees with a mentor: 0 against 0"


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ({"draws": 0}, "must be a whole number of at least 1, not 0"),
        ({"draws": 1.5}, "must be a whole number of at least 1"),
        ({"seed": -1}, "must be a whole number of at least 0"),
    ],
    ids=["no draw", "half a draw", "no seed"],
)  # fmt: skip
def test_calls_that_cannot_be_used(more: dict[str, Any], hint: str) -> None:
    """What is wrong is told before any work."""
    matching = pm.match(pm.Cohort(**PEOPLE), HOBBIES)
    with pytest.raises(pm.CallError, match=hint):
        uplift(matching, **more)
    with pytest.raises(pm.CallError, match="must be a Matching"):
        uplift("matching")  # type: ignore[arg-type]
    with pytest.raises(pm.CallError, match="must be 'greedy' or 'random'"):
        uplift(matching).over("luck")
    with pytest.raises(pm.CallError, match="must be 'mentees' or 'pairs' or 'total' or 'mean' or 'lowest'"):
        uplift(matching).over("random", "luck")
