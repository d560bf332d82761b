"""What is true of one person without a partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pairmatch.blocking import BlockingSet

__all__ = ["Diagnosed", "Displacement"]


@dataclass(frozen=True, slots=True)
class Displacement:
    """What it would cost to serve one person more, as the best matching that does shows.

    Attributes
    ----------
    possible
        Whether there is a valid matching that serves the person.
    costs
        What each tier would lose, in the objective's order; a later one may be negative.
    partners
        Whom the person would get.
    unmatched
        Roles and ids of those who would lose their only partner.
    changed
        How many people would have other partners than now, the person left out.
    exact
        False where a search was cut short or left a gap.
    """

    possible: bool
    costs: Mapping[str, float]
    partners: tuple[str, ...] = ()
    unmatched: tuple[tuple[str, str], ...] = ()
    changed: int = 0
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """Why one person has no partner.

    Attributes
    ----------
    role, id
        The person.
    reason
        Reason code, see :data:`pairmatch.matching.REASONS`.
    kind
        The kind of truth: ``"facts"`` (inactive, without a place, ...), ``"rules"`` (nobody is left),
        ``"blocking_set"``, ``"groups"`` (hours, minimums, required pairs or rules about groups leave no
        valid matching with a pair of theirs), ``"displaced"`` (serving them would displace a better
        matching) or ``"open"`` (not settled).
    why
        The same in one sentence.
    eligible
        Partners whom every rule and the bar allow.
    alone
        For each rule, how many partners it forbids by itself, whatever the others do.
    last
        For each rule, how many partners it alone forbids: all other rules allow them.
    blocking
        The blocking set, where there is one.
    displacement
        What serving the person would cost, where that was asked and solved.
    """

    role: str
    id: str
    reason: str
    kind: str
    why: str
    eligible: int
    alone: Mapping[str, int]
    last: Mapping[str, int]
    blocking: BlockingSet | None = None
    displacement: Displacement | None = None
