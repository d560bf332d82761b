"""Forms: what every goal tells for large cohorts, against its contributions to all pairs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch import goals
from pairmatch.cohort import Cohort
from pairmatch.datasets import synthetic
from pairmatch.forms import Work
from pairmatch.goals import (
    closeness,
    closeness_form,
    coverage_form,
    likely_to_complete,
    novelty,
    same,
    working_style_form,
)
from pairmatch.goals.learning import Learning
from pairmatch.goals.steps import stepping
from pairmatch.scoring.shares import Share, shares
from pairmatch.testing.contract_tools import fitting
from pairmatch.testing.goal_contract import taught
from pairmatch.testing.large import assert_form
from pairmatch.testing.strategies import tables
from pairmatch.testing.tables import Tables
from tests.goals.many import cohort_of, many_numbers

GOALS: tuple[Any, ...] = (
    goals.Closeness("tenure", scale=3, weight=1),
    goals.Closeness("utc_offset", scale=0.7, weight=1),
    goals.LikelyToComplete(weight=1),
    goals.LikelyToComplete("style_pace", weight=1, failure=0.1),
    goals.Novelty(weight=1),
    goals.Novelty(weight=1, scale=2.5),
    goals.Overlap("hobbies", "interests", weight=1),
    goals.Overlap("characteristics", "identity_to_match", when="asks_for_match", weight=1, purpose="asked"),
    goals.PastExperience(weight=1),
    goals.PersonScore("tenure", weight=1),
    goals.PersonScore("hours", of="mentees", weight=1, low=0, high=1),
    goals.Precomputed([("p0", "p4", 1.0), ("p1", "p4", 1 / 3), ("p0", "p5", 0.0)], weight=1),
    goals.Preferences(weight=1),
    goals.Preferences(weight=1, of="mentors"),
    goals.Reciprocity(weight=1),
    goals.Reciprocity(weight=1, focus=1, mentors="hobbies", mentees="interests"),
    goals.Reciprocity(weight=1, focus=1, mentors="topics_offered", mentees="topics_wanted"),
    goals.Same("department", weight=1),
    goals.Same("slots", weight=1),
    goals.SharedHobbies(weight=1),
    goals.SharedTerms("languages", weight=1),
    goals.TopicCoverage(weight=1),
    goals.TopicCoverage(weight=1, focus=1),
    goals.TopicCoverage(weight=1, focus=2, mentors="interests", mentees="hobbies"),
    goals.WorkingStyle(weight=1),
    goals.WorkingStyle(weight=1, columns=("style_pace",)),
)
SHARES = (*shares([1]), *shares([1] * 6), *shares([3, 100, 7.7]), Share(100.4, 99))


@pytest.fixture(autouse=True)
def forced(request: pytest.FixtureRequest) -> Iterator[None]:
    """Few values would make a table: here curves are wanted even so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closeness, "FEW", 0)
        patch.setattr(same, "FEW", 0)
        patch.setattr(likely_to_complete, "FEW", 0)
        yield


def ids(goal: Any) -> str:
    """A goal's label and focus."""
    return f"{goal.label}-{getattr(goal, 'focus', getattr(goal, 'scale', ''))}"


