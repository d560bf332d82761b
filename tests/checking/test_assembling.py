"""What a matching tells of its pairs and of who is left, from positions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch import goals, rules
from pairmatch.checking import assembling, pairs_made, people_left
from pairmatch.cohort import Block, Cohort, Person
from pairmatch.matching import Made
from pairmatch.policy import Policy
from pairmatch.scoring import Columns, Scorer, build, fit, visible_columns
from pairmatch.testing.policy_strategies import Case, cases
from tests.scoring.people import cohort, policy


def one_by_one(scorer: Scorer, columns: Columns) -> tuple[Made, ...]:
    """Every pair by the reference forms."""
    people, made = scorer.cohort, []
    for mentor in people.mentors:
        for mentee in people.mentees:
            score = scorer.pair(mentor, mentee)
            share = columns.completeness(scorer, score)
            made.append(Made(mentor.id, mentee.id, score.weight, share, columns.told(score.contributions)))
    return tuple(sorted(made, key=lambda pair: (pair.mentor, pair.mentee)))


def assert_told(people: Cohort, terms: Policy, seed: int) -> None:
    """All pairs, in any order, are told as the reference forms tell them, to the last bit and type."""
    fitted = fit(people, terms)
    scorer = Scorer(people, terms, fitted)
    columns = visible_columns(people, terms, left_out=fitted.left_out)
    every = np.random.default_rng(seed).permutation(len(people.mentors) * len(people.mentees))
    made = pairs_made(scorer, columns, every // len(people.mentees), every % len(people.mentees))
    expected = one_by_one(scorer, columns)
    assert made == expected
    assert repr(made) == repr(expected)


@given(case=cases(5, 5), seed=st.integers(0, 99))
def test_pairs_are_told_as_the_reference_forms_tell_them(case: Case, seed: int) -> None:
    """Weight, completeness and contributions, with columns that are merged and goals that were left out."""
    assert_told(case.cohort, case.policy, seed)


def test_many_pairs_are_scored_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """However they are cut."""
    monkeypatch.setattr(assembling, "AT_ONCE", 7)
    assert_told(cohort(4), policy(), 4)


def test_no_pair_at_all() -> None:
    """Nothing is told of nobody, with goals or without."""
    people = cohort(1)
    for terms in (policy(), policy(goals=[], objective=("pairs",))):
        fitted = fit(people, terms)
        columns = visible_columns(people, terms, left_out=fitted.left_out)
        nothing = np.empty(0, np.int64)
        assert pairs_made(Scorer(people, terms, fitted), columns, nothing, nothing) == ()
    assert_told(people, policy(goals=[], objective=("pairs",)), 1)


@dataclass(frozen=True)
class ByPlace:
    """A home-made goal that was written for blocks alone: it reads the rows of the tables."""

    weight: float = 1.0
    name: ClassVar[str] = "by_place"

    def score(self, block: Block) -> Any:
        """The block form."""
        return 1 / (1 + block.mentor_positions[:, None] + 2 * block.mentee_positions)

    def score_pair(self, mentor: Person, mentee: Person) -> float:
        """The reference form."""
        people = mentor.cohort
        return 1 / (1 + people.mentors.position(mentor.id) + 2 * people.mentees.position(mentee.id))


def test_goals_that_read_no_lists_are_told_pair_by_pair() -> None:
    """A goal of one's own need not know of lists of pairs."""
    terms = policy(goals=[ByPlace(), goals.SharedHobbies(weight=1)])
    people = cohort(2)
    assert not Scorer(people, terms, fit(people, terms)).reads_lists
    assert_told(people, terms, 2)


@given(case=cases(6, 6), seed=st.integers(0, 99))
def test_who_is_left_is_told_alike_with_a_tally_and_without(case: Case, seed: int) -> None:
    """Counted over all pairs, or over those without a partner alone: whatever the pairs."""
    _assert_left(case.cohort, case.policy, seed)


@pytest.mark.parametrize("hours", [(), (rules.Hours(),)])
@pytest.mark.parametrize("bar", [None, 0.4])
def test_who_is_left_of_more_people(hours: Any, bar: float | None) -> None:
    """With hours and a bar on the weight."""
    left = _assert_left(cohort(3, 30, 25), policy(rules=[*policy().rules, *hours], minimum_weight=bar), 3)
    assert {person.reason for person in left} >= {"not_active", "data_missing"}


def _assert_left(people: Cohort, terms: Policy, seed: int) -> Any:
    built = build(people, terms, fit(people, terms))
    random, loads = np.random.default_rng(seed), built.problem.loads
    room = [loads.mentor_capacity.copy(), loads.mentee_capacity.copy()]
    pairs = []
    for k in random.permutation(len(built.problem.mentor))[: random.integers(0, 30)].tolist():
        i, j = int(built.problem.mentor[k]), int(built.problem.mentee[k])
        if room[0][i] and room[1][j]:
            room[0][i], room[1][j] = room[0][i] - 1, room[1][j] - 1
            pairs.append((i, j))
    chosen = np.array(pairs, np.int64).reshape(-1, 2)
    left = people_left(built, chosen, settled=True)
    assert left == people_left(replace(built, tally=None), chosen, settled=True)  # type: ignore[arg-type]
    everybody = len(people.mentors) + len(people.mentees)
    assert len(left) == everybody - len(set(chosen[:, 0])) - len(set(chosen[:, 1]))
    assert [p.role for p in left] == sorted(
        (p.role for p in left), reverse=False, key=lambda r: r != "mentee"
    )
    return left
