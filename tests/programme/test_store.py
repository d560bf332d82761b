"""The store: events are added once, kept in order, and a file that is none is refused."""

from __future__ import annotations

import os
import pickle
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.errors import CallError, FileError
from pairmatch.programme import Event, EventStore, Programme
from pairmatch.programme import store as module
from tests.programme.test_programme import event, histories


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    """A store of which there is no file yet."""
    return EventStore(tmp_path / "programme.sqlite")


TWO = [event("01-01", "started", "m1", "e1"), event("02-01", "ended", "m1", "e1", "other")]


def code_of(error: CallError | FileError) -> str:
    """The one code."""
    (finding,) = error.findings
    return finding.code


def refused(store: EventStore) -> set[str]:
    """The code that every call meets."""
    codes = set()
    for call in (
        lambda: store.append(TWO),
        lambda: store.events,
        store.read,
        lambda: len(store),
        store.check,
    ):
        with pytest.raises(FileError) as caught:
            call()
        assert str(store.path.parent) not in str(caught.value)
        codes.add(code_of(caught.value))
    return codes


def test_before_the_first_event(store: EventStore) -> None:
    """No file is made by reading; an empty one is a store too."""
    assert (store.events, len(store), store.read().shape) == ((), 0, (0, 5))
    store.check()
    assert not store.path.exists()
    store.path.touch()
    assert (store.events, len(store)) == ((), 0)
    assert store.append([]) == 0
    assert len(store) == 0


def test_adding_and_reading(store: EventStore) -> None:
    """In the order in which they were added; twice is once."""
    assert store.append(TWO[1:]) == 1
    assert store.append(TWO) == 1
    assert store.append(pd.DataFrame(store.read(audience="lead"))) == 0
    assert store.events == (TWO[1], TWO[0])
    assert len(store) == 2
    assert list(store.read().columns) == ["id", "date", "kind", "mentor", "mentee"]
    store.check()
    assert EventStore(str(store.path)) == store
    assert pickle.loads(pickle.dumps(store)).events == store.events


def test_a_contradiction_adds_nothing(store: EventStore) -> None:
    """Neither the event that says something else nor the others of the call."""
    store.append(TWO)
    others = [event("03-01", "joined", "m2"), event("02-01", "ended", "m1", "e1", "no_time")]
    with pytest.raises(CallError) as caught:
        store.append(others)
    (finding,) = caught.value.findings
    assert (finding.code, finding.row, finding.id) == ("contradicting_event", 2, TWO[1].id)
    assert "no_time" not in str(caught.value)
    assert "other" not in str(caught.value)
    assert store.events == tuple(TWO)


def test_what_is_wrong_with_a_table_adds_nothing(store: EventStore) -> None:
    """All of it is told."""
    frame = pd.DataFrame({"date": ["2026-01-01", ""], "kind": ["met", "met"], "mentor": "m", "mentee": "e"})
    with pytest.raises(CallError, match="missing_date"):
        store.append(frame)
    assert len(store) == 0


def test_events_are_not_changed(store: EventStore) -> None:
    """Nor removed, by whoever opens the file."""
    store.append(TWO)
    with sqlite3.connect(store.path) as file:
        for table in ("events", "reasons"):
            for change in (f"DELETE FROM {table}", f"UPDATE {table} SET id = 'x'"):
                with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                    file.execute(change)
    file.close()
    assert store.events == tuple(TWO)


def test_events_are_not_replaced(store: EventStore) -> None:
    """Nor by a row that would push one out, as SQLite's "OR REPLACE" has it."""
    store.append(TWO)
    with sqlite3.connect(store.path) as file:
        other = (TWO[0].id, "2026-01-01", "met", "x", "y")
        for places in ("id, date, kind, mentor, mentee", "id, date, kind, mentor, mentee, place"):
            row = [*other, 1] if "place" in places else list(other)
            marks = ", ".join("?" * len(row))
            file.execute(f"INSERT OR REPLACE INTO events ({places}) VALUES ({marks})", row)
        file.execute("INSERT OR REPLACE INTO events VALUES (1, 'new', '2026-01-01', 'met', 'x', 'y')")
        file.execute("INSERT OR REPLACE INTO reasons VALUES (?, 'no_time')", (TWO[1].id,))
    file.close()
    assert store.events == tuple(TWO)


@pytest.mark.parametrize(("day", "kind"), [("SECRET", "met"), ("2026-01-01", "SECRET")])
def test_rows_of_others_that_are_no_events(store: EventStore, day: str, kind: str) -> None:
    """They are refused, and nothing of what stands there is shown."""
    store.append(TWO)
    with sqlite3.connect(store.path) as file:
        row = ("x", day, kind, "m", "e")
        file.execute("INSERT INTO events (id, date, kind, mentor, mentee) VALUES (?, ?, ?, ?, ?)", row)
    file.close()
    with pytest.raises(FileError, match="damaged_file") as caught:
        store.read()
    assert "SECRET" not in str(caught.value)


def test_one_file_for_its_owner(store: EventStore) -> None:
    """No journal stays beside it, and nobody else may read the reasons."""
    store.append(TWO)
    assert [path.name for path in store.path.parent.iterdir()] == ["programme.sqlite"]
    if sys.platform != "win32":
        assert store.path.stat().st_mode & 0o077 == 0


