"""Lines that are only ever added: each holds the hash of the one before, so that a change of any shows.

What a line says of people stands beside it, sealed: the line's hash covers a salted hash of each such text,
not the text. So a person can be taken out of the record, and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pairmatch.errors import FileError, Finding, shown

__all__ = [
    "KIND",
    "SCHEMA",
    "Line",
    "Sealed",
    "appended",
    "hash_of",
    "lines_of",
    "rewritten",
    "seal_of",
    "sealing",
]

SCHEMA = 1
"""Number of the file format."""

KIND = "pairmatch audit record"

KEYS = frozenset({"schema", "record", "place", "kind", "when", "before", "data", "sealed", "open", "hash"})

REF = "ref"
"""Key of what stands for a sealed text."""


@dataclass(frozen=True)
class Sealed:
    """A text about people, to be sealed: an id, a name, a reason.

    Attributes
    ----------
    text
        The text.
    """

    text: str


@dataclass(frozen=True)
class Line:
    """One line as it stands in the file.

    Attributes
    ----------
    place
        Counted from 0.
    kind, when
        What happened, and when.
    before
        Hash of the line before; empty for the first.
    data
        What is recorded, with references for what is sealed.
    sealed
        Salted hashes of the sealed texts, by reference.
    open
        Salt and text of those that were not taken out, by reference.
    hash
        Over all but ``open``.
    """

    place: int
    kind: str
    when: str
    before: str
    data: Mapping[str, Any]
    sealed: Mapping[str, str]
    open: Mapping[str, tuple[str, str]]
    hash: str

    @property
    def own_hash(self) -> str:
        """The hash that the line should have."""
        return hash_of({name: value for name, value in self.told.items() if name not in ("open", "hash")})

    @property
    def told(self) -> dict[str, Any]:
        """The line as plain data."""
        return {
            "schema": SCHEMA,
            "record": KIND,
            "place": self.place,
            "kind": self.kind,
            "when": self.when,
            "before": self.before,
            "data": self.data,
            "sealed": dict(self.sealed),
            "open": {name: list(entry) for name, entry in self.open.items()},
            "hash": self.hash,
        }

    @property
    def removed(self) -> tuple[str, ...]:
        """References whose text was taken out."""
        return tuple(name for name in self.sealed if name not in self.open)

    @property
    def of_ids(self) -> frozenset[str]:
        """References that stand for ids; the others stand for texts."""
        told = [self.data.get(name) for name in ("mentor", "mentee")]
        told += [cell for row in self.data.get("exceptions", ()) for cell in row[1:3]]
        return frozenset(part[REF] for part in told if isinstance(part, Mapping) and REF in part)

    @property
    def opened(self) -> Any:
        """What is recorded, with the texts; None where one was taken out."""
        return _opened(self.data, self.open)


def _opened(value: Any, texts: Mapping[str, tuple[str, str]]) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {REF}:
            return texts[value[REF]][1] if value[REF] in texts else None
        return {name: _opened(part, texts) for name, part in value.items()}
    return [_opened(part, texts) for part in value] if isinstance(value, list | tuple) else value


def hash_of(data: Any) -> str:
    """SHA-256 of plain data, as 64 hexadecimal digits."""
    return hashlib.sha256(_json(data).encode("utf-8", "surrogatepass")).hexdigest()


def seal_of(salt: str, text: str) -> str:
    """The salted hash of a text."""
    return hash_of([salt, text])


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sealing(value: Any, sealed: dict[str, str], texts: dict[str, tuple[str, str]]) -> Any:
    """Plain data in which references stand for what is to be sealed; salts are the machine's own."""
    if isinstance(value, Sealed):
        name, salt = f"r{len(sealed)}", secrets.token_hex(16)
        sealed[name], texts[name] = seal_of(salt, value.text), (salt, value.text)
        return {REF: name}
    if isinstance(value, Mapping):
        return {str(name): sealing(part, sealed, texts) for name, part in value.items()}
    return [sealing(part, sealed, texts) for part in value] if isinstance(value, list | tuple) else value


