"""The severities: each does what it says, more of it the further it is turned, and leaves the rest alone."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.datasets import synthetic_frames
from tests.datasets import figures

SETTINGS = figures.SETTINGS
HERDED = {"topics_offered", "topics_wanted", "trained_for"}
ANSWERED = {
    "location", "region", "time_zone", "languages", "slots", "hobbies", "past_functions", "trained_for",
    "style_pace", "style_directness", "style_structure", "style_formality", "topics_offered", "topics_wanted",
    "wants_back", "offers_back", "reference_rating", "communication_rating",
}  # fmt: skip
TOLD = (ANSWERED - {"location", "region", "time_zone", "languages", "trained_for"}) | {
    "age",
    "tenure",
    "gender",
}


def frames(**knobs):
    """A programme large enough to see an effect in."""
    return synthetic_frames(mentors=400, mentees=160, seed=3, **knobs)


def falling(numbers):
    """Whether every number is smaller than the one before."""
    return all(later < earlier for earlier, later in itertools.pairwise(numbers))


def changed(**knobs):
    """The columns in which a knob makes a difference."""
    usual, other = frames(), frames(**knobs)
    return {
        column
        for mine, theirs in ((usual.mentors, other.mentors), (usual.mentees, other.mentees))
        for column in mine.columns
        if not mine[column].equals(theirs[column])
    }


def test_herding_gathers_wishes_on_stars():
    """The more herding, the more unequal how often mentors are wished for, and mentees too."""
    made = [frames(herding=herding) for herding in SETTINGS]
    assert falling([-figures.gini(figures.named(each)) for each in made])
    wishes = [each.preferences[each.preferences["by"] == "mentor"] for each in made]
    assert falling([-figures.gini(each["mentee"].value_counts().to_numpy()) for each in wishes])


def test_herding_works_where_everybody_is_seen():
    """In a small programme, where all look at all, wishes gather on stars as well."""
    counts = [
        np.mean([figures.gini(figures.named(small(seed, herding))) for seed in range(5)])
        for herding in (0, 0.5, 1)
    ]
    assert falling([-each for each in counts])
    assert counts[-1] > 1.5 * counts[0]


def test_stars_of_a_large_programme_are_looked_at_by_all():
    """Among thousands, the most sought twentieth gets most of the wishes at full herding."""
    made = synthetic_frames(mentors=2000, mentees=800, herding=1)
    assert figures.top_twentieth(figures.named(made)) > 0.7


def small(seed, herding):
    """Too few people for anybody to be overlooked."""
    return synthetic_frames(mentors=40, mentees=40, seed=seed, herding=herding)


def test_herding_gathers_topics_on_stars():
    """The more herding, the more unequal how much of what is wanted a mentor has to offer."""
    assert falling([-figures.gini(figures.demand(frames(herding=herding))) for herding in SETTINGS])


def test_ties_make_weights_equal():
    """The more ties, the fewer different weights; at 1 every pair weighs the same."""
    counts = [figures.distinct(figures.scores(ties=ties)) for ties in SETTINGS]
    assert falling(counts)
    assert counts[-1] == 1


def test_ties_make_wishes_coarse():
    """The more ties, the fewer ranks; at 1 all wishes are first choices."""
    most = [frames(ties=ties).preferences["rank"].max() for ties in SETTINGS]
    assert falling(most)
    assert (most[0], most[-1]) == (15, 1)


def test_eligibility_is_the_share_of_eligible_pairs():
    """The usual policy allows about the share that was asked for."""
    asked = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
    shares = [figures.eligible(figures.scores(eligibility=share)) for share in asked]
    assert shares == pytest.approx(asked, abs=0.02)


def test_eligibility_has_ends():
    """At 1 nearly all pairs are eligible; at 0 hardly any, but the chief executive's."""
    assert figures.eligible(figures.scores(eligibility=1)) > 0.97
    assert figures.eligible(figures.scores(eligibility=0)) < 0.03


