"""Solvers of the linear assignment problem. A mentor with three places becomes three rows."""

from __future__ import annotations

import numpy as np

from benchmarks.assignment import Task
from benchmarks.registry import Answer, Case, Peer


def one_mentor_each(case: Case) -> str:
    """Rows can be repeated for one side only: with both, the same pair could be made twice."""
    return "" if case.capacity[1] == 1 else "one mentor per mentee only"


def scipy(task: Task, draw: int) -> Answer:
    """Its shortest augmenting paths, in floats (exact up to 2**53)."""
    from scipy.optimize import linear_sum_assignment

    gains, whose = task.places()
    rows, columns = linear_sum_assignment(gains, maximize=True)
    return Answer(task.kept(whose[rows], columns))


def lapx(task: Task, draw: int) -> Answer:
    """Jonker and Volgenant's algorithm, dense."""
    import lap

    gains, whose = task.places()
    costs = (gains.max() - gains).astype(np.float64)
    rows, columns = lap.lapjvx(costs, extend_cost=costs.shape[0] != costs.shape[1], return_cost=False)
    return Answer(task.kept(whose[rows], columns))


def ortools(task: Task, draw: int) -> Answer:
    """OR-Tools' cost-scaling assignment; it needs a square."""
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    gains, whose = task.places()
    n = max(gains.shape)
    square = np.zeros((n, n), np.int64)
    square[: gains.shape[0], : gains.shape[1]] = gains
    rows, columns = (axis.ravel().astype(np.int32) for axis in np.indices(square.shape))
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(rows, columns, -square.ravel())
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("no optimum")
    mates = np.array([solver.right_mate(row) for row in range(len(whose))])
    real = mates < gains.shape[1]
    return Answer(task.kept(whose[real], mates[real]))


def munkres(task: Task, draw: int) -> Answer:
    """The Hungarian algorithm on lists of integers."""
    from munkres import Munkres

    gains, whose = task.places()
    found = np.array(Munkres().compute((gains.max() - gains).tolist()))
    return Answer(task.kept(whose[found[:, 0]], found[:, 1]))


def networkx(task: Task, draw: int) -> Answer:
    """Edmonds' blossoms, in Python: for graphs of any shape, not only two sides."""
    import networkx as nx

    gains, whose = task.places()
    rows, columns = np.nonzero(gains)
    right = (columns + len(gains)).tolist()
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(rows.tolist(), right, gains[rows, columns].tolist(), strict=True))
    found = np.array([sorted(edge) for edge in nx.max_weight_matching(graph)]).reshape(-1, 2)
    return Answer(task.kept(whose[found[:, 0]], found[:, 1] - len(gains)))


PEERS = (
    Peer("lapx", lapx, packages=("lapx",), module="lap", exact=True, cannot=one_mentor_each),
    Peer("scipy", scipy, packages=("scipy",), module="scipy", exact=True, cannot=one_mentor_each),
    Peer(
        "OR-Tools assignment",
        ortools,
        packages=("ortools",),
        module="ortools",
        exact=True,
        cannot=one_mentor_each,
    ),
    Peer("munkres", munkres, packages=("munkres",), module="munkres", exact=True, cannot=one_mentor_each),
    Peer("networkx", networkx, packages=("networkx",), module="networkx", exact=True, cannot=one_mentor_each),
)
