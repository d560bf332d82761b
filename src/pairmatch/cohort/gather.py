"""All tables read, checked against each other, and every problem gathered."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from pairmatch.cohort.binding import bind, check_mapped
from pairmatch.cohort.chart import build_chart, org_lines, profile_lines
from pairmatch.cohort.doubts import commas, strangers, unnamed
from pairmatch.cohort.fields import CANONICAL, SAME_IN_BOTH, fold
from pairmatch.cohort.history import Ended, Pairs, read_history, read_pairs
from pairmatch.cohort.organisation import Organisation
from pairmatch.cohort.parsing import Parsed, parse
from pairmatch.cohort.preferences import Preferences, read_preferences
from pairmatch.cohort.profiles import Profiles
from pairmatch.cohort.reading import UNREADABLE
from pairmatch.cohort.schema import Schema
from pairmatch.cohort.tables import Table
from pairmatch.errors import CohortError, FileError, Finding, counted, did_you_mean
from pairmatch.terms import normalise

__all__ = ["Gathered", "gather"]

SIDES = ("mentors", "mentees")

PEOPLE = (*SIDES, "coaches")
"""Tables of people."""

NEARLY = 0.85
"""How alike a field's name is to a canonical one that was probably meant."""


@dataclass(frozen=True)
class Gathered:
    """What a cohort is made of."""

    mentors: Profiles
    mentees: Profiles
    organisation: Organisation | None
    history: Pairs | None
    ended: Ended | None
    preferences: Preferences | None
    vetoes: Pairs | None
    notes: tuple[Finding, ...]
    coaches: Profiles | None = None


def gather(tables: Mapping[str, Table | None], schema: Schema, found: list[Finding]) -> Gathered:
    """Understand all tables, or raise one error with everything that is wrong with them.

    Parameters
    ----------
    tables
        ``mentors`` and ``mentees``, and ``org``, ``history``, ``preferences``, ``vetoes`` and ``coaches``
        where they were handed in; None for a table that could not be read.
    schema
        How to read them.
    found
        What is wrong already.
    """
    notes: list[Finding] = []
    parsed = _people(tables, schema, found, notes)
    organisation = _organisation(tables, parsed, schema, found, notes)
    history, ended = _history(tables, found)
    preferences, vetoes = _wishes(tables, found)
    if found:
        raise _error(found)
    people = {side: table.profiles for side, table in parsed.items()}
    notes.extend(_lookalikes(people))
    notes.extend(strangers(people, preferences, history, vetoes))
    both = people["mentors"], people["mentees"]
    coaches = people.get("coaches")
    return Gathered(*both, organisation, history, ended, preferences, vetoes, tuple(notes), coaches)


def _error(found: list[Finding]) -> CohortError | FileError:
    return (FileError if any(finding.code in UNREADABLE for finding in found) else CohortError)(found)


def _people(
    tables: Mapping[str, Table | None], schema: Schema, found: list[Finding], notes: list[Finding]
) -> dict[str, Parsed]:
    read = {side: table for side in PEOPLE if (table := tables.get(side)) is not None}
    for side, table in read.items():
        if not table.rows:
            hint = f"the table of {side} has no rows; hand in one row per person"
            found.append(Finding("empty_table", hint, side))
    bindings = {side: bind(table, schema) for side, table in read.items() if table.header}
    parsed = {}
    for side, binding in bindings.items():
        found.extend(binding.findings)
        notes.extend(binding.notes)
        parsed[side] = parse(read[side], binding, schema, found)
    found.extend(check_mapped(read, bindings))
    notes.extend(_unread_fields(schema, parsed))
    notes.extend(_corrected(schema, parsed))
    for people in parsed.values():
        notes.extend(commas(people, schema))
        notes.extend(unnamed(people))
    for here, there in combinations(PEOPLE, 2):
        if here in parsed and there in parsed:
            found.extend(_contradictions(parsed[here], parsed[there]))
    return parsed


def _unread_fields(schema: Schema, parsed: Mapping[str, Parsed]) -> Iterator[Finding]:
    """Declared fields without a column, and mapped ones whose name nearly is a canonical one."""
    headers = [name for people in parsed.values() for name in people.names.values()]
    for name in schema.fields:
        if name not in schema.columns and not any(name in people.profiles for people in parsed.values()):
            hint = f"the declared field has no column in either table.{did_you_mean(name, headers)}"
            yield Finding("absent_field", hint, side="schema", column=name)
    for name in schema.columns:
        near = difflib.get_close_matches(fold(name), CANONICAL, n=1, cutoff=NEARLY)
        if near and name not in CANONICAL:
            hint = f"the field is not a canonical one and was read as declared. Did you mean '{near[0]}'?"
            yield Finding("similar_field", hint, side="schema", column=name)


