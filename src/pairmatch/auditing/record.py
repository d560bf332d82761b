"""AuditRecord: what was matched, decided and handed out, as lines that are only ever added."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairmatch.auditing.chain import Line, Sealed, appended, lines_of, seal_of
from pairmatch.auditing.contents import matched_data, overridden_data
from pairmatch.auditing.people import digest
from pairmatch.auditing.texts import bad, day_text, profile_texts
from pairmatch.errors import CallError, FileError, Finding, VerificationError, counted, did_you_mean
from pairmatch.matching import Matching

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STATES", "AuditRecord"]

STATES = ("draft", "approved", "published")
"""States of a matching: nothing is published that nobody approved."""

AFTER = {"draft": ("approved",), "approved": ("published", "draft"), "published": ()}
"""Which states may follow."""

COLUMNS = ("place", "kind", "when", "who", "why", "state", "mentor", "mentee", "matching")


@dataclass(frozen=True)
class AuditRecord:
    """An append-only record in one file of JSON lines: what was matched, decided and handed out.

    Each line holds the hash of the one before, so that a line which is changed, taken out or put in between
    shows in :meth:`verify`. Keep :attr:`seal` elsewhere from time to time: with it, lines that are missing at
    the end show too. Of people the record holds ids, and who decided and why as the caller says; of profiles
    nothing. :func:`pairmatch.purge` takes a person out of it, and the chain still holds.

    Days and times are handed in; nothing reads the clock.

    Parameters
    ----------
    path
        The file, in a folder that exists; made when the first line is added.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> from pairmatch.auditing import AuditRecord
    >>> cohort = pm.datasets.synthetic(mentors=6, mentees=4, seed=1)
    >>> matching = pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    >>> record = AuditRecord("record.jsonl")
    >>> record.matched(matching, when="2026-03-02")
    >>> record.reviewed(matching, "approved", who="Ada", why="looked through all pairs", when="2026-03-03")
    >>> record.state(matching), record.verify()
    ('approved', 2)
    """

    path: Path

    def __init__(self, path: str | PathLike[str]) -> None:
        if not isinstance(path, str | PathLike):
            raise FileError(
                [Finding("bad_path", "give the path of the record's file, as text", column="path")]
            )
        object.__setattr__(self, "path", Path(path))

    def matched(self, matching: Matching, *, when: object) -> None:
        """Record a matching as a draft: hashes, versions, seed, proof, how many pairs each rule forbids.

        Parameters
        ----------
        matching
            The matching.
        when
            A date or time, or text in ISO 8601.

        Raises
        ------
        CallError
            It is recorded already, or the arguments cannot be used.
        FileError
            The file cannot be written, or is no record.
        """
        day = _checked(matching, when=when)
        if self._states(matching):
            hint = "this matching is in the record already; record what was decided about it"
            raise CallError([Finding("recorded_twice", hint, column="matching")])
        appended(self.path, "matched", day, matched_data(matching))

    def overridden(self, matching: Matching, overrides: Iterable[Any]) -> None:
        """Record who decided on pairs in place of the rules, when and why.

        Parameters
        ----------
        matching
            The matching, recorded before.
        overrides
            As ``complete`` returns them: each with ``mentor``, ``mentee``, ``who``, ``when``, ``why``.

        Raises
        ------
        CallError
            Something is blank, or holds what stands in a protected field; all problems at once.
        FileError
            The file cannot be written, or is no record.
        """
        own = list(overrides) if isinstance(overrides, Iterable) else [overrides]
        _checked(matching)
        self._known(matching)
        found, days = [], []
        for one in own:
            missing = [name for name in ("mentor", "mentee") if not isinstance(getattr(one, name, None), str)]
            found += [bad("overrides", "must be overrides, as complete returns them") for _ in missing[:1]]
            if not missing:
                texts = {"who": one.who, "why": one.why}
                found += _wrong_texts(matching, texts, needed=("who", "why"))
                days.append(day_text(one.when, found))
        if found:
            raise CallError(found)
        for one, day in zip(own, days, strict=True):
            appended(self.path, "overridden", day, overridden_data(matching, one))

    def reviewed(self, matching: Matching, state: str, *, who: str, when: object, why: str = "") -> None:
        """Record that a person approved a matching, published it, or made a draft of it again.

        Parameters
        ----------
        matching
            The matching, recorded before.
        state
            One of :data:`STATES`: ``"approved"`` after ``"draft"``, ``"published"`` or ``"draft"`` after it.
        who, why
            Who decided, and for what reason.
        when
            A date or time, or text in ISO 8601.

        Raises
        ------
        CallError
            The state cannot follow, or the arguments cannot be used; all problems at once.
        FileError
            The file cannot be written, or is no record.
        """
        day = _checked(matching, when=when, texts={"who": who, "why": why}, needed=("who",))
        if state not in STATES:
            hint = f"must be {', '.join(STATES[:-1])} or {STATES[-1]}.{did_you_mean(str(state), STATES)}"
            raise CallError([bad("state", hint)])
        now = self._known(matching)
        if state not in AFTER[now]:
            then = " or ".join(f"'{after}'" for after in AFTER[now]) or "nothing: make a new matching"
            hint = f"the matching is '{now}'; after that comes {then}"
            raise CallError([Finding("wrong_state", hint, column="state")])
        data = {"matching": digest(matching), "state": state, "who": Sealed(who), "why": Sealed(why)}
        appended(self.path, "reviewed", day, data)

    def exported(
        self,
        matching: Matching,
        paths: str | PathLike[str] | Sequence[str | PathLike[str]],
        *,
        who: str,
        when: object,
    ) -> None:
        """Record the hashes of files that were handed out.

        Parameters
        ----------
        matching
            The matching, recorded before.
        paths
            Files, or folders whose files are all meant.
        who
            Who handed them out.
        when
            A date or time, or text in ISO 8601.

        Raises
        ------
        CallError
            The arguments cannot be used.
        FileError
            A file is missing, or the record cannot be written.
        """
        day = _checked(matching, when=when, texts={"who": who}, needed=("who",))
        state = self._known(matching)
        files = [[Sealed(path.name), _file_hash(path)] for path in _files(paths)]
        data = {"matching": digest(matching), "state": state, "who": Sealed(who), "files": files}
        appended(self.path, "exported", day, data)

    def state(self, matching: Matching) -> str | None:
        """Where a matching stands: one of :data:`STATES`, or None where it is not in the record."""
        _checked(matching)
        states = self._states(matching)
        return states[-1] if states else None

    @property
    def entries(self) -> tuple[Mapping[str, Any], ...]:
        """What each line says: place, kind, when, and its data; None for what was taken out."""
        return tuple(
            {"place": line.place, "kind": line.kind, "when": line.when, **line.opened}
            for line in lines_of(self.path)
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per line: place, kind, when, who, why, state, mentor, mentee, matching."""
        import pandas as pd

        rows = [[entry.get(name) for name in COLUMNS] for entry in self.entries]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    @property
    def seal(self) -> str:
        """Hash of the last line, and so of all lines; empty where there is none."""
        lines = lines_of(self.path)
        return lines[-1].hash if lines else ""

    def verify(self, seal: str | None = None) -> int:
        """Check every line and the chain of their hashes.

        Parameters
        ----------
        seal
            A former :attr:`seal`, which must be that of one of the lines: then none before it is missing.

        Returns
        -------
        int
            How many lines there are.

        Raises
        ------
        VerificationError
            A line was changed, put in or taken out; with the places of those that do not hold.
        FileError
            The file is no record.
        """
        lines = lines_of(self.path)
        found = [finding for place, line in enumerate(lines) for finding in _flaws(place, line, lines)]
        if seal is not None and seal not in {line.hash for line in lines}:
            hint = "no line has the hash that was kept elsewhere: lines at the end are missing, or rewritten"
            found.append(Finding("seal_not_found", hint, column="seal"))
        if found:
            raise VerificationError(found)
        return len(lines)

    def _known(self, matching: Matching) -> str:
        """The state of a matching that must be in the record."""
        states = self._states(matching)
        if not states:
            hint = (
                "this matching is not in the record; record it first, with record.matched(matching, when=...)"
            )
            raise CallError([Finding("not_recorded", hint, column="matching")])
        return states[-1]

    def _states(self, matching: Matching) -> list[str]:
        own = digest(matching)
        lines = [line for line in lines_of(self.path) if line.data.get("matching") == own]
        return [str(line.data["state"]) for line in lines if line.kind in ("matched", "reviewed")]

    def __repr__(self) -> str:
        return f"<AuditRecord of {counted(len(lines_of(self.path)), 'line')}>"


