"""The pairs of a few people, looked at here and now: a repair asks too often for workers to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Positions, Work
from pairmatch.problem import RESOLUTION, Ints, Stopped, rank_among_equals
from pairmatch.scoring.scan import Lens
from pairmatch.scoring.sketch import Sketch

__all__ = ["Moved", "near"]

AT_ONCE = 1 << 20
"""Pairs of a block."""

HEIGHT = 256
"""People of a block at most."""

Stop = Callable[[], bool]
Numbers = NDArray[np.float32]
Moved = tuple[Ints, Ints]


def near(
    sketch: Sketch,
    lens: Lens,
    people: Positions,
    side: int,
    most: int,
    stop: Stop,
    moved: Sequence[Moved] = (),
) -> tuple[Positions, Positions, bool]:
    """Pairs of some people that a lens looks for.

    Parameters
    ----------
    sketch
        All people.
    lens
        Which pairs; of its limits only ``above`` and ``least`` matter.
    people
        Places in the sketch.
    side
        0 where they are mentors, 1 where they are mentees.
    most
        So many of each person at most, of largest key, and among equals of largest weight.
    stop
        Whether to stop.
    moved
        Numbers of everybody, by place: pairs of which the two numbers of an entry are together not below 0
        are not looked at.

    Returns
    -------
    tuple
        Places of mentors and of mentees, and whether none was left out.

    Raises
    ------
    Stopped
        ``stop()`` was true.
    """
    nobody = np.empty(0, np.int64)
    found = [(nobody, nobody, True)]
    for part in _parts(sketch, lens, people, side, stop, moved):
        found.append(_best(*part, most))
    own, other = (np.concatenate([part[at] for part in found]) for at in (0, 1))
    complete = all(part[2] for part in found)
    return (other, own, complete) if side else (own, other, complete)


def _prices(lens: Lens, sketch: Sketch) -> tuple[Numbers, Numbers]:
    nothing = [np.zeros(size, np.float32) for size in sketch.shape]
    ours, theirs = lens.mentor_prices, lens.mentee_prices
    return (nothing[0] if ours is None else ours), (nothing[1] if theirs is None else theirs)


def _worthwhile(lens: Lens, prices: tuple[Numbers, Numbers], people: Positions, side: int) -> Positions:
    """Partners whose price leaves room for a pair of largest weight."""
    own, theirs = prices[side][people], prices[1 - side]
    largest = 0.0 if lens.flat else 2.0 * RESOLUTION
    room = largest - lens.above - np.float64(own.min(initial=0 if not len(own) else np.inf))
    return np.flatnonzero(theirs.astype(np.float64) * (1 - 1e-6) <= room + 1.0)


def _parts(
    sketch: Sketch, lens: Lens, people: Positions, side: int, stop: Stop, moved: Sequence[Moved]
) -> Iterator[tuple[Ints, Ints, Numbers, Numbers]]:
    """Hits, block by block: own places and partners', keys and numbers."""
    prices = _prices(lens, sketch)
    if moved:
        # Those whose prices fell about as far meet the same partners.
        people = people[np.argsort(moved[-1][side][people], kind="stable")]
    worth = _worthwhile(lens, prices, people, side)
    at, height = 0, HEIGHT
    while at < len(people):
        if stop():
            raise Stopped
        some, partners = people[at : at + height], worth
        for numbers in moved:
            partners = partners[numbers[1 - side][partners] < -numbers[side][some].min()]
        some = some[: max(1, AT_ONCE // max(1, len(partners)))]
        at += len(some)
        if len(partners):
            yield _hits(sketch, lens, prices, some, partners, side)


def _hits(
    sketch: Sketch,
    lens: Lens,
    prices: tuple[Numbers, Numbers],
    some: Positions,
    partners: Positions,
    side: int,
) -> tuple[Ints, Ints, Numbers, Numbers]:
    """Of a block of people."""
    # The whole of a side need not be copied.
    others = slice(None) if len(partners) == sketch.shape[1 - side] else partners
    part = sketch.part(others, some) if side else sketch.part(some, others)
    shape = part.shape
    numbers = part.block(slice(0, shape[0]), slice(0, shape[1]), Work())
    ours, theirs = (prices[0][others], prices[1][some]) if side else (prices[0][some], prices[1][others])
    taken = np.add(ours[:, None], theirs)
    keys = -taken if lens.flat else numbers - taken
    hits = keys > np.float32(lens.above)
    if lens.least is not None:
        hits &= numbers >= np.float32(lens.least)
    row, column = np.divmod(np.flatnonzero(hits), shape[1])
    pair = (some[column], partners[row]) if side else (some[row], partners[column])
    return (*pair, keys[row, column], numbers[row, column])


def _best(own: Ints, other: Ints, keys: Numbers, numbers: Numbers, most: int) -> tuple[Ints, Ints, bool]:
    """The best few of each person."""
    order = np.lexsort((-numbers, -keys, own))
    kept = order[rank_among_equals(own[order]) < most]
    return own[kept], other[kept], len(kept) == len(order)
