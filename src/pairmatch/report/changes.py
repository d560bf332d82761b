"""The changes of the page: what a re-match left as it was, and who has another partner, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import counted
from pairmatch.matching import CHANGES
from pairmatch.plot.words import plain

if TYPE_CHECKING:
    from pairmatch.matching import Matching, Revision

__all__ = ["ChangeRow", "ChangeSection", "change_section"]

MOST_CHANGES = 2_000
"""Changes listed; the rest are in ``changes.csv``."""


@dataclass(frozen=True)
class ChangeRow:
    """One mentee's mentor before and after, and why."""

    mentee: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class ChangeSection:
    """What is told of a re-match: sentences, and its changes."""

    words: str
    rows: tuple[ChangeRow, ...]
    left_out: int


def change_section(matching: Matching) -> ChangeSection | None:
    """The changes of a re-match; None for a first matching."""
    revision = matching.revision
    if revision is None:
        return None
    shown = revision.changes[:MOST_CHANGES]
    rows = tuple(
        ChangeRow(change.mentee, change.before, change.after, _why(change.reason, change.rules))
        for change in shown
    )
    return ChangeSection(_words(revision), rows, len(revision.changes) - len(shown))


def _why(reason: str, rules: tuple[str, ...]) -> str:
    told = plain(reason, CHANGES)
    return f"{told}: {', '.join(plain(rule).lower() for rule in rules)}" if rules else told


def _words(revision: Revision) -> str:
    """How many running pairs go on, and how many ended for others."""
    moved = sum(change.reason == "moved" for change in revision.changes)
    crowded = sum(change.reason == "no_room" for change in revision.changes)
    running = len(revision.running)
    kept = running - moved - crowded
    told = f"{kept:,} of {counted(running, 'running pair')} {'goes' if kept == 1 else 'go'} on."
    if moved:
        told += f" {moved:,} that could move did so, for others’ sake."
    if crowded:
        told += f" For {crowded:,} there is no room any more."
    return told if revision.changes else f"{told} Nothing has changed."
