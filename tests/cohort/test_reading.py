"""CSV files in every dialect, and broken ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairmatch.cohort import Cohort
from pairmatch.errors import CohortError, FileError
from tests.cohort.tables import SECRET, codes_of, csv, mentees, mentors, refused_files

MENTEES = "id\ne1\n"

DIALECTS: dict[str, bytes] = {
    "plain": "id,team,hobbies\n007,R&D,chess;go\n0042,Müller,\n".encode(),
    "byte order mark": b"\xef\xbb\xbf" + "id,team,hobbies\n007,R&D,chess;go\n0042,Müller,\n".encode(),
    "semicolons": "id;team;hobbies\n007;R&D;chess|go\n0042;Müller;\n".encode(),
    "tabs": "id\tteam\thobbies\n007\tR&D\tchess;go\n0042\tMüller\t\n".encode(),
    "windows lines": "id,team,hobbies\r\n007,R&D,chess;go\r\n0042,Müller,\r\n".encode(),
    "old mac lines": "id,team,hobbies\r007,R&D,chess;go\r0042,Müller,\r".encode(),
    "no last line break": "id,team,hobbies\n007,R&D,chess;go\n0042,Müller,".encode(),
    "quoted": '"id","team","hobbies"\n"007","R&D","chess;go"\n"0042","Müller",""\n'.encode(),
    "spaces": "  id , Team ,HOBBIES\n 007 ,R&D , chess ; go\n0042,  Müller,  \n".encode(),
    "blank lines": "\n\nid,team,hobbies\n\n007,R&D,chess;go\n,,\n0042,Müller,\n\n , , \n".encode(),
    "spreadsheet's own hint": b"sep=;\r\n"
    + "id;team;hobbies\r\n007;R&D;chess|go\r\n0042;Müller;\r\n".encode(),
    "commas in a heading": '"id";"team";"hobbies";"a,b,c,d"\n007;R&D;chess|go;\n0042;Müller;;x\n'.encode(),
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS)
def test_dialects(tmp_path: Path, content: bytes) -> None:
    """Delimiter, line ends, quotes, spaces and a byte order mark make no difference; ids keep their zeros."""
    cohort = Cohort.read(csv(tmp_path, "m.csv", content), str(csv(tmp_path, "e.csv", MENTEES)))
    assert cohort.mentors.ids == ("007", "0042")
    assert cohort.mentors.text("team").tolist() == ["R&D", "Müller"]
    assert [[term.key for term in terms] for terms in cohort.mentors.terms("hobbies")] == [
        ["chess", "go"],
        [],
    ]


def test_cells_that_look_like_something_else(tmp_path: Path) -> None:
    """Namibia's NA, None and null stay texts; line breaks and delimiters inside quotes stay in the cell."""
    text = 'id,region,team\nNA,NA,"a ""b"""\nnull,None,"x,\r\ny"\n1e5,nan,5" disk\n'
    people = Cohort.read(csv(tmp_path, "m.csv", text), csv(tmp_path, "e.csv", MENTEES)).mentors
    assert people.ids == ("NA", "null", "1e5")
    assert people.text("region").tolist() == ["NA", "None", "nan"]
    assert people.text("team").tolist() == ['a "b"', "x,\ny", '5" disk']


def test_one_column(tmp_path: Path) -> None:
    """A table of nothing but ids is read, whatever the missing delimiter."""
    assert Cohort.read(csv(tmp_path, "m.csv", "ID\na\nb"), csv(tmp_path, "e.csv", MENTEES)).shape == (2, 1)


BROKEN: dict[str, tuple[str | bytes, str, int]] = {
    "nothing": ("", "empty_table", 0),
    "header only": ("id,team\n", "empty_table", 0),
    "blank rows only": ("id,team\n,\n\n,\n", "empty_table", 0),
    "row too short": (f"id,team,name\nm1,a,b\nm2,{SECRET}\n", "ragged_row", 2),
    "row too long": (f"id,team\nm1,a,{SECRET}\nm2,b\n", "ragged_row", 1),
    "quote never closed": (f'id,team\nm1,a\nm2,"{SECRET}\nm3,b\n', "bad_quoting", 2),
    "text after a quote": (f'id,team\nm1,"a" {SECRET}\n', "bad_quoting", 1),
    "latin letters of another encoding": (
        f"id,team\nm1,{SECRET}\nm2,M\xfcller".encode("latin-1"),
        "not_utf8",
        2,
    ),
    "two bytes per letter": (f"id,team\nm1,{SECRET}\n".encode("utf-16"), "not_utf8", 0),
    "NUL": (f"id,team\nm1,{SECRET}\x00\n", "nul_character", 1),
    "no id column": (f"nr,name\nm1,{SECRET}\n", "missing_id_column", 0),
    "no header": (f"m1,{SECRET},{SECRET}\nm2,b,c\n", "missing_id_column", 0),
    "id twice": (f"id,team\nm1,a\n,\nm1,{SECRET}\n", "duplicate_id", 3),
    "blank id": (f"id,team\nm1,a\n ,{SECRET}\n", "missing_id", 2),
    "bad number": (f"id,hours\nm1,2\nm2,{SECRET}\n", "bad_number", 2),
}


