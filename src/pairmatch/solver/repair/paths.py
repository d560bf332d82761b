"""Shortest paths through a residual: how a pair too many, or one too few, is best made good.

Both ways begin at the person in question and end outside, or at somebody with the opposite trouble. Only
those nearer than the end get another level, so that most levels stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

from pairmatch.errors import SolverError
from pairmatch.solver.repair.residual import OPEN, TAKEN, Residual

__all__ = ["Path", "apply", "shortest"]

FAR = 2**60
"""Farther than any end."""


@dataclass(frozen=True, slots=True)
class Path:
    """A shortest path.

    Attributes
    ----------
    pairs
        The pairs that change hands, in any order.
    last
        The person at its end.
    outside
        Whether it goes on to the outside from there.
    length
        What it costs.
    near
        Distances of all people who are nearer than the end.
    """

    pairs: list[int]
    last: int
    outside: bool
    length: int
    near: dict[int, int]


def shortest(residual: Residual, start: int, goals: set[int], *, back: bool) -> Path:
    """The shortest path from a person who has a unit too many, or ``back`` to one who has one too few.

    Parameters
    ----------
    residual
        Where; no step costs less than nothing.
    start
        The person.
    goals
        Other people at whom it may end.
    back
        Whether steps are made against their direction.
    """
    search = _Search(residual, start, goals, back)
    search.run()
    return search.path()


def apply(residual: Residual, path: Path, *, back: bool) -> None:
    """Change the pairs along a path, and the levels so that no step costs less than nothing again."""
    for who, distance in path.near.items():
        shift = path.length - distance
        residual.raise_to(who, residual.levels[who] + (-shift if back else shift))
    for pair in path.pairs:
        residual.put(pair, TAKEN if residual.state_of(pair) == OPEN else OPEN)


class _Search:
    """Dijkstra's algorithm with a heap."""

    def __init__(self, residual: Residual, start: int, goals: set[int], back: bool) -> None:
        self._residual, self._goals, self._back = residual, goals, back
        self._out = residual.enter if back else residual.leave
        self._sign = -1 if back else 1
        self._distance = {start: 0}
        self._came: dict[int, tuple[int, int]] = {}
        self._best, self._last, self._outside = FAR, start, True
        self._tail: tuple[int, int] | None = None
        self._heap = [(0, start)]
        self._end(-self._sign * residual.levels[start] - self._out[start], start, None)

    def run(self) -> None:
        """Settle everybody who is nearer than the end."""
        heap, distance, levels, links = (
            self._heap,
            self._distance,
            self._residual.levels,
            self._residual.links,
        )
        while heap:
            far, who = heappop(heap)
            if far >= self._best:
                break
            if far > distance[who]:
                continue
            base = far - self._sign * levels[who]
            # A mentee's open pairs lead on, and a mentor's taken ones; backwards it is the other way round.
            if (who >= links.n_mentors) == self._back:
                self._single_steps(who, base, self._residual.mates[who], 1)
                continue
            self._open_steps(who, base)
            if who in links.later_of:
                later = [pair for pair in links.later_of[who] if self._residual.state_of(pair) == OPEN]
                self._single_steps(who, base, later, -1)

    def path(self) -> Path:
        """What was found."""
        if self._best >= FAR:
            raise SolverError("a repair found no way out")
        pairs, step = list[int](), self._tail
        while step is not None:
            who, pair = step
            pairs.append(pair)
            step = self._came.get(who)
        near = {who: far for who, far in self._distance.items() if far < self._best}
        return Path(pairs, self._last, self._outside, self._best, near)

    def _end(self, length: int, last: int, step: tuple[int, int] | None, *, outside: bool = True) -> None:
        """Take note of an end, and of the last step to it."""
        if length < self._best:
            self._best, self._last, self._tail, self._outside = length, last, step, outside

    def _open_steps(self, who: int, base: int) -> None:
        """Look at the steps over a person's open pairs; a pair that is not open is too far."""
        residual, sign, distance, best = self._residual, self._sign, self._distance, self._best
        levels, out, links, goals = residual.levels, self._out, residual.links, self._goals
        start, stop = links.ends[who], links.ends[who + 1]
        ways = zip(links.other[start:stop].tolist(), residual.ways[start:stop].tolist(), strict=True)
        for place, (other, gain) in enumerate(ways, start):
            length = base - gain + sign * levels[other]
            if length < best and length < distance.get(other, FAR):
                distance[other] = length
                self._came[other] = step = who, links.pair.item(place)
                heappush(self._heap, (length, other))
                # Whoever is not nearer than an end leads to no nearer one.
                self._end(base - gain - out[other], other, step)
                if other in goals:
                    self._end(length, other, step, outside=False)
                best = self._best

    def _single_steps(self, who: int, base: int, pairs: list[int], sign: int) -> None:
        """The same, pair by pair."""
        residual, distance = self._residual, self._distance
        for pair in pairs:
            mentor, mentee = residual.links.ends_of(pair)
            other = mentee if who == mentor else mentor
            across = base + sign * residual.gain_of(pair)
            length = across + self._sign * residual.levels[other]
            if length < self._best and length < distance.get(other, FAR):
                distance[other] = length
                self._came[other] = step = who, pair
                heappush(self._heap, (length, other))
                self._end(across - self._out[other], other, step)
                if other in self._goals:
                    self._end(length, other, step, outside=False)
