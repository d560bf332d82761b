"""Who stands against whom where no matching is valid: counts, before and after a flow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import Finding, InfeasibleError
from pairmatch.problem import Problem


def check_required(problem: Problem) -> None:
    """Refuse more required pairs than a person has places."""
    loads = problem.loads
    found = []
    for side, column, capacity in (
        ("mentors", 0, loads.mentor_capacity),
        ("mentees", 1, loads.mentee_capacity),
    ):
        needed = np.bincount(loads.required[:, column], minlength=len(capacity))
        hint = "more required pairs than places; raise the capacity or drop a required pair"
        found += [
            Finding("required_over_capacity", hint, side, str(i)) for i in np.flatnonzero(needed > capacity)
        ]
    if found:
        raise InfeasibleError(found)


def below_minimum(problem: Problem, pairs: NDArray[np.intp]) -> list[Finding]:
    """Who stays below their minimum when as many minimum places as possible are filled."""
    loads = problem.loads
    hint = (
        "the minimums cannot all be met: even the best attempt leaves these people below theirs; "
        "lower a minimum, raise a capacity or relax a rule"
    )
    found = []
    for side, person, minimum in (
        ("mentors", problem.mentor, loads.mentor_minimum),
        ("mentees", problem.mentee, loads.mentee_minimum),
    ):
        load = np.bincount(person[pairs], minlength=len(minimum))
        found += [Finding("below_minimum", hint, side, str(i)) for i in np.flatnonzero(load < minimum)]
    return found
