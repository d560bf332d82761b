"""The rest of a gap that bundles leave: a search among the few pairs that a better matching can have.

Against good prices it is known what a matching loses that takes a certain bundle, or a certain pair. Whoever
looks for a matching close below the bound needs only those that lose little. So it is looked for closer
first, then further away, until one is found, which is then the best, or the one in hand is reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import NoSolutionError
from pairmatch.problem import Ints, Problem
from pairmatch.solver.bundled.bundles import Bundling
from pairmatch.solver.bundled.listing import listed
from pairmatch.solver.bundled.packer import Packer
from pairmatch.solver.bundled.packing import Pool
from pairmatch.solver.bundled.sacks import NEVER, Room, best_sets
from pairmatch.solver.clock import Clock
from pairmatch.solver.faces import restrict
from pairmatch.solver.gains import tier_value
from pairmatch.solver.search import Infeasible, Search

__all__ = ["closed_in", "settled_among_bundles"]

LISTED = 12_000
"""Most bundles that are listed."""

COUNTS = (200, 600, 1_500, 4_000, LISTED)
"""How many of them are searched, until a matching is found."""

ROWS = 3_000_000
"""Pairs beside pairs up to which it is told what each one loses."""

OPEN = 6_000
"""Pairs left open up to which they are searched."""

FIRST = 5_000
"""The first aim is below the bound by one part in so many."""


def closed_in(
    packer: Packer,
    scale: int,
    names: Sequence[str],
    pairs: NDArray[np.intp],
    clock: Clock,
    effort: float,
) -> NDArray[np.intp] | None:
    """The best matching in the last tier, among those that give the tiers before it their values.

    Parameters
    ----------
    packer
        The mixture's bound and its prices.
    scale
        How often the last tier counts in it.
    names
        The tiers.
    pairs
        The best matching in hand.
    clock, effort
        The deadline, and the most work of a search.

    Returns
    -------
    None where that could not be settled.
    """
    bundling, problem = packer.bundling, packer.bundling.problem
    counts = np.bincount(bundling.mentor, minlength=problem.n_mentors)
    if int((counts**2).sum()) > ROWS:
        return None
    with_pair = _worth_with(bundling, packer)
    values = {name: tier_value(problem, name, pairs) for name in names}
    # Where floors leave room for bundles, bonuses are in the weights.
    grain = max(1, int(np.gcd.reduce(problem.weight))) if names[-1] == "total" else 1
    least = values[names[-1]] + grain
    below = packer.bound // scale - (packer.value // scale - values[names[-1]])
    for aim in _aims(below // grain * grain, least, grain):
        keep = np.ones(len(problem.mentor), bool)
        keep[bundling.free] = with_pair >= packer.value + (aim - values[names[-1]]) * scale
        if int(keep.sum()) > OPEN:
            return None
        found = _at_least(problem, keep, names, values, (aim, below), clock, effort)
        if isinstance(found, bool):
            if not found:
                return None
            continue
        return found
    return pairs


def settled_among_bundles(bundling: Bundling, packer: Packer, clock: Clock, effort: float) -> bool:
    """Search among bundles near the best ones, ever more of them; whether the best matching is found."""
    best, mixture = packer.best, packer.mixture
    missing = best.bound - packer.value - mixture.grain
    pool, slack = _near(bundling, packer, missing, clock)
    if pool is None:
        return False
    short = np.sort(pool.short(best.prices, best.picked.worth))
    for count in COUNTS:
        whole = len(short) <= count
        near = slack if whole else max(int(short[count]) - 1, 0)
        part = pool.within(best.prices, best.picked.worth, near)
        taken, settled = part.searched(best.bound - near - packer.base, clock, effort)
        if taken is not None:
            packer.offer(taken)
        if taken is not None or not settled or whole:
            return settled and (taken is not None or slack == missing)
    return False


def _near(bundling: Bundling, packer: Packer, slack: int, clock: Clock) -> tuple[Pool | None, int]:
    """All bundles that miss their mentor's best one by no more than a slack, shrunk until they are few."""
    best, mixture = packer.best, packer.mixture
    value = mixture.gain - best.prices[bundling.mentee]
    room = Room(bundling.places, bundling.budget, mixture.load_gain)
    while slack >= 0 and not clock.over:
        found = listed(bundling.mentor, value, bundling.hours, room, best.picked.worth - slack, LISTED)
        if found is not None:
            pool = Pool(bundling, mixture)
            pool.take(found.owner, found.start, found.pair)
            return pool, slack
        slack = slack // 2 if slack else -1
    return None, slack


def _aims(most: int, least: int, grain: int) -> Iterator[int]:
    """Values to look for, from the bound downwards, each step twice as long as the one before."""
    step = max(grain, abs(most) // FIRST // grain * grain)
    aim = most - step + grain
    while aim > least:
        yield aim
        step *= 2
        aim -= step
    if most >= least:
        yield least


def _at_least(
    problem: Problem,
    keep: NDArray[np.bool_],
    names: Sequence[str],
    values: dict[str, int],
    aim: tuple[int, int],
    clock: Clock,
    effort: float,
) -> NDArray[np.intp] | bool:
    """The best matching of some pairs that reaches an aim; True where none does, False if undecided."""
    part = restrict(problem, keep)
    try:
        search = Search(part.problem, clock)
        search.effort = effort
        for name in names[:-1]:
            if name in problem.objective:
                search.keep(search.linear(name), values[name])
        last = search.linear(names[-1])
        search.keep(last, aim[0])
        search.at_most(last, aim[1])
        found = search.maximise(last)
    except Infeasible:
        return True
    except NoSolutionError:
        return False
    return part.index[found.pairs] if found.value == found.bound else False


def _worth_with(bundling: Bundling, packer: Packer) -> Ints:
    """For each free pair, a bound on the mixture's value of matchings that have it."""
    best, mixture = packer.best, packer.mixture
    value = mixture.gain - best.prices[bundling.mentee]
    counts = np.bincount(bundling.mentor, minlength=len(bundling.places))
    own = counts[bundling.mentor]
    row = np.repeat(np.arange(len(value)), own)
    first = np.concatenate([[0], np.cumsum(counts)])[bundling.mentor]
    other = np.arange(len(row)) - np.repeat(np.cumsum(own) - own, own) + np.repeat(first, own)
    apart = row != other
    row, other = row[apart], other[apart]
    places, hours = bundling.places - 1, bundling.budget[bundling.mentor] - bundling.hours
    gain = np.column_stack([mixture.load_gain[:, 1:], mixture.load_gain[:, -1:]])
    room = Room(np.maximum(places[bundling.mentor], 0), np.maximum(hours, 0), gain[bundling.mentor])
    rest = best_sets(row, value[other], bundling.hours[other], room).worth
    told = best.bound - best.picked.worth[bundling.mentor] + rest + value
    return np.where((places[bundling.mentor] < 0) | (hours < 0), NEVER, told)
