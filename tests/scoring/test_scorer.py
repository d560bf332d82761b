"""The scorer's block form against its reference, and what its numbers mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pairmatch import rules
from pairmatch.cohort import Block, Cohort
from pairmatch.errors import FileError, PolicyError
from pairmatch.policy import Policy
from pairmatch.problem import RESOLUTION
from pairmatch.scoring import SAME_PERSON, Scorer, fit
from tests.scoring.people import Given, cohort, policy


def scorer_of(people: Cohort, terms: Policy) -> Scorer:
    """The scorer of a cohort with its own fit."""
    return Scorer(people, terms, fit(people, terms))


@pytest.mark.parametrize("seed", range(25))
def test_blocks_agree_with_the_reference(seed: int) -> None:
    """Every unit, every rule and every completeness of a block is that of the reference form."""
    people = cohort(seed)
    scorer = scorer_of(people, policy())
    block = Block.whole(people)
    scored, forbidden, eligible = scorer.score(block), scorer.forbidden(block), scorer.eligible(block)
    assert (scorer.weight(block) == scored.weight).all()
    for i, mentor in enumerate(people.mentors):
        for j, mentee in enumerate(people.mentees):
            pair = scorer.pair(mentor, mentee)
            assert {
                label: int(units[i, j]) for label, units in scored.contributions.items()
            } == pair.contributions
            assert {k: bool(v[i, j]) for k, v in scored.judged.items()} == {
                k: v is not None for k, v in pair.scores.items()
            }
            assert (scored.weight[i, j], scored.completeness[i, j]) == (pair.weight, pair.completeness)
            assert tuple(label for label in forbidden if forbidden[label][i, j]) == pair.forbidden_by
            assert eligible[i, j] == pair.eligible


@pytest.mark.parametrize("seed", range(5))
def test_weights_are_sums_of_contributions(seed: int) -> None:
    """A weight is the sum of its contributions and lies in [0, 1] (law §4)."""
    people = cohort(seed)
    scored = scorer_of(people, policy()).score(Block.whole(people))
    assert (sum(scored.contributions.values()) == scored.weight).all()
    assert 0 <= scored.weight.min() <= scored.weight.max() <= RESOLUTION
    assert ((scored.completeness >= 0) & (scored.completeness <= 1)).all()


def test_a_part_of_a_block_is_the_same_as_the_whole() -> None:
    """Any rectangle, in any order, gives the same numbers."""
    people = cohort(7)
    scorer = scorer_of(people, policy())
    whole = scorer.score(Block.whole(people))
    rows, columns = np.array([5, 0, 3]), np.array([7, 2])
    part = scorer.score(Block(people, rows, columns))
    assert (part.weight == whole.weight[np.ix_(rows, columns)]).all()
    assert (part.completeness == whole.completeness[np.ix_(rows, columns)]).all()


def test_missing_data_count_as_the_average_or_zero() -> None:
    """A pair without data earns the average of those that have it, or nothing where the goal says so."""
    people = cohort(1, 3, 2)
    known: dict[tuple[str, str], float | None] = {("m1", "e1"): 0.2, ("m1", "both"): 0.6}
    people_active = all(p.active for p in (*people.mentors, *people.mentees))
    assert people_active
    for missing, instead in (("average", 200_000), ("zero", 0)):
        goals = [Given(known, default=None, missing=missing), Given({}, default=1.0, label="one")]
        scored = scorer_of(people, policy(goals=goals)).score(Block.whole(people))
        row = people.mentors.position("m1"), people.mentees.position("e1")
        assert scored.contributions["given"][row] == 100_000
        assert scored.contributions["given"][0, 0] == instead
        assert (scored.completeness[row], scored.completeness[0, 0]) == (1.0, 0.5)


def test_perfect_pairs_of_many_goals_weigh_at_most_one() -> None:
    """Rounding never lifts a weight above 1."""
    people = cohort(1)
    goals = [Given({}, default=1.0, label=f"g{k}") for k in range(6)]
    scorer = scorer_of(people, policy(goals=goals))
    assert (scorer.score(Block.whole(people)).weight == RESOLUTION).all()
    assert scorer.pair(people.mentors.person(1), people.mentees.person(1)).weight == RESOLUTION


def test_nobody_is_paired_with_themself() -> None:
    """One id in both tables is one person (law §1), even under no rules."""
    people = cohort(1)
    scorer = scorer_of(people, policy(rules=[]))
    assert scorer.rule_labels == (SAME_PERSON,)
    assert np.argwhere(~scorer.eligible(Block.whole(people))).tolist() == [[0, 0]]
    assert scorer.pair(people.mentors.person(0), people.mentees.person(0)).forbidden_by == (SAME_PERSON,)


@pytest.mark.parametrize(("goals", "completeness"), [([], 1.0), ([Given({}, default=None)], 0.0)])
def test_without_goals_every_weight_is_zero(goals: list[Any], completeness: float) -> None:
    """No goal means no weight: all judged where there was nothing to judge, none where all were left out."""
    people = cohort(1)
    scorer = scorer_of(people, policy(goals=goals, objective=["mentees"]))
    scored = scorer.score(Block.whole(people))
    pair = scorer.pair(people.mentors.person(1), people.mentees.person(1))
    assert not scored.weight.any()
    assert (scored.completeness == completeness).all()
    assert (pair.weight, pair.completeness) == (0, completeness)


def test_a_fit_of_another_policy_is_refused() -> None:
    """Every goal needs its fitted average."""
    people = cohort(1)
    found = fit(people, policy(goals=[Given({})]))
    with pytest.raises(FileError, match=r"other_policy .*'mine'"):
        Scorer(people, policy(goals=[Given({}, label="mine")]), found)


@pytest.mark.parametrize("answer", [np.ones((9, 8)), np.ones((2, 2), bool), np.ones(8, bool)])
def test_rules_answer_with_booleans_of_the_blocks_shape(answer: Any) -> None:
    """A rule that answers with numbers, or of another shape, is an error and never a guess."""

    class Odd:
        name = "odd"

        def allowed(self, block: Block) -> Any:
            return answer

        def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
            return True

    people = cohort(1)
    with pytest.raises(PolicyError, match=r"wrong_shape .*'odd'"):
        scorer_of(people, policy(rules=[Odd()])).eligible(Block.whole(people))


def test_rules_may_answer_for_a_whole_row() -> None:
    """A rule about one person may answer with one row or column."""

    class Seniors:
        name = "seniors"

        def allowed(self, block: Block) -> Any:
            return block.numbers("level")[0] >= 3

        def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
            return mentor["level"] is not None and mentor["level"] >= 3

    people = cohort(1)
    scorer = scorer_of(people, policy(rules=[Seniors(), rules.NotSameTeam()]))
    eligible = scorer.eligible(Block.whole(people))
    expected = [[scorer.pair(m, e).eligible for e in people.mentees] for m in people.mentors]
    assert eligible.tolist() == expected
