"""Loads: everybody who could have a pair, once, by how many they have."""

from __future__ import annotations

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.plot import load_chart
from pairmatch.plot.loads import Load, loads_of
from tests.plot.test_charts import records, spec


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    """A mentor with two places, one with three, one without any, one who rests; three mentees."""
    mentors = {"id": list("abcd"), "capacity": [2, 3, 0, 1], "active": ["yes"] * 3 + ["no"]}
    cohort = pm.Cohort(
        pd.DataFrame({**mentors, "hobbies": ["chess", "golf", "golf", "golf"]}),
        pd.DataFrame({"id": list("xyz"), "hobbies": ["chess", "chess", "golf"]}),
    )
    return pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))


def test_people_are_counted_by_their_pairs(matching: pm.Matching) -> None:
    """Who has no place or rests is no mentor who could have a pair."""
    assert sorted(matching.pairs["mentor"]) == ["a", "a", "b"]
    assert loads_of(matching) == (
        Load("mentor", 0, 0, 0),
        Load("mentor", 1, 1, 0),
        Load("mentor", 2, 1, 1),
        Load("mentee", 0, 0, 0),
        Load("mentee", 1, 3, 3),
    )


def test_the_chart_holds_the_counts(matching: pm.Matching) -> None:
    """A dark part for those without a place left, a light one for the others."""
    chart = load_chart(matching)
    told = {(row["pairs"], row["places"]): row["people"] for row in records(chart)}
    assert told[2, "no place left"] == 1
    assert told[1, "places left"] == 1
    assert spec(chart)["title"]["subtitle"] == ["3 pairs; 1 of 2 mentors have no place left"]
    assert len(records(load_chart(matching, of="mentees"))) == 4


def test_what_cannot_be_drawn_is_refused(matching: pm.Matching) -> None:
    """Other sides, other things, and nobody."""
    with pytest.raises(pm.CallError, match="must be 'mentors' or 'mentees'"):
        load_chart(matching, of="coaches")
    with pytest.raises(pm.CallError, match="must be a Matching"):
        load_chart(3)  # type: ignore[arg-type]
    people = [pd.DataFrame({"id": ids, "hobbies": "chess", "active": "no"}) for ids in (["a"], ["b"])]
    resting = pm.match(pm.Cohort(*people), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    with pytest.raises(pm.CallError, match="none of the mentors could have a pair"):
        load_chart(resting)
