"""From a cohort and a policy to the solver's arrays, with a count of what each rule took from whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.parameters import ELIGIBILITY, has_methods, label_of
from pairmatch.problem import Ints, Problem, Progress, Report
from pairmatch.scoring.blocks import BLOCK_PAIRS, Positions, blocks
from pairmatch.scoring.coaches import Suiting
from pairmatch.scoring.listed import exact
from pairmatch.scoring.loads import loads
from pairmatch.scoring.order import canonical_order
from pairmatch.scoring.scorer import MINIMUM_WEIGHT, Scorer
from pairmatch.scoring.wholes import wholes

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Profiles
    from pairmatch.policy import Policy
    from pairmatch.scoring.fitting import Fit

__all__ = ["Built", "Tally", "build", "build_required"]

Bools = NDArray[np.bool_]

Labels = dict[str, tuple[tuple[str, ...], ...]]
"""Labels of rules for each row of each side, ``"mentor"`` and ``"mentee"``."""


@dataclass(frozen=True)
class Tally:
    """How many pairs each person could be in, and what took the others; in the problem's positions.

    Attributes
    ----------
    mentor_eligible, mentee_eligible
        Pairs of each person that reached the solver.
    mentor_forbidden, mentee_forbidden
        For each rule, by label, how many of each person's pairs it forbids; a pair may be forbidden by
        several. ``"same_person"`` comes first; ``"minimum_weight"``, where the policy sets a bar, comes
        last and counts the pairs that every rule allows and that weigh too little.
    lacking
        For each rule, by label, how many active mentors and mentees lack the data that it needs.
    """

    mentor_eligible: Ints
    mentee_eligible: Ints
    mentor_forbidden: Mapping[str, Ints]
    mentee_forbidden: Mapping[str, Ints]
    lacking: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Built:
    """The solver's problem and the way back from it to people.

    Attributes
    ----------
    problem
        The problem in arrays: active people only, in canonical order.
    mentors, mentees
        For each position of the problem, the row of the table.
    tally
        Counts per person; None where the problem does not hold all pairs.
    scorer
        The scorer that weighed the pairs.
    suiting
        The coaches held against these people; None where the policy has no part about coaches.
    """

    problem: Problem
    mentors: Positions
    mentees: Positions
    tally: Tally | None
    scorer: Scorer
    suiting: Suiting | None = None


def build(
    cohort: Cohort,
    policy: Policy,
    fit: Fit,
    progress: Report | None = None,
    *,
    block_pairs: int = BLOCK_PAIRS,
) -> Built:
    """The problem that a cohort and a policy state.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort (``policy.check(cohort)``).
    fit
        Fitted values of this cohort or of an earlier one.
    progress
        Called after each block, with the pairs scored so far.
    block_pairs
        Most pairs in memory at once; never changes the answer.

    Raises
    ------
    InfeasibleError
        If a required pair needs a person who is not active.
    PolicyError
        If a rule does not answer with booleans, or a goal with scores in [0, 1], of the block's shape.
    """
    scorer = Scorer(cohort, policy, fit)
    mentors = canonical_order(cohort.mentors, policy.seed)
    mentees = canonical_order(cohort.mentees, policy.seed)
    bounds = loads(cohort, policy, mentors, mentees)
    whole = wholes(cohort, policy, bounds, mentors, mentees)
    arcs = _Arcs(scorer, len(mentors), len(mentees))
    for start, block in blocks(cohort, mentors, mentees, block_pairs):
        arcs.add(start, block)
        if progress is not None:
            done = (start + block.shape[0]) * len(mentees)
            progress(Progress("scoring pairs", done, len(mentors) * len(mentees)))
    problem = Problem(
        *arcs.joined(),
        loads=bounds,
        must_match=_must_match(cohort.mentees)[mentees],
        objective=tuple(policy.objective),
        groups=whole.groups,
        evens=whole.evens,
    )
    return Built(problem, mentors, mentees, arcs.tally(lacking(cohort, policy)), scorer)


def build_required(cohort: Cohort, policy: Policy, fit: Fit) -> Built:
    """The same problem with the required pairs alone: all others are left to a sweep.

    Raises
    ------
    InfeasibleError
        If a required pair needs a person who is not active.
    """
    scorer = Scorer(cohort, policy, fit)
    mentors = canonical_order(cohort.mentors, policy.seed)
    mentees = canonical_order(cohort.mentees, policy.seed)
    bounds = loads(cohort, policy, mentors, mentees)
    whole = wholes(cohort, policy, bounds, mentors, mentees)
    ours, theirs = bounds.required.T
    problem = Problem(
        ours.astype(np.int32),
        theirs.astype(np.int32),
        exact(scorer, mentors[ours], mentees[theirs])[0],
        loads=bounds,
        must_match=_must_match(cohort.mentees)[mentees],
        objective=tuple(policy.objective),
        groups=whole.groups,
        evens=whole.evens,
    )
    return Built(problem, mentors, mentees, None, scorer)


class _Arcs:
    """Collects the eligible pairs, block by block, and counts the others."""

    def __init__(self, scorer: Scorer, n_mentors: int, n_mentees: int) -> None:
        self._scorer = scorer
        labels = [*scorer.rule_labels, *([MINIMUM_WEIGHT] if scorer.bar else [])]
        self._mentor_forbidden = {label: np.zeros(n_mentors, np.int64) for label in labels}
        self._mentee_forbidden = {label: np.zeros(n_mentees, np.int64) for label in labels}
        self._mentor_eligible = np.zeros(n_mentors, np.int64)
        self._mentee_eligible = np.zeros(n_mentees, np.int64)
        self._mentor = [np.empty(0, np.int32)]
        self._mentee = [np.empty(0, np.int32)]
        self._weight = [np.empty(0, np.int64)]

    def add(self, start: int, block: Block) -> None:
        """Add the pairs of one block, whose first row is ``start``."""
        allowed = np.ones(block.shape, np.bool_)
        for label, forbidden in self._scorer.forbidding(block):
            self._count(label, start, forbidden)
            allowed &= ~forbidden
        weight = self._scorer.weight(block)
        if self._scorer.bar:
            light = allowed & self._scorer.light(block, weight)
            self._count(MINIMUM_WEIGHT, start, light)
            allowed &= ~light
        self._take(start, allowed, weight)

    def _take(self, start: int, allowed: Bools, weight: NDArray[np.int32]) -> None:
        height, width = allowed.shape
        per_mentor = _per_row(allowed)
        self._mentor_eligible[start : start + height] = per_mentor
        self._mentee_eligible += _per_column(allowed)
        places = np.flatnonzero(allowed)
        self._mentor.append(np.repeat(np.arange(start, start + height, dtype=np.int32), per_mentor))
        self._mentee.append((places % width).astype(np.int32))
        self._weight.append(weight.ravel()[places].astype(np.int64))

    def _count(self, label: str, start: int, forbidden: Bools) -> None:
        self._mentor_forbidden[label][start : start + len(forbidden)] = _per_row(forbidden)
        self._mentee_forbidden[label] += _per_column(forbidden)

    def joined(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Ints]:
        """Mentor, mentee and weight of every eligible pair, sorted by mentor, then mentee."""
        return np.concatenate(self._mentor), np.concatenate(self._mentee), np.concatenate(self._weight)

    def tally(self, lacking: Mapping[str, tuple[int, int]]) -> Tally:
        """The counts."""
        return Tally(
            self._mentor_eligible,
            self._mentee_eligible,
            self._mentor_forbidden,
            self._mentee_forbidden,
            lacking,
        )


def _per_row(pairs: Bools) -> Ints:
    return np.asarray(pairs.sum(axis=1, dtype=np.int64))


def _per_column(pairs: Bools) -> Ints:
    return np.asarray(pairs.sum(axis=0, dtype=np.int64))


def _true(flags: Bools) -> int:
    return int(np.count_nonzero(flags))


def _must_match(mentees: Profiles) -> Bools:
    """Mentees whose field says that they must get a mentor."""
    if "must_match" not in mentees.fields:
        return np.zeros(len(mentees), np.bool_)
    return np.asarray(mentees.flag("must_match") == 1)


def lacks(cohort: Cohort, policy: Policy) -> Labels:
    """Labels of the rules that forbid a person every pair for want of their data."""
    strict = [
        rule
        for rule in (*policy.pair_rules, *policy.load_rules)
        if hasattr(rule, "lacking") and getattr(rule, "missing", "forbid") == "forbid"
    ]
    return _by_row(cohort, ((label_of(rule), rule.lacking(cohort)) for rule in strict))


def barred(cohort: Cohort, policy: Policy) -> Labels:
    """Labels of the rules by which a person is not eligible."""
    about_people = [rule for rule in policy.pair_rules if has_methods(rule, ELIGIBILITY)]
    return _by_row(cohort, ((label_of(rule), rule.barring(cohort)) for rule in about_people))


def _by_row(cohort: Cohort, told: Iterable[tuple[str, tuple[Bools, Bools]]]) -> Labels:
    found: dict[str, list[tuple[str, ...]]] = {side: [()] * len(people) for side, people in _sides(cohort)}
    for label, sides in told:
        for (side, _), flags in zip(_sides(cohort), sides, strict=True):
            # Of equal labels one tuple, however many people have them.
            longer: dict[tuple[str, ...], tuple[str, ...]] = {}
            for row in np.flatnonzero(flags).tolist():
                before = found[side][row]
                found[side][row] = longer.setdefault(before, (*before, label))
    return {side: tuple(rows) for side, rows in found.items()}


def _sides(cohort: Cohort) -> tuple[tuple[str, Profiles], tuple[str, Profiles]]:
    return ("mentor", cohort.mentors), ("mentee", cohort.mentees)


def lacking(cohort: Cohort, policy: Policy) -> dict[str, tuple[int, int]]:
    """For each rule that can tell, how many active people lack the data that it needs."""
    mentor_active, mentee_active = cohort.mentors.active, cohort.mentees.active
    counts = {}
    for rule in (*policy.pair_rules, *policy.load_rules):
        if hasattr(rule, "lacking"):
            mentors, mentees = rule.lacking(cohort)
            counts[label_of(rule)] = _true(mentors & mentor_active), _true(mentees & mentee_active)
    return counts
