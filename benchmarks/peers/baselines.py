"""The ways that users know: at random, and best pair first."""

from __future__ import annotations

import numpy as np

from benchmarks.assignment import Task
from benchmarks.registry import Answer, Peer


def at_random(task: Task, draw: int) -> Answer:
    """Eligible pairs in random order, each taken if both still have a place."""
    mentors, mentees = np.nonzero(~np.isnan(task.weights))
    order = np.random.default_rng(draw).permutation(len(mentors))
    return Answer(taken(task, mentors[order].tolist(), mentees[order].tolist()))


def greedy(task: Task, draw: int) -> Answer:
    """The best pair first, then the best that still fits, and so on."""
    mentors, mentees = np.nonzero(~np.isnan(task.weights))
    order = np.argsort(-task.weights[mentors, mentees], kind="stable")
    return Answer(taken(task, mentors[order].tolist(), mentees[order].tolist()))


def taken(task: Task, mentors: list[int], mentees: list[int]) -> np.ndarray:
    """The pairs that fit, in the order given."""
    room = [[most] * n for most, n in zip(task.capacity, task.weights.shape, strict=True)]
    pairs = []
    for mentor, mentee in zip(mentors, mentees, strict=True):
        if room[0][mentor] and room[1][mentee]:
            room[0][mentor] -= 1
            room[1][mentee] -= 1
            pairs.append((mentor, mentee))
    return np.array(pairs, np.int64).reshape(-1, 2)


PEERS = (
    Peer("greedy", greedy, packages=("numpy",)),
    Peer("random", at_random, packages=("numpy",), draws=10),
)
