"""Notes of a cohort on what can be read and was probably meant otherwise."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from tests.cohort.tables import SECRET

MENTORS, MENTEES = ["m1", "m2", "both"], ["e1", "e2", "both"]


def told(
    code: str, schema: pm.Schema | None = None, people: Any = None, **tables: Any
) -> list[tuple[str, ...]]:
    """Side, column and hint of the notes of one kind."""
    mentors, mentees = people or ({"id": MENTORS}, {"id": MENTEES})
    frames = {name: pd.DataFrame(cells) for name, cells in tables.items()}
    cohort = pm.Cohort(pd.DataFrame(mentors), pd.DataFrame(mentees), schema=schema, **frames)
    notes = cohort.notes
    rows = notes.loc[notes["code"] == code, ["side", "column", "hint"]]
    return [tuple(row) for row in rows.to_numpy().tolist()]


def pairs(*rows: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A table of pairs."""
    return {"mentor": [a for a, _ in rows], "mentee": [b for _, b in rows], **more}


PASSED = "who is not in the tables; {} passed over. Ids are to be equal letter by letter"


def test_rows_about_unknown_people_are_counted() -> None:
    """An id in another case, somebody unknown: counts only, for wishes and vetoes alike."""
    rows = [("M2", "e1"), ("m1", "e1"), (SECRET, "e9")]
    hint = f"2 of 3 rows name a mentor or mentee {PASSED.format('they are')}"
    assert told("unknown_people", vetoes=pairs(*rows)) == [("vetoes", "", hint)]
    wishes = pairs(*rows, by=["mentee"] * 3, rank=[1, 2, 3])
    assert told("unknown_people", preferences=wishes) == [("preferences", "", hint)]
    one = f"1 of 1 row names a mentor or mentee {PASSED.format('it is')}"
    assert told("unknown_people", vetoes=pairs(("m1", "M1"))) == [("vetoes", "", one)]


def test_swapped_columns_are_asked_about() -> None:
    """Where an unknown row would fit the other way round; somebody in both roles fits either way."""
    hint = f"1 of 2 rows names a mentor or mentee {PASSED.format('it is')}; are the columns swapped?"
    assert told("unknown_people", vetoes=pairs(("e1", "m1"), ("m1", "e1"))) == [("vetoes", "", hint)]
    assert told("unknown_people", history=pairs(("e1", "m1"), ("m1", "e1"))) == [("history", "", hint)]
    assert told("unknown_people", history=pairs(("both", "e1"), ("m1", "both"))) == []


def test_people_of_a_history_may_have_left() -> None:
    """It is told only where no row fits."""
    assert told("unknown_people", history=pairs(("gone", "e1"), ("m1", "e1"))) == []
    assert [side for side, _, _ in told("unknown_people", history=pairs(("gone", "e1")))] == ["history"]


@pytest.mark.parametrize("rows", [[], [("m1", "e1"), ("m2", "e2")]])
def test_rows_that_fit_are_not_told(rows: list[tuple[str, str]]) -> None:
    """Nor are empty tables."""
    assert told("unknown_people", vetoes=pairs(*rows), history=pairs(*rows)) == []


COMMAS = (
    "commas; entries are separated by ';' or '|': "
    'declare separator = "," under [fields.{}] if the commas separate entries'
)


def test_lists_with_commas_are_counted() -> None:
    """Where the thesaurus knows most of the parts and not the whole; numbers and musts make no difference."""
    people = (
        {
            "id": ["m1", "m2", "m3", "m4", "m5"],
            "Hobbies": [
                "bouldering, chess",
                "bouldering, chess",
                "chess, " + SECRET + ", golf",
                "chess; golf, tennis",
                None,
            ],
            "topics offered": [
                "python:0.5, SQL",
                "equality, diversity and inclusion",
                "podcasts, " + SECRET,
                "x",
                "y",
            ],
        },
        {"id": ["e1"], "topics wanted": ["python!, SQL:3"], "languages": ["English, French"]},
    )
    assert told("commas_in_list", people=people) == [
        ("mentors", "topics offered", f"1 cell holds {COMMAS.format('topics_offered')}"),
        ("mentors", "Hobbies", f"3 cells hold {COMMAS.format('hobbies')}"),
        ("mentees", "topics wanted", f"1 cell holds {COMMAS.format('topics_wanted')}"),
    ]


def test_declared_separators_are_believed() -> None:
    """Nothing is told where the commas do separate, and without words nothing is known."""
    people = ({"id": ["m1"], "hobbies": ["bouldering, chess"]}, {"id": ["e1"]})
    comma = pm.Schema(fields={"hobbies": {"separator": ","}})
    assert told("commas_in_list", comma, people) == []
    assert told("commas_in_list", pm.Schema(thesaurus=pm.Thesaurus.empty()), people) == []
    assert len(told("commas_in_list", None, people)) == 1


def test_what_people_allow_names_fields() -> None:
    """Entries that name no field of the person's own table are counted, and not repeated."""
    mentors = {
        "id": ["m1", "m2"],
        "Hobbies": ["a", "b"],
        "Shown to partner": ["hobbies; " + SECRET, "name, hobbies"],
    }
    mentees = {"id": ["e1"], "name": ["x"], "shown_to_partner": ["hobbies; NAME"]}
    ends = "to be shown. ';' or '|' is between names"
    assert told("unknown_field", people=(mentors, mentees)) == [
        ("mentors", "Shown to partner", f"2 entries name no field of this table; they allow nothing {ends}"),
        ("mentees", "shown_to_partner", f"1 entry names no field of this table; it allows nothing {ends}"),
    ]
    assert (
        told("unknown_field", people=(mentors | {"Shown to partner": ["hobbies", None]}, {"id": ["e1"]}))
        == []
    )
