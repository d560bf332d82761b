"""Arguments of a re-match: every problem is told, all at once, with ids and rows and no end reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.rematch import rematch
from pairmatch.rematching import Asked, asked_of


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    """Three pairs; "two" stands in both tables."""
    mentors = pd.DataFrame({"id": ["ana", "ben", "two", "cy"], "hobbies": ["chess", "golf", "yoga", "art"]})
    mentees = pd.DataFrame({"id": ["eve", "flo", "two"], "hobbies": ["chess", "golf", "art"]})
    return pm.match(pm.Cohort(mentors, mentees), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))


def told(matching: pm.Matching, **arguments: Any) -> list[tuple[str, str, str, int]]:
    """Code, side or column, id and row of everything that is wrong."""
    with pytest.raises(pm.CallError) as caught:
        rematch(matching, **arguments)
    return [(f.code, f.side or f.column, f.id, f.row) for f in caught.value.findings]


def read(matching: pm.Matching, **arguments: Any) -> Asked:
    """What is read of arguments that can be used."""
    return asked_of(matching, arguments.pop("cohort", None), None, **arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"failed": [("ana", "flo")]}, [("not_a_pair", "failed", "ana + flo", 1)]),
        ({"failed": [("eve", "ana")]}, [("swapped_pair", "failed", "eve + ana", 1)]),
        ({"failed": [("ana",)]}, [("bad_entry", "failed", "", 1)]),
        ({"failed": [("ana", 3)]}, [("bad_pair", "failed", "", 1)]),
        ({"failed": "ana"}, [("bad_argument", "failed", "", 0)]),
        ({"failed": 7}, [("bad_argument", "failed", "", 0)]),
        ({"failed": pd.DataFrame({"mentor": ["ana"]})}, [("missing_column", "failed", "", 0)]),
        (
            {
                "failed": pd.DataFrame(
                    [["ana", "eve", "", ""]], columns=["mentor", "mentee", "reason", "reason"]
                )
            },
            [("duplicate_column", "failed", "", 0)],
        ),
        ({"failed": [("ana", "eve", "bored")]}, [("unknown_end_reason", "failed", "ana + eve", 1)]),
        ({"movable": [("ana", "flo")]}, [("not_a_pair", "movable", "ana + flo", 1)]),
        ({"movable": "some"}, [("bad_argument", "movable", "", 0)]),
        ({"cooled": [("ana", "eve")]}, [("not_failed", "cooled", "ana + eve", 1)]),
        ({"left": ["zoe"]}, [("unknown_person", "left", "zoe", 1)]),
        ({"left": [("boss", "ana")]}, [("unknown_role", "left", "ana", 1)]),
        ({"left": [("mentee", "ana")]}, [("unknown_person", "left", "ana", 1)]),
        ({"left": [3]}, [("bad_entry", "left", "", 1)]),
        ({"left": pd.DataFrame({"id": [" "]})}, [("bad_id", "left", "", 1)]),
        ({"returned": ["ana"]}, [("not_left", "returned", "ana", 1)]),
        ({"capacities": {"zoe": 2}}, [("unknown_person", "capacities", "zoe", 1)]),
        ({"capacities": {"two": 2}}, [("ambiguous_person", "capacities", "two", 1)]),
        ({"capacities": {"ana": -1}}, [("bad_number", "capacities", "ana", 1)]),
        ({"waited": {"ana": 10_001}}, [("bad_number", "waited", "ana", 1)]),
        ({"capacities": {"ana": True}}, [("bad_number", "capacities", "ana", 1)]),
        ({"capacities": {"ana": "many"}}, [("bad_number", "capacities", "ana", 1)]),
        ({"capacities": {"ana": 1.5}}, [("bad_number", "capacities", "ana", 1)]),
        ({"capacities": [("ana", 1), ("ana", 2)]}, [("told_twice", "capacities", "ana", 2)]),
        ({"waited": {"zoe": 1}}, [("unknown_person", "waited", "zoe", 1)]),
        ({"max_changes": -1}, [("bad_argument", "max_changes", "", 0)]),
        ({"max_changes": True}, [("bad_argument", "max_changes", "", 0)]),
        ({"disturbance": "first", "movable": "all"}, [("bad_argument", "disturbance", "", 0)]),
        ({"disturbance": 3}, [("bad_argument", "disturbance", "", 0)]),
        ({"disturbance": "last"}, [("bad_argument", "disturbance", "", 0)]),
        ({"stability": -0.1}, [("bad_argument", "stability", "", 0)]),
        ({"stability": float("nan")}, [("bad_argument", "stability", "", 0)]),
        ({"stability": "much"}, [("bad_argument", "stability", "", 0)]),
        ({"minimum_weight": 2}, [("bad_argument", "minimum_weight", "", 0)]),
        ({"time_limit": 0}, [("bad_argument", "time_limit", "", 0)]),
        ({"cohort": 3}, [("bad_argument", "cohort", "", 0)]),
        ({"policy": 3}, [("bad_argument", "policy", "", 0)]),
    ],
)
def test_what_cannot_be_used_is_told(
    matching: pm.Matching, arguments: dict[str, Any], expected: list[tuple[str, str, str, int]]
) -> None:
    """Each wrong argument by itself."""
    assert told(matching, **arguments) == expected


def test_everything_wrong_is_told_at_once(matching: pm.Matching) -> None:
    """Nobody mends one thing only to learn of the next."""
    found = told(matching, failed=[("ana", "flo")], left=["zoe"], max_changes=-1, capacities={"ana": -1})
    assert {code for code, *_ in found} == {"not_a_pair", "unknown_person", "bad_argument", "bad_number"}


def test_hints_help(matching: pm.Matching) -> None:
    """Near ids and words are named."""
    with pytest.raises(pm.CallError, match="Did you mean 'ana'"):
        rematch(matching, left=["anna"])
    with pytest.raises(pm.CallError, match="Did you mean 'weighted'"):
        rematch(matching, disturbance="weigthed", movable="all")
    with pytest.raises(pm.CallError, match="no_chemistry"):
        rematch(matching, failed=[("ana", "eve", "boredom")])


def test_an_end_reason_is_in_no_error(matching: pm.Matching) -> None:
    """Neither one of the list nor what somebody wrote instead of one (law §12)."""
    rows = pd.DataFrame(
        {"mentor": ["ana", "ben"], "mentee": ["flo", "flo"], "reason": ["no_chemistry", "he shouts"]}
    )
    with pytest.raises(pm.CallError) as caught:
        rematch(matching, failed=rows)
    told = str(caught.value) + caught.value.table.to_csv()
    assert "shouts" not in told
    assert [f.hint for f in caught.value.findings if f.code == "not_a_pair"] == [
        "the two are no pair of this matching; correct the ids, or leave the row out"
    ]


def test_what_is_no_matching_is_refused() -> None:
    """Before anything else is looked at; of a directory the people are needed too."""
    with pytest.raises(pm.CallError, match="must be a Matching"):
        rematch(3)  # type: ignore[arg-type]
    with pytest.raises(pm.CallError, match="a directory needs the people too"):
        rematch("somewhere")


def test_contradictions_are_told(matching: pm.Matching) -> None:
    """A pair cannot fail now and have cooled, a person not leave and return."""
    revised = rematch(matching, failed=[("ana", "eve")], left=["ben"])
    assert told(revised, failed=[("ana", "eve")], cooled=[("ana", "eve")]) == [
        ("failed_and_cooled", "failed", "ana + eve", 0)
    ]
    assert told(revised, left=["ben"], returned=["ben"], cohort=matching.cohort) == [
        ("left_and_returned", "left", "ben", 0)
    ]
    assert told(revised, returned=["ben"]) == [("cohort_needed", "returned", "", 0)]


def test_tables_and_lists_say_the_same(matching: pm.Matching) -> None:
    """Frames, lists of pairs, mappings; roles in either number; blanks around ids."""
    frame = pd.DataFrame({"mentor": [" ana "], "mentee": ["eve"], "reason": [None], "more": [1]})
    assert read(matching, failed=frame).failed == (("ana", "eve"),)
    assert read(matching, failed=[["ana", "eve", "no_time"]]).failed == (("ana", "eve"),)
    people = pd.DataFrame({"id": ["two", "ana"], "role": ["mentees", np.nan]})
    assert read(matching, left=people).left == (("mentees", "two"), ("mentors", "ana"))
    assert read(matching, left=["two"]).left == (("mentees", "two"), ("mentors", "two"))
    assert read(matching, left=[("mentor", "two")]).left == (("mentors", "two"),)
    numbers = pd.DataFrame({"id": ["two", "ben"], "capacity": ["2", 3.0], "role": ["mentor", pd.NA]})
    assert read(matching, capacities=numbers).capacities == (("mentors", "ben", 3), ("mentors", "two", 2))
    assert read(matching, capacities={"eve": np.int64(2)}).capacities == (("mentees", "eve", 2),)
    assert read(matching, waited={"eve": 2, "flo": 0}).waited == (("mentees", "eve", 2),)
    assert read(matching, waited=[]).waited == ()


def test_who_may_move(matching: pm.Matching) -> None:
    """Nobody, unless told; all where only a number of changes is given."""
    assert read(matching).movable == ()
    assert read(matching, movable="all").movable is None
    assert read(matching, max_changes=2).movable is None
    assert read(matching, max_changes=2, movable=[("ana", "eve")]).movable == (("ana", "eve"),)


def test_whoever_is_gone_from_the_tables_may_be_told_as_left(matching: pm.Matching) -> None:
    """They are known from the matching, and change nothing more."""
    frames = [pd.DataFrame({"id": list(side.ids), "hobbies": "chess"}) for side in _sides(matching.cohort)]
    fewer = pm.Cohort(frames[0].iloc[1:], frames[1])
    assert read(matching, left=["ana"], cohort=fewer).left == ()


def _sides(cohort: pm.Cohort) -> tuple[Any, Any]:
    return cohort.mentors, cohort.mentees


def test_nothing_is_asked(matching: pm.Matching) -> None:
    """Then the matching itself is the answer."""
    assert read(matching).nothing
    assert read(matching, waited=[]).nothing
    assert not read(matching, movable="all").nothing
    assert not read(matching, minimum_weight=0.0).nothing
