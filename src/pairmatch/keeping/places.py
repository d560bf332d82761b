"""What a path holds: a matching, a store of events, an audit record, a page, a table, a policy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from pairmatch.auditing.chain import KIND
from pairmatch.errors import CallError, FileError, Finding, shown

__all__ = ["JSON", "PAGES", "REPORT", "TABLES", "Place", "places_of"]

JSON = "matching.json"

TABLES = frozenset({"pairs.csv", "unmatched.csv", "coaches.csv", "changes.csv", "exceptions.csv"})
"""Tables that stand beside a matching."""

REPORT = "report.html"

PAGES = frozenset({".md", ".html", ".htm"})

SQLITE = b"SQLite format 3\0"


class Place(NamedTuple):
    """One file or folder.

    Attributes
    ----------
    kind
        ``"matching"`` (a folder), ``"events"``, ``"record"``, ``"page"``, ``"table"``, ``"policy"``, or
        ``"other"``: what pairmatch did not write.
    path
        Where it is.
    """

    kind: str
    path: Path


def places_of(paths: Sequence[Any]) -> list[Place]:
    """Everything that some paths hold; of folders, all files.

    Raises
    ------
    CallError
        There is no path, or one is none.
    FileError
        Something is missing or cannot be opened; all problems at once.
    """
    if not paths or not all(isinstance(path, str | PathLike) for path in paths):
        hint = "hand in paths of files and folders that pairmatch wrote"
        raise CallError([Finding("bad_argument", hint, column="paths")])
    found: list[Finding] = []
    places = [place for path in paths for place in _places(Path(path), found)]
    if found:
        raise FileError(found)
    once: dict[Path, Place] = {}
    for place in places:
        own = place.path.resolve()
        # What the caller names beside its folder is ours after all.
        if own not in once or once[own].kind == "other":
            once[own] = place
    return list(once.values())


def _places(path: Path, found: list[Finding]) -> Iterator[Place]:
    try:
        if not path.is_dir():
            yield Place(_kind(path, named=True), path)
            return
        if (path / JSON).exists():
            yield Place("matching", path)
        for file in sorted(file for file in path.rglob("*") if file.is_file()):
            ours = (file.parent / JSON).exists() and (file.name in TABLES or file.name in (JSON, REPORT))
            if file.name == JSON and file.parent != path:
                yield Place("matching", file.parent)
            if not ours:
                yield Place(_kind(file, named=False), file)
    except (OSError, ValueError):
        hint = f"'{shown(path.name)}' is missing or cannot be opened; check the path and its rights"
        found.append(Finding("unreadable_file", hint, column="paths"))


def _kind(path: Path, *, named: bool) -> str:
    """What a file holds; a table or a policy of any name only where the caller named the file."""
    with path.open("rb") as file:
        first = file.read(len(SQLITE))
        if first == SQLITE:
            return "events"
        file.seek(0)
        if _is_record(file.readline()):
            return "record"
    suffix = path.suffix.casefold()
    if suffix in PAGES:
        return "page"
    if named and suffix == ".csv":
        return "table"
    return "policy" if named and suffix in (".toml", ".json") else "other"


def _is_record(line: bytes) -> bool:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("record") == KIND
