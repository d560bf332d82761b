"""Fields of one person go together as they do in the world, and wishes go with what people have."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from pairmatch.datasets import synthetic, synthetic_frames
from pairmatch.datasets.company import company
from pairmatch.datasets.draws import Listing
from pairmatch.datasets.knobs import Knobs
from pairmatch.datasets.tastes import pastimes
from pairmatch.datasets.words import HOBBIES, HOBBY_KINDS, TOPIC_LEANINGS, TOPICS
from tests.datasets import figures


@pytest.fixture(scope="module")
def frames():
    """A programme with nothing missing and no herding, in which nothing but fit brings two together."""
    return synthetic_frames(mentors=3000, mentees=1200, seed=8, missing=0, herding=0)


@pytest.fixture(scope="module")
def offered(frames):
    """Who offers which topic, as a table of flags."""
    return topics(frames.mentors["topics_offered"])


def topics(column):
    """A topics column as flags, one column per topic."""
    return column.str.replace(r":[\d.]+|!", "", regex=True).str.get_dummies("; ")


def test_published_figures_are_met():
    """Within the distance that the comparison allows; where ours differ on purpose, the page says why."""
    held = [figure for figure in figures.figures() if figure.within is not None]
    assert len(held) > 20
    assert [f for f in held if f.ours != pytest.approx(f.quoted, abs=f.within)] == []


def test_the_page_holds_the_tables():
    """The page shows what figures.py computes; `python -m tests.datasets.figures` renews it."""
    text = figures.PAGE.read_text(encoding="utf-8")
    assert figures.comparison() in text
    assert figures.effects() in text


def test_nobody_served_before_eighteen(frames):
    """Tenure never reaches back into childhood."""
    everybody = pd.concat([frames.mentors, frames.mentees])
    assert (everybody["age"] - everybody["tenure"] >= 18).all()


def test_topics_suit_age_and_function(frames, offered):
    """The young offer what leans to the young, and people know the topics of their function."""
    old = frames.mentors["age"] > 40
    for name in ("short video", "gaming culture", "early-career experience"):
        assert offered.loc[~old, name].mean() > 1.3 * offered.loc[old, name].mean()
    coders = frames.mentors["function"] == "Software Engineering"
    assert offered.loc[coders, "python"].mean() > 1.5 * offered.loc[~coders, "python"].mean()


def test_wishes_suit_level_and_function(frames):
    """Higher up, the large questions are wanted more often; nobody asks much for what they do all day."""
    wanted = topics(frames.mentees["topics_wanted"])
    high = frames.mentees["level"] >= 6
    assert wanted.loc[high, "sustainability"].mean() > 1.3 * wanted.loc[~high, "sustainability"].mean()
    coders = frames.mentees["function"] == "Software Engineering"
    assert wanted.loc[coders, "AI tools"].mean() < 0.7 * wanted.loc[~coders, "AI tools"].mean()


def test_hobbies_of_one_kind_go_together():
    """Two hobbies of one kind are correlated more than two of different kinds, and those still a little."""
    own = pastimes(company(3000, 1200, 8, Knobs()))
    between = np.corrcoef(own.T)
    kinds = np.array([HOBBY_KINDS[hobby.name] for hobby in HOBBIES])
    same = kinds[:, None] == kinds
    np.fill_diagonal(between, np.nan)
    assert np.nanmean(between[same]) > 2 * np.nanmean(between[~same]) > 0.05


def test_words_have_leanings():
    """Every topic and every hobby has its place in the tables of leanings, and none is left over."""
    assert set(TOPIC_LEANINGS) == {topic.name for topic in TOPICS}
    assert set(HOBBY_KINDS) == {hobby.name for hobby in HOBBIES}


def test_scales_and_ratings_go_together(frames):
    """Scales of one leaning are correlated, and both ratings speak of the same person."""
    scales = frames.mentors[["style_pace", "style_directness", "style_structure", "style_formality"]]
    assert set(scales.stack()) == {0, 0.25, 0.5, 0.75, 1}
    between = scales.corr()
    assert between.loc["style_pace", "style_directness"] > 0.2
    assert between.loc["style_structure", "style_formality"] > 0.25
    assert between.loc["style_pace", "style_structure"] < -0.1
    assert frames.mentors["style_formality"].corr(frames.mentors["age"]) > 0.15
    assert frames.mentors["reference_rating"].corr(frames.mentors["communication_rating"]) > 0.35
    assert frames.mentors["reference_rating"].between(1, 5).all()


def test_stars_know_their_topics_well(frames):
    """Better references go with a higher proficiency."""
    offers = frames.mentors["topics_offered"].str.split("; ").explode()
    proficiency = offers.str.split(":").str[1].astype(float).groupby(level=0).mean()
    assert proficiency.corr(frames.mentors["reference_rating"]) > 0.25


def test_most_people_are_ready(frames):
    """Nearly everybody opted in, was trained and has the manager's word; the chief executive for certain."""
    for table in (frames.mentors, frames.mentees):
        for field in ("opted_in", "trained", "manager_agrees"):
            assert 0.85 < (table[field] == "yes").mean() < 0.99
            assert set(table[field]) == {"yes", "no"}
    assert (frames.mentees.loc[0, ["opted_in", "trained", "manager_agrees"]] == "yes").all()


