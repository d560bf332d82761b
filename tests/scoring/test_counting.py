"""Why somebody has no partner, counted without looking at all pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pairmatch import rules
from pairmatch.cohort import Block, Cohort, Person
from pairmatch.problem import Ints
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Built, Scorer, above, build, counting, fit, telling
from pairmatch.scoring.counting import Counts, Room, counted
from pairmatch.scoring.sieves import hours_grid
from pairmatch.scoring.workers import Workers
from pairmatch.testing.policy_strategies import Case, cases
from tests.scoring.people import SCHEMA, cohort, frames, history, policy


@dataclass(frozen=True)
class Odd:
    """A home-made rule of which nothing is known but its block form: the two rows add up to an odd number."""

    name: ClassVar[str] = "odd"

    def allowed(self, block: Block) -> NDArray[np.bool_]:
        """The block form."""
        return (block.mentor_positions[:, None] + block.mentee_positions) % 2 == 1

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """The reference form."""
        people = mentor.cohort
        return (people.mentors.position(mentor.id) + people.mentees.position(mentee.id)) % 2 == 1


def room(built: Built, random: np.random.Generator) -> Room:
    """Some people are full, and some mentors' hours are used up in part."""
    loads = built.problem.loads
    mentors, mentees = (random.random(size) < 0.6 for size in (len(built.mentors), len(built.mentees)))
    if loads.mentor_hours is None or loads.mentee_hours is None:
        return Room(mentors, mentees)
    left = loads.mentor_hours - random.integers(0, 500, len(mentors))
    return Room(mentors, mentees, left, loads.mentee_hours)


def dense(built: Built, free: Room) -> tuple[Counts, Counts]:
    """The counts of everybody from the pairs themselves."""
    problem, tally = built.problem, built.tally
    afford = np.ones(len(problem.mentor), bool)
    if free.hours_left is not None and free.hours_needed is not None:
        afford = free.hours_needed[problem.mentee] <= free.hours_left[problem.mentor]

    def side(own: Any, size: int, open_: NDArray[np.bool_], forbidden: Any, eligible: Ints) -> Counts:
        counts = [np.bincount(own[which], minlength=size) for which in (open_, open_ & afford)]
        return Counts(forbidden, eligible, *counts)

    open_ = free.mentees[problem.mentee], free.mentors[problem.mentor]
    return (
        side(problem.mentor, problem.n_mentors, open_[0], tally.mentor_forbidden, tally.mentor_eligible),
        side(problem.mentee, problem.n_mentees, open_[1], tally.mentee_forbidden, tally.mentee_eligible),
    )


def assert_counted(people: Cohort, terms: Any, seed: int, **how: Any) -> None:
    """For some of the people, in any order, the counts are those of the pairs."""
    random = np.random.default_rng(seed)
    built = build(people, terms, fit(people, terms))
    free = room(built, random)
    asked = tuple(
        random.permutation(len(side))[: random.integers(0, len(side) + 1)]
        for side in (built.mentors, built.mentees)
    )
    with Workers() as workers:
        found = counted(
            built.scorer, (built.mentors, built.mentees), (asked[0], asked[1]), free, workers, **how
        )
    for ours, whole, who in zip(found, dense(built, free), asked, strict=True):
        assert [*ours.forbidden] == [*whole.forbidden]
        for label, counts in whole.forbidden.items():
            assert ours.forbidden[label].tolist() == counts[who].tolist(), label
        for name in ("eligible", "open", "affordable"):
            assert getattr(ours, name).tolist() == getattr(whole, name)[who].tolist(), name


@given(case=cases(6, 6), seed=st.integers(0, 99), block_pairs=st.sampled_from([1, 7, 1000]))
def test_counts_are_those_of_all_pairs(case: Case, seed: int, block_pairs: int) -> None:
    """Whatever the cohort and the policy: every shipped rule, bars, hours, inactive people, missing data."""
    assert_counted(case.cohort, case.policy, seed, block_pairs=block_pairs)


