"""Everything that must hold, taken apart: one demand for each rule, bound, required pair and quota.

Any part of the demands makes a smaller system, of which can be asked whether it leaves a valid matching.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Group
from pairmatch.problem import Ints, Loads, Problem

__all__ = ["Bools", "Demand", "Kind", "System"]

Bools = NDArray[np.bool_]

PLENTY = 10**6
"""Places, or hours in hundredths, of somebody whom nothing bounds."""


class Kind(IntEnum):
    """What a demand is about."""

    RULE = 0
    QUOTA = 1
    REQUIRED = 2
    MINIMUM = 3
    HOURS = 4
    CAPACITY = 5


class Demand(NamedTuple):
    """One thing that must hold.

    Attributes
    ----------
    kind
        What it is about.
    label
        The rule that asks for it.
    side
        0 for mentors, 1 for mentees; -1 where it is about neither alone.
    person, partner
        Position of the person, or of both of a required pair; -1 where it is about nobody.
    value
        The bound: pairs, or hundredths of hours.
    """

    kind: Kind
    label: str
    side: int = -1
    person: int = -1
    partner: int = -1
    value: int = 0


class Bounds(NamedTuple):
    """What each person may and must carry under some of the demands."""

    capacity: tuple[Ints, Ints]
    minimum: tuple[Ints, Ints]
    required: Ints


@dataclass(frozen=True, eq=False)
class System:
    """All demands on a matching of some people.

    Attributes
    ----------
    ids
        Ids of the mentors and of the mentees, by position.
    never
        Pairs that nothing could allow: a person with themself.
    forbidden
        For each pair rule, by label, the pairs that it forbids, bool ``(n_mentors, n_mentees)``.
    quotas
        For each group rule, by label, its groups.
    demands
        What must hold.
    mentee_hours
        What a pair with each mentee costs, in hundredths of hours; None where hours do not act.
    whole
        Whether these are all the people who take part, and all that is asked of them.
    """

    ids: tuple[tuple[str, ...], tuple[str, ...]]
    never: Bools
    forbidden: Mapping[str, Bools]
    quotas: Mapping[str, tuple[Group, ...]]
    demands: tuple[Demand, ...]
    mentee_hours: Ints | None = None
    whole: bool = True

    def __post_init__(self) -> None:
        table = np.array([(d.kind, d.side, d.person, d.partner, d.value) for d in self.demands], np.int64)
        object.__setattr__(self, "_table", table.reshape(-1, 5))

    @property
    def table(self) -> Ints:
        """Kind, side, person, partner and value of each demand."""
        table: Ints = getattr(self, "_table")  # noqa: B009
        return table

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentors and mentees there are."""
        return len(self.ids[0]), len(self.ids[1])

    @property
    def everything(self) -> Bools:
        """All demands."""
        return np.ones(len(self.demands), np.bool_)

    def of(self, *kinds: Kind) -> Bools:
        """The demands of some kinds."""
        return np.isin(self.table[:, 0], kinds)

    def chosen(self, on: Bools) -> list[Demand]:
        """Some of the demands."""
        return [self.demands[place] for place in np.flatnonzero(on).tolist()]

    def has(self, on: Bools, *kinds: Kind) -> bool:
        """Whether some of the demands are of these kinds."""
        return bool((on & self.of(*kinds)).any())

    def allowed(self, on: Bools) -> Bools:
        """The pairs that the rules among some of the demands allow."""
        allowed = ~self.never
        for demand in self.chosen(on & self.of(Kind.RULE)):
            allowed &= ~self.forbidden[demand.label]
        return allowed

    def bounds(self, on: Bools) -> Bounds:
        """Capacities, minimums and required pairs under some of the demands."""
        capacity = tuple(np.full(people, PLENTY, np.int64) for people in self.shape)
        minimum = tuple(np.zeros(people, np.int64) for people in self.shape)
        for side in (0, 1):
            own = self.table[on & (self.table[:, 1] == side)]
            most, least = own[own[:, 0] == Kind.CAPACITY], own[own[:, 0] == Kind.MINIMUM]
            np.minimum.at(capacity[side], most[:, 2], most[:, 4])
            np.maximum.at(minimum[side], least[:, 2], least[:, 4])
        required = np.unique(self.table[on & self.of(Kind.REQUIRED)][:, 2:4], axis=0)
        return Bounds((capacity[0], capacity[1]), (minimum[0], minimum[1]), required)

    def problem(self, on: Bools) -> Problem:
        """The problem that some of the demands state, in which every matching is worth the same."""
        mentor, mentee = np.nonzero(self.allowed(on))
        bounds = self.bounds(on)
        (n, m), (mentors, mentees) = self.shape, bounds.capacity
        places = np.minimum(mentors, m), np.minimum(mentees, n)
        loads = Loads(*places, *bounds.minimum, bounds.required)
        if self.mentee_hours is not None and self.has(on, Kind.HOURS):
            spent = self.table[on & self.of(Kind.HOURS)]
            budgets = np.full(self.shape[0], int(self.mentee_hours.sum()), np.int64)
            np.minimum.at(budgets, spent[:, 2], spent[:, 4])
            loads = replace(loads, mentor_hours=budgets, mentee_hours=self.mentee_hours)
        labels = {demand.label for demand in self.chosen(on & self.of(Kind.QUOTA))}
        return Problem(
            mentor.astype(np.int32),
            mentee.astype(np.int32),
            np.zeros(len(mentor), np.int64),
            loads,
            np.zeros(self.shape[1], np.bool_),
            ("pairs",),
            groups=tuple(group for label in self.quotas if label in labels for group in self.quotas[label]),
        )

    def changed(self, values: Mapping[int, int]) -> System:
        """The system with other bounds for some of its demands, told by their places."""
        demands = list(self.demands)
        for place, value in values.items():
            demands[place] = demands[place]._replace(value=value)
        return replace(self, demands=tuple(demands))

    def ruled(self, label: str, forbidden: Bools) -> System:
        """The system with other pairs forbidden by one of its rules."""
        return replace(self, forbidden={**self.forbidden, label: forbidden})

    def grouped(self, label: str, groups: tuple[Group, ...]) -> System:
        """The system with other groups of one of its group rules."""
        return replace(self, quotas={**self.quotas, label: groups})
