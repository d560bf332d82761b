"""Groups as a table of shares names them: "A", "A & B", "A -> B", or tuples; and which groups that are.

What a tuple names is kept as text too, so that a policy file can say the same: as "A & B" where that can be
read in one way alone, else as a JSON list: ``["A & B", "C"]``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from pairmatch.goals.seats import exact_share
from pairmatch.grouping import AND, FLAGS, TO, Key, folded, spelt
from pairmatch.parameters import Checks, FrozenTable, is_share, told
from pairmatch.terms import normalise

__all__ = ["Named", "named", "shares_table", "written"]

Keys = tuple[Key, ...]


class Named(NamedTuple):
    """A group of the table: its text, its share, and the groups of the cohort that it can mean."""

    text: str
    share: Fraction
    meant: tuple[Keys, ...]


def written(keys: Keys) -> str:
    """The keys of a group in words."""
    return TO.join(AND.join(map(spelt, key)) for key in keys)


def named(target: Mapping[str, float], there: Iterable[Keys]) -> list[Named]:
    """The groups of a table, each with those that its text can mean."""
    # A dict for the order of the groups.
    by_form: dict[Any, dict[Keys, None]] = {}
    for keys in there:
        for form in (*_text_forms(written(keys)), _parts_form([list(map(spelt, key)) for key in keys])):
            by_form.setdefault(form, {})[keys] = None
    found = []
    for text, share in target.items():
        meant = {keys: None for form in _forms(text) for keys in by_form.get(form, ())}
        found.append(Named(_shown(text), exact_share(share), tuple(meant)))
    return found


def shares_table(
    checks: Checks, table: Mapping[Any, Any], columns: int, *, pairs: bool
) -> FrozenTable[str, float]:
    """A table of shares by written key; what is wrong with it is noted."""
    shares: dict[str, float] = {}
    taken: set[Any] = set()
    for key, share in table.items():
        text = _text(key, columns, pairs)
        if text is None:
            checks.add("bad_group", "target", f"a group is named by {_how(columns, pairs)}, not {told(key)}.")
        elif not is_share(share):
            checks.add("bad_share", "target", f"a group's share must be from 0 to 1, not {told(share)}.")
        elif not taken.isdisjoint(_forms(text)):
            checks.add("duplicate_group", "target", f"'target' names the group '{_shown(text)}' twice.")
        else:
            shares[text] = float(share)
            taken.update(_forms(text))
    if not table:
        checks.add("bad_group", "target", "'target' must name a group at least.")
    return FrozenTable(shares)


def _how(columns: int, pairs: bool) -> str:
    """What a group's name must look like."""
    if pairs:
        each = "" if columns == 1 else f", each with a value for each of the {columns} columns"
        return f"'A -> B' or a tuple (A, B){each}"
    if columns > 1:
        return f"a value for each of the {columns} columns: '{AND.join('ABCDEFGH'[:columns])}', or a tuple"
    return "a value, or a tuple of one per column"


def _text(key: object, columns: int, pairs: bool) -> str | None:
    """A key of the table in words; None where it names no group of so many columns."""
    if isinstance(key, str):
        parts = _parts(key)
        if parts is None:
            enough = all(side.count(AND) >= columns - 1 for side in key.split(TO))
            return key.strip() or None if enough and (TO in key or not pairs) else None
    else:
        sides = key if pairs else (key,)
        if not isinstance(sides, tuple):
            return None
        parts = [_side(side) for side in sides]
    if parts is None or len(parts) != 1 + pairs or any(len(side) != columns for side in parts):
        return None
    values = [value for side in parts for value in side]
    plain = not any(AND in value or TO in value or value.casefold() in FLAGS for value in values)
    if isinstance(key, str) or not plain:
        return json.dumps(parts if pairs else parts[0], ensure_ascii=False)
    return TO.join(map(AND.join, parts))


def _side(side: object) -> list[str]:
    """The values of one side; none where something is no value."""
    values = side if isinstance(side, tuple) else (side,)
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        return []
    parts = [value.strip() if isinstance(value, str) else spelt(value) for value in values]
    return parts if all(parts) else []


def _parts(text: str) -> list[list[str]] | None:
    """What a JSON list names, side by side; None where the text is none."""
    if not text.lstrip().startswith("["):
        return None
    try:
        read = json.loads(text)
    except ValueError:
        return None
    sides = read if any(isinstance(side, list) for side in read) else [read]
    return [_side(tuple(side) if isinstance(side, list) else side) for side in sides]


def _forms(text: str) -> tuple[Any, ...]:
    """A text in the forms in which groups are compared."""
    parts = _parts(text)
    return _text_forms(text) if parts is None else (_parts_form(parts),)


def _text_forms(text: str) -> tuple[str, ...]:
    """As its parts are compared, and as values are that have the marks in them."""
    return folded(text), f"whole {normalise(text)}"


def _parts_form(parts: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(normalise, side)) for side in parts)


def _shown(text: str) -> str:
    """A text of the table in words."""
    parts = _parts(text)
    return text if parts is None else TO.join(map(AND.join, parts))
