"""Wishes, vetoes and the ends of earlier pairs: read, or refused with all that is wrong."""

from __future__ import annotations

import datetime
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pairmatch.cohort import Cohort, Preferences
from pairmatch.errors import CallError, CohortError, FileError
from tests.cohort.tables import SECRET, codes_of, csv, frame, mentees, mentors, refused, refused_files

WISHES: dict[str, list[Any]] = {
    "mentor": ["m1", "m2", "m1", "gone"],
    "mentee": ["e1", "e1", "e1", "e2"],
    "by": ["mentee", "Mentee", "mentor", "mentee"],
    "rank": [2, "2", 1.0, "7"],
}


def made(**tables: Any) -> Cohort:
    """Two mentors and two mentees with further tables."""
    return Cohort(mentors(), mentees(), **{name: frame(**cells) for name, cells in tables.items()})


def test_wishes_are_read_with_ties_and_gaps() -> None:
    """Ranks by pair of ids for each side; who is not in the cohort keeps their place on a list."""
    preferences = made(preferences=WISHES).preferences
    assert preferences is not None
    assert dict(preferences.ranks("mentee")) == {("m1", "e1"): 2, ("m2", "e1"): 2, ("gone", "e2"): 7}
    assert dict(preferences.ranks("mentor")) == {("m1", "e1"): 1}
    assert len(preferences) == 4
    assert repr(preferences) == "<Preferences: 1 wish of mentors and 3 wishes of mentees>"


def test_wishes_cannot_be_changed() -> None:
    """A mapping handed out is read-only, equal content is equal, and a copy travels."""
    one, two = made(preferences=WISHES).preferences, made(preferences=WISHES).preferences
    assert one is not None
    with pytest.raises(TypeError):
        one.ranks("mentor")["m1", "e1"] = 3  # type: ignore[index]
    assert one == two == pickle.loads(pickle.dumps(one))
    assert hash(one) == hash(two)
    assert one != Preferences([])
    with pytest.raises(CallError, match="bad_role"):
        one.ranks("mentors")


def test_no_table_is_not_an_empty_table() -> None:
    """Nothing handed in means that nothing is known; an empty table, that there is none."""
    nothing = made()
    assert (nothing.preferences, nothing.vetoes, nothing.ended) == (None, None, None)
    none = made(
        preferences={name: [] for name in WISHES},
        vetoes={"mentor": [], "mentee": []},
        history={"mentor": [], "mentee": []},
    )
    assert (none.preferences, none.vetoes, dict(none.ended or {1: 1})) == (Preferences([]), (), {1: 1})
    assert none.ended is not None


def test_the_latest_end_counts() -> None:
    """Of a pair that was twice, the last end; where one of them goes on, the pair goes on."""
    day = datetime.date
    history = {
        "mentor": ["m1", "m1", "m2", "m2", "m1"],
        "mentee": ["e1", "e1", "e1", "e1", "gone"],
        "ended": ["2025-03-01", pd.Timestamp("2024-03-01 12:00"), None, day(2020, 2, 29), day(1999, 12, 31)],
    }
    cohort = made(history=history)
    assert dict(cohort.ended or {}) == {
        ("m1", "e1"): day(2025, 3, 1),
        ("m1", "gone"): day(1999, 12, 31),
        ("m2", "e1"): None,
    }
    assert cohort.ended == pickle.loads(pickle.dumps(cohort)).ended
    with pytest.raises(TypeError):
        cohort.ended["m1", "e1"] = None  # type: ignore[index]


def test_a_history_need_not_tell_of_ends() -> None:
    """Without the column nothing is known of ends, and the pairs are known all the same."""
    cohort = made(history={"mentor": ["m1"], "mentee": ["e1"]})
    assert cohort.ended is None
    assert cohort.history == (("m1", "e1"),)


def test_vetoes_are_pairs() -> None:
    """Mentor first, as they stand in the table."""
    assert made(vetoes={"mentee": ["e1", "x"], "mentor_id": ["m2", "m1"]}).vetoes == (
        ("m2", "e1"),
        ("m1", "x"),
    )


