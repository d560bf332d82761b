"""The brute-force oracle: the best matching of a small problem, by trying every matching.

Nothing clever, so that it can be believed: mentees are taken one by one, each gets every set of
allowed mentors that its own capacity and minimum allow, and what overfills a mentor is dropped.
What is left at the end is every valid matching there is; the tiers then pick the best of them, one
after the other (law §6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import CallError, Finding
from pairmatch.groups import Coaching, Even, Group
from pairmatch.problem import REMATCH_TIERS, Ints, Problem
from pairmatch.testing.referee import pair_need

__all__ = ["Best", "brute_force_problem"]

Who = TypeVar("Who", int, str)

MOST_MATCHINGS = 4_000_000
"""The oracle refuses a problem with more partial matchings than this: memory, about 1 GB."""

NOWHERE = np.iinfo(np.int64).min // 2
"""Stands for what coaches are worth where they cannot be placed so."""

ABSENT = np.iinfo(np.int64).max
"""Stands for the total of an unmatched mentee while totals are sorted: after everybody else."""


@dataclass(frozen=True)
class Best(Generic[Who]):
    """What the best matching of a problem is worth.

    Attributes
    ----------
    objective
        Tiers, most important first.
    values
        One integer per tier. ``"spread"`` is minus what the cohort goals cost. ``"worst"`` is the smallest
        total weight of any matched mentee, and 0 where nobody is matched; ``"leximin"`` is told by the same
        number.
    levels
        Where ``"leximin"`` is a tier, the totals of the matched mentees, ascending; else empty.
        A larger smallest total comes first, then more mentees matched, then the next smallest
        total, and so on.
    optima
        How many matchings are this good; more than 1 means a tie. Who coaches whom makes no other matching.
    pairs
        One of them, sorted, mentor first.
    """

    objective: tuple[str, ...]
    values: tuple[int, ...]
    levels: tuple[int, ...]
    optima: int
    pairs: tuple[tuple[Who, Who], ...]

    @property
    def by_tier(self) -> dict[str, int]:
        """Value of each tier by its name."""
        return dict(zip(self.objective, self.values, strict=True))


def brute_force_problem(problem: Problem) -> Best[int] | None:
    """The best matching of a small problem, found by trying all; None where no matching is valid.

    Parameters
    ----------
    problem
        At most about 5 × 5 people, or a little more where few pairs are allowed.

    Raises
    ------
    CallError
        If there are too many matchings to try.
    """
    matchings = every_matching(problem)
    if not len(matchings.loads):
        return None
    values: list[int] = []
    levels: tuple[int, ...] = ()
    for tier in problem.objective:
        if tier == "leximin":
            matchings, levels = _best_leximin(matchings)
        if tier in ("coached", "total") and problem.coaching is not None and not matchings.has_coaches:
            matchings = _with_coaches(problem.coaching, matchings)
        scores = tier_scores(problem, matchings, tier)
        values.append(int(scores.max()))
        matchings = matchings.where(scores == scores.max())
    optima = len(np.unique(matchings.which))
    return Best(problem.objective, tuple(values), levels, optima, matchings.pairs(0))


@dataclass(frozen=True)
class Matchings:
    """Many matchings of one problem, a row each.

    Attributes
    ----------
    taken
        bool ``(n, n_mentees so far, n_mentors)``: who mentors whom.
    totals
        Total weight of each mentee.
    loads, hours
        Pairs and hours of each mentor.
    which
        Number of the matching: rows that differ in their coaches alone have the same.
    coached, coach_score
        How many pairs have a coach, and the most that so many can be worth.
    has_coaches
        Whether coaches have been chosen.
    """

    taken: NDArray[np.bool_]
    totals: Ints
    loads: Ints
    hours: Ints
    which: Ints
    coached: Ints
    coach_score: Ints
    has_coaches: bool = False

    def where(self, keep: NDArray[Any]) -> Matchings:
        """Those matchings alone."""
        return Matchings(
            self.taken[keep],
            self.totals[keep],
            self.loads[keep],
            self.hours[keep],
            self.which[keep],
            self.coached[keep],
            self.coach_score[keep],
            self.has_coaches,
        )

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Whether each mentee has a mentor, ``(n, n_mentees)``."""
        return np.asarray(self.taken.any(axis=2))

    def pairs(self, row: int) -> tuple[tuple[int, int], ...]:
        """One matching as pairs of positions, mentor first, sorted."""
        mentees, mentors = np.nonzero(self.taken[row])
        return tuple(sorted(zip(mentors.tolist(), mentees.tolist(), strict=True)))


