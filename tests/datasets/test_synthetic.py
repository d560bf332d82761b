"""Synthetic cohorts: a sound organisation, the published figures, one seed one company."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.datasets import synthetic, synthetic_frames, synthetic_policy

BOTH = ("id", "level", "department", "team", "manager", "dotted_managers")


@pytest.fixture(scope="module")
def frames():
    """A company large enough for its shares to be near the figures."""
    return synthetic_frames(mentors=6000, mentees=2000, seed=5)


@pytest.fixture(scope="module")
def everybody(frames):
    return pd.concat([frames.mentors[list(BOTH)], frames.mentees[list(BOTH)]]).set_index("id")


def test_same_seed_same_tables():
    """One seed, one company; another seed, another one."""
    first, again, other = (synthetic_frames(mentors=40, mentees=20, seed=s) for s in (7, 7, 8))
    pd.testing.assert_frame_equal(first.mentors, again.mentors)
    pd.testing.assert_frame_equal(first.mentees, again.mentees)
    assert not first.mentors["hobbies"].equals(other.mentors["hobbies"])


def test_global_random_state_is_left_alone():
    """Drawing a company neither reads nor writes numpy's global state."""
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = synthetic_frames(mentors=20, mentees=10)
    np.random.seed(4)  # noqa: NPY002
    second = synthetic_frames(mentors=20, mentees=10)
    np.random.seed(3)  # noqa: NPY002
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
    pd.testing.assert_frame_equal(first.mentors, second.mentors)


def test_organisation_is_one_tree(everybody):
    """Every manager is in the tables, one person has none, and nobody manages a more senior one."""
    managed = everybody["manager"].dropna()
    assert managed.isin(everybody.index).all()
    assert everybody.index[everybody["manager"].isna()].tolist() == ["e0001"]
    assert (
        everybody.loc[managed, "level"].to_numpy() >= everybody.loc[managed.index, "level"].to_numpy()
    ).all()
    assert everybody.loc["e0001", "level"] == 7


def test_every_line_ends_at_the_chief_executive(everybody):
    """Going up from anybody one meets the chief executive in a few steps: no cycles."""
    at = everybody.index.to_series()
    up = everybody["manager"].fillna("e0001")
    for _ in range(12):
        at = at.map(up)
    assert set(at) == {"e0001"}


def test_dotted_managers_are_senior_and_elsewhere(everybody):
    """A dotted line goes to a more senior person of another department."""
    dotted = everybody["dotted_managers"].dropna()
    assert len(dotted) > 50
    assert (everybody.loc[dotted, "level"].to_numpy() > everybody.loc[dotted.index, "level"].to_numpy()).all()
    same = (
        everybody.loc[dotted, "department"].to_numpy() == everybody.loc[dotted.index, "department"].to_numpy()
    )
    assert not same.any()


def test_spans_are_those_of_managers(everybody):
    """Below the chief executive nobody has more than ten direct reports."""
    reports = everybody["manager"].value_counts().drop("e0001")
    assert reports.max() <= 10


def test_levels_follow_the_pyramid(frames):
    """Mentors are juniors after the published pyramid, mentees their seniors."""
    juniors = frames.mentors["level"].value_counts(normalize=True)
    assert juniors[1] == pytest.approx(0.369 / 0.9, abs=0.03)
    assert juniors[2] == pytest.approx(0.363 / 0.9, abs=0.03)
    assert set(frames.mentors["level"]) == {1, 2, 3, 4}
    assert set(frames.mentees["level"]) == {4, 5, 6, 7}
    assert (frames.mentees["level"] == 7).sum() == 1


def test_departments_are_skewed_and_all_have_a_senior_head(frames):
    """The largest department has far more people than the smallest, and each has mentees."""
    sizes = frames.mentors["department"].value_counts()
    assert len(sizes) == 9
    assert sizes.iloc[0] > 5 * sizes.iloc[-1]
    assert set(sizes.index) <= set(frames.mentees["department"])


def test_hobbies_are_capped_and_ordered_by_prevalence(frames):
    """At most six are listed, common ones most often, and nearly everybody lists one."""
    listed = frames.mentors["hobbies"].dropna().str.split("; ")
    assert listed.map(len).between(1, 6).all()
    assert not listed.map(lambda entries: len(set(entries)) < len(entries)).any()
    counts = listed.explode().value_counts()
    assert counts.index[0] == "films"
    assert counts["films"] > 3 * counts["photography"] > 9 * counts["beekeeping"]
    assert frames.mentors["hobbies"].isna().mean() < 0.1


