"""After a purge no byte of any file names the person, and what is left can be read."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.auditing import AuditRecord
from pairmatch.keeping import Purged, purge
from tests.keeping.kept import Kept, programme

NAMED = ("policy.toml", "list.csv")
"""Files that are ours to change only where somebody names them."""

ODD = ["zz99", "00123", "=cmd|x", "Zoë Nuñez", '"qq"', "a<b>c", "x@y.org", "名前", "o'hara-7"]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return programme(tmp_path / "all", "zz99")


def traces(folder: Path, name: str) -> list[str]:
    """Files that hold any form of a name, by their bytes."""
    forms = {
        name,
        escape(name),
        json.dumps(name)[1:-1],
        json.dumps(name, ensure_ascii=False)[1:-1],
        name.replace('"', '""'),
    }
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(form.encode() in path.read_bytes() or form in path.name for form in forms)
    ]


def purged(kept: Kept, person: str) -> Purged:
    return purge(person, kept.folder, *(kept.folder / name for name in NAMED))


@pytest.mark.parametrize("role", ["mentor", "mentee"])
@pytest.mark.parametrize("person", ODD)
def test_no_byte_is_left(tmp_path: Path, person: str, role: str) -> None:
    """Whatever the id is made of, on whichever side, in every kind of file."""
    kept = programme(tmp_path / "all", person, role=role)
    assert len(traces(kept.folder, person)) >= 10
    done = purged(kept, person)
    assert traces(kept.folder, person) == []
    assert done.left == ()
    assert person not in str(done)
    assert purged(kept, person).done == ()


def test_the_others_stay(kept: Kept) -> None:
    """Nobody else loses a row; the partner's pair is the one that goes."""
    partner = kept.matching.partners(mentor="zz99")[0]
    purged(kept, "zz99")
    pairs = pd.read_csv(kept.folder / "first" / "pairs.csv", dtype=str)
    before = {(pair.mentor, pair.mentee) for pair in kept.matching.made}
    assert set(zip(pairs["mentor"], pairs["mentee"], strict=True)) == before - {("zz99", partner)}
    unmatched = pd.read_csv(kept.folder / "first" / "unmatched.csv", dtype=str)
    assert unmatched["id"].tolist() == kept.matching.unmatched["id"].tolist()
    data = json.loads((kept.folder / "first" / "matching.json").read_text(encoding="utf-8"))
    assert all(len(proof["mentor_prices"]) in (0, len(data["mentors"])) for proof in data["certificate"])
    assert not (kept.folder / "first" / "report.html").exists()


def test_a_matching_can_be_rematched(kept: Kept) -> None:
    """With the people who are left: their pairs run on, and the lonely partner gets another mentor."""
    purged(kept, "zz99")
    frames = [
        pd.DataFrame({"id": side.ids, "hobbies": ["chess"] * len(side)}).query("id != 'zz99'")
        for side in (kept.cohort.mentors, kept.cohort.mentees)
    ]
    coaches = pd.DataFrame({"id": ["cc1", "cc2"], "hobbies": "golf", "capacity": [5, 5]})
    cohort = pm.Cohort(*frames, coaches=coaches, vetoes=pd.DataFrame({"mentor": [], "mentee": []}))
    again = pm.rematch(kept.folder / "first", cohort)
    assert len(again.made) == 7
    with pytest.raises(pm.FileError, match="other_cohort"):
        pm.Matching.read(kept.folder / "first", cohort)


def test_the_tables_still_go_with_the_file(kept: Kept) -> None:
    """Handed the same cohort, the folder is read: tables and JSON file lost the same rows."""
    for name in ("first", "second"):
        purge("zz99", kept.folder / name)
    again = pm.Matching.read(kept.folder / "first", kept.cohort)
    assert len(again.made) == len(kept.matching.made) - 1
    assert "zz99" not in again.coaches.to_string()
    assert pm.Matching.read(kept.folder / "second", kept.cohort).changes is not None


def test_a_coach_is_taken_out_of_the_pairs(kept: Kept) -> None:
    """The pairs stay; those of this coach have none."""
    before = kept.matching.coaches
    purge("cc1", kept.folder / "first")
    again = pm.Matching.read(kept.folder / "first", kept.cohort)
    assert len(again.made) == len(kept.matching.made)
    assert again.coaches["coach"].notna().sum() == (before["coach"] == "cc2").sum()
    assert traces(kept.folder / "first", "cc1") == []


def test_events_stay_under_no_name(kept: Kept) -> None:
    """The history of others holds; end reasons of the person's pairs are gone, others stay."""
    store = pm.EventStore(kept.folder / "events.sqlite")
    before = store.read(audience="lead")
    purged(kept, "zz99")
    after = store.read(audience="lead")
    assert len(after) == len(before)
    assert after["mentor"].replace("removed-1", "zz99").tolist() == before["mentor"].tolist()
    gone = after["mentor"] == "removed-1"
    assert (after.loc[gone, "reason"] == "").all()
    assert after.loc[~gone, "reason"].tolist() == before.loc[~gone, "reason"].tolist()
    store.check()
    assert store.append([pm.Event("2026-06-01", "met", "removed-1", "ee01")]) == 1
    with pytest.raises(pm.CallError, match="contradicting_event"):
        store.append([pm.Event("2026-06-01", "met", "mm01", "ee01", id=after["id"][0])])


