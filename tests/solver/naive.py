"""All pairs of a small problem, handed out as a sweep would, without a single trick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pairmatch.problem import Found, Ints, Priced, Problem, Stopped


def only_required(problem: Problem) -> Problem:
    """The problem as the solver gets it beside a sweep: with its required pairs, and running ones, alone."""
    here = _required(problem) | _running(problem)
    kept = np.array([pair in here for pair in _pairs(problem)], bool)
    return replace(
        problem, mentor=problem.mentor[kept], mentee=problem.mentee[kept], weight=problem.weight[kept]
    )


class Naive:
    """A :class:`pairmatch.problem.Beyond` over a problem's pairs.

    Parameters
    ----------
    problem
        With all its pairs.
    patience
        The sweep after so many raises Stopped; None for never.
    """

    def __init__(self, problem: Problem, patience: int | None = None) -> None:
        columns = zip(problem.loads.required.T, _sizes(problem), strict=True)
        used = [np.bincount(column, minlength=n) for column, n in columns]
        loads = problem.loads
        self._free = [
            (i, j, w)
            for (i, j), w in zip(_pairs(problem), problem.weight.tolist(), strict=True)
            if (i, j) not in _required(problem)
            and used[0][i] < loads.mentor_capacity[i]
            and used[1][j] < loads.mentee_capacity[j]
        ]
        self.n_pairs = problem.n_mentors * problem.n_mentees
        self._mentors, self._patience = problem.n_mentors, patience
        self.asked: list[Priced] = []

    def best(self, mentors_each: int, mentees_each: int, stop: Callable[[], bool]) -> Found:
        """Each person's heaviest pairs."""
        self._look(stop)
        kept = _best_of(self._free, 0, mentors_each, lambda pair: pair[2])
        kept += _best_of(self._free, 1, mentees_each, lambda pair: pair[2])
        return _found(set(kept), np.zeros(self._mentors, np.int64), complete=False)

    def beating(
        self, priced: Priced, most: int, stop: Callable[[], bool], *, among: Ints | None = None
    ) -> Found:
        """Pairs that beat the prices, the best of each mentor."""
        self._look(stop)
        self.asked.append(priced)
        u, v = priced.mentor_prices.tolist(), priced.mentee_prices.tolist()

        def reduced(pair: tuple[int, int, int]) -> int:
            i, j, w = pair
            return int(priced.total * w + priced.pair - u[i] - v[j])

        asked = set(range(self._mentors)) if among is None else set(among.tolist())
        free = [pair for pair in self._free if pair[0] in asked]
        heavy = [pair for pair in free if priced.floor is None or pair[2] >= priced.floor]
        beating = [pair for pair in heavy if reduced(pair) > 0]
        excess = np.zeros(self._mentors, np.int64)
        for pair in beating:
            excess[pair[0]] = max(int(excess[pair[0]]), reduced(pair))
        kept = set(_best_of(beating, 0, most, reduced))
        return _found(kept, excess, complete=len(kept) == len(beating))

    def _look(self, stop: Callable[[], bool]) -> None:
        if self._patience is not None:
            self._patience -= 1
        if stop() or (self._patience is not None and self._patience < 0):
            raise Stopped


def _best_of(
    pairs: list[tuple[int, int, int]], side: int, most: int, key: Callable[[tuple[int, int, int]], int]
) -> list[tuple[int, int, int]]:
    kept = []
    for person in {pair[side] for pair in pairs}:
        kept += sorted((pair for pair in pairs if pair[side] == person), key=key, reverse=True)[:most]
    return kept


def _found(kept: set[tuple[int, int, int]], excess: Ints, complete: bool) -> Found:
    table = np.array(sorted(kept), np.int64).reshape(-1, 3)
    return Found(table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2], excess, complete)


def _pairs(problem: Problem) -> list[tuple[int, int]]:
    return list(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))


def _required(problem: Problem) -> set[tuple[int, int]]:
    return {(int(i), int(j)) for i, j in problem.loads.required}


def _running(problem: Problem) -> set[tuple[int, int]]:
    return set() if problem.earlier is None else {(int(i), int(j)) for i, j in problem.earlier.pairs}


def _sizes(problem: Problem) -> tuple[int, int]:
    return problem.n_mentors, problem.n_mentees
