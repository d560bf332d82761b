"""One person taken out of a store of events: the events stay, with nobody's name on them."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pairmatch.errors import FileError, Finding, shown
from pairmatch.keeping.naming import Names
from pairmatch.programme import EventStore
from pairmatch.programme.events import own_id
from pairmatch.programme.store import TABLES

__all__ = ["purge_store"]


def purge_store(path: Path, names: Names) -> str:
    """Put a name that tells nothing in the person's place; the name, or empty where nobody was there.

    The end reasons of the person's pairs are deleted.

    Raises
    ------
    FileError
        The file is no store of events, is damaged or cannot be written.
    """
    events = EventStore(path).events
    own = [event for event in events if names.is_id(event.mentor) or names.is_id(event.mentee)]
    if not own:
        return ""
    fresh = _free_name({who for event in events for who in (event.mentor, event.mentee)})
    taken = {event.id for event in events}
    with _written(path) as file:
        for event in own:
            mentor, mentee = (fresh if names.is_id(who) else who for who in (event.mentor, event.mentee))
            made = event.id == own_id(event.date, event.kind, event.mentor, event.mentee)
            after = (
                _event_id(event.date, event.kind, mentor, mentee, taken)
                if made or names.are_in(event.id)
                else event.id
            )
            taken.add(after)
            file.execute("DELETE FROM reasons WHERE id = ?", (event.id,))
            values = (after, mentor, mentee, event.id)
            file.execute("UPDATE events SET id = ?, mentor = ?, mentee = ? WHERE id = ?", values)
    return fresh


def _free_name(taken: set[str]) -> str:
    number = 1
    while f"removed-{number}" in taken:
        number += 1
    return f"removed-{number}"


def _event_id(date: datetime.date, kind: str, mentor: str, mentee: str, taken: set[str]) -> str:
    first = name = own_id(date, kind, mentor, mentee)
    number = 2
    while name in taken:
        name, number = f"{first}-{number}", number + 1
    return name


@contextlib.contextmanager
def _written(path: Path) -> Iterator[sqlite3.Connection]:
    """The file without the triggers that keep its rows as they are; afterwards with them, and rewritten."""
    triggers = [statement for statement in TABLES if statement.startswith("CREATE TRIGGER")]
    try:
        file = sqlite3.connect(path, timeout=60.0, isolation_level=None)
        with contextlib.closing(file):
            # What is deleted is overwritten, and the file is made anew, so that no page holds it any more.
            file.execute("PRAGMA secure_delete = ON")
            file.execute("PRAGMA synchronous = EXTRA")
            file.execute("BEGIN EXCLUSIVE")
            for statement in triggers:
                file.execute(f"DROP TRIGGER {statement.split()[2]}")
            yield file
            for statement in triggers:
                file.execute(statement)
            file.execute("COMMIT")
            file.execute("VACUUM")
    except sqlite3.Error:
        hint = f"'{shown(path.name)}' cannot be written; check the rights, and that nobody holds it"
        raise FileError([Finding("unwritable", hint, "events")]) from None
