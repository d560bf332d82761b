"""Pairs of ids that a rule names: read from a frame or a list, and held against a cohort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pairmatch.errors import Finding, listed
from pairmatch.parameters.checks import Checks
from pairmatch.parameters.values import told

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["pair_list", "swapped_pairs"]


def pair_list(checks: Checks, parameter: str, pairs: object) -> tuple[tuple[str, str], ...]:
    """Pairs of ids, mentor first, sorted and without repeats.

    Parameters
    ----------
    checks
        Where problems are noted.
    parameter
        The parameter's name.
    pairs
        A frame with columns ``mentor`` and ``mentee``, or a sequence of pairs of ids.
    """
    found: set[tuple[str, str]] = set()
    bad: list[str] = []
    for number, row in enumerate(_rows(checks, parameter, pairs), start=1):
        ids = tuple(row) if isinstance(row, list | tuple) else ()
        if len(ids) == 2 and all(isinstance(i, str) and i.strip() for i in ids):
            found.add((ids[0].strip(), ids[1].strip()))
        else:
            bad.append(str(number))
    if bad:
        hint = f"each of '{parameter}' must be two ids as text, mentor first; entry {listed(bad)} is not."
        checks.add("bad_pair", parameter, hint)
    return tuple(sorted(found))


def _rows(checks: Checks, parameter: str, pairs: object) -> Iterable[object]:
    columns = getattr(pairs, "columns", None)
    if columns is not None:
        if {"mentor", "mentee"} <= set(columns):
            return zip(pairs["mentor"], pairs["mentee"], strict=True)  # type: ignore[index]
        checks.add("missing_columns", parameter, f"'{parameter}' needs the columns 'mentor' and 'mentee'.")
        return ()
    if isinstance(pairs, Iterable) and not isinstance(pairs, str | bytes | Mapping):
        return pairs
    checks.add("bad_pairs", parameter, f"'{parameter}' must be a list of pairs of ids, not {told(pairs)}.")
    return ()


def swapped_pairs(cohort: Cohort, owner: str, pairs: Iterable[tuple[str, str]]) -> list[Finding]:
    """A finding for each pair that names a mentee first and a mentor second."""
    mentors, mentees = frozenset(cohort.mentors.ids), frozenset(cohort.mentees.ids)
    only_mentors, only_mentees = mentors - mentees, mentees - mentors
    hint = f"'{owner}' names this mentee as a mentor, and a mentor as the mentee; put the mentor first."
    return [
        Finding("swapped_pair", hint, side="mentees", id=first)
        for first, second in pairs
        if first in only_mentees and second in only_mentors
    ]
