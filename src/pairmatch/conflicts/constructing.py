"""A quick try at a matching that keeps quotas and hours too: bounds on people that imply them, and a flow.

Of a group of whom few may have a pair, those with most places keep theirs; of one of whom many must, those
with most partners must. What comes out is held against all demands: a matching that keeps them, or nothing.
"""

from __future__ import annotations

import numpy as np

from pairmatch.conflicts.flows import pairs_within
from pairmatch.conflicts.system import Bools, Bounds, Kind, System
from pairmatch.groups import Group
from pairmatch.problem import Ints

__all__ = ["constructed"]


def constructed(system: System, on: Bools) -> Ints | None:
    """Pairs that may keep some of the demands; None where the try came to nothing."""
    bounds = system.bounds(on)
    capacity = [most.copy() for most in bounds.capacity]
    minimum = [least.copy() for least in bounds.minimum]
    if system.has(on, Kind.HOURS):
        _within_hours(system, on, capacity[0])
    partners = system.allowed(on)
    degree = [partners.sum(axis=1), partners.sum(axis=0)]
    groups = [
        group for one in system.chosen(on & system.of(Kind.QUOTA)) for group in system.quotas[one.label]
    ]
    has = [np.bincount(bounds.required[:, side], minlength=system.shape[side]) for side in (0, 1)]
    for group in sorted(groups, key=lambda group: group.most is None):
        for side, own in enumerate((group.mentors, group.mentees)):
            if own is not None:
                _bound(group, own, capacity[side], np.maximum(minimum[side], has[side]), degree[side])
                _ask(group, own, capacity[side], minimum[side], degree[side])
    told = Bounds((capacity[0], capacity[1]), (minimum[0], minimum[1]), bounds.required)
    return pairs_within(system, on, told)


def _within_hours(system: System, on: Bools, capacity: Ints) -> None:
    """As many places as hours are enough for, whoever fills them."""
    hours = system.mentee_hours
    if hours is None or not hours.size or not hours.max():
        return
    table = system.table[on & system.of(Kind.HOURS)]
    np.minimum.at(capacity, table[:, 2], table[:, 4] // int(hours.max()))


def _bound(group: Group, own: Ints, capacity: Ints, must: Ints, degree: Ints) -> None:
    """Let no more of a group have a pair than may."""
    if group.most is None:
        return
    members = np.flatnonzero(own > 0)
    places = np.minimum(capacity, degree)[members]
    order = members[np.lexsort((-places, must[members] == 0))]
    kept = order[np.cumsum(own[order]) <= group.most]
    capacity[np.setdiff1d(members, kept)] = 0


def _ask(group: Group, own: Ints, capacity: Ints, minimum: Ints, degree: Ints) -> None:
    """Let as many of a group have a pair as must."""
    if group.least is None:
        return
    able = np.flatnonzero((own > 0) & (capacity > 0) & (degree > 0))
    order = able[np.lexsort((-degree[able], minimum[able] == 0))]
    reached = np.cumsum(own[order])
    asked = order[reached - own[order] < group.least]
    minimum[asked] = np.maximum(minimum[asked], 1)
