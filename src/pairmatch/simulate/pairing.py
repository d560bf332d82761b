"""Pairs for many runs at once, in one of three ways. The runs stand side by side in one problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.earlier import Earlier
from pairmatch.matching.revision import Revision, revised_objective
from pairmatch.problem import Ints, Loads, Problem, rank_among_equals
from pairmatch.simulate.world import FINE, World

__all__ = ["Question", "Remembered", "best", "greedy", "in_order", "stacked"]

Bools = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Question:
    """One month's question in each run: who may be paired with whom.

    Attributes
    ----------
    open
        bool ``(runs, n_pairs)``: pairs that may be made. Their mentors have a free place, and each of their
        mentees takes one mentor.
    places
        Free places of each mentor, ``(runs, n_mentors)``.
    mentors_waited, mentees_waited
        Rounds for which each person has waited, ``(runs, n_mentors)`` and ``(runs, n_mentees)``.
    weight
        Fine weights, ``(n_pairs,)`` where they are the same in every run, else ``(runs, n_pairs)``.
    """

    open: Bools
    places: Ints
    mentors_waited: Ints
    mentees_waited: Ints
    weight: Ints

    def weights(self, run: int) -> Ints:
        """The weights of all pairs in one run."""
        return self.weight if self.weight.ndim == 1 else self.weight[run]

    def key(self, run: int) -> bytes:
        """One run's question as bytes: equal questions have equal ones."""
        parts = [np.packbits(self.open[run]), self.places[run]]
        parts += [self.mentors_waited[run], self.mentees_waited[run]]
        parts += [self.weight[run][self.open[run]]] if self.weight.ndim > 1 else []
        return b"".join(part.tobytes() for part in parts)


@dataclass
class Remembered:
    """Answers found already, so that a question that comes again is not worked out again."""

    answers: dict[bytes, Places] = field(default_factory=dict)

    def ask(self, asked: Question, answer: Callable[[Sequence[int]], list[Places]]) -> Bools:
        """The pairs made in each run; ``answer`` is asked for the runs whose question is new."""
        keys = [asked.key(run) for run in range(len(asked.open))]
        new = {key: run for run, key in enumerate(keys) if key not in self.answers}
        if new:
            self.answers |= dict(zip(new, answer(list(new.values())), strict=True))
        made = np.zeros(asked.open.shape, bool)
        for run, key in enumerate(keys):
            made[run, self.answers[key]] = True
        return made


def best(world: World, asked: Question, known: Remembered) -> Bools:
    """The pairs that the solver proves to be the best, in each run by itself.

    Tiers are sums over people and pairs, and no pair reaches from one run into another: the best of all runs
    together is the best of each.

    Parameters
    ----------
    world, asked
        The people, and the question.
    known
        Earlier answers of the solver; added to.
    """
    return known.ask(asked, lambda runs: _solved(world, asked, runs))


def greedy(world: World, asked: Question, known: Remembered) -> Bools:
    """The heaviest pair first, then the heaviest of the rest, and so on; as :func:`best` otherwise."""

    def answer(runs: Sequence[int]) -> list[Places]:
        waited = asked.mentors_waited[runs], asked.mentees_waited[runs]
        part = Question(asked.open[runs], asked.places[runs], *waited, asked.weight)
        weight = asked.weight if asked.weight.ndim == 1 else asked.weight[runs]
        return [np.flatnonzero(row) for row in in_order(world, part, weight)]

    return known.ask(asked, answer)


def in_order(world: World, asked: Question, rank: NDArray[np.integer] | NDArray[np.floating]) -> Bools:
    """The pairs that are made when one goes through all of them from the highest rank down.

    Parameters
    ----------
    world, asked
        The people, and the question.
    rank
        ``(n_pairs,)`` or ``(runs, n_pairs)``; among equals the first pair comes first.
    """
    run, pair = np.nonzero(asked.open)
    order = np.lexsort((-np.broadcast_to(rank, asked.open.shape)[run, pair], run))
    run, pair = run[order], pair[order]
    mentors, mentees = world.shape
    mentor, mentee = run * mentors + world.problem.mentor[pair], run * mentees + world.problem.mentee[pair]
    places, taken = asked.places.ravel().copy(), np.zeros(asked.mentees_waited.size, bool)
    made = np.zeros(asked.open.shape, bool)
    while len(run):
        # A mentee's first pair is made if so few pairs of its mentor come before it that all could be.
        chosen = (_turn(mentee) == 0) & (_turn(mentor) < places[mentor])
        made[run[chosen], pair[chosen]] = True
        taken[mentee[chosen]] = True
        np.subtract.at(places, mentor[chosen], 1)
        left = ~taken[mentee] & (places[mentor] > 0)
        run, pair, mentor, mentee = run[left], pair[left], mentor[left], mentee[left]
    return made


def stacked(world: World, asked: Question, runs: Sequence[int]) -> tuple[Problem, Places]:
    """The questions of some runs as one problem, one run's people after another's; and its pairs' numbers."""
    problem, (mentors, mentees) = world.problem, world.shape
    shift, pair = np.nonzero(asked.open[runs])
    weight = np.concatenate([asked.weights(run)[asked.open[run]] for run in runs])
    waited = asked.mentors_waited[runs].ravel(), asked.mentees_waited[runs].ravel()
    none, ones = np.zeros(len(runs) * mentors, np.int64), np.ones(len(runs) * mentees, np.int64)
    anybody = (("mentees", "", 1),) if waited[0].any() or waited[1].any() else ()
    whole = replace(
        problem,
        mentor=(problem.mentor[pair] + shift * mentors).astype(np.int32),
        mentee=(problem.mentee[pair] + shift * mentees).astype(np.int32),
        weight=weight,
        unit=problem.unit * FINE,
        loads=Loads(asked.places[runs].ravel(), ones, none, np.zeros_like(ones)),
        must_match=np.tile(problem.must_match, len(runs)),
        objective=revised_objective(problem.objective, Revision(waited=anybody)),
        earlier=Earlier(np.empty((0, 2), np.int64), np.empty(0, bool), *waited),
    )
    return whole, pair


def _solved(world: World, asked: Question, runs: Sequence[int]) -> list[Places]:
    """For each run the numbers of its best pairs."""
    from pairmatch.solver import solve

    problem, pair = stacked(world, asked, runs)
    if not len(pair):
        return [np.empty(0, np.intp) for _ in runs]
    pairs = solve(problem).pairs
    width = problem.n_mentees
    listed = problem.mentor.astype(np.int64) * width + problem.mentee
    made = pair[np.searchsorted(listed, pairs[:, 0] * width + pairs[:, 1])]
    run = pairs[:, 0] // world.shape[0]
    return [made[run == number] for number in range(len(runs))]


def _turn(of: NDArray[np.integer]) -> Places:
    """For each entry, how many earlier entries are equal to it."""
    order = np.argsort(of, kind="stable")
    turn = np.empty(len(of), np.intp)
    turn[order] = rank_among_equals(of[order])
    return turn