def test_ages_and_tenure_rise_with_level(frames):
    """Means by level are the published ones, within sampling error."""
    ages = frames.mentors.groupby("level")["age"].mean()
    assert float(ages[1]) == pytest.approx(32.5, abs=1)
    assert float(ages[3]) == pytest.approx(40.1, abs=1)
    assert float(frames.mentors.groupby("level")["tenure"].mean()[2]) == pytest.approx(6.8, abs=0.6)


def test_topics_have_weights_and_some_are_musts(frames):
    """Offers carry a proficiency in (0, 1]; wishes a priority, and about one in twenty is a must."""
    offers = frames.mentors["topics_offered"].dropna().str.split("; ").explode()
    assert offers.map(lambda text: re.fullmatch(r"[^:]+:(0\.4|0\.6|0\.8|1)", text) is not None).all()
    wishes = frames.mentees["topics_wanted"].dropna().str.split("; ").explode()
    assert 0.03 < wishes.str.endswith("!").mean() < 0.08


def test_some_data_are_missing_but_never_what_rules_need(frames):
    """Gaps are in what people tell of themselves; departments, levels and teams are known."""
    holes = frames.mentors.isna().mean()
    assert (holes[["reference_rating", "wants_back", "slots", "age"]] > 0.02).all()
    assert (holes[["id", "department", "level", "team", "manager", "time_zone"]] == 0).all()


def test_slots_lie_in_working_hours(frames):
    """Nobody in Tokyo offers the evening of Chicago."""
    tokyo = frames.mentors.loc[frames.mentors["location"] == "Tokyo", "slots"].dropna()
    hours = tokyo.str.split("; ").explode().str.extract(r" (\d\d):")[0]
    assert set(hours) == {"06", "08"}


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (30, 1), (2, 40)])
def test_smallest_companies(size):
    """One mentor, one mentee: still a company with a chief executive."""
    mentors, mentees = size
    frames = synthetic_frames(mentors=mentors, mentees=mentees)
    assert (len(frames.mentors), len(frames.mentees)) == size
    assert frames.mentees["level"].iloc[0] == 7
    assert frames.mentors["manager"].notna().all()


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ({"mentors": 0, "mentees": 5}, {"mentors"}),
        ({"mentors": 5, "mentees": -1, "seed": -1}, {"mentees", "seed"}),
        ({"mentors": 2.5, "mentees": True}, {"mentors", "mentees"}),
    ],
)
def test_bad_numbers_are_named_all_at_once(numbers, wrong):
    """Every bad argument is found in one pass."""
    with pytest.raises(pm.CallError) as error:
        synthetic_frames(**numbers)
    assert {finding.column for finding in error.value.findings} == wrong


def test_frames_and_files_are_the_same_cohort(tmp_path):
    """Written and read again, the tables are the same cohort."""
    frames = synthetic_frames(mentors=60, mentees=25, seed=2)
    mentors, mentees, *others = frames.write(tmp_path)
    cohort = pm.Cohort.read(mentors, mentees, **{path.stem: path for path in others})
    assert {path.stem for path in others} == {"preferences", "vetoes", "history"}
    assert cohort.fingerprint == synthetic(mentors=60, mentees=25, seed=2).fingerprint


def test_tables_that_are_not_there_are_not_written(tmp_path):
    """A programme without wishes, vetoes and earlier rounds is two files."""
    frames = synthetic_frames(mentors=6, mentees=4)
    bare = frames._replace(preferences=None, vetoes=None, history=None)
    assert [path.name for path in bare.write(tmp_path)] == ["mentors.csv", "mentees.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mentees.csv", "mentors.csv"]


def test_every_column_is_a_field():
    """No column of a synthetic cohort goes unused."""
    assert "unknown_column" not in set(synthetic(mentors=60, mentees=25).notes["code"])


def test_the_usual_policy_fits():
    """The policy that goes with synthetic cohorts finds every column it needs."""
    synthetic_policy().check(synthetic(mentors=30, mentees=12))
