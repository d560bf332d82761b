"""The pairs of a large cohort that are at hand when rules are relaxed: not all of them.

Of the allowed pairs each person's best ones and those of an optimum are taken; of the pairs that only the
named rules forbid, those of people whom this optimum leaves out. Whether fewer exceptions would do nobody
knows then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.errors import InfeasibleError
from pairmatch.problem import Ints, Loads, never
from pairmatch.scoring import Scorer, loads
from pairmatch.scoring.listed import exact
from pairmatch.scoring.stating import stated
from pairmatch.scoring.workers import Workers
from pairmatch.solver import solve

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring import Built, Fit

__all__ = ["some_pairs"]

BEST = 12
"""Allowed pairs of each person that are at hand."""

EACH = 12
"""Pairs of each person left out that only the named rules forbid."""

AT_ONCE = 1 << 20
"""Pairs that are looked at together."""


def some_pairs(
    cohort: Cohort, policy: Policy, relaxed: Policy, fitted: Fit, left: Callable[[], float | None]
) -> Built | None:
    """The problem with the pairs that matter most; None where nobody is left out.

    Where the policy as it is leaves no matching, or the named rules take places away, those are each
    person's best pairs, with the named rules and without, and those of an optimum without.

    Parameters
    ----------
    cohort, policy, fitted
        A policy that fits the cohort, and its fitted values.
    relaxed
        The policy without the rules that may give way.
    left
        Tells the seconds left.

    Raises
    ------
    InfeasibleError
        Without the named rules too there is no matching.
    """
    scorers = Scorer(cohort, policy, fitted), Scorer(cohort, relaxed, fitted)
    with Workers() as workers:
        built, beyond = stated(cohort, policy, fitted, workers)
        if beyond is None:
            return built
        free_loads = loads(cohort, relaxed, built.mentors, built.mentees)
        best = beyond.best(BEST, BEST, never)
        pairs = [np.stack([best.mentor, best.mentee], axis=1).astype(np.int64)]
        try:
            if _has_more_places(free_loads, built.problem.loads) or not _keeps_required(scorers[0], built):
                raise InfeasibleError([])
            solution = solve(built.problem, beyond=beyond, time_limit=left())
        except InfeasibleError:
            free, wider = stated(cohort, relaxed, fitted, workers)
            if wider is None:
                return free
            solution, best = (
                solve(free.problem, beyond=wider, time_limit=left()),
                wider.best(BEST, BEST, never),
            )
            pairs += [solution.pairs, np.stack([best.mentor, best.mentee], axis=1).astype(np.int64)]
            return _with(free, scorers[1], np.unique(np.concatenate(pairs), axis=0))
    out = [_left(built.problem.objective, free_loads, solution.pairs, side) for side in (0, 1)]
    if not any(map(len, out)):
        return None
    pairs += [solution.pairs]
    pairs += [_candidates(scorers, built, side, who) for side, who in enumerate(out)]
    return _with(built, scorers[1], np.unique(np.concatenate(pairs), axis=0))


def _has_more_places(free: Loads, bounds: Loads) -> bool:
    """Whether somebody has more places once the named rules are off."""
    return bool(
        (free.mentor_capacity > bounds.mentor_capacity).any()
        or (free.mentee_capacity > bounds.mentee_capacity).any()
    )


def _keeps_required(scorer: Scorer, built: Built) -> bool:
    """Whether the required pairs pass all rules and the bar."""
    mentors, mentees = scorer.cohort.mentors, scorer.cohort.mentees
    for i, j in built.problem.loads.required.tolist():
        people = mentors.person(built.mentors[i]), mentees.person(built.mentees[j])
        score = scorer.pair(*people)
        if score.forbidden_by or scorer.is_light(people[0].id, people[1].id, score.weight):
            return False
    return True


def _left(objective: Sequence[str], free: Loads, pairs: Ints, side: int) -> Ints:
    """Those of a side whom coverage leaves out: without a pair, or with a free place where pairs count."""
    capacity = (free.mentor_capacity, free.mentee_capacity)[side]
    have = np.bincount(pairs[:, side], minlength=len(capacity))
    if "pairs" in objective:
        return np.flatnonzero(have < capacity)
    wanted = {0: {"mentors"}, 1: {"must_match", "mentees"}}[side]
    return np.flatnonzero((have == 0) & (capacity > 0)) if wanted & set(objective) else np.empty(0, np.int64)


def _candidates(scorers: tuple[Scorer, Scorer], built: Built, side: int, who: Ints) -> Ints:
    """Of each person the heaviest pairs that the named rules alone forbid, as positions."""
    partners = len(built.mentees if side == 0 else built.mentors)
    height = max(1, AT_ONCE // max(1, partners))
    found = [np.empty((0, 2), np.int64)]
    for start in range(0, len(who), height):
        some = who[start : start + height]
        rows = (some, np.arange(partners)) if side == 0 else (np.arange(partners), some)
        block = Block(scorers[0].cohort, built.mentors[rows[0]], built.mentees[rows[1]])
        weight = scorers[1].weight(block).astype(np.float64)
        weight[~_only(scorers, block)] = -1
        heavy = weight if side == 0 else weight.T
        most = min(EACH, partners)
        at = np.argpartition(-heavy, most - 1, axis=1)[:, :most]
        own, place = np.nonzero(np.take_along_axis(heavy, at, axis=1) >= 0)
        pair = some[own], at[own, place]
        found.append(np.stack(pair if side == 0 else pair[::-1], axis=1))
    return np.concatenate(found)


def _only(scorers: tuple[Scorer, Scorer], block: Block) -> NDArray[np.bool_]:
    """Pairs that are allowed once the named rules are off, and not before."""
    allowed = [
        one.eligible(block) & ~one.light(block, one.weight(block)) if one.bar else one.eligible(block)
        for one in scorers
    ]
    return np.asarray(allowed[1] & ~allowed[0])


def _with(built: Built, scorer: Scorer, pairs: Ints) -> Built:
    """The problem with these pairs."""
    weight = exact(scorer, built.mentors[pairs[:, 0]], built.mentees[pairs[:, 1]])[0]
    mentor, mentee = pairs.T.astype(np.int32)
    problem = replace(built.problem, mentor=mentor, mentee=mentee, weight=weight)
    return replace(built, problem=problem)
