"""Solvers of matrices on a ready one: weights, eligible pairs and places are given, only they are timed.

The total of eligible pairs is to be largest among all assignments with most pairs, so a pair that is not
eligible costs more than all others together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.assignment import UNIT
from benchmarks.companies import COMPANIES, MOST_READY, Stored
from benchmarks.registry import Answer, Case, Peer

MOST_OBJECTS = 10_000_000
"""Pairs for solvers that keep each of them as a Python object."""


@dataclass(frozen=True)
class Matrix:
    """Costs with a row for each place of a mentor, whose places they are, and what no pair costs."""

    costs: NDArray[np.float64]
    whose: NDArray[np.int64]
    nobody: int

    def kept(self, rows: Any, columns: Any) -> NDArray[np.int64]:
        """Mentor and mentee of each pair, without those that only fill up."""
        rows, columns = np.asarray(rows, np.int64), np.asarray(columns, np.int64)
        real = self.costs[rows, columns] < self.nobody
        return np.column_stack([self.whose[rows[real]], columns[real]])


def matrix(stored: Stored) -> Matrix:
    """The dense matrix; whole numbers, exact in floats as long as their sums stay below 2**53."""
    places = stored.places()
    first = np.cumsum(places) - places
    n_mentees = stored.units().shape[1]
    nobody = UNIT + least_bonus(stored)
    costs = np.empty((int(places.sum()), n_mentees))
    for start, units in stored.strips():
        mine = places[start : start + len(units)]
        begin = first[start]
        costs[begin : begin + mine.sum()] = np.where(units < 0, float(nobody), UNIT - units).repeat(
            mine, axis=0
        )
    return Matrix(costs, np.arange(len(places)).repeat(places), nobody)


def least_bonus(stored: Stored) -> int:
    """More than all weights together."""
    return UNIT * min(int(stored.places().sum()), stored.units().shape[1]) + 1


def no_matrix(case: Case) -> str:
    """Matrices of the largest cases take gigabytes before any work has begun."""
    mentors, mentees = COMPANIES[case.family].sides(case.size)
    return too_large(mentors * mentees)


def no_square(case: Case) -> str:
    """Nor are there squares with as many mentees as places: most of it would be filling."""
    company = COMPANIES[case.family]
    mentors, mentees = company.sides(case.size)
    return no_matrix(case) or too_large(max(mentors * sum(company.places) // 2, mentees) ** 2)


def no_objects(case: Case) -> str:
    """Python keeps an object for each pair."""
    mentors, mentees = COMPANIES[case.family].sides(case.size)
    few = mentors * mentees <= MOST_OBJECTS
    return "" if few else f"a matrix of {mentors * mentees / 1e6:,.0f} million objects"


def too_large(pairs: int) -> str:
    """Why so many pairs are too many; empty where they are not."""
    return "" if pairs <= MOST_READY else f"a matrix of {8 * pairs / 1e9:,.0f} GB"


def scipy(ready: Matrix, draw: int) -> Answer:
    """Shortest augmenting paths."""
    from scipy.optimize import linear_sum_assignment

    return Answer(ready.kept(*linear_sum_assignment(ready.costs)))


def lapjvx(ready: Matrix, draw: int) -> Answer:
    """Jonker and Volgenant's algorithm."""
    import lap

    oblong = ready.costs.shape[0] != ready.costs.shape[1]
    return Answer(ready.kept(*lap.lapjvx(ready.costs, extend_cost=oblong, return_cost=False)))


def lapjvsa(ready: Matrix, draw: int) -> Answer:
    """The same package's other implementation, in float64 as exactness needs it."""
    import lap

    found = lap.lapjvsa(ready.costs, return_cost=False, prefer_float32=False)
    return Answer(ready.kept(found[:, 0], found[:, 1]))


class Square(NamedTuple):
    """The matrix, and the same filled up to a square of arcs."""

    ready: Matrix
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    costs: NDArray[np.int64]


def square(stored: Stored) -> Square:
    """An arc from everybody to everybody; fillers cost nothing."""
    ready = matrix(stored)
    (height, width), n = ready.costs.shape, max(ready.costs.shape)
    costs = np.zeros((n, n), np.int64)
    costs[:height, :width] = ready.costs
    people = np.arange(n, dtype=np.int32)
    return Square(ready, people.repeat(n), np.tile(people, n), costs.ravel())


def ortools(given: Square, draw: int) -> Answer:
    """Cost scaling by OR-Tools, arcs added in bulk."""
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(given.rows, given.columns, given.costs)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("no optimum")
    height, width = given.ready.costs.shape
    mates = np.array([solver.right_mate(row) for row in range(height)])
    rows = np.flatnonzero(mates < width)
    return Answer(given.ready.kept(rows, mates[rows]))


