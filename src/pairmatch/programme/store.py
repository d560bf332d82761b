"""EventStore: events in one SQLite file that survives whatever happens to its writers."""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from pairmatch.errors import CallError, FileError, Finding, shown
from pairmatch.programme.audience import check_audience
from pairmatch.programme.events import COLUMNS, Event
from pairmatch.programme.reading import read_events

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EventStore"]

APPLICATION = 0x70616972
"""Marks a file as a store of events: "pair" in ASCII."""

SCHEMA = 1

SMALLEST = 512
"""Bytes of the smallest file that SQLite writes."""

PATIENCE = 60.0
"""Seconds for which a writer waits for the others before it gives up."""

TABLES = (
    """CREATE TABLE events (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        date TEXT NOT NULL,
        kind TEXT NOT NULL,
        mentor TEXT NOT NULL,
        mentee TEXT NOT NULL
    )""",
    """CREATE TABLE reasons (
        id TEXT NOT NULL PRIMARY KEY REFERENCES events (id),
        reason TEXT NOT NULL
    )""",
    *(
        f"""CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
        BEGIN SELECT RAISE(ABORT, 'events are added, never changed'); END"""
        for table in ("events", "reasons")
        for change in ("update", "delete")
    ),
    # "INSERT OR REPLACE" takes a row out without a word to the triggers above.
    *(
        f"""CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
        BEGIN SELECT RAISE(IGNORE); END"""
        for table, same in (("events", "id = NEW.id OR place = NEW.place"), ("reasons", "id = NEW.id"))
    ),
)

INSERT = (
    "INSERT INTO events (id, date, kind, mentor, mentee) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
)

STORED = (
    "SELECT events.id, date, kind, mentor, mentee, COALESCE(reason, '') "
    "FROM events LEFT JOIN reasons ON reasons.id = events.id"
)

NOT_OURS = (
    "not_a_store",
    "is no store of events; give the path of one, or of a file that does not exist yet",
)
DAMAGED = ("damaged_file", "is damaged; take it from a backup")
UNREADABLE = ("unreadable_file", "cannot be opened; check the path, the folder and its rights")
UNWRITABLE = ("unwritable", "cannot be written; check the space and the rights, and add the events again")
BUSY = ("busy_file", f"was held by another writer for {PATIENCE:g} seconds; add the events again")

TROUBLES = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: NOT_OURS,
    sqlite3.SQLITE_CANTOPEN: UNREADABLE,
}
"""What SQLite says is wrong, in our words."""


