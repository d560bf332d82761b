"""Which cohorts are so large that their pairs are swept and never held."""

from __future__ import annotations

from collections.abc import Sequence

from pairmatch.errors import CallError, Finding
from pairmatch.problem import Loads

__all__ = ["is_swept", "refuse_too_many"]

HELD = 1_000_000
"""Possible pairs up to which all are held: fewer are solved sooner that way."""

MOST_HELD = 200_000_000
"""Possible pairs that are held where a tier leaves no other way: at some 60 bytes for each allowed one."""


def is_swept(loads: Loads, objective: Sequence[str], *, groups: bool = False) -> bool:
    """Whether the pairs of these people are swept.

    Parameters
    ----------
    loads
        Capacities and hours of the people who take part.
    objective
        The policy's tiers.
    groups
        Whether the policy has goals or quotas over groups.
    """
    return _pairs(loads) > HELD and not _held_alone(loads, objective, groups)


def refuse_too_many(loads: Loads, objective: Sequence[str], *, groups: bool = False) -> None:
    """Say so before hours of work end in a lack of memory.

    Raises
    ------
    CallError
        If there are too many pairs for a tier that needs all of them at hand.
    """
    why = _held_alone(loads, objective, groups)
    if why and _pairs(loads) > MOST_HELD:
        mentors, mentees = len(loads.mentor_capacity), len(loads.mentee_capacity)
        hint = (
            f"{mentors:,} active mentors and {mentees:,} active mentees make {_pairs(loads):,} possible "
            f"pairs; with {why} at most {MOST_HELD:,} can be held in memory. Leave it out, or match region "
            "by region"
        )
        raise CallError([Finding("too_many_pairs", hint)])


def _pairs(loads: Loads) -> int:
    return len(loads.mentor_capacity) * len(loads.mentee_capacity)


def _held_alone(loads: Loads, objective: Sequence[str], groups: bool) -> str:
    """What leaves no way but to hold all pairs; empty where nothing does."""
    if "coached" in objective:
        return "coaches who are chosen together with the pairs"
    if "leximin" in objective:
        return "the tier 'leximin'"
    if "worst" in objective and (loads.mentee_capacity > 1).any():
        return "the tier 'worst' over mentees who may have several mentors"
    if "worst" in objective and loads.mentor_hours is not None:
        return "the tier 'worst' and hours"
    if groups and ("worst" in objective or loads.mentor_hours is not None):
        return "goals or quotas over groups together with 'worst' or hours"
    return ""