@pytest.mark.parametrize("goal", GOALS, ids=ids)
@settings(max_examples=15)
@given(drawn=tables(6, 6, id_styles=("p{}",)), share=st.sampled_from(SHARES), part=st.integers(0, 2))
def test_forms_keep_their_promises(goal: Any, drawn: Tables, share: Share, part: int) -> None:
    """For every pair a form is within its error, whatever is blank; blocks change no bit."""
    cohort = fitting(drawn, goal)
    assert_form(taught(goal, cohort), cohort, share, part * share.most // 2)


@pytest.mark.parametrize(
    "goal", [goal for goal in GOALS if goal.name in ("novelty", "working_style")], ids=ids
)
@settings(max_examples=15)
@given(drawn=tables(6, 6))
def test_what_is_compared_one_by_one(goal: Any, drawn: Tables) -> None:
    """The same where features would be too many."""
    cohort = fitting(drawn, goal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(working_style_form, "MOST_LEVELS", 0)
        patch.setattr("pairmatch.goals.novelty_form.FEW", 1)
        assert_form(goal, cohort, SHARES[1], 1000)


@cache
def large() -> Cohort:
    """A synthetic cohort."""
    return synthetic(mentors=300, mentees=300, seed=1)


LARGE: tuple[Any, ...] = (
    goals.Closeness("utc_offset", scale=6, weight=1),
    goals.LikelyToComplete(weight=1),
    goals.LikelyToComplete("style_pace", weight=1),
    goals.Novelty(weight=1),
    goals.Overlap("languages", "languages", weight=1),
    goals.PastExperience(weight=1),
    goals.Preferences(weight=1),
    goals.Reciprocity(weight=1),
    goals.Reciprocity(weight=1, focus=1),
    goals.Same("team", weight=1),
    goals.Same("languages", weight=1),
    goals.SharedHobbies(weight=1),
    goals.TopicCoverage(weight=1),
    goals.TopicCoverage(weight=1, focus=2),
    goals.WorkingStyle(weight=1),
)


@pytest.mark.parametrize("goal", LARGE, ids=ids)
def test_errors_are_small(goal: Any) -> None:
    """On a synthetic company every form is worth having: its error is a few units."""
    cohort, share = large(), Share(300_000.0, 300_000)
    bound = taught(goal, cohort) if isinstance(goal, Learning) else goal
    form = bound.form(cohort, share.scale, share.most, 77_777)
    assert form is not None
    assert form.error < 60
    assert assert_form(bound, cohort, share, 77_777) is not None


@pytest.mark.parametrize("near", [True, False])
def test_rarities_of_many_digits(near: bool) -> None:
    """Long lists and learnt nearness leave rarities fewer digits: the error grows, and is still told."""
    cohort = cohort_of(lists=40, near=near)
    goal = taught(goals.SharedTerms("hobbies", weight=1), cohort)
    error = goal.form(cohort, 1e6, 10**6, 0).error
    assert assert_form(goal, cohort, Share(1e6, 10**6), 0) is not None
    assert error < 20_000


def test_worths_of_many_digits() -> None:
    """Proficiencies that share no divisor are told on a coarser grid, for a small share above all."""
    cohort = cohort_of(lists=12, odd=True)
    goal = goals.TopicCoverage(weight=1, mentors="topics_offered", mentees="topics_wanted")
    for share, part in ((Share(300_000.0, 300_000), 100), (Share(2000.0, 2000), 10)):
        form = goal.form(cohort, share.scale, share.most, 0)
        assert form.error < share.most / part
        assert_form(goal, cohort, share, 0)


@pytest.mark.parametrize("blank", [True, False])
def test_continuous_numbers(blank: bool) -> None:
    """Numbers of which nearly everybody has another one are compared, not listed."""
    cohort = many_numbers(blank=blank)
    for goal in (
        goals.WorkingStyle(weight=1),
        goals.Closeness("tenure", scale=0.01, weight=1),
        goals.Closeness("tenure", scale=50, weight=1),
    ):
        assert_form(goal, cohort, Share(300_000.0, 300_000), 4321)


def test_what_has_no_form() -> None:
    """Where a form cannot be exact enough, or would be of no use, there is none."""
    cohort = many_numbers(blank=True)
    assert goals.Closeness("tenure", scale=1e-6, weight=1).form(cohort, 3e5, 300_000, 0) is None
    assert goals.WorkingStyle(weight=1, columns=("tenure",)).form(cohort, 3e5, 300_000, 0) is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closeness, "FEW", 10**6)
        patch.setattr(same, "FEW", 10**6)
        assert goals.Closeness("tenure", scale=1, weight=1).form(cohort, 3e5, 300_000, 0) is None
        assert goals.Same("team", weight=1).form(cohort, 3e5, 300_000, 0) is None
        patch.setattr("pairmatch.goals.forming.MOST_LISTED", 0)
        pairs = [(cohort.mentors.ids[0], cohort.mentees.ids[0], 0.5)]
        assert goals.Precomputed(pairs, weight=1).form(cohort, 3e5, 300_000, 0) is None
        assert goals.Preferences(weight=1).form(large(), 3e5, 300_000, 0) is None
        patch.setattr(novelty, "DEEPEST", 0)
        assert goals.Novelty(weight=1).form(large(), 3e5, 300_000, 0) is None
        patch.setattr("pairmatch.goals.novelty_form.FEW", -1)
        patch.setattr(novelty, "DEEPEST", 30)
        assert goals.Novelty(weight=1).form(large(), 3e5, 300_000, 0) is None


def test_nobody_has_a_number() -> None:
    """Without a number there is nothing to compare."""
    nobody = np.array([np.nan, np.nan])
    assert closeness_form.closeness_form(nobody, nobody, 1.0, (3e5, 300_000, 0)) is None


@pytest.mark.parametrize("rarity", [-5, 10**9])
def test_damaged_rarities(rarity: int) -> None:
    """Learnt rarities that no cohort teaches have no form."""
    cohort = cohort_of(lists=4)
    goal = goals.SharedTerms("hobbies", weight=1)
    learnt = goal.fit(cohort)
    damaged = goal.bind({**learnt, "rarity": {**learnt["rarity"], next(iter(learnt["rarity"])): rarity}})
    assert damaged.form(cohort, 3e5, 300_000, 0) is None


def test_many_broad_mentees() -> None:
    """Whether few or all mentees of a block offer much makes no difference."""
    cohort = cohort_of(lists=9)
    goal = goals.Reciprocity(weight=1, focus=1, mentors="hobbies", mentees="hobbies")
    with pytest.MonkeyPatch.context() as patch:
        for few in (0, 4, 10**6):
            patch.setattr(coverage_form, "FEW", few)
            assert_form(goal, cohort, Share(3e5, 300_000), 5)


@pytest.mark.parametrize("steps", [((1, 7),), ((1, 30), (3, 12)), ((1, 500_000), (40, 499_999)), ((2, 0),)])
def test_steps(steps: tuple[tuple[int, int], ...]) -> None:
    """Counts earn the units of the steps that they reach, however large units and counts are."""
    random = np.random.default_rng(3)
    left, right = (random.integers(0, 3, (9, 20)).astype(np.int16) for _ in "me")
    curve, above = stepping(left, right, steps)
    out = np.zeros((9, 9), np.float32)
    curve.add(slice(0, 9), slice(0, 9), out, Work())
    counts = left.astype(int) @ right.T.astype(int)
    assert np.array_equal(out - above, sum(units * (counts >= least) for least, units in steps))
