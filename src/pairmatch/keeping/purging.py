"""``pairmatch.purge``: one person taken out of everything that the library wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

from pairmatch.auditing.chain import Line, lines_of, rewritten
from pairmatch.auditing.texts import day_text
from pairmatch.errors import CallError, FileError, Finding, PairmatchError, counted, shown
from pairmatch.keeping.files import read_text, removed, replaced
from pairmatch.keeping.folders import load_folder, policy_without, purge_folder, table_without
from pairmatch.keeping.naming import Names, named_in, names_of
from pairmatch.keeping.places import Place, places_of
from pairmatch.keeping.stores import purge_store
from pairmatch.plain_files import load, save
from pairmatch.programme import EventStore

__all__ = ["Purged", "purge"]

NOTES = {
    "matching": "the pairs and prices of the person are gone, and the report with them: the matching can be "
    "re-matched, and can no longer be verified",
    "events": "the events stand under a name that tells nothing, their end reasons are deleted",
    "record": "the texts about the person are gone; the chain of hashes still holds",
    "page": "the page was deleted",
    "table": "the person's rows are gone; a hash of the table that a record holds is that of before",
    "policy": "the pairs that name the person are gone; it is another policy now",
    "other": "pairmatch did not write this file and left it as it is, though it names the person",
}
"""What was done, and what can no longer be verified."""


@dataclass(frozen=True, repr=False)
class Purged:
    """What :func:`pairmatch.purge` did. It does not name the person.

    Attributes
    ----------
    done
        Name of the file or folder, and what was done there.
    left
        Names of files that name the person, and that pairmatch did not write.
    looked
        How many files and folders were looked at.
    """

    done: tuple[tuple[str, str], ...]
    left: tuple[str, ...]
    looked: int

    def __str__(self) -> str:
        lines = [f"taken out of {len(self.done):,} of {counted(self.looked, 'place')}"]
        lines += [f"  {name}: {note}" for name, note in self.done]
        lines += [f"  {name}: {NOTES['other']}" for name in self.left]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Purged: {counted(len(self.done), 'place')} changed, {len(self.left):,} left>"


def purge(
    person: str,
    *paths: str | PathLike[str],
    also: Iterable[str] = (),
    when: object = "",
) -> Purged:
    """Take one person out of everything that pairmatch wrote.

    Folders of matchings, stores of events, audit records, introductions and tables: afterwards no file holds
    the person's id. What is about other people stays, and can be read. Tables that you handed in (mentors,
    mentees, answers) are yours to clean; so are backups. The person is one, whichever side they stand on.

    Parameters
    ----------
    person
        The id.
    paths
        Files and folders; of a folder, everything in it. Tables and policies of other names are named
        themselves.
    also
        What else the person is called: pages may hold names, addresses and the like.
    when
        A date or time, or text in ISO 8601, for the line that an audit record gets; empty for none.

    Returns
    -------
    Purged
        What was done where, what can no longer be verified, and which files are not ours to change.

    Raises
    ------
    CallError
        The arguments cannot be used.
    FileError
        Something is missing, damaged or cannot be written. Nothing is changed before all was opened.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> from pairmatch.keeping import purge
    >>> cohort = pm.datasets.synthetic(mentors=6, mentees=4, seed=1)
    >>> pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)])).write("out")
    >>> purge("m1", "out")
    <Purged: 1 place changed, 0 left>
    """
    names, found = names_of(person, also), list[Finding]()
    day = day_text(when, found) if when != "" else ""
    if found:
        raise CallError(found)
    places = places_of(paths)
    _check(places)
    done, left = [], []
    for place in places:
        note = _purged(place, names, day)
        if note and place.kind == "other":
            left.append(_shown(place.path, names))
        elif note:
            done.append((_shown(place.path, names), note))
    return Purged(tuple(done), tuple(left), len(places))


def _check(places: Sequence[Place]) -> None:
    """Open everything, so that nothing is changed where something is damaged."""
    found: list[Finding] = []
    for kind, path in places:
        try:
            if kind == "matching":
                load_folder(path)
            elif kind == "events":
                EventStore(path).check()
            elif kind == "record":
                lines_of(path)
        except FileError as error:
            found.extend(error.findings)
    if found:
        raise FileError(found)


def _shown(path: Path, names: Names) -> str:
    """A file's name; not where it is the person's."""
    return "a file named after the person" if names.are_in(path.name) else shown(path.name)


def _purged(place: Place, names: Names, when: str) -> str:
    """Take the person out of one place; what was done, or empty."""
    kind, path = place
    if kind == "matching":
        found = purge_folder(path, names)
    elif kind == "events":
        found = bool(purge_store(path, names))
    elif kind == "record":
        found = rewritten(path, lambda line: _redacted(line, names), "purged", when, _told) is not None
    elif kind == "policy":
        found = _purge_policy(path, names)
    else:
        found = names.are_in(path.name) or names.are_in(read_text(path))
        if found and kind == "page":
            removed(path)
        elif kind == "table":
            before = read_text(path)
            after = table_without(before, names)
            found = after != before
            if found:
                replaced(path, after)
    return NOTES[kind] if found else ""


def _redacted(line: Line, names: Names) -> Line:
    """A line of a record without the texts that name the person."""
    gone = set(named_in(line, names))
    return replace(line, open={name: entry for name, entry in line.open.items() if name not in gone})


def _told(changed: list[Line]) -> dict[str, Any]:
    """What the record says of it: where something is missing, and not about whom."""
    return {"removed": [[line.place, name] for line in changed for name in line.removed]}


def _purge_policy(path: Path, names: Names) -> bool:
    try:
        data = load(path, "policy")
    except PairmatchError:
        return False
    after = policy_without(data, names)
    if after == data:
        return False
    save(after, path, "policy")
    return True
