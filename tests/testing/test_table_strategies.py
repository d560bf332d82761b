"""The cohorts drawn are valid, and hold every kind of entanglement often enough."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.cohort import Cohort
from pairmatch.testing.strategies import Column, Tables, cohorts, reorderings, tables

pytestmark = pytest.mark.untraced


@given(cohorts(3, 5))
def test_cohorts_are_of_the_size_asked_for(cohort: Cohort) -> None:
    """One to as many people per side as asked for."""
    assert 1 <= len(cohort.mentors) <= 3
    assert 1 <= len(cohort.mentees) <= 5


@given(tables(), st.data())
def test_reordered_tables_are_the_same_cohort(drawn: Tables, data: st.DataObject) -> None:
    """Another order of rows is the same cohort, as its fingerprint says."""
    again = data.draw(reorderings(drawn))
    assert sorted(again.mentors["id"]) == sorted(drawn.mentors["id"])
    assert again.cohort().fingerprint == drawn.cohort().fingerprint


def test_entangled_cohorts_are_common() -> None:
    """People in both tables, inactive and mandated ones, blanks and management lines are drawn often."""
    seen: Counter[str] = Counter()

    @settings(max_examples=150, derandomize=True, database=None)
    @given(tables(sparse=True))
    def draw(drawn: Tables) -> None:
        cohort = drawn.cohort()
        facts = {
            "drawn": True,
            "both": bool(set(cohort.mentors.ids) & set(cohort.mentees.ids)),
            "inactive": not (cohort.mentors.active.all() and cohort.mentees.active.all()),
            "mandated": any(mentee.get("must_match") for mentee in cohort.mentees),
            "blank level": "level" in cohort.mentors and not cohort.mentors.has("level").all(),
            "no level": "level" not in cohort.mentors,
            "history": bool(cohort.history),
            "no history": cohort.history is None,
            "outside": drawn.outside_managers == "allow",
            "org chart": drawn.org is not None,
            "a line": any(cohort.organisation.line(i) for i in cohort.mentees.ids)
            if cohort.organisation
            else False,
            "an end": any((cohort.ended or {}).values()),
            "ends unknown": bool(cohort.history) and cohort.ended is None,
            "wishes": bool(cohort.preferences and len(cohort.preferences)),
            "no wishes": cohort.preferences is None,
            "vetoes": bool(cohort.vetoes),
            "no vetoes": cohort.vetoes is None,
            "not opted in": any(person.get("opted_in") is False for person in cohort.mentors),
            "minimum": any((mentee.get("minimum") or 0) > 0 for mentee in cohort.mentees),
        }
        seen.update(fact for fact, holds in facts.items() if holds)

    draw()
    rare = {fact: count for fact, count in seen.items() if count < 0.04 * seen["drawn"]}
    assert len(seen) == 19
    assert rare == {}


@given(tables(own={"shift": Column("text", ["early", "late"])}))
def test_own_fields_are_declared(drawn: Tables) -> None:
    """A field of one's own is in both tables, declared, and holds the cells given or nothing."""
    cohort = drawn.cohort()
    assert {person["shift"] for person in (*cohort.mentors, *cohort.mentees)} <= {"early", "late", None}


@given(tables())
def test_columns_can_be_dropped(drawn: Tables) -> None:
    """Columns go, or stay alone; rows are picked."""
    assert "level" not in drawn.without("Level").cohort().mentors.fields
    assert set(drawn.only("id", "team").mentors) == {"id", "team"}
    assert drawn.rows([0], [0]).shape == (1, 1)
