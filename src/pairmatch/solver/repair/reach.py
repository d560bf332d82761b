"""Pairs that are not in hand: which of them beat prices that a repair has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from pairmatch.problem import Beyond, Found, Ints, Priced, Problem, Solution, never
from pairmatch.solver.repair.mending import Mending

__all__ = ["FEW", "MOST", "Margin", "Reach", "beating", "cheaper", "in_hand"]

EACH = 24
"""Pairs of each mentor near the prices that are in hand at first."""

MOST = 256
"""Pairs of each person that are told at a time."""

BEST = 12
"""Pairs of each person that are in hand at first, whatever the prices: a way out for everybody."""

FEW = 8
"""Pairs of each person that join at a time, at first."""

FAR = 2**61
"""A price that no pair beats."""

NEAR = 100
"""Pairs are in hand at first that miss the prices by less than one part in so many of the unit."""


@dataclass(frozen=True)
class Margin:
    """Prices of the last tier that no pair beyond those in hand attains.

    Attributes
    ----------
    mentors, mentees
        The prices.
    slack
        By how much each mentor's pairs miss them, at least.
    """

    mentors: Ints
    mentees: Ints
    slack: Ints


class Reach(Protocol):
    """The way to all allowed pairs, through some people's own."""

    def touching(
        self,
        priced: Priced,
        people: tuple[Ints, Ints],
        most: int,
        stop: Callable[[], bool],
        moved: Sequence[tuple[Ints, Ints]],
    ) -> Found:
        """Pairs of these mentors, or of these mentees, whose reduced gain is above 0.

        The best ``most`` of each of these, and at least one. Required pairs and pairs of people without a
        free place may be among them.

        Parameters
        ----------
        priced
            The prices.
        people
            Mentors, mentees.
        most
            Most pairs of each.
        stop
            Whether to stop.
        moved
            Numbers of each mentor and of each mentee: where the two together are not below 0, in each entry,
            it is known that a pair does not beat the prices; it need not be told.

        Raises
        ------
        Stopped
            ``stop()`` was true.
        """
        ...


def beating(
    reach: Reach,
    part: Mending,
    people: tuple[Ints, Ints],
    mixture: Mapping[str, int],
    problem: Problem,
    most: int,
    stop: Callable[[], bool],
    margin: Margin | None,
) -> Found | None:
    """Pairs of some people that beat their prices; None where none can."""
    residual, n = part.residual, problem.n_mentors
    mentors, mentees = people
    if not len(mentors) and not len(mentees):
        return None
    u, v, placed = residual.level[:n], -residual.level[n:], ~residual.shut()
    total, pair = mixture.get("total", 0), mixture.get("pairs", 0)
    largest = total * problem.unit + pair
    # Whoever has no place takes part in no pair, whatever the price.
    mentors = mentors[largest - u[mentors] - v[placed[n:]].min(initial=FAR) > 0]
    mentees = mentees[largest - v[mentees] - u[placed[:n]].min(initial=FAR) > 0]
    if not len(mentors) and not len(mentees):
        return None
    return reach.touching(Priced(u, v, total, pair), (mentors, mentees), most, stop, _moved(part, n, margin))


def _moved(part: Mending, n: int, margin: Margin | None) -> list[tuple[Ints, Ints]]:
    """By how much prices have risen since they were held against all pairs.

    Those that never were have fallen from above all; nobody can pay for those who have no place.
    """
    risen = np.zeros(len(part.residual.level), np.int64)
    for who, before in part.residual.moved.items():
        risen[who] = part.residual.levels[who] - before
    risen[n:] *= -1
    risen[[*part.unheld]] = -FAR
    risen[part.residual.shut()] = FAR
    moved = [(risen[:n], risen[n:])]
    if margin is not None:
        level = part.residual.level
        moved.append((level[:n] - margin.mentors + margin.slack, -level[n:] - margin.mentees))
    return moved


def in_hand(
    problem: Problem, solution: Solution, beyond: Beyond, stop: Callable[[], bool] = never
) -> tuple[Problem, Margin]:
    """The problem with the chosen pairs too, each person's best ones, and those near the last tier's prices.

    And by how much no other pair attains these prices.

    Parameters
    ----------
    problem
        Its pairs are the required and the running ones.
    solution
        Its best matching, proven by prices.
    beyond
        The way to all other pairs.
    stop
        Whether to stop.

    Raises
    ------
    Stopped
        ``stop()`` was true.
    """
    proof = solution.tiers[-1]
    times = {**proof.multipliers, proof.tier: proof.scale}
    total, slack = times.get("total", 0), times.get("total", 0) * (problem.unit // NEAR)
    lower = Priced(proof.mentor_prices - slack, proof.mentee_prices, total, times.get("pairs", 0))
    # Chosen pairs are the first of their mentor, but those that are in hand already.
    most = EACH + int(problem.loads.mentor_capacity.max(initial=0))
    near, best = beyond.beating(lower, most, stop), beyond.best(BEST, BEST, stop)
    mentor = np.concatenate([problem.mentor, near.mentor, best.mentor])
    mentee = np.concatenate([problem.mentee, near.mentee, best.mentee])
    _, first = np.unique(mentor * np.int64(problem.n_mentees) + mentee, return_index=True)
    weight = np.concatenate([problem.weight, near.weight, best.weight])[first]
    known = 0 if near.cut is None else np.where(near.cut, 0, slack)
    margin = Margin(proof.mentor_prices, proof.mentee_prices, np.broadcast_to(known, problem.n_mentors))
    return replace(problem, mentor=mentor[first], mentee=mentee[first], weight=weight), margin


def cheaper(part: Mending, n: int) -> tuple[Ints, Ints]:
    """Mentors and mentees whose price has fallen since it was held against all pairs, or never was."""
    residual = part.residual
    changed = set(part.unheld)
    for who, before in residual.moved.items():
        fell = residual.level[who] < before if who < n else residual.level[who] > before
        if fell:
            changed.add(who)
    people = np.array(sorted(who for who in changed if not residual.is_shut(who)), np.int64)
    return people[people < n], people[people >= n] - n
