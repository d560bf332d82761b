"""How many pairs people have, as rows of a table with bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import counted
from pairmatch.plot.loads import Load, loads_of

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["LoadPart", "LoadRow", "load_parts"]

WIDEST = 98
"""Hundredths of the drawing that the longest bar takes."""


@dataclass(frozen=True)
class LoadRow:
    """People with so many pairs; widths in hundredths of the drawing."""

    pairs: str
    people: str
    full: str
    width: float
    full_width: float


@dataclass(frozen=True)
class LoadPart:
    """One side of the matching."""

    role: str
    words: str
    rows: tuple[LoadRow, ...]


def load_parts(matching: Matching) -> tuple[LoadPart, ...]:
    """The mentors, and the mentees where one of them has several pairs or could."""
    loads = loads_of(matching)
    parts = []
    for role in ("mentor", "mentee"):
        own = [load for load in loads if load.role == role]
        several = any(load.pairs > 1 or (load.pairs == 1 and load.full < load.people) for load in own)
        if own and (role == "mentor" or several):
            parts.append(_part(role, own))
    return tuple(parts)


def _part(role: str, loads: list[Load]) -> LoadPart:
    scale = WIDEST / max(load.people for load in loads)
    people, full = sum(load.people for load in loads), sum(load.full for load in loads)
    words = f"{full:,} of {counted(people, role)} {'has' if people == 1 else 'have'} no place left."
    return LoadPart(
        f"{role}s",
        words,
        tuple(
            LoadRow(
                counted(load.pairs, "pair") if load.pairs else "no pair",
                f"{load.people:,}",
                f"{load.full:,}",
                round(scale * load.people, 2),
                round(scale * load.full, 2),
            )
            for load in loads
            if load.people
        ),
    )
