"""Parts of a diagnosis where cohorts are too large, time is too short, or a policy needs what it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.diagnosing import candidates, sole
from pairmatch.diagnosing.applying import usable
from pairmatch.diagnosing.easing import eased_rules
from pairmatch.diagnosing.trial import Trial
from tests.test_civil_service import MENTEES, POLICY, tables


def synthetic() -> pm.Matching:
    cohort = pm.datasets.synthetic(mentors=10, mentees=16, seed=4, eligibility=0.3)
    return pm.match(cohort, pm.datasets.synthetic_policy())


def small(**parts: Any) -> pm.Matching:
    """A mentor with two mentees, and one with nobody."""
    scores = [("ana", "eve", 0.9), ("ana", "fay", 0.8), ("ben", "fay", 0.2)]
    mentors = pd.DataFrame({"id": ["ana", "ben"], "capacity": [2, 1]})
    policy = pm.Policy(**{"goals": [goals.Precomputed(scores, weight=1, missing="zero")], **parts})
    return pm.match(pm.Cohort(mentors, pd.DataFrame({"id": ["eve", "fay"]})), policy)


def test_too_many_pairs_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    matching = synthetic()
    assert any(one.last for one in pm.diagnose(matching, relaxations=False).people)
    monkeypatch.setattr(sole, "MOST_COUNTED", 0)
    told = pm.diagnose(matching, relaxations=False)
    assert not any(one.last for one in told.people)
    assert any(one.alone for one in told.people)


def test_exceptions_in_a_large_cohort_are_for_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    matching = synthetic()
    waiting = {one.id for one in matching.left}
    monkeypatch.setattr(candidates, "LOOKED_AT", 1)
    told = pm.diagnose(matching).relaxations
    pairs = told.loc[told["kind"] == "exception", ["mentor", "mentee"]].to_numpy().tolist()
    assert pairs
    assert all(waiting & set(pair) for pair in pairs)


def test_many_pairs_are_thinned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "WEIGHED", 1)
    assert not pm.diagnose(synthetic()).relaxations.empty


def test_a_price_that_time_does_not_allow_is_left_out() -> None:
    told = pm.diagnose(small(), mentor="ben", time_limit=1e-9)
    (one,) = told.people
    assert (one.kind, one.displacement, told.complete) == ("displaced", None, False)
    assert one.why == "to serve them would displace a better matching"


def test_a_rule_that_the_policy_needs_is_not_given_up() -> None:
    """Without the minimum the tier 'worst' would have nothing to keep people matched."""
    matching = small(rules=[rules.Minimum(mentees=1)], objective=["worst", "total"])
    (rule,) = matching.policy.rules
    (trial,) = eased_rules(matching.cohort, matching.policy, rule)
    assert trial.kind == "rule_off"
    assert not usable(trial, matching.cohort, matching.policy)
    assert usable(Trial("place", "", role="mentor", id="ana"), matching.cohort, matching.policy)


def test_a_capped_capacity_is_not_raised() -> None:
    """A rule caps everybody's places: one more place is no way out."""
    cohort = pm.Cohort(pd.DataFrame({"id": ["ana"]}), pd.DataFrame({"id": ["eve", "fay"]}))
    policy = pm.Policy(rules=[rules.Capacity(mentors=1)], objective=["mentees"])
    told = pm.diagnose(pm.match(cohort, policy)).relaxations
    assert "place" not in set(told["kind"])


def test_everybody_of_the_civil_service_is_explained(tmp_path: Path) -> None:
    """The public tables: nobody's reason stays open, and each blocking set is short of places."""
    path = tmp_path / "policy.toml"
    path.write_text(POLICY.format(objective=MENTEES, capacity=1, consent=""), encoding="utf-8")
    cohort = pm.Cohort.read(*tables(), schema=pm.Schema.read(path))
    matching = pm.match(cohort, pm.Policy.read(path))
    told = pm.diagnose(matching, relaxations=False)
    assert len(told.people) == len(matching.left) == 30
    assert told.table["kind"].value_counts().to_dict() == {"blocking_set": 29, "rules": 1}
    assert all(one.places < len(one.people) for one in told.blocking_sets)
