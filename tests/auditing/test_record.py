"""An audit record holds what was decided, and shows whatever is changed in it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.auditing import AuditRecord
from pairmatch.auditing.chain import appended
from pairmatch.matching import Matching
from pairmatch.reviewing import Override
from tests.source import SRC


@pytest.fixture(scope="module")
def matching() -> Matching:
    """Ten pairs; one department is the same, and excepted."""
    mentors = pd.DataFrame(
        {"id": [f"m{k}" for k in range(10)], "level": 1, "ethnicity": ["Maori", "Sami"] * 5}
    )
    mentees = pd.DataFrame({"id": [f"e{k}" for k in range(12)], "level": 3, "ethnicity": "Sami"})
    policy = pm.Policy(
        rules=[rules.LevelsBelow(at_least=1), rules.Forbidden([("m1", "e1")])],
        goals=[
            goals.Same("ethnicity", weight=1, purpose="on request"),
            goals.Closeness("level", scale=5, weight=1),
        ],
        exceptions=[("forbidden", "m1", "e1")],
        seed=7,
    )
    schema = pm.Schema(fields={"ethnicity": {"kind": "text", "class": "special"}})
    return pm.match(pm.Cohort(mentors, mentees, schema=schema), policy)


@pytest.fixture
def record(tmp_path: Path, matching: Matching) -> AuditRecord:
    """A record in which the matching stands."""
    record = AuditRecord(tmp_path / "record.jsonl")
    record.matched(matching, when="2026-03-02")
    return record


def test_what_is_kept_of_a_matching(record: AuditRecord, matching: Matching) -> None:
    """Hashes, versions, seed, proof, counts, purposes, exceptions."""
    (entry,) = record.entries
    assert (entry["place"], entry["kind"], entry["when"], entry["state"]) == (
        0,
        "matched",
        "2026-03-02",
        "draft",
    )
    assert (entry["cohort"], entry["policy"]) == (matching.cohort.fingerprint, matching.policy.fingerprint)
    assert (entry["seed"], entry["pairs"], entry["mentors"], entry["mentees"]) == (7, 10, 10, 12)
    assert entry["unmatched"] == {"mentee partners_full": 2}
    assert entry["status"] == "optimal"
    assert [tier["tier"] for tier in entry["tiers"]] == list(matching.policy.objective)
    assert entry["forbidden_by"]["levels_below"] == 0
    assert entry["purposes"] == [
        {"part": "same(ethnicity)", "fields": {"ethnicity": "special"}, "purpose": "on request"}
    ]
    (exception,) = entry["exceptions"]
    assert exception[:3] == ["forbidden", "m1", "e1"]
    assert entry["versions"]["pairmatch"] != "unknown"
    assert repr(record) == "<AuditRecord of 1 line>"


def test_nothing_of_profiles(record: AuditRecord, matching: Matching) -> None:
    """No value of any field, and no id but those of exceptions, stands in the file."""
    text = record.path.read_text(encoding="utf-8")
    assert "Maori" not in text
    assert "Sami" not in text
    assert '"m2"' not in text
    assert '"e2"' not in text


def test_from_draft_to_published(record: AuditRecord, matching: Matching) -> None:
    """Draft, approved, draft again, approved, published; and no step more."""
    assert record.state(matching) == "draft"
    day = datetime.date(2026, 3, 3)
    for state in ("approved", "draft", "approved"):
        record.reviewed(matching, state, who="Ada", why="looked through", when=day)
    record.reviewed(matching, "published", who="Bo", when=datetime.datetime(2026, 3, 4, 9, 30))
    assert record.state(matching) == "published"
    assert record.verify() == 5
    assert record.table["state"].tolist() == ["draft", "approved", "draft", "approved", "published"]
    assert record.table["when"].tolist()[-2:] == ["2026-03-03", "2026-03-04T09:30:00"]
    assert record.table["who"].tolist()[-1] == "Bo"
    with pytest.raises(pm.CallError, match="after that comes nothing: make a new matching"):
        record.reviewed(matching, "draft", who="Ada", when=day)


def test_overrides_and_files(record: AuditRecord, matching: Matching, tmp_path: Path) -> None:
    """Who decided on which pair, when and why; and the hashes of what was handed out."""
    record.overridden(matching, [Override("m1", "e1", "Ada", "2026-03-05", "both asked for it")])
    matching.write(tmp_path / "out")
    record.exported(matching, tmp_path / "out", who="Ada", when="2026-03-06")
    record.exported(matching, [tmp_path / "out" / "pairs.csv"], who="Ada", when="2026-03-06")
    *_, override, folder, one = record.entries
    assert (override["mentor"], override["mentee"], override["who"], override["why"], override["when"]) == (
        "m1", "e1", "Ada", "both asked for it", "2026-03-05",
    )  # fmt: skip
    names = [name for name, _ in folder["files"]]
    assert names == sorted(names)
    assert {"pairs.csv", "unmatched.csv", "matching.json"} <= set(names)
    assert one["files"][0] in folder["files"]
    assert record.verify() == 4


CHANGES: dict[str, Callable[[list[str]], list[str]]] = {
    "changed_line": lambda lines: [lines[0].replace('"seed":7', '"seed":8'), *lines[1:]],
    "broken_chain": lambda lines: [lines[0], *lines[2:]],
    "untold_removal": lambda lines: [lines[0], _opened(lines[1]), *lines[2:]],
}


def _opened(line: str) -> str:
    return json.dumps({**json.loads(line), "open": {}})


@pytest.mark.parametrize("code", CHANGES)
def test_tampering_shows(record: AuditRecord, matching: Matching, code: str) -> None:
    """A changed, missing or emptied line is found, with its place."""
    for state in ("approved", "published"):
        record.reviewed(matching, state, who="Ada", why="fine", when="2026-03-03")
    lines = record.path.read_text(encoding="utf-8").splitlines()
    record.path.write_text("\n".join([*CHANGES[code](lines), ""]), encoding="utf-8")
    with pytest.raises(pm.VerificationError) as found:
        record.verify()
    assert code in {finding.code for finding in found.value.findings}


def test_a_changed_text_shows(record: AuditRecord, matching: Matching) -> None:
    """Texts stand beside the hashed line, with hashes of their own."""
    record.reviewed(matching, "approved", who="Ada", why="fine", when="2026-03-03")
    text = record.path.read_text(encoding="utf-8")
    record.path.write_text(text.replace("Ada", "Eva"), encoding="utf-8")
    with pytest.raises(pm.VerificationError, match=r"changed_line .*not as it was written.*row 2"):
        record.verify()


def test_a_seal_kept_elsewhere_shows_a_cut_end(record: AuditRecord, matching: Matching) -> None:
    """Without it, lines missing at the end cannot show."""
    record.reviewed(matching, "approved", who="Ada", when="2026-03-03")
    seal = record.seal
    assert record.verify(seal) == 2
    lines = record.path.read_text(encoding="utf-8").splitlines()
    record.path.write_text(lines[0] + "\n", encoding="utf-8")
    assert record.verify() == 1
    with pytest.raises(pm.VerificationError, match="seal_not_found"):
        record.verify(seal)


def test_an_empty_record(tmp_path: Path, matching: Matching) -> None:
    """No file yet: no lines, no seal, no state."""
    record = AuditRecord(tmp_path / "none.jsonl")
    assert (record.entries, record.seal, record.verify(), record.state(matching)) == ((), "", 0, None)


BAD: list[tuple[str, Callable[[AuditRecord, Matching], Any]]] = [
    ("this matching is in the record already", lambda r, m: r.matched(m, when="2026-03-02")),
    ("'when' must be a date or time", lambda r, m: r.reviewed(m, "approved", who="Ada", when="soon")),
    ("'when' must be a date or time", lambda r, m: r.reviewed(m, "approved", who="Ada", when=3)),
    ("'who' must not be blank", lambda r, m: r.reviewed(m, "approved", who=" ", when="2026-03-02")),
    ("'who' must be text", lambda r, m: r.reviewed(m, "approved", who=3, when="2026-03-02")),
    ("'state' must be draft, approved or published. Did you mean 'approved'?",
     lambda r, m: r.reviewed(m, "aproved", who="Ada", when="2026-03-02")),
    ("the matching is 'draft'; after that comes 'approved'",
     lambda r, m: r.reviewed(m, "published", who="Ada", when="2026-03-02")),
    ("'why' holds what stands in the field 'ethnicity', which is protected",
     lambda r, m: r.reviewed(m, "approved", who="Ada", why="a SAMI mentor was asked for", when="2026-03-02")),
    ("'overrides' must be overrides, as complete returns them", lambda r, m: r.overridden(m, [("m1", "e1")])),
    ("'overrides' must be overrides, as complete returns them", lambda r, m: r.overridden(m, 3)),
    ("'why' holds what stands in the field",
     lambda r, m: r.overridden(m, [Override("m1", "e1", "Ada", "2026-03-02", "both Sami")])),
    ("'when' must be a date or time", lambda r, m: r.overridden(m, [Override("m1", "e1", "A", "so", "so")])),
    ("'paths' must be paths of files or folders", lambda r, m: r.exported(m, [], who="A", when="2026-03-02")),
    ("'paths' must be paths of files or folders", lambda r, m: r.exported(m, 3, who="A", when="2026-03-02")),
    ("'matching' must be a Matching", lambda r, m: r.matched("out", when="2026-03-02")),
]  # fmt: skip


@pytest.mark.parametrize(("words", "call"), BAD)
def test_what_is_refused(
    record: AuditRecord, matching: Matching, words: str, call: Callable[[AuditRecord, Matching], Any]
) -> None:
    """Every refusal says what is wrong; nothing is added to the record."""
    before = record.path.read_bytes()
    with pytest.raises(pm.CallError) as refused:
        call(record, matching)
    assert words in str(refused.value)
    assert record.path.read_bytes() == before


def test_a_matching_that_is_not_recorded(tmp_path: Path, matching: Matching) -> None:
    """What nobody recorded is not approved."""
    with pytest.raises(pm.CallError, match="not in the record; record it first"):
        AuditRecord(tmp_path / "new.jsonl").reviewed(matching, "approved", who="Ada", when="2026-03-02")


def test_files_that_are_none(tmp_path: Path, record: AuditRecord, matching: Matching) -> None:
    """Other files, half lines, folders and missing folders are refused, in words."""
    (tmp_path / "other.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    half = tmp_path / "half.jsonl"
    half.write_text(record.path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    for path in (tmp_path / "other.jsonl", half):
        with pytest.raises(pm.FileError, match="is no audit record, or a line of it is not whole"):
            AuditRecord(path).verify()
        with pytest.raises(pm.FileError, match="is no audit record"):
            AuditRecord(path).matched(matching, when="2026-03-02")
    with pytest.raises(pm.FileError, match="cannot be opened"):
        AuditRecord(tmp_path).verify()
    with pytest.raises(pm.FileError, match="cannot be written"):
        appended(tmp_path / "no" / "record.jsonl", "kind", "", {})
    with pytest.raises(pm.FileError, match="a file that was to be recorded is missing"):
        record.exported(matching, tmp_path / "no.csv", who="Ada", when="2026-03-02")
    with pytest.raises(pm.FileError, match="give the path of the record's file"):
        AuditRecord(3)  # type: ignore[arg-type]


def test_writers_come_one_after_the_other(tmp_path: Path) -> None:
    """Forty lines from eight threads: one chain."""
    record = AuditRecord(tmp_path / "record.jsonl")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda k: appended(record.path, "note", "2026-03-02", {"number": k}), range(40)))
    assert record.verify() == 40
    assert sorted(entry["number"] for entry in record.entries) == list(range(40))


def test_the_record_reads_no_clock() -> None:
    """Times are handed in (law §8)."""
    for path in (SRC / "auditing").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not any(name in text for name in (".now(", ".today(", "time.time("))