class Arcs(NamedTuple):
    """All eligible pairs, and how many mentees each mentor has a place for."""

    mentor: NDArray[np.int32]
    mentee: NDArray[np.int32]
    cost: NDArray[np.int64]
    places: NDArray[np.int64]
    n_mentees: int


def arcs(stored: Stored) -> Arcs:
    """The eligible pairs as arcs; each pair is worth more than all weights."""
    bonus = least_bonus(stored)
    found: list[tuple[Any, ...]] = []
    for start, units in stored.strips():
        rows, columns = np.nonzero(units >= 0)
        costs = -(units[rows, columns] + np.int64(bonus))
        found.append(((rows + start).astype(np.int32), columns.astype(np.int32), costs))
    mentor, mentee, cost = (np.concatenate(part) for part in zip(*found, strict=True))
    return Arcs(mentor, mentee, cost, stored.places(), stored.units().shape[1])


def flow(given: Arcs, draw: int) -> Answer:
    """One min-cost flow by OR-Tools over all eligible pairs."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n, m = len(given.places), given.n_mentees
    people = np.arange(n + m, dtype=np.int32)
    source, sink = n + m, n + m + 1
    solver = SimpleMinCostFlow()
    add = solver.add_arcs_with_capacity_and_unit_cost
    pairs = add(given.mentor, given.mentee + np.int32(n), np.ones(len(given.cost), np.int64), given.cost)
    add(np.full(n, source, np.int32), people[:n], given.places, np.zeros(n, np.int64))
    add(people[n:], np.full(m, sink, np.int32), np.ones(m, np.int64), np.zeros(m, np.int64))
    most = min(int(given.places.sum()), m)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, most, 0)
    solver.set_node_supply(source, most)
    solver.set_node_supply(sink, -most)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("no optimum")
    chosen = np.asarray(solver.flows(pairs)) > 0
    return Answer(np.column_stack([given.mentor[chosen], given.mentee[chosen]]).astype(np.int64))


def networkx(ready: Matrix, draw: int) -> Answer:
    """Edmonds' blossoms, in Python."""
    import networkx as nx

    rows, columns = np.nonzero(ready.costs < ready.nobody)
    gains = (ready.nobody - ready.costs[rows, columns]).astype(np.int64)
    graph = nx.Graph()
    right = (columns + len(ready.costs)).tolist()
    graph.add_weighted_edges_from(zip(rows.tolist(), right, gains.tolist(), strict=True))
    found = np.array([sorted(edge) for edge in nx.max_weight_matching(graph)]).reshape(-1, 2)
    return Answer(ready.kept(found[:, 0], found[:, 1] - len(ready.costs)))


class Cell:
    """A pair as mentor-match's assignment step reads it: by its score."""

    def __init__(self, score: int) -> None:
        self.score = score


def cells(stored: Stored) -> tuple[Matrix, list[list[Cell]]]:
    """The matrix, and the same in the form of mentor-match."""
    ready = matrix(stored)
    gains = (ready.nobody - ready.costs).astype(np.int64).tolist()
    return ready, [[Cell(gain) for gain in row] for row in gains]


def mentor_match(given: tuple[Matrix, list[list[Cell]]], draw: int) -> Answer:
    """The assignment step of one of mentor-match's rounds, on our weights."""
    from matching import process

    ready, grid = given
    found = np.array(process.calculate_matches(process.prepare_matrix(grid)))
    return Answer(ready.kept(found[:, 0], found[:, 1]))


PEERS = (
    Peer("lapx", lapjvx, matrix, packages=("lapx",), module="lap", exact=True, cannot=no_matrix),
    Peer("lapx lapjvsa", lapjvsa, matrix, packages=("lapx",), module="lap", exact=True, cannot=no_matrix),
    Peer("scipy", scipy, matrix, packages=("scipy",), module="scipy", exact=True, cannot=no_matrix),
    Peer(
        "OR-Tools assignment",
        ortools,
        square,
        packages=("ortools",),
        module="ortools",
        exact=True,
        cannot=no_square,
    ),
    Peer("OR-Tools flow", flow, arcs, packages=("ortools",), module="ortools", exact=True, cannot=no_matrix),
)

FOR_FEW = (
    Peer(
        "networkx", networkx, matrix, packages=("networkx",), module="networkx", exact=True, cannot=no_objects
    ),
    Peer(
        "mentor-match",
        mentor_match,
        cells,
        packages=("mentor-match", "munkres"),
        module="matching.process",
        exact=True,
        cannot=no_objects,
    ),
)
"""In Python, so only for few people."""
