"""Who lets their partner read what."""

from __future__ import annotations

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.cohort.fields import CANONICAL, CONSENT
from pairmatch.explaining.consent import consents, may_read, readable
from tests.explaining.partner_people import SCHEMA, mentees, mentors

HIDDEN = ("sensitive", "special", "confidential")


def people() -> pm.Cohort:
    """Ana would show all, Ben nothing, Fay her hobbies."""
    return pm.Cohort(mentors(), mentees(), schema=SCHEMA)


def test_fields_are_found_under_every_name() -> None:
    """The library's names, the organisation's own, in any case; an unknown one allows nothing."""
    assert consents(people().mentees.person(1)) == {"hobbies"}
    named = "HOBBIES; What drives me; what-drives-me; Topics offered; all; *; hobbys"
    cohort = pm.Cohort(mentors(shown_to_partner=[named, None]), mentees(), schema=SCHEMA)
    assert consents(cohort.mentors.person(0)) == {"hobbies", "motto", "topics_offered"}
    assert consents(cohort.mentors.person(1)) == frozenset()


def test_what_is_open_to_a_partner() -> None:
    """In the usual order, and nothing protected, nothing about other people, no wishes."""
    assert readable(people().mentors.person(0)) == (
        *("name", "department", "function", "level", "time_zone", "languages", "topics_offered"),
        *("hobbies", "past_functions", "style_pace", "motto"),
    )
    assert readable(people().mentors.person(1)) == ()


@pytest.mark.parametrize("name", [name for name, field in CANONICAL.items() if field.class_ in HIDDEN])
def test_protected_fields_are_open_to_nobody(name: str) -> None:
    """Whatever the person says."""
    kind = CANONICAL[name].kind
    value = CONSENT if name == CONSENT else {"number": 0.5}.get(kind, "x")
    frame = pd.DataFrame({"id": ["a"], name: [value], CONSENT: [name]})
    person = pm.Cohort(frame, pd.DataFrame({"id": ["b"]})).mentors.person(0)
    assert consents(person) == {name}
    assert not may_read(person, name)
    assert readable(person) == ()


@pytest.mark.parametrize("class_", HIDDEN)
def test_an_organisations_class_counts(class_: str) -> None:
    """Hobbies that an organisation declares to be protected are protected."""
    frame = pd.DataFrame({"id": ["a"], "hobbies": ["x"], CONSENT: ["hobbies"]})
    schema = pm.Schema(fields={"hobbies": {"kind": "list", "class": class_}})
    person = pm.Cohort(frame, pd.DataFrame({"id": ["b"]}), schema=schema).mentors.person(0)
    assert not may_read(person, "hobbies")
    assert not may_read(person, "no such field")


def test_consent_changes_no_matching(tmp_path: object) -> None:
    """It may be given and withdrawn after the matching: the same cohort, by its fingerprint."""
    policy = pm.Policy(objective=("mentees",))
    before = pm.Cohort(mentors(), mentees(), schema=SCHEMA)
    after = pm.Cohort(mentors(shown_to_partner=["", "name"]), mentees(), schema=SCHEMA)
    without = pm.Cohort(mentors().drop(columns=CONSENT), mentees(), schema=SCHEMA)
    assert before.fingerprint == after.fingerprint == without.fingerprint
    pm.match(before, policy).write(str(tmp_path))
    again = pm.Matching.read(str(tmp_path), after)
    assert readable(again.cohort.mentors.person(1)) == ("name",)
