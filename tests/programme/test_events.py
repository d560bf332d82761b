"""Events: what goes together, what a table must have, and that end reasons are in no text."""

from __future__ import annotations

import datetime
import pickle
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pairmatch.errors import CallError, FileError, InputError
from pairmatch.matching import END_REASONS
from pairmatch.programme import KINDS, Event, EventStore, Programme
from pairmatch.programme.events import OF_ONE
from pairmatch.programme.reading import read_events

COLUMNS = ["date", "kind", "mentor", "mentee", "reason"]


def table(*rows: list[Any], columns: list[str] = COLUMNS) -> pd.DataFrame:
    """A table of events."""
    return pd.DataFrame(list(rows), columns=columns)


def refused(source: Any, error: type[InputError] = CallError) -> InputError:
    """What is said of events that cannot be used."""
    with pytest.raises(error) as caught:
        read_events(source)
    return caught.value


def codes(error: InputError) -> list[tuple[str, int, str]]:
    """Code, row and column of every finding."""
    return [(one.code, one.row, one.column) for one in error.findings]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind(kind: str) -> None:
    """Each kind is about one person or about a pair; days may be text."""
    event = Event("2026-03-02", kind, "m1", "" if kind in OF_ONE else "e1")
    assert event.date == datetime.date(2026, 3, 2)
    assert event.people == (("mentors", "m1"),) if kind in OF_ONE else (("mentors", "m1"), ("mentees", "e1"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("2026-02-30", "met", "m1", "e1"), ["bad_date"]),
        ((pd.NaT, "met", "m1", "e1"), ["bad_date"]),
        (("2026-02-03", "mett", "m1", "e1"), ["unknown_kind"]),
        (("2026-02-03", "met", "m1"), ["no_pair"]),
        (("2026-02-03", "met", "", "e1"), ["no_pair"]),
        (("2026-02-03", "met", "p1", "p1"), ["same_person"]),
        (("2026-02-03", "joined", "m1", "e1"), ["one_person"]),
        (("2026-02-03", "left"), ["one_person"]),
        (("2026-02-03", "met", "m1", "e1", "no_time"), ["unexpected_reason"]),
        (("2026-02-03", "ended", "m1", "e1", "they quarrelled"), ["unknown_reason"]),
        (("2026-02-03", "ended", "m1", "e1", ["no_time"]), ["unknown_reason"]),
        ((None, None, 7, "e\n1"), ["bad_date", "bad_id", "bad_id", "unknown_kind"]),
    ],
)
def test_what_does_not_go_together(arguments: tuple[Any, ...], expected: list[str]) -> None:
    """All of it is told at once, and nothing of what stands there."""
    with pytest.raises(CallError) as caught:
        Event(*arguments)
    assert [finding.code for finding in caught.value.findings] == expected
    assert "quarrelled" not in str(caught.value)


def test_an_id_of_its_own() -> None:
    """Made from day, kind and people; the reason is no part of it, so that it cannot be worked out."""
    one = Event("2026-02-03", "ended", "m1", "e1", reason="no_time")
    other = Event("2026-02-03", "ended", "m1", "e1", reason="other")
    assert one.id == other.id
    assert one != other
    assert one.id != Event("2026-02-03", "ended", "m1", "e2").id
    assert Event("2026-02-03", "met", "m1", "e1", id="x").id == "x"


def test_a_frame() -> None:
    """Cells are read as elsewhere: ids keep their zeros, blanks are none, names in any case."""
    frame = table(
        ["2026-02-03", "ended", "007", "e1", "no_time"], [datetime.date(2026, 2, 4), "left", None, "e1", None]
    )
    frame.columns = ["Date", "KIND", "mentor", "Mentee", "reason"]
    read = read_events(frame.assign(note="x"))
    assert read.events == (
        Event("2026-02-03", "ended", "007", "e1", "no_time"),
        Event("2026-02-04", "left", "", "e1"),
    )
    assert read.rows == (1, 2)
    assert [(note.code, note.column) for note in read.notes] == [("unused_column", "note")]


def test_a_file(tmp_path: Path) -> None:
    """A CSV file as a spreadsheet writes it; one that is not there is a FileError."""
    path = tmp_path / "events.csv"
    path.write_text("\ufeffid;date;kind;mentor;mentee\n1;2026-02-03;started;m1;e1\n\n2;2026-02-04;left;m1;\n")
    assert [event.id for event in read_events(path).events] == ["1", "2"]
    assert codes(refused(tmp_path / "none.csv", FileError)) == [("missing_file", 0, "")]


