"""Stable matching, as for hospitals and residents: no two people would both rather have each other."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.assignment import Task
from benchmarks.registry import Answer, Case, Peer


def one_mentor_each(case: Case) -> str:
    """A resident goes to one hospital."""
    return "" if case.capacity[1] == 1 else "one mentor per mentee only"


def stable(task: Task, draw: int) -> Answer:
    """Mentees propose. Everybody ranks the other side by weight; equal weights by position."""
    games = package()
    mentees, mentors = preferences(task.weights.T), preferences(task.weights)
    capacities = dict.fromkeys(mentors, task.capacity[0])
    with deep_recursion():
        game = games.HospitalResident.create_from_dictionaries(mentees, mentors, capacities)
        found = game.solve(optimal="resident")
    pairs = [(mentor.name, mentee.name) for mentor, taken in found.items() for mentee in taken]
    return Answer(np.array(sorted(pairs), np.int64).reshape(-1, 2))


@contextmanager
def deep_recursion() -> Iterator[None]:
    """The package copies players who hold one another, which from 100 people on is too deep for Python."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def preferences(weights: Any) -> dict[int, list[int]]:
    """For everybody with an eligible partner, these in order, best first."""
    order = np.argsort(-weights, axis=1, kind="stable").tolist()
    eligible = (~np.isnan(weights)).sum(axis=1).tolist()
    return {
        person: ranked[:count]
        for person, (ranked, count) in enumerate(zip(order, eligible, strict=True))
        if count
    }


def package() -> ModuleType:
    """The package's games, though mentor-match calls itself `matching` too.

    Both put an `__init__.py` into one folder; where the other's is there, its own lines are made up for.
    """
    top = importlib.import_module("matching")
    for module, names in (
        ("base", ("BaseGame", "BaseMatching", "BasePlayer")),
        ("players", ("Player",)),
        ("matchings", ("MultipleMatching", "SingleMatching")),
    ):
        found = importlib.import_module(f"matching.{module}")
        for name in names:
            setattr(top, name, getattr(found, name))
    return importlib.import_module("matching.games")


PEERS = (Peer("matching", stable, packages=("matching",), module="matching.games", cannot=one_mentor_each),)
