"""One person taken out of plain data: lists, mappings, texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pairmatch.keeping.naming import Names

__all__ = ["GONE", "rows_naming", "texts_naming", "without"]

GONE = object()
"""What stands for a part that is to be left out."""


def without(value: Any, names: Names) -> Any:
    """Plain data without the rows that hold the person's id; :data:`GONE` where nothing is left.

    A row is a list or mapping that holds the id itself. Mappings lose entries of that name.
    """
    if isinstance(value, Mapping):
        if any(names.is_id(part) for part in value.values()):
            return GONE
        parts = {name: without(part, names) for name, part in value.items() if not names.is_id(name)}
        return {name: part for name, part in parts.items() if part is not GONE}
    if isinstance(value, list):
        kept = [without(part, names) for part in value if not _is_row(part, names)]
        return [part for part in kept if part is not GONE]
    return GONE if names.is_id(value) else value


def _is_row(value: Any, names: Names) -> bool:
    return isinstance(value, list) and any(names.is_id(part) for part in value)


def rows_naming(value: Any, names: Names, where: str = "") -> Iterator[tuple[str, Any]]:
    """The rows of plain data that hold the person's id, and where they stand."""
    if isinstance(value, Mapping):
        if any(names.is_id(part) for part in value.values()):
            yield where, dict(value)
            return
        for name, part in value.items():
            inner = f"{where}.{name}" if where else str(name)
            if names.is_id(name):
                yield where, part
            else:
                yield from rows_naming(part, names, inner)
    elif isinstance(value, list):
        if _is_row(value, names):
            yield where, value
            return
        for part in value:
            label = part.get("rule") or part.get("goal") if isinstance(part, Mapping) else None
            yield from rows_naming(part, names, f"{where}.{label}" if label else where)


def texts_naming(value: Any, names: Names) -> Iterator[str]:
    """All texts in plain data that name the person, keys among them."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from texts_naming(name, names)
            yield from texts_naming(part, names)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_naming(part, names)
    elif isinstance(value, str) and names.are_in(value):
        yield value
