"""The verb ``score``."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.errors import CallError, PolicyError
from pairmatch.problem import Progress
from pairmatch.score import Scores
from tests.scoring.people import Given, cohort, frames, policy


@pytest.fixture
def scores() -> Scores:
    """A cohort with people who are not active, under a policy with a bar."""
    return pm.score(cohort(4, 20, 15), policy(minimum_weight=0.4))


def test_tables_agree_with_the_reference(scores: Scores) -> None:
    """Weights, reasons and completeness are those of the reference form, for everybody in the tables."""
    weights, reasons, completeness = scores.weights, scores.forbidden_by, scores.completeness
    seen = set()
    for mentor in scores.cohort.mentors:
        for mentee in scores.cohort.mentees:
            pair = scores._scorer.pair(mentor, mentee)
            light = ("minimum_weight",) if pair.weight < 400_000 else ()
            resting = () if mentor.active and mentee.active else ("not_active",)
            expected = next(iter((*resting, *pair.forbidden_by, *light)), None)
            assert reasons.loc[mentor.id, mentee.id] == expected
            shown = weights.loc[mentor.id, mentee.id]
            assert np.isnan(shown) if expected else shown == pair.weight / 1_000_000
            assert completeness.loc[mentor.id, mentee.id] == scores.columns.completeness(scores._scorer, pair)
            seen.add(expected)
    assert {None, "not_active", "same_person", "minimum_weight", "not_same_team"} <= seen
    assert scores.n_eligible == weights.notna().sum().sum()


def test_pairs_are_the_eligible_ones_best_first(scores: Scores) -> None:
    """The long table holds the eligible pairs, their parts add up, and the best stand first."""
    pairs = scores.pairs
    assert [*pairs.columns] == ["mentor", "mentee", "weight", "completeness", *scores.labels]
    assert pairs["weight"].is_monotonic_decreasing
    rows = scores.weights.iterrows()
    eligible = {(mentor, mentee): w for mentor, row in rows for mentee, w in row.dropna().items()}
    assert pairs.set_index(["mentor", "mentee"])["weight"].to_dict() == eligible
    parts = pairs[list(scores.labels)].sum(axis=1)
    assert np.allclose(parts, pairs["weight"], atol=1e-9)


def test_contributions_add_up_to_the_weight(scores: Scores) -> None:
    """The contributions of an eligible pair are its weight."""
    total = sum(scores.contributions(label) for label in scores.labels)
    weights = scores.weights
    assert np.allclose(total.where(weights.notna()), weights, atol=1e-9, equal_nan=True)
    assert (weights.index.name, weights.columns.name) == ("mentor", "mentee")


def test_hidden_goals_are_told_as_one_except_to_the_auditor() -> None:
    """The special goal is merged for the lead and has its own column for the auditor."""
    people, terms = cohort(4), policy()
    lead, auditor = pm.score(people, terms), pm.score(people, terms, audience="auditor")
    hidden = lead.columns.merged
    assert len(hidden) == 2
    assert len(auditor.labels) == len(lead.labels) + 1
    merged = sum(auditor.contributions(label) for label in hidden)
    assert np.allclose(lead.contributions("other"), merged)
    with pytest.raises(CallError, match="merged_label"):
        lead.contributions(hidden[0])


def test_tables_are_the_callers_own(scores: Scores) -> None:
    """Writing into a table changes nothing."""
    table = scores.weights
    table.iloc[:, :] = 0.0
    assert not scores.weights.equals(table)


def test_row_order_changes_no_weight() -> None:
    """The long table is the same whatever the row order (law §8)."""
    mentors, mentees = frames(4, 20, 15)
    schema, terms = cohort(4).schema, policy(rules=[])
    straight = pm.score(pm.Cohort(mentors, mentees, schema=schema), terms).pairs
    turned = pm.score(pm.Cohort(mentors.iloc[::-1], mentees.iloc[::-1], schema=schema), terms).pairs
    pd.testing.assert_frame_equal(straight, turned)


def test_goals_left_out_are_told() -> None:
    """A goal that nobody can judge is named, and has no column."""
    scores = pm.score(
        cohort(1), policy(goals=[Given({}, default=None, label="nothing"), Given({}, default=0.5)])
    )
    assert scores.left_out == ("nothing",)
    assert scores.labels == ("given",)
    assert "left out for want of data: nothing" in repr(scores)


def test_no_eligible_pair() -> None:
    """A table without rows still has its columns."""
    scores = pm.score(cohort(1), policy(goals=[Given({}, default=0.5)], minimum_weight=0.9))
    assert [*scores.pairs.columns] == ["mentor", "mentee", "weight", "completeness", "given"]
    assert len(scores.pairs) == scores.n_eligible == 0


def test_repr_is_short_and_safe() -> None:
    """The notebook's line names numbers and goals, and escapes what a goal is called."""
    scores = pm.score(cohort(1), policy(goals=[Given({}, label="<b>")]))
    assert repr(scores).startswith("<Scores of 9 mentors x 8 mentees: ")
    assert "goals: <b>" in repr(scores)
    assert "&lt;b&gt;" in scores._repr_html_()
    assert "no goals" in repr(pm.score(cohort(1), policy(goals=[], objective=["mentees"])))


def test_progress() -> None:
    """Progress ends at the last pair."""
    told: list[Progress] = []
    pm.score(cohort(1), policy(), progress=told.append)
    assert told[-1] == Progress("scoring pairs", 72, 72)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((None, policy(), "lead"), "bad_argument.*pm.Cohort"),
        ((cohort(1), {"rules": []}, "lead"), "bad_argument.*pm.Policy"),
        ((cohort(1), policy(), "leads"), "bad_argument.*Did you mean 'lead'"),
        ((cohort(1), policy(), None), "bad_argument.*'lead' or 'auditor'"),
        ((cohort(1), policy(), "mentor"), "bad_argument.*'lead' or 'auditor'"),
    ],
)
def test_bad_calls_are_told(arguments: tuple[Any, Any, Any], code: str) -> None:
    """A call that cannot be carried out says which argument is wrong and what to hand in."""
    people, terms, audience = arguments
    with pytest.raises(CallError, match=code):
        pm.score(people, terms, audience=audience)


def test_all_bad_arguments_are_told_at_once() -> None:
    """One error names every wrong argument."""
    with pytest.raises(CallError) as caught:
        pm.score(None, None, audience="nobody")  # type: ignore[arg-type]
    assert [finding.column for finding in caught.value.findings] == ["cohort", "policy", "audience"]


def test_too_many_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cohort too large for a table is refused before any work."""
    monkeypatch.setattr(sys.modules[Scores.__module__], "MOST_PAIRS", 71)
    with pytest.raises(CallError, match="too_many_pairs"):
        pm.score(cohort(1), policy())


def test_unknown_labels_are_told(scores: Scores) -> None:
    """An unknown contribution names the known ones and the nearest."""
    with pytest.raises(CallError, match=r"unknown_label.*topic_coverage.*Did you mean 'topic_coverage'"):
        scores.contributions("topic_coverag")


def test_a_policy_that_does_not_fit_is_refused() -> None:
    """A rule whose column is absent is a policy error."""
    from pairmatch import rules

    with pytest.raises(PolicyError, match="absent_column"):
        pm.score(cohort(1), policy(rules=[rules.Same("region")]))
