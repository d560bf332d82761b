"""The best mixture of tiers within hours: prices by descent, bundles into a pool, a matching out of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.solver.bundled.bundles import Bundling, Mixture, Priced
from pairmatch.solver.bundled.descent import Descent, mended
from pairmatch.solver.bundled.packing import Pool
from pairmatch.solver.clock import Clock

__all__ = ["Packer"]

SMALL = 5_000
"""Pairs up to which the bundles' linear programme is solved again and again, until nothing is missing."""

STEPS, ROUNDS = 40, 15
"""Steps between two such programmes, and how many there are at most."""

LARGE_STEPS, LARGE_ROUNDS = 300, 3
"""The same with more pairs; later walks are as short as in small ones."""

NODES = 20
"""Nodes of a search among the bundles."""

AHEAD = 0.03
"""How far below the bound the first target is."""

KEPT = 2
"""Bundles of each mentor that a large programme looks at, and at least so many hundreds in all."""

FINE = 1e-5
"""A gap with which a large programme is content."""

SHIFTS = 17
"""How many levels of prices are tried."""

EVERY = 10
"""Steps after which bundles are mended into a matching."""


class Packer:
    """Finds good prices and a good matching under one mixture.

    Parameters
    ----------
    bundling, mixture
        The pairs, and what they are worth.
    prices
        Mentee prices to begin with.
    clock
        Its end stops the work.
    tell
        Told the gap now and then.
    pool
        Bundles to begin with, under another mixture of the same pairs.

    Attributes
    ----------
    taken
        Free pairs of the best matching so far; None until there is one.
    value
        Its value.
    """

    def __init__(
        self,
        bundling: Bundling,
        mixture: Mixture,
        prices: Ints,
        clock: Clock,
        tell: Callable[[float], None] | None = None,
        pool: Pool | None = None,
    ) -> None:
        self.bundling, self.mixture, self._clock = bundling, mixture, clock
        self._descent = Descent(bundling, mixture, prices)
        self._start = prices.astype(float)
        self._pool = Pool(bundling, mixture)
        if pool is not None:
            self._pool.take(pool.owner, pool.start, pool.pair)
        self._tell = tell or (lambda _: None)
        self._grain = mixture.grain
        self._steps = 0
        self._relaxed = float("-inf")
        self.taken: NDArray[np.intp] | None = None
        self.value = -(2**62)

    @property
    def pool(self) -> Pool:
        """The bundles that were seen, and may be needed."""
        return self._pool

    @property
    def best(self) -> Priced:
        """The prices of the least bound."""
        return self._descent.best

    @property
    def bound(self) -> int:
        """No matching has more: the least bound, as far down as values can be."""
        return self.best.bound // self._grain * self._grain

    @property
    def closed(self) -> bool:
        """Whether the matching is proven best."""
        return self.value >= self.bound

    def offer(self, taken: NDArray[np.intp]) -> None:
        """Take a matching, unless the one in hand is better."""
        value, held = self.bundling.worth(self.mixture, taken), self.mixture.held
        kept = held is None or held.keeps(
            self.bundling.problem.mentee[self.bundling.pairs(taken)], self.bundling.problem.n_mentees
        )
        if kept and value > self.value:
            self.taken, self.value = taken, value

    def start(self, *, shifted: bool) -> None:
        """Begin at the prices that explain the best mixture of the bundles in the pool.

        Parameters
        ----------
        shifted
            Rather at the prices to begin with, all of them higher or lower by the same.
        """
        if shifted:
            largest = float(np.abs(self.mixture.gain).max(initial=1))
            for share in np.linspace(-1, 1, SHIFTS):
                self._descent.try_at(self._start + share * largest)
            self._start = self.best.prices.astype(float)
            return
        if self.taken is not None:
            self._pool.add(self.taken)
        told = self._pool.relaxed(self._clock) if len(self._pool) else None
        if told is not None:
            self._descent.try_at(told.prices)
            self._start = self.best.prices.astype(float)

    def run(self, target: int | None = None, *, enough: float = 0) -> None:
        """Work until the matching is proven best, nothing helps any more, or the time is up.

        Parameters
        ----------
        target
            Where only the bound matters: what it need not fall below.
        enough
            A gap with which a small problem's last search is not worth its time.
        """
        small = len(self.bundling.mentor) <= SMALL
        rounds, steps = (ROUNDS, STEPS) if small else (LARGE_ROUNDS, LARGE_STEPS)
        start, ahead = self._start, AHEAD
        for _ in range(rounds):
            ahead = self._descent.walk(start, steps, ahead, lambda priced: self._seen(priced, target))
            if self._over(target) or not self._programme(small, target):
                break
            steps, start = STEPS, self.best.prices.astype(float)
            missing = max(self.best.bound - self._relaxed, 1.0) / self._descent.scale
            ahead = min(ahead, missing) if small else missing
        if small and target is None and self.bound - self.value >= enough:
            self._pack(NODES)

    def _over(self, target: int | None) -> bool:
        return self._clock.over or self.closed or (target is not None and self.bound <= target)

    def _seen(self, priced: Priced, target: int | None) -> bool:
        """Take in the bundles of a step; whether that is enough."""
        self._pool.add(priced.picked.pairs)
        if self._steps % EVERY == 0 and target is None:
            value = self.mixture.gain - priced.prices[self.bundling.mentee]
            self.offer(mended(self.bundling, self.mixture, priced.picked.pairs, value))
            self._tell((self.bound - self.value) / max(abs(self.bound), 1))
        self._steps += 1
        return self._over(target)

    def _programme(self, small: bool, target: int | None) -> bool:
        """Solve the bundles' linear programme; False where nothing more is to be done."""
        if not small:
            most = KEPT * max(len(self.bundling.places), 100)
            self._pool.nearest(self.best.prices, self.best.picked.worth, most)
        if self.taken is not None:
            self._pool.add(self.taken)
        told = self._pool.relaxed(self._clock) if len(self._pool) else None
        if told is None:
            return False
        if told.is_whole:
            self.offer(self._pool.chosen(told.shares))
        elif not small and target is None:
            self._pack(NODES)
        self._relaxed = told.value + self.base
        for share in (1.0, 0.5):
            prices = share * told.prices + (1 - share) * self.best.prices
            self._pool.add(self._descent.try_at(prices).picked.pairs)
        missing = self.best.bound - self._relaxed
        fine = missing < 0.02 * self._grain if small else self._gap < FINE
        return not (fine or self._over(target))

    @property
    def base(self) -> int:
        """What the required pairs add by themselves."""
        side = self.mixture.gains.mentees
        people = int(side.total(side.used).sum()) + int(self.mixture.load_gain[:, 0].sum())
        return self.mixture.fixed + people

    @property
    def _gap(self) -> float:
        return (self.bound - self.value) / max(abs(self.bound), 1)

    def _pack(self, nodes: int) -> None:
        if not len(self._pool) or self._over(None):
            return
        most = 2 * KEPT * max(len(self.bundling.places), 100)
        self._pool.nearest(self.best.prices, self.best.picked.worth, most)
        taken = self._pool.packed(self._clock, nodes)
        if taken is not None:
            self.offer(taken)
