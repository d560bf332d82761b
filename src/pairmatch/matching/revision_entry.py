"""A revision as an entry of ``matching.json``: ids, codes and numbers; never why a pair ended."""

from __future__ import annotations

from typing import Any

from pairmatch.matching.revision import CHANGES, DISTURBANCE, Change, Revision

__all__ = ["read_revision", "told_revision"]

LISTS: dict[str, tuple[type, ...]] = {
    "failed": (str, str),
    "cooled": (str, str),
    "left": (str, str),
    "capacities": (str, str, int),
    "running": (str, str),
    "movable": (str, str),
    "waited": (str, str, int),
}
"""Lists of a revision, and the kinds of their entries' cells."""

NUMBERS: dict[str, tuple[type, ...]] = {
    "disturbance": (str,),
    "bonus": (int,),
    "max_changes": (int, type(None)),
    "without_room": (int,),
    "required": (bool,),
    "minimum_weight": (float, type(None)),
}
"""What else a revision holds, and of which kinds it can be."""


def told_revision(revision: Revision) -> dict[str, Any]:
    """The revision as plain data."""
    told: dict[str, Any] = {name: [list(entry) for entry in getattr(revision, name)] for name in LISTS}
    told |= {name: getattr(revision, name) for name in NUMBERS}
    rows = [[c.mentee, c.before, c.after, c.reason, list(c.rules)] for c in revision.changes]
    return {**told, "changes": rows}


def read_revision(entry: Any) -> Revision:
    """The revision that plain data tell.

    Raises
    ------
    KeyError, TypeError, ValueError
        The data are not those of a revision.
    """
    told = _of(dict, entry)
    if set(told) != {*LISTS, *NUMBERS, "changes"}:
        raise ValueError
    lists: dict[str, Any] = {
        name: tuple(_entry(row, kinds) for row in _of(list, told[name])) for name, kinds in LISTS.items()
    }
    numbers: dict[str, Any] = {name: _one_of(kinds, told[name]) for name, kinds in NUMBERS.items()}
    changes = tuple(_change(*_of(list, row)) for row in _of(list, told["changes"]))
    sides = [row[0] for name in ("left", "capacities", "waited") for row in lists[name]]
    counts = [row[2] for name in ("capacities", "waited") for row in lists[name]]
    if not {*sides} <= {"mentors", "mentees"} or min(counts, default=0) < 0:
        raise ValueError
    if numbers["disturbance"] not in DISTURBANCE:
        raise ValueError
    return Revision(**lists, **numbers, changes=changes)


def _entry(row: Any, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    return tuple(_of(kind, cell) for kind, cell in zip(kinds, _of(list, row), strict=True))


def _of(kind: type, value: Any) -> Any:
    return _one_of((kind,), value)


def _one_of(kinds: tuple[type, ...], value: Any) -> Any:
    if type(value) not in kinds:
        raise TypeError
    return value


def _change(mentee: Any, before: Any, after: Any, reason: Any, rules: Any) -> Change:
    labels = tuple(_of(str, label) for label in _of(list, rules))
    if _of(str, reason) not in CHANGES:
        raise ValueError
    return Change(_of(str, mentee), _of(str, before), _of(str, after), reason, labels)
