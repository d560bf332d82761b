"""Small worlds for the tests of simulations."""

from __future__ import annotations

from functools import cache

import numpy as np

import pairmatch as pm
from pairmatch.problem import Loads, Problem
from pairmatch.simulate import World


@cache
def company(mentors: int = 40, mentees: int = 30, seed: int = 1) -> World:
    """A synthetic company under the usual policy, scored once."""
    cohort = pm.datasets.synthetic(mentors=mentors, mentees=mentees, seed=seed)
    return World.of(cohort, pm.datasets.synthetic_policy())


@cache
def alone(mentors: int = 40, mentees: int = 30, seed: int = 1) -> World:
    """The same where each mentor has one place."""
    frames = pm.datasets.synthetic_frames(mentors=mentors, mentees=mentees, seed=seed)
    cohort = pm.Cohort(frames.mentors.assign(capacity=1), frames.mentees)
    return World.of(cohort, pm.datasets.synthetic_policy())


def grid(weights: object, places: object = 1) -> World:
    """A world of these weights, in millionths; a negative one is no pair."""
    table = np.asarray(weights)
    mentor, mentee = np.nonzero(table >= 0)
    mentors, mentees = table.shape
    capacity = np.broadcast_to(np.asarray(places, np.int64), (mentors,)).copy()
    loads = Loads(
        capacity, np.ones(mentees, np.int64), np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
    )
    problem = Problem(
        mentor.astype(np.int32),
        mentee.astype(np.int32),
        table[mentor, mentee].astype(np.int64),
        loads,
        np.zeros(mentees, bool),
    )
    names = tuple(f"m{i}" for i in range(mentors)), tuple(f"e{j}" for j in range(mentees))
    return World(problem, *names)
