"""From the solver's positions to people: the pairs with their scores, and who is left, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pairmatch.checking.quotas import HeldBack, held_back
from pairmatch.cohort import Pairs
from pairmatch.matching import Left, Made, Standing, left_of
from pairmatch.problem import Ints
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Columns, Scorer, barred, lacks
from pairmatch.scoring.counting import Counts, Room, counted
from pairmatch.scoring.listed import light
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    from pairmatch.cohort import Profiles
    from pairmatch.problem import Problem
    from pairmatch.scoring import Built, Tally
    from pairmatch.scoring.building import Labels

__all__ = ["counts_left", "loads_of", "pairs_made", "people_left"]

AT_ONCE = 1 << 16
"""Pairs that are scored together."""


def pairs_made(scorer: Scorer, columns: Columns, mentors: Ints, mentees: Ints) -> tuple[Made, ...]:
    """The pairs with their scores, by the ids of mentor and mentee.

    Parameters
    ----------
    scorer
        Scores them.
    columns
        The columns of contributions that are told.
    mentors, mentees
        Rows of the tables, one pair each.
    """
    made: list[Made] = []
    for start in range(0, len(mentors), AT_ONCE):
        rows = mentors[start : start + AT_ONCE], mentees[start : start + AT_ONCE]
        told = _as_list(scorer, columns, *rows) if scorer.reads_lists else _one_by_one(scorer, columns, *rows)
        made += told
    return tuple(sorted(made, key=lambda pair: (pair.mentor, pair.mentee)))


def _as_list(scorer: Scorer, columns: Columns, mentors: Ints, mentees: Ints) -> Iterator[Made]:
    cohort = scorer.cohort
    scored = scorer.score(Pairs(cohort, mentors, mentees))
    whole = columns.judged_share(scorer, scored.judged) if columns.hidden else scored.completeness
    told = columns.told(scored.contributions)
    parts = np.concatenate([*told.values(), np.empty((len(mentors), 0), np.int64)], axis=1).tolist()
    numbers = zip(
        mentors.tolist(),
        mentees.tolist(),
        scored.weight[:, 0].tolist(),
        np.broadcast_to(whole, (len(mentors), 1))[:, 0].astype(np.float64).tolist(),
        parts,
        strict=True,
    )
    ours, theirs, names = cohort.mentors.ids, cohort.mentees.ids, tuple(told)
    for mentor, mentee, weight, share, contributions in numbers:
        named = dict(zip(names, contributions, strict=True))
        yield Made(ours[mentor], theirs[mentee], weight, share, named)


def _one_by_one(scorer: Scorer, columns: Columns, mentors: Ints, mentees: Ints) -> Iterator[Made]:
    cohort = scorer.cohort
    for row, column in zip(mentors.tolist(), mentees.tolist(), strict=True):
        mentor, mentee = cohort.mentors.person(row), cohort.mentees.person(column)
        score = scorer.pair(mentor, mentee)
        completeness = columns.completeness(scorer, score)
        yield Made(mentor.id, mentee.id, score.weight, completeness, columns.told(score.contributions))


def people_left(
    built: Built, pairs: Ints, workers: Workers | None = None, *, settled: bool
) -> tuple[Left, ...]:
    """Everybody without a partner, with the reason; mentees first, by id.

    Parameters
    ----------
    built
        The problem. Where its pairs were tallied, the tally tells; else those without a partner are counted.
    pairs
        The solution, ``(n, 2)`` positions of the problem.
    workers
        Who counts, where there is much to count; None for threads of this process.
    settled
        Whether the solution is complete; else nobody is told that no other matching is better.
    """
    mentors, mentees = (
        _unpaired(built.problem.n_mentors, pairs[:, 0]),
        _unpaired(built.problem.n_mentees, pairs[:, 1]),
    )
    room, problem = _room(built.problem, pairs), built.problem
    counts = _counts(built, (mentors, mentees), room, workers)
    held = held_back(problem.groups, loads_of(problem, pairs), pairs)
    within: tuple[Ints | None, Ints | None] = (None, None)
    if held is not None:
        less = replace(room, mentors=room.mentors & ~held.mentors, mentees=room.mentees & ~held.mentees)
        ours, theirs = (side.affordable for side in _counts(built, (mentors, mentees), less, workers))
        within = (np.where(held.mentors[mentors], 0, ours), np.where(held.mentees[mentees], 0, theirs))
    cohort, loads = built.scorer.cohort, built.problem.loads
    sides = (
        _Side(
            "mentor",
            cohort.mentors,
            built.mentors[mentors],
            loads.mentor_capacity[mentors],
            len(built.mentees),
            mentors,
            within[0],
            held,
        ),
        _Side(
            "mentee",
            cohort.mentees,
            built.mentees[mentees],
            loads.mentee_capacity[mentees],
            len(built.mentors),
            mentees,
            within[1],
            held,
        ),
    )
    rules = lacks(cohort, built.scorer.policy), barred(cohort, built.scorer.policy)
    left = [
        told
        for side, found in zip(sides, counts, strict=True)
        for told in _left(side, found, *rules, settled)
    ]
    return tuple(sorted(left, key=lambda person: (person.role != "mentee", person.id)))


def counts_left(
    built: Built, pairs: Ints, workers: Workers | None = None
) -> tuple[tuple[Ints, Counts], tuple[Ints, Counts]]:
    """Positions of the mentors and of the mentees without a partner, with their counts."""
    problem = built.problem
    ours, theirs = _unpaired(problem.n_mentors, pairs[:, 0]), _unpaired(problem.n_mentees, pairs[:, 1])
    counts = _counts(built, (ours, theirs), _room(problem, pairs), workers)
    return (ours, counts[0]), (theirs, counts[1])


def loads_of(problem: Problem, pairs: Ints) -> tuple[Ints, Ints]:
    """How many pairs each mentor and each mentee has."""
    sizes = problem.n_mentors, problem.n_mentees
    ours, theirs = (np.bincount(who, minlength=n) for who, n in zip(pairs.T, sizes, strict=True))
    return ours.astype(np.int64), theirs.astype(np.int64)


def _counts(
    built: Built, asked: tuple[Ints, Ints], room: Room, workers: Workers | None
) -> tuple[Counts, Counts]:
    """The counts of those without a partner, from the tally where there is one."""
    if built.tally is not None:
        return _tallied(built, built.tally, asked, room)
    people = built.mentors, built.mentees
    with nullcontext(workers) if workers else Workers() as counting:
        return counted(built.scorer, people, asked, room, counting)


class _Side(NamedTuple):
    """Those of one side who have no partner, though they take part.

    Attributes
    ----------
    role
        ``"mentor"`` or ``"mentee"``.
    people
        The side's profiles.
    rows
        Rows of the table.
    capacity
        Most pairs of each.
    partners
        People of the other side who take part.
    places
        Positions in the problem.
    within
        Affordable partners within the rules about groups; None where no such rule is full.
    held
        Whom these rules hold back.
    """

    role: str
    people: Profiles
    rows: Ints
    capacity: Ints
    partners: int
    places: Ints
    within: Ints | None
    held: HeldBack | None


def _left(side: _Side, counts: Counts, lacking: Labels, barring: Labels, settled: bool) -> Iterator[Left]:
    """Those without a partner, and those who do not take part."""
    ids = side.people.ids
    for row in np.flatnonzero(~side.people.active).tolist():
        yield left_of(side.role, ids[row], Standing(False, 0, 0, 0, 0, 0, {}))
    lacks_of, bars = lacking[side.role], barring[side.role]
    labels = tuple(counts.forbidden)
    numbers = [counts.eligible, counts.open, counts.affordable, *counts.forbidden.values()]
    rows = zip(side.rows.tolist(), side.capacity.tolist(), np.stack(numbers, axis=1).tolist(), strict=True)
    known: dict[tuple[int, ...], dict[str, int]] = {}
    for k, (row, capacity, (eligible, open_, affordable, *forbidden)) in enumerate(rows):
        # Many are in the same case: one mapping serves them all.
        taken = known.setdefault(tuple(forbidden), dict(zip(labels, forbidden, strict=True)))
        standing = Standing(
            active=True,
            capacity=capacity,
            eligible=eligible,
            light=taken.get(MINIMUM_WEIGHT, 0),
            open=open_,
            affordable=affordable,
            taken=taken,
            partners=side.partners - taken[SAME_PERSON],
            lacks=tuple(lacks_of[row]),
            barred=tuple(bars[row]),
            settled=settled,
            within=None if side.within is None else int(side.within[k]),
            quotas=() if side.held is None else side.held.quotas(side.role, int(side.places[k])),
        )
        yield left_of(side.role, ids[row], standing)


def _unpaired(people: int, paired: Ints) -> Ints:
    return np.flatnonzero(np.bincount(paired, minlength=people) == 0)


def _room(problem: Problem, pairs: Ints) -> Room:
    """Who has a free place beside the pairs, and whose hours they leave."""
    loads = problem.loads
    mentors = np.bincount(pairs[:, 0], minlength=problem.n_mentors) < loads.mentor_capacity
    mentees = np.bincount(pairs[:, 1], minlength=problem.n_mentees) < loads.mentee_capacity
    if loads.mentor_hours is None or loads.mentee_hours is None:
        return Room(mentors, mentees)
    spent = np.zeros(problem.n_mentors, np.int64)
    np.add.at(spent, pairs[:, 0], loads.mentee_hours[pairs[:, 1]])
    return Room(mentors, mentees, loads.mentor_hours - spent, loads.mentee_hours)


def _tallied(built: Built, tally: Tally, asked: tuple[Ints, Ints], room: Room) -> tuple[Counts, Counts]:
    """The counts from a problem that holds all its pairs; what runs below the bar counts for nobody."""
    problem = built.problem
    rows = built.mentors[problem.mentor], built.mentees[problem.mentee]
    at = np.flatnonzero(~light(built.scorer, *rows, problem.weight))
    mentor, mentee = problem.mentor[at], problem.mentee[at]
    fits: Any = True
    if room.hours_left is not None and room.hours_needed is not None:
        fits = room.hours_needed[mentee] <= room.hours_left[mentor]

    def side(who: Ints, own: Any, free: Any, eligible: Ints, forbidden: Mapping[str, Ints]) -> Counts:
        per_person = [np.bincount(own[some], minlength=len(eligible))[who] for some in (free, free & fits)]
        return Counts({label: n[who] for label, n in forbidden.items()}, eligible[who], *per_person)

    return (
        side(asked[0], mentor, room.mentees[mentee], tally.mentor_eligible, tally.mentor_forbidden),
        side(asked[1], mentee, room.mentors[mentor], tally.mentee_eligible, tally.mentee_forbidden),
    )
