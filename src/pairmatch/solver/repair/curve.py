"""What each further ended pair is worth: a price on running pairs, turned down step by step.

A price on every running pair that is kept leaves the matching that keeps them all the best one, so the curve
begins where the re-match ended, and every step repairs what the step before has left. The matchings found are
the corners of the curve's concave hull, and the prices bound what lies between (Eisner and Severance 1976,
doi:10.1145/321978.321982).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pairmatch.errors import SolverError
from pairmatch.problem import never
from pairmatch.solver.repair.standing import Standing

__all__ = ["Corner", "Curve"]


@dataclass(frozen=True)
class Corner:
    """The best matching at a price of running pairs.

    Attributes
    ----------
    price
        What each running pair that is kept counts, in units of weight.
    kept, total
        How many are kept, and the matching's total.
    """

    price: int
    kept: int
    total: int

    def at(self, price: int) -> int:
        """The total with kept pairs at another price."""
        return self.total + price * self.kept


class Curve:
    """The best totals by how many running pairs are kept, the earlier tiers at their best.

    Parameters
    ----------
    standing
        Its objective ends with ``"kept"`` and ``"total"``; its matching is proven.
    stop
        Asked while pairs that are not in hand are looked at.

    Attributes
    ----------
    corners
        Those found so far, by what they keep.
    """

    def __init__(self, standing: Standing, stop: Callable[[], bool] = never) -> None:
        if standing.problem.objective[-2:] != ("kept", "total"):
            raise SolverError("a curve needs the tiers 'kept' and 'total' at the end")
        self._standing, self._stop = standing, stop
        self._dearest = self._price = standing.worth_of("kept")
        start = Corner(self._price, standing.values["kept"], standing.values["total"])
        self._bounds = {self._price: start.at(self._price)}
        self.corners = {start.kept: start}
        self.most = start.kept

    def look(self, most: int) -> None:
        """Find the corners at which at most so many running pairs end, and the next one beyond."""
        self._price_at(0)
        kept = sorted(self.corners, reverse=True)
        self._between(self.corners[kept[0]], self.corners[kept[-1]], most)
        self._price_at(self._dearest)

    def best(self, ended: int) -> tuple[int, int]:
        """Total of the best known matching that ends at most so many running pairs, and the bound."""
        least = self.most - ended
        known = max(corner.total for corner in self.corners.values() if corner.kept >= least)
        return known, max(known, min(worth - price * least for price, worth in self._bounds.items()))

    def _between(self, many: Corner, few: Corner, most: int) -> None:
        """Corners between two neighbours."""
        if many.kept - few.kept <= 1 or self.most - many.kept >= most or few.total <= many.total:
            return
        low = (few.total - many.total) // (many.kept - few.kept)
        for price in (low, low + 1):
            if price in self._bounds:
                continue
            found = self._price_at(price)
            if found.at(price) > max(many.at(price), few.at(price)):
                self._between(many, found, most)
                self._between(found, few, most)
                return

    def _price_at(self, price: int) -> Corner:
        """The best matching at a price."""
        standing = self._standing
        standing.reward(price - self._price, self._stop)
        self._price = price
        kept, total = standing.kept_and_total()
        found = Corner(price, kept, total)
        self._bounds[price] = found.at(price)
        if kept not in self.corners or total > self.corners[kept].total:
            self.corners[kept] = found
        return found