def test_trained_for_is_sensitive_and_offered(frames, offered):
    """A mentor was trained only for sensitive topics among those on offer, two in three of them."""
    trained = topics(frames.mentors["trained_for"].fillna(""))
    sensitive = [name for name, leaning in TOPIC_LEANINGS.items() if leaning.sensitive]
    assert set(trained.columns) == set(sensitive)
    assert (trained[sensitive] <= offered[sensitive]).all(axis=None)
    assert trained[sensitive].sum().sum() / offered[sensitive].sum().sum() == pytest.approx(0.67, abs=0.05)


def test_past_functions_are_past(frames):
    """Nobody lists the present function as an earlier one."""
    past = frames.mentors["past_functions"].dropna().str.split("; ")
    now = frames.mentors["function"][past.index]
    assert not any(function in entries for function, entries in zip(now, past, strict=True))


def test_wishes_are_ranked_lists(frames):
    """Up to 15 different names a person, ranked from 1 without gaps, from some of both sides."""
    wishes = frames.preferences
    assert not wishes.duplicated(["by", "mentor", "mentee"]).any()
    for side, table in (("mentor", frames.mentors), ("mentee", frames.mentees)):
        ranks = wishes[wishes["by"] == side].groupby(side)["rank"]
        assert (ranks.min() == 1).all()
        assert (ranks.max() == ranks.count()).all()
        assert ranks.max().max() == 15
        assert 0.3 < ranks.ngroups / len(table) < 0.7


def test_wishes_are_for_people_whom_the_rules_allow(frames):
    """Nobody is shown people of the own department, or too near in level."""
    mentors = frames.mentors.set_index("id").loc[frames.preferences["mentor"]].reset_index()
    mentees = frames.mentees.set_index("id").loc[frames.preferences["mentee"]].reset_index()
    assert (mentors["department"] != mentees["department"]).all()
    assert (mentors["level"] + 2 <= mentees["level"]).all()


def covered(frames, offered, mentors, mentees):
    """Which share of the mentees' wishes the mentors offer, on average."""
    wanted = topics(frames.mentees["topics_wanted"]).set_index(frames.mentees["id"])
    has = offered.set_index(frames.mentors["id"]).loc[mentors, wanted.columns].to_numpy()
    asked = wanted.loc[mentees].to_numpy()
    return float(((has & asked).sum(axis=1) / asked.sum(axis=1)).mean())


def test_wishes_follow_fit(frames, offered):
    """First choices cover far more of what the mentee wants than pairs at random, and than last choices."""
    wishes = frames.preferences
    first, last = wishes[wishes["rank"] == 1], wishes[wishes["rank"] >= 12]
    random = np.random.default_rng(1)
    drawn = random.choice(frames.mentors["id"], 3000), random.choice(frames.mentees["id"], 3000)
    best = covered(frames, offered, first["mentor"], first["mentee"])
    assert best > 2 * covered(frames, offered, *drawn)
    assert best > 1.1 * covered(frames, offered, last["mentor"], last["mentee"])


def test_vetoes_are_few_and_against_nobodys_wish(frames):
    """About one for a hundred people, none twice, none against a wish."""
    vetoes = frames.vetoes
    assert 30 < len(vetoes) <= 42
    assert not vetoes.duplicated().any()
    wished = set(zip(frames.preferences["mentor"], frames.preferences["mentee"], strict=True))
    assert not wished & set(zip(vetoes["mentor"], vetoes["mentee"], strict=True))


def test_history_has_ends_and_leavers(frames):
    """One mentee in seven had a mentor before; some of those have left, some pairs still run."""
    history = frames.history
    assert len(history) == 180
    assert history["mentee"].is_unique
    assert history["mentee"].isin(frames.mentees["id"]).all()
    gone = ~history["mentor"].isin(frames.mentors["id"])
    assert 5 < gone.sum() < 40
    assert history["mentor"][gone].str.fullmatch(r"x\d+").all()
    ended = history["ended"].dropna()
    assert 0.8 < len(ended) / len(history) < 0.97
    assert ended.map(lambda day: re.fullmatch(r"\d{4}-\d\d-\d\d", day) is not None).all()
    assert ended.min() >= "2022-01-01"
    assert ended.max() <= "2026-10-31"


def test_the_tables_are_part_of_the_cohort(frames):
    """The cohort knows wishes, vetoes, earlier pairs and their ends."""
    cohort = synthetic(mentors=300, mentees=120, seed=8)
    made = synthetic_frames(mentors=300, mentees=120, seed=8)
    by_mentees = made.preferences[made.preferences["by"] == "mentee"]
    assert len(cohort.preferences.ranks("mentee")) == len(by_mentees)
    assert len(cohort.vetoes) == len(made.vetoes)
    assert len(cohort.history) == len(made.history)
    assert sum(day is not None for day in cohort.ended.values()) == made.history["ended"].notna().sum()


def test_a_list_as_bits():
    """Only what is listed counts, not what is left over behind it."""
    listing = Listing(np.array([[2, 0, 5], [1, 2, 3]]), np.array([2, 0]))
    assert listing.bits.tolist() == [0b101, 0]
