"""Loads: what each person may and must carry (law §7).

A person's own fields come first, then the policy's defaults; its load rules bound both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairmatch.errors import Finding, InfeasibleError
from pairmatch.problem import Ints, Loads, possible_capacity
from pairmatch.scoring.blocks import Positions

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles
    from pairmatch.policy import Policy

__all__ = ["loads", "own_loads"]


def loads(cohort: Cohort, policy: Policy, mentors: Positions, mentees: Positions) -> Loads:
    """The loads of the people in the problem, in its order.

    Parameters
    ----------
    mentors, mentees
        For each position of the problem, the row of the table.

    Raises
    ------
    InfeasibleError
        If a pair is required whose mentor or mentee is not in the problem.
    """
    whole = own_loads(cohort, policy)
    for rule in policy.load_rules:
        whole = rule.bound(whole, cohort)
    return Loads(
        mentor_capacity=possible_capacity(whole.mentor_capacity, whole.mentor_minimum, len(mentees))[mentors],
        mentee_capacity=possible_capacity(whole.mentee_capacity, whole.mentee_minimum, len(mentors))[mentees],
        mentor_minimum=whole.mentor_minimum[mentors],
        mentee_minimum=whole.mentee_minimum[mentees],
        required=_required(cohort, whole.required, mentors, mentees),
        mentee_hours=None if whole.mentee_hours is None else whole.mentee_hours[mentees],
        mentor_hours=None if whole.mentor_hours is None else whole.mentor_hours[mentors],
    )


def own_loads(cohort: Cohort, policy: Policy) -> Loads:
    """What everybody's own fields, or the policy's defaults, say, before any rule; by row of the tables."""
    return Loads(
        mentor_capacity=_own(cohort.mentors, "capacity", policy.mentors.capacity),
        mentee_capacity=_own(cohort.mentees, "capacity", policy.mentees.capacity),
        mentor_minimum=_own(cohort.mentors, "minimum", policy.mentors.minimum),
        mentee_minimum=_own(cohort.mentees, "minimum", policy.mentees.minimum),
    )


def _own(profiles: Profiles, field: str, default: int) -> Ints:
    """A person's own number, or the default where their field says nothing."""
    numbers = np.full(len(profiles), default, np.int64)
    if field in profiles.fields:
        own = profiles.number(field)
        said = ~np.isnan(own)
        numbers[said] = own[said].astype(np.int64)
    return numbers


def _required(cohort: Cohort, pairs: Ints, mentors: Positions, mentees: Positions) -> Ints:
    """Required pairs in the problem's positions, sorted, each once."""
    left = _places(pairs[:, 0], mentors, len(cohort.mentors))
    right = _places(pairs[:, 1], mentees, len(cohort.mentees))
    absent = _absent(cohort.mentors, pairs[left < 0, 0]) + _absent(cohort.mentees, pairs[right < 0, 1])
    if absent:
        raise InfeasibleError(absent)
    return np.unique(np.stack([left, right], axis=1), axis=0)


def _places(rows: Ints, positions: Positions, n_rows: int) -> Ints:
    """Where rows of a table stand in the problem; negative where they do not."""
    place = np.full(n_rows, -1, np.int64)
    place[positions] = np.arange(len(positions))
    return place[rows]


def _absent(profiles: Profiles, rows: Ints) -> list[Finding]:
    hint = "A required pair needs a person who is not active; make them active or drop the pair."
    ids = sorted({profiles.ids[row] for row in rows.tolist()})
    return [Finding("required_not_active", hint, side=profiles.side, id=who) for who in ids]
