"""Hours in a cohort whose pairs nobody stores: bundles over all pairs, and verify accepts what they prove."""

from __future__ import annotations

import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.scoring import size


def test_a_swept_matching_with_hours_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = pm.datasets.synthetic_frames(mentors=60, mentees=100, seed=3)
    cohort = pm.Cohort(tables.mentors.assign(capacity=3), tables.mentees)
    policy = pm.Policy(
        objective=["total"],
        goals=[goals.TopicCoverage(weight=0.6), goals.SharedHobbies(weight=0.4)],
        rules=[rules.NotSameTeam(), rules.Hours()],
    )
    monkeypatch.setattr(size, "HELD", 0)
    matching = pm.match(cohort, policy)
    assert matching.stats["pairs_swept"] > 0
    assert any(proof.bundles for proof in matching.certificate.proofs)
    assert matching.certificate.gap < 0.05
    checked = pm.verify(matching, cohort, policy)
    assert checked.pairs_swept > 0