@pytest.mark.parametrize("own", [(), (Odd(),)])
@pytest.mark.parametrize("bar", [None, 0.45])
@pytest.mark.parametrize("hours", [(), (rules.Hours(),), (rules.Hours(missing="allow"),)])
@pytest.mark.parametrize("seed", range(4))
def test_counts_of_a_larger_cohort(own: Any, bar: float | None, hours: Any, seed: int) -> None:
    """With a rule of one's own, a bar on the weight, hours, all of them or none."""
    terms = policy(rules=[*policy().rules, *own, *hours], minimum_weight=bar)
    assert_counted(cohort(seed, 40, 30), terms, seed, block_pairs=100)


@given(case=cases(6, 6), seed=st.integers(0, 99), bar=st.sampled_from([0.01, 0.3, 0.5]))
def test_bars_are_told_by_a_sketch(case: Case, seed: int, bar: float) -> None:
    """In a large cohort, whatever the policy."""
    terms = replace(case.policy, minimum_weight=bar) if case.policy.goals else case.policy
    with patch.object(counting, "MOST_WEIGHED", 0):
        assert_counted(case.cohort, terms, seed)


@pytest.mark.parametrize("own", [(), (Odd(),)])
@pytest.mark.parametrize("bar", [0.2, 0.45, 0.6])
@pytest.mark.parametrize("seed", range(3))
def test_a_sketch_of_more_people(own: Any, bar: float, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several strips and tiles, with pairs in doubt and rules that only blocks tell."""
    monkeypatch.setattr(counting, "MOST_WEIGHED", 0)
    monkeypatch.setattr(above, "HEIGHT", 7)
    monkeypatch.setattr(above, "WIDTH", 5)
    terms = policy(rules=[*policy().rules, *own], minimum_weight=bar)
    assert_counted(cohort(seed, 40, 30), terms, seed)


def with_musts(seed: int) -> Cohort:
    """The usual people; some mentees must learn what they want."""
    mentors, mentees = frames(seed, 30, 20)
    mentees["topics_wanted"] = [
        f"{cell}!" if cell and k % 2 else cell for k, cell in enumerate(mentees["topics_wanted"])
    ]
    return Cohort(mentors, mentees, schema=SCHEMA, history=history())


@pytest.mark.parametrize("seed", range(4))
def test_rules_that_are_products(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule with too many keys for a table need not be asked block by block."""
    monkeypatch.setattr(telling, "rule_table", lambda rule, cohort: None)
    terms = policy(rules=[*policy().rules, rules.CoversMustTopics()])
    assert_counted(with_musts(seed), terms, seed)


def test_nothing_is_weighed_without_a_bar_and_nobody_without_partners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Blocks are the last resort."""
    seen: list[int] = []
    weigh = Scorer.weight
    monkeypatch.setattr(Scorer, "weight", lambda self, block: seen.append(1) or weigh(self, block))
    people = cohort(1, 20, 20)
    built = build(people, policy(), fit(people, policy()))
    free = Room(np.ones(len(built.mentors), bool), np.ones(len(built.mentees), bool))
    seen.clear()
    everybody = np.arange(len(built.mentors)), np.arange(len(built.mentees))
    with Workers() as workers:
        counted(built.scorer, (built.mentors, built.mentees), everybody, free, workers)
    assert seen == []
    terms = policy(minimum_weight=0.2)
    built = build(people, terms, fit(people, terms))
    seen.clear()
    lonely = np.flatnonzero(built.tally.mentor_eligible + built.tally.mentor_forbidden[MINIMUM_WEIGHT] == 0)
    assert len(lonely)
    with Workers() as workers:
        people_ = built.mentors, built.mentees
        found, _ = counted(built.scorer, people_, (lonely, lonely[:0]), free, workers)
    assert seen == []
    assert not found.eligible.any()
    assert next(iter(found.forbidden)) == SAME_PERSON


@given(
    spare=st.lists(st.integers(-5, 9), max_size=8),
    wanted=st.lists(st.integers(-3, 9), max_size=8),
)
def test_hours_as_a_table(spare: list[int], wanted: list[int]) -> None:
    """A partner passes where they want no more than there is to spare."""
    grid = hours_grid(np.array(spare, np.int64), np.array(wanted, np.int64))
    told = grid.cells[np.ix_(grid.own, grid.partners)].tolist()
    assert told == [[want <= have for want in wanted] for have in spare]
