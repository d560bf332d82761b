"""What a re-match was asked and what it changed, as plain data. Ids and codes: never why a pair ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pairmatch.problem import COVERAGE_TIERS, REMATCH_TIERS

__all__ = ["CHANGES", "DISTURBANCE", "END_REASONS", "Change", "Revision", "revised_objective"]

DISTURBANCE = ("after_coverage", "last", "weighted")
"""Where in the order of objectives running pairs are kept (law §13); the first is the default."""

CHANGES = {
    "failed": "the pair did not work out",
    "mentor_left": "the mentor no longer takes part",
    "mentee_left": "the mentee no longer takes part",
    "rule_broken": "the pair no longer keeps a hard rule",
    "no_room": "places, hours or quotas no longer leave room for the pair",
    "moved": "the pair could move, and did so that others are served",
    "new": "nobody before: the person joined, waited, or had a free place",
}
"""Reason codes of changes and what they mean."""

END_REASONS = {
    "completed": "the planned time is over",
    "goals_met": "the pair reached what it set out to do",
    "no_chemistry": "the two did not get on",
    "no_time": "one of the two, or both, had no time",
    "changed_role": "one of the two has another job now",
    "other": "something else",
}
"""Reason codes for the end of a pair and what they mean: confidential (law §12), never kept by a matching."""


@dataclass(frozen=True, slots=True)
class Change:
    """One mentee's partner before and after.

    Attributes
    ----------
    mentee
        The mentee.
    before, after
        The mentors; empty for nobody.
    reason
        Reason code, see :data:`CHANGES`.
    rules
        For ``"rule_broken"``: labels of the rules that the old pair no longer keeps.
    """

    mentee: str
    before: str
    after: str
    reason: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Revision:
    """What a re-match was asked, and what it changed.

    Attributes
    ----------
    failed
        Mentor id, mentee id of the pairs that had failed: the policy's rule ``not_failed`` forbids them all.
    left
        ``"mentors"`` or ``"mentees"``, and id: who no longer takes part, beside what the tables say.
    capacities
        Side, id, capacity: places that are others than the tables say.
    running
        Mentor id, mentee id of the pairs before that could go on: both take part, no rule forbids the pair.
    movable
        Those of the running pairs that were allowed to end.
    waited
        Side, id, rounds: who had waited for how many rounds.
    disturbance
        One of :data:`DISTURBANCE`.
    bonus
        For ``"weighted"``: what keeping a running pair counts in ``"total"``, in units of 1e-6; else 0.
    max_changes
        Most running pairs that might end; None for any number.
    required
        Whether the running pairs that are not movable were required. They are, wherever they fit together;
        otherwise the tier ``"held"`` keeps as many as can be.
    changes
        Who has another partner, sorted by mentee.
    minimum_weight
        The bar for new pairs, where it is another one than the policy's; running pairs may go on below it.
    cooled
        Mentor id, mentee id of pairs that failed in earlier rounds, and may be proposed again.
    without_room
        How many running pairs had to end for want of room; told where a ``max_changes`` counts beside them.
    """

    failed: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    capacities: tuple[tuple[str, str, int], ...] = ()
    running: tuple[tuple[str, str], ...] = ()
    movable: tuple[tuple[str, str], ...] = ()
    waited: tuple[tuple[str, str, int], ...] = ()
    disturbance: str = "after_coverage"
    bonus: int = 0
    max_changes: int | None = None
    required: bool = True
    changes: tuple[Change, ...] = ()
    minimum_weight: float | None = None
    cooled: tuple[tuple[str, str], ...] = ()
    without_room: int = 0

    @property
    def held(self) -> tuple[tuple[str, str], ...]:
        """The running pairs that are not movable."""
        movable = set(self.movable)
        return tuple(pair for pair in self.running if pair not in movable)

    def tiers(self, objective: Sequence[str]) -> tuple[str, ...]:
        """The tiers that the re-match is solved by, where these are the policy's own."""
        return revised_objective(objective, self)


def revised_objective(objective: Sequence[str], revision: Revision | None) -> tuple[str, ...]:
    """The tiers that a re-match is solved by: the policy's, with those about running and waiting (law §13).

    Parameters
    ----------
    objective
        The policy's own.
    revision
        What the re-match was asked; None for a first matching.
    """
    if revision is None:
        return tuple(objective)
    held = () if revision.required else ("held",)
    # The coverage of mentees stays before disturbance; what comes after it, or is none, does not.
    counting = next((at for at, tier in enumerate(objective) if tier not in COVERAGE_TIERS), len(objective))
    coverage = max(
        (at + 1 for at in range(counting) if objective[at] in ("must_match", "mentees")), default=0
    )
    before, after = tuple(objective[:coverage]), tuple(objective[coverage:])
    _, kept, waited = REMATCH_TIERS
    waits = (waited,) if revision.waited else ()
    if revision.disturbance == "weighted" or not revision.movable:
        return (*held, *before, *waits, *after)
    if revision.disturbance == "last":
        return (*held, *before, *waits, *after, kept)
    return (*held, *before, kept, *waits, *after)
