"""Asks of any part of the demands whether it leaves a valid matching: a flow, known matchings, a search."""

from __future__ import annotations

import numpy as np

from pairmatch.conflicts.constructing import constructed
from pairmatch.conflicts.flows import Verdict, judged
from pairmatch.conflicts.system import Bools, Kind, System
from pairmatch.conflicts.witnesses import Witnesses
from pairmatch.solver.clock import Clock
from pairmatch.solver.feasible import any_matching

__all__ = ["BEYOND_FLOWS", "MANY", "Asking"]

BEYOND_FLOWS = (Kind.QUOTA, Kind.HOURS)
"""What a flow cannot say."""

MANY = 60
"""People from whom on there is no time to search long for each answer."""


class Asking:
    """Whether demands can all hold; what was once answered is kept.

    Parameters
    ----------
    clock
        Once it is over, nobody knows.

    Attributes
    ----------
    searched
        Pairs that searches held so far: a measure of their work that is the same on every machine.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.searched = 0
        self._known: dict[tuple[System, bytes], bool] = {}
        self._witnesses: dict[System, Witnesses] = {}

    def feasible(self, system: System, on: Bools, *, quick: bool = False) -> bool | None:
        """Whether some of the demands leave a valid matching; None where that could not be told.

        Parameters
        ----------
        system, on
            The demands.
        quick
            Whether to give up soon.
        """
        key = (system, on.tobytes())
        if key not in self._known:
            if self.clock.over:
                return None
            answer = self._feasible(system, on, quick)
            if answer is None:
                return None
            self._known[key] = answer
        return self._known[key]

    def soon(self, system: System, on: Bools) -> bool | None:
        """The same where much is to be asked: of many people, only what is soon told."""
        return self.feasible(system, on, quick=sum(system.shape) > MANY)

    def contradict(self, system: System, on: Bools) -> bool:
        """Whether some of the demands are proven to leave no valid matching."""
        return self.feasible(system, on) is False

    @property
    def late(self) -> bool:
        """Whether what is left of the time is needed for more than who is concerned."""
        return self.clock.over or self.clock.elapsed > self.clock.left

    def verdict(self, system: System, on: Bools) -> Verdict | None:
        """What a flow says of demands of which it can; None once the clock is over."""
        return None if self.clock.over else judged(system, on)

    def needed(self, system: System, on: Bools) -> Bools:
        """Demands, of some that contradict each other, of which a matching shows that they are needed."""
        if system not in self._witnesses:
            return np.zeros_like(on)
        return self._witnesses[system].spread(on, lambda: self.late)

    def _feasible(self, system: System, on: Bools, quick: bool) -> bool | None:
        if not judged(system, on & ~system.of(*BEYOND_FLOWS)).feasible:
            return False
        if not system.has(on, *BEYOND_FLOWS):
            return True
        witnesses = self._witnesses.setdefault(system, Witnesses(system))
        if witnesses.keep(on):
            return True
        tried = constructed(system, on)
        if tried is not None:
            witnesses.add(tried)
            if witnesses.keep(on):
                return True
        limit = None if self.clock.limit is None else max(self.clock.left, 0.01)
        answer = any_matching(system.problem(on), time_limit=limit, quick=quick)
        self.searched += answer.searched
        if answer.feasible:
            witnesses.add(answer.pairs)
        return answer.feasible