def test_how_it_is_kept(store: EventStore) -> None:
    """A rollback journal, synced with its folder; reasons in a table of their own."""
    store.append(TWO)
    with store._open() as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert file.execute("PRAGMA synchronous").fetchone() == (3,)
        assert file.execute("SELECT * FROM reasons").fetchall() == [(TWO[1].id, "other")]
        columns = [row[1] for row in file.execute("PRAGMA table_info(events)")]
    assert columns == ["place", "id", "date", "kind", "mentor", "mentee"]


def test_a_file_in_another_journal_mode(store: EventStore) -> None:
    """It is put back into ours."""
    store.append(TWO[:1])
    with sqlite3.connect(store.path) as file:
        assert file.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    file.close()
    store.append(TWO[1:])
    assert store.events == tuple(TWO)
    test_one_file_for_its_owner(store)


@pytest.mark.parametrize("content", [b"id,date\n" * 200, b"x"])
def test_another_kind_of_file(store: EventStore, content: bytes) -> None:
    """A file that is no SQLite file stays as it is."""
    store.path.write_bytes(content)
    assert refused(store) == {"not_a_store"}
    assert store.path.read_bytes() == content


def test_another_database(store: EventStore) -> None:
    """Somebody else's tables are left alone; so is a store of a later version."""
    with sqlite3.connect(store.path) as file:
        file.execute("CREATE TABLE people (name TEXT)")
    file.close()
    assert refused(store) == {"not_a_store"}
    with sqlite3.connect(store.path) as file:
        file.execute(f"PRAGMA application_id = {module.APPLICATION}")
        file.execute("PRAGMA user_version = 2")
    file.close()
    assert refused(store) == {"unknown_schema"}


def test_a_damaged_file(store: EventStore) -> None:
    """It is told, not read as if nothing was."""
    store.append([event("01-01", "joined", f"m{k}") for k in range(400)])
    content = bytearray(store.path.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    store.path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        store.check()
    assert code_of(caught.value) == "damaged_file"
    with pytest.raises(FileError, match="damaged"):
        store.events


def test_a_damage_that_reading_does_not_meet(store: EventStore) -> None:
    """One letter of an id in the index: the check finds it."""
    store.append([event("01-01", "joined", f"m{k}") for k in range(40)])
    last = store.events[-1].id.encode()
    content = store.path.read_bytes()
    assert content.count(last) == 2
    store.path.write_bytes(content.replace(last, b"z" + last[1:], 1))
    with pytest.raises(FileError, match="damaged_file"):
        store.check()


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is no place; a folder is no file."""
    with pytest.raises(FileError) as caught:
        EventStore(tmp_path / "none" / "s.sqlite").append(TWO)
    assert code_of(caught.value) == "unreadable_file"
    assert refused(EventStore(tmp_path)) == {"unreadable_file"}
    with pytest.raises(FileError, match="bad_path"):
        EventStore(7)  # type: ignore[arg-type]
    with pytest.raises(FileError, match="unreadable_file"):
        EventStore("a\0b").append(TWO)
    assert refused(EventStore(tmp_path / ("x" * 5000))) == {"unreadable_file"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="rights do not bind this user")
def test_no_rights(store: EventStore) -> None:
    """A file that may be read only is read."""
    store.append(TWO)
    store.path.chmod(0o400)
    assert store.events == tuple(TWO)
    with pytest.raises(FileError, match="unwritable"):
        store.append([event("03-01", "joined", "m2")])


def test_a_full_disk(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written is not there, and may be added again."""
    store.append(TWO[:1])
    connected = EventStore._connected

    def full(self: EventStore, make: bool) -> sqlite3.Connection:
        file = connected(self, make)
        (pages,) = file.execute("PRAGMA page_count").fetchone()
        file.execute(f"PRAGMA max_page_count = {pages}")
        return file

    many = [event("01-01", "joined", f"m{k}") for k in range(2000)]
    with monkeypatch.context() as patch:
        patch.setattr(EventStore, "_connected", full)
        with pytest.raises(FileError, match="unwritable"):
            store.append(many)
    assert len(store) == 1
    assert store.append(many) == 2000


def test_a_writer_that_holds_the_file(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for, and not for ever."""
    store.append(TWO[:1])
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert refused(store) == {"busy_file"}
    holder.execute("ROLLBACK")
    holder.close()
    assert store.append(TWO) == 1


@settings(max_examples=15)
@given(histories(), st.data())
def test_any_history_in_any_pieces(tmp_path_factory: Any, events: list[Event], data: st.DataObject) -> None:
    """A store that is fed piece by piece, some of them twice, gives the programme of the whole."""
    store = EventStore(tmp_path_factory.mktemp("store") / "s.sqlite")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=3)))
    first = 0
    for cut in (*cuts, len(events)):
        store.append(events[first:cut])
        store.append(events[max(0, first - 2) : cut])
        first = cut
    assert store.events == tuple(events)
    told, whole = (Programme.from_events(of, on="2026-02-01") for of in (store, events))
    assert (told.lives, told.people) == (whole.lives, whole.people)
