"""From an error to the same error with its conflict: found by counts and flows, proven, named and mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pairmatch.conflict import Conflict
from pairmatch.conflicts.asking import BEYOND_FLOWS, Asking
from pairmatch.conflicts.naming import members
from pairmatch.conflicts.reading import Source, read, sources
from pairmatch.conflicts.repairing import repairs
from pairmatch.conflicts.shrinking import shrunk
from pairmatch.conflicts.system import Bools, Kind, System
from pairmatch.errors import InfeasibleError
from pairmatch.solver.clock import Clock

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Revision
    from pairmatch.policy import Policy
    from pairmatch.scoring import Fit

__all__ = ["with_conflict"]

SECONDS = 8.0
"""What is spent on a conflict at most: where that is too little, it says so."""

UNSURE, ASKED = 3, 50
"""So many answers that could not be had, or so many asked, leave open whether there are other reasons."""


def with_conflict(
    error: InfeasibleError,
    cohort: Cohort,
    policy: Policy,
    fitted: Fit,
    *,
    revision: Revision | None = None,
    seconds: float | None = None,
) -> InfeasibleError:
    """The error with a conflict that explains it, where one is found.

    Parameters
    ----------
    error
        What was raised, by ids.
    cohort, policy, fitted
        What was to be matched; for a re-match with the revision laid over it.
    revision
        What a re-match was asked.
    seconds
        What may be spent, > 0; None for eight seconds at most.
    """
    asking = Asking(Clock(min(SECONDS, seconds or SECONDS)))
    for source in sources(error, cohort, policy, fitted, revision):
        system = read(source)
        found = conflict_of(source, system, asking)
        if found is not None:
            return InfeasibleError(error.findings, found)
    return error


def conflict_of(source: Source, system: System, asking: Asking) -> Conflict | None:
    """A conflict among demands; None where they can all hold, or nobody could tell."""
    start = _start(system)
    if not asking.contradict(system, start):
        return None
    found = shrunk(system, start, asking)
    mending = repairs(source, system, found.on, asking)
    return Conflict(
        members(system, found.on, source.policy),
        minimal=found.minimal,
        proven=True,
        others=_others(system, found.on, asking),
        repairs=mending,
        each_needed=found.each,
    )


def _start(system: System) -> Bools:
    """Demands that contradict each other as counting shows at once, or else all of them."""
    required = system.of(Kind.REQUIRED)
    for place in np.flatnonzero(required).tolist():
        demand = system.demands[place]
        for rule in np.flatnonzero(system.of(Kind.RULE)).tolist():
            if system.forbidden[system.demands[rule].label][demand.person, demand.partner]:
                return _only(system, place, rule)
    return _over_hours(system) if system.has(required, Kind.REQUIRED) else system.everything


def _over_hours(system: System) -> Bools:
    """A mentor whose required pairs need more hours than there are, or else all demands."""
    table, hours = system.table, system.mentee_hours
    for place in np.flatnonzero(system.of(Kind.HOURS)).tolist():
        demand = system.demands[place]
        own = system.of(Kind.REQUIRED) & (table[:, 2] == demand.person)
        if hours is not None and int(hours[table[own, 3]].sum()) > demand.value:
            return np.asarray(own | _only(system, place))
    return system.everything


def _only(system: System, *places: int) -> Bools:
    on = np.zeros(len(system.demands), np.bool_)
    on[list(places)] = True
    return on


def _others(system: System, on: Bools, asking: Asking) -> bool | None:
    """Whether there is another conflict: one without some demand of this one."""
    if not system.whole:
        return None
    if not system.has(system.everything, *BEYOND_FLOWS):
        verdict = asking.verdict(system, system.everything)
        if verdict is not None and verdict.short > max(1, int(_least(system, on))):
            return True
    unsure = asked = 0
    for place in np.flatnonzero(on).tolist():
        if not asking.needed(system, system.everything)[place]:
            answer = asking.soon(system, _without(system.everything, place))
            if answer is False:
                return True
            unsure, asked = unsure + (answer is None), asked + 1
        if unsure == UNSURE or asked == ASKED:
            return None
    return None if unsure else False


def _without(on: Bools, place: int) -> Bools:
    fewer = on.copy()
    fewer[place] = False
    return fewer


def _least(system: System, on: Bools) -> int:
    """The fewest pairs that one of the minimums and required pairs asks for; many where there is none."""
    table = system.table[on & system.of(Kind.MINIMUM, Kind.REQUIRED)]
    return int(np.where(table[:, 0] == Kind.REQUIRED, 1, table[:, 4]).min(initial=2**31))
