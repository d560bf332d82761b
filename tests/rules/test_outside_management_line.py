"""The rule against one's own managers."""

from __future__ import annotations

import pytest

from pairmatch import rules
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairRuleContract
from tests.rules.small import codes, cohort, verdicts


class TestOutsideManagementLine(PairRuleContract):
    """The contract for two steps."""

    rule = rules.OutsideManagementLine()


class TestOutsideTheWholeLine(PairRuleContract):
    """The contract for the whole line, with missing data let through."""

    rule = rules.OutsideManagementLine(levels=None, missing="allow")


def line(mentor: str = "head", **tables: object) -> object:
    """Chief > director > head > m1; m2 reports to another director and, dotted, to the head."""
    return cohort(
        {"id": ["m1", "m2"], "manager": [mentor, "other"], "dotted_managers": [None, "head"]},
        {
            "id": ["chief", "director", "head", "other"],
            "manager": [None, "chief", "director", "chief"],
            "dotted_managers": [None] * 4,
        },
        **tables,
    )


def test_manager_and_managers_manager_are_barred() -> None:
    """Two steps up, direct or dotted: m1 may have the chief and the other director, m2 nobody."""
    told = verdicts(rules.OutsideManagementLine(), line())  # type: ignore[arg-type]
    assert told == [[True, False, False, True], [False, False, False, False]]


@pytest.mark.parametrize(
    ("levels", "first", "second"),
    [
        (1, [True, True, False, True], [True, True, False, False]),
        (3, [False, False, False, True], [False, False, False, False]),
        (None, [False, False, False, True], [False, False, False, False]),
    ],
)
def test_levels_say_how_far(levels: int | None, first: list[bool], second: list[bool]) -> None:
    """One step bars the managers alone; the whole line bars the chief executive from everybody."""
    assert verdicts(rules.OutsideManagementLine(levels), line()) == [first, second]  # type: ignore[arg-type]


def test_it_holds_both_ways() -> None:
    """A manager who mentors is barred from their own people, too."""
    people = cohort({"id": ["boss"], "manager": [None]}, {"id": ["a", "b"], "manager": ["boss", "a"]})
    assert verdicts(rules.OutsideManagementLine(1), people) == [[False, True]]
    assert verdicts(rules.OutsideManagementLine(2), people) == [[False, False]]


def test_a_line_that_is_not_known_far_enough_forbids() -> None:
    """The manager of an outside manager is not known; a root's is not missing."""
    people = line("elsewhere", outside_managers="allow")
    rule = rules.OutsideManagementLine()
    told = verdicts(rule, people)  # type: ignore[arg-type]
    assert told[0] == [False] * 4
    assert [who.tolist() for who in rule.lacking(people)] == [[True, False], [False] * 4]  # type: ignore[arg-type]


def test_an_unknown_line_passes_when_asked() -> None:
    """`missing="allow"` bars what is known of the line, and nothing else."""
    people = line("elsewhere", outside_managers="allow")
    told = verdicts(rules.OutsideManagementLine(missing="allow"), people)  # type: ignore[arg-type]
    assert told == [[True] * 4, [False] * 4]


def test_without_a_chart_the_rule_does_not_fit() -> None:
    """Neither a column 'manager' nor an organisation chart: one finding, and a plain error in use."""
    people = cohort({"team": ["a"]}, {"team": ["b"]})
    assert codes(rules.OutsideManagementLine().needs(people)) == [("absent_table", "org", "manager")]
    with pytest.raises(PolicyError, match="absent_table"):
        rules.OutsideManagementLine().allowed_pair(people.mentors.person(0), people.mentees.person(0))


def test_the_rule_tells_itself() -> None:
    """The sentence names the steps; the whole line has a word of its own in files."""
    whole = rules.OutsideManagementLine(levels=None)
    assert whole.parameters() == {"levels": "all", "missing": "forbid"}
    assert whole.description == "neither is above the other in the organisation's lines"
    assert "within 1 step above" in rules.OutsideManagementLine(1).description


@pytest.mark.parametrize("levels", [0, -1, 1.0, "two", True])
def test_bad_levels(levels: object) -> None:
    """Steps are whole numbers from 1 on."""
    with pytest.raises(PolicyError, match="bad_integer"):
        rules.OutsideManagementLine(levels)  # type: ignore[arg-type]
