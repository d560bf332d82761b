"""Chance, drawn once for each run: what would happen to whom under any plan.

Plans are compared under the same fates. Each fate belongs to a person or a pair, not to a moment of the
computation: the same two people who are paired in the same state get on equally well, and last equally long,
whatever the plan does elsewhere. So differences between plans are not blurred by luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.simulate.life import Life
from pairmatch.simulate.world import World

__all__ = ["Fates", "draw"]

Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Fates:
    """What chance holds for each of many runs; the first axis is the run.

    Attributes
    ----------
    chemistry
        Of each eligible pair, ``(runs, n_pairs)``.
    strength
        How much risk of failing each pair bears before it fails, exponential, ``(runs, n_pairs)``.
    luck
        What a survey of the pair says beside its chemistry, standard normal, ``(runs, n_pairs)``.
    chance
        A number in [0, 1) by which random pairs are made, ``(runs, n_pairs)``.
    mentor_strength, mentee_strength
        How much risk of leaving each person bears, exponential.
    drift
        How many idle months at full risk each mentor bears, exponential, ``(runs, n_mentors)``.
    resolve
        A number in [0, 1) for each mentor: those with low ones step back after a failed pair, those
        with high ones stay for another after one that is done.
    mentor_joins, mentee_joins
        Place in [0, 1) of each person in the order of joining.
    wave
        Place in [0, 1) of each mentee in the order of the waves.
    attendance
        For each mentee and month a number in [0, 1): low ones hold their session.
    """

    chemistry: Floats
    strength: Floats
    luck: Floats
    chance: Floats
    mentor_strength: Floats
    mentee_strength: Floats
    drift: Floats
    resolve: Floats
    mentor_joins: Floats
    mentee_joins: Floats
    wave: Floats
    attendance: Floats


def draw(world: World, life: Life, runs: range, seed: int) -> Fates:
    """The fates of some runs; those of a run do not depend on which others are drawn with it.

    Parameters
    ----------
    world, life
        The people, and what chemistry is made of.
    runs
        Numbers of the runs.
    seed
        At least 0.
    """
    drawn = [_run(world, life.months, np.random.default_rng([seed, run])) for run in runs]
    skill, between, *rest = (np.stack(part) for part in zip(*drawn, strict=True))
    parts = (life.insight, np.sqrt(life.mentors_part), np.sqrt(life.between))
    known, own, other = (np.float32(part) for part in parts)
    chemistry = (
        known * world.promise.astype(np.float32) + own * skill[:, world.problem.mentor] + other * between
    )
    return Fates(chemistry, *rest)


def _run(world: World, months: int, dice: np.random.Generator) -> list[Floats]:
    """What chance holds for one run: mentors' own parts, pairs' own parts, then the fields of fates."""
    mentors, mentees = world.shape
    pairs, small = len(world.problem.weight), np.float32
    return [
        dice.standard_normal(mentors, small),
        dice.standard_normal(pairs, small),
        dice.standard_exponential(pairs, small),
        dice.standard_normal(pairs, small),
        dice.random(pairs, small),
        dice.standard_exponential(mentors),
        dice.standard_exponential(mentees),
        dice.standard_exponential(mentors),
        dice.random(mentors),
        _places(mentors, dice),
        _places(mentees, dice),
        _places(mentees, dice),
        dice.random((mentees, months)),
    ]


def _places(people: int, dice: np.random.Generator) -> Floats:
    """Places of people in a random order, evenly over [0, 1)."""
    return np.asarray((dice.permutation(people) + dice.random()) / people)