def _checked(
    matching: Any,
    *,
    when: object = "2000-01-01",
    texts: Mapping[str, Any] | None = None,
    needed: Sequence[str] = (),
) -> str:
    """The time as text; everything that is wrong with the arguments, at once."""
    if not isinstance(matching, Matching):
        raise CallError([bad("matching", "must be a Matching, as match makes it")])
    found = _wrong_texts(matching, texts or {}, needed)
    day = day_text(when, found)
    if found:
        raise CallError(found)
    return day


def _wrong_texts(matching: Matching, texts: Mapping[str, Any], needed: Sequence[str] = ()) -> list[Finding]:
    """Blank texts, and such that hold what stands in a protected field."""
    found = []
    for name, text in texts.items():
        if not isinstance(text, str):
            found.append(bad(name, "must be text"))
        elif name in needed and not text.strip():
            found.append(bad(name, "must not be blank: the record says who decided, and why"))
        elif column := profile_texts(matching.cohort, text):
            hint = f"'{name}' holds what stands in the field '{column}', which is protected; say it without"
            found.append(Finding("protected_value", hint, column=name))
    return found


def _flaws(place: int, line: Line, lines: Sequence[Line]) -> Iterable[Finding]:
    """What does not hold about one line."""
    before = lines[place - 1].hash if place else ""
    if line.place != place or line.before != before:
        hint = "the line does not follow the one before it: one was taken out, put in or changed"
        yield Finding("broken_chain", hint, "record", row=place + 1)
    texts = all(seal_of(*entry) == line.sealed.get(name) for name, entry in line.open.items())
    if line.own_hash != line.hash or not texts:
        yield Finding("changed_line", "the line is not as it was written", "record", row=place + 1)
    told = {(entry[0], entry[1]) for after in lines[place + 1 :] for entry in _purged(after)}
    if any((place, name) not in told for name in line.removed):
        hint = "something was taken out of the line, and no later line says so"
        yield Finding("untold_removal", hint, "record", row=place + 1)


def _purged(line: Line) -> Sequence[Any]:
    removed = line.data.get("removed", ()) if line.kind == "purged" else ()
    return removed if isinstance(removed, list) else ()


def _files(paths: Any) -> list[Path]:
    """All files, in order; those of folders too."""
    some = (
        [paths]
        if isinstance(paths, str | PathLike)
        else list(paths)
        if isinstance(paths, Iterable)
        else [paths]
    )
    if not some or not all(isinstance(path, str | PathLike) for path in some):
        raise CallError([bad("paths", "must be paths of files or folders")])
    found: list[Path] = []
    for path in map(Path, some):
        found += sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    return found


def _file_hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        hint = "a file that was to be recorded is missing or cannot be opened"
        raise FileError([Finding("unreadable_file", hint, column="paths")]) from None
