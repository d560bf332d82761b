"""What would help people without a partner: each relaxation, whom it serves, and what it costs the others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.diagnosing.together import together
from pairmatch.errors import counted, listed
from pairmatch.matching import REASONS
from pairmatch.report.safe_text import named

if TYPE_CHECKING:
    from pairmatch.diagnose import Diagnosis
    from pairmatch.diagnosing import Relaxation

__all__ = ["Help", "help_rows", "helps_by_person", "whys_by_person"]

MOST = 3
"""Relaxations told for one person."""


@dataclass(frozen=True)
class Help:
    """One relaxation."""

    words: str
    serves: str
    people: str
    cost: str
    unmatched: str
    exact: bool


def help_rows(diagnosis: Diagnosis | None) -> tuple[Help, ...]:
    """All relaxations, the one that serves most first."""
    if diagnosis is None:
        return ()
    return tuple(
        Help(
            words=found.words,
            serves=f"{len(found.people):,}",
            people=_who(found.people),
            cost=_cost(found.cost),
            unmatched=_who(found.unmatched) or "nobody",
            exact=found.exact,
        )
        for found in diagnosis.found
    )


def _who(people: tuple[tuple[str, str], ...]) -> str:
    return listed(f"{role} {named(who)}" for role, who in people)


def _cost(cost: float) -> str:
    if abs(cost) < 0.0005:
        return "nothing"
    return f"{cost:.3f}" if cost > 0 else f"gains {-cost:.3f}"


def helps_by_person(diagnosis: Diagnosis | None) -> dict[tuple[str, str], tuple[str, ...]]:
    """For each person, by role and id, in words what would bring them a partner."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for relaxation in () if diagnosis is None else diagnosis.found:
        for person in relaxation.people:
            found[person].append(_told(relaxation))
    return {person: tuple(words[:MOST]) for person, words in found.items()}


def _told(relaxation: Relaxation) -> str:
    """A relaxation with what it costs the others."""
    cost = _cost(relaxation.cost)
    costs = [f"costs {cost}" if relaxation.cost > 0 else cost] if cost != "nothing" else []
    if relaxation.unmatched:
        costs.append(f"{counted(len(relaxation.unmatched), 'other')} would lose their partner")
    return f"{relaxation.words} ({'; '.join(costs)})" if costs else relaxation.words


def whys_by_person(diagnosis: Diagnosis | None) -> dict[tuple[str, str], str]:
    """For each person, by role and id, why there is nobody: one sentence for all of whom the same is true.

    Without those of whom it says no more than the reason does.
    """
    groups = [] if diagnosis is None else together(diagnosis.people)
    return {
        (group.role, each.id): group.why
        for group in groups
        for each in group.people
        if group.why != REASONS[each.reason]
    }