def test_the_fingerprint_knows_each_table() -> None:
    """What was handed in counts, in any order of rows; what was not changes nothing."""
    pair = {"mentor": ["m1"], "mentee": ["e1"]}
    backwards = {name: cells[::-1] for name, cells in WISHES.items()}
    cohorts = [
        made(),
        made(preferences=WISHES),
        made(preferences={**WISHES, "rank": [1, 2, 1, 7]}),
        made(vetoes=pair),
        made(history=pair),
        made(history={**pair, "ended": [None]}),
        made(history={**pair, "ended": ["2025-01-01"]}),
    ]
    assert len({cohort.fingerprint for cohort in cohorts}) == len(cohorts)
    assert made(preferences=backwards).fingerprint == cohorts[1].fingerprint


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "whose wish": ({"preferences": {**WISHES, "by": ["mentee", SECRET, None, 3]}}, ["bad_by"] * 3),
    "ranks": ({"preferences": {**WISHES, "rank": [0, SECRET, 1.5, None]}}, ["bad_rank"] * 4),
    "ranks beyond counting": ({"preferences": {**WISHES, "rank": [True, "1e12", -1, 2]}}, ["bad_rank"] * 3),
    "ranks beyond a double": (
        {"preferences": {**WISHES, "rank": [10**400, Decimal("1e999999"), Decimal("-1e999999"), 10**5000]}},
        ["bad_rank"] * 4,
    ),
    "a wish twice": (
        {"preferences": frame(mentor=["m1"] * 2, mentee=["e1"] * 2, by=["mentor"] * 2, rank=[1, 2])},
        ["duplicate_preference"],
    ),
    "wishes without columns": (
        {"preferences": frame(menter=["m1"], reason=[SECRET])},
        ["missing_column"] * 4,
    ),
    "ids": ({"preferences": {**WISHES, "mentor": ["m1", None, "m\n1", "x"]}}, ["bad_id", "missing_id"]),
    "no table of wishes": ({"preferences": SECRET}, ["not_a_table"]),
    "vetoes": (
        {"vetoes": frame(mentor=["m1", None], why=[SECRET, SECRET])},
        ["missing_column", "missing_id"],
    ),
    "days": (
        {
            "history": frame(
                mentor=["m1"] * 6,
                mentee=["e1"] * 6,
                ended=["2025-02-30", "20250101", SECRET, 45_000, "2025-01-01T00:00", None],
            )
        },
        ["bad_date"] * 5,
    ),
    "ends twice": (
        {"history": pd.DataFrame([["m1", "e1", "", SECRET]], columns=["mentor", "mentee", "ended", "ended"])},
        ["duplicate_column"],
    ),
}


@pytest.mark.parametrize(("tables", "expected"), BAD.values(), ids=BAD)
def test_bad_tables(tables: dict[str, Any], expected: list[str]) -> None:
    """Each problem is found, with its row, and told without what stood in the cell."""
    given = {name: frame(**cells) if isinstance(cells, dict) else cells for name, cells in tables.items()}
    error = refused(mentors(), mentees(), **given)
    assert isinstance(error, CohortError)
    assert codes_of(error) == expected
    assert {finding.side for finding in error.findings} == set(tables)


def test_all_problems_of_all_tables_at_once() -> None:
    """One error, with a line for each kind of problem, which says how to mend it."""
    error = refused(
        mentors(level=[SECRET, 1]),
        mentees(),
        history=frame(mentor=["m1"], mentee=["e1"], ended=["tomorrow"]),
        preferences=frame(mentor=["m1"], mentee=["e1"], by=["boss"], rank=["first"]),
        vetoes=frame(mentors=["m1"], mentee=["e1"]),
    )
    assert codes_of(error) == ["bad_by", "bad_date", "bad_integer", "bad_rank", "missing_column"]
    words = str(error)
    assert "(history column 'ended'): write a date as year-month-day, as in 2026-11-22 [row 1]" in words
    assert "say whose wish it is: mentor or mentee" in words
    assert "a rank is a whole number from 1 on, and 1 is the first choice" in words
    assert "the table of vetoes has no column 'mentor'. Did you mean 'mentors'?" in words


def test_files_are_read_too(tmp_path: Path) -> None:
    """From CSV the tables are what they are from frames."""
    paths = {
        "mentors": csv(tmp_path, "mentors.csv", "id\nm1\nm2\n"),
        "mentees": csv(tmp_path, "mentees.csv", "id\ne1\ne2\n"),
        "history": csv(tmp_path, "history.csv", "mentor;mentee;Ended\nm1;e1;2025-01-31\nm2;e1;\n"),
        "preferences": csv(tmp_path, "wishes.csv", "by,mentor,mentee,rank\nmentor,m1,e2,1\n"),
        "vetoes": csv(tmp_path, "vetoes.csv", "mentor,mentee\n"),
    }
    cohort = Cohort.read(**paths)
    assert cohort.preferences == Preferences([("mentor", "m1", "e2", 1)])
    assert cohort.vetoes == ()
    assert dict(cohort.ended or {}) == {("m1", "e1"): datetime.date(2025, 1, 31), ("m2", "e1"): None}
    error = refused_files(**{**paths, "vetoes": tmp_path / "absent.csv"})
    assert isinstance(error, FileError)
    assert codes_of(error) == ["missing_file"]