def every_matching(problem: Problem) -> Matchings:
    """Every valid matching of a small problem."""
    n = problem.n_mentors
    none = np.zeros((1, n), np.int64)
    one = np.zeros(1, np.int64)
    found = Matchings(np.zeros((1, 0, n), np.bool_), np.zeros((1, 0), np.int64), none, none, one, one, one)
    weights, hours, allowed = _matrices(problem)
    for mentee in range(problem.n_mentees):
        choices = _choices(problem, mentee, allowed)
        _refuse_large(len(found.loads) * len(choices))
        found = _extended(found, choices, weights[:, mentee], hours[:, mentee])
        found = found.where(_within(problem, found, allowed[:, mentee + 1 :].sum(axis=1)))
    for group in problem.groups:
        counts = _counts(group, found)
        least = counts.min(initial=0) if group.least is None else group.least
        most = counts.max(initial=0) if group.most is None else group.most
        keep = (counts >= least) & (counts <= most)
        found = found.where(keep)
    nothing = np.zeros(len(found.loads), np.int64)
    return replace(found, which=np.arange(len(found.loads)), coached=nothing, coach_score=nothing)


def tier_scores(problem: Problem, matchings: Matchings, tier: str) -> Ints:
    """One tier's value for each matching; ``"leximin"`` is told by its smallest total."""
    matched = matchings.matched
    if tier == "must_match":
        return _per_row(matched[:, problem.must_match])
    if tier == "mentees":
        return _per_row(matched)
    if tier == "mentors":
        return _per_row(matchings.loads > 0)
    if tier == "pairs":
        return _per_row(matchings.loads)
    if tier == "total":
        worth = _per_row(matchings.totals) - _charges(problem, matchings) + matchings.coach_score
        return worth + _bonus(problem, matchings)
    if tier == "spread":
        return -_charges(problem, matchings)
    if tier == "coached":
        return matchings.coached
    if tier in REMATCH_TIERS:
        return _of_earlier(problem, matchings, tier)
    if tier in ("worst", "leximin"):
        smallest = np.where(matched, matchings.totals, ABSENT).min(axis=1, initial=ABSENT)
        return np.where(matched.any(axis=1), smallest, 0)
    raise CallError([Finding("unknown_tier", "The oracle knows the tiers of law §6 alone.")])


def _of_earlier(problem: Problem, matchings: Matchings, tier: str) -> Ints:
    """Running pairs that stay, those that may not end, or the rounds that people with a pair have waited."""
    earlier = problem.earlier
    if earlier is None:
        return np.zeros(len(matchings.loads), np.int64)
    if tier == "waited":
        return (matchings.loads > 0) @ earlier.mentors_waited + matchings.matched @ earlier.mentees_waited
    running = earlier.pairs[earlier.held] if tier == "held" else earlier.pairs
    return _per_row(matchings.taken[:, running[:, 1], running[:, 0]])


def _bonus(problem: Problem, matchings: Matchings) -> Ints:
    """What running pairs that stay count beside their weight."""
    bonus = 0 if problem.earlier is None else problem.earlier.bonus
    return bonus * _of_earlier(problem, matchings, "kept")


def _charges(problem: Problem, matchings: Matchings) -> Ints:
    """What each matching pays to the cohort goals."""
    cost = np.zeros(len(matchings.loads), np.int64)
    for group in problem.groups:
        counts = _counts(group, matchings)
        for bound, sign in ((group.target, -1), (group.limit, 1)):
            if bound is not None:
                cost += group.price * np.maximum(0, sign * (counts - bound))
    for even in problem.evens:
        cost += even.price * _beyond(even, matchings)
    return cost


def _counts(group: Group, matchings: Matchings) -> Ints:
    """A group's count in each matching."""
    counts = np.zeros(len(matchings.loads), np.int64)
    if group.mentors is not None:
        counts += (matchings.loads > 0) @ group.mentors
    if group.mentees is not None:
        counts += matchings.matched @ group.mentees
    if group.pairs is not None:
        cells = group.pairs.cells[group.pairs.mentor][:, group.pairs.mentee]
        counts += (matchings.taken * cells.T).sum(axis=(1, 2))
    return counts


def _beyond(even: Even, matchings: Matchings) -> Ints:
    """Pairs beyond an even load."""
    loads = matchings.loads if even.side == "mentors" else matchings.taken.sum(axis=2)
    return _per_row(np.maximum(loads - even.load, 0))


