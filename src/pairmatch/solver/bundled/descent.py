"""Prices on mentees, lowered and raised until the bundles of all mentors hardly want the same mentees.

The bound is a convex function of the prices; steps go against its slope, as long as the distance to a
target suggests (Polyak 1969), smoothed over the last slopes. On the way, bundles come into the pool and
conflicts are mended into matchings.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, rank_among_equals
from pairmatch.solver.bundled.bundles import Bundling, Mixture, Priced
from pairmatch.solver.core import parted

__all__ = ["Descent", "mended"]

PATIENCE = 4
"""Steps without a better bound after which the target comes nearer."""

NEARER = 0.7
"""How much nearer."""

MEMORY = 0.8
"""How much of the last direction the next one keeps."""

STILL = 1e-9
"""The square of a direction that leads nowhere: steps along it would have no end."""

DEAREST = 2.0**50
"""No price is beyond this, however long a step."""


class Descent:
    """Walks towards the prices of the least bound.

    Attributes
    ----------
    best
        The prices of the least bound so far.
    """

    def __init__(self, bundling: Bundling, mixture: Mixture, prices: Ints) -> None:
        self.bundling, self.mixture = bundling, mixture
        self._floor = -np.inf if mixture.floor is None else mixture.floor.astype(float)
        self.best = bundling.priced(mixture, self._rounded(prices.astype(float)))
        self.scale = max(abs(self.best.bound), int(np.abs(mixture.gain).max(initial=1)))

    def try_at(self, prices: NDArray[np.float64]) -> Priced:
        """What some prices prove."""
        priced = self.bundling.priced(self.mixture, self._rounded(prices))
        if priced.bound < self.best.bound:
            self.best = priced
        return priced

    def walk(
        self, start: NDArray[np.float64], steps: int, ahead: float, seen: Callable[[Priced], bool]
    ) -> float:
        """Some steps, each of which is seen; it ends early when that says so.

        Parameters
        ----------
        start
            Mentee prices.
        steps
            Most steps.
        ahead
            How far below the best bound the first target is, as a share of the bound.
        seen
            Told what each step's prices prove; True ends the walk.

        Returns
        -------
        How far ahead the last target was.
        """
        at, direction, stalled = np.maximum(start, self._floor), np.zeros(len(start)), 0
        for _ in range(steps):
            before = self.best.bound
            priced = self.try_at(at)
            direction = MEMORY * direction + self._slope(priced)
            square = float(direction @ direction)
            if seen(priced) or square < STILL:
                return ahead
            stalled = 0 if self.best.bound < before else stalled + 1
            if stalled >= PATIENCE:
                ahead, stalled = ahead * NEARER, 0
            target = self.best.bound - ahead * self.scale
            at = np.maximum(at - (priced.bound - target) / square * direction, self._floor)
        return ahead

    def _rounded(self, prices: NDArray[np.float64]) -> Ints:
        return np.asarray(np.rint(np.clip(np.maximum(prices, self._floor), -DEAREST, DEAREST)), np.int64)

    def _slope(self, priced: Priced) -> NDArray[np.float64]:
        """Places that each mentee fills at the prices, less the bundles that hold them."""
        side = self.mixture.gains.mentees
        least, most = self.mixture.loads(priced.prices)
        wanted = side.used + np.bincount(self.bundling.mentee[priced.picked.pairs], minlength=len(side.used))
        return np.asarray(np.clip(wanted, least, most) - wanted, float)


def mended(bundling: Bundling, mixture: Mixture, picked: NDArray[np.intp], value: Ints) -> NDArray[np.intp]:
    """A matching of picked bundles: mentees keep their best places, free ones go where they fit.

    Parameters
    ----------
    picked
        Pairs that no mentor lacks places or hours for.
    value
        Of each free pair: the best ones first.
    """
    mentor, mentee, side = bundling.mentor, bundling.mentee, mixture.gains.mentees
    free = side.capacity - side.used
    order = picked[np.lexsort((-value[picked], mentee[picked]))]
    taken = order[rank_among_equals(mentee[order]) < free[mentee[order]]]
    # Nobody's room ever grows again, so that who cannot be added now never can. Equals are parted, so that
    # not everybody asks for the same few people.
    at = np.lexsort((parted(np.zeros_like(value), np.arange(len(value))), -value))
    at = at[((mixture.gain + mixture.first[mentee])[at] > 0) & ~np.isin(at, taken)]
    while True:
        places = bundling.places - np.bincount(mentor[taken], minlength=len(bundling.places))
        spent = np.bincount(mentor[taken], bundling.hours[taken], minlength=len(bundling.places))
        open_ = free - np.bincount(mentee[taken], minlength=len(free))
        own, other, left = mentor[at], mentee[at], bundling.budget - spent
        at = at[(places[own] > 0) & (open_[other] > 0) & (bundling.hours[at] <= left[own])]
        if not len(at):
            return np.sort(taken)
        first = _first_of_each(mentee[at], len(free))
        first = first[_first_of_each(mentor[at[first]], len(places))]
        taken = np.concatenate([taken, at[first]])
        at = np.delete(at, first)


def _first_of_each(person: Ints, people: int) -> NDArray[np.intp]:
    """Where each person stands first, ascending."""
    at = np.full(people, len(person))
    np.minimum.at(at, person, np.arange(len(person)))
    return np.sort(at[at < len(person)])
