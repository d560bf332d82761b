"""Files of words: what is refused, and how the message helps."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.cohort import Schema
from pairmatch.errors import FileError, InputError, SchemaError
from pairmatch.policy import Policy
from pairmatch.terms import Concept, Thesaurus

BAD: dict[str, tuple[Any, str, str]] = {
    "no mapping": ([], "bad_value", "a thesaurus is made from a mapping"),
    "schema number": ({"schema": 2}, "bad_schema_number", "this version reads files with schema = 1"),
    "true as number": ({"schema": True}, "bad_schema_number", "this version reads files with schema = 1"),
    "unknown key": (
        {"concept": {}},
        "unknown_key",
        "'concept' is no part of a thesaurus. Did you mean 'concepts'?",
    ),
    "extends": (
        {"extends": "my.toml"},
        "bad_extends",
        'only the shipped words can be extended: extends = "standard", or leave it out to start empty',
    ),
    "concepts a list": (
        {"concepts": ["chess"]},
        "bad_value",
        'concepts is a table of name = {broader = "...", aliases = ["...", "..."]}',
    ),
    "step": (
        {"step": 2},
        "bad_step",
        "step is a number from 0 (no partial credit) to 1 (relatives count in full)",
    ),
    "left alone": ({"left_alone": "chess"}, "bad_value", "left_alone is a list of words"),
    "entry": (
        {"concepts": {"chess": ["draughts"]}},
        "bad_value",
        'a concept is a table: {broader = "...", aliases = ["...", "..."]}',
    ),
    "entry key": (
        {"concepts": {"chess": {"alias": ["x"]}}},
        "unknown_key",
        "'alias' is no part of a concept. Did you mean 'aliases'?",
    ),
    "broader": (
        {"concepts": {"chess": {"broader": ["games"]}}},
        "bad_value",
        "broader is the name of one concept, as text",
    ),
    "aliases": ({"concepts": {"chess": {"aliases": "x"}}}, "bad_value", "aliases is a list of words"),
    "alias": ({"concepts": {"chess": {"aliases": [1]}}}, "bad_value", "aliases is a list of words"),
    "blank name": ({"concepts": {" ": {}}}, "blank_word", "names and aliases are words, not blanks"),
    "blank alias": (
        {"concepts": {"chess": {"aliases": [""]}}},
        "blank_word",
        "names and aliases are words, not blanks",
    ),
    "twice": (
        {"concepts": {"chess": {}, "Chess": {}}},
        "duplicate_word",
        "the concept stands here twice; make one entry of the two",
    ),
    "two owners": (
        {"concepts": {"chess": {"aliases": ["board games"]}, "go": {"aliases": ["Board-Games"]}}},
        "duplicate_word",
        "'Board-Games' is a word of 'chess' too; a word belongs to one concept",
    ),
    "alias is a name": (
        {"concepts": {"chess": {}, "go": {"aliases": ["chess"]}}},
        "duplicate_word",
        "'chess' is a word of 'chess' too; a word belongs to one concept",
    ),
    "unknown broader": (
        {"concepts": {"chess": {"broader": "bored games"}, "board games": {}}},
        "unknown_broader",
        "belongs to 'bored games', which is no concept here; add it or mend it. Did you mean 'board games'?",
    ),
    "own parent": (
        {"concepts": {"chess": {"broader": "chess"}}},
        "circle",
        "belongs to itself, directly or by way of others; cut the circle at one of them",
    ),
    "circle": (
        {"concepts": {"a": {"broader": "b"}, "b": {"broader": "c"}, "c": {"broader": "a"}}},
        "circle",
        "belongs to itself, directly or by way of others; cut the circle at one of them",
    ),
    "circle with the shipped words": (
        {"extends": "standard", "concepts": {"sport": {"broader": "tennis"}}},
        "circle",
        "belongs to itself, directly or by way of others; cut the circle at one of them",
    ),
}


def refused(data: Any) -> SchemaError:
    """The error that plain data raise, after checking that it survives pickling."""
    with pytest.raises(SchemaError) as caught:
        Thesaurus.from_dict(data)
    assert pickle.loads(pickle.dumps(caught.value)).findings == caught.value.findings
    assert {finding.side for finding in caught.value.findings} == {"thesaurus"}
    return caught.value


@pytest.mark.parametrize(("data", "code", "hint"), BAD.values(), ids=BAD)
def test_refused(data: Any, code: str, hint: str) -> None:
    """What cannot be used is said with its place and the way to mend it."""
    error = refused(data)
    assert (code, hint) in {(finding.code, finding.hint) for finding in error.findings}
    assert hint in str(error)


def test_all_problems_at_once() -> None:
    """One reading tells everything, with the concept concerned."""
    entries = {"chess": {"broader": "nothing", "alias": []}, "go": {"aliases": ["chess"]}, "x": 1}
    error = refused({"schema": 3, "step": -1, "concepts": entries})
    assert sorted((finding.code, finding.column) for finding in error.findings) == [
        ("bad_schema_number", "schema"),
        ("bad_step", "step"),
        ("bad_value", "x"),
        ("duplicate_word", "go"),
        ("unknown_broader", "chess"),
        ("unknown_key", "chess"),
    ]
    assert "unknown_broader (thesaurus 'chess')" in str(error)


def test_a_file_that_extends(tmp_path: Path) -> None:
    """Own words are added to the shipped ones, by the names and aliases these have."""
    path = tmp_path / "words.toml"
    path.write_text(
        'extends = "standard"\nstep = 0.6\nleft_alone = ["Kniting"]\n[concepts]\n'
        '"Project Phoenix" = { broader = "data viz", aliases = ["PHX"] }\n',
        encoding="utf-8-sig",
    )
    words = Thesaurus.read(path)
    assert words.key("phx") == "project phoenix"
    assert words.broader("project phoenix") == ("data visualisation", "data skills", "data")
    assert words.step == 0.6
    assert words.key("kniting") == "kniting"
    assert Thesaurus.standard().key("kniting") == "knitting"
    assert len(words.concepts) == len(Thesaurus.standard().concepts) + 1
    assert Thesaurus.from_dict({"extends": "standard"}) == Thesaurus.standard()
    assert Thesaurus.from_dict({}) == Thesaurus.empty()


@pytest.mark.parametrize(
    ("name", "content", "error", "code", "hint"),
    [
        ("words.yaml", b"", FileError, "unknown_file_type", "'words.yaml' is to end in .toml or .json"),
        ("words.toml", b"\xff", FileError, "not_utf8", "save 'words.toml' as UTF-8"),
        ("gone.toml", None, FileError, "unreadable_file", "'gone.toml' is missing or cannot be read"),
        (
            "words.toml",
            b"a = 1\n[concepts\n",
            SchemaError,
            "bad_syntax",
            "the file is no valid TOML near line 2",
        ),
        (
            "words.toml",
            b"a = 1\na = 2\n",
            SchemaError,
            "bad_syntax",
            "a key that stands twice is an error too",
        ),
        ("a\0b.toml", None, FileError, "unreadable_file", "'a?b.toml' is missing or cannot be read"),
        ("a\ud800b.toml", None, FileError, "unreadable_file", "'a?b.toml' is missing or cannot be read"),
        ("words.json", b"[" * 10**5, SchemaError, "bad_syntax", "are nested too deeply"),
        ("words.json", b'{"a":' * 10**5, SchemaError, "bad_syntax", "are nested too deeply"),
        ("words.toml", b"a = " + b"[" * 10**5, SchemaError, "bad_syntax", "are nested too deeply"),
        ("words.json", b"1" * 5000, SchemaError, "bad_syntax", "the file is no valid JSON"),
        ("words.toml", b"a = " + b"1" * 5000, SchemaError, "bad_syntax", "the file is no valid TOML"),
        ("words.json", b"{", SchemaError, "bad_syntax", "the file is no valid JSON near line 1"),
        ("words.json", b'{"a": 1, "a": 2}', SchemaError, "bad_syntax", "a key that stands twice is an error"),
        ("words.json", b"[]", SchemaError, "bad_syntax", "the file holds a table of keys at its top"),
    ],
)
def test_unreadable(
    tmp_path: Path, name: str, content: bytes | None, error: type[InputError], code: str, hint: str
) -> None:
    """A file that cannot be read says why, without a path."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        Thesaurus.read(tmp_path / name)
    assert [finding.code for finding in caught.value.findings] == [code]
    assert hint in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("path", [None, 5, b"words.toml", ["words.toml"]])
