"""`disturbance_frontier`: each point is the best re-match within its limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.disturbance_frontier import DisturbanceFrontier, disturbance_frontier
from pairmatch.rematch import rematch
from pairmatch.scoring import size

COHORT = pm.datasets.synthetic(mentors=14, mentees=24, seed=3)
POLICY = pm.datasets.synthetic_policy()
MATCHING = pm.match(COHORT, POLICY)
FAILED = [(pair.mentor, pair.mentee) for pair in MATCHING.made[:3]]


def totals(found: DisturbanceFrontier) -> list[float]:
    """The table's totals, rounded."""
    return [round(total, 6) for total in found.table["total"].tolist()]


def by_re_matching(matching: pm.Matching, most: int, **given: Any) -> list[float]:
    """The same by a re-match for each limit."""
    total = matching.policy.objective[:-1]
    assert matching.policy.objective[-1] == "total"
    assert {*total} <= {"must_match", "mentees"}
    found = disturbance_frontier(matching, most=0, **given)
    wanted = []
    for moved in range(most + 1):
        revised = rematch(
            matching, movable="all", max_changes=found.ended + moved, disturbance="last", waited=(), **given
        )
        wanted.append(round(revised.values["total"], 6))
    return wanted


def test_every_point_is_the_best_within_its_limit() -> None:
    found = disturbance_frontier(MATCHING, failed=FAILED, most=5)
    assert totals(found) == by_re_matching(MATCHING, 5, failed=FAILED)
    assert found.table["exact"].all()
    assert found.complete
    assert found.table["moved"].tolist() == list(range(6))
    assert (np.diff(found.table["gain"]) >= 0).all()
    np.testing.assert_allclose(found.table["total"], found.table["total"][0] + found.table["gain"])
    values = rematch(MATCHING, failed=FAILED, movable="all", waited=()).values
    assert totals(found)[0] == round(values["total"], 6)
    assert found.coverage == {tier: values[tier] for tier in ("must_match", "mentees")}
    assert found.running - found.ended == values["kept"]


def test_nothing_changed_then_nothing_is_gained() -> None:
    found = disturbance_frontier(MATCHING, most=3)
    assert totals(found) == [round(MATCHING.values["total"], 6)] * 4
    assert (found.ended, found.running) == (0, len(MATCHING.made))


def test_some_pairs_may_end() -> None:
    movable = [(pair.mentor, pair.mentee) for pair in MATCHING.made[3:6]]
    some = disturbance_frontier(MATCHING, failed=FAILED, movable=movable, most=4)
    every = disturbance_frontier(MATCHING, failed=FAILED, most=4)
    assert some.table["total"].iloc[-1] <= every.table["total"].iloc[-1]
    none = disturbance_frontier(MATCHING, failed=FAILED, movable=[], most=1)
    assert len(set(totals(none))) == 1


def test_required_pairs_run_too_and_must_be_allowed() -> None:
    """A pair that no re-match may end goes on all the same; where it failed there is no re-match at all."""
    cohort = pm.Cohort(pd.DataFrame({"id": ["ana", "ben"]}), pd.DataFrame({"id": ["eve", "flo"]}))
    scores = [(one, two, 0.5) for one in ("ana", "ben") for two in ("eve", "flo")]
    policy = pm.Policy(rules=[rules.Required([("ana", "eve")])], goals=[goals.Precomputed(scores, weight=1)])
    matching = pm.match(cohort, policy)
    for movable in ("all", [("ben", "flo")], []):
        found = disturbance_frontier(matching, movable=movable, most=1)
        assert (found.ended, found.running) == (0, 2)
    with pytest.raises(pm.InfeasibleError, match="required_pair_forbidden"):
        disturbance_frontier(matching, failed=[("ana", "eve")])


def test_running_pairs_that_do_not_fit_together() -> None:
    """Whoever must have somebody takes the other's mentor: what the re-match ends, the frontier ends too."""
    mentors = pd.DataFrame({"id": ["ana", "ben"]})
    mentees = pd.DataFrame({"id": ["eve", "flo"], "minimum": [0, 1]})
    scores = [("ana", "eve", 1.0), ("ana", "flo", 0.0), ("ben", "eve", 0.0), ("ben", "flo", 0.5)]
    policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1)])
    matching = pm.match(pm.Cohort(mentors, mentees), policy)
    given: dict[str, Any] = {"failed": [("ben", "flo")], "movable": []}
    revised = rematch(matching, waited=(), **given)
    found = disturbance_frontier(matching, most=1, **given)
    assert [tuple(row) for row in revised.changes.to_numpy()] == [
        ("eve", "ana", "ben", "no_room"),
        ("flo", "ben", "ana", "failed"),
    ]
    assert (found.ended, found.running, found.coverage["held"]) == (1, 1, 0)
    assert totals(found)[0] == round(revised.values["total"], 6)
    with pytest.raises(pm.InfeasibleError, match=r"\[flo\]"):
        disturbance_frontier(matching, left=["ana"], most=1, **given)


def test_where_prices_do_not_tell() -> None:
    policy = replace(POLICY, goals=[*POLICY.goals, goals.EvenLoad(price=0.1)])
    matching = pm.match(COHORT, policy)
    failed = [(matching.made[0].mentor, matching.made[0].mentee)]
    found = disturbance_frontier(matching, failed=failed, most=2)
    assert found.table["exact"].all()
    assert totals(found) == by_re_matching(matching, 2, failed=failed)


def test_pairs_that_nobody_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    at_hand = disturbance_frontier(MATCHING, failed=FAILED, most=5)
    monkeypatch.setattr(size, "HELD", 0)
    swept = disturbance_frontier(MATCHING, failed=FAILED, most=5)
    assert swept.coverage == at_hand.coverage
    exact = swept.table["exact"].to_numpy()
    assert exact.any()
    np.testing.assert_allclose(swept.table["total"][exact], at_hand.table["total"][exact])
    assert (swept.table["total"] <= at_hand.table["total"] + 1e-9).all()
    assert (swept.table["bound"] >= at_hand.table["total"] - 1e-9).all()


def test_progress_is_told_and_the_work_can_be_seen() -> None:
    found = disturbance_frontier(MATCHING, failed=FAILED, most=1)
    assert repr(found).startswith("<DisturbanceFrontier: 2 points; total ")
    assert isinstance(found.table, pd.DataFrame)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"most": -1}, "'most' must be a whole number of at least 0"),
        ({"most": True}, "'most' must be a whole number of at least 0"),
        ({"failed": [("no", "body")]}, "no"),
    ],
)
def test_wrong_arguments(given: dict[str, Any], message: str) -> None:
    with pytest.raises(pm.CallError, match=message):
        disturbance_frontier(MATCHING, **given)


def test_an_objective_without_a_total() -> None:
    matching = pm.match(COHORT, replace(POLICY, objective=("mentees",)))
    with pytest.raises(pm.CallError, match="the policy's objective has none"):
        disturbance_frontier(matching)
