"""Plain data in TOML and JSON files, as schemas, policies and words are kept."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pairmatch.errors import FileError, Finding, SchemaError, shown

__all__ = ["load", "save"]


def load(path: str | Path, side: str = "schema") -> dict[str, Any]:
    """The plain data of a TOML or JSON file.

    Parameters
    ----------
    path
        The file.
    side
        What it holds, for the findings.

    Raises
    ------
    FileError
        The path is none, or the file is missing, is not in UTF-8 or of another type.
    SchemaError
        It is no valid TOML or JSON, or holds something else than a table.
    """
    path = _path(path, side)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError([Finding("not_utf8", f"save '{shown(path.name)}' as UTF-8", side=side)]) from None
    except (OSError, ValueError):  # ValueError: a name that no file can have
        hint = f"'{shown(path.name)}' is missing or cannot be read"
        raise FileError([Finding("unreadable_file", hint, side=side)]) from None
    return _parsed(text, _suffix(path, side), side)


def save(data: Mapping[str, Any], path: str | Path, side: str = "schema") -> None:
    """Write plain data as TOML or JSON, after the file's name.

    Raises
    ------
    FileError
        The path is none, is of another type or cannot be written to.
    """
    path = _path(path, side)
    text = _written(data, _suffix(path, side))
    try:
        path.write_bytes(text.encode("utf-8"))
    except (OSError, ValueError):
        hint = f"'{shown(path.name)}' cannot be written; give a path in a folder that exists"
        raise FileError([Finding("unwritable", hint, side=side)]) from None


def _written(data: Mapping[str, Any], suffix: str) -> str:
    if suffix == ".json":
        return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    import tomli_w

    return tomli_w.dumps(data)


def _path(path: object, side: str) -> Path:
    if isinstance(path, str | os.PathLike):
        with contextlib.suppress(TypeError):
            return Path(path)
    raise FileError([Finding("bad_path", "give the path of a .toml or .json file, as text", side=side)])


def _suffix(path: Path, side: str) -> str:
    suffix = path.suffix.casefold()
    if suffix not in (".toml", ".json"):
        hint = f"'{shown(path.name)}' is to end in .toml or .json"
        raise FileError([Finding("unknown_file_type", hint, side=side)])
    return suffix


def _parsed(text: str, suffix: str, side: str) -> dict[str, Any]:
    import tomllib

    try:
        data = tomllib.loads(text) if suffix == ".toml" else json.loads(text, object_pairs_hook=_unique)
    except RecursionError:
        hint = "the file's tables and lists are nested too deeply; a few levels are all that is read"
        raise SchemaError([Finding("bad_syntax", hint, side=side)]) from None
    except ValueError as error:  # of both formats, and numbers of thousands of digits
        line = re.search(r"line (\d+)", str(error))
        where = f" near line {line[1]}" if line else ""
        hint = f"the file is no valid {suffix[1:].upper()}{where}; a key that stands twice is an error too"
        raise SchemaError([Finding("bad_syntax", hint, side=side)]) from None
    if not isinstance(data, dict):
        hint = "the file holds a table of keys at its top"
        raise SchemaError([Finding("bad_syntax", hint, side=side)])
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON file; of two entries of one name, neither is to be lost unseen."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise json.JSONDecodeError("a key stands twice", "", 0)
    return dict(pairs)
