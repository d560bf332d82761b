"""The coaches of the page: who supports which pair, and how many pairs each coach has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import counted
from pairmatch.matching.coaching import NO_COACH
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    from pairmatch.matching import Matching
    from pairmatch.matching.coaching import CoachPlan

__all__ = ["CoachRow", "CoachSection", "coach_section"]

MOST_PAIRS = 2_000
"""Pairs listed; the rest are in ``coaches.csv``."""

WORTH_TELLING = 0.0005
"""Shares below this are not told: they would read as 0.0 %."""


@dataclass(frozen=True)
class CoachRow:
    """One pair with its coach, or why it has none."""

    mentee: str
    mentor: str
    coach: str
    score: str


@dataclass(frozen=True)
class CoachSection:
    """What is told of coaches: sentences, pairs, and each coach's load."""

    words: str
    rows: tuple[CoachRow, ...]
    left_out: int
    loads: tuple[tuple[str, str], ...]


def coach_section(matching: Matching) -> CoachSection | None:
    """The coaches of a matching; None where its policy has no part about them."""
    plan = matching.coaching
    if plan is None:
        return None
    shown = plan.pairs[:MOST_PAIRS]
    rows = tuple(
        CoachRow(p.mentee, p.mentor, p.coach, f"{p.score / RESOLUTION:.3f}")
        if p.coach is not None
        else CoachRow(p.mentee, p.mentor, "", NO_COACH.get(p.reason, p.reason))
        for p in shown
    )
    loads = tuple((str(who), f"{pairs:,} of {most:,}") for who, pairs, most in plan.loads.to_numpy().tolist())
    return CoachSection(_words(plan), rows, len(plan.pairs) - len(shown), loads)


def _words(plan: CoachPlan) -> str:
    """How many pairs have a coach, and how the coaches were chosen."""
    told = f"{plan.coached:,} of {counted(len(plan.pairs), 'pair')} have a coach"
    if not plan.jointly:
        return f"{told}, chosen after the pairs."
    lost, before = plan.lost_sequentially or 0.0, plan.one_after_the_other
    told += ", chosen together with the pairs."
    if "coached" in before and plan.coached > before["coached"]:
        told += f" Chosen after them, {before['coached']:,} would have one."
    elif lost > WORTH_TELLING:
        told += f" Chosen after them, {lost:.1%} of the total would have been lost"
        told += " (told by the solver, not proven)."
    return told
