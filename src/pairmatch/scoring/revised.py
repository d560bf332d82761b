"""The problem of a re-match: with the running pairs and the waiting people of the matching before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.earlier import Earlier
from pairmatch.problem import Ints, Problem
from pairmatch.scoring.listed import exact

if TYPE_CHECKING:
    from pairmatch.cohort import Profiles
    from pairmatch.matching import Revision
    from pairmatch.scoring.blocks import Positions
    from pairmatch.scoring.building import Built

__all__ = ["places_of_people", "requiring", "revised"]

Pairs = Iterable[tuple[str, str]]


def requiring(built: Built, revision: Revision) -> Built:
    """The problem in which the running pairs that are not movable are required, wherever they fit together.

    Required pairs come first among the pairs, sorted, then the other running ones, sorted.

    Parameters
    ----------
    built
        The problem with the pairs alone that the policy requires.
    revision
        What the re-match was asked.
    """
    problem, loads = built.problem, built.problem.loads
    held = _positions(built, revision.held) if revision.required else np.empty((0, 2), np.int64)
    required = np.unique(np.concatenate([loads.required, held]), axis=0)
    earlier = _earlier(built, revision, required)
    pairs = np.concatenate([required, earlier.pairs])
    weight = exact(built.scorer, built.mentors[pairs[:, 0]], built.mentees[pairs[:, 1]])[0]
    problem = replace(
        problem,
        mentor=pairs[:, 0].astype(np.int32),
        mentee=pairs[:, 1].astype(np.int32),
        weight=weight,
        loads=replace(loads, required=required),
        objective=revision.tiers(problem.objective),
        earlier=earlier,
    )
    return replace(built, problem=problem)


def revised(built: Built, running: Problem) -> Built:
    """The problem with all pairs at hand, and among them the running ones, however little they weigh.

    Parameters
    ----------
    built
        The problem of the cohort and the policy.
    running
        The required and the running pairs.
    """
    problem = built.problem
    mentor = np.concatenate([problem.mentor, running.mentor])
    mentee = np.concatenate([problem.mentee, running.mentee])
    key, first = np.unique(mentor.astype(np.int64) * problem.n_mentees + mentee, return_index=True)
    weight = np.concatenate([problem.weight, running.weight])[first]
    problem = replace(
        problem,
        mentor=(key // max(1, problem.n_mentees)).astype(np.int32),
        mentee=(key % max(1, problem.n_mentees)).astype(np.int32),
        weight=weight,
        loads=running.loads,
        objective=running.objective,
        earlier=running.earlier,
    )
    return replace(built, problem=problem)


def _earlier(built: Built, revision: Revision, required: Ints) -> Earlier:
    """Running pairs that are not required, and who waited, by positions."""
    pairs = _positions(built, revision.running)
    pairs = pairs[~np.isin(_keys(built, pairs), _keys(built, required))]
    movable = np.isin(_keys(built, pairs), _keys(built, _positions(built, revision.movable)))
    waited = [
        _waited(people, rows, [(who, n) for side, who, n in revision.waited if side == people.side])
        for people, rows in _sides(built)
    ]
    return Earlier(pairs, ~movable, waited[0], waited[1], revision.bonus)


def _keys(built: Built, pairs: Ints) -> Ints:
    return np.asarray(pairs[:, 0] * len(built.mentees) + pairs[:, 1])


def _positions(built: Built, pairs: Pairs) -> Ints:
    """Pairs of ids by positions, sorted; those of people who do not take part are left out."""
    mentors, mentees = (places_of_people(*side) for side in _sides(built))
    found = [(mentors[a], mentees[b]) for a, b in pairs if a in mentors and b in mentees]
    return np.unique(np.array(found, np.int64).reshape(-1, 2), axis=0)


def places_of_people(people: Profiles, rows: Positions) -> dict[str, int]:
    """Place in the problem of everybody who takes part, by id."""
    return {people.ids[row]: place for place, row in enumerate(rows.tolist())}


def _waited(people: Profiles, rows: Positions, rounds: Sequence[tuple[str, int]]) -> Ints:
    by_row = np.zeros(len(people), np.int64)
    for who, number in rounds:
        if who in people.positions:
            by_row[people.position(who)] = number
    return np.asarray(by_row[rows])


def _sides(built: Built) -> tuple[tuple[Profiles, Positions], tuple[Profiles, Positions]]:
    cohort = built.scorer.cohort
    return (cohort.mentors, built.mentors), (cohort.mentees, built.mentees)