@pytest.mark.parametrize("kept", [Thesaurus.empty(), Schema(), Policy.preset("technology")], ids=type)
def test_no_path(kept: Any, path: Any) -> None:
    """What is no path is refused by all that is kept in such files, when reading and when writing."""
    for attempt in (kept.read, kept.write):
        with pytest.raises(FileError, match=r"bad_path.*: give the path of a \.toml or \.json file, as text"):
            attempt(path)


def test_written_where_it_cannot_be(tmp_path: Path) -> None:
    """Writing asks for a file type too, and for a folder that exists; a text that is none harms no file."""
    with pytest.raises(FileError, match=r"is to end in \.toml or \.json"):
        Thesaurus.empty().write(tmp_path / "words.txt")
    for name in ("gone/words.toml", "a\0b.json"):
        with pytest.raises(FileError, match="cannot be written; give a path in a folder that exists"):
            Thesaurus.empty().write(tmp_path / name)
    kept = tmp_path / "words.json"
    Thesaurus.empty().write(kept)
    with pytest.raises(FileError, match="unwritable"):
        Thesaurus((Concept("\ud800"),)).write(kept)
    assert Thesaurus.read(kept) == Thesaurus.empty()


KEYS = st.sampled_from(
    ["schema", "extends", "step", "left_alone", "concepts", "broader", "aliases", "a", "b"]
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats()
    | st.sampled_from(["", "a", "b", "standard"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_any_data_make_a_thesaurus_or_an_error_of_ours(data: Any) -> None:
    """Whatever a file holds, nothing but an error of the library comes of it."""
    try:
        words = Thesaurus.from_dict(data)
    except SchemaError:
        return
    assert Thesaurus.from_dict(json.loads(json.dumps(words.to_dict()))) == words
