"""What a re-match lays over the tables and the policy: once or twice is the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.matching import Revision, failed_pairs, laid_over_cohort, laid_over_policy


@pytest.fixture(scope="module")
def cohort() -> pm.Cohort:
    mentors = pd.DataFrame({"id": ["m1", "m2"], "hobbies": ["a", "b"], "capacity": [2, None]})
    return pm.Cohort(mentors, pd.DataFrame({"id": ["e1", "e2"], "hobbies": ["a", "b"]}))


def test_a_first_matching_lays_nothing_over(cohort: pm.Cohort) -> None:
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    assert laid_over_cohort(cohort, None) is cohort
    assert laid_over_cohort(cohort, Revision()) is cohort
    assert laid_over_policy(policy, None) is policy


def test_people_rest_and_have_other_capacities(cohort: pm.Cohort) -> None:
    """Of those who are known; the tables themselves stay as they were."""
    told = Revision(
        left=(("mentees", "e2"), ("mentors", "m1"), ("mentors", "zoe")),
        capacities=(("mentees", "e1", 3), ("mentors", "m2", 0), ("mentors", "zoe", 1)),
    )
    laid = laid_over_cohort(cohort, told)
    assert laid.mentors.active.tolist() == [False, True]
    assert laid.mentees.active.tolist() == [True, False]
    assert laid.mentors.number("capacity").tolist() == [2, 0]
    assert np.array_equal(laid.mentees.number("capacity"), [3, np.nan], equal_nan=True)
    assert cohort.mentors.active.all()
    assert "capacity" not in cohort.mentees
    assert laid_over_cohort(laid, told) is laid
    assert laid_over_cohort(laid, told).fingerprint == laid.fingerprint


def test_a_capacity_that_is_as_told_changes_nothing(cohort: pm.Cohort) -> None:
    assert laid_over_cohort(cohort, Revision(capacities=(("mentors", "m1", 2),))) is cohort


def test_later_rounds_lay_over_all_that_earlier_ones_did(cohort: pm.Cohort) -> None:
    """The plain tables with everything at once are the same as round after round."""
    first = Revision(left=(("mentors", "m1"),), capacities=(("mentors", "m2", 3),))
    second = Revision(
        left=(("mentees", "e1"), ("mentors", "m1")), capacities=(("mentees", "e2", 2), ("mentors", "m2", 1))
    )
    rounds = laid_over_cohort(laid_over_cohort(cohort, first), second)
    assert laid_over_cohort(cohort, second).fingerprint == rounds.fingerprint


def test_the_rule_and_the_bar() -> None:
    """One rule for all failed pairs, whatever was there before."""
    old = pm.Policy(
        rules=[rules.NotFailed([("m1", "e1")]), rules.NotSameTeam()], goals=[goals.SharedHobbies(weight=1)]
    )
    told = Revision(failed=(("m1", "e1"), ("m2", "e2")), minimum_weight=0.5)
    laid = laid_over_policy(old, told)
    assert laid.rules == (rules.NotSameTeam(), rules.NotFailed(told.failed))
    assert laid.minimum_weight == 0.5
    assert laid_over_policy(laid, told) == laid
    assert failed_pairs(laid) == set(told.failed)
    assert laid_over_policy(laid, Revision()).rules == (rules.NotSameTeam(),)
