"""Calls of `pairmatch.assign` that cannot be carried out: one error that names every problem."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

import pairmatch as pm

OK = np.array([[0.9, 0.8], [0.7, np.nan]])
HUGE = 10**400

WEIGHTS: dict[str, Any] = {
    "nothing": None,
    "a number": 1.0,
    "a text": "0.5",
    "texts": [["a", "b"]],
    "one row": [0.5, 0.5],
    "three dimensions": np.zeros((2, 2, 2)),
    "rows of different length": [[1, 2], [3]],
    "holes marked with None": [[0.5, None]],
    "complex numbers": [[1j]],
    "dates": np.array([["2026-01-01"]], "M8[D]"),
    "yes and no": [[True, False]],
    "numbers beyond every float": [[HUGE]],
    "infinite": [[0.5, np.inf]],
    "minus infinite": [[0.5, -np.inf]],
    "too large for the resolution": [[1e12]],
    "too large for any": [[1e300]],
    "a sparse row": sp.coo_array(np.array([1.0, 2.0])),
    "a sparse cube": sp.coo_array(np.ones((2, 2, 2))),
    "sparse complex": sp.csr_array(np.array([[1j]])),
    "sparse yes and no": sp.csr_array(np.array([[True]])),
    "sparse infinite": sp.csr_array(np.array([[np.inf]])),
}
"""Weights that are none; the error names `weights`."""

ARGUMENTS: list[tuple[dict[str, Any], str]] = [
    ({"mentor_capacity": -1}, "mentor_capacity"),
    ({"mentor_capacity": 1.5}, "mentor_capacity"),
    ({"mentor_capacity": None}, "mentor_capacity"),
    ({"mentor_capacity": True}, "mentor_capacity"),
    ({"mentor_capacity": "2"}, "mentor_capacity"),
    ({"mentor_capacity": HUGE}, "mentor_capacity"),
    ({"mentor_capacity": np.ma.masked_array([1, 2], mask=[False, True])}, "mentor_capacity"),
    ({"mentee_capacity": np.nan}, "mentee_capacity"),
    ({"mentee_capacity": np.inf}, "mentee_capacity"),
    ({"mentee_capacity": [1, 2, 3]}, "mentee_capacity"),
    ({"mentee_capacity": [[1, 1]]}, "mentee_capacity"),
    ({"mentee_capacity": []}, "mentee_capacity"),
    ({"mentor_minimum": [0, -1]}, "mentor_minimum"),
    ({"mentee_minimum": [0, 0.5]}, "mentee_minimum"),
    ({"hours": 1}, "hours"),
    ({"mentor_hours": 1}, "hours"),
    ({"hours": -1, "mentor_hours": 1}, "hours"),
    ({"hours": [1, np.nan], "mentor_hours": 1}, "hours"),
    ({"hours": [1, 2, 3], "mentor_hours": 1}, "hours"),
    ({"hours": np.ones((3, 2)), "mentor_hours": 1}, "hours"),
    ({"hours": np.ones((2, 2, 1)), "mentor_hours": 1}, "hours"),
    ({"hours": np.full((2, 2), np.nan), "mentor_hours": 1}, "hours"),
    ({"hours": "two", "mentor_hours": 1}, "hours"),
    ({"hours": 1e300, "mentor_hours": 1}, "hours"),
    ({"hours": 1, "mentor_hours": -1}, "mentor_hours"),
    ({"hours": 1, "mentor_hours": np.inf}, "mentor_hours"),
    ({"hours": 1, "mentor_hours": [1, 2, 3]}, "mentor_hours"),
    ({"must_match": [True]}, "must_match"),
    ({"must_match": True}, "must_match"),
    ({"must_match": [1, 0]}, "must_match"),
    ({"must_match": "yes"}, "must_match"),
    ({"must_match": [[True], [True, False]]}, "must_match"),
    ({"objective": "total"}, "objective"),
    ({"objective": ()}, "objective"),
    ({"objective": None}, "objective"),
    ({"objective": 3}, "objective"),
    ({"objective": {"total"}}, "objective"),
    ({"objective": (tier for tier in ("total",))}, "objective"),
    ({"objective": [1]}, "objective"),
    ({"objective": [["total"]]}, "objective"),
    ({"objective": ["mentes"]}, "objective"),
    ({"objective": ["mentees", "spread"]}, "objective"),
    ({"objective": ["total", "total"]}, "objective"),
    ({"objective": ["worst"]}, "objective"),
    ({"objective": ["total", "leximin"]}, "objective"),
    ({"time_limit": 0}, "time_limit"),
    ({"time_limit": np.nan}, "time_limit"),
    ({"time_limit": "1"}, "time_limit"),
    ({"time_limit": True}, "time_limit"),
    ({"time_limit": HUGE}, "time_limit"),
    ({"resolution": 0}, "resolution"),
    ({"resolution": -1e-6}, "resolution"),
    ({"resolution": np.inf}, "resolution"),
    ({"resolution": np.nan}, "resolution"),
    ({"resolution": 5e-324}, "resolution"),
    ({"resolution": "1"}, "resolution"),
    ({"resolution": HUGE}, "resolution"),
    ({"progress": "loud"}, "progress"),
]
"""One bad argument each; the error names it."""


def refused(weights: Any, arguments: Mapping[str, Any]) -> pm.CallError:
    """The error of a call, which travels between processes."""
    with pytest.raises(pm.CallError) as caught:
        pm.assign(weights, **arguments)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return caught.value


@pytest.mark.parametrize("kind", WEIGHTS)
def test_weights_that_are_none(kind: str) -> None:
    """Said of the weights, once, and of nothing else."""
    error = refused(WEIGHTS[kind], {})
    assert [finding.column for finding in error.findings] == ["weights"]


@pytest.mark.parametrize(("arguments", "name"), ARGUMENTS, ids=[str(k) for k in range(len(ARGUMENTS))])
def test_a_bad_argument_is_named(arguments: dict[str, Any], name: str) -> None:
    """Said of the argument, once, and of nothing else."""
    error = refused(OK, arguments)
    assert [finding.column for finding in error.findings] == [name]
    assert name in str(error)


def test_every_problem_is_named_at_once() -> None:
    """Eleven problems, one error."""
    arguments = {
        "mentor_capacity": [1, 2, 3],
        "mentee_capacity": -1,
        "mentor_minimum": "x",
        "mentee_minimum": [0.5, 1],
        "hours": -2,
        "mentor_hours": np.nan,
        "must_match": [1],
        "objective": ("worst", "totl"),
        "time_limit": -1,
        "resolution": 0,
        "progress": 1,
    }
    error = refused([[np.inf, 1.0], [1.0, 1.0]], arguments)
    named = [finding.column for finding in error.findings]
    assert set(named) == {*arguments, "weights"}
    assert len(named) == len(arguments) + 2  # two of the objective
    assert "Did you mean 'total'?" in str(error)


def test_the_rest_is_judged_though_the_weights_cannot_be_read() -> None:
    """Without the number of people, lengths are believed and values are not."""
    error = refused(None, {"mentor_capacity": [1, 2, 3], "mentee_capacity": -1, "hours": 1, "time_limit": 0})
    named = [finding.column for finding in error.findings]
    assert named == ["weights", "mentee_capacity", "hours", "time_limit"]
    both = refused("x", {"hours": [[1, 2], [1, -1]], "mentor_hours": [1], "must_match": [True]})
    assert [finding.column for finding in both.findings] == ["weights"]


def test_numbers_beyond_64_bits_are_refused() -> None:
    """Weights that each fit and together do not: told as what the caller can mend, not as a bug."""
    weights = np.full((300, 300), 1e13)
    objective = ("must_match", "mentees", "mentors", "pairs", "total")
    error = refused(weights, {"objective": objective, "resolution": 1})
    assert [finding.column for finding in error.findings] == ["weights"]
    assert "coarser resolution" in str(error)


def test_minimums_above_capacities_are_told_by_position() -> None:
    """Everybody for whom it is so, by position, told as one."""
    arguments = {"mentor_capacity": [1, 3], "mentor_minimum": 2, "mentee_minimum": [3, 0]}
    error = refused(OK, arguments)
    assert [(f.code, f.column, f.id) for f in error.findings] == [
        ("minimum_above_capacity", "mentor_minimum", "0"),
        ("minimum_above_capacity", "mentee_minimum", "0"),
    ]
