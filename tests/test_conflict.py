"""Conflicts as data: what they say, as text and as tables."""

from __future__ import annotations

import pickle

import pytest

from pairmatch.conflict import Conflict, Member, Repair
from pairmatch.errors import Finding, InfeasibleError

MEMBERS = (
    Member("levels_below", "the mentee's level is at least 2 above the mentor's"),
    Member("minimum", "each of these 7 mentees has at least 1 pair", "mentees", tuple("abcdefg")),
)
REPAIRS = (
    Repair("leave out the rule 'minimum'", "rule_off", "minimum", verified=True, enough=True),
    Repair("one more place for mentor m1", "place", "own capacity", True, False, "mentors", ("m1",)),
    Repair("lower the minimum of mentee a to 0", "minimum", "own minimum", verified=True),
)


def test_a_conflict_in_words() -> None:
    """Members with at most five names, and what each repair achieves."""
    told = str(Conflict(MEMBERS, minimal=True, proven=True, others=True, repairs=REPAIRS))
    assert told.splitlines() == [
        "One reason, there are others: these cannot all hold, and without any one of them the others can:",
        "  - levels_below: the mentee's level is at least 2 above the mentor's",
        "  - minimum: each of these 7 mentees has at least 1 pair [a, b, c, d, e and 2 more]",
        "What would mend it:",
        "  - leave out the rule 'minimum': then a valid matching exists",
        "  - one more place for mentor m1: mends this, not everything",
        "  - lower the minimum of mentee a to 0: mends this, perhaps not all",
    ]


@pytest.mark.parametrize(
    ("others", "minimal", "proven", "heading"),
    [
        (False, True, True, "The reason: these cannot all hold, and without any one of them the others can:"),
        (None, True, True, "One reason: these cannot all hold, and without any one of them the others can:"),
        (None, False, True, "One reason, perhaps longer than need be: these cannot all hold:"),
        (False, False, False, "The reason, not proven: these may contradict each other:"),
    ],
)
def test_a_conflict_says_no_more_than_is_known(
    others: bool | None, minimal: bool, proven: bool, heading: str
) -> None:
    """What is not proven is not claimed."""
    assert str(Conflict(MEMBERS, minimal, proven, others)).splitlines()[0] == heading


def test_tables() -> None:
    """One row per member, one per repair; what could not be decided is None."""
    conflict = Conflict(MEMBERS, minimal=True, proven=True, repairs=REPAIRS)
    assert conflict.table.to_dict("list") == {
        "rule": ["levels_below", "minimum"],
        "side": ["", "mentees"],
        "ids": ["", "a, b, c, d, e, f, g"],
        "words": [member.words for member in MEMBERS],
    }
    repairs = conflict.repair_table
    assert repairs.columns.tolist() == ["repair", "kind", "rule", "side", "ids", "verified", "enough"]
    assert repairs["enough"].tolist() == [True, False, None]
    assert repairs["verified"].tolist() == [True, True, True]


def test_the_error_carries_its_conflict() -> None:
    """In its text, in a table, and through a pickle; without one it is as before."""
    found = [Finding("below_minimum", "lower a minimum", "mentors", "m1")]
    conflict = Conflict(MEMBERS, minimal=True, proven=True, others=False, repairs=REPAIRS)
    bare, error = InfeasibleError(found), InfeasibleError(found, conflict)
    assert str(error) == f"{bare}\n{conflict}"
    assert bare.conflict is None
    assert bare.conflict_table.columns.tolist() == error.conflict_table.columns.tolist()
    assert (len(bare.conflict_table), len(error.conflict_table)) == (0, 2)
    again = pickle.loads(pickle.dumps(error))
    assert (again.findings, again.conflict, str(again)) == (error.findings, conflict, str(error))


def test_hostile_names_stay_on_their_line() -> None:
    """Ids and labels are shown in one line, however they are made."""
    member = Member("no\nrule", "what is asked", "mentors", ("a\x00b", "\u202eevil"))
    assert "\n" not in str(member)
    assert "\x00" not in str(member)
    assert "\u202e" not in str(member)