@pytest.mark.parametrize(("content", "code", "row"), BROKEN.values(), ids=BROKEN)
def test_broken_files(tmp_path: Path, content: str | bytes, code: str, row: int) -> None:
    """A broken file is refused with its one problem and its row, counted from 1 below the header."""
    error = refused_files(csv(tmp_path, "m.csv", content), csv(tmp_path, "e.csv", MENTEES))
    assert isinstance(error, CohortError)
    assert [(found.code, found.side, found.row) for found in error.findings] == [(code, "mentors", row)]


def test_missing_files(tmp_path: Path) -> None:
    """All missing files stand in one FileError, together with what is wrong in the others."""
    error = refused_files(
        tmp_path / "m.csv", tmp_path, org=csv(tmp_path, "o.csv", "id,boss\n"), history=tmp_path / "h.csv"
    )
    assert isinstance(error, FileError)
    assert codes_of(error) == ["missing_column", "missing_file", "missing_file", "unreadable_file"]
    assert "'m.csv'" in str(error)
    assert str(tmp_path) not in str(error)


def test_no_path() -> None:
    """Something that is no path is refused as such."""
    assert codes_of(refused_files(17, mentees())) == ["not_a_path", "not_a_path"]


def test_chart_and_history_as_files_or_frames(tmp_path: Path) -> None:
    """Organisation chart and history are read from paths and frames alike."""
    m, e = csv(tmp_path, "m.csv", "id\nm1\nm2\n"), csv(tmp_path, "e.csv", MENTEES)
    org = csv(tmp_path, "o.csv", "ID;Manager;Type\ne1;m1;Direct\nm1;;\nm2;m1;DOTTED\n")
    history = csv(tmp_path, "h.csv", "mentor_id,mentee_id,reason\nm1,e1,\n")
    files = Cohort.read(m, e, org=org, history=str(history))
    frames = Cohort.read(m, e, org=pd.read_csv(org, sep=";"), history=pd.read_csv(history))
    assert files.history == (("m1", "e1"),)
    assert files.organisation is not None
    assert files.organisation.dotted("m2") == ("m1",)
    assert files.fingerprint == frames.fingerprint


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), st.sampled_from(",;\t"), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_pandas_writes_is_read(
    tmp_path: Path, cells: list[tuple[str, str]], delimiter: str, mark: bool
) -> None:
    """Any texts that pandas writes as CSV come back as from the frame, spaces at the ends aside."""
    ids = [f"{k:03d}" for k in range(len(cells))]
    frame = pd.DataFrame({"id": ids, "team": [a for a, _ in cells], "location": [b for _, b in cells]})
    path = tmp_path / "m.csv"
    frame.to_csv(path, sep=delimiter, index=False, encoding="utf-8-sig" if mark else "utf-8")
    read = Cohort.read(path, csv(tmp_path, "e.csv", MENTEES)).mentors
    assert read.ids == tuple(ids)
    for name in ("team", "location"):
        expected = [cell.replace("\r\n", "\n").replace("\r", " ").strip() or None for cell in frame[name]]
        assert read.text(name).tolist() == expected


def test_frames_need_no_strings() -> None:
    """Integer ids, also those that a gap turned into floats, become the texts a file would hold."""
    history = pd.DataFrame({"mentor": [17.0, 18.0], "mentee": [1, 2]})
    cohort = Cohort(mentors(id=[17.0, 18.0]), mentees(id=[1, 2]), history=history)
    assert cohort.mentors.ids == ("17", "18")
    assert cohort.history == (("17", "1"), ("18", "2"))
