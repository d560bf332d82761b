"""What may become of a matching: who leaves and which pairs fail, drawn many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints

__all__ = ["Chances", "Scenarios", "drawn", "unserved"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

AT_ONCE = 1 << 23
"""Draws that are held at a time."""

BATCH = 100
"""Scenarios that make one network."""


@dataclass(frozen=True, eq=False)
class Chances:
    """What may happen to a matching, in positions of a planner's own.

    Attributes
    ----------
    mentors, mentees
        Each person's probability to leave.
    pairs
        Running pairs ``(n, 2)``, mentor first.
    failure
        Probability that a pair fails though both stay.
    """

    mentors: Floats
    mentees: Floats
    pairs: Ints
    failure: float


@dataclass(frozen=True, eq=False)
class Scenarios:
    """What became of the matching, one row for each time.

    Attributes
    ----------
    needs
        int64 ``(n, n_mentees)``: how many new mentors each mentee who stayed is in need of.
    stays
        bool ``(n, n_mentors)``: who stayed.
    """

    needs: NDArray[np.int32]
    stays: Bools

    def __len__(self) -> int:
        return len(self.needs)


def drawn(chances: Chances, number: int, generator: np.random.Generator) -> Scenarios:
    """Draw what becomes of a matching, independently for everybody.

    Parameters
    ----------
    chances
        Probabilities.
    number
        How many times.
    generator
        Where randomness is from.
    """
    people = len(chances.mentors) + len(chances.mentees) + len(chances.pairs)
    step = max(1, AT_ONCE // max(1, people))
    parts = [_drawn(chances, min(step, number - start), generator) for start in range(0, number, step)]
    return Scenarios(np.concatenate([p.needs for p in parts]), np.concatenate([p.stays for p in parts]))


def _drawn(chances: Chances, number: int, generator: np.random.Generator) -> Scenarios:
    stays = generator.random((number, len(chances.mentors))) >= chances.mentors
    there = generator.random((number, len(chances.mentees))) >= chances.mentees
    fails = generator.random((number, len(chances.pairs))) < chances.failure
    mentor, mentee = chances.pairs.T
    ends = (fails | ~stays[:, mentor]) & there[:, mentee]
    needs = np.zeros((number, len(chances.mentees)), np.int32)
    np.add.at(needs.T, mentee, ends.T)
    return Scenarios(needs, stays)


def unserved(scenarios: Scenarios, near: Sequence[Ints], places: Ints, kept: Sequence[int]) -> Ints:
    """In each scenario how many new mentors are still needed: by largest flows, apart from `Rescue`.

    Parameters
    ----------
    scenarios
        What became of the matching.
    near, places
        For each mentor the mentees whom they could serve, and the free places.
    kept
        The mentors who are kept.
    """
    from scipy.sparse import csr_array

    whom = [near[one] for one in kept]
    starts = np.concatenate([[0], np.cumsum([len(mentees) for mentees in whom], dtype=np.int64)])
    ends = np.concatenate([*whom, np.empty(0, np.int64)])
    able = csr_array((np.ones(len(ends), np.int8), ends, starts), shape=(len(kept), scenarios.needs.shape[1]))
    rooms, stays = places[list(kept)], scenarios.stays[:, list(kept)]
    missing: Ints = scenarios.needs.sum(axis=1).astype(np.int64)
    for start in range(0, len(scenarios), BATCH):
        at = range(start, min(start + BATCH, len(scenarios)))
        parts = [_Network.of(able, rooms, scenarios.needs[k], stays[k]) for k in at]
        missing[list(at)] -= _flows(parts)
    return missing


@dataclass(frozen=True, eq=False)
class _Network:
    """One scenario: rooms of the mentors, needs of the mentees, and who could serve whom."""

    rooms: Ints
    needs: Ints
    mentor: Ints
    mentee: Ints

    @classmethod
    def of(cls, able: Any, rooms: Ints, needs: NDArray[np.int32], stays: Bools) -> _Network:
        needy, there = np.flatnonzero(needs), np.flatnonzero(stays)
        links = able[there][:, needy].tocoo()
        return cls(rooms[there], needs[needy].astype(np.int64), links.row, links.col)


def _flows(parts: Sequence[_Network]) -> Ints:
    """How many are served in each of some scenarios, which share nothing but source and sink."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    first, edges, spans = 1, [], []
    sink = 1 + sum(len(part.rooms) + len(part.needs) for part in parts)
    for part in parts:
        mentors = first + np.arange(len(part.rooms))
        mentees = first + len(mentors) + np.arange(len(part.needs))
        edges += [
            (np.zeros(len(mentors), np.int64), mentors, part.rooms),
            (mentors[part.mentor], mentees[part.mentee], np.ones(len(part.mentor), np.int64)),
            (mentees, np.full(len(mentees), sink), part.needs),
        ]
        spans.append(slice(first + len(mentors), first + len(mentors) + len(mentees)))
        first += len(mentors) + len(mentees)
    start, end, most = (np.concatenate(column).astype(np.int32) for column in zip(*edges, strict=True))
    graph = csr_array((most, (start, end)), shape=(sink + 1, sink + 1))
    arriving = maximum_flow(graph, 0, sink).flow[:, [sink]].toarray()[:, 0]
    served: Ints = np.array([int(arriving[span].sum()) for span in spans], np.int64)
    return served
