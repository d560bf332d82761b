"""A matching's problem, stated again, with its pairs by positions: what every "what if" begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.problem import RESOLUTION, Ints, Problem, Report, Solution, TierProof, units_of
from pairmatch.scoring import Fit
from pairmatch.scoring.revised import places_of_people
from pairmatch.scoring.stating import stated

if TYPE_CHECKING:
    from pairmatch.matching import Matching
    from pairmatch.scoring import Built
    from pairmatch.scoring.sweep import Sweep
    from pairmatch.scoring.workers import Workers

__all__ = ["Made", "gained", "made_by", "measured", "pairs_of", "unit_of"]


@dataclass(frozen=True)
class Made:
    """A matching beside its problem.

    Attributes
    ----------
    matching
        The matching.
    built, beyond
        Its problem, and the sweep where there are more pairs than are held.
    pairs
        Its pairs by positions, mentor first; sorted.
    weight
        Their weights in units.
    """

    matching: Matching
    built: Built
    beyond: Sweep | None
    pairs: Ints
    weight: Ints

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.built.problem

    @property
    def solution(self) -> Solution:
        """The matching as the solver told it."""
        certificate = self.matching.certificate
        return Solution(self.pairs, certificate.proofs, certificate.complete)


def made_by(matching: Matching, workers: Workers, progress: Report | None = None) -> Made:
    """State a matching's problem again, with its frozen values."""
    fitted = Fit.from_dict(matching.fitted)
    people = matching.cohort, matching.policy
    built, beyond = stated(*people, fitted, workers, progress, revision=matching.revision)
    rows = pairs_of(matching, built)
    return Made(matching, built, beyond, rows[:, :2], rows[:, 2])


def pairs_of(matching: Matching, built: Built) -> Ints:
    """Mentor's position, mentee's position and weight of each pair; sorted."""
    mentors = places_of_people(matching.cohort.mentors, built.mentors)
    mentees = places_of_people(matching.cohort.mentees, built.mentees)
    rows = sorted((mentors[pair.mentor], mentees[pair.mentee], pair.weight) for pair in matching.made)
    return np.array(rows, np.int64).reshape(-1, 3)


def measured(problem: Problem, pairs: Ints, weight: Ints) -> dict[str, int]:
    """What a matching reaches by each measure, whether it is a tier of the objective or not.

    ``"weight"`` is the sum of the pairs' weights alone, ``"total"`` that less what goals over groups cost.
    What coaches and running pairs count beside is left out.
    """
    mentor, mentee = pairs[:, 0], pairs[:, 1]
    ours = np.bincount(mentor, minlength=problem.n_mentors)
    theirs = np.bincount(mentee, minlength=problem.n_mentees)
    each = np.zeros(problem.n_mentees, np.int64)
    np.add.at(each, mentee, weight)
    cost = sum(g.price * g.short(g.count(ours, theirs, mentor, mentee)) for g in problem.groups)
    cost += sum(even.price * even.short(ours, theirs) for even in problem.evens)
    return {
        "must_match": int(np.count_nonzero((theirs > 0) & problem.must_match)),
        "mentees": int(np.count_nonzero(theirs)),
        "mentors": int(np.count_nonzero(ours)),
        "pairs": len(pairs),
        "worst": int(each[theirs > 0].min(initial=2**62)) if len(pairs) else 0,
        "weight": int(weight.sum()),
        "spread": -cost,
        "total": int(weight.sum()) - cost,
    }


def unit_of(tier: str) -> int:
    """Units in one of what a tier, or the pairs' own ``"weight"``, counts."""
    return RESOLUTION if tier == "weight" else units_of(tier)


def gained(now: TierProof, then: TierProof) -> int:
    """What a tier would gain, in units; for leximin the first difference of the levels."""
    if now.tier != "leximin":
        return then.value - now.value
    longest = max(len(now.levels), len(then.levels))
    ours, theirs = ((0,) * (longest - len(levels)) + levels for levels in (now.levels, then.levels))
    return next((b - a for a, b in zip(ours, theirs, strict=True) if a != b), 0)
