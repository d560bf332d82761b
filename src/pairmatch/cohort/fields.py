"""The canonical fields of a talent profile: their kinds and their classes (law §12).

A *kind* says how a cell is read, a *class* says who may see what follows from it. An organisation
may declare further fields in its :class:`~pairmatch.cohort.schema.Schema`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["CANONICAL", "CLASSES", "CONSENT", "KINDS", "Field", "default_class", "fold"]

KINDS = ("text", "number", "bool", "list", "topics")
"""How a cell is read."""

CLASSES = ("identifier", "ordinary", "sensitive", "special", "confidential")
"""Who may see what follows from a field (law §12)."""


@dataclass(frozen=True)
class Field:
    """How one field of a profile is read and who may see it.

    Attributes
    ----------
    kind
        ``"text"``, ``"number"``, ``"bool"``, ``"list"`` or ``"topics"``.
    separator
        What stands between the entries of a list cell; None means ``;`` or ``|``.
    class_
        ``"identifier"``, ``"ordinary"``, ``"sensitive"``, ``"special"`` or ``"confidential"``.
    meaning
        Whether the entries of a list are compared by meaning, with the cohort's thesaurus.
    """

    kind: str = "text"
    separator: str | None = None
    class_: str = "ordinary"
    meaning: bool = False


def _table(kind: str, class_: str, *names: str, meaning: bool = False) -> dict[str, Field]:
    return {name: Field(kind, None, class_, meaning) for name in names}


CANONICAL: dict[str, Field] = {
    **_table("text", "identifier", "id", "name"),
    **_table("text", "ordinary", "department", "function", "team"),
    **_table("number", "ordinary", "level"),
    **_table("text", "ordinary", "manager"),
    **_table("list", "ordinary", "dotted_managers"),
    **_table("text", "ordinary", "location", "region", "time_zone"),
    **_table("number", "ordinary", "utc_offset"),
    **_table("list", "ordinary", "languages", "slots"),
    **_table("topics", "ordinary", "topics_offered", meaning=True),
    **_table("topics", "confidential", "topics_wanted", meaning=True),
    **_table("list", "ordinary", "hobbies", "interests", meaning=True),
    **_table("list", "ordinary", "past_functions"),
    **_table("list", "ordinary", "trained_for", meaning=True),
    **_table("topics", "ordinary", "offers_back", meaning=True),
    **_table("topics", "confidential", "wants_back", meaning=True),
    **_table("number", "ordinary", "style_pace", "style_directness", "style_structure", "style_formality"),
    **_table("number", "confidential", "reference_rating", "communication_rating", "skill_rating"),
    **_table("number", "ordinary", "hours", "capacity", "minimum"),
    **_table("bool", "ordinary", "must_match", "active", "opted_in", "trained", "manager_agrees"),
    **_table("number", "sensitive", "age"),
    **_table("text", "sensitive", "gender"),
    **_table("number", "ordinary", "tenure"),
    **_table("list", "confidential", "shown_to_partner"),
}
"""Canonical name to field. ``hours`` are per month: a mentor's budget, a mentee's need per pair;
``tenure`` is in years, ``utc_offset`` in hours on 1 January 2026; styles are scales from 0 to 1;
``shown_to_partner`` names the fields that the person lets their partner read."""

CONSENT = "shown_to_partner"
"""The field in which people say what their partner may read. It pairs nobody, and may change at any time."""

INTEGERS = frozenset({"level", "capacity", "minimum"})
"""Number fields that hold whole numbers."""

NOT_NEGATIVE = frozenset({"capacity", "minimum", "hours", "age", "tenure"})
"""Number fields that start at 0."""

SCALES = frozenset({"style_pace", "style_directness", "style_structure", "style_formality"})
"""Number fields between 0 and 1."""

OFFERED = frozenset({"topics_offered", "offers_back"})
"""Topics fields whose weight is a proficiency in (0, 1]; elsewhere it is a priority above 0."""

IDS = frozenset({"id", "manager", "dotted_managers"})
"""Fields that hold ids, which are compared as they stand."""

SAME_IN_BOTH = ("department", "function", "team", "level", "manager", "location", "region", "time_zone")
"""Fields in which a person who stands in both tables must not contradict themself."""

_PROTECTED = {
    "special": (
        "belief", "disability", "ethnicity", "health", "orientation", "race", "religion",
        "sexual_orientation", "sexuality",
    ),
    "sensitive": ("date_of_birth", "pronouns", "sex"),
    "confidential": ("attrition_risk", "drop_out", "flight_risk"),
}  # fmt: skip
_CLASS_BY_NAME = {name: class_ for class_, names in _PROTECTED.items() for name in names}


def default_class(name: str) -> str:
    """The class of a field when nobody says otherwise: protected traits are recognised by name."""
    canonical = CANONICAL.get(name)
    return canonical.class_ if canonical else _CLASS_BY_NAME.get(fold(name), "ordinary")


def fold(name: str) -> str:
    """A column's name as it is looked for: ``Topics wanted`` and ``TOPICS-WANTED`` are ``topics_wanted``."""
    return re.sub(r"[\s_\-]+", "_", name.strip().casefold()).strip("_")
