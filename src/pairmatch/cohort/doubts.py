"""What can be read and was probably meant otherwise: unknown people, commas in lists, names of no field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pairmatch.cohort.fields import CONSENT
from pairmatch.cohort.history import Pairs
from pairmatch.cohort.parsing import Parsed
from pairmatch.cohort.preferences import Preferences
from pairmatch.cohort.profiles import Profiles
from pairmatch.cohort.schema import Schema
from pairmatch.errors import Finding, counted
from pairmatch.terms import Thesaurus

__all__ = ["commas", "strangers", "unnamed"]

_NUMBER = re.compile(r"\s*(?::\s*[0-9.]+)?\s*!?\s*$")
"""What may follow a topic."""


def strangers(
    people: Mapping[str, Profiles],
    preferences: Preferences | None,
    history: Pairs | None,
    vetoes: Pairs | None,
) -> Iterator[Finding]:
    """How many rows of each further table name somebody who has not this role in the tables of people.

    In a history, people who have left are as it should be: there it is told only where no row fits, or where
    rows would fit the other way round.
    """
    wishes = (
        None if preferences is None else [(mentor, mentee) for _, mentor, mentee, _ in preferences.wishes]
    )
    ids = frozenset(people["mentors"].ids), frozenset(people["mentees"].ids)
    for table, rows in (("history", history), ("preferences", wishes), ("vetoes", vetoes)):
        unknown = [(a, b) for a, b in rows or () if a not in ids[0] or b not in ids[1]]
        swapped = any(a in ids[1] and b in ids[0] for a, b in unknown)
        if rows and unknown and (swapped or table != "history" or len(unknown) == len(rows)):
            yield Finding("unknown_people", _told(unknown, rows, swapped=swapped), table)


def _told(unknown: Sequence[object], rows: Sequence[object], *, swapped: bool) -> str:
    name, are = ("names", "it is") if len(unknown) == 1 else ("name", "they are")
    hint = (
        f"{len(unknown):,} of {counted(len(rows), 'row')} {name} a mentor or mentee who is not in the "
        f"tables; {are} passed over. Ids are to be equal letter by letter"
    )
    return f"{hint}; are the columns swapped?" if swapped else hint


def commas(people: Parsed, schema: Schema) -> Iterator[Finding]:
    """For each field that is compared by meaning, how many cells look like lists with commas."""
    profiles, words = people.profiles, schema.thesaurus
    concepts = frozenset(concept.key for concept in words.concepts)
    known: dict[str, bool] = {}
    for name in profiles.fields:
        if not schema.all_fields[name].meaning:
            continue
        # Terms rather than cells: what another separator cut, or the thesaurus knows whole, is no such list.
        single = (terms[0] for terms in profiles.terms(name) if len(terms) == 1)
        cells = Counter(term.label for term in single if "," in term.label and term.key not in concepts)
        count = sum(cells[cell] for cell in cells if _mostly_known(cell, words, known))
        if count:
            holds = "cell holds" if count == 1 else "cells hold"
            hint = (
                f"{count:,} {holds} commas; entries are separated by ';' or '|': "
                f'declare separator = "," under [fields.{name}] if the commas separate entries'
            )
            yield Finding("commas_in_list", hint, side=profiles.side, column=people.names[name])


def unnamed(people: Parsed) -> Iterator[Finding]:
    """How many entries of what people allow to be shown name no field of their own table."""
    profiles = people.profiles
    if CONSENT not in profiles.fields:
        return
    entries = Counter(term.label for terms in profiles.terms(CONSENT) for term in terms)
    count = sum(entries[label] for label in entries if profiles.resolve(label) is None)
    if count:
        name, allow = ("entry names", "it allows") if count == 1 else ("entries name", "they allow")
        ends = "to be shown. ';' or '|' is between names"
        hint = f"{count:,} {name} no field of this table; {allow} nothing {ends}"
        yield Finding("unknown_field", hint, side=profiles.side, column=people.names[CONSENT])


def _mostly_known(cell: str, words: Thesaurus, known: dict[str, bool]) -> bool:
    """Whether more than half of the parts between commas are known words; each is looked up once."""
    parts = [part for part in cell.split(",") if part.strip()]
    for part in parts:
        if part not in known:
            known[part] = words.find(_NUMBER.sub("", part).strip()) is not None
    return len(parts) > 1 and 2 * sum(known[part] for part in parts) > len(parts)
