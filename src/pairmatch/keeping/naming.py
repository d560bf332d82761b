"""Whether a text names a person: by id, or by whatever else they are called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

from pairmatch.auditing.chain import Line
from pairmatch.errors import CallError, Finding
from pairmatch.matching import safe_cell

__all__ = ["Names", "named_in", "names_of"]


class Names:
    """What one person is called.

    Parameters
    ----------
    person
        The id.
    also
        Names, addresses and the like.
    """

    def __init__(self, person: str, also: tuple[str, ...] = ()) -> None:
        self.person, self.also = person, also
        # Ids differ by case; how a name is written does not tell people apart.
        self._id, self._also = _pattern((person,)), _pattern(also, re.IGNORECASE)

    def is_id(self, value: Any) -> bool:
        """Whether a value is the person's id, or a cell that shows it."""
        return isinstance(value, str) and value in (self.person, safe_cell(self.person))

    def are_in(self, text: str) -> bool:
        """Whether a text names the person."""
        return self._id.search(text) is not None or self.is_called(text)

    def is_called(self, text: str) -> bool:
        """Whether a text holds one of the other names of the person."""
        return self._also.search(text) is not None


def _pattern(names: tuple[str, ...], flags: int = 0) -> re.Pattern[str]:
    """Any form of the names as a whole word: "e1" is in "m3_e1.html", and not in "e17"."""
    forms = {form for name in names for form in _forms(name)}
    whole = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<![^\W_])(?:{whole})(?![^\W_])" if forms else r"(?!)", flags)


def _forms(name: str) -> set[str]:
    """A name as pages, tables and JSON files write it."""
    quoted = json.dumps(name, ensure_ascii=False)[1:-1]
    return {name, safe_cell(name), escape(name), escape(name, quote=False), quoted, json.dumps(name)[1:-1]}


def named_in(line: Line, names: Names) -> list[str]:
    """References of a record's line whose texts name a person: ids as they are, texts word by word."""
    ids = line.of_ids
    return [
        name
        for name, (_, text) in line.open.items()
        if (names.is_id(text) if name in ids else names.are_in(text))
    ]


def names_of(person: Any, also: Any) -> Names:
    """What a person is called, from arguments.

    Raises
    ------
    CallError
        They are no texts.
    """
    found = []
    if not isinstance(person, str) or not person.strip():
        found.append(Finding("bad_argument", "'person' must be the id of a person, as text", column="person"))
    others = (also,) if isinstance(also, str) else tuple(also) if isinstance(also, Iterable) else (also,)
    if not all(isinstance(name, str) and len(name.strip()) > 1 for name in others):
        hint = "'also' must be names of the person, of two letters or more each"
        found.append(Finding("bad_argument", hint, column="also"))
    if found:
        raise CallError(found)
    return Names(person, others)
