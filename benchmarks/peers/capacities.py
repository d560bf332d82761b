"""Solvers that take capacities on both sides: pairmatch, a bare min-cost flow, CP-SAT."""

from __future__ import annotations

import numpy as np

from benchmarks.assignment import UNIT, Task
from benchmarks.registry import Answer, Peer


def pairmatch(task: Task, draw: int) -> Answer:
    """Both tiers, each with prices that prove it."""
    import pairmatch as pm

    mentors, mentees = task.capacity
    found = pm.assign(task.weights, mentors, mentees, objective=("pairs", "total"))
    pairs, total = found.verified_bounds
    return Answer(found.pairs, (round(pairs), round(total * UNIT)))


def flow(task: Task, draw: int) -> Answer:
    """One min-cost flow by OR-Tools' bulk calls; no proof, no checks."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    gains = task.gains()
    (n, m), (mentor_most, mentee_most) = gains.shape, task.capacity
    rows, columns = (axis.astype(np.int32) for axis in np.nonzero(gains))
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        rows, columns + np.int32(n), np.ones(len(rows), np.int64), -gains[rows, columns]
    )
    source, sink = n + m, n + m + 1
    for people, most, ends in (
        (np.arange(n), mentor_most, lambda who: (np.full_like(who, source), who)),
        (np.arange(n, n + m), mentee_most, lambda who: (who, np.full_like(who, sink))),
    ):
        tails, heads = ends(people.astype(np.int32))
        solver.add_arcs_with_capacity_and_unit_cost(
            tails, heads, np.full(len(people), most, np.int64), np.zeros(len(people), np.int64)
        )
    places = min(n * mentor_most, m * mentee_most)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, places, 0)
    solver.set_node_supply(source, places)
    solver.set_node_supply(sink, -places)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("no optimum")
    chosen = np.asarray(solver.flows(arcs)) > 0
    return Answer(task.kept(rows[chosen], columns[chosen]))


def cp_sat(task: Task, draw: int) -> Answer:
    """OR-Tools' constraint solver: one Boolean per eligible pair."""
    from ortools.sat.python import cp_model

    gains = task.gains()
    rows, columns = np.nonzero(gains)
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in rows]
    for side, most in zip((rows, columns), task.capacity, strict=True):
        order = np.argsort(side, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(side[order])) + 1):
            variables = [chosen[pair] for pair in group.tolist()]
            if most == 1:
                model.add_at_most_one(variables)
            else:
                model.add_linear_constraint(cp_model.LinearExpr.sum(variables), 0, most)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, gains[rows, columns].tolist()))
    solver = cp_model.CpSolver()
    if solver.solve(model) != cp_model.OPTIMAL:
        raise RuntimeError("no optimum")
    taken = np.array([solver.boolean_value(each) for each in chosen], bool)
    return Answer(task.kept(rows[taken], columns[taken]))


PAIRMATCH = Peer("pairmatch", pairmatch, packages=("pairmatch", "ortools"), exact=True)

PEERS = (
    Peer("OR-Tools flow", flow, packages=("ortools",), module="ortools", exact=True),
    Peer("CP-SAT", cp_sat, packages=("ortools",), module="ortools", exact=True),
)
