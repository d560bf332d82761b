"""New pairs for those whose pair ended, in many scenarios: as many as the mentors who are kept allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.scenarios import Scenarios
from pairmatch.problem import Ints

__all__ = ["Rescue"]

Partners = dict[int, set[int]]
"""The partners of each person of one side, in one scenario."""

Step = tuple[int, int, bool]
"""A pair, first the one of the side where the work began, that was made (True) or ended."""


class Rescue:
    """New pairs in every scenario, as many as the mentors who are kept allow.

    A new mentor goes to a mentee in need; where all whom a kept mentor could serve are served, others move
    over if that makes room for one more (a shortest augmenting path). So the number of new pairs in each
    scenario is the largest possible, whatever the order of keeping.

    Parameters
    ----------
    scenarios
        What became of the matching.
    near
        For each mentor the mentees whom they could serve, sorted.
    places
        Free places of each mentor.

    Attributes
    ----------
    unmet
        In each scenario, how many new mentors are still needed.
    kept
        The mentors who are kept, in their order.
    """

    def __init__(self, scenarios: Scenarios, near: Sequence[Ints], places: Ints) -> None:
        self._stays, self._near, self._places = scenarios.stays, near, places.tolist()
        self._needs, self._open = scenarios.needs, scenarios.needs.copy()
        self.unmet = scenarios.needs.sum(axis=1).astype(np.int64)
        self.kept: list[int] = []
        self._serving: list[Partners] = [{} for _ in range(len(scenarios))]
        self._served: list[Partners] = [{} for _ in range(len(scenarios))]

    @property
    def share(self) -> float:
        """In what share of the scenarios everybody is served."""
        return float((self.unmet == 0).mean()) if len(self.unmet) else 1.0

    def keep(self, mentor: int) -> None:
        """Keep one more mentor."""
        self.kept.append(mentor)
        at, direct = self._asked(mentor)
        if not direct.size:
            return
        many, nearest = direct.sum(axis=1).tolist(), self._near[mentor][direct.argmax(axis=1)].tolist()
        for scenario, able, mentee in zip(at.tolist(), many, nearest, strict=True):
            most = min(self._places[mentor], int(self.unmet[scenario]))
            if able:
                self._take(scenario, mentor, mentee)
            for more in range(bool(able), most):
                if not self._one_more(scenario, mentor, direct=able > more):
                    break

    def least_gain(self, mentor: int) -> int:
        """How many new pairs a mentor would make at least: with those in need, nobody moving over."""
        _, direct = self._asked(mentor)
        return int(np.minimum(direct.sum(axis=1), self._places[mentor]).sum())

    def gain(self, mentor: int) -> int:
        """How many more new pairs a mentor would make; nothing changes."""
        at, direct = self._asked(mentor)
        many = direct.sum(axis=1)
        total = int(np.minimum(many, self._places[mentor]).sum())
        for scenario in at[many < self._places[mentor]].tolist():
            total += self._would(scenario, mentor) - min(
                self._places[mentor], self._directly(scenario, mentor)
            )
        return total

    def drop(self, mentor: int, least: float) -> bool:
        """Keep a mentor no longer, if the share stays at least so large; whether that was done."""
        self.kept.remove(mentor)
        fitting: dict[int, list[int]] = {}
        for one in self.kept:
            for mentee in self._near[one].tolist():
                fitting.setdefault(mentee, []).append(one)
        steps: list[tuple[int, list[Step], int]] = []
        fewest = int(np.ceil(least * len(self.unmet) - 1e-9))
        covered = int((self.unmet == 0).sum())
        for at in self._using(mentor):
            before = int(self.unmet[at])
            steps.append((at, self._released(at, mentor, fitting), before))
            covered -= int(before == 0 and self.unmet[at] > 0)
            if covered < fewest:
                self._undo(steps)
                self.kept.append(mentor)
                return False
        return True

    def uses(self, mentor: int) -> int:
        """In how many new pairs of all scenarios a mentor is."""
        return sum(len(serving.get(mentor, ())) for serving in self._serving)

    def _using(self, mentor: int) -> list[int]:
        return [at for at, serving in enumerate(self._serving) if serving.get(mentor)]

    def _asked(self, mentor: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Scenarios with somebody in need that the mentor stayed in, and the need of those near, as bools."""
        at = np.flatnonzero((self.unmet > 0) & self._stays[:, mentor])
        return at, self._open[np.ix_(at, self._near[mentor])] > 0

    def _directly(self, at: int, mentor: int) -> int:
        return int((self._open[at, self._near[mentor]] > 0).sum())

    def _would(self, at: int, mentor: int) -> int:
        """How many new pairs a mentor would make in one scenario."""
        steps: list[Step] = []
        before, more = int(self.unmet[at]), 0
        while more < min(self._places[mentor], before):
            made = self._path(at, mentor)
            if not made:
                break
            steps, more = [*steps, *made], more + 1
        self._undo([(at, [(mentee, one, was) for one, mentee, was in steps], before)])
        return more

    def _one_more(self, at: int, mentor: int, *, direct: bool) -> bool:
        near, taken = self._near[mentor], self._serving[at].get(mentor, set())
        for mentee in near[self._open[at, near] > 0].tolist() if direct else ():
            if mentee not in taken:
                self._take(at, mentor, mentee)
                return True
        return bool(self._path(at, mentor))

    def _take(self, at: int, mentor: int, mentee: int) -> None:
        self._serving[at].setdefault(mentor, set()).add(mentee)
        self._served[at].setdefault(mentee, set()).add(mentor)
        self._open[at, mentee] -= 1
        self.unmet[at] -= 1

    def _path(self, at: int, mentor: int) -> list[Step]:
        """Make one more pair with a mentor, others moving over; what was done, nothing where it cannot be."""
        needs = self._needs[at]

        def near(one: int) -> list[int]:
            mentees: list[int] = self._near[one][needs[self._near[one]] > 0].tolist()
            return mentees

        steps = _augmented(mentor, near, self._serving[at], self._served[at], needs.__getitem__)
        for _, mentee, made in steps:
            self._open[at, mentee] -= 1 if made else -1
        self.unmet[at] -= bool(steps)
        return steps

    def _released(self, at: int, mentor: int, fitting: dict[int, list[int]]) -> list[Step]:
        """Take a mentor out of a scenario, and serve the mentees by others who are kept, if that can be.

        What was done is told with the mentee first.
        """
        serving, served = self._serving[at], self._served[at]
        left = sorted(serving.pop(mentor))
        for mentee in left:
            served[mentee].discard(mentor)
            self._open[at, mentee] += 1
            self.unmet[at] += 1
        steps: list[Step] = [(mentee, mentor, False) for mentee in left]

        there = self._stays[at]

        def able(mentee: int) -> list[int]:
            return [one for one in fitting.get(mentee, ()) if there[one]]

        for mentee in left:
            done = _augmented(mentee, able, served, serving, self._places.__getitem__)
            for who, _, made in done:
                self._open[at, who] -= 1 if made else -1
            self.unmet[at] -= bool(done)
            steps += done
        return steps

    def _undo(self, steps: Sequence[tuple[int, list[Step], int]]) -> None:
        """Take back what was done; mentees stand first."""
        for at, done, unmet in reversed(steps):
            serving, served = self._serving[at], self._served[at]
            for mentee, mentor, made in reversed(done):
                if made:
                    serving[mentor].discard(mentee)
                    served[mentee].discard(mentor)
                else:
                    serving.setdefault(mentor, set()).add(mentee)
                    served.setdefault(mentee, set()).add(mentor)
                self._open[at, mentee] += 1 if made else -1
            self.unmet[at] = unmet


