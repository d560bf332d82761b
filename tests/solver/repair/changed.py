"""A problem after events, restated from scratch; and events drawn for a problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pairmatch.problem import Found, Ints, Loads, Priced, Problem, Solution
from pairmatch.solver.repair import Events


def after(problem: Problem, events: Events) -> Problem:
    """The problem as it is once these things have happened."""
    loads = problem.loads
    capacities = [loads.mentor_capacity.copy(), loads.mentee_capacity.copy()]
    minimums = [loads.mentor_minimum.copy(), loads.mentee_minimum.copy()]
    sizes = events.mentor_capacity, events.mentee_capacity
    left = events.mentors_left, events.mentees_left
    for capacity, minimum, size, gone in zip(capacities, minimums, sizes, left, strict=True):
        for who, places in size.items():
            capacity[who] = places
        capacity[gone] = minimum[gone] = 0
    keep = ~np.isin(problem.mentor, left[0]) & ~np.isin(problem.mentee, left[1])
    keep &= ~_among(problem, np.stack([problem.mentor, problem.mentee], axis=1), events.failed)
    required = loads.required
    stay = ~np.isin(required[:, 0], left[0]) & ~np.isin(required[:, 1], left[1])
    for gone in (events.failed, events.released):
        stay &= ~_among(problem, required, gone)
    mentor, mentee = problem.mentor[keep], problem.mentee[keep]
    return replace(
        problem,
        mentor=mentor,
        mentee=mentee,
        weight=problem.weight[keep],
        loads=replace(
            loads,
            mentor_capacity=capacities[0],
            mentee_capacity=capacities[1],
            mentor_minimum=minimums[0],
            mentee_minimum=minimums[1],
            required=np.concatenate([required[stay], events.fixed]),
        ),
    )


def _among(problem: Problem, pairs: Ints, some: Ints) -> np.typing.NDArray[np.bool_]:
    width = problem.n_mentees
    return np.isin(pairs[:, 0] * width + pairs[:, 1], some[:, 0] * width + some[:, 1])


def any_events(draw: np.random.Generator, problem: Problem, pairs: Ints) -> Events:
    """Pairs that fail, required pairs that may end, people who leave, and other capacities; or nothing."""
    n, m, loads = problem.n_mentors, problem.n_mentees, problem.loads
    failed = _some(draw, pairs, (0, 0.3, 0.6))
    left = _some(draw, np.arange(n), (0, 0.2)), _some(draw, np.arange(m), (0, 0.2))
    held = _without(loads.required, failed, left)
    released = _some(draw, held, (0, 0.4))
    held = _without(held, released, left)
    sizes: list[dict[int, int]] = []
    sides = (loads.mentor_minimum, n, 4), (loads.mentee_minimum, m, 3)
    for side, (minimum, people, most) in enumerate(sides):
        least = np.maximum(minimum, np.bincount(held[:, side], minlength=people))
        some = _some(draw, np.setdiff1d(np.arange(people), left[side]), (0, 0.3))
        sizes.append({int(who): int(max(least[who], draw.integers(0, most))) for who in some})
    return Events(failed, *left, sizes[0], sizes[1], released)


def contested(mentors: int, mentees: int, seed: int) -> Problem:
    """A programme with places for 1 to 3 mentees, minimums for some, and about half of the pairs allowed."""
    draw = np.random.default_rng([seed, mentors, mentees])
    mentor, mentee = np.nonzero(draw.random((mentors, mentees)) < 0.5)
    liked = draw.integers(0, 200, mentors)
    minimum = (draw.random(mentors) < 0.1).astype(np.int64)
    nothing = np.zeros(mentees, np.int64)
    loads = Loads(draw.integers(1, 4, mentors), np.ones(mentees, np.int64), minimum, nothing)
    weight = draw.integers(0, 800, len(mentor)) + liked[mentor]
    must = draw.random(mentees) < 0.2
    sides = mentor.astype(np.int32), mentee.astype(np.int32)
    return Problem(*sides, weight, loads, must, unit=1000)


@dataclass(frozen=True)
class Listed:
    """All pairs of a problem, as a reach tells them."""

    problem: Problem

    def touching(
        self,
        priced: Priced,
        people: tuple[Ints, Ints],
        most: int,
        stop: Callable[[], bool],
        moved: Sequence[tuple[Ints, Ints]],
    ) -> Found:
        """Pairs of these people that beat the prices, where the two have fallen together."""
        problem = self.problem
        reduced = priced.total * problem.weight + priced.pair
        reduced = reduced - priced.mentor_prices[problem.mentor] - priced.mentee_prices[problem.mentee]
        theirs = np.isin(problem.mentor, people[0]) | np.isin(problem.mentee, people[1])
        beats = theirs & (reduced > 0)
        for ours, others in moved:
            beats &= ours[problem.mentor] + others[problem.mentee] < 0
        excess = np.zeros(problem.n_mentors, np.int64)
        return Found(problem.mentor[beats], problem.mentee[beats], problem.weight[beats], excess, True)


def in_hand(problem: Problem, solution: Solution, slack: int) -> tuple[Problem, Listed]:
    """The problem with its chosen pairs and those near the prices, and the way to the others."""
    proof, width = solution.tiers[-1], np.int64(problem.n_mentees)
    chosen = solution.pairs if problem.earlier is None else [*solution.pairs, *problem.earlier.pairs]
    chosen = np.array(chosen)[:, 0] * width + np.array(chosen)[:, 1]
    reduced = problem.weight - proof.mentor_prices[problem.mentor] - proof.mentee_prices[problem.mentee]
    keep = (reduced >= -slack) | np.isin(problem.mentor * width + problem.mentee, chosen)
    pairs = problem.mentor[keep], problem.mentee[keep], problem.weight[keep]
    return replace(problem, mentor=pairs[0], mentee=pairs[1], weight=pairs[2]), Listed(problem)


def _some(draw: np.random.Generator, of: Ints, shares: Sequence[float]) -> Ints:
    return np.asarray(of[draw.random(len(of)) < draw.choice(shares)])


def _without(pairs: Ints, some: Ints, left: Sequence[Ints]) -> Ints:
    """Pairs that are not among some others, and whose people stay."""
    gone = {*map(tuple, some.tolist())}
    stay = [i not in left[0] and j not in left[1] and (i, j) not in gone for i, j in pairs.tolist()]
    return np.asarray(pairs[np.array(stay, bool)])