def _corrected(schema: Schema, parsed: Mapping[str, Parsed]) -> Iterator[Finding]:
    """How many entries were read as a word of the thesaurus that they only resemble."""
    for side, table in parsed.items():
        for name in table.profiles.fields:
            if not schema.all_fields[name].meaning:
                continue
            labels = Counter(term.label for terms in table.profiles.terms(name) for term in terms)
            found = (schema.thesaurus.find(label) for label in labels)
            count = sum(
                labels[w] for w, hit in zip(labels, found, strict=True) if hit and hit.how == "spelling"
            )
            if count:
                hint = (
                    f"{counted(count, 'entry', 'entries')} of this column resembled words of the thesaurus "
                    "(a plural, a typing error) and counted as those; list what means something else as "
                    "'left_alone' in a thesaurus of your own"
                )
                yield Finding("corrected_spelling", hint, side=side, column=table.names[name])


def _contradictions(mentors: Parsed, mentees: Parsed) -> Iterator[Finding]:
    """People in two tables of whom the tables say different things."""
    hint = "the person stands in two tables with different values; they are to agree"
    shared = [name for name in SAME_IN_BOTH if name in mentors.profiles and name in mentees.profiles]
    rows = {identifier: k for k, identifier in enumerate(mentors.profiles.ids) if identifier}
    for k, identifier in enumerate(mentees.profiles.ids):
        if identifier not in rows:
            continue
        for name in shared:
            here = mentees.profiles.value(name, k)
            there = mentors.profiles.value(name, rows[identifier])
            if here is not None and there is not None and _plain(name, here) != _plain(name, there):
                yield mentees.finding("contradicting_profile", hint, k, name)


def _plain(name: str, value: object) -> object:
    return normalise(value) if isinstance(value, str) and name != "manager" else value


def _organisation(
    tables: Mapping[str, Table | None],
    parsed: Mapping[str, Parsed],
    schema: Schema,
    found: list[Finding],
    notes: list[Finding],
) -> Organisation | None:
    fields = {name for people in parsed.values() for name in people.profiles.fields}
    if "org" not in tables and not fields & {"manager", "dotted_managers"}:
        return None
    chart = tables.get("org")
    lines = [line for people in parsed.values() for line in profile_lines(people)]
    lines += org_lines(chart, schema, found) if chart is not None else []
    whole = set(SIDES) <= set(parsed) and all("id" in people.names for people in parsed.values())
    whole = whole and ("org" not in tables or chart is not None)
    return build_chart(lines, _levels(parsed), schema, found, notes, whole=whole)


def _levels(parsed: Mapping[str, Parsed]) -> dict[str, float]:
    """The levels of all people who have one."""
    levels: dict[str, float] = {}
    for people in (people.profiles for people in parsed.values() if "level" in people.profiles):
        known = people.has("level")
        levels.update((people.ids[k], float(people.number("level")[k])) for k in np.flatnonzero(known))
    return levels


def _history(tables: Mapping[str, Table | None], found: list[Finding]) -> tuple[Pairs | None, Ended | None]:
    table = tables.get("history")
    return (None, None) if table is None else read_history(table, found)


def _wishes(
    tables: Mapping[str, Table | None], found: list[Finding]
) -> tuple[Preferences | None, Pairs | None]:
    """Whom people would like, and whom they will not have."""
    wished, vetoed = tables.get("preferences"), tables.get("vetoes")
    preferences = None if wished is None else read_preferences(wished, found)
    return preferences, None if vetoed is None else read_pairs(vetoed, found)


def _lookalikes(people: Mapping[str, Profiles]) -> Iterator[Finding]:
    """Ids that differ in case or in how an accent is encoded: two people here, maybe one in truth."""
    seen: dict[str, str] = {}
    hint = "the id differs from another one in case or encoding only; make them equal if they are one person"
    for side, profiles in people.items():
        for identifier in profiles.ids:
            if seen.setdefault(unicodedata.normalize("NFC", identifier).casefold(), identifier) != identifier:
                yield Finding("similar_id", hint, side=side, id=identifier)
