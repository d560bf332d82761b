"""What a sweep has found so far."""

from __future__ import annotations

import numpy as np

from pairmatch.problem import Priced, rank_among_equals
from pairmatch.scoring.scan import Hits, mixed
from pairmatch.scoring.view import Listed, Strip, View, once, reduced

__all__ = ["Gathered"]


class Gathered:
    """The pairs found so far whose reduced gain is enough, by positions in the problem.

    Parameters
    ----------
    special
        Exactly scored pairs about which the sketch says nothing.
    priced
        The prices.
    least
        What is enough: 0 or 1.

    Attributes
    ----------
    excess
        For each mentor, what the largest of their reduced gains may be.
    complete
        Whether none was left out.
    cut
        Mentors of whom some may have been left out.
    """

    def __init__(self, special: Listed, priced: Priced, least: int) -> None:
        self.priced, self.least = priced, least
        self.excess = np.zeros(len(priced.mentor_prices), np.int64)
        self.complete = True
        self.cut = np.zeros(len(priced.mentor_prices), np.bool_)
        self._has = np.zeros(len(priced.mentor_prices), np.bool_)
        self._found: list[Listed] = []
        self.add(special)

    def add(self, pairs: Listed) -> None:
        """Keep those that are enough."""
        gains = reduced(pairs, self.priced)
        enough = gains >= self.least
        if self.priced.floor is not None:
            enough &= pairs.weight >= self.priced.floor
        self._found.append(pairs.where(enough))
        self._has[pairs.mentor[enough]] = True
        np.maximum.at(self.excess, pairs.mentor[enough], gains[enough])

    def leaves_open(self, view: View, strip: Strip, hits: Hits, zero: float) -> bool:
        """Whether a mentor of the strip has none, while pairs above the limit were left out."""
        people, full = view.mentors[slice(*strip)], hits.limit > np.float32(zero)
        served = full & self._has[people]
        if served.any():
            self.cut[people[served]] = True
            # A pair that was left out has a key up to the limit, and is nothing up to `zero`.
            unseen = (hits.limit.astype(np.float64) - zero + 1.0) * max(1, self.priced.total)
            most = np.where(served, np.ceil(np.where(served, unseen, 0.0)), 0.0).clip(0).astype(np.int64)
            self.excess[people] = np.maximum(self.excess[people], most)
        return bool((full & ~served).any())

    def best(self, most: int) -> Listed:
        """The best few of each mentor, sorted, each once; a fixed hash parts equals."""
        pairs = once(self._found)
        hashes = mixed(pairs.mentor, pairs.mentee)
        order = np.lexsort((hashes, -reduced(pairs, self.priced), pairs.mentor))
        kept = np.zeros(len(order), np.bool_)
        kept[order[rank_among_equals(pairs.mentor[order]) < max(1, most)]] = True
        self.complete = self.complete and bool(kept.all())
        self.cut[pairs.mentor[~kept]] = True
        return pairs.where(kept)