def appended(path: Path, kind: str, when: str, data: Mapping[str, Any]) -> Line:
    """Add a line and see it on disk.

    Raises
    ------
    FileError
        The file cannot be written, or is no record.
    """
    with _held(path) as file:
        lines = _parsed(path, _bytes(file))
        line = _next(lines, kind, when, data)
        with _told_errors(path):
            file.seek(0, os.SEEK_END)
            file.write(_line_bytes(line))
            _synced(file)
    return line


def _next(lines: Sequence[Line], kind: str, when: str, data: Mapping[str, Any]) -> Line:
    sealed: dict[str, str] = {}
    texts: dict[str, tuple[str, str]] = {}
    own = sealing(data, sealed, texts)
    before = lines[-1].hash if lines else ""
    line = Line(len(lines), kind, when, before, own, sealed, texts, "")
    return Line(len(lines), kind, when, before, own, sealed, texts, line.own_hash)


def rewritten(
    path: Path,
    redacted: Callable[[Line], Line],
    kind: str,
    when: str,
    data: Callable[[list[Line]], Mapping[str, Any]],
) -> Line | None:
    """Take texts out of the lines, and add a line that tells of it; None where there was nothing to take out.

    Parameters
    ----------
    path
        The file.
    redacted
        A line without what is to be taken out of it.
    kind, when, data
        The line to add; its data from the lines that changed, as they are now.
    """
    with _held(path) as file:
        lines = _parsed(path, _bytes(file))
        now = [redacted(line) for line in lines]
        changed = [line for line, old in zip(now, lines, strict=True) if line != old]
        if not changed:
            return None
        added = _next(now, kind, when, data(changed))
        _overwritten(path, file, b"".join(_line_bytes(line) for line in [*now, added]))
    return added


def _overwritten(path: Path, file: Any, content: bytes) -> None:
    """Another content in place, so that who waits for the file gets it; a copy lies beside it meanwhile."""
    copy = path.with_name(f".{path.name}.new")
    with _told_errors(path):
        with copy.open("wb") as spare:
            spare.write(content)
            _synced(spare)
        file.seek(0)
        file.write(content)
        file.truncate()
        _synced(file)
        copy.unlink()


def lines_of(path: Path) -> list[Line]:
    """All lines; none where there is no file yet.

    Raises
    ------
    FileError
        The file cannot be opened, or is no record.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise _refused(path, "unreadable_file", "cannot be opened; check the path and its rights") from None
    return _parsed(path, content)


def _parsed(path: Path, content: bytes) -> list[Line]:
    try:
        text = content.decode("utf-8", "surrogatepass")
        if text and not text.endswith("\n"):
            raise ValueError
        return [_line(json.loads(line, parse_constant=_no_constant)) for line in text.split("\n")[:-1]]
    except (ValueError, TypeError, KeyError, RecursionError):
        hint = "is no audit record, or a line of it is not whole; take it from a backup"
        raise _refused(path, "not_a_record", hint) from None


def _no_constant(constant: str) -> float:
    raise ValueError(constant)


def _line(told: Any) -> Line:
    if set(told) != KEYS or told["record"] != KIND or told["schema"] != SCHEMA:
        raise ValueError
    texts = {str(name): (str(salt), str(text)) for name, (salt, text) in told["open"].items()}
    sealed = {str(name): str(seal) for name, seal in told["sealed"].items()}
    kind, when, before, own = (str(told[name]) for name in ("kind", "when", "before", "hash"))
    return Line(int(told["place"]), kind, when, before, dict(told["data"]), sealed, texts, own)


def _line_bytes(line: Line) -> bytes:
    return (_json(line.told) + "\n").encode("utf-8", "surrogatepass")


def _bytes(file: Any) -> bytes:
    file.seek(0)
    content: bytes = file.read()
    return content


def _synced(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _held(path: Path) -> Iterator[Any]:
    """The file, opened for this call alone: two writers come one after the other."""
    with _told_errors(path):
        # Only its owner may read who decided what.
        number = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        file = os.fdopen(number, "r+b")
    with file:
        with suppress(ImportError):
            import fcntl

            with _told_errors(path):
                fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield file


@contextmanager
def _told_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError):
        hint = "cannot be written; check the folder, the space and the rights"
        raise _refused(path, "unwritable", hint) from None


def _refused(path: Path, code: str, hint: str) -> FileError:
    return FileError([Finding(code, f"'{shown(path.name)}' {hint}", column="path")])