def test_everything_wrong_with_a_table_at_once() -> None:
    """Bad cells, blank ones, and cells that do not go together, each with row and column."""
    frame = table(
        ["2026-13-03", "met", "m1", "e1", None],
        [None, "mett", "m1", "e1", None],
        ["2026-02-03", "joined", "m1", "e1", "no_time"],
        ["2026-02-03", "ended", "m1", "x" * 300, "SECRET"],
        ["2026-02-03", "ended", "m1", None, 4711],
        ["2026-02-03", None, "m1", None, None],
    )
    error = refused(frame)
    assert sorted(codes(error), key=lambda code: code[1]) == [
        ("bad_date", 1, "date"),
        ("missing_date", 2, "date"),
        ("unknown_kind", 2, "kind"),
        ("one_person", 3, "mentor"),
        ("unexpected_reason", 3, "reason"),
        ("bad_id", 4, "mentee"),
        ("unknown_reason", 4, "reason"),
        ("bad_text", 5, "reason"),
        ("no_pair", 5, "mentee"),
        ("unknown_kind", 6, "kind"),
    ]
    assert "Did you mean 'met'?" in str(error)
    for text in (str(error), repr(error), str(pickle.loads(pickle.dumps(error))), error.table.to_string()):
        assert "SECRET" not in text
        assert "4711" not in text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (7, [("not_events", 0, "")]),
        ({"date": 1}, [("not_events", 0, "")]),
        (["2026-02-03"], [("not_events", 0, "")]),
        (
            pd.DataFrame({"date": ["2026-02-03"]}),
            [("missing_column", 0, k) for k in ("kind", "mentor", "mentee")],
        ),
        (
            table([1, 2, 3, 4], columns=["date", "date", "mentor", "mentee"]),
            [("duplicate_column", 0, "date"), ("missing_column", 0, "kind")],
        ),
    ],
)
def test_no_events_at_all(source: Any, expected: list[tuple[str, int, str]]) -> None:
    """What is no table of events says what one is."""
    assert codes(refused(source)) == expected


def test_a_table_of_events() -> None:
    """Events as rows of somebody's own table are the same events."""
    events = (
        Event("2026-02-03", "ended", "m1", "e1", "no_time"),
        Event("2026-02-04", "left", "", "e1", id="7"),
    )
    assert read_events(pd.DataFrame([asdict(one) for one in events])).events == events


def test_no_rows() -> None:
    """A programme before its first event."""
    assert read_events(table()).events == ()
    assert read_events([]).events == ()


def test_told_twice() -> None:
    """An event that stands there twice counts once; one that says something else is refused."""
    event = Event("2026-02-03", "ended", "m1", "e1", "no_time")
    assert read_events([event, event]).events == (event,)
    assert read_events(event).events == (event,)
    changed = Event("2026-02-03", "ended", "m1", "e1", "other", event.id)
    error = refused([event, changed])
    assert codes(error) == [("contradicting_event", 2, "id")]
    assert "no_time" not in str(error)


def test_reasons_are_in_no_text(tmp_path: Path) -> None:
    """Not in what an event, a pair or a programme shows of itself, and in no table but the lead's."""
    events = [
        Event("2026-02-02", "started", "m1", "e1"),
        Event("2026-02-03", "ended", "m1", "e1", "no_chemistry"),
    ]
    store = EventStore(tmp_path / "store.sqlite")
    store.append(events)
    programme = Programme.from_events(store, on="2026-03-01")
    tables = [getattr(programme, name).to_string() for name in TABLES]
    shown = [repr(events), repr(programme.lives), repr(programme.people), repr(programme), repr(store)]
    for text in (*tables, *shown, store.read().to_string(), *(path.name for path in tmp_path.iterdir())):
        for reason, meaning in END_REASONS.items():
            assert reason not in text
            assert meaning not in text
    assert programme.end_reasons(audience="lead")["reason"].tolist() == ["no_chemistry"]
    assert store.read(audience="lead")["reason"].tolist() == ["", "no_chemistry"]


TABLES = ("pairs", "history", "failed", "left", "movable", "waiting", "due", "check_ins", "notes")


@pytest.mark.parametrize("audience", ["mentor", "mentee", "auditor", "", None, 1])
def test_nobody_else_reads_reasons(tmp_path: Path, audience: Any) -> None:
    """Whoever asks without being the lead is refused."""
    programme = Programme.from_events([], on="2026-03-01")
    with pytest.raises(CallError, match="confidential"):
        programme.end_reasons(audience=audience)
    if audience is not None:
        with pytest.raises(CallError, match="confidential"):
            EventStore(tmp_path / "s.sqlite").read(audience=audience)