def _augmented(
    start: int,
    near: Callable[[int], Iterable[int]],
    mine: Partners,
    theirs: Partners,
    limit: Callable[[int], int],
) -> list[Step]:
    """Make one more pair, beginning with one person of this side, if that can be; what was done.

    Parameters
    ----------
    start
        The person.
    near
        People of the other side whom one of this side can have.
    mine, theirs
        Partners of each person of this side and of the other; changed.
    limit
        Most partners of a person of the other side.
    """
    came: dict[int, tuple[int, int] | None] = {start: None}
    queue = [start]
    seen: set[int] = set()
    for one in queue:
        own = mine.get(one, set())
        for other in near(one):
            if other in seen or other in own:
                continue
            seen.add(other)
            partners = theirs.get(other, set())
            if len(partners) < limit(other):
                return _shifted(one, other, came, mine, theirs)
            for further in partners:
                if further not in came:
                    came[further] = (one, other)
                    queue.append(further)
    return []


def _shifted(
    one: int, other: int, came: dict[int, tuple[int, int] | None], mine: Partners, theirs: Partners
) -> list[Step]:
    """Make the pairs of a path, and end those in between."""
    steps: list[Step] = []
    while True:
        mine.setdefault(one, set()).add(other)
        theirs.setdefault(other, set()).add(one)
        steps.append((one, other, True))
        before = came[one]
        if before is None:
            return steps
        mine[one].discard(before[1])
        theirs[before[1]].discard(one)
        steps.append((one, before[1], False))
        one, other = before
