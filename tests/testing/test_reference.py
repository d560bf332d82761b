"""The oracle for people agrees with the block forms, and with cohorts solved by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given

from pairmatch import goals, rules
from pairmatch.cohort import Cohort
from pairmatch.errors import InfeasibleError, PolicyError
from pairmatch.policy import Policy
from pairmatch.problem import Problem
from pairmatch.scoring import build, fit
from pairmatch.testing import brute_force, brute_force_problem, reference_fit, reference_problem
from pairmatch.testing.strategies import Case, cases


def by_ids(problem: Problem, mentors: list[str], mentees: list[str]) -> dict[tuple[str, str], int]:
    """The weight of each allowed pair, by ids."""
    arcs = zip(problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True)
    return {(mentors[i], mentees[j]): weight for i, j, weight in arcs}


@given(cases())
def test_averages_are_those_of_the_block_forms(case: Case) -> None:
    """Pair by pair and block by block the goals learn the same."""
    assert reference_fit(case.cohort, case.policy) == fit(case.cohort, case.policy)


@given(cases())
def test_pairs_and_optimum_are_those_of_the_block_forms(case: Case) -> None:
    """The problem built in blocks has the same pairs, weights and optimum as the one built pair by pair."""
    cohort, policy = case.cohort, case.policy
    stated = reference_problem(cohort, policy)
    if stated is None:
        with pytest.raises(InfeasibleError):
            build(cohort, policy, fit(cohort, policy))
        return
    built = build(cohort, policy, fit(cohort, policy))
    mentors = [cohort.mentors.ids[row] for row in built.mentors.tolist()]
    mentees = [cohort.mentees.ids[row] for row in built.mentees.tolist()]
    reference = by_ids(stated.problem, list(stated.mentors), list(stated.mentees))
    assert by_ids(built.problem, mentors, mentees) == reference
    ours, theirs = brute_force(cohort, policy), brute_force_problem(built.problem)
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert (ours.values, ours.levels, ours.optima) == (theirs.values, theirs.levels, theirs.optima)


def two_by_two(**columns: list[object]) -> Cohort:
    """Mentors a and b, mentees x and y, with columns for all four."""
    people = pd.DataFrame({"id": ["a", "b", "x", "y"], **columns}, dtype=object)
    return Cohort(people.iloc[:2].reset_index(drop=True), people.iloc[2:].reset_index(drop=True))


def test_a_cohort_by_hand() -> None:
    """Of two ways to pair two departments one is allowed; blanks take the average of 1/3."""
    cohort = two_by_two(
        department=["d", "e", "d", "e"], region=["n", "n", "n", None], team=["t", None, "u", "t"]
    )
    policy = Policy(
        rules=[rules.DifferentDepartment()],
        goals=[goals.Same("team", weight=1), goals.Same("region", weight=1, missing="zero")],
    )
    best = brute_force(cohort, policy)
    assert best is not None
    assert best.pairs == (("a", "y"), ("b", "x"))
    # a and y: team 1, region blank 0. b and x: team blank, the average of 0 and 1; region 1.
    assert best.by_tier == {"must_match": 0, "mentees": 2, "total": 500_000 + 250_000 + 500_000}


def test_the_bar_is_kept() -> None:
    """No pair below the minimum weight is made, and one at the bar is."""
    cohort = two_by_two(team=["t", "t", "t", "u"])
    aims = [goals.Same("team", weight=1)]
    best = brute_force(cohort, Policy(goals=aims, minimum_weight=1.0))
    assert best is not None
    assert (best.values, best.optima) == ((0, 1, 1_000_000), 2)


def test_a_required_pair_of_inactive_people() -> None:
    """Nothing is found where a required pair needs somebody who does not take part: the policy is refused."""
    cohort = two_by_two(active=["yes", "no", "yes", "yes"])
    with pytest.raises(PolicyError):
        brute_force(cohort, Policy(rules=[rules.Required([("b", "x")])], objective=("mentees",)))


def test_a_policy_that_does_not_fit_is_refused() -> None:
    """The oracle does not guess: an absent column is the same error as for match."""
    with pytest.raises(PolicyError, match="absent_column"):
        brute_force(two_by_two(), Policy(rules=[rules.DifferentDepartment()], objective=("mentees",)))
