"""One min-cost flow: source → mentors → mentees → sink, with gains instead of costs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import Ints
from pairmatch.solver.gains import SideGains


def best_flow(
    mentor: NDArray[np.int32], mentee: NDArray[np.int32], gain: Ints, mentors: SideGains, mentees: SideGains
) -> NDArray[np.bool_]:
    """Choose the pairs of largest total gain (pair gains plus load gains).

    Parameters
    ----------
    mentor, mentee, gain
        The arcs: free pairs only; required pairs are in ``used`` of both sides.
    mentors, mentees
        Load gains and capacities of both sides.

    Returns
    -------
    bool ``(n_pairs,)``: which pairs are chosen. Leaving people without a pair is always possible.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n, m = len(mentors.capacity), len(mentees.capacity)
    source, sink = n + m, n + m + 1
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        mentor, mentee + np.int32(n), np.ones(len(gain), np.int64), -gain
    )
    people, capacity, value = _steps(mentors)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(len(people), source, np.int32), people, capacity, -value
    )
    people, capacity, value = _steps(mentees)
    flow.add_arcs_with_capacity_and_unit_cost(
        people + np.int32(n), np.full(len(people), sink, np.int32), capacity, -value
    )
    most = int(min((mentors.capacity - mentors.used).sum(), (mentees.capacity - mentees.used).sum()))
    flow.add_arc_with_capacity_and_unit_cost(source, sink, most, 0)
    flow.set_node_supply(source, most)
    flow.set_node_supply(sink, -most)
    _solved(flow)
    return np.asarray(flow.flows(arcs)) > 0


def _steps(side: SideGains) -> tuple[NDArray[np.int32], Ints, Ints]:
    """Parallel arcs of one side: one wherever the gain of a pair changes."""
    ends = side.breaks()
    people, capacity, value = [], [], []
    for below, above in pairwise(ends):
        has = np.flatnonzero(above > below)
        people.append(has.astype(np.int32))
        capacity.append((above - below)[has])
        value.append(side.marginal(above)[has])
    return np.concatenate(people), np.concatenate(capacity), np.concatenate(value)


def _solved(flow: Any) -> None:
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SolverError(f"the min-cost flow ended with status {status.name}")
