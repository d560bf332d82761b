"""The solver alone, beside other ways to the same answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import pairmatch as pm

UNIT = 1_000_000


def weights(size: int) -> NDArray[np.float64]:
    """A dense square of weights in millionths."""
    return np.random.default_rng(size).integers(0, UNIT, (size, size)) / UNIT


def best_total(matrix: NDArray[np.float64]) -> int:
    """The optimum by scipy, in millionths."""
    from scipy.optimize import linear_sum_assignment

    units = np.rint(matrix * UNIT).astype(np.int64)
    rows, columns = linear_sum_assignment(units, maximize=True)
    return int(units[rows, columns].sum())


@pytest.mark.parametrize("size", [200, 500, 1000], indirect=True)
def test_assign(benchmark: Any, size: int) -> None:
    """pm.assign, with prices: as good as scipy's answer, and proven."""
    matrix = weights(size)
    assignment = benchmark.pedantic(pm.assign, (matrix,), rounds=3)
    assert round(assignment.values[-1] * UNIT) == best_total(matrix)
    assert assignment.gap == 0


@pytest.mark.parametrize("size", [200, 500, 1000], indirect=True)
def test_raw_min_cost_flow(benchmark: Any, size: int) -> None:
    """A bare OR-Tools call on the same arcs: one tier, no prices, no checks."""
    matrix = weights(size)
    assert benchmark.pedantic(raw_flow, (matrix,), rounds=3) == best_total(matrix)


def raw_flow(matrix: NDArray[np.float64]) -> int:
    """Total of the best perfect assignment, in millionths."""
    from ortools.graph.python import min_cost_flow

    size = len(matrix)
    flow = min_cost_flow.SimpleMinCostFlow()
    rows, columns = (axis.ravel() for axis in np.indices(matrix.shape))
    cost = -np.rint(matrix.ravel() * UNIT).astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(rows, columns + size, np.ones(size * size, np.int64), cost)
    supply = np.repeat([1, -1], size)
    flow.set_nodes_supplies(np.arange(2 * size), supply)
    if flow.solve() != flow.OPTIMAL:
        pytest.fail("the raw flow found no answer")
    return -flow.optimal_cost()
