"""What a person lets their partner read, field by field; without a word of theirs nothing (law §12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairmatch.cohort.fields import CANONICAL, CONSENT

if TYPE_CHECKING:
    from pairmatch.cohort import Person

__all__ = ["NOT_FOR_PARTNERS", "consents", "may_read", "readable"]

OPEN_CLASSES = frozenset({"identifier", "ordinary"})
"""Fields of other classes reach no partner, whatever anybody allows."""

NOT_FOR_PARTNERS = frozenset(
    {
        CONSENT,
        *("id", "utc_offset"),
        # They speak of other people, or of what others decided about this one.
        *("manager", "dotted_managers", "active", "opted_in", "must_match", "manager_agrees", "trained"),
        *("capacity", "minimum", "hours"),
        # What somebody does not know yet; a topic that is covered is told as a reason.
        *("topics_wanted", "wants_back"),
    }
)
"""Fields that are shown to no partner even where they are ordinary and the person names them."""


def consents(person: Person) -> frozenset[str]:
    """The fields that a person lets their partner read, by canonical or declared name.

    Parameters
    ----------
    person
        Whose field ``shown_to_partner`` is read. Its entries are names of fields, the library's or the
        organisation's own; an entry that names no field of the table allows nothing.
    """
    people = person.cohort.side(person.side)
    entries = person.get(CONSENT) or ()
    return frozenset(name for name in (people.resolve(entry.label) for entry in entries) if name)


def may_read(person: Person, name: str) -> bool:
    """Whether this person's partner may read a field: it is open by its class, and the person allows it."""
    found = person.cohort.side(person.side).resolve(name)
    if found is None or found in NOT_FOR_PARTNERS:
        return False
    return person.cohort.field_class(found) in OPEN_CLASSES and found in consents(person)


def readable(person: Person) -> tuple[str, ...]:
    """All fields that this person's partner may read, canonical ones first."""
    return tuple(sorted((name for name in consents(person) if may_read(person, name)), key=_place))


def _place(name: str) -> tuple[int, str]:
    """Canonical fields in their usual order, then the others by name."""
    order = list(CANONICAL)
    return (order.index(name) if name in CANONICAL else len(order), name)
