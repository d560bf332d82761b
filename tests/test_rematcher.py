"""`Rematcher`: what it answers at once is what the whole re-match answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.rematch import rematch
from pairmatch.rematcher import Rematcher
from pairmatch.scoring import size
from pairmatch.solver.repair import standing

COHORT = pm.datasets.synthetic(mentors=30, mentees=50, seed=3)
POLICY = pm.datasets.synthetic_policy()
MATCHING = pm.match(COHORT, POLICY)


def changes(draw: np.random.Generator, matching: pm.Matching) -> dict[str, Any]:
    """A few failed pairs, now and then people who leave, and other capacities."""
    made = matching.made
    pick = [made[k] for k in draw.choice(len(made), 4, replace=False)]
    gone = [pick[0].mentor, *([pick[1].mentee] if draw.random() < 0.5 else [])] if draw.random() < 0.6 else []
    failed = [(p.mentor, p.mentee) for p in pick[2:] if p.mentor not in gone and p.mentee not in gone]
    places = {p.mentor: int(draw.integers(1, 4)) for p in pick[3:] if p.mentor not in gone}
    return {"failed": failed, "left": gone, "capacities": places if draw.random() < 0.5 else {}}


def same(revised: pm.Matching, wanted: pm.Matching) -> None:
    """Everything that ties leave no choice about is the same."""
    assert revised.values == wanted.values
    assert revised.policy == wanted.policy
    assert revised.cohort.fingerprint == wanted.cohort.fingerprint
    assert revised.remarks == wanted.remarks
    assert revised.fitted_on == wanted.fitted_on
    if [(p.mentor, p.mentee) for p in revised.made] == [(p.mentor, p.mentee) for p in wanted.made]:
        assert (revised.made, revised.left, revised.revision) == (wanted.made, wanted.left, wanted.revision)


@pytest.mark.parametrize("movable", [None, "all"])
def test_the_same_as_the_whole_re_match(movable: str | None) -> None:
    draw, quick = np.random.default_rng(5), 0
    with Rematcher(MATCHING, movable=movable) as ready:
        assert ready.quick
        for _ in range(6):
            given = changes(draw, MATCHING)
            revised, wanted = ready.rematch(**given), rematch(MATCHING, movable=movable, **given)
            same(revised, wanted)
            quick += "searches" in revised.stats
            pm.verify(revised, COHORT, POLICY)
    assert quick >= 3


def test_pairs_that_nobody_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "HELD", 0)
    draw = np.random.default_rng(6)
    matching = pm.match(COHORT, POLICY)
    for movable in (None, "all"):
        with Rematcher(matching, movable=movable) as ready:
            for _ in range(2):
                given = changes(draw, matching)
                revised = ready.rematch(**given)
                same(revised, rematch(matching, movable=movable, **given))
                pm.verify(revised, COHORT, POLICY)


def test_round_after_round() -> None:
    draw, matching = np.random.default_rng(7), MATCHING
    with Rematcher(matching) as ready:
        for _ in range(3):
            made = matching.made[int(draw.integers(len(matching.made)))]
            revised = ready.rematch(failed=[(made.mentor, made.mentee)])
            same(revised, rematch(matching, failed=[(made.mentor, made.mentee)]))
            ready.accept(revised)
            assert ready.matching is revised
            matching = revised
    assert matching.revision is not None
    assert len(matching.revision.failed) == 3


def test_nothing_happens() -> None:
    with Rematcher(MATCHING) as ready:
        assert ready.rematch() is MATCHING


def test_what_repairs_cannot_say_is_matched_again() -> None:
    policy = replace(POLICY, objective=("mentees", "worst", "total"))
    matching = pm.match(COHORT, policy)
    failed = [(matching.made[0].mentor, matching.made[0].mentee)]
    with Rematcher(matching) as ready:
        assert not ready.quick
        same(ready.rematch(failed=failed), rematch(matching, failed=failed))


def test_fewer_places_than_running_pairs() -> None:
    policy = replace(POLICY, mentors=replace(POLICY.mentors, capacity=3), rules=[])
    matching = pm.match(COHORT, policy)
    busy = max({p.mentor for p in matching.made}, key=lambda who: len(matching.partners(mentor=who)))
    assert len(matching.partners(mentor=busy)) > 1
    with Rematcher(matching) as ready:
        assert ready.quick
        given: dict[str, Any] = {"capacities": {busy: 1}}
        same(ready.rematch(**given), rematch(matching, **given))


def test_wrong_arguments() -> None:
    with Rematcher(MATCHING) as ready, pytest.raises(pm.CallError, match="nobody"):
        ready.rematch(failed=[("nobody", "at all")])
    with pytest.raises(pm.CallError, match="must be a Matching"):
        Rematcher(COHORT)  # type: ignore[arg-type]


@pytest.mark.parametrize("running", [True, False])
def test_a_failed_pair_is_none_the_other_way_round(running: bool) -> None:
    """Two people who stand in both tables: if they fail as a pair, they fail in whichever roles."""
    mentors, mentees = (pd.DataFrame({"id": ids}) for ids in (["ana", "ben", "cem"], ["ana", "ben"]))
    back, other = (0.9, 0.1) if running else (0.1, 0.9)
    scores = [("ana", "ben", 1.0), ("ben", "ana", back), ("cem", "ana", other), ("cem", "ben", 0.0)]
    cohort = pm.Cohort(mentors, mentees)
    policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1)])
    matching = pm.match(cohort, policy)
    given: dict[str, Any] = {"failed": [("ana", "ben")], "left": [] if running else ["cem"]}
    with Rematcher(matching, movable="all") as ready:
        assert ready.quick
        revised = ready.rematch(**given)
        same(revised, rematch(matching, movable="all", **given))
    assert ("ben", "ana") not in {(pair.mentor, pair.mentee) for pair in revised.made}
    pm.verify(revised, cohort, policy, before=matching)


def test_a_movable_pair_that_ended_is_forgotten() -> None:
    """The next round holds those pairs movable that are still there."""
    named = [(pair.mentor, pair.mentee) for pair in MATCHING.made[:3]]
    with Rematcher(MATCHING, movable=named) as ready:
        revised = ready.rematch(failed=named[:1])
        ready.accept(revised)
        again = ready.rematch(left=[named[1][0]])
    assert again.revision is not None
    stay = [pair for pair in named[1:] if pair[0] != named[1][0]]
    assert {*again.revision.movable} == {*stay}
    pm.verify(again, COHORT, POLICY, before=revised)


@pytest.mark.parametrize("movable", [None, "all"])
def test_rounds_over_pairs_that_nobody_stores(monkeypatch: pytest.MonkeyPatch, movable: str | None) -> None:
    """The next round takes over what is in hand after a repair; what came in for what is undone goes."""
    monkeypatch.setattr(size, "HELD", 0)
    monkeypatch.setattr(standing, "MANY", 0)
    draw = np.random.default_rng(8)
    with Rematcher(pm.match(COHORT, POLICY), movable=movable) as ready:
        for _ in range(3):
            given, before = changes(draw, ready.matching), ready.matching
            revised = ready.rematch(**given)
            same(revised, rematch(before, movable=movable, **given))
            ready.accept(revised)
            assert ready.quick
        pm.verify(revised, COHORT, POLICY)
