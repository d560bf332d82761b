"""Which coach may support which pair, and how well: every coach held against every mentor and every mentee.

A coach stands in the mentor's place and the participant in the mentee's, in a small cohort of their own, so
that the scorer of pairs scores them and no rule or goal is written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Coaching
from pairmatch.policy import coach_policy
from pairmatch.problem import RESOLUTION, Ints, Loads
from pairmatch.scoring.blocks import Positions, blocks
from pairmatch.scoring.fitting import PARTNERS
from pairmatch.scoring.order import canonical_order
from pairmatch.scoring.scorer import Scorer

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring.fitting import Fit

__all__ = ["CoachScore", "Suiting", "suiting"]


class CoachScore(NamedTuple):
    """One coach with one partner, by the reference forms.

    Attributes
    ----------
    score
        What the partner adds to the score of a pair with this coach, in units.
    forbidden_by
        Labels of the rules that forbid the coach.
    """

    score: int
    forbidden_by: tuple[str, ...]


@dataclass(frozen=True)
class Suiting:
    """The coaches of a problem and the way back from its positions to people.

    Attributes
    ----------
    coaching
        Capacities, who suits whom and how well, in the problem's positions.
    coaches
        For each position of a coach, the row of the table.
    scorers
        Who scored the coaches, with the mentors and with the mentees.
    worth
        What a coach with a score of 1 with both partners adds to a pair, in units.
    """

    coaching: Coaching
    coaches: Positions
    scorers: Mapping[str, Scorer]
    worth: int

    def pair(self, coach: str, side: str, who: str) -> CoachScore:
        """A coach with one mentor or mentee, by their ids, in plain Python."""
        scorer = self.scorers[side]
        facing = scorer.cohort
        one = facing.mentors.person(facing.mentors.position(coach))
        other = facing.mentees.person(facing.mentees.position(who))
        found = scorer.pair(one, other)
        return CoachScore(int(_halved(self.worth, found.weight)), found.forbidden_by)


def suiting(
    cohort: Cohort,
    policy: Policy,
    fits: Mapping[str, Fit],
    mentors: Positions,
    mentees: Positions,
    loads: Loads,
) -> Suiting | None:
    """The coaches held against the people of a problem; None where the policy has no part about coaches.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort.
    fits
        Fitted values of the goals for coaches, with the mentors and with the mentees.
    mentors, mentees
        For each position of the problem, the row of the table.
    loads
        Loads of these people.
    """
    if policy.coaches is None:
        return None
    alone, worth = coach_policy(policy, policy.coaches), round(policy.coaches.weight * RESOLUTION)
    scorers = {side: Scorer(cohort.coached(side), alone, fits[side]) for side in PARTNERS}
    facing = cohort.coached("mentors")
    coaches = canonical_order(facing.mentors, policy.seed)
    sides = zip(PARTNERS, (mentors, mentees), strict=True)
    (may, earned), (may_too, earned_too) = (
        _held(scorers[side], coaches, rows, worth) for side, rows in sides
    )
    capacity = _capacity(cohort, policy, loads)[coaches]
    return Suiting(Coaching(capacity, may, may_too, earned, earned_too), coaches, scorers, worth)


def _held(
    scorer: Scorer, coaches: Positions, people: Positions, worth: int
) -> tuple[NDArray[np.bool_], Ints]:
    """Whom each coach may support, and what that adds: ``(people, coaches)``."""
    allowed = np.zeros((len(people), len(coaches)), np.bool_)
    score = np.zeros((len(people), len(coaches)), np.int64)
    for start, block in blocks(scorer.cohort, coaches, people):
        at = slice(start, start + block.shape[0])
        allowed[:, at] = scorer.eligible(block).T
        score[:, at] = _halved(worth, scorer.weight(block).astype(np.int64)).T
    return allowed, score


def _halved(worth: int, weight: Any) -> Any:
    """Half of the worth times a weight in units, rounded half up: exact in whole numbers."""
    return (worth * weight + RESOLUTION) // (2 * RESOLUTION)


def _capacity(cohort: Cohort, policy: Policy, loads: Loads) -> Ints:
    """Most pairs of each coach, by row; nobody can have more than all pairs there can be."""
    coaches, own = cohort.coaches, policy.coaches
    if coaches is None or own is None:
        return np.empty(0, np.int64)
    most = int(min(loads.mentor_capacity.sum(), loads.mentee_capacity.sum()))
    capacity = np.full(len(coaches), most if own.capacity is None else min(own.capacity, most), np.int64)
    if "capacity" in coaches:
        said = coaches.has("capacity")
        capacity[said] = np.minimum(coaches.number("capacity")[said], most).astype(np.int64)
    return capacity
