"""Plain data in TOML and JSON files, as schemas, policies and words are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pairmatch.errors import FileError, Finding, SchemaError

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
        The file is missing, is not in UTF-8 or of another type.
    SchemaError
        It is no valid TOML or JSON, or holds something else than a table.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        hint = f"'{path.name}' is missing or cannot be read"
        raise FileError([Finding("unreadable_file", hint, side=side)]) from None
    except UnicodeDecodeError:
        raise FileError([Finding("not_utf8", f"save '{path.name}' as UTF-8", side=side)]) from None
    return _parsed(text, _suffix(path, side), side)


def save(data: Mapping[str, Any], path: str | Path, side: str = "schema") -> None:
    """Write plain data as TOML or JSON, after the file's name."""
    path = Path(path)
    if _suffix(path, side) == ".json":
        path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    import tomli_w

    path.write_text(tomli_w.dumps(data), encoding="utf-8")


def _suffix(path: Path, side: str) -> str:
    suffix = path.suffix.casefold()
    if suffix not in (".toml", ".json"):
        hint = f"'{path.name}' is to end in .toml or .json"
        raise FileError([Finding("unknown_file_type", hint, side=side)])
    return suffix


def _parsed(text: str, suffix: str, side: str) -> dict[str, Any]:
    import tomllib

    try:
        data = tomllib.loads(text) if suffix == ".toml" else json.loads(text, object_pairs_hook=_unique)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
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