def _with_coaches(coaching: Coaching, matchings: Matchings) -> Matchings:
    """Every matching with every number of coached pairs that it can have, and the most these are worth.

    Pair by pair, for every way in which the coaches' places can be taken so far.
    """
    most = int(matchings.taken.sum(axis=(1, 2)).max(initial=0))
    places = np.minimum(coaching.capacity, most)
    _refuse_large(len(matchings.loads) * int(np.prod(places.astype(object) + 1)))
    spent = np.stack([axis.ravel() for axis in np.indices(tuple(places + 1))], axis=1)
    best = np.full((len(matchings.loads), len(spent)), NOWHERE)
    best[:, 0] = 0
    for mentee, mentor in np.argwhere(matchings.taken.any(axis=0)).tolist():
        rows = np.flatnonzero(matchings.taken[:, mentee, mentor])
        before = best[rows]
        after = before.copy()
        suits = coaching.mentor_allowed[mentor] & coaching.mentee_allowed[mentee]
        for coach in np.flatnonzero(suits).tolist():
            worth = int(coaching.mentor_score[mentor, coach] + coaching.mentee_score[mentee, coach])
            stride = int(np.prod(places[coach + 1 :] + 1))
            has_place = np.flatnonzero(spent[:, coach] < places[coach])
            taken = has_place + stride
            after[:, taken] = np.maximum(after[:, taken], before[:, has_place] + worth)
        best[rows] = after
    return _by_number(matchings, best, spent.sum(axis=1))


def _by_number(matchings: Matchings, best: Ints, number: Ints) -> Matchings:
    """A row for every number of coached pairs that a matching can have."""
    rows, coached, worth = [], [], []
    for count in np.unique(number):
        most = best[:, number == count].max(axis=1)
        can = np.flatnonzero(most >= 0)
        rows.append(can)
        coached.append(np.full(len(can), count))
        worth.append(most[can])
    chosen = matchings.where(np.concatenate(rows))
    return replace(
        chosen, coached=np.concatenate(coached), coach_score=np.concatenate(worth), has_coaches=True
    )


def _per_row(counted: NDArray[Any]) -> Ints:
    return np.asarray(counted.sum(axis=1, dtype=np.int64))


def _best_leximin(matchings: Matchings) -> tuple[Matchings, tuple[int, ...]]:
    """The matchings with the best ascending vector of totals, and that vector.

    First the smallest total, then how many are matched, so that nobody is left out to make the
    rest look better, then the vectors (of one length by then), smallest entry first.
    """
    ascending = np.sort(np.where(matchings.matched, matchings.totals, ABSENT), axis=1)
    keep = np.ones(len(ascending), np.bool_)
    smallest = np.where(matchings.matched.any(axis=1), ascending[:, 0], 0) if ascending.shape[1] else None
    for first in (smallest, matchings.matched.sum(axis=1)):
        if first is not None:
            keep &= first == first[keep].max()
    for column in ascending.T:
        keep &= column == column[keep].max()
    best = matchings.where(keep)
    return best, tuple(sorted(best.totals[0][best.matched[0]].tolist()))


def _matrices(problem: Problem) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Weight, hours and permission of each pair as dense matrices, mentors in rows."""
    shape = problem.n_mentors, problem.n_mentees
    weights, hours = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    allowed = np.zeros(shape, np.bool_)
    weights[problem.mentor, problem.mentee] = problem.weight
    allowed[problem.mentor, problem.mentee] = True
    for place, need in pair_need(problem).items():
        hours[place] = need
    return weights, hours, allowed


def _choices(problem: Problem, mentee: int, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Every set of mentors that this mentee may have, bool ``(n_sets, n_mentors)``."""
    loads = problem.loads
    partners = np.flatnonzero(allowed[:, mentee]).tolist()
    required = {int(mentor) for mentor, e in loads.required.tolist() if e == mentee}
    most = min(int(loads.mentee_capacity[mentee]), len(partners))
    sizes = range(int(loads.mentee_minimum[mentee]), most + 1)
    sets = [c for size in sizes for c in combinations(partners, size) if required.issubset(c)]
    out = np.zeros((len(sets), problem.n_mentors), np.bool_)
    for row, chosen in enumerate(sets):
        out[row, list(chosen)] = True
    return out


def _extended(found: Matchings, choices: NDArray[np.bool_], weights: Ints, hours: Ints) -> Matchings:
    """Every matching so far with every choice of one more mentee."""
    before = np.repeat(np.arange(len(found.loads)), len(choices))
    choice = np.tile(choices, (len(found.loads), 1))
    return Matchings(
        np.concatenate([found.taken[before], choice[:, None, :]], axis=1),
        np.concatenate([found.totals[before], (choice @ weights)[:, None]], axis=1),
        found.loads[before] + choice,
        found.hours[before] + choice * hours,
        *(found.which[before], found.coached[before], found.coach_score[before]),
    )


def _within(problem: Problem, found: Matchings, to_come: Ints) -> NDArray[np.bool_]:
    """Which matchings overfill no mentor and can still fill each minimum with the mentees to come."""
    loads = problem.loads
    within = (found.loads <= loads.mentor_capacity) & (found.loads + to_come >= loads.mentor_minimum)
    if loads.mentor_hours is not None:
        within &= found.hours <= loads.mentor_hours
    return np.asarray(within.all(axis=1))


def _refuse_large(rows: int) -> None:
    if rows > MOST_MATCHINGS:
        hint = f"Brute force would try over {MOST_MATCHINGS:,} matchings; use a smaller problem."
        raise CallError([Finding("too_large", hint)])
