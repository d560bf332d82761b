"""Which mentors a simulated programme keeps for those whose pair will have ended."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.simulate.world import World

__all__ = ["kept_back"]


def kept_back(world: World, free: NDArray[np.bool_], most: int) -> NDArray[np.bool_]:
    """Of the free mentors those who together have a good pair for as many mentees as possible.

    One after the other, the mentor is kept who adds most to the sum, over all mentees, of the heaviest pair
    with a kept mentor. That sum is submodular, so it is at least 63 % of what the best choice has.

    Parameters
    ----------
    world
        The people.
    free
        bool ``(runs, n_mentors)``.
    most
        How many to keep.

    References
    ----------
    Nemhauser, Wolsey, Fisher 1978, https://doi.org/10.1007/BF01588971.
    """
    kept = np.zeros(free.shape, bool)
    has = np.zeros((len(free), world.shape[1]))
    rows = np.arange(len(free))
    for _ in range(min(most, int(free.sum(axis=1).max(initial=0)))):
        adds = np.stack([np.maximum(world.table - mine, 0).sum(axis=1) for mine in has])
        chosen = np.where(free & ~kept, adds, -1.0).argmax(axis=1)
        some = np.asarray((free & ~kept).any(axis=1))
        kept[rows[some], chosen[some]] = True
        has = np.where(some[:, None], np.maximum(has, world.table[chosen]), has)
    return kept
