"""The groups of the page: rows of tables, with what their bars are drawn by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.plot.groups import Figures, Part, parts_of

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["GroupPart", "GroupRow", "group_parts"]

MOST_ROWS = 60
"""Groups of one goal that are listed: those that are shortest, where there are more."""

FIRST = 12
"""Groups that are listed in any case: beyond them none that is empty and may be, as links without pairs."""


@dataclass(frozen=True)
class GroupRow:
    """One group; widths and lines in hundredths of the drawing."""

    name: str
    applicants: float | None
    count: float | None
    lines: tuple[float, ...]
    applicants_text: str
    count_text: str
    words: str
    short: bool


@dataclass(frozen=True)
class GroupPart:
    """One goal or rule."""

    title: str
    description: str
    worth: str
    outcome: str
    short: bool
    rows: tuple[GroupRow, ...]
    left_out: int


def group_parts(matching: Matching) -> tuple[GroupPart, ...]:
    """Goals and rules about groups, in the policy's order."""
    return tuple(_part(part) for part in parts_of(matching))


def _part(part: Part) -> GroupPart:
    """All groups of a part are drawn to one scale."""
    shortest = sorted(part.groups, key=lambda group: -(group.short or 0))[:MOST_ROWS]
    kept = (
        [group for group in part.groups if group in shortest]
        if len(shortest) < len(part.groups)
        else part.groups
    )
    kept = [group for place, group in enumerate(kept) if place < FIRST or not _is_empty(group)]
    widest = max(group.largest for group in part.groups)
    return GroupPart(
        title=part.title,
        description=part.description,
        worth=part.worth,
        outcome=part.outcome,
        short=any(group.short for group in part.groups),
        rows=tuple(_row(group, widest) for group in kept),
        left_out=len(part.groups) - len(kept),
    )


def _is_empty(group: Figures) -> bool:
    """Whether nobody is in a group, and nobody needs to be."""
    return group.count == 0 and not group.target and not group.short


def _row(group: Figures, widest: float) -> GroupRow:
    scale = 99 / widest if widest else 0.0
    aims = [share for share in (group.target, group.limit) if share is not None]
    return GroupRow(
        name=group.name,
        applicants=_width(group.applicants, scale),
        count=_width(group.count, scale),
        lines=tuple(round(scale * share, 2) for share in aims),
        applicants_text=_percent(group.applicants),
        count_text=_percent(group.count),
        words=group.words,
        short=bool(group.short),
    )


def _width(share: float | None, scale: float) -> float | None:
    return None if share is None else round(scale * share, 2)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
