"""Problems with hours that are held at hand are closed, and quickly."""

from __future__ import annotations

import time

import pytest

import pairmatch as pm
from pairmatch import goals, rules


@pytest.mark.parametrize(("mentors", "mentees"), [(8, 18), (12, 30), (20, 50)])
def test_small_programmes_are_closed_within_seconds(mentors: int, mentees: int) -> None:
    """Not all mentees can be covered; tiers told apart by large multipliers alone once took minutes here."""
    tables = pm.datasets.synthetic_frames(mentors=mentors, mentees=mentees, seed=11)
    cohort = pm.Cohort(tables.mentors.assign(capacity=4), tables.mentees)
    policy = pm.Policy(
        goals=[
            goals.TopicCoverage(weight=0.4),
            goals.SharedHobbies(weight=0.2),
            goals.Reciprocity(weight=0.1),
            goals.Same("region", weight=0.3),
        ],
        rules=[rules.NotSameTeam(), rules.Hours()],
    )
    start = time.process_time()
    matching = pm.match(cohort, policy)
    assert time.process_time() - start < 10
    assert matching.certificate.gap == 0
    assert matching.certificate.complete
    total = matching.certificate.proofs[-1]
    assert total.verified_bound < 1.01 * total.value
    pm.verify(matching, cohort, policy)
