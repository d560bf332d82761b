"""What prices prove about a mixture of tiers over all pairs, most of which nobody has in hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pairmatch.problem import Found, Ints
from pairmatch.solver.gains import Gains, SideGains

__all__ = ["Dual", "dual_bound", "excess_beyond", "loosest"]


@dataclass(frozen=True)
class Dual:
    """Prices that no pair but those in hand beats, and the bound that they prove."""

    mentor_prices: Ints
    mentee_prices: Ints
    bound: int


def dual_bound(gains: Gains, reduced: Ints, required: int, u: Ints, v: Ints) -> Dual:
    """The bound of weak duality.

    Parameters
    ----------
    gains
        The mixture.
    reduced
        Reduced gains of the pairs in hand that count, the required ones first; all other pairs have none
        above 0.
    required
        How many pairs are required.
    u, v
        Prices of mentors and mentees.
    """
    pairs = int(reduced[:required].sum()) + int(np.maximum(reduced[required:], 0).sum())
    return Dual(u, v, pairs + int(gains.mentors.best(u).sum()) + int(gains.mentees.best(v).sum()))


def loosest(gains: Gains, largest: int) -> Iterator[tuple[Ints, Ints]]:
    """Prices that no pair can beat, whatever it weighs, given the largest gain of a pair.

    Who pays for it, mentors or mentees, and who pays for a person's first pairs, decides how good they are;
    some of the ways.
    """
    n, m = len(gains.mentors.capacity), len(gains.mentees.capacity)
    shifts = {0, _most(gains.mentees), -_most(gains.mentors)}
    for shift in sorted(shifts | {shift + largest for shift in shifts}):
        yield np.full(n, shift), np.full(m, largest - shift)


def _most(side: SideGains) -> int:
    """The largest gain of a first pair."""
    return int(side.marginal(np.ones_like(side.used)).max(initial=0))


def excess_beyond(found: Found, reduced: Ints, unknown: np.typing.NDArray[np.bool_]) -> Ints:
    """By how much each mentor's price must rise so that no pair beats it but those in hand.

    Parameters
    ----------
    found
        What a sweep found.
    reduced
        Its reduced gains.
    unknown
        Which of the pairs were not in hand.
    """
    if not found.complete:
        return found.excess
    excess = np.zeros_like(found.excess)
    np.maximum.at(excess, found.mentor[unknown], reduced[unknown])
    return excess