def test_the_record_still_verifies(kept: Kept) -> None:
    """The chain holds, another line tells that something was taken out, and of whom it does not."""
    record = AuditRecord(kept.folder / "record.jsonl")
    purge("zz99", record.path, when="2026-06-01")
    assert record.verify() == 4
    assert [entry.get("who") for entry in record.entries] == [None, "Ada", None, None]
    assert record.entries[1]["mentee"] == "ee00"
    assert record.entries[1]["why"] is None
    assert (record.entries[3]["kind"], record.entries[3]["when"]) == ("purged", "2026-06-01")
    assert record.state(kept.matching) == "approved"
    assert oct(record.path.stat().st_mode)[-3:] == "600"


def test_other_names_and_files_that_are_not_ours(kept: Kept) -> None:
    """Pages by name go; what pairmatch did not write stays, and is told."""
    (kept.folder / "page.html").write_text("<h1>Zed &amp; Co</h1>", encoding="utf-8")
    (kept.folder / "notes.txt").write_text("zz99 rang", encoding="utf-8")
    (kept.folder / "mentors.csv").write_text("id\nzz99\n", encoding="utf-8")
    done = purge("zz99", kept.folder, also=["Zed & Co"])
    assert not (kept.folder / "page.html").exists()
    assert set(done.left) == {"notes.txt", "mentors.csv", *NAMED}
    assert "did not write this file" in str(done)
    assert repr(done) == "<Purged: 6 places changed, 4 left>"


def test_ids_alike_are_other_people(tmp_path: Path) -> None:
    """Another case, a longer id, a number that stands in a sentence: nothing of theirs goes."""
    for k, (person, other) in enumerate([("ab", "AB"), ("mm01", "mm01-2"), ("12", "mm")]):
        kept = programme(tmp_path / str(k), other)
        before = {
            name: (kept.folder / name).read_bytes() for name in ("events.sqlite", "policy.toml", "list.csv")
        }
        done = purge(person, kept.folder, *(kept.folder / name for name in NAMED))
        if person == "mm01":
            assert (
                len(pm.Matching.read(kept.folder / "first", kept.cohort).made) == len(kept.matching.made) - 1
            )
            assert AuditRecord(kept.folder / "record.jsonl").entries[1]["mentor"] == other
        else:
            assert done.done == ()
            assert before == {name: (kept.folder / name).read_bytes() for name in before}


def test_whole_words(kept: Kept) -> None:
    """An id within another one is somebody else."""
    purged(kept, "mm0")
    assert len(pm.Matching.read(kept.folder / "first", kept.cohort).made) == len(kept.matching.made)


def test_a_file_named_after_the_person(tmp_path: Path) -> None:
    """Its name is not told on."""
    for name in ("sheet zz99.md", "mm01_zz99_mentor.md"):
        (tmp_path / name).write_text("# hello\n", encoding="utf-8")
    done = purge("zz99", tmp_path)
    assert [name for name, _ in done.done] == ["a file named after the person"] * 2
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_changed_where_something_is_damaged(kept: Kept) -> None:
    """Everything is opened first; all problems at once."""
    (kept.folder / "first" / "matching.json").write_text("{", encoding="utf-8")
    (kept.folder / "record.jsonl").write_bytes((kept.folder / "record.jsonl").read_bytes()[:-5])
    before = traces(kept.folder, "zz99")
    with pytest.raises(pm.FileError) as refused:
        purge("zz99", kept.folder)
    assert {finding.code for finding in refused.value.findings} == {"damaged_file", "not_a_record"}
    assert traces(kept.folder, "zz99") == before


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((3,), {}, "'person' must be the id of a person"),
        ((" ", "."), {}, "'person' must be the id of a person"),
        (("zz99",), {}, "hand in paths of files and folders"),
        (("zz99", 3), {}, "hand in paths of files and folders"),
        (("zz99", "."), {"also": ["z"]}, "'also' must be names of the person"),
        (("zz99", "."), {"also": 3}, "'also' must be names of the person"),
        (("zz99", "."), {"when": "soon"}, "'when' must be a date or time"),
    ],
)
def test_what_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    options: dict[str, str],
    words: str,
) -> None:
    """Wrong arguments, in words."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pm.CallError) as refused:
        purge(*arguments, **options)
    assert words in str(refused.value)


def test_a_missing_path(tmp_path: Path) -> None:
    """A path that is not there is no place without the person."""
    with pytest.raises(pm.FileError, match="'no' is missing or cannot be opened"):
        purge("zz99", tmp_path / "no")


def test_an_introduction_is_deleted(tmp_path: Path) -> None:
    """A page about the person is theirs."""
    cohort = pm.datasets.synthetic(mentors=6, mentees=4, seed=1)
    matching = pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    pair = matching.made[0]
    pm.introduce(matching, mentor=pair.mentor, mentee=pair.mentee, audience="mentee").write(
        tmp_path / "a.html"
    )
    assert purge(pair.mentor, tmp_path).done
    assert list(tmp_path.iterdir()) == []