@pytest.mark.parametrize("eligibility", [0, 0.02, 1])
@pytest.mark.parametrize("size", [(1, 1), (4, 2), (30, 12)])
def test_eligibility_of_small_programmes(eligibility, size):
    """A few people cannot come near every share, but they are still a company."""
    made = synthetic_frames(mentors=size[0], mentees=size[1], eligibility=eligibility)
    assert (len(made.mentors), len(made.mentees)) == size
    assert made.mentees["level"].iloc[0] == 7


def test_missing_is_the_share_of_missing_cells():
    """That share of what people tell of themselves is missing, in every column of it; some have no past."""
    told = sorted(TOLD - {"topics_wanted", "offers_back", "past_functions"})
    holes = frames(missing=0.4).mentors.isna().mean()[told]
    assert holes.between(0.33, 0.50).all()


def test_who_leaves_one_thing_out_leaves_out_another():
    """Two gaps of one person go together."""
    holes = frames(missing=0.4).mentors[["age", "slots", "topics_offered"]].isna().astype(float).corr()
    assert (holes.to_numpy() > 0.1).all()


def test_missing_lowers_completeness():
    """The more is missing, the less of a pair's weight can be judged."""
    assert falling([figures.complete(figures.scores(missing=share)) for share in SETTINGS[:-1]])


def test_missing_has_ends():
    """At 0 nothing is left out, at 1 everything that people tell; what rules need is always there."""
    none, everything = frames(missing=0).mentors, frames(missing=1).mentors
    assert none[["age", "slots", "topics_offered", "reference_rating"]].notna().all(axis=None)
    assert everything[["age", "slots", "topics_offered", "hobbies"]].isna().all(axis=None)
    assert everything[["department", "level", "team", "manager", "opted_in"]].notna().all(axis=None)


def test_missing_cells_stay_missing():
    """Turning the knob further takes cells away and changes none."""
    some, more = frames(missing=0.2).mentees, frames(missing=0.5).mentees
    pd.testing.assert_frame_equal(some.where(more.notna()), more)


@pytest.mark.parametrize(
    ("knob", "columns"),
    [({"herding": 0.9}, HERDED), ({"ties": 0.5}, ANSWERED), ({"missing": 0.3}, TOLD)],
    ids=["herding", "ties", "missing"],
)
def test_a_knob_leaves_other_columns_alone(knob, columns):
    """Everything that a knob is not about stays as it was, to the cell."""
    assert changed(**knob) == columns


@pytest.mark.parametrize("name", ["herding", "ties", "eligibility", "missing"])
@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), 10**400, "much", True])
def test_bad_knobs_are_refused(name, value):
    """A knob out of its range is named."""
    with pytest.raises(pm.CallError, match="give a number from 0 to 1") as error:
        synthetic_frames(mentors=5, mentees=3, **{name: value})
    assert [finding.column for finding in error.value.findings] == [name]


def test_all_bad_arguments_are_named_at_once():
    """Counts and knobs in one pass, and whether None is possible."""
    with pytest.raises(pm.CallError) as error:
        synthetic_frames(mentors=0, mentees=3, herding=None, missing=2)
    assert [(finding.column, finding.hint) for finding in error.value.findings] == [
        ("mentors", "give a whole number, at least 1"),
        ("herding", "give a number from 0 to 1"),
        ("missing", "give a number from 0 to 1, or None to leave it as it comes"),
    ]


@pytest.mark.parametrize("number", [10_000_001, 10**12, 10**400, np.int64(10**12)])
def test_numbers_of_people_have_an_end(number):
    """Nobody waits for memory to run out; a seed may be of any size."""
    with pytest.raises(pm.CallError) as error:
        pm.datasets.synthetic(mentors=number, mentees=number, seed=10**400)
    assert [(finding.column, finding.hint) for finding in error.value.findings] == [
        ("mentors", "give a whole number, at most 10,000,000"),
        ("mentees", "give a whole number, at most 10,000,000"),
    ]
    assert len(synthetic_frames(mentors=2, mentees=1, seed=10**400).mentors) == 2
