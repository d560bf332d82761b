"""Files read and replaced: whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from pairmatch.errors import FileError, Finding, shown

__all__ = ["read_table", "read_text", "removed", "replaced", "written_table"]

DELIMITERS = ",;\t"


def read_text(path: Path) -> str:
    """A file's text; bytes that are none stay what they are.

    Raises
    ------
    FileError
        It cannot be opened.
    """
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        raise _refused(path, "unreadable_file", "cannot be opened; check its rights") from None


def replaced(path: Path, text: str) -> None:
    """Put a text in a file's place.

    Raises
    ------
    FileError
        It cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise _refused(path, "unwritable", "cannot be written; check the space and the rights") from None


def removed(path: Path) -> None:
    """Delete a file.

    Raises
    ------
    FileError
        It cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError:
        raise _refused(path, "unwritable", "cannot be deleted; check the rights") from None


def read_table(text: str) -> tuple[list[list[str]], str]:
    """The cells of a CSV file, and what stands between them."""
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), delimiter


def written_table(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Cells as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _refused(path: Path, code: str, hint: str) -> FileError:
    return FileError([Finding(code, f"'{shown(path.name)}' {hint}", column="paths")])
