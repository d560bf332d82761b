"""Texts and times that are to be kept: days as text, and no text that holds what a profile says."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pairmatch.errors import Finding
from pairmatch.grouping import UNKNOWN
from pairmatch.terms import normalise

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles

__all__ = ["bad", "day_text", "profile_texts"]

KEPT_OUT = ("sensitive", "special")
"""Classes of fields whose values are kept out of a record."""


def profile_texts(cohort: Cohort, text: str) -> str:
    """The first sensitive or special field one of whose values stands in a text, word for word; else empty.

    Parameters
    ----------
    cohort
        Whose values are looked for; numbers and yes or no are not.
    text
        What is to be kept.
    """
    words = f" {normalise(text)} "
    for name in cohort.fields:
        if cohort.field_class(name) in KEPT_OUT:
            sides = [side for side in (cohort.mentors, cohort.mentees) if name in side]
            if any(f" {value} " in words for side in sides for value in _values(side, name)):
                return name
    return ""


def _values(people: Profiles, name: str) -> Iterator[str]:
    kind = people.kind(name)
    found: set[str] = set()
    if kind == "text":
        found = {normalise(cell) for cell in people.text(name) if cell is not None}
    elif kind in ("list", "topics"):
        found = {normalise(term.label) for terms in people.terms(name) for term in terms}
    yield from (value for value in sorted(found) if value and value != UNKNOWN)


def day_text(when: object, found: list[Finding]) -> str:
    """A date or time as text; what is wrong with it is noted."""
    if isinstance(when, datetime.date):
        return when.isoformat()
    try:
        if isinstance(when, str):
            kind = datetime.datetime if "T" in when else datetime.date
            return kind.fromisoformat(when).isoformat()
    except ValueError:
        pass
    found.append(bad("when", "must be a date or time, or text as '2026-03-02' or '2026-03-02T09:30'"))
    return ""


def bad(name: str, hint: str) -> Finding:
    """An argument that cannot be used."""
    return Finding("bad_argument", f"'{name}' {hint}", column=name)