@dataclass(frozen=True)
class EventStore:
    """Events of a programme in one file, for those who have no store of their own.

    The file is made when the first events are added. What :meth:`append` has returned from is on disk: a
    process may be killed, or the power may fail, at any moment. Any number of processes may read and add at
    the same time; nothing stays open between calls. End reasons stand in a table of their own and are read
    by :meth:`read` with ``audience="lead"`` alone.

    Parameters
    ----------
    path
        The file, in a folder that exists.

    References
    ----------
    Rollback journal with directory sync: https://www.sqlite.org/pragma.html#pragma_synchronous
    Why no write-ahead log: https://www.sqlite.org/wal.html#walresetbug

    Examples
    --------
    >>> import pairmatch as pm
    >>> store = pm.EventStore("programme.sqlite")
    >>> store.append([pm.Event("2026-03-02", "started", "m1", "e1")])
    1
    >>> store.append([pm.Event("2026-03-02", "started", "m1", "e1")])
    0
    >>> len(store)
    1
    """

    path: Path

    def __init__(self, path: str | PathLike[str]) -> None:
        if not isinstance(path, str | PathLike):
            raise FileError([Finding("bad_path", "give the path of the store's file, as text", "events")])
        object.__setattr__(self, "path", Path(path))

    def append(self, events: pd.DataFrame | str | PathLike[str] | Iterable[Event]) -> int:
        """Add events, all of them or none; on return they are on disk.

        Parameters
        ----------
        events
            Events, a frame or the path of a CSV file. Those that are in the store already count once, so
            that a call may be repeated when nobody knows whether it had been done.

        Returns
        -------
        int
            How many were not in the store yet.

        Raises
        ------
        CallError
            The events cannot be used, or contradict those of the store; all problems at once.
        FileError
            The file cannot be written, is damaged or is no store of events.
        """
        read = read_events(events)
        with self._open(make=True) as file:
            file.execute("BEGIN IMMEDIATE")
            self._prepare(file)
            added = _insert(file, zip(read.events, read.rows, strict=True))
            file.execute("COMMIT")
        return added

    @property
    def events(self) -> tuple[Event, ...]:
        """All events, in the order in which they were added; empty where there is no file yet."""
        return tuple(self._rows())

    def read(self, *, audience: str | None = None) -> pd.DataFrame:
        """All events as a table, in the order in which they were added: id, date, kind, mentor, mentee.

        Parameters
        ----------
        audience
            ``"lead"`` for the column ``reason`` too, which is confidential; None for the table without it.
        """
        import pandas as pd

        check_audience(audience)
        names = COLUMNS if audience == "lead" else COLUMNS[:-1]
        rows = [
            [event.date.isoformat() if name == "date" else getattr(event, name) for name in names]
            for event in self._rows()
        ]
        return pd.DataFrame(rows, columns=list(names))

    def check(self) -> None:
        """Read the whole file and refuse one that is damaged.

        Raises
        ------
        FileError
            If it is damaged.
        """
        if not self._exists():
            return
        with self._open() as file:
            if self._is_ours(file) and file.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise self._refused(*DAMAGED)

    def __len__(self) -> int:
        if not self._exists():
            return 0
        with self._open() as file:
            if not self._is_ours(file):
                return 0
            (count,) = file.execute("SELECT COUNT(*) FROM events").fetchone()
        return int(count)

    def _rows(self) -> Iterator[Event]:
        if not self._exists():
            return
        with self._open() as file:
            rows = file.execute(f"{STORED} ORDER BY place").fetchall() if self._is_ours(file) else []
        try:
            events = [
                Event(datetime.date.fromisoformat(day), kind, mentor, mentee, reason, own)
                for own, day, kind, mentor, mentee, reason in rows
            ]
        except (ValueError, CallError):
            # Whoever wrote such a row did not do it with append.
            raise self._refused(*DAMAGED) from None
        yield from events

    @contextlib.contextmanager
    def _open(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        """The file, for as long as one call takes; so nothing is shared by threads or forks."""
        file = self._connected(make)
        try:
            # A rollback journal, not a write-ahead log: a race there, mended in 2026 only, can lose commits
            # of two writers. EXTRA syncs the folder too, from which the journal is taken out to commit.
            file.execute("PRAGMA journal_mode = DELETE")
            file.execute("PRAGMA synchronous = EXTRA")
            file.execute("PRAGMA foreign_keys = ON")
            yield file
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            raise self._refused(*TROUBLES.get(code, UNWRITABLE)) from None
        finally:
            with contextlib.suppress(sqlite3.Error):
                if file.in_transaction:
                    file.execute("ROLLBACK")
            file.close()

    def _connected(self, make: bool) -> sqlite3.Connection:
        try:
            if make:
                # Only its owner may read what is confidential; the journal beside it gets the same rights.
                with contextlib.suppress(FileExistsError):
                    os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            uri = f"{self.path.absolute().as_uri()}?mode=rw"
            return sqlite3.connect(uri, timeout=PATIENCE, isolation_level=None, uri=True)
        except (OSError, ValueError, sqlite3.Error):
            raise self._refused(*UNREADABLE) from None

    def _exists(self) -> bool:
        try:
            return self.path.exists()
        except (OSError, ValueError):
            raise self._refused(*UNREADABLE) from None

    def _refused(self, code: str, hint: str) -> FileError:
        return FileError([Finding(code, f"'{shown(self.path.name)}' {hint}", "events")])

    def _is_ours(self, file: sqlite3.Connection) -> bool:
        """Whether the file holds events; one without anything in it does not yet."""
        (application,) = file.execute("PRAGMA application_id").fetchone()
        (schema,) = file.execute("PRAGMA user_version").fetchone()
        (tables,) = file.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if not application and not schema and not tables:
            # SQLite takes a file that is shorter than any of its own for an empty one. The file is not
            # opened to look: closing it would undo the locks that other threads hold.
            if 0 < self.path.stat().st_size < SMALLEST:
                raise self._refused(*NOT_OURS)
            return False
        if application != APPLICATION:
            raise self._refused(*NOT_OURS)
        if schema != SCHEMA:
            hint = f"has the schema number {schema}; this version of pairmatch knows {SCHEMA}"
            raise self._refused("unknown_schema", hint)
        return True

    def _prepare(self, file: sqlite3.Connection) -> None:
        """Make the tables of a new file, within the writer's own transaction."""
        if self._is_ours(file):
            return
        for statement in TABLES:
            file.execute(statement)
        file.execute(f"PRAGMA application_id = {APPLICATION}")
        file.execute(f"PRAGMA user_version = {SCHEMA}")


def _insert(file: sqlite3.Connection, events: Iterable[tuple[Event, int]]) -> int:
    """Add what is not there yet; how many events that were."""
    added, found = 0, []
    hint = "the store has an event of this id that says something else; events are added, never changed"
    for event, row in events:
        cells = (event.id, event.date.isoformat(), event.kind, event.mentor, event.mentee)
        if file.execute(INSERT, cells).rowcount == 1:
            added += 1
            if event.reason:
                file.execute("INSERT INTO reasons VALUES (?, ?)", (event.id, event.reason))
        elif file.execute(f"{STORED} WHERE events.id = ?", cells[:1]).fetchone() != (*cells, event.reason):
            found.append(Finding("contradicting_event", hint, "events", event.id, row, "id"))
    if found:
        raise CallError(found)
    return added
