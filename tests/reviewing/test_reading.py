"""Lists of pairs from files, frames and lists: read, with everything wrong at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.reviewing import Override, read_overrides, read_pairs


def cohort() -> pm.Cohort:
    """Ids with leading zeros, one that a spreadsheet takes for a formula, one person in both tables."""
    mentors = pd.DataFrame({"id": ["007", "=1+1", "both"]})
    return pm.Cohort(mentors, pd.DataFrame({"id": ["e1", "-e2", "both"]}))


def policy() -> pm.Policy:
    """No rule at all."""
    return pm.Policy(objective=["pairs"])


def found(pairs: Any, error: type[pm.InputError] = pm.CallError) -> list[tuple[str, int, str, str]]:
    """Code, row, column and id of everything that is wrong."""
    with pytest.raises(error) as caught:
        read_pairs(pairs, cohort())
    return [(one.code, one.row, one.column, one.id) for one in caught.value.findings]


def test_what_a_matching_wrote_is_read_back(tmp_path: Path) -> None:
    """From the folder, from the file, edited, from the frame, and from the matching itself."""
    matching = pm.match(cohort(), policy())
    matching.write(tmp_path)
    wanted = tuple((made.mentor, made.mentee) for made in matching.made)
    assert "'=1+1" in (tmp_path / "pairs.csv").read_text()
    for source in (matching, matching.pairs, tmp_path, str(tmp_path / "pairs.csv"), list(wanted)):
        assert read_pairs(source, cohort()).pairs == wanted
    assert read_pairs(iter([{"mentor": "007", "mentee": "e1"}]), cohort()).pairs == (("007", "e1"),)


def test_a_hand_edited_file(tmp_path: Path) -> None:
    """Semicolons, capital letters in the header, blanks round ids, blank lines, other columns."""
    path = tmp_path / "edited.csv"
    path.write_text(
        'Mentee;Mentor;note;LOCKED\n e1 ;007;"by hand; sure";yes\n;;;\n"\'-e2";=1+1;;\n', encoding="utf-8"
    )
    read = read_pairs(path, cohort())
    assert read.pairs == (("007", "e1"), ("=1+1", "-e2"))
    assert read.locked == {("007", "e1")}
    assert read_pairs(pd.DataFrame({"mentor": ["007"], "mentee": ["e1"]}), cohort()).locked is None
    table = pd.DataFrame({"mentor": ["007", "both"], "mentee": ["e1", "e1"], "locked": [True, np.nan]})
    assert read_pairs(table, cohort()).locked == {("007", "e1")}


def test_everything_wrong_at_once(tmp_path: Path) -> None:
    """Each problem with its row and column; ids alone, and no formula, are told."""
    path = tmp_path / "pairs.csv"
    rows = ["mentor,mentee,locked", "008,e1,", "=cmd(),e1,", "007,,", "e1,007,", "both,e1,", "both,e1,maybe"]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert found(path, pm.FileError) == [
        ("unknown_person", 1, "mentor", "008"),
        ("formula", 2, "mentor", ""),
        ("blank_id", 3, "mentee", ""),
        ("swapped_roles", 4, "mentor", "e1"),
        ("swapped_roles", 4, "mentee", "007"),
        ("duplicate_pair", 6, "", "both"),
        ("bad_locked", 6, "locked", ""),
    ]
    with pytest.raises(pm.FileError, match=r"nobody among the mentors has this id\. Did you mean '007'"):
        read_pairs(path, cohort())
    with pytest.raises(pm.FileError, match="the pair stands in row 5 too"):
        read_pairs(path, cohort())


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        (
            pd.DataFrame({"mentor": [7], "mentee": [None]}),
            [("bad_id", 1, "mentor", ""), ("blank_id", 1, "mentee", "")],
        ),
        (
            pd.DataFrame({"mentor": [pd.NA], "mentee": [" "]}),
            [("blank_id", 1, "mentor", ""), ("blank_id", 1, "mentee", "")],
        ),
        (
            pd.DataFrame({"mentors": ["007"]}),
            [("missing_column", 0, "mentor", ""), ("missing_column", 0, "mentee", "")],
        ),
        ([("007",), "e1"], [("bad_pair", 1, "", ""), ("bad_pair", 2, "", "")]),
        (3, [("bad_argument", 0, "pairs", "")]),
        ({"mentor": "007"}, [("bad_argument", 0, "pairs", "")]),
    ],
)
def test_tables_and_lists_that_cannot_be_read(pairs: Any, wanted: Any) -> None:
    """A call's own tables, with the same findings."""
    assert found(pairs) == wanted


def test_a_column_that_is_nearly_right() -> None:
    """The hint names the nearest."""
    with pytest.raises(pm.CallError, match=r"needs a column 'mentor' with ids\. Did you mean 'mentors'"):
        read_pairs(pd.DataFrame({"mentors": ["007"], "mentee": ["e1"]}), cohort())


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    """Nobody can say which of the two is meant."""
    path = tmp_path / "twice.csv"
    path.write_text("mentor,mentee,Mentor\n007,e1,both\n", encoding="utf-8")
    assert found(path, pm.FileError) == [("duplicate_column", 0, "mentor", "")]
    frame = pd.DataFrame([["007", "e1", "both"]], columns=["mentor", "mentee", "mentee"])
    assert found(frame) == [("duplicate_column", 0, "mentee", "")]


def test_files_that_are_none(tmp_path: Path) -> None:
    """As for every table."""
    assert found(tmp_path / "no.csv", pm.FileError)[0][0] == "missing_file"
    assert found(tmp_path, pm.FileError)[0][0] == "missing_file"


def test_overrides_from_everything(tmp_path: Path) -> None:
    """Objects, texts, frames, files; none for None."""
    told = ("007", "e1", "Kim", "2026-03-01", "asked for by both")
    wanted = (Override(*told),)
    path = tmp_path / "overrides.csv"
    frame = pd.DataFrame([told], columns=["mentor", "mentee", "who", "when", "why"])
    frame.to_csv(path, index=False)
    for source in (wanted, [told], frame, path, str(path)):
        assert read_overrides(source, cohort()) == wanted
    assert read_overrides(None, cohort()) == ()
    assert wanted[0].pair == ("007", "e1")


def test_overrides_need_who_when_and_why() -> None:
    """Everything that is missing, and ids of nobody, at once."""
    with pytest.raises(pm.CallError) as caught:
        read_overrides([("008", "e1", " ", "2026-03-01"), ("007", "e1", "Kim", "today", "why")], cohort())
    told = [(one.code, one.row, one.column) for one in caught.value.findings]
    assert told == [
        ("incomplete_override", 1, "who"),
        ("incomplete_override", 1, "why"),
        ("unknown_person", 1, "mentor"),
    ]
    with pytest.raises(pm.PolicyError, match="'why' must be a text"):
        Override("007", "e1", "Kim", "2026-03-01", " ")
